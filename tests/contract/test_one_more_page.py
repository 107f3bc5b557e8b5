"""One more page is one file and one entry in the table: it gets all that the other pages have."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from app_pages import ROOT, pages
from apptest import fine, linked, open_page, press
from streamlit.testing.v1 import AppTest

from cnnviz.ui import site
from cnnviz.ui.site import PageEntry

PAGE = '''
"""Counting: a page that nobody has asked for."""

import streamlit as st

from cnnviz.ui.kit.controls import Choice, Number, Tabs
from cnnviz.ui.kit.downloads import Download, downloads
from cnnviz.ui.kit.link import Linked
from cnnviz.ui.kit.page import Experiment, page, try_this
from cnnviz.ui.kit.state import PageState
from cnnviz.ui.kit.values import cell, joined
from cnnviz.ui.picture.picker import choose_picture
from cnnviz.ui.picture.sources import SHARED

UPTO = Number("zz_upto", "Up to", 1, 9, 5)
WHATS = {"even": "even numbers", "odd": "odd numbers"}
WHAT = Choice("zz_what", "What", WHATS, "even", aliases={"uneven": "odd"})
PIN = Linked("zz_pin", None, cell(), joined())
TABS = Tabs("zz_tab", ("Numbers", "Sum"))
STATE = PageState("zz", UPTO, WHAT, PIN, TABS, shared=SHARED)
EXPERIMENTS = (
    Experiment("Count to three", "One, two, three.", {"zz_upto": "3", "zz_what": "odd", "zz_tab": "Sum"}),
    Experiment("Count on rings", "In a circle.", {"pic": "rings", "zz_pin": "1,2"}),
)

with page("Counting", "One number after another.", STATE):
    choose_picture()
rest = 1 if WHAT.draw() == "odd" else 0
found = list(range(rest, UPTO.draw() + 1, 2))
st.button("Reset", key="zz_reset", on_click=STATE.reset)
TABS.draw(lambda: st.text(f"{found} {PIN.get()}"), lambda: st.text(f"sum {sum(found)}"))
downloads(Download("zz_download", "Numbers", "numbers.json", str(found)), link="zz_copy")
try_this(EXPERIMENTS, STATE)
'''


@pytest.fixture
def entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PageEntry:
    """The made-up page, in a copy of the table."""
    script = tmp_path / "counting.py"
    script.write_text(PAGE, encoding="utf-8")
    made_up = PageEntry(
        os.path.relpath(script, ROOT), "Counting", ":material/tag:", "counting", "Count as far as you like."
    )
    monkeypatch.setattr(site, "SITE", (*site.SITE, made_up))
    return made_up


def opened(entry: PageEntry, **params: str) -> AppTest:
    return open_page(entry.file, params)


def shown(app: AppTest) -> list[Any]:
    """What the page shows, and its link."""
    link = {name: linked(app, name) for name in app.query_params}
    held = {key: app.session_state[key] for key in ("zz_upto", "zz_what", "zz_pin", "zz_tab", "pic")}
    return [app.text[0].value, held, link]


def test_the_navigation_and_the_home_page_have_it(entry: PageEntry) -> None:
    assert (entry.file, "Counting", "counting") in [(p.script, p.title, p.path) for p in pages()]
    home = open_page("")
    assert "counting" in [link.proto.page for link in home.get("page_link")]
    assert entry.about in [caption.value for caption in home.caption]


def test_it_has_a_frame_and_the_picture(entry: PageEntry) -> None:
    app = opened(entry)
    assert [title.value for title in app.title] == ["Counting"]
    assert "One number after another." in [caption.value for caption in app.caption]
    assert app.text[0].value == "[0, 2, 4] None"
    assert {"picture_store", "cnnviz_library"} <= {element.key for element in app.get("bidi_component")}


def test_a_link_opens_it_an_old_one_too(entry: PageEntry) -> None:
    app = opened(entry, zz_upto="7", zz_what="uneven", zz_pin="4,5")
    assert app.text[0].value == "[1, 3, 5, 7] (4, 5)"
    assert shown(app)[2] == {"zz_upto": "7", "zz_what": "odd numbers", "zz_pin": "4,5"}
    assert opened(entry, zz_tab="Sum").text[0].value == "sum 6"


def test_reset_gives_the_defaults_back(entry: PageEntry) -> None:
    app = press(opened(entry, zz_upto="7", zz_what="odd numbers", zz_pin="4,5", pic="rings"), "zz_reset")
    assert app.text[0].value == "[0, 2, 4] None"
    assert shown(app)[2] == {"pic": "rings"}  # the picture is of all pages


def test_it_keeps_its_settings_while_another_page_is_open(entry: PageEntry) -> None:
    app = opened(entry, zz_upto="7", zz_what="odd numbers", zz_pin="4,5")
    before = shown(app)
    app.switch_page(site.SITE[1].file)
    fine(app.run())
    app.switch_page(entry.file)
    assert shown(fine(app.run())) == before


def test_a_press_of_an_experiment_is_its_link(entry: PageEntry) -> None:
    for number, params in enumerate(
        [{"zz_upto": "3", "zz_what": "odd", "zz_tab": "Sum"}, {"pic": "rings", "zz_pin": "1,2"}]
    ):
        by_press = press(opened(entry, zz_upto="9", zz_pin="7,7"), f"zz_try_{number}")
        assert shown(by_press) == shown(opened(entry, **params))
