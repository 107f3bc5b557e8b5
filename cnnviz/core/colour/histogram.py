"""How often each value occurs in a feature map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Histogram:
    """``counts[c, i]`` values of channel c lie in [edges[i], edges[i+1]), the last bin's end included."""

    edges: NDArray[np.float64]
    counts: NDArray[np.int64]
    mean: float
    deviation: float


def histogram(values: NDArray[np.float32], bins: int = 101) -> Histogram:
    """Count the finite values of a map (H, W) or (H, W, C) in equal bins from the smallest to the largest.

    All channels share the edges. With an odd number of bins, 0 is the middle of a bin in a symmetric range.
    A map of one single value gets bins from 0.5 below it to 0.5 above it, or a millionth of it if that is
    more.

    :raises ValueError: if there is no finite value.
    """
    flat = values.reshape(-1, 1 if values.ndim == 2 else values.shape[2])
    channels: Sequence[NDArray[np.float64]] = [np.array(c, np.float64) for c in flat.T]
    if not all(np.isfinite(c).all() for c in channels):
        channels = [c[np.isfinite(c)] for c in channels]
    finite = np.concatenate(channels) if len(channels) > 1 else channels[0]
    if finite.size == 0:
        raise ValueError("There is no finite value to count.")
    low, high = float(finite.min()), float(finite.max())
    if low == high:
        half = max(0.5, 1e-6 * abs(low))  # beside a very large value, 0.5 would be lost in rounding
        low, high = low - half, high + half
    # A number of bins and a range instead of edges: numpy then computes the bin instead of searching it.
    counts = np.stack([np.histogram(c, bins, (low, high))[0] for c in channels])
    return Histogram(np.linspace(low, high, bins + 1), counts, float(finite.mean()), float(finite.std()))
