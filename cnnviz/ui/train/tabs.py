"""What stands under the curves and maps, one tab each; only the open one is drawn."""

from __future__ import annotations

import streamlit as st

from cnnviz.components.gradient_flow import gradient_flow
from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.ui.train import confusion, findings, gallery, live, saved_networks, slow
from cnnviz.ui.train.poll_rate import PICTURES
from cnnviz.ui.train.runs import VisitorRuns
from cnnviz.ui.train.settings import FLOW, TABS

__all__ = ["draw"]


def draw(given: TrainConfig, *, fits: bool) -> None:
    """The row of tabs and the one that is open. `given`: the settings as they stand, and whether they fit."""
    TABS.draw(
        _flow,
        confusion.test_pictures,
        confusion.draw,
        lambda: slow.draw(given, fits=fits),
        gallery.draw,
        saved_networks.draw,
    )


def _flow() -> None:
    st.caption(
        "Back-propagation goes from the last layer to the first. What reaches a layer is what it can learn "
        "from: lines far below the others learn far more slowly."
    )
    live.polled(PICTURES, _draw_flow)
    live.polled(PICTURES, findings.draw)


def _draw_flow(visitor: VisitorRuns) -> None:
    found = live.series(visitor.entries)
    if not found:
        st.info("There is no gradient before the first step: press Start.")
        return
    gradient_flow(found, key="t_flow_view", show=FLOW.get(), on_show=FLOW.set)
