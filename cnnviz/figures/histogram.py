"""The histogram of a feature map, with the range marked that its colours cover."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from cnnviz.core.histogram import Histogram
from cnnviz.figures.style import Style, common_axis, common_layout

CHANNEL_NAMES = ("red", "green", "blue")
DASHES = ("solid", "dash", "dot")  # so that colour is not the only difference
CHANNEL_COLOURS = (("#c0392b", "#ff8a80"), ("#1e7d34", "#81d898"), ("#2456b8", "#8fb4ff"))


def histogram_figure(data: Histogram, shown: tuple[float, float], style: Style) -> go.Figure:
    """Bars of the counts (one outline per channel), and the interval ``shown`` = (low, high) as a band."""
    layout = common_layout(style, 280)
    layout["shapes"] = _range_marks(data, shown, style)
    layout["xaxis"] = {"title": {"text": "value of an output cell"}, **common_axis(style)}
    layout["yaxis"] = {"title": {"text": "cells (log scale)"}, "type": "log", **common_axis(style)}
    if len(data.counts) > 1:
        layout |= {"showlegend": True, "legend": {"orientation": "h", "y": 1.12}}
    return go.Figure(_traces(data, style), layout)


def _traces(data: Histogram, style: Style) -> list[dict[str, Any]]:
    middles = (data.edges[:-1] + data.edges[1:]) / 2
    several = len(data.counts) > 1
    traces: list[dict[str, Any]] = []
    for index, counts in enumerate(data.counts):
        colour = CHANNEL_COLOURS[index][style.dark] if several else style.role("output")
        name = CHANNEL_NAMES[index] if several else "values"
        traces.append(
            {
                "type": "scatter",
                "x": middles,
                "y": counts,
                "name": name,
                "line": {"shape": "hvh", "color": colour, "width": 2, "dash": DASHES[index]},
                "fill": None if several else "tozeroy",
                "hovertemplate": f"{name} near %{{x:.4g}}: %{{y}} cells<extra></extra>",
            }
        )
    return traces


def _range_marks(data: Histogram, shown: tuple[float, float], style: Style) -> list[dict[str, Any]]:
    """A band as far as the range and the values have in common, and a line at each end of the range."""
    whole_height = {"xref": "x", "yref": "y domain", "y0": 0, "y1": 1}
    colour = style.role("kernel")
    marks: list[dict[str, Any]] = []
    low, high = max(shown[0], data.edges[0]), min(shown[1], data.edges[-1])
    if low < high:
        look = {"fillcolor": colour, "opacity": 0.10, "line": {"width": 0}}
        marks.append({"type": "rect", "x0": low, "x1": high, **whole_height, **look})
    for edge in shown:
        line = {"color": colour, "width": 2, "dash": "dash"}
        marks.append({"type": "line", "x0": edge, "x1": edge, **whole_height, "line": line})
    return marks
