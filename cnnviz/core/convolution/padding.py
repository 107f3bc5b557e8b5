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
    """Add cells around a picture, by one of PyTorch's padding modes.

    Parameters
    ----------
    image : numpy.ndarray, (H, W) or (H, W, C)
    amounts : (int, int, int, int)
        Cells added at the top, bottom, left and right.
    mode : "zeros", "reflect", "replicate" or "circular"
        "reflect" is a mirror that does not repeat the edge cell, "replicate" the nearest edge cell,
        "circular" the opposite side.

    Returns
    -------
    numpy.ndarray
        A new array (top + H + bottom, left + W + right) or with C, of the picture's dtype.

    Raises
    ------
    TypeError
        For amounts that are not whole numbers.
    ValueError
        For another mode, an amount below 0, an empty picture or one without 2 or 3 axes.

    Notes
    -----
    Any amount is taken: where the mirror or the wrap has to start again, it does, as in `numpy.pad` (torch
    refuses there). A mirror on an axis of one cell repeats that cell.

    Examples
    --------
    >>> import numpy as np
    >>> row = np.array([[1, 2, 3]])
    >>> for mode in ("zeros", "reflect", "replicate", "circular"):
    ...     print(pad(row, (0, 0, 2, 2), mode))
    [[0 0 1 2 3 0 0]]
    [[3 2 1 2 3 2 1]]
    [[1 1 1 2 3 3 3]]
    [[2 3 1 2 3 1 2]]
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
