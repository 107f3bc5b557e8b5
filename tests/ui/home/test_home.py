"""The parts of the home page: what is sent, what the cards show, and where they lead."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from app_pages import ROOT
from apptest import open_page, views
from PIL import Image

from cnnviz.core import load_sample, resize_to
from cnnviz.core.colour.displays import to_rgb
from cnnviz.core.convolution.filtering import FilterSettings, apply
from cnnviz.ui.home import sections as home
from cnnviz.ui.site import HOME, SITE

SMALL = resize_to(load_sample("rings"), 100)


def test_every_entry_is_one_page_with_one_address() -> None:
    assert HOME in SITE
    for entry in SITE:
        assert (ROOT / entry.file).is_file()
        assert entry.about.endswith(".")
    for name in ("file", "title", "path"):
        assert len({getattr(entry, name) for entry in SITE}) == len(SITE)
    scripts = {str(file.relative_to(ROOT)) for file in Path(ROOT, "pages").rglob("*.py")}
    assert scripts == {entry.file for entry in SITE}, "Each page has its line in cnnviz/ui/site.py."


def test_the_strip_starts_with_the_picture_and_each_picture_is_made_of_the_one_before() -> None:
    panels = home.one_kernel_panels("A cat.")
    assert [panel.step for panel in panels] == [
        "",
        "weigh the colours",
        "two Sobel kernels 3×3",
        "max pool 2×2",
    ]
    edges, pooled = panels[2].content, panels[3].content
    assert isinstance(edges, home.Recipe)
    assert isinstance(pooled, home.Recipe)
    assert pooled.of == (edges,)
    assert all(panel.alt for panel in panels)


@pytest.mark.parametrize("start", home.STARTS, ids=lambda start: start.id)
def test_a_card_shows_what_its_kernel_makes_of_the_picture(start: home.Start) -> None:
    address = home.thumbnail(SMALL, start)
    shown = np.asarray(Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))))
    values = apply(SMALL.pixels, FilterSettings(start.kernel, padding_mode="reflect"))
    colours = "blue_orange" if start.display == "signed" else "grey"
    assert np.array_equal(shown, to_rgb(values, start.display, colours))


@pytest.mark.parametrize("start", home.STARTS, ids=lambda start: start.id)
def test_a_start_opens_its_page_with_the_kernel_on_the_card(start: home.Start) -> None:
    entry = next(entry for entry in SITE if entry.path == start.page)
    app = open_page(str(entry.file), start.params)
    chosen = app.session_state["f_kernel"]
    assert chosen == start.params["f_kernel"]
    kernel = views(app)["f_view"]["kernel"]
    assert (kernel["rows"], kernel["cols"]) == start.kernel.shape
    assert kernel["slices"][0] == pytest.approx(start.kernel.ravel(), abs=1e-6)
