"""The kernel under the hand, on the real page: typing, pasting, dragging, tools, sizes, and fast changes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from filter_page import PLACE, SOBEL, FilterPage, close, expected, link, short_text
from playwright.sync_api import expect
from visits import Visitor, Watch

from cnnviz.core.colour.histogram import histogram
from cnnviz.ui.kernel.photo import OWN_TEXT

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def shared(module_visit: Visitor) -> FilterPage:
    return FilterPage(module_visit(link()))


@pytest.fixture
def view(shared: FilterPage) -> Iterator[FilterPage]:
    """The page that the tests share, with Sobel's kernel."""
    shared.set_kernel(SOBEL)
    yield shared
    shared.settle()


@pytest.fixture
def watch(shared: FilterPage, module_visit: Visitor) -> Watch:
    return module_visit.watch(shared.page)


def in_link(view: FilterPage, text: str) -> None:
    """The kernel has reached the link, and the picture is Python's."""
    view.wait_for_parameter("f_kernel", "own")
    view.wait_for_parameter("f_own", None if text == OWN_TEXT.default else short_text(text))
    view.settle()
    close(
        view.output(), expected(text.removesuffix("/sum"), padding_mode=view.ask("view.data.settings.mode"))
    )


def paste(view: FilterPage, text: str, row: int = 0, col: int = 0) -> None:
    view.page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
    view.cell(row, col).focus()
    view.page.keyboard.press("Control+V")


def test_typing_into_a_cell_changes_the_picture_at_once_and_the_link_at_enter(
    view: FilterPage, watch: Watch
) -> None:
    before, sent = view.painted, watch.sent
    view.cell(1, 1).focus()
    view.page.keyboard.type("7")
    view.wait_until(f"view.painted > {before}")
    assert view.kernel()[1, 1] == 7
    assert watch.sent == sent
    view.page.keyboard.press("Enter")
    in_link(view, "-1,0,1;-2,7,2;-1,0,1")
    expect(view.cell(2, 1)).to_be_focused()


@pytest.mark.parametrize(("typed", "value"), [("1/4", 0.25), ("-2.5", -2.5), ("1e-3", 0.001), ("−3", -3)])
def test_numbers_may_be_written_in_several_ways(view: FilterPage, typed: str, value: float) -> None:
    view.cell(0, 0).fill(typed)
    view.page.keyboard.press("Enter")
    assert view.kernel()[0, 0] == value


def test_what_is_no_number_is_said_and_changes_nothing(view: FilterPage) -> None:
    view.cell(0, 0).fill("x1")
    expect(view.cell(0, 0)).to_have_attribute("aria-invalid", "true")
    view.page.keyboard.press("Enter")
    expect(view.find(".complaint")).to_contain_text("“x1” is not a number")
    assert view.kernel().tolist() == [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]


def test_arrow_keys_move_between_cells(view: FilterPage) -> None:
    view.cell(0, 0).focus()
    for key, at in [
        ("ArrowRight", (0, 1)),
        ("ArrowDown", (1, 1)),
        ("ArrowLeft", (1, 0)),
        ("ArrowUp", (0, 0)),
    ]:
        view.page.keyboard.press(key)
        expect(view.cell(*at)).to_be_focused()
    view.page.keyboard.press("Tab")
    expect(view.cell(0, 1)).to_be_focused()


def test_a_cell_that_is_entered_shows_every_digit_and_is_overwritten(view: FilterPage) -> None:
    view.set_kernel("0.1111111,1")
    expect(view.cell(0, 0)).to_have_value("0.111")
    view.cell(0, 1).focus()
    view.page.keyboard.type("2")
    view.page.keyboard.press("ArrowLeft")
    view.page.keyboard.press("ArrowLeft")
    expect(view.cell(0, 0)).to_be_focused()
    in_link(view, "0.1111111,2")  # the script has answered while the cell had the focus
    expect(view.cell(0, 0)).to_have_value("0.1111111")
    view.page.keyboard.type("5")
    assert view.kernel().tolist() == [[5, 2]]
    view.page.keyboard.press("Enter")
    in_link(view, "5,2")


def test_escape_takes_the_typed_number_back(view: FilterPage) -> None:
    view.cell(1, 1).fill("9")
    assert view.kernel()[1, 1] == 9
    view.page.keyboard.press("Escape")
    assert view.kernel()[1, 1] == 0


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("1\t2\n3\t4", "1,2;3,4"),
        ("1 0 -1; 2 0 -2; 1 0 -1", "1,0,-1;2,0,-2;1,0,-1"),
        ("0,5\t1,5\t2\n", "0.5,1.5,2"),
        ("[[1, 2], [3, 4], [5, 6]]", "1,2;3,4;5,6"),
    ],
    ids=["spreadsheet", "text", "decimal commas", "NumPy"],
)
def test_a_block_is_pasted(view: FilterPage, text: str, own: str) -> None:
    paste(view, text)
    in_link(view, own)


def test_a_block_pasted_further_on_overwrites_from_there(view: FilterPage) -> None:
    paste(view, "8\t9\n10\t11", row=1, col=2)
    in_link(view, "-1,0,1,0;-2,0,8,9;-1,0,10,11")
    expect(view.cell(1, 2)).to_be_focused()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1 2; 3", "Row 2 has 1 number, but row 1 has 2."),
        ("1 2; 3 cat", "'cat' in row 2, column 2 is not a number."),
        (";".join(["1 " * 16] * 2), "at most 15×15"),
    ],
)
def test_a_bad_paste_is_one_sentence_and_keeps_the_kernel(view: FilterPage, text: str, sentence: str) -> None:
    paste(view, text)
    expect(view.find(".complaint")).to_contain_text(sentence)
    assert view.kernel().tolist() == [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    expect(view.page.get_by_test_id("stException")).to_have_count(0)


def test_dragging_a_number_changes_the_picture_frame_by_frame_before_release(
    view: FilterPage, watch: Watch
) -> None:
    cell = view.cell(1, 2)
    cell.scroll_into_view_if_needed()
    box = cell.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    painted, sent = view.painted, watch.sent
    seen = []
    view.page.mouse.move(x, y)
    view.page.mouse.down()
    for step in range(1, 11):
        view.page.mouse.move(x + 8 * step, y)
        view.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        seen.append(float(view.output()[50, 60]))
    assert view.painted - painted >= 9
    assert len(set(seen)) >= 9
    assert watch.sent == sent
    held = view.kernel()
    close(view.output(), expected(text_of(held), padding_mode=view.ask("view.data.settings.mode")))
    view.page.mouse.up()
    in_link(view, text_of(held))
    assert held[1, 2] != 2
    assert np.array_equal(view.kernel(), held)
    assert watch.sent > sent


def text_of(kernel: np.ndarray) -> str:
    """The kernel in the link's words, as JavaScript writes its numbers."""
    return ";".join(",".join(f"{w:.12g}" for w in row) for row in kernel)


def test_after_release_histogram_and_code_follow(view: FilterPage) -> None:
    view.set_kernel("0,0,0;0,3,0;0,0,-1.5")
    want = histogram(expected("0,0,0;0,3,0;0,0,-1.5", padding_mode=view.ask("view.data.settings.mode")))
    main = view.page.get_by_test_id("stMain")
    expect(main).to_contain_text(f"Mean {want.mean:.4g}, standard deviation {want.deviation:.4g}")
    view.page.get_by_role("tab", name="Code", exact=True).click()
    expect(view.page.get_by_test_id("stCode").first).to_contain_text("-1.5")
    view.page.get_by_role("tab", name="Values", exact=True).click()
    view.wait_for_parameter("f_tab", None)


def test_the_slider_changes_the_picture_while_it_moves(view: FilterPage, watch: Watch) -> None:
    view.cell(0, 0).click()
    slider = view.find("input.slider")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    painted, sent = view.painted, watch.sent
    view.page.mouse.move(box["x"] + box["width"] * 0.5, y)
    view.page.mouse.down()
    for step in range(1, 7):
        view.page.mouse.move(box["x"] + box["width"] * (0.5 + 0.05 * step), y)
        view.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert view.painted - painted >= 5
    assert watch.sent == sent
    held = view.kernel()
    assert held[0, 0] > 0.5
    view.page.mouse.up()
    in_link(view, text_of(held))


def test_dividing_by_the_sum_is_said_and_undone(view: FilterPage) -> None:
    expect(view.button("÷ sum")).to_be_disabled()  # Sobel's weights sum to 0
    view.set_kernel("1,1;1,1")
    view.button("÷ sum").click()
    expect(view.find(".sum")).to_contain_text("divided by the sum, 4")
    expect(view.button("÷ sum")).to_have_attribute("aria-pressed", "true")
    view.wait_for_parameter("f_own", short_text("1,1;1,1/sum"))
    view.settle()
    mode = view.ask("view.data.settings.mode")
    close(view.output(), expected("0.25,0.25;0.25,0.25", padding_mode=mode))
    view.button("Undo").click()
    in_link(view, "1,1;1,1")


KERNEL = np.array([[1, 2, 3], [4, 5, -6]])


@pytest.mark.parametrize(
    ("tool", "want"),
    [
        ("Flip ↔", KERNEL[:, ::-1]),
        ("Flip ↕", KERNEL[::-1]),
        ("Transpose", KERNEL.T),
        ("Rotate 90°", np.rot90(KERNEL, -1)),
        ("Negate", -KERNEL),
        ("Clear", 0 * KERNEL),
    ],
)
def test_a_tool_makes_a_new_kernel_and_undo_brings_the_old_one(
    view: FilterPage, tool: str, want: np.ndarray
) -> None:
    view.set_kernel("1,2,3;4,5,-6")
    view.button(tool).click()
    in_link(view, text_of(want))
    assert np.array_equal(view.kernel(), want)
    view.button("Undo").click()
    assert np.array_equal(view.kernel(), KERNEL)


@pytest.mark.parametrize(("rows", "cols"), [(1, 1), (15, 15), (4, 7)])
def test_the_kernel_takes_any_size_and_keeps_its_middle(view: FilterPage, rows: int, cols: int) -> None:
    view.set_kernel("0,0,0;0,9,0;0,0,0")
    for name, value in (("rows", rows), ("columns", cols)):
        box = view.root.get_by_label(name, exact=True)
        box.fill(str(value))
        box.press("Enter")
    view.wait_until(f"view.kernel.rows === {rows} && view.kernel.cols === {cols}")
    kernel = view.kernel()
    assert kernel.sum() == kernel[(rows - 1) // 2, (cols - 1) // 2] == 9
    in_link(view, text_of(kernel))
    expect(view.find("input[data-row]")).to_have_count(rows * cols)


def test_sizes_beyond_the_bounds_are_not_reached(view: FilterPage) -> None:
    for typed in ("99", "0", "-3", ""):
        box = view.root.get_by_label("rows", exact=True)
        box.fill(typed)
        box.press("Enter")
        view.settle()
        assert 1 <= view.kernel().shape[0] <= 15


def test_fast_changes_while_the_script_runs_never_lose_the_newest_kernel(view: FilterPage) -> None:
    """Each edit starts a rerun whose answer comes after later edits."""
    for turn in range(3):
        last = view.root.evaluate(
            """async (root, turn) => {
              const tool = (name) => root.querySelector(`[data-tool="${name}"]`).click();
              const wait = (ms) => new Promise((done) => setTimeout(done, ms));
              const names = ["rotate", "negate", "transpose", "flipX", "flipY"];
              for (let i = 0; i < 14; i++) {
                tool(names[(i + turn) % names.length]);
                const cell = root.querySelector('input[data-row="0"][data-col="1"]');
                cell.focus();
                cell.value = String(i + 10 * turn + 1);
                cell.dispatchEvent(new InputEvent("input", { bubbles: true }));
                cell.dispatchEvent(new Event("change", { bubbles: true }));
                await wait((i * 37) % 90);
              }
              return [...root.filterView.kernel.slices[0]];
            }""",
            turn,
        )
        want = np.reshape(last, (3, 3))
        view.wait_for_parameter("f_own", text_of(want))
        view.settle()
        assert np.array_equal(view.kernel(), want)
        assert view.cell(0, 1).evaluate("(box) => box.value") == str(14 + 10 * turn)
        in_link(view, text_of(want))


def test_a_channel_can_have_weights_of_its_own(visit: Visitor) -> None:
    view = FilterPage(visit(link(f_channels="one 3-D kernel", f_kernel="own", f_own="1,1;1,1", f_pad="none")))
    view.root.get_by_role("radio", name="G", exact=True).click()
    view.cell(0, 0).fill("5")
    view.page.keyboard.press("Enter")
    view.wait_for_parameter("f_own", "1,1;1,1|5,1;1,1|1,1;1,1")
    view.settle()
    want = expected("1,1;1,1|5,1;1,1|1,1;1,1", channels="sum", padding="valid")
    close(view.output(), want)


def test_a_finger_pins_a_cell_and_drags_a_number(visit: Visitor) -> None:
    view = FilterPage(visit(link(), width=390, height=800, touch=True))
    finger = view.page.context.new_cdp_session(view.page)

    def touch(kind: str, *at: float) -> None:
        points = [{"x": at[0], "y": at[1]}] if at else []
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    view.page.touchscreen.tap(*view.root.evaluate(PLACE, [30, 60]))
    view.page.wait_for_function("new URLSearchParams(location.search).get('f_pin')")
    row, column = map(int, view.parameters()["f_pin"].split(","))
    assert abs(row - 30) <= 1
    assert abs(column - 60) <= 1
    cell = view.cell(1, 1)
    cell.evaluate("(node) => node.scrollIntoView({ block: 'center' })")
    box = cell.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    painted, before = view.painted, view.kernel()
    touch("touchStart", x, y)
    for step in range(1, 8):
        touch("touchMove", x + 9 * step, y)
    view.wait_until(f"view.painted >= {painted + 3}")
    touch("touchEnd")
    view.page.wait_for_function("new URLSearchParams(location.search).get('f_own')")
    view.settle()
    assert (view.kernel() != before).tolist() == [[False] * 3, [False, True, False], [False] * 3]
