"""What a run's numbers say, in words: each finding with its evidence, and a button that tries its remedy."""

from __future__ import annotations

import streamlit as st

from cnnviz.engine.readings import Reading, read
from cnnviz.ui.train import settings
from cnnviz.ui.train.runs import Desk, Entry, desk

__all__ = ["draw"]


def draw(mine: Desk) -> None:
    """The findings of every run."""
    for number, entry in enumerate(mine.entries):
        found = read(entry.run.history, entry.config)
        if len(mine.entries) > 1:
            st.markdown(f"**{entry.label}**")
        for reading in found:
            _draw(entry, reading, f"t_apply_{number}_{reading.rule}")
        if not found:
            st.caption("Nothing stands out so far." if entry.run.history.last_step else "")


def _draw(entry: Entry, reading: Reading, key: str) -> None:
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{reading.title}.** {reading.sentence}")
        evidence = "; ".join(f"{name} {_number(value)}" for name, value in reading.evidence.items())
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            if reading.change:
                st.button(
                    f"Try in a new run: {reading.remedy.label}",
                    key=key,
                    icon=":material/science:",
                    on_click=_try,
                    args=(entry, reading),
                )
            st.caption(evidence)


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() and abs(value) < 1e9 else f"{value:.3g}"


def _try(entry: Entry, reading: Reading) -> None:
    """Start again with the change; the run that it was read from stays on the same axes."""
    config = entry.config.changed(**reading.change)
    settings.take(config)
    desk().follow(entry, config, f"New: {reading.remedy.label}")
