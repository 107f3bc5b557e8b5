"""How much each way of making a map smaller changes when the picture moves by 0, 1, 2, … pixels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from cnnviz.figures.style import Style, apply_style

DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
MARKS = ("circle", "square", "diamond", "triangle-up", "x")


def shift_curve_figure(curves: Mapping[str, Sequence[float]], style: Style) -> go.Figure:
    """One line per name: the difference in percent for a shift by 0, 1, 2, … pixels. Lines differ by colour,
    dash and marker."""
    colours = (style.ink, *(style.role(role) for role in ("input", "kernel", "output", "gradient")))
    figure = go.Figure()
    for index, (name, values) in enumerate(curves.items()):
        style_index = index % len(DASHES)
        figure.add_scatter(
            x=list(range(len(values))),
            y=list(values),
            name=name,
            mode="lines+markers",
            line={"color": colours[style_index], "dash": DASHES[style_index], "width": 2},
            marker={"symbol": MARKS[style_index], "size": 9},
            hovertemplate=f"{name}, shift %{{x}}: %{{y:.3g}} %<extra></extra>",
        )
    figure.update_xaxes(title="shift to the right in pixels", dtick=1)
    figure.update_yaxes(title="mean |difference|, % of its spread", rangemode="tozero")
    apply_style(figure, style, 320)
    figure.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.15})
    return figure
