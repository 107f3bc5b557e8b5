"""The three ways to convolve: tap by tap, separably in two passes, and by Fourier transforms of tiles."""

from collections.abc import Callable
from itertools import pairwise
from math import log2
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from cnnviz.core.convolution.bands import Array, Axis, Bands, Convolution, Memory
from cnnviz.core.convolution.planning import Factors

BAND_BYTES = 480 * 1024
"""Bands of about this size stay in a core's second-level cache together with the result."""

SHORTEST_RUN = 4
"""Taps in a column from which one einsum is faster than a multiplication and an addition for each."""

TILE_SIDES = (32, 40, 48, 54, 60, 64, 72, 80, 90, 96, 100, 108, 120, 128, 144, 150, 160, 180, 192, 216)
"""Lengths that transform fast and are short enough for a tile's spectra to stay in the cache."""


def band_rows(bands: Bands) -> int:
    """Output rows in a band: about `BAND_BYTES`, and enough of them that few picture rows are read twice."""
    conv, down = bands.conv, bands.conv.axes[0]
    rows: int = BAND_BYTES // (bands.numbers * len(down.phases) * np.dtype(conv.dtype).itemsize)
    return min(conv.outputs[0], max(4, down.reach // 2, rows))


class TapSum:
    """Σ weight · shifted view over taps (block, row shift, column shift), in few array operations.

    A column of evenly spaced taps is one 2-D view (taps, numbers) and numpy's einsum adds weight · view for
    each in a single pass over memory, where multiply and add take two. What stands in no such column is
    grouped: views of the same |weight| are added before they are multiplied once. So a Sobel column pass is
    two additions and one doubling. A zero weight is never multiplied: 0 · NaN is NaN.
    """

    def __init__(self, conv: Convolution, kernel: Array, axes: tuple[Axis, Axis], cells: int) -> None:
        down, across = axes
        self.pitch = cells * conv.group
        weights: Array = kernel.astype(conv.dtype)
        self.runs: list[tuple[int, int, int, Array]] = []
        self.groups: dict[float, tuple[list[tuple[int, int]], list[tuple[int, int]]]] = {}
        for x, column in enumerate(weights.T.tolist()):
            taps: dict[int, list[tuple[int, float]]] = {}  # by row phase: (place, weight)
            for y, weight in enumerate(column):
                if weight:
                    place = down.shift[y] * self.pitch + across.shift[x] * conv.group
                    taps.setdefault(down.phase[y], []).append((place, weight))
            for phase, column_taps in taps.items():
                self._add_column(phase * len(across.phases) + across.phase[x], column_taps, conv.dtype)

    def _add_column(self, block: int, taps: list[tuple[int, float]], dtype: type) -> None:
        """Take a column as one run if it is even and has few equal weights, else tap by tap."""
        steps = {after[0] - before[0] for before, after in pairwise(taps)}
        distinct = len({abs(weight) for _, weight in taps})
        if len(taps) >= SHORTEST_RUN and len(steps) == 1 and 2 * distinct > len(taps):
            weights: Array = np.array([weight for _, weight in taps], dtype)
            self.runs.append((block, taps[0][0], steps.pop() // self.pitch, weights))
            return
        for place, weight in taps:
            self.groups.setdefault(abs(weight), ([], []))[weight < 0].append((block, place))

    def __call__(self, view: Callable[[int, int], Array], step: int, result: Array, spare: Array) -> None:
        """Compute into `result`. `view` gives a block from a place on, and `step` is the bytes of a row."""
        target = result
        for block, place, rows, weights in self.runs:
            line = view(block, place)
            below = as_strided(line, (len(weights), *line.shape), (rows * step, *line.strides))
            np.einsum("t...,t->...", below, weights, out=target)
            if target is spare:
                np.add(result, spare, out=result)
            target = spare
        for weight, (plus, minus) in self.groups.items():
            signed = weight if plus else -weight
            first, *others = [view(*tap) for tap in plus or minus]
            total = first
            for other in others:
                total = np.add(total, other, out=target)
            for tap in minus if plus else ():
                total = np.subtract(total, view(*tap), out=target)
            if signed != 1 or (total is first and target is result):
                total = np.multiply(total, total.dtype.type(signed), out=target)
            if target is spare:
                np.add(result, total, out=result)
            target = spare
        if target is result:
            result[...] = 0

    def into(self, out: Array, blocks: Array, bands: Bands, *, add: bool = False) -> None:
        """All rows of `out` from blocks (blocks, rows, numbers).

        Where the blocks are contiguous, as one run of numbers, numpy's fastest case; what it picks up between
        two rows is not copied out. Where they are views of a picture's every other row, row by row.
        """
        (count, width), pitch = out.shape, self.pitch
        total, spare = bands.empty("total", count, pitch), bands.empty("spare", count, pitch)
        if width == pitch and not add:
            total = out
        if blocks.flags.c_contiguous:
            run, lines = (count - 1) * pitch + width, blocks.reshape(len(blocks), -1)
            result, rest = total.reshape(-1)[:run], spare.reshape(-1)[:run]
            self(lambda block, place: lines[block, place : place + run], blocks.strides[1], result, rest)
        else:
            self(
                lambda block, place: blocks[block, place // pitch :][:count], blocks.strides[1], total, spare
            )
        if add:
            np.add(out, total[:, :width], out=out)
        elif total is not out:
            np.copyto(out, total[:, :width])


class Direct:
    """Every tap once: out += weight · shifted view."""

    def __init__(self, conv: Convolution, offset: float, memory: Memory) -> None:
        self.conv, self.cells = conv, conv.outputs[1] + conv.axes[1].reach
        self.bands = Bands(conv, offset, self.cells * conv.axes[1].stride, memory)
        self.band_rows = band_rows(self.bands)
        self.sum = TapSum(conv, conv.kernel, conv.axes, self.cells)

    def rows(self, first: int, last: int, out: Array) -> None:
        """Compute output rows first … last."""
        for start in range(first, last, self.band_rows):
            stop = min(start + self.band_rows, last)
            blocks = self.bands.blocks(start, stop - start, self.cells)
            self.sum.into(out[start - first : stop - first], blocks, self.bands)


class Separable:
    """A kernel that is a sum of few outer products: a pass down the columns, then one along the rows.

    The pass down computes only the rows that a stride keeps; the columns that it keeps are picked after it.
    """

    def __init__(self, conv: Convolution, offset: float, memory: Memory, factors: Factors) -> None:
        (down, across), one = conv.axes, Axis([0], 1)
        self.across = across
        self.cells = conv.outputs[1] + across.reach
        self.bands = Bands(conv, offset, self.cells * across.stride, memory)
        whole = self.bands.numbers // conv.group
        self.band_rows = band_rows(self.bands)
        self.passes = [
            (
                TapSum(conv, column[:, None], (down, one), whole),
                TapSum(conv, row[None], (one, across), self.cells),
            )
            for column, row in factors
        ]

    def rows(self, first: int, last: int, out: Array) -> None:
        """Compute output rows first … last."""
        rows = self.bands.read(first, last - first)
        halfway = self.bands.empty("halfway", last - first, self.bands.numbers)
        width = self.cells * self.bands.conv.group
        picked, whole = halfway[None], self.across.stride == 1 and width == self.bands.numbers
        if not whole:
            picked = self.bands.empty("picked", len(self.across.phases), last - first, width)
        for number, (down, along) in enumerate(self.passes):
            down.into(halfway, rows, self.bands)
            if not whole:
                self.bands.split(halfway, self.cells, picked)
            along.into(out, picked, self.bands, add=number > 0)


class OverlapSave:
    """FFT of tiles: spectrum times spectrum; of the circular result only the cells without wrap are kept.

    Source: the overlap-save method, e.g. A. V. Oppenheim and R. W. Schafer, "Discrete-Time Signal
    Processing", section 8.7. A tile with a NaN or an infinity in it would be spoilt whole, so such a band
    goes to the direct engine.
    """

    def __init__(self, conv: Convolution, offset: float, memory: Memory) -> None:
        from scipy import fft  # noqa: PLC0415  a slow import, wanted only here

        self.fft: Any = fft
        self.conv, self.offset, (down, across) = conv, offset, conv.axes
        self.tile = tile_side(conv.outputs[0], down.reach + 1), tile_side(conv.outputs[1], across.reach + 1)
        self.band_rows, self.step = self.tile[0] - down.reach, self.tile[1] - across.reach
        self.count = -(-conv.outputs[1] // self.step)  # tiles side by side
        self.cells = (self.count - 1) * self.step + self.tile[1]
        self.bands = Bands(conv, offset, self.cells * across.stride, memory)
        kernels = np.zeros((len(down.phases), len(across.phases), down.reach + 1, across.reach + 1))
        kernels[np.c_[down.phase], across.phase, np.c_[down.shift], across.shift] = conv.kernel
        spectra = fft.rfft2(kernels.reshape(-1, *kernels.shape[2:]), s=self.tile).conj()
        self.spectra = spectra.astype(np.complex64 if conv.dtype == np.float32 else np.complex128)

    def rows(self, first: int, last: int, out: Array) -> None:
        """Compute output rows first … last."""
        blocks = self.bands.blocks(first, self.band_rows, self.cells)
        if self.conv.axes[1].stride > 1:
            self.bands.memory.pop("band", None)  # it is cut into blocks: room for the spectra
        if self.conv.image.dtype.kind == "f" and not np.isfinite(np.vdot(blocks, blocks)):
            Direct(self.conv, self.offset, {}).rows(first, last, out)
            return
        for channel in range(self.conv.group):
            found = self._filter(blocks[:, :, channel:])[: last - first, : self.conv.outputs[1]]
            out[:, channel :: self.conv.group] = found

    def _filter(self, blocks: Array) -> Array:
        """One channel's rows of a band: tiles transformed, multiplied, added over blocks, put together."""
        cell = blocks.itemsize * self.conv.group
        shape, strides = (self.count, *self.tile), (self.step * cell, self.cells * cell, cell)
        total: Any = None
        for block, spectrum in zip(blocks, self.spectra, strict=True):
            product = self.fft.rfft2(as_strided(block, shape, strides, writeable=False))
            product *= spectrum
            total = product if total is None else np.add(total, product, out=total)
        back: Array = self.fft.irfft2(total, s=self.tile, overwrite_x=True)
        return back[:, : self.band_rows, : self.step].transpose(1, 0, 2).reshape(self.band_rows, -1)


def tile_side(outputs: int, kernel: int) -> int:
    """The side of tiles that covers `outputs` cells with the least work: tiles · length · log(length)."""
    fit = [side for side in TILE_SIDES if side >= 2 * kernel] or [4 * kernel]
    return min(fit, key=lambda side: -(-outputs // (side - kernel + 1)) * side * log2(side))
