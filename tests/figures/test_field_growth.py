"""The chart of how fields grow."""

from __future__ import annotations

import pytest

from cnnviz.figures.field_growth import field_growth_figure
from cnnviz.figures.style import Style


@pytest.mark.parametrize("dark", [False, True])
def test_each_width_is_a_line_over_depth(dark: bool) -> None:
    figure = field_growth_figure(["conv 1", "pool 1"], [3, 4], [3.2, 4.1], [3.2, 4.5], Style(dark=dark))
    assert [list(line.x) for line in figure.data] == [[1, 2]] * 3
    assert [list(line.y) for line in figure.data] == [[3, 4], [3.2, 4.1], [3.2, 4.5]]
    assert len({(line.line.color, line.line.dash) for line in figure.data}) == 3
    assert figure.layout.showlegend


def test_without_a_reference_there_are_two_lines() -> None:
    figure = field_growth_figure(["conv 1"], [3], [3.2], None, Style())
    assert [line.name for line in figure.data] == ["theoretical size", "effective width, 4σ"]
