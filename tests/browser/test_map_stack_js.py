"""The stack of maps in a real Chromium: its values, what a pixel is made of, pointer, keyboard and sizes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from blank_page import blank_page, decode, mount, untouched
from playwright.sync_api import Page, expect

from cnnviz.components.map_stack import StackLayer, StackMap, stack_data
from cnnviz.core.colour import displays as colour
from cnnviz.core.networks.handmade import LAYERS, PADDING_MODE, POOL, run_stack
from cnnviz.core.pictures.load import grey

pytestmark = pytest.mark.browser
PICTURE = np.random.default_rng(1).integers(0, 256, (50, 72, 3), dtype=np.uint8)
STACK = [
    StackLayer(f"Layer {n}", [StackMap(k.title, k.about, k.weights) for k in kernels], POOL, 4)
    for n, kernels in enumerate(LAYERS, 1)
]


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    with blank_page(viewport={"width": 1300, "height": 800}, has_touch=True) as page:
        yield page


def show(page: Page, picture: np.ndarray = PICTURE) -> None:
    mount(page, "map_stack", stack_data("d", STACK, PADDING_MODE), picture)


@pytest.fixture
def page(tab: Page) -> Iterator[Page]:
    with untouched(tab, 1300, 800):
        show(tab)
        tab.wait_for_selector("[data-painted]")
        yield tab


def values(page: Page) -> list[np.ndarray]:
    """The maps after each layer, (C, H, W)."""
    got = page.evaluate(
        """() => view.values.slice(1).map(
             ({ planes, width, height }) => ({ planes: planes.map(text), width, height }))"""
    )
    return [np.stack([decode(p).reshape(s["height"], s["width"]) for p in s["planes"]]) for s in got]


def test_the_maps_are_pythons(page: Page) -> None:
    for got, want in zip(values(page), run_stack(grey(PICTURE)), strict=True):
        assert got.shape == want.shape
        assert np.abs(got - want).max() < 1e-4 * 255


@pytest.mark.parametrize("shared", [False, True])
def test_the_colours_are_pythons_on_each_maps_range_or_the_layers(page: Page, shared: bool) -> None:
    if shared:
        page.get_by_role("button", name="One range for each layer").click()
    top = run_stack(grey(PICTURE))[1].max() if shared else run_stack(grey(PICTURE))[1][3].max()
    want = colour.to_rgb(run_stack(grey(PICTURE))[1][3], "clip", "ink", (0, float(top)))
    got = page.evaluate(
        """() => {
          const canvas = document.querySelectorAll(".stage:last-child canvas")[3];
          return text(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data);
        }"""
    )
    pixels = decode(got, "u1").reshape(*want.shape[:2], 4)[:, :, :3]
    assert (pixels == want).mean() > 0.99
    if shared:
        expect(page.locator(".words")).to_contain_text(f"{colour.format_value(float(top))} in Layer 2")


def test_the_frame_holds_exactly_the_pixels_that_matter(page: Page) -> None:
    """A pixel does not depend on the picture outside its frame, and it does on the frame's corners."""
    rows, cols = page.evaluate(
        """async () => {
          const { fieldOf } = await import(urls["map_stack/layers.js"]);
          return [fieldOf(view.data.layers, 2, 5, "rows")[0], fieldOf(view.data.layers, 2, 9, "cols")[0]];
        }"""
    )
    assert [rows[1] - rows[0] + 1, cols[1] - cols[0] + 1] == [10, 10]
    inside = np.zeros((50, 72), bool)
    inside[rows[0] : rows[1] + 1, cols[0] : cols[1] + 1] = True
    plain = grey(PICTURE).astype(float)
    first = run_stack(plain)[1][:, 5, 9]
    assert np.array_equal(run_stack(np.where(inside, plain, 255 - plain))[1][:, 5, 9], first)
    for corner in ((rows[0], cols[0]), (rows[1], cols[1])):
        changed = plain.copy()
        changed[corner] += 2000
        assert not np.array_equal(run_stack(changed)[1][:, 5, 9], first)


def test_the_first_thing_shown_is_the_brightest_place_of_the_first_map(page: Page) -> None:
    first = run_stack(grey(PICTURE))[1][0]
    y, x = np.unravel_index(int(first.argmax()), first.shape)
    story = page.locator(".story")
    expect(story).to_contain_text(f"Row {y}, column {x}: {colour.format_value(float(first[y, x]))}")
    expect(story).to_contain_text("reads 2 of the 8 maps before it: Brighter right, Brighter left")
    expect(page.locator("[data-read]")).to_have_count(2)


def test_pointing_reads_the_value_under_the_pointer(page: Page) -> None:
    box = page.locator(".stage").nth(1).locator(".map").nth(5).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 20.5 / 36, box["y"] + box["height"] * 7.5 / 25)
    value = run_stack(grey(PICTURE))[0][5, 7, 20]
    expect(page.locator(".story")).to_contain_text(f"Falling line. Bright where {LAYERS[0][5].about}.")
    expect(page.locator(".story")).to_contain_text(
        f"Row 7, column 20: {colour.format_value(float(value))}, made"
    )
    patch = page.get_by_role("img", name="The 4×4 pixels in the frame on the grey picture")
    expect(patch).to_be_visible()
    assert page.locator(".stage").first.locator(".weights span").all_inner_texts() == list("+−−−+−−−+")


def test_the_keyboard_walks_over_maps_and_pixels(page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("Tab")
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft"):
        page.keyboard.press(key)
    focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused.startswith(f"{LAYERS[1][4].title}. Bright where {LAYERS[1][4].about}. 12×18 values, ")
    story, maps = page.locator(".story"), run_stack(grey(PICTURE))[1]
    for key in ["Shift+ArrowUp"] * 12 + ["Shift+ArrowLeft"] * 18:  # to the corner, and not beyond
        page.keyboard.press(key)
    expect(story).to_contain_text(f"Row 0, column 0: {colour.format_value(float(maps[4, 0, 0]))}, made")
    for key in ("Shift+ArrowDown", "Shift+ArrowRight", "Shift+ArrowRight"):
        page.keyboard.press(key)
    expect(story).to_contain_text(f"Row 1, column 2: {colour.format_value(float(maps[4, 1, 2]))}, made")


def test_a_tap_chooses_a_map(page: Page) -> None:
    page.locator(".stage").nth(2).locator(".map").nth(9).tap()
    expect(page.locator(".story b")).to_have_text(f"{LAYERS[1][9].title}.")
    expect(page.locator('.map[aria-checked="true"]')).to_have_count(1)


def test_a_picture_too_small_is_refused_in_a_sentence(page: Page) -> None:
    show(page, PICTURE[:3])
    expect(page.locator(".problem")).to_contain_text("does not fit")
    expect(page.locator(".flow")).to_be_hidden()


@pytest.mark.parametrize("width", [358, 735, 1300, 1800])
def test_sizes_are_true_to_each_other_and_fit(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    boxes = [page.locator(".stage").nth(stage).locator(".map").first.bounding_box() for stage in range(3)]
    shown = [box["width"] for box in boxes if box]
    assert shown[1] / shown[0] == pytest.approx(36 / 72, rel=0.03)
    assert shown[2] / shown[0] == pytest.approx(18 / 72, rel=0.03)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    lefts = page.evaluate("[...document.querySelectorAll('.map')].map((m) => m.getBoundingClientRect().left)")
    assert min(lefts) >= 0
