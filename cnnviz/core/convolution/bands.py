"""One checked convolution, and how its padded picture is read: band by band of rows, as floats."""

import math
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.convolution.padding import OUTSIDE, PaddingMode, border_index

Array = NDArray[Any]
Memory = dict[str, NDArray[np.uint8]]

SAFE_SCALE = 1e15
"""Beyond this (or below its inverse) products might leave float32's range, so the work is done in float64."""

LARGEST_KEPT = 2 * 1024 * 1024
"""Bytes of a buffer above which it is given back to the system after the convolution."""


@dataclass(frozen=True)
class Convolution:
    """A checked convolution; image and weights as `convolve2d` takes them, pairs (vertical, horizontal).

    The engines see rows of numbers in the picture's own order (x, then channel). With a kernel (kh, kw) a
    cell of such a row is a pixel of C numbers, filtered side by side. With a kernel (kh, kw, C) every number
    is a cell of its own: summing over channels is a row of W·C cells, a kernel (kh, kw·C) and C times the
    stride. So no engine has a second way for channels.
    """

    image: Array
    weights: NDArray[np.float64]
    pads: tuple[int, int, int, int]
    mode: PaddingMode
    stride: tuple[int, int]
    dilation: tuple[int, int]

    @cached_property
    def group(self) -> int:
        """Numbers in a cell."""
        return 1 if self.weights.ndim == 3 else self.channels

    @property
    def channels(self) -> int:
        """Of the picture; 1 for (H, W)."""
        return self.image.shape[2] if self.image.ndim == 3 else 1

    @cached_property
    def outputs(self) -> tuple[int, int]:
        """Height and width of the result."""
        (top, bottom, left, right), (height, width) = self.pads, self.image.shape[:2]
        (tall, wide), (down, across) = self.weights.shape[:2], self.dilation
        return (
            (height + top + bottom - down * (tall - 1) - 1) // self.stride[0] + 1,
            (width + left + right - across * (wide - 1) - 1) // self.stride[1] + 1,
        )

    @cached_property
    def kernel(self) -> NDArray[np.float64]:
        """The weights as a matrix, one column for each cell that a row of the kernel meets."""
        return self.weights.reshape(len(self.weights), -1)

    @cached_property
    def axes(self) -> "tuple[Axis, Axis]":
        """Where the rows and the columns of `kernel` stand in the rows and cells of the padded picture."""
        cells = self.channels // self.group
        down = [y * self.dilation[0] for y in range(self.weights.shape[0])]
        pixels = [x * self.dilation[1] * cells for x in range(self.weights.shape[1])]
        across = [pixel + channel for pixel in pixels for channel in range(cells)]
        return Axis(down, self.stride[0]), Axis(across, self.stride[1] * cells)

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
        sizes = max(abs(low), abs(high)), float(np.abs(self.weights).max())
        fits = all(size == 0 or 1 / SAFE_SCALE <= size <= SAFE_SCALE for size in sizes)  # False for NaN
        return np.float32 if fits else np.float64

    def offset(self, limit: float) -> float:
        """A constant to subtract before and to add back (times the kernel's sum) after; 0 where not needed.

        In float32 a picture of 1e6 ± 1 has lost the ± 1, so the middle value goes where it is more than
        `limit` times the spread. The sample may miss extremes, which is harmless: subtracting any value
        inside the picture's range costs no more than one rounding of the range.
        """
        low, high = self._sample
        middle = low / 2 + high / 2
        if not (math.isfinite(middle) and abs(middle) > limit * (high - low)):
            return 0.0
        if self.image.dtype.kind != "f":
            return float(np.round(middle))
        return middle if self.image.dtype.itemsize > 4 else float(np.float32(middle))


class Axis:
    """Where taps stand along one axis once a stride has split it into its phases (place modulo stride)."""

    def __init__(self, places: list[int], stride: int) -> None:
        self.stride = stride
        self.phases = sorted({place % stride for place in places})  # only those that a tap meets
        self.phase = [self.phases.index(place % stride) for place in places]
        self.shift = [place // stride for place in places]
        self.reach = self.shift[-1]  # the farthest shift: cells needed beyond the outputs


_free: deque[Memory] = deque(maxlen=4)
"""Working memory between uses, for all threads: taking and giving back are single, atomic operations."""


@contextmanager
def working_memory() -> Iterator[Memory]:
    """Named buffers that are used again: fresh pages from the system cost as much as an addition each."""
    try:
        memory = _free.pop()
    except IndexError:
        memory = {}
    yield memory
    _free.append({name: buffer for name, buffer in memory.items() if buffer.size <= LARGEST_KEPT})


class Bands:
    """Reads rows of a convolution's padded picture as floats, cut so that a tap is a plain shift.

    A stride splits rows and cells into its phases; what belongs to one row phase and one cell phase is a
    contiguous block, so a shifted view of many rows is one long run of numbers: numpy's fastest case.
    """

    def __init__(self, conv: Convolution, offset: float, cells: int, memory: Memory) -> None:
        """`cells` is the least length of a row; more than the padded picture has are filled with zeros."""
        self.conv, self.offset = conv, offset
        (height, width), channels, (top, bottom, left, right) = conv.image.shape[:2], conv.channels, conv.pads
        self.row_index = border_index(height, top, bottom, conv.mode)
        self.columns = border_index(width, left, right, conv.mode)
        self.numbers = max((width + left + right) * channels, cells * conv.group)
        image = conv.image
        ready = image.dtype == conv.dtype and image.flags.c_contiguous and image.flags.aligned
        self.in_place = ready and offset == 0 and self.numbers == width * channels and not top
        self.memory = memory

    def empty(self, name: str, *shape: int) -> Array:
        """An uninitialised array in the working memory; the next one of this name takes its place."""
        size = math.prod(shape) * np.dtype(self.conv.dtype).itemsize
        if name not in self.memory or self.memory[name].size < size:
            self.memory[name] = np.empty(size, np.uint8)
        return self.memory[name][:size].view(self.conv.dtype).reshape(shape)

    def read(self, first: int, count: int, only: int | None = None) -> Array:
        """The rows that output rows first … first + count meet: (row phases, rows, numbers); of `only` one.

        The array is valid until the next call. Below the padded picture it holds zeros, which only outputs
        that are not kept ever meet.
        """
        down = self.conv.axes[0]
        rows, start = count + down.reach, first * down.stride
        if self.in_place and only is None and start + rows * down.stride <= len(self.conv.image):
            lines = self.conv.image[start : start + rows * down.stride].reshape(rows, -1, self.numbers)
            if len(down.phases) == down.stride:
                return lines.transpose(1, 0, 2)  # a view, contiguous only without a stride
        phases = down.phases if only is None else [only]
        band = self.empty("band", len(phases), rows, self.numbers)
        for block, phase in zip(band, phases, strict=True):
            there = min(rows, -((start + phase - len(self.row_index)) // down.stride))
            self._fill(block[:there], start + phase, down.stride)
            block[there:] = 0
        return band

    def blocks(self, first: int, count: int, cells: int) -> Array:
        """The same rows cut by the columns' stride too: (row phases · cell phases, rows, cells · group)."""
        (down, across), group = self.conv.axes, self.conv.group
        if across.stride == 1 and self.numbers == cells * group:
            return np.ascontiguousarray(self.read(first, count))
        shape = len(down.phases), len(across.phases), count + down.reach, cells * group
        blocks = self.empty("blocks", *shape)
        for phase, target in zip(down.phases, blocks, strict=True):  # one by one: less memory at a time
            self.split(self.read(first, count, phase)[0], cells, target)
        return blocks.reshape(shape[0] * shape[1], *shape[2:])

    def split(self, rows: Array, cells: int, blocks: Array) -> None:
        """Rows (n, numbers) into one block (n, cells · group) for each phase of the columns' stride."""
        across, group = self.conv.axes[1], self.conv.group
        whole, parts = rows.reshape(len(rows), -1, group), blocks.reshape(len(blocks), len(rows), -1, group)
        for block, left in zip(parts, across.phases, strict=True):
            source = whole[:, left :: across.stride][:, :cells]
            for channel in range(group):  # numpy is slow where its innermost loop has two or three numbers
                block[..., channel] = source[..., channel]

    def _fill(self, band: Array, first: int, step: int) -> None:
        """Every `step`-th padded row from `first` on, all inside the padded picture."""
        conv, count = self.conv, len(band)
        (height, width), channels, (top, _, left, _) = conv.image.shape[:2], conv.channels, conv.pads
        middle = slice(left * channels, (left + width) * channels)
        begin, end = (min(max(-((first - edge) // step), 0), count) for edge in (top, top + height))
        if begin < end:
            start = first + begin * step - top
            source = conv.image[start : start + (end - begin - 1) * step + 1 : step]
            self._copy(band[begin:end, middle], source)
        for row in (*range(begin), *range(end, count)):
            copied = self.row_index[first + row * step]
            if copied == OUTSIDE:
                band[row, middle] = -self.offset
            else:
                self._copy(band[row : row + 1, middle], conv.image[copied : copied + 1])
        padded = len(self.columns) * channels
        self._fill_sides(band[:, :padded].reshape(count, -1, channels))
        band[:, padded:] = 0

    def _fill_sides(self, pixels: Array) -> None:
        """The padding left and right of rows (n, W', C) whose middle is read."""
        left, right = self.conv.pads[2:]
        for side in (slice(0, left), slice(len(self.columns) - right, len(self.columns))):
            if self.conv.mode == "zeros":
                pixels[:, side] = -self.offset
            elif side.start < side.stop:
                pixels[:, side] = pixels[:, left + self.columns[side]]

    def _copy(self, target: Array, source: Array) -> None:
        """Picture rows (n, W, C) into (n, W·C), converted, less the offset."""
        flat = source.reshape(len(source), -1)
        if self.offset == 0:
            np.copyto(target, flat, casting="unsafe")
            return
        narrow = source.dtype.itemsize <= 2 or source.dtype == np.float32
        kind = target.dtype if narrow else np.float64
        np.subtract(flat, self.offset, out=target, dtype=kind, casting="unsafe")
