"""The panel row in a real Chromium: its pictures' pixels, ranges, cursor, keyboard, touch and sizes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from blank_page import decode, mount
from playwright.sync_api import Page, expect
from waiting import soon

from cnnviz.components.panel_row import (
    ConvSettings,
    Panel,
    PanelData,
    add,
    conv,
    flip_difference_panels,
    max_pool,
    picture,
    relu,
    row_data,
    sobel_panels,
)
from cnnviz.core.colour import displays as colour
from cnnviz.core.convolution.convolve import convolve2d
from cnnviz.core.kernels.library import KERNELS
from cnnviz.core.pictures.load import grey
from cnnviz.core.pooling.pool import pool2d

pytestmark = pytest.mark.browser
PICTURE = np.random.default_rng(1).integers(0, 256, (48, 64, 3), dtype=np.uint8)


def show(page: Page, panels: Any, *, shared: bool = True, caption: str = "") -> None:
    mount(
        page,
        "panel_row",
        row_data(panels, "d", "signed", None, shared_range=shared, caption=caption),
        PICTURE,
    )
    page.wait_for_selector("[data-painted]")


def pixels(page: Page, at: int) -> np.ndarray:
    got = page.evaluate(
        """(at) => {
          const canvas = document.querySelectorAll(".picture canvas")[at];
          const image = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          return { data: text(image.data), width: canvas.width, height: canvas.height };
        }""",
        at,
    )
    return decode(got["data"], "u1").reshape(got["height"], got["width"], 4)[:, :, :3]


def sobel_values() -> list[np.ndarray]:
    gx, gy = (
        convolve2d(grey(PICTURE), KERNELS[name].make(), padding="same")
        for name in ("sobel_right", "sobel_bottom")
    )
    return [gx, gy, gx + gy, abs(gx) + abs(gy), np.hypot(gx, gy), np.arctan2(gy, gx)]


def assert_same(got: np.ndarray, want: np.ndarray) -> None:
    """A last-digit difference before rounding may move a pixel by one step of the map."""
    assert got.shape == want.shape
    assert np.abs(got.astype(int) - want).max() <= 8
    assert (got == want).mean() > 0.99


def test_the_sobel_row_is_pythons_on_one_range(page: Page) -> None:
    show(page, sobel_panels())
    *values, angle = sobel_values()
    top = max(float(np.abs(v).max()) for v in values)
    for at, want in enumerate(values):
        assert_same(pixels(page, at), colour.to_rgb(want, "signed", "blue_orange", (-top, top)))
    got, want = pixels(page, 5), colour.direction_to_rgb(angle, values[4])
    assert np.mean(np.abs(got.astype(int) - want).max(axis=2) <= 8) > 0.999  # ±180° may change sides
    text = colour.format_value(top)
    expect(page.locator(".words")).to_have_text(
        f"All on −{text} … {text}: blue is negative, white is 0, orange is positive."
    )


def test_panels_on_their_own_range_say_so(page: Page) -> None:
    show(page, sobel_panels()[:2], shared=False)
    for at, values in enumerate(sobel_values()[:2]):
        assert_same(pixels(page, at), colour.to_rgb(values, "signed", "blue_orange"))
        low, high = (colour.format_value(float(v)) for v in (values.min(), values.max()))
        size = page.locator(".size").nth(at).inner_text().replace("\u00a0", " ")
        assert size == f"(48, 64) · {low} … {high}"
    assert page.locator(".words").inner_text().count("blue is negative") == 2


def test_the_difference_of_the_two_conventions(page: Page) -> None:
    weights = KERNELS["emboss"].make()
    settings = ConvSettings("each", (2, 1), "circular", (2, 1), (1, 2))
    show(page, flip_difference_panels(weights, settings), shared=False)
    plain, turned = (
        convolve2d(
            PICTURE, weights, padding=(2, 1), padding_mode="circular", stride=(2, 1), dilation=(1, 2), flip=f
        )
        for f in (False, True)
    )
    assert_same(pixels(page, 0), colour.to_rgb(plain, "signed"))
    assert_same(pixels(page, 1), colour.to_rgb(turned, "signed"))
    assert_same(pixels(page, 2), colour.to_rgb(plain - turned, "signed"))


def test_a_stack_and_finished_pictures(page: Page) -> None:
    edges = conv(picture(), KERNELS["laplacian_4"].make())
    values = np.random.default_rng(2).normal(size=(5, 7)).astype(np.float32)
    values[0, 0] = np.nan
    show(page, [
        Panel("Picture", picture("each"), display="clip", role="input"),
        Panel("Pooled", max_pool(relu(edges), 3, 2), step="max pool"),
        Panel("Pixels", PanelData(PICTURE)),
        Panel("Values", PanelData(values), shared=False),
    ])  # fmt: skip
    assert np.array_equal(pixels(page, 0), PICTURE)
    laplacian = convolve2d(grey(PICTURE), KERNELS["laplacian_4"].make(), padding="same")
    assert_same(
        pixels(page, 1), colour.to_rgb(pool2d(np.maximum(laplacian, 0), 3, stride=2), "signed", "blue_orange")
    )
    assert np.array_equal(pixels(page, 2), PICTURE)
    assert np.array_equal(pixels(page, 3), colour.to_rgb(values, "signed", "blue_orange"))
    words = page.locator(".words").inner_text()
    assert "Picture: clipped to 0 … 255." in words
    assert words.count("blue is negative") == 2


def test_hovering_shows_the_cell_in_every_panel(page: Page) -> None:
    show(page, sobel_panels())
    box = page.locator(".picture canvas").nth(1).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 21.5 / 64, box["y"] + box["height"] * 30.5 / 48)
    values = sobel_values()
    want = [colour.format_value(float(v[30, 21])) for v in values[:5]]
    want.append(f"{colour.format_value(float(round(np.degrees(values[5][30, 21]))))}°")
    expect(page.locator(".value")).to_have_text(want)
    expect(page.locator(".where")).to_have_text("Row 30, column 21.")
    expect(page.locator(".spoken")).to_contain_text(f"Row 30, column 21. Gx {want[0]}; Gy {want[1]}")
    page.mouse.move(1, 790)
    expect(page.locator(".value:visible")).to_have_count(0)


def test_the_keyboard_reads_and_enlarges(page: Page) -> None:
    show(page, sobel_panels())
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")  # the first press starts in the middle
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator(".where")).to_have_text("Row 25, column 22.")
    expect(page.locator(".value").first).to_have_text(colour.format_value(float(sobel_values()[0][25, 22])))
    before = page.locator(".picture").first.bounding_box()
    page.keyboard.press("Enter")
    after = page.locator(".picture").first.bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] > 3 * before["width"]
    assert after["width"] / after["height"] == pytest.approx(64 / 48, rel=0.02)
    assert page.evaluate("getComputedStyle(document.querySelector('canvas')).imageRendering") == "pixelated"
    page.keyboard.press("Escape")
    soon(page, lambda: page.locator("[data-large]").count() == 0)
    expect(page.locator(".value").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".value:visible")).to_have_count(0)


def test_a_tap_enlarges_and_reads(page: Page) -> None:
    show(page, sobel_panels())
    page.locator(".picture").nth(2).tap(position={"x": 40, "y": 30})
    soon(page, lambda: page.locator(".panel").nth(2).get_attribute("data-large") is not None)
    page.locator(".picture").nth(2).tap()
    soon(page, lambda: page.locator("[data-large]").count() == 0)


def test_what_cannot_be_computed_is_said_in_its_place(page: Page) -> None:
    small = conv(picture(), np.ones((9, 9)), ConvSettings(padding="valid"))
    large = conv(picture(), np.ones((9, 9)), ConvSettings(padding="valid", dilation=(20, 20)))
    show(page, [Panel("a", small), Panel("b", large), Panel("c", add(small, picture()))])
    expect(page.locator(".problem:visible")).to_have_count(2)
    expect(page.locator(".problem").nth(1)).to_contain_text("does not fit on a picture of 48×64")
    expect(page.locator(".picture:visible")).to_have_count(1)


def test_a_row_of_as_many_panels_keeps_focus_and_forgets_the_old_pictures(page: Page) -> None:
    show(page, sobel_panels()[4:])
    expect(page.locator(".wheel")).to_have_count(1)
    page.locator(".picture").nth(1).focus()
    data = row_data(sobel_panels()[:2], "d", "signed", None, shared_range=False, caption="New.")
    page.evaluate("(data) => remount(data)", data)
    expect(page.locator(".title")).to_have_text(["Gx", "Gy"])
    expect(page.locator(".words")).to_contain_text("New.")
    expect(page.locator(".wheel")).to_have_count(0)
    expect(page.locator(".picture").nth(1)).to_be_focused()
    assert_same(pixels(page, 1), colour.to_rgb(sobel_values()[1], "signed", "blue_orange"))


def test_dark_has_its_own_colours_and_words(page: Page) -> None:
    show(page, sobel_panels()[:2])
    data = row_data(sobel_panels()[:2], "d", "signed", None, shared_range=True, caption="")
    page.evaluate("(data) => { view.root.dataset.theme = 'dark'; remount(data); }", data)
    expect(page.locator(".words")).to_contain_text("black is 0")
    values = sobel_values()[:2]
    top = max(float(np.abs(v).max()) for v in values)
    assert_same(pixels(page, 0), colour.to_rgb(values[0], "signed", "blue_orange_dark", (-top, top)))


@pytest.mark.parametrize(("width", "columns"), [(358, 2), (1000, 6), (1800, 6)])
def test_the_row_fits_every_width(page: Page, width: int, columns: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    show(page, sobel_panels())
    tops = page.evaluate("[...document.querySelectorAll('.panel')].map((p) => p.getBoundingClientRect().top)")
    assert tops.count(tops[0]) == columns
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
