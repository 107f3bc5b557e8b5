"""The cell that gives each maximum, and the gradient that pooling passes back to its input."""

from typing import Any, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.core.convolution.convolve import real_array
from cnnviz.core.convolution.sizes import as_pair
from cnnviz.core.pooling.pool import Axis, PoolMode, axes, pool2d

Pair = int | tuple[int, int]


def winners(
    image: ArrayLike, size: Pair, *, stride: Pair | None = None, padding: Pair = 0, ceil_mode: bool = False
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Row and column of the cell that gives each output of a max pool, both (H', W') as `pool2d` has it.

    Parameters
    ----------
    image : array_like, (H, W)
        One map.
    size : int or (int, int)
        Cells of a window: (vertical, horizontal).
    stride : int or (int, int), optional
        Cells from one window to the next; the size where it is left out.
    padding : int or (int, int)
        Cells on each side, at most half the size.
    ceil_mode : bool
        Whether one more window may hang over the end.

    Returns
    -------
    (ndarray of int64, ndarray of int64), both (H', W')
        Row and column of each winner.

    Raises
    ------
    ValueError, TypeError
        As `pool2d`.

    Notes
    -----
    `image` is one map (H, W). Of equal values the first in reading order wins, of NaNs the last: both are
    torch's rule (max_pool2d with return_indices=True).

    Examples
    --------
    >>> from cnnviz.core import winners
    >>> winners([[1, 5], [2, 3]], 2)
    (array([[0]]), array([[1]]))
    """
    values, rows, columns = _prepare(image, size, stride, padding, ceil_mode)
    shape = rows.outputs, columns.outputs
    best = np.full(shape, -np.inf)
    at = np.full((2, *shape), -1)
    for place, inside in _taps(rows, columns):
        candidate = np.where(inside, values[place], -np.inf)
        # −∞ in the picture still beats the padding, which never counts.
        better = inside & ((candidate > best) | np.isnan(candidate) | (at[0] < 0))
        best = np.where(better, candidate, best)
        at = np.where(better, place, at)
    return at[0], at[1]


def pool_gradient(
    image: ArrayLike,
    size: Pair,
    *,
    stride: Pair | None = None,
    padding: Pair = 0,
    mode: PoolMode = "max",
    ceil_mode: bool = False,
    upstream: ArrayLike | None = None,
) -> NDArray[np.float32]:
    """∂L/∂image (H, W) of ``pool2d(image, …)`` for one map (H, W), with ∂L/∂output = `upstream` (H', W').

    Parameters
    ----------
    image : array_like, (H, W)
        One map.
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
    upstream : array_like, (H', W'), optional
        ∂L/∂output; 1 everywhere where it is left out.

    Returns
    -------
    ndarray of float32, (H, W)
        ∂L/∂image.

    Raises
    ------
    ValueError, TypeError
        As `pool2d`; ValueError where `upstream` has another shape.

    Notes
    -----
    Without `upstream` every output sends back 1, so L is the sum of all outputs. "max": all of it to the
    winner (see `winners`). "average": the same share, 1 / cells counted, to each cell of the window; the
    part of the padding is lost. "l2": in proportion to the values, x / √Σ x²; a window of zeros gives
    0. Where windows overlap the shares add up. Equal to torch's autograd.

    Examples
    --------
    >>> from cnnviz.core import pool_gradient
    >>> pool_gradient([[1, 5], [2, 3]], 2)
    array([[0., 1.],
           [0., 0.]], dtype=float32)
    """
    values, rows, columns = _prepare(image, size, stride, padding, ceil_mode)
    shape = rows.outputs, columns.outputs
    gradient = np.ones(shape) if upstream is None else real_array(upstream, "upstream").astype(float)
    if gradient.shape != shape:
        raise ValueError(f"upstream must have the output's shape {shape}, not {gradient.shape}")
    if mode not in get_args(PoolMode):
        names = ", ".join(f'"{name}"' for name in get_args(PoolMode))
        raise ValueError(f"mode must be one of {names}, not {mode!r}")
    total = np.zeros(values.shape)
    if mode == "max":
        won = winners(image, size, stride=stride, padding=padding, ceil_mode=ceil_mode)
        np.add.at(total, won, gradient)
        return total.astype(np.float32)
    share = gradient / np.multiply.outer(rows.cells, columns.cells)
    if mode == "l2":
        pooled = pool2d(values, size, stride=stride, padding=padding, mode="l2", ceil_mode=ceil_mode)
        full = rows.size * columns.size
        share = np.divide(share * full, pooled, out=np.zeros(shape), where=pooled > 0)
    for place, inside in _taps(rows, columns):
        np.add.at(total, place, np.where(inside, share, 0))
    return (total * values if mode == "l2" else total).astype(np.float32)


def _prepare(
    image: ArrayLike, size: Pair, stride: Pair | None, padding: Pair, ceil_mode: bool
) -> tuple[NDArray[np.float64], Axis, Axis]:
    """The map in float64 and its two axes, checked."""
    values = real_array(image, "image")
    if values.ndim != 2:
        raise ValueError(f"image must be one map (H, W); its shape is {values.shape}")
    sizes = as_pair(size, "size", 1)
    strides = sizes if stride is None else as_pair(stride, "stride", 1)
    rows, columns = axes(values.shape, sizes, strides, as_pair(padding, "padding", 0), ceil_mode)
    return values.astype(np.float64), rows, columns


def _taps(rows: Axis, columns: Axis) -> list[tuple[tuple[NDArray[Any], NDArray[Any]], NDArray[np.bool_]]]:
    """For each cell of the window, in reading order: its place on the map for every output, and whether it
    lies on the map; a place outside is moved to the edge so that it can be read."""
    found = []
    for r in range(rows.size):
        ys = np.arange(rows.outputs) * rows.stride - rows.padding + r
        for c in range(columns.size):
            xs = np.arange(columns.outputs) * columns.stride - columns.padding + c
            inside = np.logical_and.outer((ys >= 0) & (ys < rows.n), (xs >= 0) & (xs < columns.n))
            place = np.broadcast_arrays(ys.clip(0, rows.n - 1)[:, None], xs.clip(0, columns.n - 1)[None])
            found.append(((place[0], place[1]), inside))
    return found
