"""Which input cell each kernel tap reads for each output cell, along one axis.

Convolution: output o reads input y = o·s − p + t·d with tap t of the kernel. Transposed convolution is the
same relation the other way round: output o reads input y where o = y·s − p + t·d. The vertical and the
horizontal axis together give everything that is shown for an output cell, an input cell or a weight.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.convolution.padding import OUTSIDE, PaddingMode, border_index
from cnnviz.core.convolution.sizes import span

Index = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Axis:
    """For output o and tap t, each array (outputs, taps):

    position:  where the tap lies, in input cells; below 0 or past the last cell in the padding.
    cell:      the input cell whose value it reads, or OUTSIDE where that value is a zero of the padding.
    connected: False where nothing is multiplied (a transposed convolution with a stride has gaps).
    """

    position: Index
    cell: Index
    connected: NDArray[np.bool_]

    @property
    def outputs(self) -> int:
        return len(self.position)

    def taps_of(self, output: int) -> list[int]:
        """The taps that contribute to this output."""
        return [int(tap) for tap in np.flatnonzero(self.connected[output])]

    def readers_of(self, cell: int) -> list[tuple[int, int]]:
        """Every (output, tap) that reads this input cell, copies of it in the padding included."""
        pairs = np.argwhere(self.connected & (self.cell == cell))
        return [(int(output), int(tap)) for output, tap in pairs]

    def outputs_of(self, tap: int) -> list[int]:
        """The outputs that this tap contributes to."""
        return [int(output) for output in np.flatnonzero(self.connected[:, tap])]


@dataclass(frozen=True)
class AxisSettings:
    """The settings of one axis: n cells, k taps, padding (before, after), stride, dilation."""

    n: int
    k: int
    before: int
    after: int
    stride: int
    dilation: int

    @property
    def slack(self) -> int:
        """Cells of the padded axis minus the kernel's span; below 0 where the kernel does not fit."""
        return self.n + self.before + self.after - span(self.k, self.dilation)

    @property
    def transposed_size(self) -> int:
        """Outputs of the transposed convolution: (n − 1)·s − before − after + d·(k − 1) + 1."""
        return (self.n - 1) * self.stride - self.before - self.after + span(self.k, self.dilation)


def convolution_axis(settings: AxisSettings, mode: PaddingMode) -> Axis:
    """The axis of a convolution."""
    output, tap = np.arange(settings.slack // settings.stride + 1)[:, None], np.arange(settings.k)
    position = output * settings.stride - settings.before + tap * settings.dilation
    cell = border_index(settings.n, settings.before, settings.after, mode)[position + settings.before]
    return Axis(position, cell, np.ones(position.shape, dtype=bool))


def transposed_axis(settings: AxisSettings, extra: int = 0) -> Axis:
    """The axis of a transposed convolution; `extra` outputs more at the end (torch's output_padding)."""
    output, tap = np.arange(settings.transposed_size + extra)[:, None], np.arange(settings.k)
    step = output + settings.before - tap * settings.dilation
    position = step // settings.stride
    connected = (step % settings.stride == 0) & (position >= 0) & (position < settings.n)
    return Axis(position, np.where(connected, position, OUTSIDE), connected)
