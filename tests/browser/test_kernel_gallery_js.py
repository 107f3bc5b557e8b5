"""The kernel gallery in a real Chromium: its tiles' pixels, mouse, keyboard, search and sizes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from blank_page import blank_page, decode, mount, untouched
from playwright.sync_api import Page, expect
from waiting import soon

from cnnviz.components.kernel_gallery import GalleryEntry, gallery_data
from cnnviz.core.colour import displays as colour
from cnnviz.core.convolution.convolve import convolve2d
from cnnviz.core.kernels.library import KERNELS
from cnnviz.core.pictures.load import grey

pytestmark = pytest.mark.browser
PICTURE = np.random.default_rng(1).integers(0, 256, (60, 80, 3), dtype=np.uint8)


def entries() -> list[GalleryEntry]:
    made = {kernel.id: kernel.make() for kernel in KERNELS.values()}
    return [
        GalleryEntry(name, KERNELS[name].title, KERNELS[name].group, *weights.shape, tuple(weights.ravel()))
        for name, weights in made.items()
    ]


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    with blank_page(viewport={"width": 1000, "height": 700}) as page:
        yield page


@pytest.fixture
def page(tab: Page) -> Iterator[Page]:
    with untouched(tab, 1000, 700):
        mount(tab, "kernel_gallery", gallery_data("d", entries(), "sobel_right"), PICTURE)
        tab.wait_for_selector('[data-id="sobel_right"][data-painted]')
        yield tab


def pixels(page: Page, name: str) -> np.ndarray:
    page.locator(f'[data-id="{name}"]').scroll_into_view_if_needed()
    page.wait_for_selector(f'[data-id="{name}"][data-painted]')
    got = page.evaluate(
        """(name) => {
          const canvas = document.querySelector(`[data-id="${name}"] canvas`);
          return text(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data);
        }""",
        name,
    )
    return decode(got, "u1").reshape(60, 80, 4)[:, :, :3]


@pytest.mark.parametrize("name", ["identity", "gaussian", "sobel_right", "gabor", "random", "high_pass"])
def test_a_tile_is_this_picture_through_this_kernel(page: Page, name: str) -> None:
    weights = KERNELS[name].make()
    values = convolve2d(grey(PICTURE), weights, padding="same", padding_mode="replicate")
    signed = abs(float(weights.sum())) < 1e-5
    want = colour.to_rgb(values, "signed", "blue_orange") if signed else colour.to_rgb(values, "clip")
    # A last-digit difference before rounding may move a pixel by one step of the map.
    assert np.abs(pixels(page, name).astype(int) - want).max() <= 3
    assert (pixels(page, name) == want).mean() > 0.99


def test_a_large_picture_is_averaged(page: Page) -> None:
    found = page.evaluate(
        """async () => {
          const { greyCopy } = await import(urls["shared/maths/reduce.js"]);
          const rgb = Uint8Array.from({ length: 210 * 130 * 3 }, (_, i) => (i * 7919) % 256);
          const steps = greyCopy({ rgb, width: 210, height: 130 }, 104);
          let step = steps.next();
          while (!step.done) step = steps.next();
          const { plane, width, height } = step.value;
          return { rgb: text(rgb), plane: text(plane), width, height };
        }"""
    )
    whole = grey(decode(found["rgb"], "u1").reshape(130, 210, 3))
    small = decode(found["plane"]).reshape(found["height"], found["width"])
    assert small.shape == (64, 104)
    fine = np.kron(whole, np.ones((64, 1)))  # every pixel cut into 64 rows, then into 104 columns
    rows = fine.reshape(64, 130, 210).mean(axis=1)
    want = np.repeat(rows, 104, axis=1).reshape(64, 104, 210).mean(axis=2)
    assert np.abs(small - want).max() < 1e-3


def test_a_click_sends_the_choice_once_and_only_then(page: Page) -> None:
    page.locator('[data-id="box"]').hover()
    assert page.evaluate("sent") == []
    page.locator('[data-id="box"]').click()
    soon(page, lambda: page.evaluate("sent") == [["choose", "box"]])


def test_keyboard_arrows_move_and_enter_chooses(page: Page) -> None:
    page.locator("input").focus()
    page.keyboard.press("Tab")
    focused = "() => document.activeElement.dataset.id"
    assert page.evaluate(focused) == "sobel_right"
    page.keyboard.press("ArrowRight")
    soon(page, lambda: page.evaluate(focused) == "sobel_left")
    page.keyboard.press("ArrowDown")
    soon(page, lambda: page.evaluate(focused) not in ("sobel_left", "sobel_bottom"))
    page.keyboard.press("ArrowUp")
    soon(page, lambda: page.evaluate(focused) == "sobel_left")
    page.keyboard.press("Home")
    soon(page, lambda: page.evaluate(focused) == "identity")
    page.keyboard.press("End")
    soon(page, lambda: page.evaluate(focused) == "laws_ripple")
    page.keyboard.press("ArrowRight")
    soon(page, lambda: page.evaluate(focused) == "laws_ripple")
    assert page.evaluate("sent") == []
    page.keyboard.press("Enter")
    soon(page, lambda: page.evaluate("sent") == [["choose", "laws_ripple"]])
    soon(page, lambda: page.locator('[role=radio][tabindex="0"]').count() == 1)


def test_the_choice_is_marked_for_all_senses(page: Page) -> None:
    chosen = page.locator('[aria-checked="true"]')
    expect(chosen).to_have_count(1)
    expect(chosen).to_have_attribute("data-id", "sobel_right")
    expect(chosen.locator(".tick")).to_be_visible()
    expect(chosen).to_be_in_viewport()
    page.evaluate("(data) => remount(data)", gallery_data("d", entries(), "own"))
    expect(chosen).to_have_count(0)


def test_finding_a_kernel(page: Page) -> None:
    page.locator("input").fill("sobel top")
    expect(page.locator("[role=radio]:visible")).to_have_count(1)
    expect(page.locator(".heading:visible")).to_have_text(["Edges"])
    expect(page.locator("[role=status]")).to_have_text("1 of 55 kernels")
    page.locator("input").fill("no such thing")
    expect(page.locator("[role=radio]:visible")).to_have_count(0)
    expect(page.locator("[role=status]")).to_have_text("No kernel has this in its name.")


@pytest.mark.parametrize(("width", "least", "most"), [(390, 2, 3), (1000, 4, 6), (1920, 4, 6)])
def test_tiles_fit_every_width(page: Page, width: int, least: int, most: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    boxes = page.evaluate(
        """() => [...document.querySelectorAll(".group:nth-child(4) [role=radio]")].map((b) => {
          const { top, width, height } = b.getBoundingClientRect();
          return [top, width, height];
        })"""
    )
    in_first_row = [box for box in boxes if box[0] == boxes[0][0]]
    assert least <= len(in_first_row) <= most
    assert all(min(wide, high) >= 44 for _, wide, high in boxes)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
