"""The views of a training run in a real Chromium: values read out, ranges, only wrong, cells, slow motion."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from blank_page import blank_page, decode, mount
from playwright.sync_api import Page, expect
from training_records import CLASSES, confusion, filters, maps, predictions, slow_steps
from waiting import soon

from cnnviz.components.confusion_view import confusion_data
from cnnviz.components.map_mosaic import mosaic_data
from cnnviz.components.prediction_stream import stream_data
from cnnviz.components.slow_motion_view import slow_motion_data
from cnnviz.core.colour.displays import to_rgb

pytestmark = pytest.mark.browser
NAMES = ["1 conv", "2 flatten", "3 dense"]
PICTURES = np.arange(4 * 64, dtype=np.uint8).reshape(4, 1, 8, 8)


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    with blank_page(viewport={"width": 1200, "height": 900}) as page:
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page
        assert errors == []


def show(page: Page, name: str, data: dict[str, object]) -> None:
    mount(page, name, data)
    page.evaluate(
        """(data) => { globalThis.states = [];
          view.update({ data, setStateValue: (name, value) => states.push([name, value.value]) }); }""",
        data,
    )
    page.wait_for_selector("[data-painted]")


def mosaic(step: int = 7, scale: float = 1.0, shared: str = "unit") -> dict[str, object]:
    return mosaic_data(maps(step, scale), filters(), NAMES, CLASSES, shared)  # type: ignore[arg-type]


def hover_cell(page: Page, block: int, map_: int, row: int, col: int) -> None:
    """Point at a cell of a map, by the view's own layout."""
    place = page.evaluate(
        """([block, map, row, col]) => {
          const { board } = view.blocks[block], at = board.place(map), { width, height } = board.plan;
          const box = board.canvas.getBoundingClientRect();
          const across = (col + 0.5) * width / board.cols, down = (row + 0.5) * height / board.rows;
          return [box.left + at.x + across, box.top + at.y + down];
        }""",
        [block, map_, row, col],
    )
    page.mouse.move(*place)


def test_the_value_under_the_pointer_is_the_layer_s(tab: Page) -> None:
    show(tab, "map_mosaic", mosaic())
    hover_cell(tab, 2, 1, 2, 3)
    expect(tab.locator(".words")).to_contain_text("Layer 1 conv, map 2: colours span")
    expect(tab.locator(".words")).to_contain_text(f"Row 2, column 3: {int(maps().layer(0)[1, 2, 3])}.")


def test_ranges_of_a_map_a_layer_and_all(tab: Page) -> None:
    show(tab, "map_mosaic", mosaic())
    hover_cell(tab, 2, 0, 0, 0)
    expect(tab.locator(".words")).to_contain_text("colours span −11 … 11")  # the first map: −4 … 11
    tab.get_by_role("radio", name="each layer").click()
    hover_cell(tab, 2, 0, 0, 0)
    expect(tab.locator(".words")).to_contain_text("colours span −27 … 27")
    assert tab.evaluate("states") == [["range", "layer"]]
    tab.get_by_role("radio", name="all layers").click()
    expect(tab.locator(".range").nth(4)).to_have_text("−27 … 27")  # the outputs, on the range of all


def test_colours_are_python_s(tab: Page) -> None:
    show(tab, "map_mosaic", mosaic(shared="layer"))
    got = tab.evaluate(
        """() => { const board = view.blocks[2].board, bitmap = board.bitmap(1);
          return text(bitmap.getContext("2d").getImageData(0, 0, 4, 4).data); }"""
    )
    want = to_rgb(maps().layer(0)[1], "signed", "blue_orange", (-27.0, 27.0))
    np.testing.assert_array_equal(decode(got, "u1").reshape(4, 4, 4)[:, :, :3], want)


def test_new_values_move_nothing(tab: Page) -> None:
    show(tab, "map_mosaic", mosaic())
    before = tab.evaluate(
        "[...document.querySelectorAll('.block')].map((b) => ({ ...b.getBoundingClientRect().toJSON() }))"
    )
    tab.evaluate("() => { globalThis.first = document.querySelector('.block canvas'); }")
    for step in range(8, 20):
        tab.evaluate("(data) => view.update({ data })", mosaic(step, 1 + step / 10))
    after = tab.evaluate(
        "[...document.querySelectorAll('.block')].map((b) => ({ ...b.getBoundingClientRect().toJSON() }))"
    )
    assert before == after
    assert tab.evaluate("first === document.querySelector('.block canvas')")
    assert tab.locator("[data-painted='19']").count() == 1


def test_maps_are_reached_by_keyboard(tab: Page) -> None:
    show(tab, "map_mosaic", mosaic())
    tab.mouse.move(0, 0)
    tab.locator("canvas.tiles").nth(2).focus()
    tab.keyboard.press("ArrowRight")
    expect(tab.locator(".words")).to_contain_text("Layer 1 conv, map 2")
    expect(tab.locator(".spoken")).to_contain_text("Layer 1 conv, map 2")


def test_a_network_that_diverged_is_shown_in_the_colour_for_no_number(tab: Page) -> None:
    broken = maps()
    broken.values[:] = np.nan
    show(tab, "map_mosaic", mosaic_data(broken, None, NAMES, CLASSES))
    hover_cell(tab, 1, 0, 0, 0)
    expect(tab.locator(".words")).to_contain_text("not a finite number")


def test_only_wrong_hides_the_right_ones(tab: Page) -> None:
    show(tab, "prediction_stream", stream_data(predictions(), PICTURES, CLASSES))
    expect(tab.locator(".score")).to_have_text("3 of 4 right, 1 wrong.")
    expect(tab.locator(".verdict").nth(3)).to_have_text("✗ wrong: cat")
    expect(tab.locator(".card").nth(3).locator(".bar").first).to_contain_text("dog60 %")
    tab.get_by_role("button", name="Only wrong").click()
    expect(tab.locator(".card:visible")).to_have_count(1)
    assert tab.evaluate("states") == [["wrong", True]]


def test_the_pictures_are_the_bytes(tab: Page) -> None:
    show(tab, "prediction_stream", stream_data(predictions(), PICTURES, CLASSES))
    got = tab.evaluate(
        """() => { const canvas = document.querySelectorAll(".card canvas")[2];
          return text(canvas.getContext("2d").getImageData(0, 0, 8, 8).data); }"""
    )
    np.testing.assert_array_equal(decode(got, "u1").reshape(8, 8, 4)[:, :, 0], PICTURES[2, 0])


def test_a_cell_asks_for_its_pictures(tab: Page) -> None:
    show(tab, "confusion_view", confusion_data(confusion(), CLASSES))
    expect(tab.locator(".score")).to_have_text("6 of 8 validation pictures right (75.0 %).")
    tab.get_by_role("button", name="cat, guessed dog: 1, 33 % of the row").click()
    soon(tab, lambda: tab.evaluate("states") == [["cell", [0, 1]]])
    expect(tab.locator(".words")).to_have_text("cat, taken for dog: 1 picture.")
    data = confusion_data(confusion(), CLASSES, (0, 1), (PICTURES[:1], [2]))
    tab.evaluate("(data) => view.update({ data })", data)
    expect(tab.get_by_role("img", name="Picture 2: cat, taken for dog")).to_have_count(1)
    tab.get_by_role("button", name="cat, guessed dog").click()
    expect(tab.locator(".words")).to_have_text("Choose a cell to see its pictures.")


def test_counts_and_shares(tab: Page) -> None:
    show(tab, "confusion_view", confusion_data(confusion(), CLASSES))
    cells = tab.locator("button.cell")
    assert cells.all_inner_texts() == ["2", "1", "0", "0", "2", "0", "1", "0", "2"]
    tab.get_by_role("radio", name="share").click()
    soon(tab, lambda: cells.all_inner_texts() == ["67", "33", "0", "0", "100", "0", "33", "0", "67"])
    soon(tab, lambda: tab.evaluate("states") == [["show", "share"]])


def test_the_matrix_is_walked_by_arrow_keys(tab: Page) -> None:
    show(tab, "confusion_view", confusion_data(confusion(), CLASSES))
    cells = tab.locator("button.cell")
    assert cells.evaluate_all("(all) => all.filter((one) => one.tabIndex === 0).length") == 1
    cells.first.focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight"):
        tab.keyboard.press(key)
    label = tab.evaluate("document.activeElement.getAttribute('aria-label')")
    assert label.startswith("dog, guessed elephant: 0")


def test_slow_motion_goes_part_by_part(tab: Page) -> None:
    show(tab, "slow_motion_view", slow_motion_data(slow_steps(), CLASSES))
    expect(tab.locator(".sentence")).to_have_text("Two pictures.")
    expect(tab.locator(".array").nth(1)).to_contain_text("elephant")
    tab.get_by_role("button", name="Next").click()
    expect(tab.locator("[aria-current=step]")).to_have_text("2 Forward")
    expect(tab.locator(".array").nth(1)).to_contain_text("−1.5")
    tab.get_by_role("button", name="3 Update").click()
    expect(tab.locator(".single")).to_have_text("0.125")
    expect(tab.get_by_role("button", name="Next")).to_be_disabled()


def test_slow_motion_plays_to_the_end(tab: Page) -> None:
    show(tab, "slow_motion_view", slow_motion_data(slow_steps(), CLASSES))
    tab.get_by_role("button", name="Play").click()
    expect(tab.locator(".sentence")).to_have_text("Weights move.", timeout=8000)
    expect(tab.get_by_role("button", name="Play")).to_be_visible()


@pytest.mark.parametrize("width", [374, 1200, 1850])
def test_nothing_is_wider_than_its_place(tab: Page, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 900})
    for name, data in (
        ("map_mosaic", mosaic()),
        ("prediction_stream", stream_data(predictions(), PICTURES, CLASSES)),
        ("confusion_view", confusion_data(confusion(), CLASSES)),
        ("slow_motion_view", slow_motion_data(slow_steps(), CLASSES)),
    ):
        show(tab, name, data)
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
