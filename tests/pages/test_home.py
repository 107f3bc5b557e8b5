"""The home page without a browser: its links, its picture, and its parts."""

from __future__ import annotations

from typing import Any

from apptest import open_page, views
from streamlit.testing.v1 import AppTest

from cnnviz.core import load_sample
from cnnviz.ui.home.sections import LONGEST, STARTS
from cnnviz.ui.site import HOME, SITE


def home(**query: str) -> AppTest:
    return open_page("", query)


def links(app: AppTest) -> list[Any]:
    return [element.proto for element in app.get("page_link")]


def test_it_links_every_other_page_and_nothing_else() -> None:
    pages = [link.page for link in links(home())]
    want = {entry.path for entry in SITE if entry is not HOME}
    assert set(pages) == want
    assert len(pages) == len(want) + len(STARTS)


def test_links_carry_the_picture() -> None:
    for link in links(home(pic="rings", px="256")):
        assert "pic=rings" in link.query_string
        assert "px=256" in link.query_string
    assert not any("pic=" in link.query_string for link in links(home()))


def test_all_parts_work_on_one_small_copy_of_the_chosen_picture() -> None:
    app = home(pic="letter_a")
    strip, stack = views(app)["home_strip"], views(app)["home_stack"]
    assert strip["digest"] == stack["digest"] == app.session_state["_home_small"][1].digest
    pixels = app.session_state["_home_small"][1].pixels
    assert max(pixels.shape) == LONGEST < max(load_sample("letter_a").pixels.shape)
    assert "reduced from 264×264 to 256×256" in strip["caption"]


def test_a_picture_that_is_small_already_is_taken_as_it_is() -> None:
    app = home(pic="checkerboard")
    assert views(app)["home_strip"]["caption"] == ""
    assert views(app)["home_stack"]["digest"] == load_sample("checkerboard").digest


def test_it_says_that_nothing_is_trained_and_where_the_picture_stays() -> None:
    captions = " ".join(caption.value for caption in home().caption)
    assert "nothing here is trained" in captions
    assert "stays in the memory of cnnviz's server" in captions
