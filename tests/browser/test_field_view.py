"""The view of receptive fields in a real Chromium: hover, keys, touch, play, what it says and reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from blank_page import blank_page, mount, untouched
from playwright.sync_api import Locator, Page, expect
from waiting import soon

from cnnviz.components.field_view import (
    EffectiveField,
    FieldSelection,
    FieldState,
    as_data,
    effective_field_data,
    table_data,
)
from cnnviz.core.networks.presets import PRESETS
from cnnviz.ui.field import rows
from cnnviz.ui.field.puzzle import puzzle

pytestmark = pytest.mark.browser
SPEC = PRESETS["tiny_vgg"].spec
STAGES = rows.stages(SPEC)
LAST_POOL = 6
AT_THE_POOL = FieldSelection(LAST_POOL)
PICTURE = np.random.default_rng(5).integers(0, 256, (64, 64, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    with blank_page(viewport={"width": 1000, "height": 800}, has_touch=True, reduced_motion="reduce") as page:
        yield page


@pytest.fixture
def page(tab: Page) -> Iterator[Page]:
    with untouched(tab, 1000, 800) as page:
        yield page


def state(shown: FieldSelection = AT_THE_POOL, **changes: Any) -> FieldState:
    whole = FieldState("photo", (0, 0, 64, 64), "small", (64, 64), rows.view_layers(STAGES), shown)
    return replace(whole, **changes)


def show(page: Page, data: dict[str, Any] | None = None) -> None:
    mount(page, "field_view", data or as_data(state()), {"small": PICTURE, "photo": 255 - PICTURE})
    page.wait_for_selector("[data-painted]")


def grid(page: Page) -> Locator:
    return page.locator(".units canvas")


def lead(page: Page) -> Locator:
    return page.locator(".lead")


def reported(page: Page) -> dict[str, Any]:
    page.wait_for_function("sent.length > 0")
    found: dict[str, Any] = page.evaluate("(({ at, ...state }) => state)(sent.at(-1)[1])")
    return found


def over_unit(page: Page, unit: tuple[int, int], act: str = "move") -> None:
    box = grid(page).bounding_box()
    assert box is not None
    rows_, columns = page.evaluate("view.stage.grid.output")
    x = box["x"] + (unit[1] + 0.5) * box["width"] / columns
    y = box["y"] + (unit[0] + 0.5) * box["height"] / rows_
    if act == "tap":
        page.touchscreen.tap(x, y)
    else:
        getattr(page.mouse, act)(x, y)


def over_pixel(page: Page, place: tuple[float, float], act: str = "move") -> None:
    box = page.locator(".photo canvas.marks").bounding_box()
    assert box is not None
    scale, margin = page.evaluate("[view.stage.photo.scale, view.stage.photo.margin]")
    x, y = box["x"] + (place[1] + margin[1]) * scale, box["y"] + (place[0] + margin[0]) * scale
    getattr(page.mouse, act)(x, y)


def test_hovering_moves_the_unit_and_reports_nothing(page: Page) -> None:
    show(page)
    expect(lead(page)).to_have_text("Unit (6, 6) of pool 2 sees 16×16 of 64×64 pixels.")
    over_unit(page, (2, 9))
    expect(lead(page)).to_contain_text("Unit (2, 9)")
    top, left, bottom, right = STAGES[-2].after.box((2, 9))
    said = f"Rows {top} to {bottom - 1}, columns {left} to {right - 1}"
    expect(page.locator(".rest")).to_contain_text(said)
    page.mouse.move(0, 799)
    expect(lead(page)).to_contain_text("Unit (6, 6)")
    page.wait_for_timeout(400)
    assert page.evaluate("sent.length") == 0


def test_a_click_keeps_the_unit(page: Page) -> None:
    show(page)
    over_unit(page, (2, 9), "click")
    assert reported(page) == FieldSelection(LAST_POOL, (2, 9)).to_json()
    page.mouse.move(0, 799)
    expect(lead(page)).to_contain_text("Unit (2, 9)")


def test_a_tap_keeps_the_unit(page: Page) -> None:
    show(page)
    over_unit(page, (4, 1), "tap")
    assert reported(page)["unit"] == [4, 1]


def test_pointing_at_the_photo_takes_the_unit_whose_field_is_centred_there(page: Page) -> None:
    show(page)
    record = STAGES[LAST_POOL - 1].after
    place = record.start[0] + 3 * record.jump[0], record.start[1] + 11 * record.jump[1]
    over_pixel(page, (place[0] + 1.9, place[1] - 1.9))
    expect(lead(page)).to_contain_text("Unit (3, 11)")
    over_pixel(page, place, "click")
    assert reported(page)["unit"] == [3, 11]


@pytest.mark.parametrize("where", [".units canvas", ".photo canvas.marks"])
def test_keys_move_the_unit_and_stop_at_the_border(page: Page, where: str) -> None:
    show(page)
    page.locator(where).focus()
    for key in ("ArrowUp", "ArrowUp", "ArrowRight"):
        page.keyboard.press(key)
    expect(lead(page)).to_contain_text("Unit (4, 7)")
    for _ in range(4):
        page.keyboard.press("Shift+ArrowLeft")
    expect(lead(page)).to_contain_text("Unit (4, 0)")
    assert reported(page)["unit"] == [4, 0]
    page.keyboard.press("Home")
    expect(lead(page)).to_contain_text("Unit (6, 6)")


def test_what_hangs_over_the_border_is_said(page: Page) -> None:
    spec = PRESETS["vgg16"].spec
    stages = rows.stages(spec)
    corner = FieldSelection(len(stages), (0, 6))
    show(page, as_data(state(corner, layers=rows.view_layers(stages), shape=(224, 224))))
    top, left, bottom, right = stages[-1].after.box((0, 6))
    inside = f"{bottom - max(top, 0)}×{min(right, 224) - left}"
    expect(lead(page)).to_have_text(
        f"Unit (0, 6) of pool 5: a field of 212×212 pixels, {inside} of it on the picture."
    )
    said = (
        f"{-top} rows above and {right - 224} columns on the right lie outside the picture, in the padding."
    )
    expect(page.locator(".rest")).to_contain_text(said)


def test_the_row_of_layers_chooses_the_layer(page: Page) -> None:
    show(page, as_data(state(FieldSelection(LAST_POOL, (0, 12)))))
    radios = page.get_by_role("radio")
    assert radios.count() == len(STAGES) + 1
    expect(radios.nth(LAST_POOL)).to_have_attribute("aria-checked", "true")
    radios.nth(2).click()
    expect(radios.nth(2)).to_have_attribute("aria-checked", "true")
    now = reported(page)
    assert now["layer"] == 2
    pool, conv = STAGES[LAST_POOL - 1].after, STAGES[1].after
    want = [
        pool.start[a] + u * pool.jump[a] - conv.start[a] for a, u in enumerate((0, 12))
    ]  # conv 2 has jump 1, and a centre between two of its units
    assert all(abs(unit - place) <= 0.5 for unit, place in zip(now["unit"], want, strict=True))
    page.keyboard.press("ArrowRight")
    expect(radios.nth(3)).to_be_focused()
    expect(lead(page)).to_contain_text("of pool 1 sees 6×6")
    page.keyboard.press("Home")
    expect(lead(page)).to_contain_text("of input sees 1×1")


def test_each_sheet_shows_what_the_unit_is_made_of(page: Page) -> None:
    show(page)
    boxes = page.evaluate(
        """() => [...document.querySelectorAll(".strip .sheet")].map((sheet) => {
          const cone = sheet.querySelector(".cone");
          return cone.hidden ? null : parseFloat(cone.style.width) / 100;
        })"""
    )
    assert boxes[0] == pytest.approx(16 / 64)
    assert boxes[LAST_POOL] == pytest.approx(1 / 13)
    assert boxes[LAST_POOL - 1] == pytest.approx(2 / 26)
    assert boxes[LAST_POOL + 1] is None


def test_from_a_pixel_the_units_that_see_it_are_counted(page: Page) -> None:
    show(page)
    page.get_by_role("button", name="From a pixel").click()
    assert reported(page)["pixel"] == [32, 32]
    over_pixel(page, (20.5, 3.5))
    (top, bottom), (left, right) = STAGES[LAST_POOL - 1].after.projective_field((20, 3))
    count = (bottom - top) * (right - left)
    expect(lead(page)).to_have_text(f"Pixel (20, 3) is seen by {count} units of pool 2, of 169.")
    page.locator(".photo canvas.marks").focus()
    page.keyboard.press("Shift+ArrowDown")
    expect(lead(page)).to_contain_text("Pixel (30, 3)")
    over_unit(page, (1, 1), "click")
    expect(lead(page)).to_contain_text("Unit (1, 1)")
    expect(page.get_by_role("button", name="From a pixel")).to_have_attribute("aria-pressed", "false")


def test_a_pixel_that_no_window_reaches_is_said(page: Page) -> None:
    show(page, as_data(state(FieldSelection(LAST_POOL, None, (63, 63)))))
    reached = STAGES[LAST_POOL - 1].after.projective_field((63, 63))
    assert reached == ((12, 13), (12, 13))
    expect(lead(page)).to_have_text("Pixel (63, 63) is seen by 1 unit of pool 2, of 169.")
    spec = PRESETS["alexnet"].spec
    stages = rows.stages(spec)
    data = as_data(
        state(FieldSelection(1, None, (0, 223)), layers=rows.view_layers(stages), shape=(224, 224))
    )
    show(page, data)
    assert stages[0].after.projective_field((0, 223))[1] == (54, 55)
    expect(lead(page)).to_contain_text("is seen by 1 unit of conv 1")


def alpha(page: Page, place: tuple[float, float]) -> int:
    """How much of the photo's own pixel is covered there, 0 … 255."""
    found: int = page.evaluate(
        """([row, column]) => {
          const { photo } = view.stage, ratio = photo.marks.width / photo.width;
          const x = Math.round(photo.x(column) * ratio), y = Math.round(photo.y(row) * ratio);
          return photo.marks.getContext("2d").getImageData(x, y, 1, 1).data[3];
        }""",
        list(place),
    )
    return found


def test_what_the_unit_sees_stays_bright_and_the_rest_is_dimmed(page: Page) -> None:
    show(page, as_data(state(FieldSelection(LAST_POOL, (6, 6)))))
    assert STAGES[LAST_POOL - 1].after.box((6, 6)) == (24, 24, 40, 40)
    assert alpha(page, (27, 27)) == 0
    assert alpha(page, (38, 29)) == 0
    assert alpha(page, (20, 32)) > 100
    assert alpha(page, (32, 45)) > 100


def test_the_fields_of_all_layers_lie_on_the_photo(page: Page) -> None:
    show(page)
    assert alpha(page, (34, 26)) == 0
    before = page.evaluate("view.stage.photo.marks.toDataURL()")
    page.get_by_role("button", name="All layers").click()
    assert reported(page)["nested"] is True
    soon(page, lambda: page.evaluate("view.stage.photo.marks.toDataURL()") != before)


def test_the_field_grows_step_by_step(page: Page) -> None:
    show(page)
    page.get_by_role("button", name="One step back").click()
    expect(lead(page)).to_have_text("conv 4: 10 + (3 − 1) · 2 = 14")
    expect(page.locator(".count")).to_have_text("5 / 6")
    page.locator(".transport input").fill("0")
    expect(lead(page)).to_have_text("It starts with one pixel.")
    assert alpha(page, (27, 27)) > 100
    for stage in STAGES[:LAST_POOL]:
        page.get_by_role("button", name="One step on").click()
        expect(lead(page)).to_have_text(f"{stage.name}: {stage.formulas.size}")
    assert page.evaluate("sent.length") == 0


def test_it_plays_to_the_end_and_can_be_paused(page: Page) -> None:
    show(page)
    page.locator(".transport select").select_option("16")
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".count")).to_have_text("6 / 6")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.locator(".transport select").select_option("0.5")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_the_puzzle_hides_the_field_until_it_is_answered(page: Page) -> None:
    question = puzzle(STAGES, LAST_POOL, (64, 64))
    assert question is not None
    assert question.options[question.right][1] == (16, 16)
    show(page, as_data(state(FieldSelection(LAST_POOL, guess=True), puzzle=question)))
    expect(page.locator(".question")).to_have_text(question.question)
    expect(page.locator(".patch")).to_be_hidden()
    assert "16×16" not in lead(page).inner_text()
    assert not page.evaluate("[...document.querySelectorAll('.cone')].some((cone) => !cone.hidden)")
    wrong = next(at for at in range(len(question.options)) if at != question.right)
    page.locator(".answers button").nth(wrong).click()
    expect(page.locator(".verdict")).to_have_text(f"No: it is 16×16. {question.about}")
    expect(lead(page)).to_contain_text("sees 16×16")
    assert reported(page)["guess"] is False
    page.get_by_role("button", name="Guess first").click()
    page.locator(".answers button").nth(question.right).click()
    expect(page.locator(".verdict")).to_have_text(f"Right. {question.about}")


def test_the_photo_in_its_own_resolution_is_another_picture(page: Page) -> None:
    show(page)
    colour = """() => { const { photo } = view.stage, ratio = photo.picture.width / photo.width;
      return [...photo.picture.getContext("2d").getImageData(
        Math.round(photo.x(10.5) * ratio), Math.round(photo.y(20.5) * ratio), 1, 1).data].slice(0, 3); }"""
    assert page.evaluate(colour) == PICTURE[20, 10].tolist()
    page.get_by_role("button", name="Sharp photo").click()
    page.wait_for_function(f"({colour})()[0] === {255 - int(PICTURE[20, 10, 0])}")
    assert page.evaluate(colour) == (255 - PICTURE[20, 10]).tolist()


def test_what_changes_is_read_aloud_after_a_moment(page: Page) -> None:
    show(page)
    page.locator(".units canvas").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".spoken")).to_contain_text("Unit (7, 6) of pool 2 sees 16×16")


def test_a_value_of_pythons_is_taken_and_an_echo_is_not(page: Page) -> None:
    show(page)
    over_unit(page, (2, 9), "click")
    first = reported(page)
    over_unit(page, (3, 3), "click")
    page.wait_for_function("sent.length === 2")
    page.evaluate("(data) => remount(data)", {**as_data(state()), "state": first})
    page.mouse.move(0, 799)
    expect(lead(page)).to_contain_text("Unit (3, 3)")
    page.evaluate("(data) => remount(data)", as_data(state(FieldSelection(LAST_POOL, (11, 0)))))
    expect(lead(page)).to_contain_text("Unit (11, 0)")


def test_a_phone_has_the_parts_below_each_other(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    show(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    photo, units = page.locator(".photo").bounding_box(), grid(page).bounding_box()
    assert photo is not None
    assert units is not None
    assert photo["width"] > 300
    assert units["y"] > photo["y"] + photo["height"]


def test_the_table_chooses_a_layer(page: Page) -> None:
    show_table(page, table_data(rows.COLUMNS, rows.table_rows(SPEC, STAGES), 2))
    assert page.locator("tbody tr").count() == len(STAGES) + 1
    expect(page.get_by_role("radio", name="conv 2")).to_be_checked()
    page.get_by_role("radio", name="conv 2").press("ArrowDown")
    expect(page.get_by_role("radio", name="pool 1")).to_be_checked()
    reported = "sent.map(([name, { value }]) => [name, value])"
    soon(page, lambda: page.evaluate(reported) == [["layer", 3]])


def show_table(page: Page, data: dict[str, Any]) -> None:
    mount(page, "field_view", data)
    page.wait_for_selector("table")


def test_the_glow_is_bright_where_the_gradient_is(page: Page) -> None:
    strength = np.zeros((64, 64), np.float32)
    strength[30, 20] = 2.0
    strength[30, 21] = 1.0
    glow = EffectiveField("small", strength, (24, 14, 40, 30), (30.5, 20.8), (1.0, 1.5), "A glow.")
    data = effective_field_data(glow)
    assert [data["box"][side] for side in ("top", "left", "bottom", "right")] == [24, 14, 40, 30]
    show(page, data)
    light = page.evaluate(
        """() => { const canvas = document.querySelector(".alone canvas"), { box } = view.stage.data;
          const unit = canvas.width / (box.right - box.left), pen = canvas.getContext("2d");
          return [[30, 20], [30, 21], [34, 25]].map(([row, column]) => {
            const at = [(column - box.left + 0.3) * unit, (row - box.top + 0.3) * unit].map(Math.round);
            return [...pen.getImageData(...at, 1, 1).data].slice(0, 3).reduce((a, b) => a + b);
          }); }"""
    )
    assert light[0] > light[1] > light[2]
    expect(page.locator(".alone canvas")).to_have_attribute("aria-label", "A glow.")
