"""Engines that add shifted views of a band, tap by tap: direct, and separable as sums of two passes."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.core._job import Array, Bands, Job
from cnnviz.core._scratch import Scratch

BAND_BYTES = 320 * 1024
"""Bands of about this size stay in a core's second-level cache together with the result and a scratch."""

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
    """Every non-zero tap once: out += weight · shifted view."""

    def __init__(self, job: Job, out: Array, offset: float, scratch: Scratch) -> None:
        self.job, self.out, self.bands = job, out, Bands(job, offset, scratch)
        weights = job.weights if job.summed else job.weights[:, :, None]
        taps = np.argwhere(weights).tolist()
        self.places = [self.bands.tap(*tap) for tap in taps]
        self.sum = weighted_sum(tuple(weights[weights != 0].tolist()), job.double)
        self.band_rows = rows_of(BAND_BYTES, self.bands)
        size = self.band_rows * self.bands.pitch
        self.scratch = scratch.take(2 * size, job.dtype).reshape(2, size)

    def rows(self, first: int, last: int) -> None:
        """Compute output rows first … last."""
        count, width, pitch = last - first, self.out.shape[1], self.bands.pitch
        band = self.bands.read(first, count)
        run = (count - 1) * pitch + width
        views = [band[phase, block, place : place + run] for phase, block, place in self.places]
        if width == pitch:
            self.sum(views, self.out[first:last].reshape(-1), self.scratch[1, :run])
            return
        self.sum(views, self.scratch[0, :run], self.scratch[1, :run])
        np.copyto(self.out[first:last], self.scratch[0, : count * pitch].reshape(count, pitch)[:, :width])

    def span_rows(self, first: int, last: int) -> None:
        """Rows first … last, however many, band by band."""
        for start in range(first, last, self.band_rows):
            self.rows(start, min(start + self.band_rows, last))


class Separable:
    """A kernel that is a sum of few outer products: a pass down the columns, then one along the rows."""

    def __init__(self, job: Job, out: Array, offset: float, scratch: Scratch, factors: Factors) -> None:
        self.job, self.out, self.bands = job, out, Bands(job, offset, scratch)
        self.passes = [
            (weighted_sum(tuple(column.tolist()), job.double), weighted_sum(tuple(row.tolist()), job.double))
            for column, row in factors
        ]
        tall, wide = job.weights.shape[:2]
        channels = range(job.weights.shape[2]) if job.summed else range(1)
        self.down = [self.bands.tap(ky, 0) for ky in range(tall)]
        self.along = [self.bands.tap(0, kx, channel)[1:] for kx in range(wide) for channel in channels]
        self.blocks = sorted({block for block, _ in self.along})
        self.band_rows = rows_of(BAND_BYTES, self.bands)
        size, number = self.band_rows * self.bands.pitch, 3 + len(self.blocks)
        self.scratch = scratch.take(number * size, job.dtype).reshape(number, size)

    def rows(self, first: int, last: int) -> None:
        """Compute output rows first … last."""
        count, width, pitch = last - first, self.out.shape[1], self.bands.pitch
        band, run = self.bands.read(first, count), (count - 1) * pitch + width
        total, part, spare, *halfway = self.scratch[:, : count * pitch]
        for number, (down, along) in enumerate(self.passes):
            for block in self.blocks:
                views = [band[phase, block, place : place + count * pitch] for phase, _, place in self.down]
                down(views, halfway[block], spare)
            shifted = [halfway[block][place : place + run] for block, place in self.along]
            along(shifted, (part if number else total)[:run], spare[:run])
            if number:
                np.add(total[:run], part[:run], out=total[:run])
        np.copyto(self.out[first:last], total.reshape(count, pitch)[:, :width])


def rows_of(target: int, bands: Bands) -> int:
    """Output rows for a band of about `target` bytes, and enough of them that re-read rows stay few."""
    size = np.dtype(bands.job.dtype).itemsize
    return min(bands.job.outputs[0], max(4, bands.more_rows // 2, target // (bands.pitch * size)))
