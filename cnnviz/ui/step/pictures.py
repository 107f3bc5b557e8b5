"""The small picture of the page "Step by step": a preset or the visitor's own cells, kept in the link."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.core.kernels.text import format_kernel, parse_kernel
from cnnviz.core.pictures.small import LARGEST, SMALLEST, resized, small_picture
from cnnviz.ui.kit.controls import Choice, Number
from cnnviz.ui.kit.link import Linked

OWN = "own"
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

    :raises ValueError: for text that is no such picture, or one outside 3×3 to 16×16.
    """
    cells = parse_kernel(text)
    cells = cells[:, :, None] if cells.ndim == 2 else cells
    if cells.shape[2] != channels or not all(SMALLEST <= n <= LARGEST for n in cells.shape[:2]):
        raise ValueError(f"This picture is {'×'.join(map(str, cells.shape))}.")
    return cells


def cells_text(image: NDArray[np.float32]) -> str:
    """The inverse of `read_cells`."""
    return format_kernel(image[:, :, 0] if image.shape[2] == 1 else image)


@dataclass(frozen=True)
class PictureFamily:
    """The pictures of some modes: one choice, one size and one set of own cells for all of them."""

    suffix: str
    channels: int
    presets: tuple[str, ...]
    size: tuple[int, int]
    choice: Choice = field(init=False)
    rows: Number = field(init=False)
    cols: Number = field(init=False)
    seed: Number = field(init=False)
    cells: Linked[str] = field(init=False)

    def __post_init__(self) -> None:
        def known(text: str) -> str:
            read_cells(text, self.channels)
            return text

        end = self.suffix
        titles = {name: TITLES[name] for name in (*self.presets, OWN)}
        first = cells_text(small_picture(self.presets[0], *self.size, channels=self.channels))
        parts = {
            "choice": Choice(f"s_pic{end}", "Small picture", titles, self.presets[0], kind="select"),
            "rows": Number(f"s_rows{end}", "Rows", SMALLEST, LARGEST, self.size[0]),
            "cols": Number(f"s_cols{end}", "Columns", SMALLEST, LARGEST, self.size[1]),
            "seed": Number(f"s_seed{end}", "Draw number", 0, 99, 0),
            "cells": Linked(f"s_cells{end}", first, known, str),
        }
        for name, part in parts.items():
            object.__setattr__(self, name, part)

    def take(self, text: str) -> None:
        """Make own cells the picture; text that is no picture of this family is not taken."""
        try:
            cells = read_cells(text, self.channels)
        except ValueError:
            return
        self.cells.set(text)
        self.choice.set(OWN)
        self.rows.set(cells.shape[0])
        self.cols.set(cells.shape[1])

    def preset(self, name: str, rows: int, cols: int) -> None:
        """Make a preset of this size the picture."""
        self.choice.set(name)
        self.rows.set(rows)
        self.cols.set(cols)

    def draw(self, least: tuple[int, int]) -> NDArray[np.float32]:
        """Draw the controls and return the picture, (H, W, C). `least`: the rows and columns it needs."""
        name = self.choice.draw()
        with st.container(horizontal=True, gap="small"):
            rows = int(self.rows.draw(low=least[0]))
            cols = int(self.cols.draw(low=least[1]))
        if name == OWN:
            return resized(read_cells(self.cells.get(), self.channels), rows, cols)
        seed = int(self.seed.draw()) if name == "integers" else 0
        return small_picture(name, rows, cols, self.channels, seed)

    def reset(self) -> None:
        for part in (self.choice, self.rows, self.cols, self.seed, self.cells):
            cast("Linked[str]", part).reset()


GREY = PictureFamily("", 1, ("integers", "edge", "corner", "letter_a", "points"), (6, 7))
COLOUR = PictureFamily("_rgb", 3, ("integers", "edge", "corner", "letter_a"), (6, 6))
POINTS = PictureFamily("_dots", 1, ("points", "integers", "corner", "letter_a"), (12, 12))
FAMILIES = (GREY, COLOUR, POINTS)
