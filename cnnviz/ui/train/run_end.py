"""How a run ended, in one sentence, and what can be done then: go on, start again, test."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from cnnviz.engine.config.errors import EngineError
from cnnviz.ui.picture.picker import plain
from cnnviz.ui.train import settings
from cnnviz.ui.train.runs import Entry, visitor_runs

__all__ = ["draw"]


def draw(entries: Sequence[Entry]) -> None:
    """What is said of runs that have ended, with their buttons.

    It has its place also while there is nothing to say: what is drawn below must not move, or a fragment's
    elements that are on their way might meet others in their place.
    """
    with st.container(gap="small"):
        for number, entry in enumerate(entries):
            _draw(entry, number)


def _draw(entry: Entry, number: int) -> None:
    run = entry.run
    status, name = run.status, f"**{plain(entry.label)}.** " if entry.label else ""
    if status == "diverged":
        st.error(f"{name}{plain(run.sentence)}", icon=":material/trending_up:")
        last = float(run.history.rate[-1]) if run.history.last_step else entry.config.rate
        tenth = float(f"{last / 10:.2g}")  # as the button says
        with st.container(horizontal=True, gap="small"):
            _button(
                f"t_tenth_{number}",
                f"Go on from step {run.last_good_step:,} with a rate of {tenth:g}",
                "undo",
                lambda: _resume(entry, rate=tenth),
            )
    elif status == "failed":
        st.error(f"{name}{plain(run.sentence)}", icon=":material/error:")
        with st.container(horizontal=True, gap="small"):
            if run.last_good_step:
                step = f"{run.last_good_step:,}"
                _button(f"t_go_on_{number}", f"Go on from step {step}", "play_circle", lambda: _resume(entry))
            _button(f"t_again_{number}", "Start again", "restart_alt", lambda: _again(entry))
    elif run.sentence:
        st.caption(f"{name}{plain(run.sentence)}")


def _button(key: str, label: str, icon: str, act: Callable[[], None]) -> None:
    st.button(label, key=key, icon=f":material/{icon}:", on_click=act)


def _resume(entry: Entry, rate: float | None = None) -> None:
    """Train on from the last good weights, and let the slider say with which rate."""
    visitor = visitor_runs()
    try:
        if rate is None:
            entry.run.restart_from_last()
        else:
            entry.run.restart_from_last(rate=rate)
            settings.slow_down(rate)
    except (EngineError, ValueError) as error:
        visitor.sentence = str(error)


def _again(entry: Entry) -> None:
    visitor = visitor_runs()
    visitor.clear()
    visitor.start([(entry.config, entry.label)])
