"""Which engine convolves, and why: the one place that chooses."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.core.convolution.sizes import as_pair

EngineName = Literal["direct", "separable", "fft"]

Factors = list[tuple[NDArray[np.float64], NDArray[np.float64]]]
"""Outer products (column, row) that add up to a kernel."""

MAX_DIRECT_TAPS = 130
"""Weights up to which the direct engine was measured to be faster than the FFT (benchmarks/convolve.py).

With a stride this holds for each of its phases: the transforms of all phases are needed for one output map.
"""

LOW_RANK_BELOW = 0.55
"""A sum of outer products is used below this share of the taps: it rounds where whole numbers stay exact."""

RANK_TOLERANCE = 2e-7
"""Relative to the sum of |weights|; float32's rounding of the weights is of this size."""


@dataclass(frozen=True)
class Plan:
    """The engine chosen for a kernel, a sentence that says why, and a kernel's factors where it has them."""

    engine: EngineName
    reason: str
    factors: Factors = field(default_factory=list, repr=False, compare=False)


def outer_products(weights: NDArray[np.float64], most: int) -> Factors:
    """`weights` (kh, n) as a sum of at most `most` outer products (column, row), or [] if it is not one.

    A kernel of rank 1 is divided by its pivot row. Whole-number kernels such as Sobel's keep whole-number
    factors: a row without a common divisor leaves a whole-number column. A higher rank comes from the
    singular value decomposition.
    """
    size = np.abs(weights).sum()
    if size == 0 or not np.isfinite(size):
        return []
    y, x = np.unravel_index(np.abs(weights).argmax(), weights.shape)
    row = weights[y] / common_divisor(weights[y])
    column = weights[:, x] / row[x]
    if np.abs(weights - np.outer(column, row)).sum() <= RANK_TOLERANCE * size:
        return [(column, row)]
    if most < 2:
        return []
    left, values, right = np.linalg.svd(weights, full_matrices=False)
    for rank in range(2, min(most, len(values) - 1) + 1):
        rest = weights - (left[:, :rank] * values[:rank]) @ right[:rank]
        if np.abs(rest).sum() <= RANK_TOLERANCE * size:
            return [(round_noise(left[:, i] * values[i]), round_noise(right[i])) for i in range(rank)]
    return []


def common_divisor(row: NDArray[np.float64]) -> float:
    """The greatest common divisor of whole numbers (below 2^53), else the smallest weight that is not 0."""
    sizes = np.abs(row[row != 0])
    if sizes.max() < 2**53 and not (sizes % 1).any():
        return float(np.gcd.reduce(sizes.astype(np.int64)))
    return float(sizes.min())


def round_noise(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values rounded at 1e-12 of the largest, so that weights equal but for rounding are equal."""
    unit = np.abs(values).max() * 1e-12
    return np.round(values / unit) * unit if unit > 0 else values


def plan(kernel: ArrayLike, *, stride: int | tuple[int, int] = 1) -> Plan:
    """The engine that `convolve2d` takes for a kernel, and why.

    Parameters
    ----------
    kernel : array_like, (kh, kw) or (kh, kw, C)
        The weights.
    stride : int or (int, int)
        One number or (vertical, horizontal).

    Returns
    -------
    Plan
        `.engine` is "direct", "separable" or "fft", `.reason` a sentence for the reader.

    Examples
    --------
    >>> plan([[1, 0, -1], [2, 0, -2], [1, 0, -1]]).reason
    'separable: the 3×3 kernel is an outer product, so 5 multiplications a pixel instead of 6'
    """
    weights = np.ascontiguousarray(kernel, dtype=np.float64)
    return _plan(weights.tobytes(), weights.shape, as_pair(stride, "stride", 1))


@lru_cache(maxsize=256)
def _plan(data: bytes, shape: tuple[int, ...], stride: tuple[int, int]) -> Plan:
    weights = np.frombuffer(data).reshape(shape)
    tall, wide = weights.shape[:2]
    taps = int(np.count_nonzero(weights))
    flat = weights.reshape(tall, -1)
    factors = outer_products(flat, 3) if min(flat.shape) > 1 else []
    per_pixel = sum(np.count_nonzero(column) + np.count_nonzero(row) for column, row in factors)
    if factors and per_pixel < (taps if len(factors) == 1 else taps * LOW_RANK_BELOW):
        kind = "an outer product" if len(factors) == 1 else f"a sum of {len(factors)} outer products"
        return Plan(
            "separable",
            f"separable: the {tall}×{wide} kernel is {kind}, "
            f"so {per_pixel} multiplications a pixel instead of {taps}",
            factors,
        )
    if taps > MAX_DIRECT_TAPS * stride[0] * stride[1]:
        return Plan(
            "fft", f"FFT: the {tall}×{wide} kernel has {taps} weights, so transforming tiles costs less"
        )
    return Plan("direct", f"direct: one shifted copy of the picture for each of {taps} weights")
