"""Loss and accuracy of one run or two, live: zoom, cursor and switches stay while new steps come in.

    run = RunSeries(label="deep sigmoid", layers=started.layers, weight_layers=started.weight_layers,
                    steps=..., loss=..., accuracy=..., rate=..., gradient_norms=..., gradient_means=...,
                    update_ratios=..., validation=[(step, loss, accuracy)], looks=[LayerStats, ...],
                    steps_per_epoch=started.steps_per_epoch)
    run_charts([run], key="tr_curves")                  # the curves
    gradient_flow([run, twin], key="tr_flow")           # cnnviz.components.gradient_flow

A RunSeries is cheap: build a new one from the history at every poll. Pass the same key each time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from cnnviz.components.base import view
from cnnviz.components.run_charts.series import WINDOW, LayerLook, RunSeries

__all__ = ["WINDOW", "LayerLook", "RunSeries", "charts_data", "run_charts"]


def charts_data(runs: Sequence[RunSeries], *, log: bool = False) -> dict[str, Any]:
    """What the view reads: plain JSON.

    :raises ValueError: for no run or more than two.
    """
    if not 1 <= len(runs) <= 2:
        raise ValueError(f"One run or two can be drawn on the same axes, not {len(runs)}.")
    return {"runs": [run.curves_data() for run in runs], "log": log}


def run_charts(
    runs: Sequence[RunSeries],
    *,
    key: str,
    log: bool = False,
    on_log: Callable[[bool], None] | None = None,
) -> None:
    """Draw the curves of a run, or of a run and its twin.

    `log`: the loss on a logarithmic axis. Where the visitor switches that, the view follows at once and
    `on_log` is called before the page's script runs again, so that the page can keep it in its link;
    without `on_log` the switch stays in the browser.

    :raises ValueError: for no run or more than two.
    """
    data = charts_data(runs, log=log)
    if on_log is None:
        view("run_charts")(key=key, data=data)
        return
    heard = on_log

    def switched() -> None:
        reported = st.session_state[key]["log"]
        if isinstance(reported, bool):
            heard(reported)

    view("run_charts")(key=key, data={**data, "reports": True}, on_log_change=switched)
