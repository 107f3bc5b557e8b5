"""One convolution, checked and made plain, and how its padded picture is read band by band."""

import math
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.convolution.padding import OUTSIDE, PaddingMode, border_index
from cnnviz.core.convolution.scratch import Scratch

Array = NDArray[Any]

OFFSET_OVER_SPREAD = 8.0
"""A picture whose middle value is this many times its spread loses digits in float32 (60 000 to 60 010)."""

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

    @cached_property
    def spans(self) -> tuple[int, int]:
        return (
            self.dilation[0] * (self.weights.shape[0] - 1) + 1,
            self.dilation[1] * (self.weights.shape[1] - 1) + 1,
        )

    @cached_property
    def padded(self) -> tuple[int, int]:
        top, bottom, left, right = self.pads
        return self.image.shape[0] + top + bottom, self.image.shape[1] + left + right

    @cached_property
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

    @property
    def double(self) -> bool:
        """Whether the work is done in float64."""
        return self.dtype is np.float64

    def offset(self, limit: float = OFFSET_OVER_SPREAD) -> float:
        """A constant to subtract before and add back (times the kernel's sum) after; 0 where not needed.

        In float32 a picture of 1e6 ± 1 has lost the ± 1. The sample may miss extremes, which is harmless:
        subtracting any value inside the picture's range costs no more than one rounding of the range.
        """
        low, high = self._sample
        middle = low / 2 + high / 2
        if not (math.isfinite(middle) and abs(middle) > limit * (high - low)):
            return 0.0
        if self.image.dtype.kind != "f":
            return float(np.round(middle))
        return middle if self.image.dtype.itemsize > 4 else float(np.float32(middle))

    def phase(self, image: Array, stride: tuple[int, int]) -> "Job":
        """The same kernel, undilated, on one phase of the padded picture."""
        return replace(self, image=image, pads=(0, 0, 0, 0), stride=stride, dilation=(1, 1))


class Bands:
    """Reads bands of a job's padded picture as floats, laid out so that every tap is one contiguous view.

    Without stride and with a kernel for each channel a band is one block of rows in the picture's own order
    (x, then channel). Strides split it into the phases (y mod s, x mod s) that the kernel meets, and a
    kernel summed over channels (or `planar`) into one plane for each channel: one block for each. A tap is
    then a row and a column shift inside one block, and as a block is contiguous, a shifted view of several
    rows is one long run of numbers: numpy's fastest case. What such a run picks up between the end of one
    output row and the start of the next is never copied out.
    """

    def __init__(
        self, job: Job, offset: float, scratch: Scratch, *, planar: bool = False, length: int = 0
    ) -> None:
        self.job, self.offset = job, offset
        channels = job.image.shape[2]
        self.planar = (planar or job.summed) and channels > 1
        self.group: int
        self.planes: int
        self.group, self.planes = (1, channels) if self.planar else (channels, 1)
        (self.row_phases, self.more_rows), (self.phases, self.more_columns) = (
            phases(taps, dilation, stride)
            for taps, dilation, stride in zip(job.weights.shape[:2], job.dilation, job.stride, strict=True)
        )
        self.length = max(job.outputs[1] + self.more_columns, length)
        self.pitch = self.length * self.group
        self.in_place = self._is_ready()
        self._scratch, self._band = scratch, np.empty(0, job.dtype)

    @property
    def parts(self) -> int:
        """Blocks that add up to one output map: the strides' phases, and the channels if they are summed."""
        return len(self.row_phases) * len(self.phases) * (self.planes if self.job.summed else 1)

    def kernels(self) -> Array:
        """The job's kernel as one small kernel for each part: (parts, rows, columns)."""
        job = self.job
        weights = job.weights if job.summed else job.weights[:, :, None]
        planes = self.planes if job.summed else 1
        split = np.zeros((self.parts, self.more_rows + 1, self.more_columns + 1))
        places = np.argwhere(weights)
        ky, kx = places[:, 0] * job.dilation[0], places[:, 1] * job.dilation[1]
        phase = np.searchsorted(self.row_phases, ky % job.stride[0]) * len(self.phases)
        part = (phase + np.searchsorted(self.phases, kx % job.stride[1])) * planes + places[:, 2]
        split[part, ky // job.stride[0], kx // job.stride[1]] = weights[tuple(places.T)]
        return split

    def maps(self, band: Array) -> list[Array]:
        """A planar band as one (parts, rows, columns) view or copy for each output map."""
        planes = band.reshape(len(self.row_phases), len(self.phases), self.planes, -1, self.length)
        if self.job.summed:
            return [planes.reshape(self.parts, -1, self.length)]
        return [planes[:, :, plane].reshape(self.parts, -1, self.length) for plane in range(self.planes)]

    @cached_property
    def rows(self) -> NDArray[np.intp]:
        """Which picture row each padded row copies."""
        return border_index(self.job.image.shape[0], self.job.pads[0], self.job.pads[1], self.job.mode)

    @cached_property
    def columns(self) -> NDArray[np.intp]:
        """Which picture column each padded column copies."""
        return border_index(self.job.image.shape[1], self.job.pads[2], self.job.pads[3], self.job.mode)

    def _is_ready(self) -> bool:
        """Whether the picture's rows can be used where they stand: nothing to convert, pad or reorder."""
        job = self.job
        flags = job.image.flags
        plain = job.image.dtype == job.dtype and flags.c_contiguous and flags.aligned and self.offset == 0
        whole = not any(job.pads) and job.stride[1] == 1 and self.length == job.image.shape[1]
        return plain and whole and self.planes == 1

    def tap(self, ky: int, kx: int, channel: int = 0) -> tuple[int, int, int]:
        """(row phase, block, offset in the block) of the view that this tap multiplies."""
        (sy, sx), (dy, dx) = self.job.stride, self.job.dilation
        block = self.phases.index(kx * dx % sx) * self.planes + (channel if self.planar else 0)
        place = ky * dy // sy * self.pitch + kx * dx // sx * self.group
        return self.row_phases.index(ky * dy % sy), block, place

    def empty(self, shape: tuple[int, ...]) -> Array:
        """Memory for a band, the same at each call."""
        size = math.prod(shape)
        if self._band.size < size:
            self._band = self._scratch.take(size, self.job.dtype)
        return self._band[:size].reshape(shape)

    def read(self, first: int, count: int) -> Array:
        """The band for output rows first … first + count: (row phases, blocks, rows · pitch).

        The array is valid until the next call.
        """
        rows, step = count + self.more_rows, self.job.stride[0]
        if self.in_place and step == 1:
            return self.job.image[first : first + rows].reshape(1, 1, -1)
        shape = len(self.row_phases), len(self.phases) * self.planes, rows, self.pitch
        band = self.empty(shape)
        for part, phase in zip(band, self.row_phases, strict=True):
            start = first * step + phase
            self._read_rows(part, self.rows[start : start + rows * step : step], step)
        return band.reshape(*shape[:2], -1)

    def lines(self, first: int, count: int) -> list[list[Array]]:
        """For each block, for each row of the kernel, the (count, pitch) picture rows that it meets.

        Valid until the next call. Rows of a picture that is ready are not copied, not even with a stride.
        """
        step, reach = self.job.stride[0], self.job.dilation[0]
        taps = range(self.job.weights.shape[0])
        if self.in_place:
            rows = self.job.image.reshape(-1, self.pitch)[first * step :]
            return [[rows[tap * reach :: step][:count] for tap in taps]]
        band = self.read(first, count).reshape(len(self.row_phases), -1, count + self.more_rows, self.pitch)
        places = [(self.row_phases.index(tap * reach % step), tap * reach // step) for tap in taps]
        return [
            [band[phase, block, place : place + count] for phase, place in places]
            for block in range(band.shape[1])
        ]

    def _read_rows(self, blocks: Array, index: NDArray[np.intp], step: int) -> None:
        """Fill (blocks, rows, pitch) from the picture rows in `index`, run by evenly spaced run."""
        edges = [0, len(index)]
        if any(self.job.pads[:2]):
            broken = (index[1:] - index[:-1] != step) | (index[:-1] == OUTSIDE)
            edges[1:1] = (np.flatnonzero(broken) + 1).tolist()
        for start, stop in pairwise(edges):
            row = int(index[start])
            if row == OUTSIDE:
                blocks[:, start:stop] = -self.offset
            else:
                source = self.job.image[row : row + (stop - start - 1) * step + 1 : step]
                self._read_blocks(blocks[:, start:stop], source)
        blocks[:, len(index) :] = 0  # below the padded picture: only ever met by outputs that are not kept

    def _read_blocks(self, blocks: Array, rows: Array) -> None:
        step = self.job.stride[1]
        for number, block in enumerate(blocks):
            phase, plane = self.phases[number // self.planes], number % self.planes
            index = self.columns[phase::step][: self.length]
            target = block.reshape(len(rows), self.length, self.group)
            source = rows[:, :, plane : plane + 1] if self.planar else rows
            self._read_block(target, source, index, phase)

    def _read_block(self, target: Array, source: Array, index: NDArray[np.intp], phase: int) -> None:
        """One block: the picture's own columns in one go, the border's one by one."""
        step, left, width = self.job.stride[1], self.job.pads[2], source.shape[1]
        first = min(len(index), max(0, -((phase - left) // step)))  # the first position inside the picture
        last = max(first, min(len(index), -((phase - left - width) // step)))
        if last > first:
            begin = phase - left + first * step
            self._copy(target[:, first:last], source[:, begin : begin + (last - first - 1) * step + 1 : step])
        target[:, len(index) :] = 0  # right of the padded picture: never in an output that is kept
        for position in (*range(first), *range(last, len(index))):
            if index[position] == OUTSIDE:
                target[:, position] = -self.offset
            else:
                self._copy(target[:, position], source[:, index[position]])

    def _copy(self, target: Array, source: Array) -> None:
        if self.offset == 0:
            copy(target, source)
            return
        narrow = source.dtype.itemsize <= 2 or source.dtype == np.float32
        kind = target.dtype if narrow else np.float64
        np.subtract(source, self.offset, out=target, dtype=kind, casting="unsafe")


def copy(target: Array, source: Array) -> None:
    """Copy rows of pixels (rows, columns, channels), converting; fast where columns are left out.

    numpy then loops over the last axis innermost, and with two or four channels each start of that loop
    costs more than it copies; channel by channel the loop runs along the row.
    """
    if (
        target.ndim == 3
        and 1 < target.shape[2] < 8
        and source.strides[1] != source.itemsize * source.shape[2]
    ):
        for channel in range(target.shape[2]):
            np.copyto(target[:, :, channel], source[:, :, channel], casting="unsafe")
    else:
        np.copyto(target, source, casting="unsafe")


def phases(taps: int, dilation: int, stride: int) -> tuple[list[int], int]:
    """The residues modulo `stride` that the taps meet, and the farthest shift of a tap within its phase."""
    places = [tap * dilation for tap in range(taps)]
    return sorted({place % stride for place in places}), places[-1] // stride
