"""The visitor's picture as the network gets it: the middle of it in the input's proportions, made smaller."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnnviz.core.pictures.load import Picture, grey

LARGEST = 512  # pixels of a side that are sent to the browser; a larger input is drawn with fewer

Pair = tuple[int, int]
Box = tuple[int, int, int, int]


def middle(size: Pair, shape: Pair) -> Box:
    """(top, left, rows, columns) of the largest part of a picture of `size` in the proportions of `shape`."""
    rows = min(size[0], max(1, round(size[1] * shape[0] / shape[1])))
    columns = min(size[1], max(1, round(size[0] * shape[1] / shape[0])))
    return (size[0] - rows) // 2, (size[1] - columns) // 2, rows, columns


def as_input(pixels: NDArray[np.uint8], channels: int, shape: Pair) -> Picture:
    """The middle of a picture (H, W, 3) at the resolution of the network's input; grey for one channel.

    Each pixel is the mean of the area that it covers (Pillow's BOX). No side has more than `LARGEST` pixels.
    """
    top, left, rows, columns = middle((pixels.shape[0], pixels.shape[1]), shape)
    part = pixels[top : top + rows, left : left + columns]
    if channels == 1:
        part = np.repeat(np.rint(grey(part)).astype(np.uint8)[:, :, None], 3, axis=2)
    share = min(1.0, LARGEST / max(shape))
    size = max(1, round(shape[1] * share)), max(1, round(shape[0] * share))
    small = Image.fromarray(part).resize(size, Image.Resampling.BOX)
    return Picture.of(np.asarray(small), "RGB")


def caption(pixels: NDArray[np.uint8], channels: int, shape: Pair) -> str:
    """What was done to the picture, in one sentence."""
    size = pixels.shape[0], pixels.shape[1]
    _, _, rows, columns = middle(size, shape)
    what = (
        "your picture" if (rows, columns) == size else f"the middle {rows}×{columns} pixels of your picture"
    )
    colour = " in grey" if channels == 1 else ""
    return f"The network's input is {what}, resized to {shape[0]}×{shape[1]}{colour}."
