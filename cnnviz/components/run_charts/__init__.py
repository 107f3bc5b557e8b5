"""Loss and accuracy of one run or two, live: zoom, cursor and switches stay while new steps come in.

    run = RunSeries(label="deep sigmoid", layers=started.layers, weight_layers=started.weight_layers,
                    steps=..., loss=..., accuracy=..., rate=..., gradient_norms=..., gradient_means=...,
                    update_ratios=..., validation=[(step, loss, accuracy)], looks=[LayerStats, ...],
                    steps_per_epoch=started.steps_per_epoch)
    run_charts([run], key="tr_curves")                  # the curves
    gradient_flow([run, twin], key="tr_flow")           # cnnviz.components.gradient_flow

A RunSeries is cheap: build a new one whenever the history has more. The data of its charts are cached in it,
so drawing it again costs nothing, and its arrays must not be changed. Pass the same key each time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypedDict

import streamlit as st

from cnnviz.components.base import view
from cnnviz.components.json_types import FloatPair
from cnnviz.components.run_charts.series import WINDOW, LayerStatsLike, RunCurvesJson, RunSeries

__all__ = [
    "WINDOW",
    "LayerStatsLike",
    "RunChartsData",
    "RunSeries",
    "charts_data",
    "parse_zoom",
    "run_charts",
]


class RunChartsData(TypedDict):
    """`zoom`: the stretch that is sent in detail; `reports`: the page wants to hear of `log`."""

    runs: list[RunCurvesJson]
    log: bool
    zoom: FloatPair | None
    reports: bool


def charts_data(
    runs: Sequence[RunSeries],
    *,
    log: bool = False,
    zoom: tuple[float, float] | None = None,
    reports: bool = False,
) -> RunChartsData:
    """What the view reads: plain JSON. `zoom`: the steps from … to that need most detail.

    :raises ValueError: for no run or more than two.
    """
    if not 1 <= len(runs) <= 2:
        raise ValueError(f"One run or two can be drawn on the same axes, not {len(runs)}.")
    curves = [run.curves_data(zoom) for run in runs]
    return {"runs": curves, "log": log, "zoom": list(zoom) if zoom else None, "reports": reports}


def run_charts(
    runs: Sequence[RunSeries],
    *,
    key: str,
    log: bool = False,
    on_log: Callable[[bool], None] | None = None,
) -> None:
    """Draw the curves of a run, or of a run and its twin.

    A long run is thinned; where the visitor zooms in, that range is asked for in detail (one rerun, of the
    fragment that this is called in). `log`: the loss on a logarithmic axis. Where the visitor switches that,
    the view follows at once and `on_log` is called before the page's script runs again, so that the page can
    keep it in its link; without `on_log` the switch stays in the browser.

    :raises ValueError: for no run or more than two.
    """
    zoomed = f"{key} zoom"

    def zoom() -> None:
        st.session_state[zoomed] = parse_zoom(st.session_state[key]["zoom"])

    def switched() -> None:
        reported = st.session_state[key]["log"]
        if isinstance(reported, bool) and on_log:
            on_log(reported)

    data = charts_data(runs, log=log, zoom=st.session_state.get(zoomed), reports=on_log is not None)
    view("run_charts")(key=key, data=data, on_zoom_change=zoom, on_log_change=switched)


def parse_zoom(reported: object) -> tuple[float, float] | None:
    """The range of steps that the browser asks for in detail; None for all and for invalid values."""
    match reported:
        case [int() | float() as low, int() | float() as high] if 0 <= low < high < 1e12:
            return float(low), float(high)
    return None
