"""The histogram of a feature map, with the range marked that its colours cover."""

from __future__ import annotations

import plotly.graph_objects as go

from cnnviz.core.histogram import Histogram
from cnnviz.figures.style import Style, apply_style

CHANNEL_NAMES = ("red", "green", "blue")
CHANNEL_COLOURS = (("#c0392b", "#ff8a80"), ("#1e7d34", "#81d898"), ("#2456b8", "#8fb4ff"))


def histogram_figure(data: Histogram, shown: tuple[float, float], style: Style) -> go.Figure:
    """Bars of the counts (one outline per channel), and the interval ``shown`` = (low, high) as a band."""
    figure = go.Figure()
    middles = (data.edges[:-1] + data.edges[1:]) / 2
    several = len(data.counts) > 1
    for index, counts in enumerate(data.counts):
        colour = CHANNEL_COLOURS[index][style.dark] if several else style.role("output")
        name = CHANNEL_NAMES[index] if several else "values"
        figure.add_scatter(
            x=middles,
            y=counts,
            name=name,
            line={"shape": "hvh", "color": colour, "width": 2, "dash": ("solid", "dash", "dot")[index]},
            fill=None if several else "tozeroy",
            hovertemplate=f"{name} near %{{x:.4g}}: %{{y}} cells<extra></extra>",
        )
    low, high = max(shown[0], data.edges[0]), min(shown[1], data.edges[-1])
    if low < high:
        figure.add_vrect(x0=low, x1=high, fillcolor=style.role("kernel"), opacity=0.10, line_width=0)
    for edge in shown:
        figure.add_vline(x=edge, line={"color": style.role("kernel"), "width": 2, "dash": "dash"})
    figure.update_xaxes(title="value of an output cell")
    figure.update_yaxes(title="cells (log scale)", type="log")
    figure.update_layout(showlegend=several)
    apply_style(figure, style, 280)
    if several:
        figure.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.12})
    return figure
