"""Convolution the other way round: each input cell stamps the kernel into the output.

`stamp` is mathematical convolution; `conv_transpose2d` does the same with the stamps a stride apart.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.core.convolution.sizes import as_pair
from cnnviz.core.steps.axes import transposed_axis
from cnnviz.core.steps.settings import StepSettings, weighted_sums

Floats = NDArray[np.float32]


def stamp(points: ArrayLike, pattern: ArrayLike, *, full: bool = False) -> Floats:
    """Stamp a pattern (kh, kw) at every point of a grid (H, W), each as strong as the point's value.

    out[y + i, x + j] += points[y, x] · pattern[i, j]: stamps that overlap add up. This is mathematical
    convolution (points ∗ pattern). With `full` nothing is cut off, (H + kh − 1, W + kw − 1); otherwise the
    pattern's cell [kh // 2, kw // 2] lies on the point and the result is (H, W), the same as
    `convolve2d(points, pattern, padding="same", flip=True)`. Added up in float64, returned as float32.
    Raises ValueError for arrays that are not two-dimensional or empty.
    """
    grid, weights = (np.asarray(values, dtype=np.float64) for values in (points, pattern))
    for name, array in (("points", grid), ("pattern", weights)):
        if array.ndim != 2 or array.size == 0:
            raise ValueError(f"The {name} must have the shape (rows, columns), not {array.shape}.")
    (height, width), (kh, kw) = grid.shape, weights.shape
    out = np.zeros((height + kh - 1, width + kw - 1))
    for y, x in np.argwhere(grid):
        out[y : y + kh, x : x + kw] += grid[y, x] * weights
    if not full:
        out = out[kh // 2 : kh // 2 + height, kw // 2 : kw // 2 + width]
    return out.astype(np.float32)


def conv_transpose2d(
    image: ArrayLike,
    kernels: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
    output_padding: int | tuple[int, int] = 0,
) -> Floats:
    """Transposed convolution: each input cell stamps the kernel, times its value, every `stride` cells.

    out[n, y·s + i·d − p, x·s + j·d − p] += kernels[n, i, j, c] · image[y, x, c], and bias[n] in every cell.
    `image` (H, W) or (H, W, C) and `kernels` (kh, kw), (kh, kw, C) or (N, kh, kw, C) give float32 (N, H', W')
    with H' = (H − 1)·s − 2·p + d·(kh − 1) + 1 + output_padding. The padding p is cut off the output's sides.

    It is named after the matrix: if a convolution with the same settings is y = A·x, this is Aᵀ·y, so it
    takes the small map back to the shape of the large one (not to its values). Several sizes of x give the
    same size of y where the stride does not divide evenly; `output_padding`, below the stride or the
    dilation, says how many rows and columns to add at the end to get the one that is meant. They hold the
    stamps that reach them, often only the bias.

    The same as torch's conv_transpose2d with weight[c, n] = kernels[n, :, :, c]. Raises ValueError with the
    numbers in it where nothing would be left. Source: V. Dumoulin and F. Visin, "A guide to convolution
    arithmetic for deep learning" (2016), chapter 4.
    """
    (py, px), extra = as_pair(padding, "padding", 0), as_pair(output_padding, "output_padding", 0)
    strides, dilations = as_pair(stride, "stride", 1), as_pair(dilation, "dilation", 1)
    for more, s, d in zip(extra, strides, dilations, strict=True):
        if more >= max(s, d):
            raise ValueError(
                f"output_padding {more} must be below the larger of stride {s} and dilation {d}."
            )
    settings = StepSettings(
        np.asarray(image),
        np.asarray(kernels),
        np.asarray(() if bias is None else bias),
        padding=(py, py, px, px),
        stride=strides,
        dilation=dilations,
        transposed=True,
    )
    rows, columns = (
        transposed_axis(axis, more) for axis, more in zip(settings.axis_settings, extra, strict=True)
    )
    return weighted_sums(settings.image, settings.weights, settings.bias, (rows, columns))
