"""One convolution, checked and made plain, and how its padded picture is read band by band."""

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.padding import OUTSIDE, PaddingMode, border_index

Array = NDArray[Any]

OFFSET_OVER_SPREAD = 8.0
"""A picture whose middle value is this many times its spread loses digits in float32: 60 000 to 60 010, say."""

SAFE_SCALE = 1e15
"""Beyond this (or below its inverse) products might leave float32's range, so the work is done in float64."""


@dataclass(frozen=True)
class Job:
    """A checked convolution: picture (H, W, C), weights (kh, kw) or (kh, kw, C), (y, x) pairs."""

    image: Array
    weights: NDArray[np.float64]
    pads: tuple[int, int, int, int]
    mode: PaddingMode
    stride: tuple[int, int]
    dilation: tuple[int, int]

    @property
    def summed(self) -> bool:
        """Whether the kernel sums over channels instead of filtering each."""
        return self.weights.ndim == 3

    @property
    def spans(self) -> tuple[int, int]:
        return (
            self.dilation[0] * (self.weights.shape[0] - 1) + 1,
            self.dilation[1] * (self.weights.shape[1] - 1) + 1,
        )

    @property
    def padded(self) -> tuple[int, int]:
        top, bottom, left, right = self.pads
        return self.image.shape[0] + top + bottom, self.image.shape[1] + left + right

    @property
    def outputs(self) -> tuple[int, int]:
        (height, width), (tall, wide) = self.padded, self.spans
        return (height - tall) // self.stride[0] + 1, (width - wide) // self.stride[1] + 1

    @cached_property
    def _sample(self) -> tuple[float, float]:
        """(min, max) of a coarse grid of the picture's values: enough to see an offset, at no cost."""
        height, width = self.image.shape[:2]
        grid = self.image[:: max(1, height // 16), :: max(1, width // 16)]
        return float(grid.min()), float(grid.max())

    @cached_property
    def dtype(self) -> type[np.float32] | type[np.float64]:
        """float32, unless values or weights are so large or so small that it would overflow or vanish."""
        low, high = self._sample
        if self.image.dtype.kind == "f" and self.image.dtype.itemsize > 4:
            low, high = float(self.image.min()), float(self.image.max())
        largest = max(abs(low), abs(high))
        heaviest = float(np.abs(self.weights).max())
        fits = largest <= SAFE_SCALE and heaviest <= SAFE_SCALE  # false for NaN too
        seen = largest >= 1 / SAFE_SCALE or largest == 0
        felt = heaviest >= 1 / SAFE_SCALE or heaviest == 0
        return np.float32 if fits and seen and felt else np.float64

    def offset(self, limit: float = OFFSET_OVER_SPREAD) -> float:
        """A constant to subtract before and add back (times the kernel's sum) after; 0 where not needed.

        In float32 a picture of 1e6 ± 1 has lost the ± 1. The sample may miss extremes, which is harmless:
        subtracting any value inside the picture's range costs no more than one rounding of the range.
        """
        low, high = self._sample
        middle = low / 2 + high / 2
        if not (math.isfinite(middle) and abs(middle) > limit * (high - low)):
            return 0.0
        return float(np.round(middle)) if self.image.dtype.kind != "f" else float(np.float32(middle))

    def phase(self, image: Array, stride: tuple[int, int]) -> "Job":
        """The same kernel, undilated, on one phase of the padded picture."""
        return replace(self, image=image, pads=(0, 0, 0, 0), stride=stride, dilation=(1, 1))


class Bands:
    """Reads rows of a job's padded picture as 2-D float arrays whose columns suit shifted views.

    A row holds blocks. Without stride and with a kernel for each channel there is one block, the picture's
    own order (x, then channel). A horizontal stride s splits it into the phases x mod s that the kernel
    meets, and a kernel summed over channels into one plane for each channel, so that every tap of the
    kernel is one contiguous shifted view. `column(kx, channel)` says where that view begins.
    """

    def __init__(self, job: Job, offset: float, *, planar: bool = False, fill_width: int = 0) -> None:
        self.job, self.offset = job, offset
        channels = job.image.shape[2]
        self.planar = (planar or job.summed) and channels > 1
        self.group = 1 if self.planar else channels
        step, reach = job.stride[1], job.dilation[1]
        taps = range(job.weights.shape[1])
        self.phases = sorted({kx * reach % step for kx in taps})
        self.length = max(job.outputs[1] + (taps[-1] * reach) // step, fill_width)
        self.planes = channels if self.planar else 1
        self.width = len(self.phases) * self.planes * self.length * self.group
        top, bottom, left, right = job.pads
        self.row_index = border_index(job.image.shape[0], top, bottom, job.mode)
        needed = self.length * step + self.phases[-1]
        more = max(right, needed - left - job.image.shape[1])
        self.column_index = border_index(job.image.shape[1], left, more, job.mode)
        self.direct = self._is_ready()
        self._scratch = np.empty((0, self.width), job.dtype)

    def _is_ready(self) -> bool:
        """Whether the picture can be used in place, with nothing to convert, pad or reorder."""
        job = self.job
        plain = job.image.dtype == job.dtype and job.image.flags.c_contiguous and self.offset == 0
        return (
            plain
            and self.planes == 1
            and job.stride[1] == 1
            and not any(job.pads)
            and self.length == job.image.shape[1]
        )

    def column(self, kx: int, channel: int = 0) -> int:
        """The first column of the view that tap `kx` of `channel` multiplies."""
        phase, shift = (
            kx * self.job.dilation[1] % self.job.stride[1],
            (kx * self.job.dilation[1] // self.job.stride[1]),
        )
        block = self.phases.index(phase) * self.planes + (channel if self.planar else 0)
        return (block * self.length + shift) * self.group

    def read(self, first: int, count: int) -> Array:
        """Rows first … first + count of the padded picture; the array is valid until the next call."""
        if self.direct:
            return self.job.image[first : first + count].reshape(count, -1)
        if len(self._scratch) < count:
            self._scratch = np.empty((count, self.width), self.job.dtype)
        band = self._scratch[:count]
        index = self.row_index[first : first + count]
        start = 0
        while start < count:
            stop = start + 1
            while stop < count and index[stop] == index[stop - 1] + 1 and index[start] != OUTSIDE:
                stop += 1
            rows = band[start:stop]
            if index[start] == OUTSIDE:
                rows[...] = -self.offset
            else:
                self._fill(rows, self.job.image[index[start] : index[start] + stop - start])
            start = stop
        return band

    def _fill(self, band: Array, rows: Array) -> None:
        """Write picture rows (n, W, C) into band rows, block by block, borders included."""
        block = self.length * self.group
        step = self.job.stride[1]
        position = 0
        for phase in self.phases:
            index = self.column_index[phase::step][: self.length]
            for plane in range(self.planes):
                target = band[:, position : position + block].reshape(len(band), self.length, self.group)
                source = rows[:, :, plane : plane + 1] if self.planar else rows
                self._fill_block(target, source, index, phase)
                position += block

    def _fill_block(self, target: Array, source: Array, index: NDArray[np.intp], phase: int) -> None:
        step, left = self.job.stride[1], self.job.pads[2]
        width = source.shape[1]
        first = max(0, -((phase - left) // step))  # first position at or right of the picture's left edge
        last = min(self.length, -((phase - left - width) // step))
        last = max(first, last)
        if last > first:
            begin = phase - left + first * step
            self._copy(target[:, first:last], source[:, begin : begin + (last - first - 1) * step + 1 : step])
        for position in (*range(min(first, self.length)), *range(last, self.length)):
            if index[position] == OUTSIDE:
                target[:, position] = -self.offset
            else:
                self._copy(target[:, position], source[:, index[position]])

    def _copy(self, target: Array, source: Array) -> None:
        if self.offset == 0:
            np.copyto(target, source, casting="unsafe")
            return
        narrow = source.dtype.itemsize <= 2 or source.dtype == np.float32
        np.subtract(
            source,
            self.offset,
            out=target,
            dtype=target.dtype if narrow else np.float64,
            casting="unsafe",
        )
