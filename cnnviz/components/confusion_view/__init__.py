"""The confusion matrix: true class by predicted class, and the pictures of the cell that is chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, TypedDict

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.components.base import view
from cnnviz.components.json_types import IntPair, IntTriple
from cnnviz.components.packing import packed
from cnnviz.components.records import ConfusionLike

__all__ = ["Cell", "CellPictures", "ConfusionViewData", "confusion_data", "confusion_view"]

Cell = tuple[int, int]
CellPictures = tuple[NDArray[np.uint8], Sequence[int]]
"""Pictures uint8 (N, C, H, W) and their places in the split."""


class ConfusionViewData(TypedDict):
    """Counts by true (row) and predicted (column) class; the pictures of the chosen cell, all of one shape
    (C, H, W), packed one after the other, and their places in the split."""

    step: int
    split: str
    classes: list[str]
    counts: list[list[int]]
    cell: IntPair | None
    shape: IntTriple
    pictures: str
    places: list[int]
    show: Literal["count", "share"]


def confusion_data(
    confusion: ConfusionLike,
    classes: Sequence[str],
    cell: Cell | None = None,
    pictures: CellPictures | None = None,
    show: Literal["count", "share"] = "count",
) -> ConfusionViewData:
    """What the view reads. `pictures`: some or all of the chosen cell's."""
    shown, places = pictures if pictures is not None else (np.zeros((0, 1, 1, 1), np.uint8), ())
    return {
        "step": confusion.step,
        "split": confusion.split,
        "classes": list(classes),
        "counts": [[int(n) for n in row] for row in confusion.counts],
        "cell": list(cell) if cell is not None else None,
        "shape": list(shown.shape[1:]),
        "pictures": packed(shown),
        "places": [int(n) for n in places],
        "show": show,
    }


def confusion_view(
    confusion: ConfusionLike,
    classes: Sequence[str],
    *,
    key: str,
    cell: Cell | None = None,
    pictures: CellPictures | None = None,
    show: Literal["count", "share"] = "count",
    on_cell: Callable[[Cell | None], None] | None = None,
    on_show: Callable[[Literal["count", "share"]], None] | None = None,
) -> None:
    """Draw the matrix. `on_cell` is called with (true, predicted) for a chosen cell, None where left."""

    def chosen() -> None:
        reported = st.session_state[key]["cell"]
        if on_cell is not None and reported:
            value = reported["value"]
            on_cell((int(value[0]), int(value[1])) if value else None)

    def switched() -> None:
        reported = st.session_state[key]["show"]
        if on_show is not None and reported and reported["value"] in ("count", "share"):
            on_show(reported["value"])

    data = confusion_data(confusion, classes, cell, pictures, show)
    view("confusion_view")(key=key, data=data, on_cell_change=chosen, on_show_change=switched)
