"""The figure of the shift test: one line per way, told apart without colour too."""

from cnnviz.figures.shift_curve import shift_curve_figure
from cnnviz.figures.style import Style

CURVES = {name: [0.0, 10.0 * at, 0.0] for at, name in enumerate(("map", "max", "average", "stride", "blur"))}


def test_every_line_has_its_own_dash_marker_and_colour() -> None:
    for dark in (False, True):
        figure = shift_curve_figure(CURVES, Style(dark=dark))
        assert [trace.name for trace in figure.data] == list(CURVES)
        assert list(figure.data[3].x) == [0, 1, 2]
        assert list(figure.data[3].y) == [0.0, 30.0, 0.0]
        for part in ("line.dash", "line.color", "marker.symbol"):
            assert len({trace[part] for trace in figure.data}) == 5
