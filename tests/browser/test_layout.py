"""How large the filter page's pictures are; that nothing is cut off is looked at in test_sweep.py."""

from __future__ import annotations

from typing import Any

import pytest
from filter_page import FilterPage
from page_checks import SIZES, fits, resize
from visits import Visitor

pytestmark = pytest.mark.browser


def box_of(view: FilterPage, name: str) -> dict[str, Any]:
    box = view.pane(name).bounding_box()
    assert box
    return dict(box)


def test_pictures_are_large_enough_to_look_at_and_grow_with_the_window(visit: Visitor) -> None:
    view = FilterPage(visit("filter", *SIZES["laptop"]))
    small = box_of(view, "output")["width"]
    for name in ("input", "output"):
        box = box_of(view, name)
        assert box["width"] * box["height"] >= 250 * 250, name
    resize(view.page, SIZES["projector"])
    assert box_of(view, "output")["width"] > small * 1.15
    resize(view.page, SIZES["phone"])
    assert box_of(view, "input")["width"] >= 300


def test_what_is_cut_off_would_be_found(visit: Visitor) -> None:
    page = visit("", *SIZES["phone"])
    page.evaluate(
        "document.querySelector('h1').insertAdjacentHTML('afterend', "
        "'<p style=\"width: 300px; margin-left: 200px; overflow: visible\">wide</p>')"
    )
    with pytest.raises(AssertionError):
        fits(page, "phone")
