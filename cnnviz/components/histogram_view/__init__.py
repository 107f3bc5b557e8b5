"""The histogram of a feature map on a canvas: how often each value occurs, and which colour it gets."""

from __future__ import annotations

from typing import Annotated, TypedDict

from cnnviz.components.base import view
from cnnviz.components.luts import lut_text
from cnnviz.core.colour.displays import DISPLAYS
from cnnviz.core.colour.histogram import Histogram

__all__ = ["HistogramViewData", "histogram_data", "histogram_view"]


class HistogramViewData(TypedDict):
    """Equal bins from `low` to `high`: the counts of each channel, and which values get which colour."""

    low: float
    high: float
    counts: list[list[int]]
    mean: float
    deviation: float
    display: str
    range: Annotated[list[float], "[number, number]"]
    lut: str


def histogram_data(
    data: Histogram, display: str, colour_map: str, span: tuple[float, float]
) -> HistogramViewData:
    """What the view reads: plain JSON. Three channels are shown as red, green and blue, without a colour
    map: the strip below the axis is then grey, the colour where all three have the same value.

    :raises ValueError: for an unknown display or colour map, or a number of channels other than 1 and 3.
    """
    if display not in DISPLAYS:
        raise ValueError(f"There is no display {display!r}; there are {', '.join(DISPLAYS)}.")
    if len(data.counts) not in (1, 3):
        raise ValueError(f"A histogram has 1 channel or 3, not {len(data.counts)}.")
    return {
        "low": float(data.edges[0]),
        "high": float(data.edges[-1]),
        "counts": data.counts.tolist(),
        "mean": data.mean,
        "deviation": data.deviation,
        "display": display,
        "range": [float(end) for end in span],
        "lut": lut_text(colour_map if len(data.counts) == 1 else "grey"),
    }


def histogram_view(
    data: Histogram, *, display: str, colour_map: str, span: tuple[float, float], key: str
) -> None:
    """Draw the counts on a log scale, over a strip with the colours that the values get in the picture.

    `display` is one of `cnnviz.core.DISPLAYS`, `colour_map` one of its COLOUR_MAPS, and `span` the
    range (low, high) that `cnnviz.core.value_range` gives for the display. A bin is read out by
    pointer or arrow keys, in the browser.

    :raises ValueError: for an unknown display or colour map, or a number of channels other than 1 and 3.
    """
    view("histogram_view")(key=key, data=histogram_data(data, display, colour_map, span))
