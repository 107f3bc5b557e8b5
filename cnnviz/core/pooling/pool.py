"""Pooling: the largest, the mean or the root of the summed squares of each window of a channel."""

import math
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.core.convolution.convolve import MAX_PADDED, real_array
from cnnviz.core.convolution.sizes import as_pair, output_size

PoolMode = Literal["max", "average", "l2"]
Array = NDArray[Any]


@dataclass(frozen=True)
class Axis:
    """Windows along one axis: n cells, window `size`, every `stride`, `padding` on each side."""

    n: int
    size: int
    stride: int
    padding: int
    outputs: int

    @property
    def reach(self) -> int:
        """Cells from the first one of the padding to the last one that a window reads."""
        return (self.outputs - 1) * self.stride + self.size

    @property
    def cells(self) -> NDArray[np.float64]:
        """Cells of each window that count: padding included, cells beyond the padding after it left out."""
        start = np.arange(self.outputs) * self.stride
        return (np.minimum(start + self.size, self.n + 2 * self.padding) - start).astype(float)


def pool2d(
    image: ArrayLike,
    size: int | tuple[int, int],
    *,
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
    mode: PoolMode = "max",
    ceil_mode: bool = False,
) -> NDArray[np.float32]:
    """Reduce each window of `size` cells, every `stride` cells (default: the size), channel by channel.

    Parameters
    ----------
    image : array_like, (H, W) or (H, W, C)
        Values, taken as they are.
    size : int or (int, int)
        Cells of a window: (vertical, horizontal).
    stride : int or (int, int), optional
        Cells from one window to the next; the size where it is left out.
    padding : int or (int, int)
        Cells on each side, at most half the size.
    mode : {"max", "average", "l2"}
        What a window becomes.
    ceil_mode : bool
        Whether one more window may hang over the end.

    Returns
    -------
    ndarray of float32, (H', W') or (H', W', C)
        The pooled map or maps.

    Raises
    ------
    ValueError, TypeError
        One sentence with the numbers, for anything else.

    Notes
    -----
    "max" takes the largest value (padding never wins, a NaN does), "average" the mean, padding counted as
    zeros, and "l2" √Σ x². These are torch's max_pool2d, avg_pool2d (count_include_pad=True) and lp_pool2d
    (norm 2) on values as they are. `image` is (H, W) or (H, W, C), the result float32 (H', W') or
    (H', W', C) with H' = floor((H + 2·padding − size) / stride) + 1. With `ceil_mode` the division rounds
    up; a window that hangs over the end is averaged over the cells it has, padding included, and its "l2" is
    scaled to a full window, both as in torch.

    `padding` is per side and at most half the size, so that every window meets the picture. Raises
    ValueError or TypeError with the numbers in the sentence for anything else. Source: torch 2.13's
    documentation; the mode "l2" with padding pads with zeros, which torch leaves to the caller.

    Examples
    --------
    >>> import numpy as np
    >>> from cnnviz.core import pool2d
    >>> pool2d(np.arange(16).reshape(4, 4), 2)
    array([[ 5.,  7.],
           [13., 15.]], dtype=float32)
    """
    if mode not in get_args(PoolMode):
        names = ", ".join(f'"{name}"' for name in get_args(PoolMode))
        raise ValueError(f"mode must be one of {names}, not {mode!r}")
    pixels = real_array(image, "image")
    sizes, steps, pads = as_pair(size, "size", 1), size if stride is None else stride, padding
    rows, columns = axes(
        pixels.shape, sizes, as_pair(steps, "stride", 1), as_pair(pads, "padding", 0), ceil_mode
    )
    exact = pixels.dtype if mode == "max" else work_type(pixels.dtype)
    padded = crop_or_pad(pixels, rows, columns, exact, minimum(exact) if mode == "max" else 0)
    with np.errstate(over="ignore", invalid="ignore"):
        if mode == "max":
            pooled = reduce_windows(reduce_windows(padded, rows, 0, np.maximum), columns, 1, np.maximum)
        else:
            start = np.square(padded) if mode == "l2" else padded
            pooled = reduce_windows(reduce_windows(start, rows, 0, np.add), columns, 1, np.add)
        if mode != "max":
            pooled = divide_by_count(pooled, rows, columns, mean=mode == "average")
        if mode == "l2":
            pooled = np.sqrt(pooled)
        return np.ascontiguousarray(pooled, dtype=np.float32)


def axes(
    shape: tuple[int, ...],
    sizes: tuple[int, int],
    strides: tuple[int, int],
    paddings: tuple[int, int],
    ceil_mode: bool,
) -> list[Axis]:
    """The vertical and the horizontal axis, checked."""
    found = []
    for n, size, stride, padding in zip(shape, sizes, strides, paddings, strict=False):
        if 2 * padding > size:
            raise ValueError(
                f"padding {padding} is more than half the pool's size {size}; at most {size // 2}"
            )
        outputs = output_size(n, size, stride=stride, padding=padding, ceil_mode=ceil_mode)
        found.append(Axis(n, size, stride, padding, outputs))
    height, width = (max(axis.n + 2 * axis.padding, axis.reach) for axis in found)
    if height * width > max(MAX_PADDED, 4 * shape[0] * shape[1]):
        raise ValueError(
            f"with its padding the picture would have {height}×{width} pixels; at most {MAX_PADDED:,} are "
            "allowed where most of them are padding"
        )
    return found


def work_type(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """float32 where it holds the dtype's values, else float64."""
    return np.dtype(np.float32 if dtype.itemsize <= 2 or dtype == np.float32 else np.float64)


def minimum(dtype: np.dtype[Any]) -> float | int | bool:
    """The value that never wins a maximum."""
    if dtype.kind == "f":
        return -math.inf
    return False if dtype.kind == "b" else int(np.iinfo(dtype).min)


def crop_or_pad(pixels: Array, rows: Axis, columns: Axis, dtype: np.dtype[Any], outside: float) -> Array:
    """The picture as `dtype`, cropped or padded to exactly the cells that windows read."""
    height, width = pixels.shape[:2]
    if rows.padding == columns.padding == 0 and rows.reach <= height and columns.reach <= width:
        return pixels[: rows.reach, : columns.reach].astype(dtype, copy=False)
    filled = np.full((rows.reach, columns.reach, *pixels.shape[2:]), outside, dtype)
    inside = pixels[: rows.reach - rows.padding, : columns.reach - columns.padding]
    filled[rows.padding :, columns.padding :][: inside.shape[0], : inside.shape[1]] = inside
    return filled


def divide_by_count(sums: Array, rows: Axis, columns: Axis, *, mean: bool) -> Array:
    """Window sums divided by the cells they count; for "l2" scaled up where a window hangs over the end.

    The second is torch's rule: its lp_pool2d is the mean over the cells there are, times the full size.
    """
    full = rows.size * columns.size
    count = np.multiply.outer(rows.cells, columns.cells)
    if full == 1:
        return sums  # perhaps the caller's array, so it is returned as it is
    if count.min() == full:
        return np.divide(sums, sums.dtype.type(full), out=sums) if mean else sums
    share = (count if mean else count / full).astype(sums.dtype)
    scaled: Array = sums / share.reshape(*share.shape, *[1] * (sums.ndim - 2))
    return scaled


def reduce_windows(values: Array, windows: Axis, axis: int, reduce: np.ufunc) -> Array:
    """Reduce the windows of one axis with shifted, strided views: reduce is np.maximum or np.add."""
    stop = (windows.outputs - 1) * windows.stride + 1
    front = (slice(None),) * axis
    views = [values[(*front, slice(shift, shift + stop, windows.stride))] for shift in range(windows.size)]
    if len(views) == 1:
        return views[0]
    result: Array = reduce(views[0], views[1])
    for view in views[2:]:
        reduce(result, view, out=result)
    return result
