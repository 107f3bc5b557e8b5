"""Pictures small enough to read every number: the pictures that the page "Step by step" starts with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["LARGEST", "PRESETS", "SMALLEST", "resize_canvas", "small_picture"]

Floats = NDArray[np.float32]
SMALLEST, LARGEST = 3, 16
BRIGHT = 9.0
_MOST_INTEGER = 4  # so that sums of products can be added up in the head
_SPACING = 4

_A = np.array(
    [
        [int(c) for c in row]
        for row in ("0001000", "0010100", "0100010", "0100010", "0111110", "0100010", "0100010")
    ]
)
_COLOURS = ((9.0, 4.0, 0.0), (0.0, 3.0, 9.0))  # of what is bright and of what is dark, red, green, blue


def _edge(height: int, width: int) -> NDArray[np.bool_]:
    return np.broadcast_to(np.arange(width) >= width // 2, (height, width))


def _corner(height: int, width: int) -> NDArray[np.bool_]:
    return np.asarray(np.logical_and.outer(np.arange(height) >= height // 2, np.arange(width) >= width // 2))


def _letter(height: int, width: int) -> NDArray[np.bool_]:
    rows = (np.arange(height) * 2 + 1) * _A.shape[0] // (2 * height)
    columns = (np.arange(width) * 2 + 1) * _A.shape[1] // (2 * width)
    return np.asarray(_A[np.ix_(rows, columns)] == 1)


def _points(height: int, width: int) -> NDArray[np.bool_]:
    rows, columns = (np.arange(n) % _SPACING == min(_SPACING // 2, n // 2) for n in (height, width))
    return np.asarray(np.logical_and.outer(rows, columns))


_SHAPES: Mapping[str, Callable[[int, int], NDArray[np.bool_]]] = MappingProxyType(
    {"edge": _edge, "corner": _corner, "letter_a": _letter, "points": _points}
)
PRESETS = (*_SHAPES, "integers")
"""The names that `small_picture` knows."""


def small_picture(preset: str, height: int, width: int, channels: int = 1, seed: int = 0) -> Floats:
    """A preset as float32 (height, width, channels).

    "edge", "corner" and "letter_a" are 0 and 9 in one channel, two colours in three; "points" is a sparse
    grid of ones, every fourth cell of every fourth row; "integers" draws 0 to 4 with `seed`.
    Raises ValueError for another preset or a size outside 3 to 16.
    """
    if preset not in PRESETS:
        raise ValueError(f"There is no small picture {preset!r}; there are {', '.join(PRESETS)}.")
    if not (SMALLEST <= height <= LARGEST and SMALLEST <= width <= LARGEST):
        raise ValueError(
            f"A small picture has {SMALLEST} to {LARGEST} rows and columns, not {height}×{width}."
        )
    if preset == "integers":
        drawn = np.random.default_rng(seed).integers(0, _MOST_INTEGER + 1, (height, width, channels))
        return drawn.astype(np.float32)
    shape = _SHAPES[preset](height, width)[:, :, None]
    if preset == "points":
        return np.repeat(shape, channels, axis=2).astype(np.float32)
    bright, dark = ((BRIGHT,), (0.0,)) if channels == 1 else _COLOURS
    return np.where(shape, np.array(bright), np.array(dark)).astype(np.float32)


def resize_canvas(image: ArrayLike, height: int, width: int) -> Floats:
    """The picture (H, W, C) cut off, or continued with zeros, at the bottom and the right: float32."""
    array = np.asarray(image, dtype=np.float32)
    out = np.zeros((height, width, array.shape[2]), np.float32)
    rows, columns = min(height, array.shape[0]), min(width, array.shape[1])
    out[:rows, :columns] = array[:rows, :columns]
    return out
