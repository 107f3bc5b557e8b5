"""A small stack of two convolution layers with kernels made by hand: nothing in it is trained.

Each layer is: convolution ("same" size, the picture's edge cells repeated outside), ReLU, max pooling 2×2.
Every kernel is divided by the sum of its positive weights, so that all maps stay on the picture's scale of
0 … 255 and can be compared.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.core.convolution.convolve import convolve2d
from cnnviz.core.convolution.padding import PaddingMode
from cnnviz.core.kernels.library import KERNELS, Weights
from cnnviz.core.pooling.pool import pool2d

__all__ = ["LAYERS", "PADDING_MODE", "POOL", "MapKernel", "run_stack"]

POOL = 2
PADDING_MODE: PaddingMode = "replicate"  # zeros outside would look like edges of the picture


@dataclass(frozen=True, eq=False)
class MapKernel:
    """One kernel, which makes one feature map.

    weights: float32 (kh, kw, C), a slice for each map of the layer before; read-only.
    about:   what the map is bright at, to follow "Bright where".
    """

    title: str
    about: str
    weights: Weights


def _kernel(title: str, about: str, weights: ArrayLike) -> MapKernel:
    array = np.asarray(weights, dtype=np.float64)
    scaled = (array / array[array > 0].sum()).astype(np.float32)
    scaled.flags.writeable = False
    return MapKernel(title, about, scaled)


def _first(kernel_id: str, title: str, about: str) -> MapKernel:
    """A kernel of the library on the one grey picture."""
    return _kernel(title, about, KERNELS[kernel_id].weights[:, :, None])


FIRST: tuple[MapKernel, ...] = (
    _first("sobel_right", "Brighter right", "it gets brighter to the right (Sobel)"),
    _first("sobel_left", "Brighter left", "it gets brighter to the left (Sobel)"),
    _first("sobel_bottom", "Brighter below", "it gets brighter downwards (Sobel)"),
    _first("sobel_top", "Brighter above", "it gets brighter upwards (Sobel)"),
    _first("line_rising", "Rising line", "a thin bright line rises to the right"),
    _first("line_falling", "Falling line", "a thin bright line falls to the right"),
    _first("outline", "Bright spot", "a pixel is brighter than its eight neighbours on average"),
    _first("laplacian_8", "Dark spot", "a pixel is darker than its eight neighbours on average"),
)

RIGHT, LEFT, BELOW, ABOVE, RISING, FALLING, BRIGHT, DARK = range(len(FIRST))
_ALL = np.ones((3, 3))
_LEFT = np.array([[1, 0, 0]] * 3)
_RIGHT = _LEFT[:, ::-1]
_TOP, _BOTTOM = _LEFT.T, _RIGHT.T
_DOWN = np.array([[0, -1, 0], [0, 1, 0], [0, 1, 0]])  # an edge that begins here and goes on downwards
_UP, _ONWARD = _DOWN[::-1], _DOWN.T
_BACK = _ONWARD[:, ::-1]


def _second(title: str, about: str, slices: dict[int, NDArray[np.float64]]) -> MapKernel:
    """A 3-D kernel: a slice for each map of the first layer that it reads, zeros for the others."""
    weights = np.zeros((3, 3, len(FIRST)))
    for index, kernel in slices.items():
        weights[:, :, index] = kernel
    return _kernel(title, about, weights)


_VERTICAL_BAR = {RIGHT: _LEFT - _RIGHT, LEFT: _RIGHT - _LEFT}
_HORIZONTAL_BAR = {BELOW: _TOP - _BOTTOM, ABOVE: _BOTTOM - _TOP}
_VERTICAL = {RIGHT: _ALL, LEFT: _ALL, BELOW: -_ALL, ABOVE: -_ALL}


def _negative(slices: dict[int, NDArray[np.float64]]) -> dict[int, NDArray[np.float64]]:
    return {index: -kernel for index, kernel in slices.items()}


SECOND: tuple[MapKernel, ...] = (
    _second("Bright vertical bar", "a bright bar stands between two edges", _VERTICAL_BAR),
    _second("Dark vertical bar", "a dark bar stands between two edges", _negative(_VERTICAL_BAR)),
    _second("Bright horizontal bar", "a bright bar lies between two edges", _HORIZONTAL_BAR),
    _second("Dark horizontal bar", "a dark bar lies between two edges", _negative(_HORIZONTAL_BAR)),
    _second("Corner, top left", "something bright has its top left corner", {RIGHT: _DOWN, BELOW: _ONWARD}),
    _second("Corner, top right", "something bright has its top right corner", {LEFT: _DOWN, BELOW: _BACK}),
    _second("Corner, lower left", "something bright has its lower left corner", {RIGHT: _UP, ABOVE: _ONWARD}),
    _second("Corner, lower right", "something bright has its lower right corner", {LEFT: _UP, ABOVE: _BACK}),
    _second("Bright blob", "edges lie all around something bright", _VERTICAL_BAR | _HORIZONTAL_BAR),
    _second("Dark blob", "edges lie all around something dark", _negative(_VERTICAL_BAR | _HORIZONTAL_BAR)),
    _second("Vertical edges", "vertical edges outweigh horizontal ones", _VERTICAL),
    _second("Horizontal edges", "horizontal edges outweigh vertical ones", _negative(_VERTICAL)),
    _second("Rising lines", "lines rise to the right, and few fall", {RISING: _ALL, FALLING: -_ALL}),
    _second("Falling lines", "lines fall to the right, and few rise", {FALLING: _ALL, RISING: -_ALL}),
    _second("Any edge", "there is an edge of any direction", dict.fromkeys((0, 1, 2, 3), _ALL)),
    _second("Fine texture", "there is much fine detail", {BRIGHT: _ALL, DARK: _ALL}),
)

LAYERS: tuple[tuple[MapKernel, ...], ...] = (FIRST, SECOND)


def run_stack(grey_values: ArrayLike) -> tuple[NDArray[np.float32], ...]:
    """The maps after each layer, for a grey picture (H, W).

    One float32 (C, H', W') for each layer of LAYERS: C kernels, H' = floor(H / 2) and W' = floor(W / 2) of
    the layer before. map = maxpool₂ₓ₂(max(0, Σ over slices of kernel ⋆ maps before)).
    Raises ValueError, with the numbers in it, where the picture is too small to be pooled twice.
    """
    maps = np.asarray(grey_values, dtype=np.float32)[:, :, None]
    after = []
    for kernels in LAYERS:
        pooled = [
            pool2d(
                np.maximum(convolve2d(maps, k.weights, padding="same", padding_mode=PADDING_MODE), 0), POOL
            )
            for k in kernels
        ]
        maps = np.stack(pooled, axis=2)
        after.append(np.ascontiguousarray(np.moveaxis(maps, 2, 0)))
    return tuple(after)
