"""How the theoretical and the effective receptive field grow from layer to layer."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from cnnviz.figures.style import Style, apply_style


def field_growth_figure(
    names: Sequence[str],
    theoretical: Sequence[float],
    effective: Sequence[float],
    root: Sequence[float] | None,
    style: Style,
) -> go.Figure:
    """Widths in pixels of the input over depth, 1 for the first layer.

    names: of the layers, one for each width. root: a curve proportional to the square root of the depth, to
    compare the effective width with; None where the layers differ.
    """
    depth = list(range(1, len(names) + 1))
    figure = go.Figure()
    lines = [
        ("theoretical size", theoretical, style.role("output"), "solid", "square"),
        ("effective width, 4σ", effective, style.role("gradient"), "solid", "circle"),
    ]
    if root is not None:
        lines.append(("like √depth", root, style.ink, "dot", "line-ew-open"))
    for title, values, colour, dash, symbol in lines:
        figure.add_scatter(
            x=depth,
            y=list(values),
            name=title,
            customdata=list(names),
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 2.5},
            marker={"symbol": symbol, "size": 9},
            hovertemplate=f"%{{customdata}}: {title} %{{y:.3g}} pixels<extra></extra>",
        )
    figure.update_xaxes(title="depth: layers that enlarge the field", dtick=1 if len(depth) <= 12 else None)
    figure.update_yaxes(title="pixels of the input", rangemode="tozero")
    apply_style(figure, style, 330)
    figure.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.18})
    return figure
