"""The gallery of failures: each starts a run that goes wrong beside its healthy twin, from the same seed."""

from __future__ import annotations

import streamlit as st

from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.engine.diagnosis.failures import FAILURES, Failure
from cnnviz.settings import settings as limits
from cnnviz.ui.train import settings
from cnnviz.ui.train.runs import visitor_runs

__all__ = ["draw", "pair"]


def draw() -> None:
    """A card for each failure."""
    st.caption(
        "Each button starts two runs with the same seed, on the same axes: one that fails, and its healthy "
        "twin with one thing changed. The controls take the settings of the one that fails."
    )
    columns = st.columns(2, gap="medium")
    for number, failure in enumerate(FAILURES.values()):
        with columns[number % 2], st.container(border=True, height="stretch"):
            _card(failure)


def _card(failure: Failure) -> None:
    st.button(
        failure.title,
        key=f"t_fail_{failure.id}",
        icon=":material/compare_arrows:",
        on_click=_start,
        args=(failure,),
    )
    shows_in = failure.shows_in[:1].lower() + failure.shows_in[1:]
    st.caption(f"{failure.about} **Twin**: {failure.change} **See** {shows_in}")


def pair(failure: Failure) -> list[tuple[TrainConfig, str]]:
    """The two runs, with the names that they have on the page."""
    device = limits.device
    return [
        (failure.failing.changed(max_steps=failure.steps, device=device), failure.title),
        (
            failure.healthy.changed(max_steps=failure.steps, device=device),
            f"Twin: {failure.change.rstrip('.')}",
        ),
    ]


def _start(failure: Failure) -> None:
    runs = pair(failure)
    settings.STATE.reset()
    settings.take(runs[0][0])
    visitor_runs().replace(runs)
