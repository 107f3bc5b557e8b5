"""The small picture of the page "Step by step": a preset or the visitor's own cells, kept in the link."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.core.kernels.text import format_kernel, parse_kernel
from cnnviz.core.pictures.small import LARGEST, SMALLEST, resize_canvas, small_picture
from cnnviz.ui.kit.controls import Choice, Number, smallest
from cnnviz.ui.kit.link import Linked, Part
from cnnviz.ui.kit.own import OWN, NamedOrOwn, checked

Cells = NDArray[np.float32]
Fits = Callable[[tuple[int, int, int]], object]
TITLES = {
    "edge": "edge",
    "corner": "corner",
    "letter_a": "letter A",
    "integers": "integers 0–4",
    "points": "grid of points",
    OWN: "own cells",
}


def read_cells(text: str, channels: int) -> NDArray[np.float32]:
    """Own cells from their text, (H, W, channels).

    :raises ValueError: for text that is not such a picture, or one outside 3×3 to 16×16.
    """
    cells = parse_kernel(text, short=True)
    cells = cells[:, :, None] if cells.ndim == 2 else cells
    if cells.shape[2] != channels or not all(SMALLEST <= n <= LARGEST for n in cells.shape[:2]):
        raise ValueError(f"This picture is {'×'.join(map(str, cells.shape))}.")
    return cells


def cells_text(image: NDArray[np.float32]) -> str:
    """The inverse of `read_cells`."""
    return format_kernel(image[:, :, 0] if image.shape[2] == 1 else image)


class PictureFamily(NamedOrOwn[Cells]):
    """The pictures of some modes, (H, W, channels): one menu, one size and one set of own cells for all."""

    def __init__(self, suffix: str, channels: int, presets: tuple[str, ...], size: tuple[int, int]) -> None:
        def read(text: str) -> Cells:
            return read_cells(text, channels)

        titles = {name: TITLES[name] for name in (*presets, OWN)}
        menu = Choice(f"s_pic{suffix}", "Small picture", titles, presets[0], kind="select")
        first = cells_text(small_picture(presets[0], *size, channels=channels))
        cells = Linked(f"s_cells{suffix}", first, checked(read), str)
        super().__init__(menu, cells, self._preset, read)
        self.menu, self.channels = menu, channels
        self.rows = Number(f"s_rows{suffix}", "Rows", SMALLEST, LARGEST, size[0])
        self.cols = Number(f"s_cols{suffix}", "Columns", SMALLEST, LARGEST, size[1])
        self.seed = Number(f"s_seed{suffix}", "Random seed", 0, 99, 0)

    @property
    def parts(self) -> tuple[Part[Any], ...]:
        return (*super().parts, self.rows, self.cols, self.seed)

    def _preset(self, name: str) -> Cells:
        seed = int(self.seed.get()) if name == "integers" else 0
        return small_picture(name, int(self.rows.get()), int(self.cols.get()), self.channels, seed)

    def take(self, text: str) -> None:
        """Use own cells, in their size; in a callback. A text that cannot be read is not taken."""
        super().take(text)
        if self.menu.get() == OWN and self.own.get() == text:
            cells = self.get()
            self.rows.set(cells.shape[0])
            self.cols.set(cells.shape[1])

    def draw(self, fits: Fits) -> Cells:
        """Draw the controls and return the picture, (H, W, C). `fits` refuses (H, W, C) that are too few."""
        name = self.menu.draw()
        with st.container(horizontal=True, gap="small"):
            low = smallest(self.rows, lambda n: fits((n, LARGEST, self.channels)))
            rows = int(self.rows.draw(low=low))
            low = smallest(self.cols, lambda n: fits((LARGEST, n, self.channels)))
            cols = int(self.cols.draw(low=low))
        if name == "integers":
            self.seed.draw()
        return resize_canvas(self.get(), rows, cols)


GREY = PictureFamily("", 1, ("integers", "edge", "corner", "letter_a", "points"), (6, 7))
COLOUR = PictureFamily("_rgb", 3, ("integers", "edge", "corner", "letter_a"), (6, 6))
POINTS = PictureFamily("_dots", 1, ("points", "integers", "corner", "letter_a"), (12, 12))
FAMILIES = (GREY, COLOUR, POINTS)
