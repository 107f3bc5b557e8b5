"""Long measurements thinned so that they can be sent three times a second, without losing extremes.

Steps are put into bins of equal width that start at step 1, so that a bin, once full, never changes: its
part of the chart stays the same while the run goes on. The widths grow in small strides (1, 2, 3, … 8,
10, 12, 14, 16, 20, …), so that the bins are always many.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from cnnviz.components import packing

__all__ = [
    "Bins",
    "CodesJson",
    "bin_width",
    "keep_detail",
    "keep_extremes",
    "log_codes",
    "packed",
    "running_mean",
    "share_codes",
]

Floats = NDArray[np.floating[Any]]


class CodesJson(TypedDict):
    """What `log_codes` gives: places on a log scale, uint16, and the ends of that as powers of ten."""

    low: float
    high: float
    codes: str


NAN, ZERO, INFINITE, FIRST = 0, 1, 2, 3
"""Codes of `log_codes` that are no places on the scale; the places are FIRST … 65535."""
_PLACES = 65535 - FIRST


def bin_width(count: int, most: int) -> int:
    """The smallest width k·2ⁿ (k = 1 … 7) that puts `count` steps into at most `most` bins."""
    width, stride = 1, 1
    while -(-count // width) + 1 > most and width < count:  # + 1: the first bin may be partly filled
        width += stride
        if width == 8 * stride:
            stride *= 2
    return width


@dataclass(frozen=True, eq=False)
class Bins:
    """Consecutive measurements in bins: bin k holds those at `edges[k]` up to and without `edges[k + 1]`."""

    width: int
    edges: NDArray[np.int64]

    @classmethod
    def of(cls, first: int, count: int, most: int) -> Bins:
        """For `count` steps from step `first` on, at most `most` bins (at least 2)."""
        width = bin_width(count, max(2, most))
        inner = np.arange(width - (first - 1) % width, count, width, dtype=np.int64)
        return cls(width, np.concatenate([[0], inner, [count]]).astype(np.int64))

    def highest(self, values: Floats) -> Floats:
        """The largest value of each bin, (n, …) -> (bins, …); NaN where the bin has one."""
        if not len(values):
            return values
        return np.asarray(np.maximum.reduceat(values, self.edges[:-1], axis=0))


def keep_extremes(columns: Sequence[Floats], bins: Bins) -> NDArray[np.int64]:
    """Places, rising, that keep of every column (n,) each bin's lowest, highest and first not finite value.

    The very first and the last place are always kept.
    """
    count = int(bins.edges[-1])
    if bins.width == 1 or count <= 2:
        return np.arange(count)
    front = bins.width - int(bins.edges[1])
    shape = (len(bins.edges) - 1, bins.width)
    starts = np.arange(shape[0]) * bins.width - front
    places = [np.array([0, count - 1])]
    for column in columns:
        table = np.full(shape, np.nan)
        table.reshape(-1)[front : front + count] = column
        finite = np.isfinite(table)
        places.append(starts + np.where(finite, table, np.inf).argmin(axis=1))
        places.append(starts + np.where(finite, table, -np.inf).argmax(axis=1))
        if not np.isfinite(column).all():
            odd = ~finite
            odd.reshape(-1)[:front] = odd.reshape(-1)[front + count :] = False  # padding
            places.append((starts + odd.argmax(axis=1))[odd.any(axis=1)])
    merged = np.concatenate(places)
    return np.unique(merged[(merged >= 0) & (merged < count)])


def keep_detail(
    columns: Sequence[Floats], first: int, most: int, zoom: tuple[float, float] | None
) -> tuple[NDArray[np.int64], int]:
    """Places as `keep_extremes` gives them for at most `most` bins, and the width of the bins.

    With `zoom`, steps from … to, two thirds of the bins lie in there, and the width is that of those.
    """
    count = len(columns[0])
    if zoom is None:
        bins = Bins.of(first, count, most)
        return keep_extremes(columns, bins), bins.width
    low, high = (int(np.clip(end - first, 0, count)) for end in (zoom[0] - 1, zoom[1] + 2))
    around = keep_extremes(columns, Bins.of(first, count, most // 3))
    if high - low < 1:
        return around, bin_width(count, most // 3)
    bins = Bins.of(first + low, high - low, most - most // 3)
    inside = low + keep_extremes([column[low:high] for column in columns], bins)
    return np.union1d(around, inside), bins.width


def running_mean(values: Floats, at: NDArray[np.int64], window: int) -> NDArray[np.float64]:
    """At each place i in `at`: the mean of the finite ones among values[i − window + 1 … i].

    NaN where values[i] itself is not finite: the curve has a gap where the loss has one.
    Each window is summed by itself: a running sum would not recover from one value of 1e30.
    """
    padded = np.concatenate([np.full(window, np.nan), np.asarray(values, np.float64)])
    windows = sliding_window_view(padded, window)[at + 1]
    finite = np.isfinite(windows)
    counts = finite.sum(axis=1)
    sums = np.where(finite, windows, 0.0).sum(axis=1)
    return np.where(finite[:, -1], sums / np.maximum(counts, 1), np.nan)


def log_codes(values: Floats) -> CodesJson:
    """Sizes ≥ 0 as uint16 places on a scale of log10 from `low` to `high`, the ends of the finite sizes.

    Code 0 is NaN, 1 is exactly 0, 2 is infinite, and c ≥ 3 is 10^(low + (high − low)·(c − 3)/65532): with
    twelve decades between the ends a size is right to 0.03 %. Both ends are 0 where there is no such size.
    """
    sizes = np.asarray(values, np.float64)
    regular = (sizes > 0) & (sizes < np.inf)
    logs = np.log10(np.where(regular, sizes, 1.0))
    low = float(logs[regular].min()) if regular.any() else 0.0
    high = float(logs[regular].max()) if regular.any() else 0.0
    places = FIRST + np.rint((logs - low) * (_PLACES / (high - low) if high > low else 0.0))
    odd = np.where(np.isnan(sizes), NAN, np.where(sizes == 0, ZERO, INFINITE))
    return {"low": low, "high": high, "codes": packed(np.where(regular, places, odd), "<u2")}


def share_codes(values: Floats) -> str:
    """Shares 0 … 1 as bytes round(250·share), so right to 0.2 %; 255 is NaN."""
    shares = np.asarray(values, np.float64)
    return packed(np.where(np.isnan(shares), 255, np.rint(np.clip(shares, 0, 1) * 250)), "u1")


def packed(values: Any, dtype: str = "<f4") -> str:  # noqa: ANN401  # whatever numpy takes
    """:func:`cnnviz.components.packing.packed` of the values as this type."""
    with np.errstate(over="ignore"):  # what is beyond float32 arrives as infinite
        return packing.packed(np.asarray(values, dtype))
