"""The picture picker, driven as a page: what is chosen, what stays, and what nobody else can see."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from cnnviz.core import SAMPLES, resize_to
from cnnviz.ui.picture import sources
from cnnviz.ui.picture.picker import plain

DEFAULT = next(iter(SAMPLES))


def png(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=1)
    return file.getvalue()


def ramp(height: int, width: int) -> np.ndarray:
    values = np.add.outer(np.arange(height), np.arange(width)) % 256
    return np.repeat(values[..., None], 3, axis=2).astype(np.uint8)


def script() -> None:
    import streamlit as st

    from cnnviz.ui.picture.picker import choose, choose_picture, take_bytes

    # The test puts what a component would report into the session; the button's callback passes it on.
    st.button("take", on_click=lambda: take_bytes(*st.session_state["given"]))
    st.button("choose", on_click=lambda: choose(st.session_state["given"]))
    st.session_state["chosen"] = choose_picture()


def app(**query: str) -> AppTest:
    at = AppTest.from_function(script)
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def press(at: AppTest, label: str, given: object) -> AppTest:
    at.session_state["given"] = given
    next(button for button in at.button if button.label == label).click()
    at.run()
    assert not at.exception
    return at


def take(at: AppTest, pixels: np.ndarray, title: str = "mine.png", kind: str = "still") -> AppTest:
    return press(at, "take", (png(pixels), title, kind))


def chosen(at: AppTest):
    return at.session_state["chosen"]


def errors(at: AppTest) -> list[str]:
    return [element.value.replace("\\", "") for element in at.error]


def caption(at: AppTest) -> str:
    return at.caption[0].value.replace("\\", "")


def test_the_default_is_the_first_sample_at_512() -> None:
    at = app()
    assert (chosen(at).title, chosen(at).kind) == (SAMPLES[DEFAULT].title, "sample")
    assert chosen(at).alt == SAMPLES[DEFAULT].alt
    height, width = chosen(at).picture.pixels.shape[:2]
    assert max(height, width) <= 512
    assert f"{width}×{height}" in caption(at)


def test_a_link_sets_sample_and_working_size() -> None:
    at = app(pic="rocket", px="256")
    assert chosen(at).title == SAMPLES["rocket"].title
    assert chosen(at).original_size == (427, 640)
    assert chosen(at).picture.pixels.shape == (171, 256, 3)
    assert "reduced from 640×427 to 256×171" in caption(at)


@pytest.mark.parametrize("query", [{"pic": "nope"}, {"px": "3"}, {"pic": "own"}, {"pic": "", "px": "-1"}])
def test_an_invalid_link_gives_the_default_without_a_word(query: dict[str, str]) -> None:
    at = app(**query)
    assert chosen(at).picture.digest == chosen(app()).picture.digest
    assert errors(at) == []


def test_full_is_the_whole_picture() -> None:
    at = take(app(px="full"), ramp(700, 900))
    assert chosen(at).picture.pixels.shape == (700, 900, 3)
    assert "900×700" in caption(at)
    assert "reduced" not in caption(at)


def test_bytes_become_the_visitors_picture_and_win_over_the_link() -> None:
    pixels = ramp(300, 400)
    at = take(app(pic="rocket"), pixels, "ramp.png", "upload")
    assert (chosen(at).title, chosen(at).kind, chosen(at).original_size) == ("ramp.png", "upload", (300, 400))
    np.testing.assert_array_equal(chosen(at).picture.pixels, pixels)
    assert "The link cannot carry your own picture." in caption(at)
    assert at.query_params["pic"] in ("rocket", ["rocket"])


def test_upload_and_reduction_are_told() -> None:
    at = app()
    at.file_uploader[0].upload("photo.png", png(ramp(800, 1600)), "image/png")
    at.run()
    assert (chosen(at).title, chosen(at).kind) == ("photo.png", "upload")
    assert chosen(at).picture.pixels.shape == (256, 512, 3)
    assert caption(at).startswith("photo.png, reduced from 1600×800 to 512×256")
    assert chosen(at).notes[-1] == "Reduced from 1600×800 to 512×256."


def test_notes_of_the_file_are_shown() -> None:
    file = io.BytesIO()
    frames = [Image.fromarray(ramp(20, 30) // n) for n in (1, 2)]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    at = press(app(), "take", (file.getvalue(), "moving.gif", "upload"))
    assert "The first of 2 frames is shown." in chosen(at).notes
    assert "The first of 2 frames is shown." in caption(at)


@pytest.mark.parametrize("bad", [b"", b"no picture at all", png(ramp(30, 30))[:60]])
def test_a_bad_file_says_why_and_loses_nothing(bad: bytes) -> None:
    at = take(app(), ramp(30, 40), "good.png")
    before = chosen(at).picture
    press(at, "take", (bad, "bad.png", "upload"))
    assert chosen(at).picture is before
    assert len(errors(at)) == 1
    assert errors(at)[0].startswith("bad.png: ")
    assert errors(at)[0].endswith(".")
    take(at, ramp(20, 20))
    assert errors(at) == []


def test_removing_the_uploaded_file_keeps_the_picture() -> None:
    at = app()
    at.file_uploader[0].upload("photo.png", png(ramp(60, 50)), "image/png")
    at.run()
    before = chosen(at).picture.digest
    at.file_uploader[0].clear()
    at.run()
    assert chosen(at).picture.digest == before
    press(at, "choose", "rocket")
    assert chosen(at).title == SAMPLES["rocket"].title


def test_ones_own_picture_can_be_taken_again_after_a_sample() -> None:
    at = take(app(), ramp(30, 40))
    own = chosen(at).picture.digest
    press(at, "choose", "rocket")
    assert chosen(at).kind == "sample"
    press(at, "choose", sources.OWN)
    assert chosen(at).picture.digest == own
    press(at, "choose", "no such sample")
    assert chosen(at).picture.digest == own


def test_choosing_the_sample_that_the_link_names_leaves_the_own_picture() -> None:
    at = press(take(app(), ramp(30, 40)), "choose", DEFAULT)
    assert chosen(at).title == SAMPLES[DEFAULT].title


def test_the_own_picture_follows_the_working_size() -> None:
    at = take(app(), ramp(700, 900))
    first = chosen(at).picture
    at.selectbox[0].set_value("256").run()
    assert chosen(at).picture.pixels.shape == (199, 256, 3)
    at.selectbox[0].set_value("512").run()
    assert chosen(at).picture.digest == first.digest


def test_two_large_pictures_that_differ_in_one_pixel_are_not_confused() -> None:
    one = np.zeros((500, 500, 3), np.uint8)  # 750,000 values
    other = one.copy()
    other[123, 321, 1] = 1
    at = take(app(), one)
    np.testing.assert_array_equal(chosen(at).picture.pixels, one)
    take(at, other)
    np.testing.assert_array_equal(chosen(at).picture.pixels, other)
    press(at, "choose", "rocket")
    press(at, "choose", sources.OWN)
    np.testing.assert_array_equal(chosen(at).picture.pixels, other)


def test_an_unchanged_picture_is_not_computed_again() -> None:
    at = take(app(), ramp(700, 900))
    before = chosen(at).picture
    at.run()
    assert chosen(at).picture is before


def test_no_visitor_sees_the_picture_of_another() -> None:
    shared = sources.sample_at.cache_info().currsize
    take(app(), ramp(64, 65))
    assert chosen(app()).kind == "sample"
    assert sources.sample_at.cache_info().currsize <= shared + 1


def test_samples_at_a_size_are_shared_and_cannot_be_changed() -> None:
    picture = sources.sample_at("rocket", "256")
    assert sources.sample_at("rocket", "256") is picture
    with pytest.raises(ValueError, match="read-only"):
        picture.pixels[0, 0] = 0


def test_a_file_name_is_shown_as_it_is_and_never_as_markdown() -> None:
    name = "![x](http://host.example/a.png) :red[y] $z$ <b>.png"
    at = take(app(), ramp(20, 20), name)
    assert chosen(at).title.startswith("![x](http://ho")
    raw = at.caption[0].value
    for mark in "![]()*$<>:":
        assert all(raw[at - 1] == "\\" for at in range(len(raw)) if raw[at] == mark)


def test_plain_escapes_only_punctuation() -> None:
    assert plain("Circles and rings 3") == "Circles and rings 3"
    assert plain("a_b*c") == r"a\_b\*c"


@pytest.mark.parametrize("title", ["", "\n\t", "\x00"])
def test_a_nameless_picture_has_a_title(title: str) -> None:
    assert chosen(take(app(), ramp(20, 20), title)).title == "Your picture"


def test_a_long_file_name_keeps_its_start_and_its_ending() -> None:
    title = chosen(take(app(), ramp(20, 20), "holiday" * 30 + ".jpeg")).title
    assert len(title) == sources.TITLE_LENGTH
    assert title.startswith("holiday")
    assert title.endswith(".jpeg")


def test_the_camera_is_drawn_only_when_asked_for() -> None:
    at = app()
    assert len(at.get("camera_input")) == 0
    at.toggle[0].set_value(True).run()
    assert not at.exception
    assert len(at.get("camera_input")) == 1


def test_every_tile_has_a_small_thumbnail_and_a_text() -> None:
    tiles = sources.sample_tiles()
    assert [tile.id for tile in tiles] == list(SAMPLES)
    for tile in tiles:
        assert tile.alt
        assert tile.src.startswith("data:image/webp;base64,")
        assert len(tile.src) < 8_000


def test_the_work_copy_is_what_resize_to_gives() -> None:
    pixels = ramp(600, 800)
    at = take(app(), pixels)
    expected = resize_to(sources.load_image(png(pixels)), 512)
    assert chosen(at).picture.digest == expected.digest


def test_a_heavy_picture_says_what_it_costs() -> None:
    at = take(app(px="full"), ramp(2400, 2400))
    assert "17 MB go to your browser" in caption(at)
