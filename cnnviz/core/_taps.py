"""Engines that add shifted views of a band, tap by tap: direct, and separable as sums of two passes."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.core._job import Array, Bands, Job

BAND_BYTES = 96 * 1024
"""Working rows of about this size stay in a core's second-level cache together with their result."""

Step = tuple[Callable[..., Any], int, Any, int]


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


class Direct:
    """Every non-zero tap once: out += weight · shifted view."""

    def __init__(self, job: Job, out: Array, offset: float) -> None:
        self.job, self.out, self.bands = job, out, Bands(job, offset)
        channels = range(job.weights.shape[2]) if job.summed else range(1)
        weights = job.weights if job.summed else job.weights[:, :, None]
        taps = [
            (ky * job.dilation[0], self.bands.column(kx, channel), weights[ky, kx, channel])
            for channel in channels
            for ky in range(weights.shape[0])
            for kx in range(weights.shape[1])
            if weights[ky, kx, channel]
        ]
        self.corners = [(row, column) for row, column, _ in taps]
        self.sum = WeightedSum([weight for _, _, weight in taps], job.dtype)
        self.band_rows = rows_of(BAND_BYTES, out.shape[1], job)
        self.spare = np.empty((0, out.shape[1]), job.dtype)

    def rows(self, first: int, last: int) -> None:
        """Compute output rows first … last."""
        step, count, width = self.job.stride[0], last - first, self.out.shape[1]
        band = self.bands.read(first * step, (count - 1) * step + self.job.spans[0])
        if len(self.spare) < count:
            self.spare = np.empty((count, width), self.job.dtype)
        stop = (count - 1) * step + 1
        views = [band[row : row + stop : step, column : column + width] for row, column in self.corners]
        self.sum(views, self.out[first:last], self.spare[:count])


class Separable:
    """A kernel that is a sum of few outer products: a pass down the columns, then one along the rows."""

    def __init__(
        self, job: Job, out: Array, offset: float, factors: list[tuple[NDArray[Any], NDArray[Any]]]
    ) -> None:
        self.job, self.out, self.bands = job, out, Bands(job, offset)
        self.passes = [
            (WeightedSum(column.tolist(), job.dtype), WeightedSum(row.ravel().tolist(), job.dtype))
            for column, row in factors
        ]
        wide = job.weights.shape[1]
        channels = range(job.weights.shape[2]) if job.summed else range(1)
        self.columns = [self.bands.column(kx, channel) for kx in range(wide) for channel in channels]
        self.band_rows = rows_of(BAND_BYTES, out.shape[1], job)
        self.scratch = np.empty((0, self.bands.width), job.dtype)

    def rows(self, first: int, last: int) -> None:
        """Compute output rows first … last."""
        step, count, width = self.job.stride[0], last - first, self.out.shape[1]
        band = self.bands.read(first * step, (count - 1) * step + self.job.spans[0])
        if len(self.scratch) < 4 * count:
            self.scratch = np.empty((4 * count, self.bands.width), self.job.dtype)
        halfway, spare = self.scratch[:count], self.scratch[count : 2 * count]
        part, second = (
            self.scratch[2 * count : 3 * count, :width],
            self.scratch[3 * count : 4 * count, :width],
        )
        stop = (count - 1) * step + 1
        tall = range(0, self.job.spans[0], self.job.dilation[0])
        views = [band[row : row + stop : step] for row in tall]
        for number, (down, along) in enumerate(self.passes):
            down(views, halfway, spare)
            shifted = [halfway[:, column : column + width] for column in self.columns]
            along(shifted, part if number else self.out[first:last], second)
            if number:
                self.out[first:last] += part


def rows_of(target: int, width: int, job: Job) -> int:
    """Output rows for a band of about `target` bytes, and enough of them that the overlap stays small."""
    size = np.dtype(job.dtype).itemsize
    return max(4, job.spans[0] // 2, target // (width * size))
