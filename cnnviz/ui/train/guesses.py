"""What the network says about pictures that it does not learn from: a stream, and the confusion matrix."""

from __future__ import annotations

from typing import Literal, cast

import numpy as np
import streamlit as st

from cnnviz.components.confusion_view import Cell, confusion_view
from cnnviz.engine.config.errors import EngineError
from cnnviz.engine.wire.records import Confusion, Maps
from cnnviz.ui.train import live
from cnnviz.ui.train.cadence import PICTURES
from cnnviz.ui.train.exhibit import Exhibit
from cnnviz.ui.train.judged import draw_stream, pictures
from cnnviz.ui.train.runs import Desk, Entry, desk
from cnnviz.ui.train.settings import CELL, SHARE, SPLIT

__all__ = ["confusion", "stream"]

SHOWN = 48  # pictures of one cell
TEST_WITHIN = 20.0  # seconds
BEFORE = "The network has said nothing yet: press Start."


def stream() -> None:
    """The tab with the test pictures as they come."""
    st.caption(
        "Test pictures, a few at each look, with the three most likely classes. None of them is learned from."
    )
    live.ticking(PICTURES, _stream)


def _stream(mine: Desk) -> None:
    if not draw_stream(mine.seen, "t_stream"):
        st.info(BEFORE)


def confusion() -> None:
    """The tab with the confusion matrix; on the test pictures only when it is asked for."""
    mine = desk()
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        with st.container(width=340):
            split = SPLIT.draw()
        if split == "test" and mine.seen:
            st.button("Test now", key="t_test", icon=":material/fact_check:", on_click=_test)
    live.ticking(PICTURES, lambda mine: _confusion(mine, split))


def _test() -> None:
    mine = desk()
    mine.sentence = ""
    if mine.first is None:
        maps = mine.exhibit.history.latest(Maps) if mine.exhibit else None
        if mine.exhibit and maps:
            mine.exhibit.test(maps.picture)
        return
    try:
        mine.first.run.evaluate("test", TEST_WITHIN)
    except (EngineError, ValueError) as error:
        mine.sentence = str(error)


def _confusion(mine: Desk, split: str) -> None:
    entry = mine.seen
    found = entry.history.of(Confusion) if entry else []
    matrix = next((one for one in reversed(found) if one.split == split), None)
    if entry is None or matrix is None or entry.history.started is None:
        st.info("Not tested yet: press *Test now*." if entry and split == "test" else BEFORE)
        return
    _said(entry, split)
    classes = entry.history.started.classes
    cell = _inside(CELL.get(), len(classes))
    places = matrix.pictures(*cell)[:SHOWN] if cell else np.zeros(0, np.int32)
    confusion_view(
        matrix,
        classes,
        key="t_confusion",
        cell=cell,
        pictures=(pictures(entry.config.dataset, split, places), places.tolist()) if cell else None,
        show=cast('Literal["count", "share"]', SHARE.get()),
        on_cell=CELL.set,
        on_show=SHARE.set,
    )


def _said(entry: Entry | Exhibit, split: str) -> None:
    """Loss and accuracy of the last evaluation of that split."""
    measured = entry.history.evaluations(split)
    if measured:
        step, loss, accuracy = measured[-1]
        st.caption(f"Step {step:,}: {accuracy:.1%} right, loss {loss:.3g}.")


def _inside(cell: Cell | None, classes: int) -> Cell | None:
    return cell if cell and max(cell) < classes else None
