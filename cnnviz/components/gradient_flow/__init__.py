"""How the gradient flows through the layers of one run or two: now, over the run, and its distribution."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypedDict

import streamlit as st

from cnnviz.components.base import view
from cnnviz.components.luts import lut_text
from cnnviz.components.run_charts.series import RunFlowJson, RunSeries

__all__ = ["SHOWS", "USUAL_RATIO", "GradientFlowData", "flow_data", "gradient_flow"]

SHOWS = ("norm", "mean", "activations", "ratio", "units", "bands")
"""What can be shown: norm and mean size of the gradient for the weights, its norm for the layers' outputs,
update ÷ weight, dead and saturated units, and the distribution of its sizes."""

USUAL_RATIO = 1e-3
"""The guide line of update ÷ weight: a rule of thumb, not a law (notes of Stanford's course CS231n)."""


class GradientFlowData(TypedDict):
    """`show`: one of SHOWS; `guide`: of update ÷ weight; `reports`: the page wants to hear of `show`."""

    runs: list[RunFlowJson]
    show: str
    guide: float
    lut: str
    reports: bool


def flow_data(runs: Sequence[RunSeries], *, show: str = "norm", reports: bool = False) -> GradientFlowData:
    """What the view reads: plain JSON.

    :raises ValueError: for no run, more than two, or a `show` that is not in SHOWS.
    """
    if not 1 <= len(runs) <= 2:
        raise ValueError(f"The gradient flow of one run or two can be drawn, not of {len(runs)}.")
    if show not in SHOWS:
        raise ValueError(f"The gradient flow cannot show {show!r}; it can show {', '.join(SHOWS)}.")
    return {
        "runs": [run.flow_data() for run in runs],
        "show": show,
        "guide": USUAL_RATIO,
        "lut": lut_text("ember"),
        "reports": reports,
    }


def gradient_flow(
    runs: Sequence[RunSeries],
    *,
    key: str,
    show: str = "norm",
    on_show: Callable[[str], None] | None = None,
) -> None:
    """Draw what reaches each layer, in layer order, on a logarithmic scale.

    `show` is one of SHOWS. Where the visitor chooses another, the view follows at once and `on_show` is
    called before the page's script runs again, so that the page can keep it in its link; without `on_show`
    the choice stays in the browser. Runs whose layers have the same names share one chart, others get
    their own beside each other.

    :raises ValueError: as `flow_data`.
    """
    data = flow_data(runs, show=show, reports=on_show is not None)
    if on_show is None:
        view("gradient_flow")(key=key, data=data)
        return
    report = on_show

    def chosen() -> None:
        reported = st.session_state[key]["show"]
        if reported in SHOWS:
            report(reported)

    view("gradient_flow")(key=key, data=data, on_show_change=chosen)
