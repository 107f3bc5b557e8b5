"""The one map from output cells to what they are made of, axis by axis.

Convolution reads input y = o·s − p + t·d for output o and tap t of the kernel. Transposed convolution is the
same relation read the other way round: output o gets input y where o = y·s − p + t·d. A pair of axes says
everything that hovering an output, an input or a weight has to show.
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

    place: where the tap lies, in input cells; below 0 or past the last cell in the padding.
    cell:  the input cell whose value it reads, or OUTSIDE where that value is a zero of the padding.
    meets: False where there is no multiplication at all (a transposed convolution with a stride has gaps).
    """

    place: Index
    cell: Index
    meets: NDArray[np.bool_]

    @property
    def outputs(self) -> int:
        return len(self.place)

    def taps_of(self, output: int) -> list[int]:
        """The taps that multiply something into this output."""
        return [int(tap) for tap in np.flatnonzero(self.meets[output])]

    def readers_of(self, cell: int) -> list[tuple[int, int]]:
        """Every (output, tap) that reads this input cell, copies of it in the padding included."""
        found = np.argwhere(self.meets & (self.cell == cell))
        return [(int(output), int(tap)) for output, tap in found]

    def outputs_of(self, tap: int) -> list[int]:
        """The outputs into which this tap multiplies something."""
        return [int(output) for output in np.flatnonzero(self.meets[:, tap])]


@dataclass(frozen=True)
class Line:
    """The settings of one axis: n cells, k taps, padding (before, after), stride, dilation."""

    n: int
    k: int
    before: int
    after: int
    stride: int
    dilation: int

    @property
    def room(self) -> int:
        """Cells that are left beside the kernel on the padded axis; below 0 where it does not fit."""
        return self.n + self.before + self.after - span(self.k, self.dilation)

    @property
    def opened(self) -> int:
        """Outputs of the transposed convolution: (n − 1)·s − before − after + d·(k − 1) + 1."""
        return (self.n - 1) * self.stride - self.before - self.after + span(self.k, self.dilation)


def forward(line: Line, mode: PaddingMode) -> Axis:
    """The axis of a convolution."""
    output, tap = np.arange(line.room // line.stride + 1)[:, None], np.arange(line.k)
    place = output * line.stride - line.before + tap * line.dilation
    cell = border_index(line.n, line.before, line.after, mode)[place + line.before]
    return Axis(place, cell, np.ones(place.shape, dtype=bool))


def backward(line: Line, extra: int = 0) -> Axis:
    """The axis of a transposed convolution; `extra` outputs more at the end (torch's output_padding)."""
    output, tap = np.arange(line.opened + extra)[:, None], np.arange(line.k)
    step = output + line.before - tap * line.dilation
    place = step // line.stride
    meets = (step % line.stride == 0) & (place >= 0) & (place < line.n)
    return Axis(place, np.where(meets, place, OUTSIDE), meets)
