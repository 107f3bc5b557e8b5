"""What stands outside the picture: zeros, a mirror, the nearest edge cell, or the opposite side."""

from functools import lru_cache
from typing import Any, Literal, cast, get_args

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.convolution.sizes import as_integer

PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]
Array = NDArray[Any]
Index = NDArray[np.intp]

OUTSIDE = -1


def check_mode(mode: object) -> PaddingMode:
    """`mode` if it is a padding mode, else a ValueError that names them all."""
    if mode in get_args(PaddingMode):
        return cast(PaddingMode, mode)
    names = ", ".join(f'"{name}"' for name in get_args(PaddingMode))
    raise ValueError(f"padding_mode must be one of {names}, not {mode!r}")


@lru_cache(maxsize=64)
def border_index(n: int, before: int, after: int, mode: PaddingMode) -> Index:
    """For each of the before + n + after cells of a padded axis, the cell it copies, or OUTSIDE for a zero.

    "reflect" mirrors at the edge cell without repeating it (period 2n − 2) and "circular" repeats the axis
    (period n), as often as the padding needs. The array is kept for the next call, so it is read-only.
    """
    index = _border_index(n, before, after, mode)
    index.flags.writeable = False
    return index


def _border_index(n: int, before: int, after: int, mode: PaddingMode) -> Index:
    place = np.arange(-before, n + after)
    if mode == "replicate":
        return place.clip(0, n - 1)
    if mode == "circular":
        return place % n
    if mode == "reflect":
        period = max(2 * n - 2, 1)
        place %= period
        return np.minimum(place, period - place) if n > 1 else place
    return np.where((place >= 0) & (place < n), place, OUTSIDE)


def pad(image: Array, amounts: tuple[int, int, int, int], mode: PaddingMode = "zeros") -> Array:
    """The picture (H, W) or (H, W, C) with (top, bottom, left, right) cells added, in its own dtype.

    Modes: "zeros"; "reflect", a mirror that does not repeat the edge cell; "replicate", the nearest edge
    cell; "circular", the opposite side. These are torch's modes, and any amount is taken (torch stops where
    the mirror or the wrap would have to start again; here it starts again, as in numpy's pad). A mirror on
    an axis of one cell repeats that cell. Returns a new array; raises ValueError for other modes or shapes.
    """
    image = np.asarray(image)
    if image.ndim not in (2, 3) or 0 in image.shape:
        raise ValueError(f"image must be (H, W) or (H, W, C) and not empty; its shape is {image.shape}")
    if len(amounts) != 4:
        raise ValueError(f"amounts must be (top, bottom, left, right), not {len(amounts)} numbers")
    top, bottom, left, right = (as_integer(amount, "padding", 0) for amount in amounts)
    height, width = image.shape[:2]
    rows = border_index(height, top, bottom, check_mode(mode))
    columns = border_index(width, left, right, check_mode(mode))
    padded = image[rows[:, None], columns]
    padded[rows == OUTSIDE] = 0
    padded[:, columns == OUTSIDE] = 0
    return padded
