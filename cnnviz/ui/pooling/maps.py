"""What is pooled: a patch of the picture, small numbers, the picture, its Sobel map, or eight edge maps."""

from __future__ import annotations

from functools import cache
from typing import Literal, cast

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.components.pool_view import BankFilter, NumberMap, Patch, WholePicture
from cnnviz.core.convolution.filtering import sobel
from cnnviz.core.kernels.library import KERNELS
from cnnviz.core.pictures.load import grey
from cnnviz.ui.pooling import settings

Pair = tuple[int, int]
Spec = NumberMap | WholePicture | Patch
Field = Literal["grey", "sobel"]


def numbers(shape: Pair, seed: int, own: tuple[int, ...] = ()) -> NDArray[np.float32]:
    """Whole numbers 0 … 9 of this shape, always the same for a seed; `own` replaces them where it fits."""
    if len(own) == shape[0] * shape[1]:
        return np.array(own, dtype=np.float32).reshape(shape)
    return np.random.default_rng(seed).integers(0, 10, shape).astype(np.float32)


def field(pixels: NDArray[np.uint8], of: Field) -> NDArray[np.float32]:
    """The picture (H, W, 3) in grey, or its Sobel strength: float32 (H, W), as the browser makes it too."""
    values = grey(pixels)
    return sobel(values)["magnitude"] if of == "sobel" else values


@cache
def bank() -> tuple[BankFilter, ...]:
    """Eight edge filters, one for each direction in steps of 45°."""
    kernel = KERNELS["robinson"]
    return tuple(BankFilter(f"edges at {angle}°", kernel.make(angle=angle)) for angle in range(0, 360, 45))


def draw_map(size: Pair) -> Spec:
    """Draw the choice of the map for the windows; `size` is the picture's (H, W)."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        with st.container(width=430):
            kind = settings.MAP.draw()
        if kind in {"grey", "sobel"}:
            return WholePicture(cast("Field", kind))
        with st.container(width=170):
            rows = int(settings.ROWS.draw())
        with st.container(width=170):
            cols = int(settings.COLS.draw())
        if kind == "numbers":
            with st.container(width=150):
                seed = int(settings.SEED.draw(on_change=settings.OWN.reset))
            return NumberMap(numbers((rows, cols), seed, settings.OWN.get()))
    shape = min(rows, size[0]), min(cols, size[1])
    middle = (size[0] - shape[0]) // 2, (size[1] - shape[1]) // 2
    top, left = settings.AT.get() or middle
    return Patch("grey", (min(top, size[0] - shape[0]), min(left, size[1] - shape[1])), shape)


def shape_of(spec: Spec, size: Pair) -> Pair:
    """(H, W) of a map made from a picture of `size` (H, W)."""
    if isinstance(spec, NumberMap):
        return spec.values.shape[0], spec.values.shape[1]
    return spec.shape if isinstance(spec, Patch) else size
