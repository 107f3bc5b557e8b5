"""The page "Pooling" without a browser: what its stages are given, and that its sentences are true."""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import patch

import apptest
import numpy as np
import pytest
from app_pages import PAGES
from apptest import buttons, press_titled, text, views
from streamlit.testing.v1 import AppTest

from cnnviz.core import Picture, grey, load_sample, pool2d
from cnnviz.core.pooling.gradient import pool_gradient
from cnnviz.core.pooling.shapes import Window
from cnnviz.core.pooling.shift import frame_for, shift_test
from cnnviz.ui.pooling import maps, words

PAGE = next(page for page in PAGES if page.path == "pooling")


def open_page(query: dict[str, str] | None = None) -> AppTest:
    return apptest.open_page(PAGE.script, query)


def view(app: AppTest) -> dict[str, Any]:
    return views(app)["p_pool"]


def test_first_sight_is_a_patch_in_the_middle_of_the_sample() -> None:
    app = open_page()
    shown = view(app)
    height, width = load_sample("cat").pixels.shape[:2]
    want = {"kind": "patch", "of": "grey", "top": (height - 8) // 2, "left": (width - 8) // 2}
    assert shown["map"] == {**want, "rows": 8, "cols": 8}
    assert shown["stage"] == "windows"
    assert shown["pool"] == {
        "mode": "max",
        "size": [2, 2],
        "stride": [2, 2],
        "padding": [0, 0],
        "ceil": False,
    }
    assert "1 map → 1 map: (1, 8, 8) → (1, 4, 4)." in text(app)
    assert len(buttons(app, "p_try_")) >= 3
    assert text(app).count("What you see.") == 1


@pytest.mark.parametrize(
    ("at", "place"), [("5,9", [5, 9]), ("100000,100000", [292, 443]), ("-1,2", [146, 221]), ("x", [146, 221])]
)
def test_the_patch_of_a_link_lies_inside_the_picture(at: str, place: list[int]) -> None:
    shown = view(open_page({"p_at": at}))["map"]
    assert [shown["top"], shown["left"]] == place


def test_own_numbers_come_from_the_link_where_they_fit() -> None:
    query = {"p_map": "numbers", "p_rows": "3", "p_cols": "4", "p_own": "1,2,3,4,5,6,7,-8,9,0,1,2"}
    assert view(open_page(query))["map"]["values"] == [1, 2, 3, 4, 5, 6, 7, -8, 9, 0, 1, 2]
    values = view(open_page({**query, "p_cols": "5"}))["map"]["values"]
    assert values == maps.numbers((3, 5), 1).ravel().tolist()
    assert values == maps.numbers((3, 5), 1, (1, 2)).ravel().tolist()


def test_the_pyramid_is_bounded_by_what_fits() -> None:
    app = open_page({"p_view": "pyramid", "p_size": "8", "p_times": "5"})
    shown = view(app)
    assert shown["times"] == 2  # 300 → 37 → 4, and 8 does not fit on 4
    assert len(shown["bank"]) == 8
    assert "8 maps → 8 maps: (8, 300, 451) → (8, 37, 56) → (8, 4, 7)." in text(app)
    app = open_page({"p_view": "pyramid", "p_global": "true"})
    assert view(app)["wholeMap"] is True
    assert "(8, 300, 451) → (8, 1, 1)" in text(app)


def test_the_shift_of_a_link_is_held_to_the_limit() -> None:
    shown = view(open_page({"p_view": "shift test", "p_shift": "99,-3,stay"}))
    assert (shown["shift"], shown["compare"]) == ([8, -3], "stay")
    assert view(open_page({"p_view": "shift test", "p_shift": "1,1,wrong"}))["shift"] == [0, 0]


@pytest.mark.parametrize("stage", ["windows", "pyramid", "shift test"])
@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (5, 3), (17, 17), (20, 300)])
def test_any_picture_stands_or_is_said_in_one_sentence(stage: str, shape: tuple[int, int]) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)
    small = Picture.of(pixels, "RGB", ())
    with patch("cnnviz.ui.picture.sources.sample_at", lambda *_: small):
        for tab in ("Side by side", "Every shift", "Code"):
            app = open_page({"p_view": stage, "p_tab": tab, "p_map": "the picture"})
            assert len(app.warning) <= 1
            for warning in app.warning:
                assert warning.value.endswith(".")
                assert any(letter.isdigit() for letter in warning.value)
            needed = 18 if stage == "shift test" else 2
            curves = tab == "Every shift"  # which also needs room for the shifts
            assert len(app.warning) == (min(shape) < (18 if curves else needed))


def test_every_tab_of_every_stage_stands() -> None:
    for stage in ("windows", "pyramid", "shift test"):
        for tab, kind in (
            ("Side by side", "bidi_component"),
            ("Every shift", "plotly_chart"),
            ("Code", "code"),
        ):
            app = open_page({"p_view": stage, "p_tab": tab, "p_field": "its Sobel map"})
            assert app.get(kind), (stage, tab)
            if kind == "code":
                compile(app.code[0].value, "script.py", "exec")


def test_controls_that_a_stage_does_not_draw_keep_their_values() -> None:
    app = open_page({"p_map": "numbers", "p_rows": "5", "p_mode": "L2"})
    app.button_group(key="p_view").set_value("shift test")
    app.run()
    app.button_group(key="p_view").set_value("windows")
    app.run()
    shown = view(app)
    assert (shown["map"]["kind"], shown["map"]["rows"], shown["pool"]["mode"]) == ("numbers", 5, "l2")


def pressed(title: str) -> dict[str, Any]:
    return view(press_titled(open_page({"p_size": "5", "p_pad": "2"}), title))


def test_try_this_let_windows_overlap_says_the_truth() -> None:
    shown = pressed("Let windows overlap")
    values = np.reshape(shown["map"]["values"], (8, 8))
    gradient = pool_gradient(values, 3, stride=1)
    assert shown["pool"]["stride"] == [1, 1]
    assert gradient.max() > 2
    assert (gradient == 0).mean() > 0.5


def test_try_this_windows_that_do_not_fit_says_the_truth() -> None:
    shown = pressed("Windows that do not fit")
    values = np.reshape(shown["map"]["values"], (7, 8))
    gradient = pool_gradient(values, 3, mode="average")
    assert (gradient[6] == 0).all()
    assert (gradient[:, 6:] == 0).all()
    assert pool2d(values, 3, mode="average", ceil_mode=True).shape == (3, 3)


def test_try_this_move_by_one_pixel_says_the_truth() -> None:
    shown = pressed("Move by one pixel, then by two")
    assert shown["shift"] == [0, 1]
    values = grey(load_sample("zone_plate").pixels)
    frame = frame_for(values.shape, 2, 2)
    assert (frame.rows, frame.top) == (shown["frame"]["rows"], shown["frame"]["top"])
    kinds = ("max", "average", "stride", "blur")
    one = {kind: shift_test(values, frame, kind, 2, 2, (0, 1)) for kind in kinds}
    assert max(one, key=lambda kind: one[kind].moved / one[kind].spread) == "stride"
    assert all(shift_test(values, frame, kind, 2, 2, (0, 2)).moved < 1e-4 for kind in kinds)


@pytest.mark.parametrize(
    ("title", "want"),
    [
        ("Find the winners", {"stage": "windows", "pin": [1, 1]}),
        ("Shrink it five times", {"stage": "pyramid", "times": 5}),
        ("Down to one number a map", {"stage": "pyramid", "wholeMap": True, "times": 1}),
    ],
)
def test_each_try_this_sets_what_it_needs(title: str, want: dict[str, Any]) -> None:
    shown = pressed(title)
    assert {name: shown[name] for name in want} == want
    assert shown["pool"]["padding"] == [0, 0]


def test_the_size_formula_has_the_numbers() -> None:
    assert words.size_formula(7, Window((2, 2), (2, 2)), 0) == (
        r"\lfloor (7 + 2 \cdot 0 - 2) \,/\, 2 \rfloor + 1 = 3"
    )
    hanging = Window((2, 2), (3, 3), (1, 1), ceil_mode=True)
    assert words.size_formula(5, hanging, 0).endswith(r"\rceil + 1 - 1 = 2")
    with pytest.raises(ValueError, match="spans 8 cells"):
        words.size_formula(7, Window((8, 8), (8, 8)), 1)


def test_half_fitting_is_said_with_the_numbers() -> None:
    query = {"p_map": "numbers", "p_rows": "7", "p_cols": "8", "p_size": "3"}
    assert "Hatched: the last row and the last 2 columns do not fill a window and are dropped." in text(
        open_page(query)
    )
    said = text(open_page({**query, "p_ceil": "true", "p_mode": "average"}))
    assert "The last windows reach 2 rows and 1 column beyond the end." in said
    assert "Such a window takes the mean of the cells that it covers, padding included." in said
    assert "Hatched" not in text(open_page({**query, "p_rows": "9", "p_cols": "6"}))


def test_what_is_sent_is_small() -> None:
    for stage in ("windows", "pyramid", "shift test"):
        assert len(json.dumps(view(open_page({"p_view": stage})))) < 10_000
