"""Why depth needs an activation: two convolutions in a row are one convolution, with one larger kernel.

Here the two are compared without any rounding: pixels are whole numbers, weights multiples of 1/256, and all
sums are computed in whole numbers. So where the difference should be 0 it is exactly 0, not 0 within a
tolerance.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.core.convolution.padding import pad

Integers = NDArray[np.int64]
UNIT = 256  # weights are multiples of 1 / UNIT, and a pixel v counts as v / UNIT
_LARGEST_SUM = 2**62


def collapse(kernel1: ArrayLike, kernel2: ArrayLike) -> NDArray[np.float64]:
    """The single kernel that equals two layers: `kernel1` first, then `kernel2` on its result.

    out[i] = Σ_j kernel1[j] · kernel2[i − j] in both directions, their full (mathematical) convolution, of
    size (kh1 + kh2 − 1, kw1 + kw2 − 1). Cross-correlating with it equals cross-correlating with `kernel1`
    and then with `kernel2`, because convolution is associative. Raises ValueError for other shapes.
    """
    first, second = (_grid(kernel) for kernel in (kernel1, kernel2))
    height, width = first.shape
    full = np.zeros((height + second.shape[0] - 1, width + second.shape[1] - 1))
    for (row, column), weight in np.ndenumerate(second):
        full[row : row + height, column : column + width] += weight * first
    return full


def is_exact(kernel: ArrayLike) -> bool:
    """Whether every weight is a multiple of 1/256, as `collapse_difference` needs it."""
    scaled = _grid(kernel) * UNIT
    return bool(np.isfinite(scaled).all() and (scaled == np.round(scaled)).all())


def collapse_difference(
    image: ArrayLike,
    kernel1: ArrayLike,
    kernel2: ArrayLike,
    activation: Callable[[NDArray[np.float64]], NDArray[Any]] | None = None,
    *,
    padding: Literal["valid", "same"] = "valid",
) -> NDArray[np.float32]:
    """(two layers, with `activation` between them) − (the collapsed kernel alone), float32 (H', W').

    `image` (H, W) holds whole numbers; a pixel v counts as v / 256. Without an activation the difference is
    computed in whole numbers and is exactly 0: everywhere with padding "valid", and with "same" (zeros
    outside, odd kernels) in all cells further than half of `kernel2` from the border. Nearer to it the second
    layer reads zeros where the collapsed kernel reads the first layer's values outside the picture.
    With an activation, f(first layer) is float64, the rest is as before.

    Raises ValueError for pixels that are not whole numbers, weights that are not multiples of 1/256, even
    kernels with "same", or numbers so large that a sum could pass 2⁶².
    """
    pixels = _to_integers(image, 1, "The pixels must be whole numbers.")
    first, second = (
        _to_integers(kernel, UNIT, "The weights must be multiples of 1/256.") for kernel in (kernel1, kernel2)
    )
    strength = int(np.abs(first).sum()) * int(np.abs(second).sum()) * max(int(np.abs(pixels).max()), 1)
    if strength >= _LARGEST_SUM:
        raise ValueError("The numbers are so large that their sums would not be exact.")
    if padding == "same" and not all(side % 2 for kernel in (first, second) for side in kernel.shape):
        raise ValueError('Kernels for padding "same" must have odd sizes, so that each has a middle cell.')
    both = collapse(first, second).astype(np.int64)
    hidden, direct = _slide(pixels, first, padding), _slide(pixels, both, padding)
    if activation is None:
        difference = (_slide(hidden, second, padding) - direct) / UNIT**3
    else:
        after = np.asarray(activation(hidden / UNIT**2), dtype=np.float64)
        difference = _slide(after, second / UNIT, padding) - direct / UNIT**3
    return np.asarray(difference, dtype=np.float32)


def _slide(values: NDArray[Any], kernel: NDArray[Any], padding: str) -> NDArray[Any]:
    """Cross-correlation, tap by tap, in the type of the numbers given."""
    kh, kw = kernel.shape
    if padding == "same":
        values = pad(values, (kh // 2, kh // 2, kw // 2, kw // 2))
    height, width = values.shape[0] - kh + 1, values.shape[1] - kw + 1
    if min(height, width) < 1:
        raise ValueError(
            f"A {kh}×{kw} kernel does not fit into a picture of {values.shape[0]}×{values.shape[1]}."
        )
    out = np.zeros((height, width), np.result_type(values, kernel))
    for (row, column), weight in np.ndenumerate(kernel):
        out += weight * values[row : row + height, column : column + width]
    return out


def _grid(kernel: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(kernel, dtype=np.float64)
    if array.ndim != 2 or array.size == 0:
        raise ValueError(f"A kernel has the shape (kh, kw) here, not {array.shape}.")
    return array


def _to_integers(values: ArrayLike, unit: int, sentence: str) -> Integers:
    """values · unit as whole numbers; ValueError with this sentence where they are not whole."""
    scaled = np.asarray(values, dtype=np.float64) * unit
    if scaled.ndim != 2 or scaled.size == 0:
        raise ValueError(f"Pictures and kernels have the shape (rows, columns) here, not {scaled.shape}.")
    whole = np.round(scaled)
    if not (np.isfinite(scaled).all() and (np.abs(scaled) < 2**53).all() and (whole == scaled).all()):
        raise ValueError(sentence)
    return whole.astype(np.int64)
