"""The outputs of a network read as probabilities: logits that can be dragged, softmax or sigmoid of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypedDict

import streamlit as st

from cnnviz.components.base import view

__all__ = ["LARGEST", "ROWS", "LogitsState", "NetReadingData", "logits_data", "logits_view"]

LARGEST = 6.0
ROWS = 10  # outputs beyond these are held at 0 together
FIRST = (1.0, -0.5, 2.5, 0.0, -1.5, 0.5, -1.0, 1.5, -2.0, 0.0)


@dataclass(frozen=True)
class LogitsState:
    """`count` outputs, at least 1. logits: of the first ones; the others have the values of an example."""

    count: int
    logits: tuple[float, ...] = ()


class NetReadingData(TypedDict):
    """The logits of those of `count` outputs that have a row; `first`: the example's; within ± `largest`."""

    show: Literal["reading"]
    count: int
    logits: list[float]
    first: list[float]
    largest: float


def logits_data(state: LogitsState) -> NetReadingData:
    """What the view reads: plain JSON. With more outputs than rows, the last row stands for all others."""
    rows = state.count if state.count <= ROWS else ROWS - 1
    return {
        "show": "reading",
        "count": state.count,
        "logits": [*state.logits, *FIRST[len(state.logits) :]][:rows],
        "first": list(FIRST[:rows]),
        "largest": LARGEST,
    }


def logits_view(state: LogitsState, *, key: str, on_logits: Callable[[tuple[float, ...]], None]) -> None:
    """Mount the bars; `on_logits` gets what the visitor has set, before the page's script runs again."""

    def on_change() -> None:
        reported = st.session_state[key]["logits"]
        values = reported.get("values") if isinstance(reported, dict) else None
        if isinstance(values, list) and all(isinstance(z, int | float) and abs(z) <= LARGEST for z in values):
            on_logits(() if tuple(values) == FIRST[: len(values)] else tuple(float(z) for z in values))

    view("net_view")(key=key, data=logits_data(state), on_logits_change=on_change)
