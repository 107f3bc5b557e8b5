"""The stack editor in a real Chromium: what it shows, and every edit by mouse, keyboard and finger."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from blank_page import blank_page
from one_more import LpPool, with_layer
from page_checks import no_faults
from playwright.sync_api import Page, expect
from stack_page import Editor
from waiting import soon

from cnnviz.components.stack_view import as_data
from cnnviz.core.networks.layers import (
    BatchNorm,
    Conv,
    Dense,
    Flatten,
    Layer,
    MaxPool,
    Residual,
    layer_from_dict,
)
from cnnviz.core.networks.presets import PRESETS
from cnnviz.core.networks.spec import NetSpec

pytestmark = pytest.mark.browser
RELU = layer_from_dict({"type": "relu"})
PLAIN = NetSpec((1, 28, 28), (Conv(8, padding=(1, 1)), RELU, MaxPool(), Flatten(), Dense(10)))
BLOCK = NetSpec(
    (1, 8, 8), (Conv(4), Residual((Conv(4, padding=(1, 1)), RELU, Conv(4, padding=(1, 1)))), RELU, Flatten())
)


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    # Without motion a card is at once where it will be pressed next.
    with blank_page(viewport={"width": 460, "height": 900}, has_touch=True, reduced_motion="reduce") as page:
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(error.stack or str(error)))
        yield page
        assert errors == []


def plain(page: Page, **options: Any) -> Editor:
    return Editor(page, PLAIN, **options)


# ---- what is shown -----------------------------------------------------------------------------------------


def test_a_card_says_what_the_layer_is_and_what_comes_out(page: Page) -> None:
    editor = plain(page)
    labels = [editor.label(n) for n in range(5)]
    assert labels == ["conv 3×3 · 8 · pad 1", "ReLU", "max pool 2×2", "flatten", "dense · 10"]
    shapes = page.locator(".shape").all_inner_texts()
    assert shapes == ["1 × 28 × 28", "8 × 28 × 28", "8 × 28 × 28", "8 × 14 × 14", "1,568", "10"]


@pytest.mark.parametrize(
    "layer",
    [
        *(Conv(4096, (3, 5), (2, 1), "same", (1, 2), 4, bias=False), Conv(1), MaxPool((2, 3)), Flatten()),
        *(MaxPool(stride=(2, 2)), MaxPool((3, 3), (2, 2)), Dense(7), BatchNorm(), RELU),
        *(layer_from_dict({"type": name}) for name in ("dropout", "leaky_relu", "global_avg_pool")),
    ],
    ids=lambda layer: layer.label,
)
def test_the_label_begins_as_pythons(page: Page, layer: Layer) -> None:
    """Python's "conv 3×3, 8, stride 2" is "conv 3×3 · 8 · stride 2" on the card, and then more."""
    further = " · no bias · pad same" if isinstance(layer, Conv) and not layer.bias else ""
    editor = Editor(page, NetSpec((4, 32, 32), (layer,)))
    python = re.sub("^(dense|dropout) ", r"\1 · ", layer.label.replace(", ", " · "))
    assert editor.label(0) == python + further


def test_a_type_that_only_python_knows_has_card_mark_and_menu(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a card shows of a type is a fact of its class; no script names it."""
    with_layer(monkeypatch, LpPool)
    editor = Editor(page, NetSpec((2, 16, 16), (LpPool(), LpPool((3, 2), (2, 2), 4.0))))
    assert [editor.label(n) for n in (0, 1)] == ["Lp pool 2×2", "Lp pool 3×2 · stride 2 · norm 4"]
    assert page.locator(".card[data-type=lp_pool]").first.get_attribute("data-role") == "output"
    page.get_by_role("button", name="Add a layer at the end").click()
    expect(page.get_by_role("menuitem", name="Lp pooling")).to_be_visible()


def test_what_python_adds_to_a_layer_stands_at_it(page: Page) -> None:
    rows = [*plain(page).state.rows]
    editor = plain(page)
    editor.send(rows=[*rows[:2], type(rows[2])((2,), (8, 14, 14), extra="field 4×4"), *rows[3:]])
    expect(editor.line(2).locator(".extra")).to_have_text("field 4×4")
    expect(page.locator(".extra:not(:empty)")).to_have_count(1)


def test_a_problem_stands_at_its_layer_with_settings_that_work(page: Page) -> None:
    editor = Editor(page, NetSpec((1, 8, 8), (RELU, Conv(2, (9, 9)), RELU)))
    alert = page.get_by_role("alert")
    expect(alert).to_have_count(1)
    expect(editor.card(1).get_by_role("alert")).to_contain_text("A kernel of 9 spans 9×9 cells")
    expect(alert.locator("svg")).to_be_visible()
    assert editor.line(2).locator(".shape").inner_text() == "–"
    fixes = editor.state.rows[1].fixes
    texts = alert.get_by_role("button").all_inner_texts()
    assert texts == [f"Use {name} {value}" for fix in fixes for name, value in fix.items()]
    alert.get_by_role("button").first.click()
    assert editor.answer().problems() == []
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(editor.line(2).locator(".shape")).not_to_have_text("–")


def test_a_problem_inside_a_block_stands_there(page: Page) -> None:
    spec = NetSpec((1, 4, 4), (Residual((RELU, Conv(1, (9, 9)))),))
    editor = Editor(page, spec)
    expect(editor.card(0, 1).get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(1)


def test_a_notice_is_no_alert(page: Page) -> None:
    editor = Editor(page, NetSpec((1, 9, 9), (MaxPool(),)))
    expect(editor.card(0).get_by_role("note")).to_contain_text("not a whole number")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_shapes_follow_when_python_has_answered(page: Page) -> None:
    editor = plain(page)
    editor.line(0).click()
    editor.field("padding").get_by_role("button", name="Padding: less").click()
    assert editor.label(0) == "conv 3×3 · 8", "the label follows at once"
    assert editor.line(0).locator(".shape").inner_text() == "8 × 28 × 28", "the shape is Python's"
    soon(page, lambda: editor.card(0).get_attribute("data-stale") is not None)
    editor.answer()
    assert editor.line(0).locator(".shape").inner_text() == "8 × 26 × 26"
    assert editor.card(0).get_attribute("data-stale") is None


# ---- selection and the keyboard ----------------------------------------------------------------------------


def test_a_click_selects_and_opens_and_a_second_one_closes(page: Page) -> None:
    editor = plain(page)
    editor.line(2).click()
    expect(page.get_by_role("group", name="Max pooling: settings")).to_be_visible()
    assert editor.selected() == (2,)
    expect(editor.line(2)).to_have_attribute("aria-expanded", "true")
    editor.line(0).click()
    expect(page.locator(".settings")).to_have_count(1)
    editor.line(0).click()
    expect(page.locator(".settings")).to_have_count(0)
    assert editor.selected() == (0,)
    editor.settle()
    assert editor.reports("selected")[-1]["path"] == [0]


def test_a_selection_is_reported_once_it_has_come_to_rest(page: Page) -> None:
    editor = plain(page)
    page.evaluate("for (const node of view.stack.nodes) view.select(node.uid)")
    editor.settle()
    assert [said["path"] for said in editor.reports("selected")] == [[4]]


def test_the_arrow_keys_walk_over_all_layers_and_the_input(page: Page) -> None:
    editor = Editor(page, BLOCK)
    editor.line().focus()
    walked = []
    for _ in range(9):
        editor.keys("ArrowDown")
        walked.append(editor.focused())
    assert walked == [(0,), (1,), (1, 0), (1, 1), (1, 2), (2,), (3,), (3,), (3,)]
    assert editor.selected() == (3,)
    editor.keys("Home")
    assert editor.focused() == ()
    editor.keys("End", "ArrowUp")
    assert editor.focused() == (2,)
    editor.settle()
    assert editor.reports("selected")[-1]["path"] == [2]
    assert editor.reports("stack") == []


def test_enter_opens_and_escape_closes_from_inside(page: Page) -> None:
    editor = plain(page)
    editor.line(0).focus()
    editor.keys("Enter", "Tab", "Tab")
    soon(page, lambda: page.evaluate("document.activeElement.getAttribute('aria-label')") == "Kernel")
    editor.keys("Escape")
    assert editor.focused() == (0,)
    expect(page.locator(".settings")).to_have_count(0)


def test_one_tab_stop_for_the_list_and_then_what_belongs_to_the_selected_layer(page: Page) -> None:
    editor = plain(page)
    editor.line(2).click()
    editor.line(2).click()
    page.locator(".sum").click()
    stops = []
    for _ in range(4):
        editor.keys("Tab")
        stops.append(
            page.evaluate(
                "document.activeElement.getAttribute('aria-label') ?? document.activeElement.className"
            )
        )
    assert stops[:3] == ["line", "Add a layer before 4", "Add a layer at the end"]


def test_alt_and_arrows_reorder_and_the_place_is_said(page: Page) -> None:
    editor = plain(page)
    editor.line(2).focus()
    editor.keys("Alt+ArrowUp")
    assert editor.types() == ["conv", "max_pool", "relu", "flatten", "dense"]
    assert editor.focused() == editor.selected() == (1,)
    assert editor.spoken() == "max pool 2×2 moved to place 2 of 5."
    editor.keys("Alt+ArrowUp", "Alt+ArrowUp")
    assert editor.types()[0] == "max_pool"
    assert "cannot go further" in editor.spoken()
    editor.keys("Alt+ArrowDown", "Alt+ArrowDown", "Alt+ArrowDown", "Alt+ArrowDown", "Alt+ArrowDown")
    assert editor.types() == ["conv", "relu", "flatten", "dense", "max_pool"]
    assert [layer.type for layer in editor.heard().layers] == editor.types()
    assert editor.reports("stack")[-1]["selected"] == [4]


def test_alt_and_arrows_take_a_layer_into_a_block_and_out_again(page: Page) -> None:
    editor = Editor(page, BLOCK)
    editor.line(2).focus()
    editor.keys("Alt+ArrowRight")
    assert editor.focused() == (1, 3)
    assert editor.types() == ["conv", "residual", "flatten"]
    assert editor.spoken() == "ReLU moved to place 4 of 4 in the block."
    editor.keys("Alt+ArrowDown")
    assert editor.focused() == (2,)
    editor.line(0).focus()
    editor.keys("Alt+ArrowRight")
    assert editor.focused() == (0, 0)
    editor.keys("Alt+ArrowUp")
    assert editor.focused() == (0,)
    assert editor.shown() == BLOCK
    editor.line(1, 1).focus()
    editor.keys("Alt+ArrowLeft")
    assert editor.focused() == (2,)


@pytest.mark.parametrize("key", ["Delete", "Backspace"])
def test_delete_removes_and_the_next_layer_is_selected(page: Page, key: str) -> None:
    editor = plain(page)
    editor.line(1).focus()
    editor.keys(key)
    assert editor.types() == ["conv", "max_pool", "flatten", "dense"]
    assert editor.focused() == (1,)
    assert editor.spoken().startswith("ReLU removed.")
    editor.keys("End", key, key, key, key)
    assert editor.types() == []
    assert editor.focused() == (), "the input is left"
    editor.keys(key)
    assert editor.heard() == NetSpec(PLAIN.input)


def test_d_duplicates_with_settings_and_inner_layers(page: Page) -> None:
    editor = Editor(page, BLOCK)
    editor.line(1).focus()
    editor.keys("d")
    assert editor.focused() == (2,)
    assert editor.heard().layers == (BLOCK.layers[0], BLOCK.layers[1], *BLOCK.layers[1:])
    editor.line(2, 0).focus()
    editor.keys("Delete")
    assert editor.heard().layers[1] == BLOCK.layers[1], "the copy is a layer of its own"


def test_undo_and_redo_by_key_and_button(page: Page) -> None:
    editor = plain(page)
    undo, redo = page.get_by_role("button", name="Undo"), page.get_by_role("button", name="Redo")
    expect(undo).to_be_disabled()
    editor.line(1).focus()
    editor.keys("Delete", "d", "Alt+ArrowDown")
    after = editor.shown()
    editor.keys("Control+z", "Control+z")
    assert editor.types() == ["conv", "max_pool", "flatten", "dense"]
    editor.keys("Control+Shift+z")
    assert editor.types() == ["conv", "max_pool", "max_pool", "flatten", "dense"]
    editor.keys("Control+y")
    assert editor.shown() == after
    expect(redo).to_be_disabled()
    for _ in range(3):
        undo.click()
    assert editor.heard() == PLAIN
    expect(undo).to_be_disabled()
    editor.line(0).focus()
    editor.keys("Delete")
    expect(redo).to_be_disabled()


def test_undo_brings_back_what_python_said(page: Page) -> None:
    """Back at the stack that Python knows, nothing is awaited: it will not send it again."""
    editor = plain(page)
    page.evaluate("view.edits.remove(view.stack.nodes[1].uid); view.undo()")
    assert page.locator(".card[data-stale]").count() == 0
    assert page.locator(".shape").nth(3).inner_text() == "8 × 14 × 14"
    editor.settle()
    assert editor.reports("stack") == []


def test_undoing_what_is_selected_selects_what_stands_there(page: Page) -> None:
    editor = plain(page)
    editor.line(1).focus()
    editor.keys("d", "Control+z")
    assert editor.focused() == editor.selected() == (2,)


def test_a_stack_from_python_can_be_undone(page: Page) -> None:
    editor = plain(page)
    editor.send(spec=PRESETS["lenet5"].spec)
    assert editor.shown() == PRESETS["lenet5"].spec
    page.get_by_role("button", name="Undo").click()
    assert editor.heard() == PLAIN


def test_the_keys_are_described(page: Page) -> None:
    editor = plain(page)
    described = editor.line(0).get_attribute("aria-describedby")
    text = page.locator(f"#{described}").inner_text()
    for word in ("Enter", "Alt", "Delete", "Control Z", "duplicates"):
        assert word in text
    expect(editor.line(0)).to_have_accessible_name(
        re.compile(r", layer 1 of 5\b.*, output 8 maps of 28 by 28$", re.DOTALL)
    )


# ---- the menu ----------------------------------------------------------------------------------------------


def test_the_menu_adds_a_layer_at_its_place_and_opens_it(page: Page) -> None:
    editor = plain(page)
    page.get_by_role("button", name="Add a layer before 3").click()
    page.get_by_role("menuitem", name="Dropout").click()
    assert editor.types() == ["conv", "relu", "dropout", "max_pool", "flatten", "dense"]
    assert editor.focused() == editor.selected() == (2,)
    expect(page.get_by_role("group", name="Dropout: settings")).to_be_visible()
    expect(page.get_by_role("menu")).to_have_count(0)
    assert editor.heard().layers[2] == layer_from_dict({"type": "dropout"})
    assert "Dropout added" in editor.spoken()


def test_the_menu_has_every_type_in_groups(page: Page) -> None:
    plain(page)
    page.get_by_role("button", name="Add a layer at the end").click()
    menu = page.get_by_role("menu")
    groups = menu.get_by_role("group")
    assert [groups.nth(n).get_attribute("aria-label") for n in range(groups.count())] == [
        *("Convolution", "Pooling", "Activation", "Regularisation", "Dense", "Block")
    ]
    schema = plain(page).state.schema
    page.get_by_role("button", name="Add a layer at the end").click()
    soon(page, lambda: page.get_by_role("menuitem").count() == len(schema))


def test_the_menu_by_keyboard(page: Page) -> None:
    editor = plain(page)
    editor.line(1).focus()
    editor.keys("a")
    focused = "document.activeElement.dataset.type"
    assert page.evaluate(focused) == "conv"
    editor.keys("ArrowDown")
    soon(page, lambda: page.evaluate(focused) == "max_pool")
    editor.keys("End", "ArrowRight")
    soon(page, lambda: page.evaluate(focused) == "conv")
    editor.keys("f")
    soon(page, lambda: page.evaluate(focused) == "flatten")
    editor.keys("Escape")
    assert editor.focused() == (1,)
    expect(page.get_by_role("menu")).to_have_count(0)
    editor.keys("a", "t", "Enter")
    assert editor.types()[2] == "tanh"


def test_a_press_elsewhere_closes_the_menu(page: Page) -> None:
    editor = plain(page)
    plus = page.get_by_role("button", name="Add a layer at the end")
    plus.click()
    page.locator(".sum").click()
    expect(page.get_by_role("menu")).to_have_count(0)
    plus.click()
    expect(page.get_by_role("menu")).to_have_count(1)
    plus.click()
    expect(page.get_by_role("menu")).to_have_count(0)
    plus.click()
    editor.line(0).click()
    expect(page.get_by_role("menu")).to_have_count(0)


def test_the_menu_closes_when_the_focus_leaves_it(page: Page) -> None:
    plain(page)
    page.get_by_role("button", name="Add a layer at the end").click()
    expect(page.get_by_role("menu")).to_have_count(1)
    page.locator(".card .line").first.focus()
    expect(page.get_by_role("menu")).to_have_count(0)


def test_a_setting_that_has_the_focus_is_explained(page: Page) -> None:
    editor = plain(page)
    editor.line(0).click()
    about = page.locator(".settings .hint").inner_text()
    page.get_by_role("spinbutton").first.focus()
    expect(page.locator(".settings .hint")).not_to_have_text(about)
    editor.line(1).focus()
    expect(page.locator(".settings .hint")).to_have_text(about)


def test_types_narrow_the_menu_but_not_the_stack(page: Page) -> None:
    editor = plain(page, types=("conv", "relu"))
    assert len(editor.types()) == 5
    page.get_by_role("button", name="Add a layer at the end").click()
    soon(page, lambda: page.get_by_role("menuitem").all_inner_texts() == ["Convolution", "ReLU"])


def test_a_new_block_fits_where_it_is_put(page: Page) -> None:
    editor = plain(page)
    page.get_by_role("button", name="Add a layer before 4").click()
    page.get_by_role("menuitem", name="Residual block").click()
    spec = editor.answer()
    assert spec.problems() == []
    assert isinstance(spec.layers[3], Residual)
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_role("button", name="Add a layer at the end of the block").click()
    page.get_by_role("menuitem", name="Batch normalisation").click()
    assert editor.focused() == (3, 3)
    assert editor.answer().problems() == []


def test_a_block_lies_no_deeper_than_python_takes_it(page: Page) -> None:
    block = Residual((RELU,))
    for _ in range(3):
        block = Residual((block,))
    editor = Editor(page, NetSpec((1, 4, 4), (block, Residual((RELU,)))))
    editor.item(0, 0, 0, 0, 0).locator(".plus").focus()
    editor.keys("Enter")
    soon(page, lambda: page.get_by_role("menuitem").count() > 5)
    expect(page.get_by_role("menuitem", name="Residual block")).to_have_count(0)
    editor.keys("Escape")
    editor.line(1).focus()
    editor.keys("Alt+ArrowRight")
    assert editor.focused() == (0, 1)
    editor.line(0, 0).focus()
    editor.keys("Alt+ArrowLeft")
    assert editor.answer().problems() == []


def test_a_full_stack_takes_no_more(page: Page) -> None:
    editor = Editor(page, NetSpec((1, 4, 4), (RELU,) * 500))
    editor.line(499).focus()
    editor.keys("d")
    assert "at most 500 layers" in editor.spoken()
    editor.keys("a")
    expect(page.get_by_role("menu")).to_have_count(0)
    assert len(editor.types()) == 500


# ---- settings ----------------------------------------------------------------------------------------------


def test_a_stepper_counts_and_python_hears_of_it_once(page: Page) -> None:
    editor = plain(page)
    editor.line(0).click()
    more = page.get_by_role("button", name="Maps: more")
    more.click()
    assert editor.label(0).startswith("conv 3×3 · 9")
    editor.settle()
    more.evaluate("(button) => { for (let n = 0; n < 3; n++) button.click(); }")  # as fast as can be
    assert editor.label(0).startswith("conv 3×3 · 12")
    assert editor.heard().layers[0] == Conv(12, padding=(1, 1))
    assert len(editor.reports("stack")) == 2


def test_quick_changes_of_one_number_are_one_step_of_undo(page: Page) -> None:
    editor = plain(page)
    editor.line(0).click()
    more = page.get_by_role("button", name="Maps: more")
    more.evaluate("(button) => { for (let n = 0; n < 5; n++) button.click(); }")
    page.get_by_role("button", name="Kernel: more").evaluate("(button) => button.click()")
    undo = page.get_by_role("button", name="Undo")
    undo.click()
    assert editor.shown().layers[0] == Conv(13, padding=(1, 1))
    undo.click()
    assert editor.shown() == PLAIN


def test_a_held_button_repeats(page: Page) -> None:
    editor = plain(page)
    editor.line(0).click()
    page.get_by_role("button", name="Maps: more").hover()
    page.mouse.down()
    page.wait_for_timeout(800)
    page.mouse.up()
    channels = editor.shown().layers[0].to_dict()["channels"]
    assert 11 <= channels <= 40
    page.wait_for_timeout(200)
    assert editor.shown().layers[0].to_dict()["channels"] == channels


def test_typing_counts_on_enter_and_on_leaving(page: Page) -> None:
    editor = plain(page)
    editor.line(0).click()
    maps = page.get_by_role("spinbutton", name="Maps")
    maps.fill("64")
    editor.settle()
    assert editor.reports("stack") == [], "a number half typed is no number"
    maps.press("Enter")
    assert editor.heard().layers[0] == Conv(64, padding=(1, 1))
    kernel = page.get_by_role("spinbutton", name="Kernel")
    kernel.fill("5")
    maps.focus()
    assert editor.heard().layers[0] == Conv(64, (5, 5), padding=(1, 1))


@pytest.mark.parametrize(
    ("typed", "want", "said"),
    [
        *(("0", 1, True), ("99999", 4096, True), ("", 8, True), ("abc", 8, True), ("-3", 1, True)),
        *(("7.6", 8, True), ("1e9", 4096, True), (" 12 ", 12, False)),
    ],
)
def test_a_bound_cannot_be_left(page: Page, typed: str, want: int, said: bool) -> None:
    editor = plain(page)
    editor.line(0).click()
    maps = page.get_by_role("spinbutton", name="Maps")
    maps.fill(typed)
    maps.press("Enter")
    assert editor.shown().layers[0] == Conv(want, padding=(1, 1))
    soon(page, lambda: maps.input_value() == str(want))
    assert (editor.spoken() == "Maps is a whole number from 1 to 4096.") == said


def test_the_keys_of_a_number(page: Page) -> None:
    editor = plain(page)
    editor.line(0).click()
    kernel = page.get_by_role("spinbutton", name="Kernel")
    kernel.focus()
    editor.keys("ArrowUp", "ArrowUp", "ArrowDown", "PageUp")
    assert editor.shown().layers[0] == Conv(8, (14, 14), padding=(1, 1))
    expect(kernel).to_have_attribute("aria-valuenow", "14")
    editor.keys("PageDown", "PageDown", "ArrowDown")
    assert editor.shown().layers[0] == Conv(8, (1, 1), padding=(1, 1))
    expect(page.get_by_role("button", name="Kernel: less")).to_be_disabled()
    kernel.fill("9")
    editor.keys("Escape")
    soon(page, lambda: kernel.input_value() == "1")
    expect(page.locator(".settings")).to_have_count(1)


def test_height_and_width_apart(page: Page) -> None:
    editor = plain(page)
    editor.line(0).click()
    apart = page.get_by_role("button", name="Kernel: height and width apart")
    apart.click()
    editor.settle()
    assert editor.reports("stack") == [], "nothing has changed yet"
    width = page.get_by_role("spinbutton", name="Kernel, width")
    width.fill("7")
    width.press("Enter")
    assert editor.answer().layers[0] == Conv(8, (3, 7), padding=(1, 1))
    assert editor.label(0) == "conv 3×7 · 8 · pad 1"
    page.get_by_role("spinbutton", name="Kernel, height").fill("7")
    width.focus()
    assert editor.answer().layers[0] == Conv(8, (7, 7), padding=(1, 1))
    expect(width).to_be_visible()
    width.fill("5")
    apart.click()
    assert editor.answer().layers[0] == Conv(8, (7, 7), padding=(1, 1)), "square again: the height counts"
    expect(width).to_be_hidden()


def test_padding_same_and_back(page: Page) -> None:
    editor = plain(page)
    editor.line(0).click()
    same = page.get_by_role("button", name="Padding same", exact=True)
    same.click()
    assert editor.answer().layers[0] == Conv(8, padding="same")
    expect(same).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("spinbutton", name="Padding")).to_be_hidden()
    same.click()
    assert editor.answer().layers[0] == Conv(8, padding=(1, 1)), "the number is as it was"


def test_a_pools_stride_follows_its_window_or_not(page: Page) -> None:
    editor = plain(page)
    editor.line(2).click()
    auto = page.get_by_role("button", name="Stride auto", exact=True)
    expect(auto).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Window: more").click()
    assert editor.answer().layers[2] == MaxPool((3, 3))
    auto.click()
    assert editor.answer().layers[2] == MaxPool((3, 3), (3, 3))
    page.get_by_role("button", name="Stride: less").click()
    assert editor.answer().layers[2] == MaxPool((3, 3), (2, 2))
    auto.click()
    assert editor.answer().layers[2] == MaxPool((3, 3))


def test_switches_and_choices(page: Page) -> None:
    editor = Editor(page, BLOCK)
    editor.line(0).click()
    page.get_by_role("switch", name="Bias").click()
    assert editor.answer().layers[0] == Conv(4, bias=False)
    assert "no bias" in editor.label(0)
    editor.line(1).click()
    page.get_by_role("radio", name="identity").focus()
    editor.keys("ArrowRight")
    block = editor.answer().layers[1]
    assert isinstance(block, Residual)
    assert block.shortcut == "projection"
    expect(page.get_by_role("radio", name="projection")).to_be_focused()


def test_decimals(page: Page) -> None:
    editor = Editor(page, NetSpec((4,) * 3, (layer_from_dict({"type": "dropout"}),)))
    editor.line(0).click()
    number = page.get_by_role("spinbutton")
    number.press("ArrowUp")
    got = editor.heard().layers[0].to_dict()["p"]
    assert 0.5 < got <= 0.6
    assert len(str(got)) <= 5
    number.fill("0,25")
    number.press("Enter")
    assert editor.heard().layers[0] == layer_from_dict({"type": "dropout", "p": 0.25})
    number.fill("1e-7")
    number.press("Enter")
    soon(page, lambda: number.input_value() == "0")
    number.fill("7")
    number.press("Enter")
    assert editor.heard().layers[0] == layer_from_dict({"type": "dropout", "p": 0.95})


def test_the_buttons_of_a_panel(page: Page) -> None:
    editor = plain(page)
    editor.line(1).click()
    page.get_by_role("button", name="Move down").click()
    page.get_by_role("button", name="Move down").click()
    assert editor.types() == ["conv", "max_pool", "flatten", "relu", "dense"]
    expect(page.get_by_role("button", name="Move down")).to_be_focused()
    page.get_by_role("button", name="Duplicate").click()
    page.get_by_role("button", name="Remove").click()
    assert editor.types() == ["conv", "max_pool", "flatten", "relu", "dense"]


def test_the_input_can_be_set_where_it_may(page: Page) -> None:
    editor = plain(page)
    editor.line().click()
    page.get_by_role("spinbutton", name="Width").fill("20")
    page.get_by_role("spinbutton", name="Channels").fill("3")
    editor.keys("Enter")
    assert editor.answer().input == (3, 28, 20)
    soon(page, lambda: page.locator(".shape").first.inner_text() == "3 × 28 × 20")
    assert editor.selected() == ()
    editor = plain(page, edit_input=False)
    editor.line().click()
    assert editor.selected() == ()
    expect(page.locator(".settings")).to_have_count(0)


def test_read_only_shows_and_selects_and_changes_nothing(page: Page) -> None:
    editor = Editor(page, BLOCK, read_only=True)
    editor.line(1).click()
    editor.keys("Delete", "d", "Alt+ArrowUp", "a", "Control+z")
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(page.locator(".handle, .plus, .actions button")).to_have_count(0)
    assert page.locator(".settings button:not(:disabled)").count() == 0
    editor.line(0).click()
    soon(page, lambda: page.locator(".settings input:not(:disabled)").count() == 0)
    editor.settle()
    assert editor.reports("stack") == []
    assert editor.reports("selected")[-1]["path"] == [0]
    editor.send(read_only=False)
    editor.line(0).focus()
    editor.keys("d")
    assert len(editor.types()) == 5


def test_the_list_ends_with_the_window_or_takes_most_of_one(page: Page) -> None:
    editor = Editor(page, PRESETS["vgg16"].spec)
    box = page.locator(".scroller").bounding_box()
    assert box is not None
    assert 860 <= box["y"] + box["height"] <= 900
    page.evaluate("document.querySelector('h1').style.height = '2000px'")
    page.set_viewport_size({"width": 460, "height": 800})
    expect(page.locator(".scroller")).to_have_css("max-height", "640px")
    page.set_viewport_size({"width": 460, "height": 900})
    assert editor.state.selected is None


# ---- Python's echoes ---------------------------------------------------------------------------------------


def test_a_late_echo_does_not_undo_the_hand(page: Page) -> None:
    editor = plain(page)
    editor.line(1).focus()
    editor.keys("Delete")
    editor.settle()
    first = editor.reports("stack")[-1]
    editor.keys("Delete")
    editor.settle()
    editor.send(spec=NetSpec.from_dict(first["spec"]), selected=(1,))
    assert editor.types() == ["conv", "flatten", "dense"]
    soon(page, lambda: page.locator(".shape").nth(1).inner_text() == "8 × 28 × 28")
    editor.answer()
    assert editor.types() == ["conv", "flatten", "dense"]
    assert page.locator(".shape").nth(2).inner_text() == "6,272"


def test_hand_and_echoes_in_any_order_end_in_agreement(page: Page) -> None:
    """Random keys, and a Python that answers late, two reports at once now and then, or with what it said."""
    editor = Editor(page, BLOCK)
    page.set_default_timeout(60_000)
    found = page.evaluate(
        """async (first) => {
          const { specOf, wholeSpec } = await import(urls["stack_view/model.js"]);
          let seed = 7, lost = 0, known = { spec: first.spec, selected: null };
          const chance = (n) => (seed = (seed * 48271) % 2147483647) % n;
          const queue = [];
          const data = () => ({ ...first, ...structuredClone(known), rows: [] });
          const send = () => view.update({ data: data(), setStateValue });
          const setStateValue = (name, value) => queue.push([name, structuredClone(value)]);
          const hear = (count) => {
            for (const [name, value] of queue.splice(0, count)) {
              known.selected = name === "stack" ? value.selected : value.path;
              if (name === "stack") known.spec = value.spec;
            }
            send();
          };
          send();
          const keys = [
            ["ArrowDown"], ["ArrowUp"], ["End"], ["Delete"], ["d"], ["Enter"],
            ["z", "ctrl"], ["z", "ctrl", "shift"], ["ArrowDown", "alt"], ["d"],
            ["ArrowUp", "alt"], ["ArrowLeft", "alt"], ["ArrowRight", "alt"],
          ];
          view.focusLine("input");
          const text = (value) => JSON.stringify(value);
          for (let n = 0; n < 1500; n++) {
            const [key, ...held] = keys[chance(keys.length)];
            const with_ = Object.fromEntries(held.map((name) => [`${name}Key`, true]));
            if (key === "Enter") document.activeElement.click();
            else {
              const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...with_ });
              document.activeElement.dispatchEvent(event);
            }
            if (!document.activeElement.closest(".line")) {
              lost++;
              view.focusLine(view.order()[0]);
            }
            if (view.index.size > 40) view.edits.remove(view.stack.nodes[0].uid);
            if (chance(4) === 0) await new Promise((done) => setTimeout(done, chance(3) * 2));
            if (chance(6) === 0) hear(chance(3)); // none: a run for another reason
          }
          await new Promise((done) => setTimeout(done, 300));
          hear(queue.length);
          const now = specOf(view.stack, view.schema), kept = wholeSpec(known.spec, view.schema);
          const selected = [text(view.pathOf(view.selected)), text(known.selected)];
          const sizes = [view.list.cards.size, view.index.size];
          return { lost, stale: view.stale, same: text(now) === text(kept), selected, sizes };
        }""",
        as_data(editor.state),
    )
    assert found["lost"] == 0, "the focus stays on a layer"
    assert found["same"]
    assert not found["stale"]
    assert found["selected"][0] == found["selected"][1]
    assert found["sizes"][0] == found["sizes"][1], "no card outlives its layer"


def test_a_rerun_for_another_reason_changes_nothing(page: Page) -> None:
    editor = plain(page)
    editor.line(0).click()
    page.get_by_role("spinbutton", name="Maps").fill("2")
    editor.send()
    assert page.get_by_role("spinbutton", name="Maps").input_value() == "2", "typing goes on"
    editor.keys("Enter")
    editor.send()
    assert editor.shown().layers[0] == Conv(2, padding=(1, 1))


def test_python_can_select_a_layer(page: Page) -> None:
    editor = plain(page)
    editor.send(selected=(3,))
    expect(editor.line(3)).to_have_attribute("aria-current", "true")
    editor.settle()
    assert editor.reports("selected") == []
    editor.line(1).click()
    editor.answer()
    editor.send(selected=(3,))
    assert editor.selected() == (3,)
    editor.send(selected=None)
    assert editor.selected() is None


def test_the_focus_stays_in_the_editor_when_python_replaces_the_stack(page: Page) -> None:
    editor = plain(page)
    editor.line(1).focus()
    editor.send(spec=NetSpec((1, 8, 8), (Conv(2), Conv(3))))
    assert editor.focused() is not None


def test_a_refused_stack_is_taken_back(page: Page) -> None:
    editor = plain(page)
    editor.line(0).focus()
    editor.keys("Delete")
    editor.settle()
    editor.send(version=1)
    assert editor.shown() == PLAIN


def test_every_preset_comes_back_as_it_went(page: Page) -> None:
    editor = plain(page)
    for preset in PRESETS.values():
        editor.send(spec=preset.spec)
        assert editor.shown() == preset.spec, preset.id
        soon(page, lambda: page.locator(".card[data-stale]").count() == 0)


# ---- dragging ----------------------------------------------------------------------------------------------


def middle(found: Any) -> tuple[float, float]:
    box = found.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, start: Any, end: tuple[float, float]) -> None:
    """Press, move in steps and hold there for a few frames, without letting go."""
    page.mouse.move(*middle(start))
    page.mouse.down()
    page.mouse.move(*end, steps=8)
    page.wait_for_timeout(80)


def gap(editor: Editor, *path: int) -> tuple[float, float]:
    """The middle of the gap before a layer."""
    return middle(editor.item(*path).locator("> .gap"))


@pytest.mark.parametrize("part", [".handle", ".line"])
def test_a_card_is_dragged_by_its_grip_or_its_line(page: Page, part: str) -> None:
    editor = plain(page)
    drag(page, editor.card(0).locator(part), gap(editor, 3))
    expect(page.locator("[data-drop]")).to_have_count(1)
    expect(editor.item(0)).to_have_attribute("data-lifted", "")
    page.mouse.up()
    assert editor.types() == ["relu", "max_pool", "conv", "flatten", "dense"]
    assert editor.selected() == (2,)
    assert editor.heard() == editor.shown()
    assert editor.spoken() == "conv 3×3 · 8 moved to place 3 of 5."
    expect(page.locator("[data-drop], [data-lifted], [data-dragging]")).to_have_count(0)
    expect(page.locator(".settings")).to_have_count(0)
    editor.keys("Control+z")
    assert editor.types() == ["conv", "relu", "max_pool", "flatten", "dense"]


def test_a_card_stays_at_the_pointer_when_an_open_panel_closes(page: Page) -> None:
    editor = plain(page)
    editor.line(0).click()
    x, y = middle(editor.line(3))
    drag(page, editor.line(3), (x, y + 30))
    assert middle(editor.line(3))[1] == pytest.approx(y + 30, abs=2)
    page.mouse.up()


def test_a_click_with_an_unsteady_hand_is_no_drag(page: Page) -> None:
    editor = plain(page)
    x, y = middle(editor.line(1))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 2, y + 3)
    page.mouse.up()
    assert editor.selected() == (1,)
    expect(page.locator(".settings")).to_have_count(1)


def test_a_card_let_go_where_it_was_or_on_escape_stays(page: Page) -> None:
    editor = plain(page)
    drag(page, editor.line(1), gap(editor, 2))
    page.mouse.up()
    drag(page, editor.line(1), gap(editor, 4))
    editor.keys("Escape")
    page.mouse.up()
    assert editor.shown() == PLAIN
    editor.settle()
    assert editor.reports("stack") == []
    assert page.evaluate("[...document.querySelectorAll('.card')].every((card) => !card.style.translate)")


def test_cards_are_dragged_into_blocks_and_out(page: Page) -> None:
    editor = Editor(page, BLOCK)
    drag(page, editor.line(2), gap(editor, 1, 2))
    page.mouse.up()
    assert [layer.type for layer in editor.shown().layers[1].layers] == ["conv", "relu", "relu", "conv"]
    drag(page, editor.line(1, 3), gap(editor, 0))
    page.mouse.up()
    assert editor.types() == ["conv", "conv", "residual", "flatten"]
    assert editor.selected() == (0,)


def test_a_block_is_dragged_whole_and_never_into_itself(page: Page) -> None:
    editor = Editor(page, BLOCK)
    drag(page, editor.line(1), gap(editor, 1, 1))
    expect(page.locator(".inner [data-drop]")).to_have_count(0)
    page.mouse.up()
    assert editor.shown() == BLOCK
    drag(page, editor.line(1), gap(editor, 0))
    page.mouse.up()
    assert editor.shown() == NetSpec(BLOCK.input, (BLOCK.layers[1], BLOCK.layers[0], *BLOCK.layers[2:]))


def test_the_list_scrolls_while_a_card_is_held_at_its_end(page: Page) -> None:
    editor = Editor(page, NetSpec((1, 4, 4), (Conv(3, (1, 1)), *(RELU,) * 60)))
    scroller = page.locator(".scroller")
    box = scroller.bounding_box()
    assert box is not None
    drag(page, editor.line(0), (box["x"] + 200, box["y"] + box["height"] - 6))
    page.wait_for_function("document.querySelector('.scroller').scrollTop > 600")
    page.mouse.up()
    place = editor.types().index("conv")
    assert place > 20
    expect(editor.line(place)).to_be_in_viewport()
    drag(page, editor.line(place), (box["x"] + 200, box["y"] + 6))
    page.wait_for_function("document.querySelector('.scroller').scrollTop === 0")
    page.mouse.up()
    assert editor.types().index("conv") <= 2


def touch(page: Page, points: list[tuple[float, float]]) -> None:
    """A finger put down at the first point, moved over the others and lifted."""
    session = page.context.new_cdp_session(page)
    for n, (x, y) in enumerate(points):
        kind = "touchMove" if n else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        page.wait_for_timeout(40)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(60)


def test_a_finger_drags_the_grip_and_scrolls_on_the_line(page: Page) -> None:
    editor = plain(page)
    x, y = middle(editor.card(0).locator(".handle"))
    end = gap(editor, 3)[1]
    touch(page, [(x, y), (x, y + 20), (x, (y + end) / 2), (x, end)])
    assert editor.types() == ["relu", "max_pool", "conv", "flatten", "dense"]
    x, y = middle(editor.line(0))
    touch(page, [(x, y), (x, y + 20), (x, y + 60), (x, y + 90)])
    assert editor.types() == ["relu", "max_pool", "conv", "flatten", "dense"]


# ---- sizes, speed, access ----------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [300, 390, 768, 1900])
@pytest.mark.parametrize("spec", [PLAIN, BLOCK, PRESETS["resnet50"].spec], ids=["plain", "block", "deep"])
def test_it_fits_every_width(page: Page, width: int, spec: NetSpec) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    editor = Editor(page, spec)
    editor.line(0).click()
    page.get_by_role("button", name="Kernel: height and width apart").click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    inside = page.evaluate(
        """() => [...document.querySelectorAll(".settings *, .line *, .inner")].every((node) => {
          const box = node.getBoundingClientRect();
          return !box.width || node.closest(".visually-hidden, svg, .label")
            || (box.left >= 0 && box.right <= innerWidth);
        })"""
    )
    assert inside
    page.get_by_role("button", name="Add a layer before 2").first.click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 460, "height": 900})


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_keeps_anybody_out(page: Page, theme: str) -> None:
    """axe-core on cards, settings, menu, problem and notice."""
    editor = Editor(page, BLOCK, theme=theme)
    no_faults(page)
    editor.line(0).click()
    no_faults(page)
    editor.keys("Escape", "a")
    no_faults(page)
    for spec in (NetSpec((1, 9, 9), (MaxPool(), Conv(2, (9, 9)), MaxPool())), NetSpec((1, 9, 9))):
        editor = Editor(page, spec, theme=theme)
        editor.line().click()
        no_faults(page)
    Editor(page, PLAIN, theme=theme, read_only=True).line(2).click()
    no_faults(page)


def test_a_hundred_layers_stay_fluid(page: Page) -> None:
    """A bound on the work: a change writes to its own card alone. benchmarks/bounds.py has the time."""
    editor = Editor(page, NetSpec((3, 64, 64), (Conv(8, padding=(1, 1)), RELU) * 50))
    made, changed = page.evaluate(
        """() => {
          const observer = new MutationObserver(() => {}), cards = new Set();
          observer.observe(document.body, { subtree: true, childList: true, characterData: true });
          view.edits.change(view.stack.nodes[50].uid, { channels: 3 }, "test");
          const records = observer.takeRecords();
          observer.disconnect();
          const element = (node) => (node.nodeType === 1 ? node : node.parentElement);
          for (const record of records) cards.add(element(record.target)?.closest(".item"));
          return [records.reduce((sum, one) => sum + one.addedNodes.length, 0), cards.size];
        }"""
    )
    assert changed == 1
    assert 1 <= made < 10
    drag(page, editor.line(3), gap(editor, 9))
    page.mouse.up()
    assert editor.selected() == (8,)


def test_cards_glide_unless_the_visitor_wants_no_motion(page: Page) -> None:
    running = "document.getAnimations().length"
    for motion, moves in (("no-preference", True), ("reduce", False)):
        page.emulate_media(reduced_motion=motion)
        editor = plain(page)
        editor.line(0).focus()
        page.evaluate("view.edits.step(view.stack.nodes[0].uid, 'ArrowDown')")
        assert (page.evaluate(running) > 0) == moves
