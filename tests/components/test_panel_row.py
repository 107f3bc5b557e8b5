"""The panel row's data; what it does in the browser is tested in tests/browser/test_panel_row_js.py."""

import base64
import json
from typing import Any

import numpy as np
import pytest

from cnnviz.components.panel_row import (
    ConvSettings,
    Panel,
    PanelData,
    conv,
    flip_difference_panels,
    max_pool,
    panel_row,
    picture,
    row_data,
    sobel_panels,
)


def data(
    panels: Any, digest: str | None = "d", display: str = "signed", colour_map: str | None = None
) -> Any:
    return row_data(panels, digest, display, colour_map, shared_range=True, caption="")


@pytest.mark.parametrize(
    "panels",
    [
        sobel_panels(),
        sobel_panels(ConvSettings(padding=(2, 1), mode="reflect", stride=(2, 3), flip=True)),
        flip_difference_panels(
            np.arange(27, dtype=np.float32).reshape(3, 3, 3), ConvSettings(channels="sum")
        ),
        [Panel("a", PanelData(np.array([[np.nan, np.inf]])))],
    ],
)
def test_everything_sent_is_plain_json(panels: Any) -> None:
    sent = data(panels)
    assert json.loads(json.dumps(sent, allow_nan=False)) == sent


def test_gx_and_gy_are_the_same_parts_in_every_panel_so_they_are_computed_once() -> None:
    recipes = [panel["recipe"] for panel in data(sobel_panels())["panels"]]
    gx, gy = recipes[:2]
    assert all(recipe["of"] == [gx, gy] for recipe in recipes[2:])
    assert gx["slices"] == [[-1, 0, 1, -2, 0, 2, -1, 0, 1]]
    assert gy["slices"] == [[-1, -2, -1, 0, 0, 0, 1, 2, 1]]


def test_the_flip_row_shows_both_conventions_whatever_the_switch_says() -> None:
    for flip in (False, True):
        plain, turned, difference = flip_difference_panels([[1, 2]], ConvSettings(flip=flip))
        got = data([plain, turned, difference])["panels"]
        assert [panel["recipe"].get("flip") for panel in got[:2]] == [False, True]
        assert got[2]["recipe"]["of"] == [got[0]["recipe"], got[1]["recipe"]]


def test_a_kernel_of_three_slices_is_sent_slice_by_slice() -> None:
    weights = np.arange(12).reshape(2, 2, 3)
    sent = conv(picture("sum"), weights, ConvSettings(channels="sum")).to_json()
    assert sent["slices"] == [[0, 3, 6, 9], [1, 4, 7, 10], [2, 5, 8, 11]]
    assert sent["sum"] is True


def test_finished_pictures_keep_their_bytes() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (4, 5, 3), dtype=np.uint8)
    values = np.random.default_rng(0).normal(size=(3, 2))
    rgb, floats = (
        panel["data"]
        for panel in data([Panel("a", PanelData(pixels)), Panel("b", PanelData(values))], None)["panels"]
    )
    assert (rgb["kind"], rgb["height"], rgb["width"]) == ("rgb", 4, 5)
    assert base64.b64decode(rgb["base64"]) == pixels.tobytes()
    assert base64.b64decode(floats["base64"]) == values.astype("<f4").tobytes()


def test_each_panel_has_the_colour_map_that_fits_it() -> None:
    sobel = sobel_panels()[0]
    own = [data([sobel])["panels"][0], data([sobel], colour_map="ember")["panels"][0]]
    assert [panel["themed"] for panel in own] == [True, False]
    assert own[0]["lut"]["light"] != own[0]["lut"]["dark"]
    assert own[1]["lut"]["light"] == own[1]["lut"]["dark"]
    assert data([Panel("p", picture(), display="clip")])["panels"][0]["themed"] is False


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: data(sobel_panels(), None), "needs the digest"),
        (lambda: data(sobel_panels(), display="rainbow"), "no display 'rainbow'"),
        (lambda: data([Panel("p", picture(), display="x")]), "no display 'x'"),
        (lambda: data(sobel_panels(), colour_map="rainbow"), "no colour map 'rainbow'"),
        (lambda: conv(picture(), [1, 2]), "not shape"),
        (lambda: conv(picture(), [[np.nan]]), "finite weights"),
        (lambda: data([Panel("p", PanelData(np.zeros((2, 2), np.int64)))]), "not int64"),
    ],
)
def test_what_cannot_be_drawn_is_refused(make: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()


def test_the_stride_of_a_pool_is_its_size_unless_given() -> None:
    assert max_pool(picture(), 3).options == {"size": 3, "stride": 3}
    assert max_pool(picture(), 3, 2).options == {"size": 3, "stride": 2}


def test_the_row_is_mounted_in_an_app() -> None:
    from streamlit.testing.v1 import AppTest

    def page() -> None:
        from cnnviz.components.base import library
        from cnnviz.components.panel_row import panel_row, sobel_panels

        library()
        panel_row(panels=sobel_panels(), digest="d", key="row")

    assert panel_row.__module__ == "cnnviz.components.panel_row"
    app = AppTest.from_function(page).run()
    assert not app.exception
    assert len(app.get("bidi_component")) == 2
