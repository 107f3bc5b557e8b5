"""What the network predicts for pictures that it does not learn from: a stream, and the confusion matrix."""

from __future__ import annotations

from typing import Literal, cast

import numpy as np
import streamlit as st

from cnnviz.components.confusion_view import Cell, confusion_view
from cnnviz.engine.config.errors import EngineError
from cnnviz.engine.wire.records import Confusion, Maps
from cnnviz.ui.train import live
from cnnviz.ui.train.poll_rate import PICTURES
from cnnviz.ui.train.predictions import draw_stream, pictures
from cnnviz.ui.train.runs import Entry, VisitorRuns, visitor_runs
from cnnviz.ui.train.saved_network import SavedNetworkView
from cnnviz.ui.train.settings import CELL, SHARE, SPLIT

__all__ = ["draw", "test_pictures"]

SHOWN = 48  # pictures of one cell
TEST_WITHIN = 20.0  # seconds
BEFORE = "There are no predictions yet: press Start."


def test_pictures() -> None:
    """The tab with the test pictures as they come."""
    st.caption(
        "Test pictures, a few at a time, with the three most likely classes. It never learns from them."
    )
    live.polled(PICTURES, _stream)


def _stream(visitor: VisitorRuns) -> None:
    if not draw_stream(visitor.shown, "t_stream"):
        st.info(BEFORE)


def draw() -> None:
    """The tab with the confusion matrix; on the test pictures only when it is asked for."""
    visitor = visitor_runs()
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        with st.container(width=340):
            split = SPLIT.draw()
        if split == "test" and visitor.shown:
            st.button("Test now", key="t_test", icon=":material/fact_check:", on_click=_test)
    live.polled(PICTURES, lambda visitor: _confusion(visitor, split))


def _test() -> None:
    visitor = visitor_runs()
    visitor.sentence = ""
    if visitor.first is None:
        maps = visitor.saved_network.history.latest(Maps) if visitor.saved_network else None
        if visitor.saved_network and maps:
            visitor.saved_network.test(maps.picture)
        return
    try:
        visitor.first.run.evaluate("test", TEST_WITHIN)
    except (EngineError, ValueError) as error:
        visitor.sentence = str(error)


def _confusion(visitor: VisitorRuns, split: str) -> None:
    entry = visitor.shown
    found = entry.history.of(Confusion) if entry else []
    matrix = next((one for one in reversed(found) if one.split == split), None)
    if entry is None or matrix is None or entry.history.started is None:
        st.info("Not tested yet: press *Test now*." if entry and split == "test" else BEFORE)
        return
    _score(entry, split)
    classes = entry.history.started.classes
    cell = held_to_classes(CELL.get(), len(classes))
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


def _score(entry: Entry | SavedNetworkView, split: str) -> None:
    """Loss and accuracy of the last evaluation of that split."""
    measured = entry.history.evaluations(split)
    if measured:
        step, loss, accuracy = measured[-1]
        st.caption(f"Step {step:,}: accuracy {accuracy:.1%}, loss {loss:.3g}.")


def held_to_classes(cell: Cell | None, classes: int) -> Cell | None:
    return cell if cell and max(cell) < classes else None
