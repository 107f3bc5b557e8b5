"""The page "Step by step" in a real Chromium: pointing, playing, painting, cutting, editing, predicting."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from page_checks import SIZES, resize
from PIL import Image
from playwright.sync_api import expect
from step_page import PLACE, StepPage, link, output, source, weight
from visits import Visitor, follow
from waiting import soon

pytestmark = pytest.mark.browser
MODES = ("one channel", "RGB", "several kernels", "stamp", "as a network", "transposed")
ONES = "1,1,1;1,1,1;1,1,1"
COUNTING = "0,1,2,3;4,5,6,7;8,9,10,11"
OWN = {"s_pic": "own cells", "s_cells": COUNTING, "s_rows": "3", "s_cols": "4"}
Open = Callable[..., StepPage]


@pytest.fixture
def step(visit: Visitor) -> Open:
    def opened(width: int = 1366, height: int = 768, theme: str = "light", **parameters: str) -> StepPage:
        return StepPage(visit(link(**parameters), width, height, theme)).settle()

    return opened


def test_an_output_cell_shows_its_products_and_sum(step: Open) -> None:
    page = step(**OWN, s_kernel="your own", s_own="1,2;3,4")
    page.point(output(1, 2))
    page.shows("output[1, 2] = 6·1 + 7·2 + 10·3 + 11·4 = 94")
    page.says("Output row 1, column 2: 4 products, together 94.")


def test_the_bias_is_in_the_sum(step: Open) -> None:
    page = step(**OWN, s_kernel="your own", s_own="1,2;3,4", s_bias="-4")
    page.point(output(0, 0))
    page.shows("output[0, 0] = 0·1 + 1·2 + 4·3 + 5·4 + bias (−4) = 30")


def test_an_input_cell_shows_every_output_that_it_feeds(step: Open) -> None:
    page = step(**OWN, s_kernel="your own", s_own="1,2;3,4")
    page.point(source(1, 0))
    page.shows("output[0, 0] gets 4·3 = 12;  output[1, 0] gets 4·1 = 4")
    page.says("feeds 2 output cells")


def test_a_weight_shows_every_input_that_it_multiplies(step: Open) -> None:
    page = step(**OWN, s_kernel="your own", s_own="1,2;3,4")
    page.point(weight(1, 0))
    page.says("Weight row 1, column 0, 3: it multiplies 6 input cells")


def test_a_click_pins_and_the_link_brings_the_pin_back(step: Open) -> None:
    page = step()
    page.click(output(2, 3))
    page.settle()
    page.linked("s_pin", "o0,2,3")
    page.point(output(0, 0))
    page.begins("output[2, 3]")
    again = step(s_pin="o0,2,3")
    again.shows(page.equation)
    again.press("Escape")
    again.settle()
    again.linked("s_pin", None)


def test_every_kind_of_cell_is_reached_from_the_keyboard(step: Open) -> None:
    page = step(**OWN)
    page.press("i", "Home")
    page.says("Input row 0, column 0, value 0")
    page.press("End")
    page.says("Input row 2, column 3, value 11")
    page.press("w", "ArrowLeft", "ArrowUp")
    page.says("Weight row 0, column 0, −1")
    page.press("o", "Home", "ArrowRight")
    page.begins("output[0, 1]")
    page.press("Enter")
    page.settle()
    page.linked("s_pin", "o0,0,1")


def test_playing_fills_the_output_and_ends(step: Open) -> None:
    page = step(**OWN)
    page.press("Home")
    page.button("To the start").click()
    page.becomes("view.shown(null).outs[0].every(Number.isNaN)", True)
    page.root.get_by_label("speed").select_option("1")  # slow enough to be seen on a busy machine
    page.press(" ")
    expect(page.root.locator(".word")).to_have_text("Pause")
    page.root.get_by_label("speed").select_option("16")
    expect(page.root.locator(".word")).to_have_text("Play", timeout=10_000)
    page.settle()
    page.becomes("view.player.step", 2)
    page.linked("s_step", "2")
    page.becomes("view.shown(null).outs[0].some(Number.isNaN)", False)


def test_steps_go_back_and_forth_and_the_slider_scrubs(step: Open) -> None:
    page = step(s_step="3")
    page.becomes("Array.from(view.shown(null).outs[0]).filter((v) => !Number.isNaN(v)).length", 3)
    page.begins("output[0, 2]")
    page.button("One step on").click()
    page.begins("output[0, 3]")
    page.press("ArrowLeft", "ArrowLeft", "ArrowDown")
    page.begins("output[1, 1]")
    page.root.get_by_label("Step", exact=True).fill("1")
    page.begins("output[0, 0]")
    page.settle()
    page.linked("s_step", "1")


def test_hovering_stepping_and_playing_ask_the_server_nothing(step: Open, visit: Visitor) -> None:
    page = step()
    sent = visit.watch(page.page).sent
    for x in range(5):
        page.point(output(1, x))
        page.point(source(2, x))
    assert visit.watch(page.page).sent == sent


@pytest.mark.timeout(600)  # six modes at four widths
def test_every_mode_has_room_at_every_width(step: Open) -> None:
    page = step()
    for mode in MODES:
        follow(page.page, link(s_mode=mode))
        for size in SIZES.values():
            resize(page.page, size)
            assert page.value("view.layout.width <= view.find('.stage').clientWidth + 1"), (mode, size)
            top = page.canvas.bounding_box()
            assert top
            assert top["y"] < size[1] * 0.75, (mode, size)


def test_several_kernels_write_their_shapes(step: Open) -> None:
    page = step(s_mode="several kernels")
    expect(page.root.locator(".legend")).to_contain_text("6×6×3 → 4×4×2")
    page.point(output(1, 2, 1))
    page.shows_part("output[1, 1, 2] = ")
    assert [line.split(":")[0] for line in page.equation.splitlines()[:3]] == ["red", "green", "blue"]
    assert page.equation.splitlines()[-1].startswith("output[1, 1, 2] = ")
    page.becomes("view.order.slice(0, 2).map((s) => [s.n, s.y, s.x])", [[0, 0, 0], [1, 0, 0]])


def test_stamps_add_up_where_they_overlap(step: Open) -> None:
    page = step(s_mode="stamp", s_kernel_stamp="ring", s_step="2")
    page.becomes("view.shown(null).outs[0][2 * 12 + 4]", 2)
    page.becomes("view.order.length", 9)


def test_a_larger_stride_leaves_fewer_nodes_and_hatches_what_is_lost(step: Open) -> None:
    page = step(s_mode="as a network", s_sy="2", s_sx="2", s_cols="8")
    page.becomes("[view.model.height, view.model.width]", [2, 3])
    expect(page.root.locator(".legend")).to_contain_text("Hatched: 1 row and 1 column")
    page.point(output(1, 1))
    page.begins("output[1, 1]")
    page.point(weight(0, 0))
    page.says("one for each of 6 output cells")


def test_transposed_makes_the_output_larger(step: Open) -> None:
    page = step(**OWN, s_mode="transposed", s_sy="2", s_sx="2", s_kernel="your own", s_own=ONES)
    page.becomes("[view.model.height, view.model.width]", [7, 9])
    page.point(source(1, 2))
    page.says("feeds 9 output cells")


def test_painting_with_the_mouse_is_kept_in_the_link(step: Open) -> None:
    page = step(**OWN)
    page.button("Paint").click()
    page.root.get_by_label("value", exact=True).fill("7")
    page.drag(source(0, 0), source(0, 3))
    page.settle()
    page.linked("s_cells", "7,7,7,7;4,5,6,7;8,9,10,11")
    page.button("Undo").click()
    page.settle()
    page.becomes("view.model.image.planes[0][0]", 0)
    assert step(**page.parameters).value("Array.from(view.model.image.planes[0])") == list(range(12))


def test_a_number_is_typed_into_a_cell(step: Open) -> None:
    page = step(**OWN)
    page.button("Paint").click()
    page.press("i", "Home", "ArrowRight", "4", "2")
    page.settle()
    soon(page.page, lambda: page.parameters.get("s_cells", "").startswith("0,42,2,3;"))
    page.press("Delete")
    page.settle()
    soon(page.page, lambda: page.parameters.get("s_cells", "").startswith("0,0,2,3;"))


def test_a_finger_paints(visit: Visitor) -> None:
    page = StepPage(visit(link(**OWN), 390, 844, touch=True)).settle()
    page.button("Paint").tap()
    page.root.get_by_label("value", exact=True).fill("5")
    page.page.touchscreen.tap(*page.root.evaluate(PLACE, source(1, 1)))
    page.settle()
    page.linked("s_cells", "0,1,2,3;4,0,6,7;8,9,10,11")  # it was 5 before: painting again clears


def test_a_window_is_cut_out_of_the_photo(step: Open) -> None:
    page = step(pic="checkerboard")
    page.button("Cut from photo").click()
    photo = page.root.get_by_label(re.compile("Your photo"))
    before = page.value("view.image.planes[0].join()")
    box = photo.bounding_box()
    assert box
    page.page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.page.mouse.down()
    page.page.mouse.move(box["x"] + 90, box["y"] + 70, steps=4)
    page.page.mouse.up()
    page.settle()
    soon(page.page, lambda: page.value("view.image.planes[0].join()") != before)
    page.linked("s_pic", "own cells")
    kept = page.parameters["s_cells"]
    photo.focus()
    page.page.keyboard.press("Shift+ArrowRight")
    page.page.wait_for_function(
        "(kept) => new URLSearchParams(location.search).get('s_cells') !== kept", arg=kept
    )


def test_the_kernel_is_edited_and_kept(step: Open) -> None:
    page = step(**OWN)
    page.button("Edit kernel").click()
    box = page.root.get_by_role("textbox", name="weight row 1 column 1")
    box.fill("5")
    box.press("Enter")
    page.settle()
    page.linked("s_own", "5,0,1;-2,0,2;-1,0,1")
    page.becomes("view.model.weights[0][0][0]", 5)


def test_one_kernel_of_several_grows_and_the_others_with_it(step: Open) -> None:
    page = step(s_mode="several kernels")
    page.button("Edit kernel").click()
    page.root.get_by_role("radio", name="kernel 0").focus()
    page.page.keyboard.press("ArrowRight")
    expect(page.root.get_by_role("radio", name="kernel 1")).to_be_focused()
    rows = page.root.get_by_role("spinbutton", name="rows")
    rows.fill("5")
    rows.press("Enter")
    page.settle()
    page.becomes("[view.model.rows, view.model.cols, view.model.weights.length]", [5, 3, 2])
    page.becomes("Array.from(view.model.weights[0][0]).slice(3, 6)", [1, 0, -1])


def test_predicting_an_output_cell(step: Open) -> None:
    page = step(**OWN)
    page.button("Predict").click()
    page.button("an output cell").click()
    prompt = page.root.locator(".prompt")
    expect(prompt).to_contain_text("output")
    page.settle()
    n, y, x = (int(part) for part in page.value("view.data.question.hidden.output").split(","))
    page.point(output(y, x, n))
    page.shows_part("= ?")
    right = page.value(f"view.whole[{n}][{y} * view.model.width + {x}]")
    answer = page.root.locator(".answer")
    answer.fill("a lot")
    answer.press("Enter")
    expect(page.root.locator(".verdict")).to_contain_text("is not a number")
    answer.fill(str(right + 1))
    answer.press("Enter")
    expect(page.root.locator(".verdict")).to_contain_text("is not right")
    expect(page.root.locator(".score")).to_have_text("0 of 1 right")
    page.button("an output cell").click()
    expect(page.root.locator(".verdict")).to_contain_text("Choose what is hidden")
    page.settle()
    n, y, x = (int(part) for part in page.value("view.data.question.hidden.output").split(","))
    answer.fill(str(page.value(f"view.whole[{n}][{y} * view.model.width + {x}]")).replace("-", "−"))
    answer.press("Enter")
    expect(page.root.locator(".verdict")).to_contain_text("Right.")
    expect(page.root.locator(".score")).to_have_text("1 of 2 right")


def test_a_hidden_weight_and_a_hidden_size_are_shown_nowhere(step: Open) -> None:
    page = step(s_flip="true")
    page.button("Predict").click()
    page.button("a weight").click()
    expect(page.root.locator(".prompt")).to_contain_text("is hidden")
    page.settle()
    n, c, r, k = (int(part) for part in page.value("view.data.question.hidden.weight").split(","))
    page.point(weight(r, k, n, c))
    page.says("asked for")
    page.point(output(0, 0))
    page.shows_part("·?")
    page.button("the output's size").click()
    expect(page.root.locator(".prompt")).to_contain_text("How many")
    page.settle()
    page.point(source(1, 1))
    page.says("The output is hidden until you have answered.")
    expect(page.root.locator(".count")).to_have_text("?")
    expect(page.root.locator(".legend")).to_contain_text("→ ?")
    expect(page.page.get_by_text("comes back when you have answered")).to_be_visible()


def test_the_window_does_not_glide_where_motion_is_unwanted(step: Open) -> None:
    page = step()  # visits ask for reduced motion
    page.button("To the start").click()
    page.press(" ")
    shares = page.root.evaluate(
        """async (root) => {
          const seen = [];
          for (let i = 0; i < 20; i++) {
            await new Promise(requestAnimationFrame);
            seen.push(root.stepView.player.share);
          }
          return seen;
        }"""
    )
    assert set(shares) == {1}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_view_with_any_tool_open(step: Open, theme: str) -> None:
    page = step(theme=theme, s_mode="several kernels")
    for name in ("Paint", "Cut from photo", "Edit kernel", "Predict"):
        page.button(name).click()
        page.settle()
        found = Axe().run(page.page, context=".st-key-s_view").response
        assert found["passes"], "axe looked at nothing"
        assert [each["id"] for each in found["violations"]] == []


def test_the_animation_and_the_step_come_as_files(step: Open) -> None:
    page = step(**OWN, s_tab="Save and share")
    frames = {}
    for name in ("Animation as GIF", "This step as PNG"):
        with page.page.expect_download() as coming:
            page.page.get_by_role("button", name=name).click()
        picture = Image.open(io.BytesIO(coming.value.path().read_bytes()))
        frames[picture.format] = getattr(picture, "n_frames", 1)
    assert frames == {"GIF": 2, "PNG": 1}
