"""What a run's numbers say, in words: each finding with its evidence, and a button that tries its remedy."""

from __future__ import annotations

import time
from collections.abc import Sequence
from weakref import WeakKeyDictionary

import streamlit as st

from cnnviz.engine.diagnosis.diagnose import diagnose
from cnnviz.engine.diagnosis.findings import Finding
from cnnviz.ui.train import settings
from cnnviz.ui.train.runs import MOVING, Entry, VisitorRuns, visitor_runs

__all__ = ["draw", "findings_of"]

READ_EVERY = 2.0  # seconds: sentences that change more often cannot be read
_lately: WeakKeyDictionary[Entry, tuple[int, float, Sequence[Finding]]] = WeakKeyDictionary()


def draw(visitor: VisitorRuns) -> None:
    """The findings of every run."""
    for number, entry in enumerate(visitor.entries):
        found = findings_of(entry)
        if len(visitor.entries) > 1:
            st.markdown(f"**{entry.label}**")
        for finding in found:
            _draw(entry, finding, f"t_apply_{number}_{finding.rule}")
        if not found:
            st.caption("Nothing stands out so far." if entry.run.history.last_step else "")


def findings_of(entry: Entry, now: float | None = None) -> Sequence[Finding]:
    """The findings; while the run moves, those of a moment ago."""
    now, version = time.monotonic() if now is None else now, entry.history.version
    known, read_at, found = _lately.get(entry, (-1, 0.0, ()))
    soon = entry.run.status in MOVING and now - read_at < READ_EVERY and known >= 0
    if version != known and not soon:
        found = diagnose(entry.history, entry.config)
        _lately[entry] = (version, now, found)
    return found


def _draw(entry: Entry, finding: Finding, key: str) -> None:
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{finding.title}.** {finding.sentence}")
        evidence = "; ".join(f"{name} {_number(value)}" for name, value in finding.evidence.items())
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            if finding.change:
                st.button(
                    f"Try in a new run: {finding.remedy.label}",
                    key=key,
                    icon=":material/science:",
                    on_click=_try,
                    args=(entry, finding),
                )
            st.caption(evidence)


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() and abs(value) < 1e9 else f"{value:.3g}"


def _try(entry: Entry, finding: Finding) -> None:
    """Start again with the change; the run that it was read from stays on the same axes."""
    config = entry.config.changed(**finding.change)
    settings.take(config)
    visitor_runs().follow(entry, config, f"New: {finding.remedy.label}")
