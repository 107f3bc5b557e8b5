"""The filter page's tab "Values": its histogram is the output's, its range the colours'."""

from __future__ import annotations

from typing import Any

import apptest
import numpy as np
import pytest
from app_pages import PAGES
from streamlit.testing.v1 import AppTest

from cnnviz.components.luts import lut_text
from cnnviz.core import load_sample
from cnnviz.core.colour.displays import value_range
from cnnviz.core.colour.histogram import histogram
from cnnviz.core.convolution.filtering import FilterSettings, apply
from cnnviz.core.kernels.library import KERNELS

PAGE = next(page for page in PAGES if page.path == "filter")
SMALL = {"pic": "letter_a"}  # small enough to be worked on as it is


def open_page(**query: str) -> AppTest:
    return apptest.open_page(PAGE.script, SMALL | query)


def charts(app: AppTest) -> list[dict[str, Any]]:
    return [data for key, data in apptest.views(app).items() if key == "f_histogram"]


@pytest.mark.parametrize(
    ("show", "display"),
    [("automatic", "signed"), ("absolute", "absolute"), ("clip 0–255", "clip"), ("shift by 128", "shift")],
)
@pytest.mark.parametrize(("label", "channels"), [("grey", "grey"), ("each by itself", "each")])
def test_the_histogram_is_the_output_s(show: str, display: str, label: str, channels: Any) -> None:
    app = open_page(f_show=show, f_channels=label, f_kernel="sobel_right", f_mode="zeros")
    (chart,) = charts(app)
    settings = FilterSettings(
        kernel=KERNELS["sobel_right"].make(), channels=channels, padding="same", padding_mode="zeros"
    )
    output = apply(load_sample("letter_a").pixels, settings)
    want = histogram(output)
    assert np.array_equal(chart["counts"], want.counts)
    assert (chart["low"], chart["high"]) == (want.edges[0], want.edges[-1])
    assert chart["display"] == display
    assert chart["range"] == list(value_range(output, display))
    said = f"Mean {want.mean:.4g}, standard deviation {want.deviation:.4g}."
    assert any(said in caption.value for caption in app.caption)


def test_the_strip_has_the_colour_map_that_was_chosen() -> None:
    (chart,) = charts(open_page(f_colours="grey"))
    assert chart["lut"] == lut_text("grey")


@pytest.mark.parametrize("weight", ["3e38", "1e20", "1e-30", "0"])
@pytest.mark.parametrize("picture", ["letter_a", "checkerboard"])
def test_no_weight_stops_the_page(weight: str, picture: str) -> None:
    """Sums beyond the largest float32 are infinite and not counted; all others are."""
    (chart,) = charts(open_page(f_kernel="own", f_own=weight, pic=picture))
    output = apply(load_sample(picture).pixels, FilterSettings(np.array([[weight]], np.float32)))
    assert np.sum(chart["counts"]) == np.isfinite(output).sum()


def test_an_output_without_a_finite_value_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "cnnviz.core.convolution.filtering.apply", lambda *_: np.full((9, 9), np.inf, np.float32)
    )
    app = open_page()
    assert not charts(app)
    assert [warning.value for warning in app.warning] == ["There is no finite value to count."]
