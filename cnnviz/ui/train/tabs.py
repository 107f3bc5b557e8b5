"""What stands under the curves and maps, one tab each; only the open one is drawn."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from cnnviz.components.gradient_flow import gradient_flow
from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.ui.train import findings, gallery, guesses, keep, live, slow
from cnnviz.ui.train.cadence import PICTURES
from cnnviz.ui.train.runs import Desk
from cnnviz.ui.train.settings import FLOW

__all__ = ["draw"]


def draw(given: TrainConfig, *, fits: bool) -> None:
    """The row of tabs and the one that is open. `given`: the settings as they stand, and whether they fit."""
    parts: dict[str, Callable[[], None]] = {
        "Gradient flow": _flow,
        "Test pictures": guesses.stream,
        "Confusion": guesses.confusion,
        "Slow motion": lambda: slow.draw(given, fits=fits),
        "Gallery of failures": gallery.draw,
        "Keep": keep.draw,
    }
    tabs = st.tabs(list(parts), key="t_tab", on_change="rerun", bind="query-params")
    for tab, body in zip(tabs, parts.values(), strict=True):
        if tab.open:
            with tab:
                body()


def _flow() -> None:
    st.caption(
        "Back-propagation goes from the last layer to the first. What reaches a layer is what it can learn "
        "from: lines far below the others learn far more slowly."
    )
    live.ticking(PICTURES, _draw_flow)
    live.ticking(PICTURES, findings.draw)


def _draw_flow(mine: Desk) -> None:
    found = live.series(mine.entries)
    if not found:
        st.info("There is no gradient before the first step: press Start.")
        return
    gradient_flow(found, key="t_flow_view", show=FLOW.get(), on_show=FLOW.set)
