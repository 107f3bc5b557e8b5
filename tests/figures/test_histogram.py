"""The histogram's figure: it shows the counts as they are, and where the colours end."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.core.histogram import histogram
from cnnviz.figures.histogram import histogram_figure
from cnnviz.figures.style import Style

GREY = histogram(np.arange(12, dtype=np.float32).reshape(3, 4), bins=4)
COLOUR = histogram(np.arange(24, dtype=np.float32).reshape(2, 4, 3), bins=4)


@pytest.mark.parametrize("dark", [False, True])
def test_one_map_is_one_curve_with_the_very_counts(dark: bool) -> None:
    figure = histogram_figure(GREY, (2, 9), Style(dark=dark))
    assert len(figure.data) == 1
    assert np.array_equal(figure.data[0].y, GREY.counts[0])
    assert np.allclose(figure.data[0].x, (GREY.edges[:-1] + GREY.edges[1:]) / 2)
    assert figure.data[0].line.color == Style(dark=dark).role("output")
    assert not figure.layout.showlegend


def test_three_channels_differ_by_name_and_dash_not_by_colour_alone() -> None:
    figure = histogram_figure(COLOUR, (2, 9), Style())
    assert [trace.name for trace in figure.data] == ["red", "green", "blue"]
    assert len({trace.line.dash for trace in figure.data}) == 3
    assert len({trace.line.color for trace in figure.data}) == 3
    assert figure.layout.showlegend
    for trace, counts in zip(figure.data, COLOUR.counts, strict=True):
        assert np.array_equal(trace.y, counts)


def test_the_colours_range_is_marked_with_a_line_at_each_end_and_a_band() -> None:
    figure = histogram_figure(GREY, (2, 9), Style())
    lines = [shape for shape in figure.layout.shapes if shape.type == "line"]
    bands = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    assert sorted(line.x0 for line in lines) == [2, 9]
    assert [(band.x0, band.x1) for band in bands] == [(2, 9)]


def test_a_range_beyond_the_values_is_marked_only_as_far_as_they_go() -> None:
    figure = histogram_figure(GREY, (-100, 500), Style())
    (band,) = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    assert (band.x0, band.x1) == (GREY.edges[0], GREY.edges[-1])
    beside = histogram_figure(GREY, (100, 200), Style())
    assert not [shape for shape in beside.layout.shapes if shape.type == "rect"]


def test_axes_are_named_and_themes_differ() -> None:
    light, dark = (histogram_figure(GREY, (0, 1), Style(dark=dark)) for dark in (False, True))
    assert light.layout.xaxis.title.text
    assert "log" in light.layout.yaxis.title.text
    assert light.layout.yaxis.type == "log"
    assert light.layout.font.color != dark.layout.font.color
