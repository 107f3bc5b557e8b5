"""The filter page: the histogram in "Values" is the output's, and the scripts in "Code" give the output."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import apptest
import numpy as np
import pytest
from app_pages import PAGES
from PIL import Image
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


@pytest.mark.parametrize(("label", "channels"), [("grey", "grey"), ("one 3-D kernel", "sum")])
def test_every_script_in_the_tab_code_gives_the_output(
    label: str, channels: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(f_tab="Code", f_channels=label, f_kernel="own", f_own="1,2,3;0,-1,5", f_stride="3")
    (tab,) = [tab for tab in app.tabs if tab.label == "Code"]
    scripts = [code.value for code in tab.code]
    signs = ("from scipy", "import torch", "def four_loops")
    assert [[sign for sign in signs if sign in script] for script in scripts] == [[sign] for sign in signs]
    pixels = load_sample("letter_a").pixels
    Image.fromarray(pixels).save(tmp_path / "picture.png")
    monkeypatch.chdir(tmp_path)
    kernel = np.array([[1, 2, 3], [0, -1, 5]])
    settings = FilterSettings(kernel, channels, padding_mode="reflect", stride=(3, 3))
    expected = apply(pixels, settings)
    for script in scripts:
        names: dict[str, Any] = {}
        exec(compile(script, "shown.py", "exec"), names)
        np.testing.assert_allclose(np.asarray(names["output"]), expected, atol=1e-2)
