"""The pool view in a real Chromium: hover, keyboard, touch, dragging, what it says and what it reports."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from blank_page import mount
from playwright.sync_api import Locator, Page, expect
from waiting import soon

from cnnviz.components.pool_view import (
    NumberMap,
    Patch,
    PoolSettings,
    PoolViewState,
    Pyramid,
    ShiftTest,
    WholePicture,
    Windows,
    as_data,
)
from cnnviz.core import grey, pool2d
from cnnviz.core.colour.displays import format_value
from cnnviz.core.pooling.shift import frame_for, shift_test
from cnnviz.ui.pooling.maps import bank

pytestmark = pytest.mark.browser
PICTURE = np.random.default_rng(7).integers(0, 256, (60, 72, 3), dtype=np.uint8)
VALUES = np.array(
    [[3, 1, 4, 1, 5], [9, 2, 6, 5, 3], [5, 8, 9, 7, 9], [3, 2, 3, 8, 4], [6, 2, 6, 4, 3]], np.float32
)
NUMBERS = NumberMap(VALUES)
HALVES = PoolSettings("max", (2, 2), (2, 2))
FRAME = frame_for((60, 72), 2, 2)


def state(map_: Any = NUMBERS, pool: PoolSettings = HALVES, stage: Any = None) -> dict[str, Any]:
    return as_data(PoolViewState("d", map_, pool, stage or Windows()))


def show(page: Page, *args: Any, **kwargs: Any) -> None:
    mount(page, "pool_view", state(*args, **kwargs), PICTURE)
    page.wait_for_selector("[data-painted]")


def marks(page: Page, name: str) -> Locator:
    return page.locator(f".{name} canvas.marks")


def over(page: Page, name: str, row: int, column: int, act: str = "move") -> None:
    """Move to, or click, the middle of a cell of a pane."""
    cell = page.evaluate(
        "(name) => { const p = view.stage.panes[name]; return { ...p.world, cell: p.cell }; }", name
    )
    box = marks(page, name).bounding_box()
    assert box is not None
    x = box["x"] + (column - cell["left"] + 0.5) * cell["cell"]
    y = box["y"] + (row - cell["top"] + 0.5) * cell["cell"]
    if act == "tap":
        page.touchscreen.tap(x, y)
    else:
        page.mouse.move(x, y)
        if act == "click":
            page.mouse.click(x, y)


def reported(page: Page, name: str, want: Any = "any") -> Any:
    """The last value that was reported under this name; waits until there is one, or until it is `want`."""
    page.wait_for_function(
        """([name, want]) => sent.some(([said]) => said === name) && (want === "any" ||
          JSON.stringify(sent.findLast(([said]) => said === name)[1].value) === JSON.stringify(want))""",
        arg=[name, want],
    )
    return page.evaluate("(name) => sent.findLast(([said]) => said === name)[1].value", name)


def text(page: Page, where: str) -> str:
    return page.locator(where).inner_text()


def painted(page: Page, data: dict[str, Any]) -> None:
    """New data, and wait until it is painted."""
    before = page.evaluate("(data) => { const now = view.painted; remount(data); return now; }", data)
    page.wait_for_function("(before) => view.painted > before", arg=before)


# ---- windows ----


def test_hovering_an_output_shows_its_window_its_winner_and_the_gradient(page: Page) -> None:
    show(page)
    over(page, "output", 0, 1)
    expect(page.locator(".equation")).to_have_text("output[0, 1] = max(4, 1, 6, 5) = 6")
    expect(page.locator(".readout .spoken")).to_have_text(
        "Output row 0, column 1 is the largest of 4 cells: 6. Input row 1, column 2 won; all of the gradient "
        "returns to it."
    )
    page.mouse.move(0, 799)
    expect(page.locator(".equation")).to_have_text("")
    expect(page.locator(".readout .spoken")).to_contain_text("Type a digit")


@pytest.mark.parametrize(
    ("pool", "cell", "equation", "returning"),
    [
        (
            PoolSettings("average", (2, 2), (2, 2)),
            (1, 0),
            "(5 + 8 + 3 + 2) / 4 = 4.5",
            "gets 1/4 of the gradient",
        ),
        (
            PoolSettings("average", (2, 2), (2, 2), (1, 1)),
            (0, 0),
            "(3 + 3 × 0) / 4 = 0.75",
            "What falls on 3 cells of padding is lost.",
        ),
        (
            PoolSettings("l2", (2, 2), (2, 2), ceil_mode=True),
            (2, 2),
            "√(4/1 · (3²)) = 6",
            "in proportion to its value",
        ),
        (
            PoolSettings("max", (3, 3), (2, 2)),
            (1, 1),
            "max(9, 7, 9, 3, 8, 4, 6, 4, 3) = 9",
            "the first one takes it",
        ),
    ],
)
def test_every_kind_writes_out_its_sum(
    page: Page, pool: Any, cell: Any, equation: str, returning: str
) -> None:
    show(page, NUMBERS, pool)
    over(page, "output", *cell)
    expect(page.locator(".equation")).to_have_text(f"output[{cell[0]}, {cell[1]}] = {equation}")
    expect(page.locator(".readout .spoken")).to_contain_text(returning)


def test_hovering_an_input_cell_tells_its_windows(page: Page) -> None:
    show(page, NUMBERS, PoolSettings("max", (3, 3), (1, 1)))
    over(page, "input", 2, 2)
    spoken = page.locator(".readout .spoken")
    expect(spoken).to_have_text(
        "Input row 2, column 2 has the value 9. It feeds 9 outputs and wins 7 of them. "
        "Gradient that returns to it: 7."
    )
    show(page)
    over(page, "input", 4, 0)
    expect(page.locator(".readout .spoken")).to_contain_text("No window reaches it: it is dropped.")


def test_the_keyboard_moves_jumps_pins_and_lets_go(page: Page) -> None:
    show(page, NumberMap(np.tile(VALUES, (2, 2))))
    marks(page, "output").focus()
    page.keyboard.press("ArrowRight")  # the middle is 2, 2
    expect(page.locator(".equation")).to_contain_text("output[2, 3]")
    page.keyboard.press("Home")
    expect(page.locator(".equation")).to_contain_text("output[2, 0]")
    page.keyboard.press("Control+End")
    expect(page.locator(".equation")).to_contain_text("output[4, 4]")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".equation")).to_contain_text("output[4, 4]")
    page.keyboard.press("Enter")
    assert reported(page, "pin", [4, 4]) == [4, 4]
    expect(page.locator(".readout .spoken")).to_contain_text("Pinned: output row 4, column 4")
    page.evaluate("sent.length = 0")
    page.keyboard.press("Escape")
    assert reported(page, "pin") is None


def test_a_click_pins_and_a_pin_from_python_is_shown(page: Page) -> None:
    show(page)
    over(page, "output", 1, 1, "click")
    assert reported(page, "pin", [1, 1]) == [1, 1]
    over(page, "output", 0, 0)
    expect(page.locator(".equation")).to_contain_text("output[1, 1]")
    page.evaluate("(data) => remount(data)", state(stage=Windows((0, 1))))
    expect(page.locator(".equation")).to_contain_text("output[0, 1]")
    page.evaluate(
        "(data) => remount(data)", state(stage=Windows((7, 7)))
    )  # no such output: nothing is pinned
    expect(page.locator(".equation")).not_to_contain_text("output[7")
    marks(page, "output").press("Home")  # from the middle of the pooled map, as if nothing were pinned
    assert reported(page, "pin", [1, 0]) == [1, 0]


def test_a_tap_shows_and_pins(page: Page) -> None:
    show(page)
    over(page, "output", 1, 0, "tap")
    expect(page.locator(".equation")).to_have_text("output[1, 0] = max(5, 8, 3, 2) = 8")
    assert reported(page, "pin", [1, 0]) == [1, 0]


def test_a_typed_digit_changes_the_number_at_once(page: Page) -> None:
    show(page)
    over(page, "input", 0, 1)
    marks(page, "input").focus()
    page.keyboard.press("8")
    soon(page, lambda: page.evaluate("view.stage.pooled.plane[0]") == 9)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("7")
    page.keyboard.press("-")
    own = [-7, 8, *VALUES.ravel()[2:].tolist()]
    assert reported(page, "own", own) == own
    assert page.evaluate("view.stage.map.plane[0]") == -7
    page.keyboard.press("Control+-")  # zooms the page
    page.keyboard.press("Control+5")
    assert page.evaluate("view.stage.map.plane[0]") == -7
    expect(page.locator(".range")).to_contain_text("signed, −7 … 9, 0 in the middle")
    changed = VALUES.copy()
    changed[0, :2] = -7, 8
    page.keyboard.press("2")  # a newer change, before the echo of the last one
    painted(page, state(NumberMap(changed)))
    assert page.evaluate("[...view.stage.map.plane.slice(0, 2)]") == [2, 8]
    painted(page, state())  # not an echo: Python has other numbers
    assert page.evaluate("[...view.stage.map.plane.slice(0, 2)]") == [3, 1]


def test_the_patch_follows_the_hand(page: Page) -> None:
    show(page, Patch("grey", (10, 12), (6, 8)))
    box = page.locator(".locator canvas").bounding_box()
    assert box is not None
    scale = box["width"] / 72
    page.mouse.move(box["x"] + 16 * scale, box["y"] + 13 * scale)
    page.mouse.down()
    page.mouse.move(box["x"] + 40 * scale, box["y"] + 30 * scale)
    page.mouse.up()
    top, left = reported(page, "at")
    assert abs(top - 27) <= 1
    assert abs(left - 36) <= 1
    got = np.array(page.evaluate("[...view.stage.map.plane]")).reshape(6, 8)
    np.testing.assert_allclose(got, grey(PICTURE)[top : top + 6, left : left + 8], atol=1e-4)
    page.locator(".locator canvas").focus()
    page.evaluate("sent.length = 0")
    for _ in range(9):
        page.keyboard.press("Shift+ArrowRight")
    assert reported(page, "at", [top, 64]) == [top, 64]  # held inside the picture


def test_on_a_picture_a_lens_shows_the_window(page: Page) -> None:
    show(page, WholePicture("grey"), PoolSettings("max", (3, 3), (3, 3)))
    over(page, "output", 4, 5)
    want = pool2d(grey(PICTURE), 3)[4, 5]
    expect(page.locator(".equation")).to_contain_text(f"= {format_value(float(want))}")
    expect(page.locator(".lens canvas")).to_be_visible()
    assert page.evaluate("view.stage.pooled.plane.length") == 20 * 24


# ---- pyramid ----


def test_the_pyramid_keeps_the_number_of_maps_and_traces_a_value_back(page: Page) -> None:
    show(page, WholePicture("grey"), HALVES, Pyramid(3, "max 2×2", bank()))
    assert page.locator(".levels figure").count() == 4
    assert page.locator(".levels .stack button").count() == 32
    expect(page.locator(".range")).to_contain_text("(8, 60, 72) → (8, 30, 36) → (8, 15, 18) → (8, 7, 9).")
    expect(page.locator(".range")).to_contain_text("8 maps → 8 maps")
    page.locator(".levels figure:nth-child(4) canvas.marks").focus()
    for _ in range(9):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Home")
    value = page.evaluate("view.stage.stack[3][0].plane[0]")
    first = np.array(page.evaluate("[...view.stage.stack[0][0].plane]")).reshape(60, 72)[:8, :8]
    row, column = np.unravel_index(first.argmax(), first.shape)
    assert value == first.max()
    expect(page.locator(".spoken")).to_have_text(
        f"Level 3, row 0, column 0: {format_value(value)}. It was made of 8×8 cells of the first map; "
        f"its value comes from row {row}, column {column}."
    )


def test_another_map_of_the_pyramid_is_chosen(page: Page) -> None:
    show(page, WholePicture("grey"), HALVES, Pyramid(2, "max 2×2", bank()))
    page.locator(".levels figure:nth-child(2) .stack button").nth(5).click()
    assert reported(page, "which", 5) == 5
    expect(page.locator(".levels b").first).to_have_text("edges at 225°")
    assert page.locator('.stack [aria-checked="true"]').count() == 3


def test_a_global_pool_leaves_one_cell(page: Page) -> None:
    pool = PoolSettings("average", (60, 72), (60, 72), whole_map=True)
    show(page, WholePicture("grey"), pool, Pyramid(1, "global average"))
    assert page.evaluate("view.stage.stack[1][0].plane[0]") == pytest.approx(
        float(grey(PICTURE).mean()), rel=1e-5
    )
    expect(page.locator(".range")).to_contain_text("(1, 60, 72) → (1, 1, 1). 1 map → 1 map")


# ---- shift test ----


def measured(page: Page, shift: tuple[int, int], compare: str) -> list[str]:
    values = grey(PICTURE)
    found = []
    for kind in ("map", "max", "average", "stride", "blur"):
        result = shift_test(values, FRAME, kind, 2, 2, shift)
        mean = result.moved if compare == "along" else result.changed
        found.append(f"{format_value(mean)} = {format_value(round(1000 * mean / result.spread) / 10)} %")
    return found


def numbers_of(text: str) -> list[float]:
    """The mean change, and its share of the spread in percent."""
    numbers = text.split(";", maxsplit=1)[0].replace("−", "-")
    return [float(part) for part in re.findall(r"[\d.]+(?:e[+-]?\d+)?", numbers)]


def expect_measured(page: Page, shift: tuple[int, int], compare: str = "along") -> None:
    for at, want in enumerate(measured(page, shift, compare)):
        value, share = numbers_of(want)
        right = [pytest.approx(value, rel=2e-3, abs=2e-3), pytest.approx(share, abs=0.11)]
        place = page.locator(".measured").nth(at)
        soon(page, lambda place=place, right=right: numbers_of(place.inner_text()) == right)


def test_keys_move_the_picture_and_the_differences_are_pythons(page: Page) -> None:
    show(page, WholePicture("grey"), HALVES, ShiftTest(FRAME))
    page.locator(".drag").nth(1).focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".where")).to_contain_text("Shift: 1 right")
    expect_measured(page, (0, 1))
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".where")).to_contain_text("Shift: 2 up, 2 right")
    for at in range(5):
        expect(page.locator(".measured").nth(at)).to_have_text(
            "mean change 0 (0 % of the spread); 100 % of cells unchanged"
        )
    assert reported(page, "shift", [-2, 2, "along"]) == [-2, 2, "along"]
    # Python has not heard of it yet: nothing goes back.
    painted(page, state(WholePicture("grey"), HALVES, ShiftTest(FRAME)))
    expect(page.locator(".where")).to_contain_text("Shift: 2 up, 2 right")
    page.get_by_role("radio", name="moved along").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="as it stood", checked=True)).to_be_focused()
    expect(page.locator(".range")).to_contain_text("in the same cell")  # drawn in the next frame
    expect_measured(page, (-2, 2), "stay")
    page.get_by_role("button", name="Back to 0").click()
    expect(page.locator(".where")).to_contain_text("not moved")


@pytest.mark.parametrize("touch", [False, True])
def test_dragging_moves_by_whole_pixels_up_to_the_limit(page: Page, touch: bool) -> None:
    show(page, WholePicture("grey"), HALVES, ShiftTest(FRAME))
    box = page.locator(".drag canvas").first.bounding_box()
    assert box is not None
    unit = box["width"] / FRAME.cols
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.evaluate(
        """([kind, x, y, ends]) => {
          const drag = document.querySelector(".drag");
          const send = (type, at) => drag.dispatchEvent(new PointerEvent(type,
            { pointerId: 1, pointerType: kind, clientX: at[0], clientY: at[1], bubbles: true }));
          drag.setPointerCapture = () => {};
          send("pointerdown", [x, y]);
          for (const end of ends) send("pointermove", end);
          send("pointerup", ends.at(-1));
        }""",
        ["touch" if touch else "mouse", x, y, [[x + unit, y], [x + 3.2 * unit, y - 4.9 * unit]]],
    )
    expect(page.locator(".where")).to_contain_text("Shift: 5 up, 3 right")
    assert reported(page, "shift", [-5, 3, "along"]) == [-5, 3, "along"]
    expect_measured(page, (-5, 3))
    if not touch:
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 60 * unit, y, steps=4)
        page.mouse.up()
        expect(page.locator(".where")).to_contain_text(f"{FRAME.limit} right")


# ---- every stage ----

STAGES = [
    (NUMBERS, Windows()),
    (WholePicture("sobel"), Windows((3, 3))),
    (WholePicture("grey"), Pyramid(5, "max 2×2", bank())),
    (WholePicture("grey"), ShiftTest(FRAME, (0, 1))),
]


@pytest.mark.parametrize("width", [358, 1290, 1840])
@pytest.mark.parametrize(("map_", "stage"), STAGES)
def test_every_stage_fits_every_width(page: Page, map_: Any, stage: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    show(page, map_, HALVES, stage)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for pane in page.locator(".pane, .drag").all():
        box = pane.bounding_box()
        assert box is not None
        assert box["width"] >= 24


def test_a_map_that_is_too_small_is_said(page: Page) -> None:
    show(page, NumberMap(VALUES[:1, :2]), HALVES)
    expect(page.locator(".problem")).to_have_text("A 2×2 pool does not fit on 1×2.")
    page.evaluate("(data) => remount(data)", state())
    expect(page.locator(".problem")).to_have_text("")
    expect(page.locator(".output .about")).to_have_text("2×2")


def test_changing_the_stage_and_the_theme_leaves_nothing_behind(page: Page) -> None:
    for map_, stage in [*STAGES, *STAGES]:
        before = page.evaluate("globalThis.view?.painted ?? 0")
        if before == 0:
            show(page, map_, HALVES, stage)
        page.evaluate(
            "([data, theme]) => { view.root.dataset.theme = theme; remount(data); }",
            [state(map_, HALVES, stage), "dark"],
        )
        page.wait_for_function("(before) => view.painted > before", arg=before)
        name = as_data(PoolViewState("d", map_, HALVES, stage))["stage"]
        assert page.locator(".stage").get_attribute("class") == f"stage {name}"
        assert page.locator(".tiles").count() == (1 if name == "shift" else 0)
