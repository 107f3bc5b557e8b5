"""Engines that add shifted views of a band, tap by tap: direct, and separable as sums of two passes."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from cnnviz.core.convolution.job import Array, Bands, Job, copy, phases
from cnnviz.core.convolution.scratch import Scratch

BAND_BYTES = 320 * 1024
"""Bands of about this size stay in a core's second-level cache together with the result and a scratch."""

SHORTEST_RUN = 4
"""Taps in a column from which one einsum is faster than a multiplication and an addition for each."""

Step = tuple[Callable[..., Any], int, Any, int]

Factors = list[tuple[NDArray[np.float64], NDArray[np.float64]]]
"""Outer products (column, row) that add up to a kernel."""


class WeightedSum:
    """sum(weight · view) over a list of views, compiled to few array operations.

    Zero weights cost nothing, views of the same |weight| are added before they are multiplied once, and
    weights of ±1 are additions. So a Sobel column pass is two additions and one doubling.
    """

    def __init__(self, weights: Sequence[float], dtype: type) -> None:
        self.count = len(weights)
        self.result, self.spare = self.count, self.count + 1
        self.steps: list[Step] = []
        groups: dict[float, list[int]] = {}
        for place, weight in enumerate(np.asarray(weights, dtype=dtype)):
            if weight:
                groups.setdefault(abs(float(weight)), []).append(place if weight > 0 else ~place)
        for size, members in sorted(groups.items(), key=lambda item: (item[0] == 1, -len(item[1]))):
            self._add_group(dtype(size), members)

    def _add_group(self, weight: np.floating[Any], members: list[int]) -> None:
        """Append ± weight · (sum of member views); a member written ~i counts negatively."""
        plus = [place for place in members if place >= 0]
        minus = [~place for place in members if place < 0]
        started = bool(self.steps)
        if started and weight == 1:
            self.steps += [(np.add, self.result, place, self.result) for place in plus]
            self.steps += [(np.subtract, self.result, place, self.result) for place in minus]
            return
        negative = not plus
        first, *others = minus if negative else plus
        total = self.spare if started else self.result
        parts: list[tuple[Callable[..., Any], int]] = [(np.add, place) for place in others]
        parts += [(np.subtract, place) for place in minus] if not negative else []
        source = first
        for operation, place in parts:
            self.steps.append((operation, source, place, total))
            source = total
        if weight != 1 or source is first or (negative and not started):
            signed = -weight if negative and not started else weight
            self.steps.append((np.multiply, source, signed, total))
        if started:
            self.steps.append((np.subtract if negative else np.add, self.result, total, self.result))

    def __call__(self, views: list[Array], result: Array, spare: Array) -> None:
        """Compute into `result`, using `spare` (same shape) as scratch."""
        registers = [*views, result, spare]
        if not self.steps:
            result[...] = 0
        for operation, left, right, target in self.steps:
            other = registers[right] if isinstance(right, int) else right
            operation(registers[left], other, out=registers[target])


@lru_cache(maxsize=64)
def weighted_sum(weights: tuple[float, ...], double: bool) -> WeightedSum:
    """The compiled sum, kept: the same kernel comes again with every change of another control."""
    return WeightedSum(weights, np.float64 if double else np.float32)


class Direct:
    """Every non-zero tap once: out += weight · shifted view.

    Taps of one column of the kernel lie at even distances in the band, so a run of them is one 2-D view
    (taps, numbers) and numpy's einsum adds weight · view for each in a single pass over memory, where
    multiply and add take two. What stands in no such run goes through a `WeightedSum`.
    """

    def __init__(self, job: Job, out: Array, offset: float, scratch: Scratch) -> None:
        self.job, self.out, self.bands = job, out, Bands(job, offset, scratch)
        weights = job.weights if job.summed else job.weights[:, :, None]
        taps = np.argwhere(weights).tolist()
        values = weights[weights != 0].astype(job.dtype)
        runs = even_runs(taps, self.bands)
        self.runs = [(self.bands.tap(*taps[run[0]]), step, values[run]) for run, step in runs]
        rest = sorted(set(range(len(taps))).difference(*(run for run, _ in runs)))
        self.places = [self.bands.tap(*taps[number]) for number in rest]
        self.sum = weighted_sum(tuple(values[rest].tolist()), job.double)
        self.band_rows = rows_of(BAND_BYTES, self.bands)
        size = self.band_rows * self.bands.pitch
        self.scratch = scratch.take(3 * size, job.dtype).reshape(3, size)

    def rows(self, first: int, last: int) -> None:
        """Compute output rows first … last."""
        count, width, pitch = last - first, self.out.shape[1], self.bands.pitch
        band = self.bands.read(first, count)
        run = (count - 1) * pitch + width
        total, part, spare = self.scratch[:, :run]
        if width == pitch:
            total = self.out[first:last].reshape(-1)
        for number, ((phase, block, place), step, weights) in enumerate(self.runs):
            line = band[phase, block, place:]
            below = as_strided(line, (len(weights), run), (step * line.itemsize, line.itemsize))
            np.einsum("tn,t->n", below, weights, out=part if number else total)
            if number:
                np.add(total, part, out=total)
        if self.places or not self.runs:
            views = [band[phase, block, place : place + run] for phase, block, place in self.places]
            self.sum(views, part if self.runs else total, spare)
            if self.runs:
                np.add(total, part, out=total)
        if width != pitch:
            np.copyto(self.out[first:last], self.scratch[0, : count * pitch].reshape(count, pitch)[:, :width])

    def span_rows(self, first: int, last: int) -> None:
        """Rows first … last, however many, band by band."""
        for start in range(first, last, self.band_rows):
            self.rows(start, min(start + self.band_rows, last))


def even_runs(taps: list[list[int]], bands: Bands) -> list[tuple[list[int], int]]:
    """Taps of one column at even distances in the band: (their numbers in `taps`, the distance) each.

    A zero weight inside a column ends a run, for it must not be multiplied: 0 · NaN is NaN.
    """
    columns: dict[tuple[int, ...], list[tuple[int, int]]] = {}
    for number, (ky, kx, channel) in enumerate(taps):
        phase, block, place = bands.tap(ky, kx, channel)
        columns.setdefault((phase, block, kx, channel), []).append((place, number))
    runs = []
    for column in columns.values():
        start = 0
        while start + SHORTEST_RUN <= len(column):
            step, end = column[start + 1][0] - column[start][0], start + 2
            while end < len(column) and column[end][0] - column[end - 1][0] == step:
                end += 1
            if end - start >= SHORTEST_RUN:
                runs.append(([number for _, number in column[start:end]], step))
            start = end if end - start >= SHORTEST_RUN else start + 1
    return runs


class Separable:
    """A kernel that is a sum of few outer products: a pass down the columns, then one along the rows.

    The pass down takes whole picture rows, and only those that a stride keeps; the columns that it keeps
    are then picked out of the result, each phase of the stride into a block of its own.
    """

    def __init__(self, job: Job, out: Array, offset: float, scratch: Scratch, factors: Factors) -> None:
        self.job, self.out = job, out
        self.bands = Bands(replace(job, stride=(job.stride[0], 1)), offset, scratch)
        self.passes = [
            (weighted_sum(tuple(column.tolist()), job.double), weighted_sum(tuple(row.tolist()), job.double))
            for column, row in factors
        ]
        self.kept, more = phases(job.weights.shape[1], job.dilation[1], job.stride[1])
        self.length = job.outputs[1] + more
        self.pitch = self.length * self.bands.group
        self.along = self._row_taps()
        self.band_rows = rows_of(BAND_BYTES, self.bands)
        size = self.band_rows * self.bands.pitch
        number = 3 + self.bands.planes * (1 + len(self.kept) if job.stride[1] > 1 else 1)
        self.scratch = scratch.take(number * size, job.dtype).reshape(number, size)

    def _row_taps(self) -> list[tuple[int, int]]:
        """For each tap of the row pass (by column, then channel): its block and its place in it."""
        (_, step), (_, reach), group = self.job.stride, self.job.dilation, self.bands.group
        channels = range(self.job.weights.shape[2]) if self.job.summed else range(1)
        planes = self.bands.planes
        return [
            (
                self.kept.index(tap * reach % step) * planes + channel * (planes > 1),
                tap * reach // step * group,
            )
            for tap in range(self.job.weights.shape[1])
            for channel in channels
        ]

    def rows(self, first: int, last: int) -> None:
        """Compute output rows first … last."""
        count, width = last - first, self.out.shape[1]
        lines, run = self.bands.lines(first, count), (count - 1) * self.pitch + width
        total, part, spare, *buffers = self.scratch
        whole = (count, self.bands.pitch)
        halfway = [buffer[: math.prod(whole)].reshape(whole) for buffer in buffers[: self.bands.planes]]
        for number, (down, along) in enumerate(self.passes):
            for views, target in zip(lines, halfway, strict=True):
                down(views, target, spare[: target.size].reshape(whole))
            blocks = self._pick(halfway, buffers[self.bands.planes :])
            shifted = [blocks[block][place : place + run] for block, place in self.along]
            along(shifted, (part if number else total)[:run], spare[:run])
            if number:
                np.add(total[:run], part[:run], out=total[:run])
        np.copyto(self.out[first:last], total[: count * self.pitch].reshape(count, self.pitch)[:, :width])

    def _pick(self, halfway: list[Array], buffers: list[Array]) -> list[Array]:
        """The columns that the row pass meets, flat: one block for each phase of the stride and channel."""
        step, group = self.job.stride[1], self.bands.group
        if step == 1:
            return [plane.reshape(-1) for plane in halfway]
        blocks = []
        for number, buffer in enumerate(buffers):
            phase, plane = self.kept[number // len(halfway)], halfway[number % len(halfway)]
            source = plane.reshape(len(plane), -1, group)[:, phase::step][:, : self.length]
            target = buffer[: len(plane) * self.pitch].reshape(len(plane), self.length, group)
            copy(target[:, : source.shape[1]], source)
            target[:, source.shape[1] :] = 0  # right of the picture: never in an output that is kept
            blocks.append(target.reshape(-1))
        return blocks


def rows_of(target: int, bands: Bands) -> int:
    """Output rows for a band of about `target` bytes, and enough of them that re-read rows stay few."""
    size = np.dtype(bands.job.dtype).itemsize
    return min(bands.job.outputs[0], max(4, bands.more_rows // 2, target // (bands.pitch * size)))
