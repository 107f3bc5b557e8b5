"""The tab "Slow motion": one step in named parts, on the real numbers of one layer."""

from __future__ import annotations

import streamlit as st

from cnnviz.components.slow_motion_view import slow_motion_view
from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.engine.wire.records import SubStep
from cnnviz.ui.train import live
from cnnviz.ui.train.poll_rate import PICTURES
from cnnviz.ui.train.runs import VisitorRuns, visitor_runs

__all__ = ["draw"]

WAITS = 2.0  # seconds that a script waits for the step


def draw(given: TrainConfig, *, fits: bool) -> None:
    """The button and the last step that was done so. `given` is what it starts where no run is open."""
    visitor = visitor_runs()
    st.caption(
        "A step is: draw a batch, forward, loss, backward, update. This does one step like any other, and "
        "shows what each part made of the numbers of one small layer."
    )
    st.button(
        "One step in slow motion",
        key="t_slow",
        icon=":material/slow_motion_video:",
        on_click=_step,
        args=(given,),
        disabled=not visitor.open and not fits,
    )
    live.polled(PICTURES, _draw)


def _step(given: TrainConfig) -> None:
    visitor = visitor_runs()
    if not visitor.open:
        visitor.start([(given, "")], playing=False)
    visitor.each(lambda run: run.slow_step(wait=WAITS))


def _draw(visitor: VisitorRuns) -> None:
    history = visitor.first.run.history if visitor.first else None
    reported = history.of(SubStep) if history else []
    if history is None or history.started is None or not reported:
        return
    parts = [part for part in reported if part.step == reported[-1].step]
    slow_motion_view(parts, classes=history.started.classes, key="t_slow_view")
