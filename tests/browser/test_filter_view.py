"""The filter view on the real page: its numbers are Python's, and mouse, keyboard and finger reach them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from filter_page import SOBEL, FilterPage, close, expected, link, picture, short_text
from playwright.sync_api import expect
from visits import Visitor, ready

from cnnviz.components.filter_view import EditorKernel, FilterViewState, as_data
from cnnviz.core.convolution.filtering import FilterSettings, apply
from cnnviz.core.kernels.library import KERNELS
from cnnviz.core.kernels.text import format_kernel, parse_kernel

pytestmark = pytest.mark.browser

CHANNELS = {"grey": "grey", "each": "each by itself", "sum": "one 3-D kernel"}
OWN = {"f_kernel": "own"}
EVEN = "1,2,-1,0.5;0,3,-2,1"  # 2×4: neither odd nor square
CUBE = "1,2;3,4|0,1;1,0|-1,0;0,2"
MODES = ("zeros", "reflect", "replicate", "circular")


@pytest.fixture(scope="module")
def shared(module_visit: Visitor) -> FilterPage:
    return FilterPage(module_visit(link()))


@pytest.fixture
def view(shared: FilterPage) -> Iterator[FilterPage]:
    """The page that the tests share: Sobel's kernel, no pin, no zoom."""
    shared.page.mouse.move(1, 1)
    if shared.ask("view.pin !== null"):
        shared.pane("output").press("Escape")
        shared.wait_for_parameter("f_pin", None)
    shared.button("Fit").click()
    shared.set_kernel(SOBEL)
    yield shared
    shared.settle()


def parameters(settings: FilterSettings) -> dict[str, str]:
    """The link's words for these settings."""
    words = {"f_channels": CHANNELS[settings.channels], "f_mode": settings.padding_mode}
    words |= {"f_stride": str(settings.stride[0]), "f_dilation": str(settings.dilation[0])}
    words["f_flip"] = str(settings.flip).lower()
    if isinstance(settings.padding, tuple):
        up, across = settings.padding
        return words | {"f_pad": "custom", "f_pad_y": str(up), "f_pad_x": str(across)}
    return words | {"f_pad": {"valid": "none", "same": "same"}[settings.padding]}


def variations(weights: Any, *names: str) -> list[FilterSettings]:
    """Settings in which every padding mode, padding, stride, dilation, flip and channels occurs."""
    made = [
        {"padding_mode": mode, "padding": padding, "stride": (s, s), "dilation": (d, d), "flip": flip}
        for mode, padding, s, d, flip in [
            ("zeros", "same", 1, 1, False),
            ("zeros", "valid", 2, 1, True),
            ("reflect", (3, 0), 1, 3, False),
            ("reflect", "same", 3, 2, True),
            ("replicate", (2, 5), 2, 1, True),
            ("circular", (4, 7), 5, 2, False),
        ]
    ]
    return [
        FilterSettings(weights, **{"channels": names[at % len(names)], **settings})
        for at, settings in enumerate(made)
    ]


@pytest.mark.parametrize(
    ("query", "weights", "channels"),
    [
        (
            {"f_kernel": "gaussian", "f_gaussian_sigma": "2.5"},
            KERNELS["gaussian"].make(sigma=2.5),
            ("grey", "each"),
        ),
        ({**OWN, "f_own": EVEN}, parse_kernel(EVEN), ("each", "sum", "grey")),
        ({**OWN, "f_own": CUBE}, parse_kernel(CUBE), ("sum",)),
    ],
    ids=["library with a parameter", "even and not square", "one slice per channel"],
)
def test_the_browsers_numbers_are_pythons(
    visit: Visitor, query: dict[str, str], weights: Any, channels: tuple[str, ...]
) -> None:
    cases = variations(weights, *channels)
    view = FilterPage(visit(link(**query, **parameters(cases[0]))))
    for settings in cases:
        view.settings_by_link(**query, **parameters(settings))
        state = FilterViewState(
            "", EditorKernel(weights, False, "", ""), settings, "clip", "grey", "side", None, 1
        )
        wanted = as_data(state)["settings"]
        if wanted["padding"] == "valid":
            wanted["mode"] = "zeros"  # nothing stands in a padding that is not there
        view.page.wait_for_function(
            "([root, wanted]) => JSON.stringify(root.filterView.data.settings) === wanted",
            arg=[view.root.element_handle(), json.dumps(wanted, separators=(",", ":"))],
        )
        view.settle()
        close(view.output(), apply(picture(), settings))


def spoken(view: FilterPage) -> tuple[int, int, float]:
    """Row, column and sum of the sentence under the inspector."""
    text = view.find(".inspector .spoken").inner_text().replace("\u2212", "-")
    found = re.search(r"row (\d+), column (\d+): .* sum to (-?[\d.e+-]+?)\.(?: |$)", text)
    assert found, text
    return int(found[1]), int(found[2]), float(found[3])


def says(view: FilterPage, *parts: str) -> None:
    for part in parts:
        expect(view.find(".inspector .spoken")).to_contain_text(part)


@pytest.mark.parametrize("cell", [(40, 100), (3, 200), (120, 17)])
def test_the_cell_under_the_mouse_is_taken_apart(view: FilterPage, cell: tuple[int, int]) -> None:
    view.move_to(*cell)
    says(view, f"Output row {cell[0]}, column {cell[1]}:", "9 products")
    *at, total = spoken(view)
    assert tuple(at) == cell
    assert total == pytest.approx(float(view.output()[cell]), rel=1e-5, abs=1e-3)
    assert total == pytest.approx(float(expected(SOBEL)[cell]), rel=1e-5, abs=1e-2)


def test_a_corner_says_how_many_cells_lie_in_the_padding(view: FilterPage) -> None:
    view.move_to(0, 0)
    says(view, "row 0, column 0", "5 of the 9 cells lie in the padding.")
    view.move_to(0, 50)
    says(view, "row 0, column 50", "3 of the 9 cells lie in the padding.")
    view.move_to(50, 50)
    says(view, "row 50, column 50")
    expect(view.find(".inspector .spoken")).not_to_contain_text("padding")


def test_moving_over_the_output_sends_nothing(view: FilterPage, module_visit: Visitor) -> None:
    watch = module_visit.watch(view.page)
    before = watch.sent
    for x in range(10, 200, 10):
        view.move_to(60, x)
    says(view, "row 60, column 190")
    assert watch.sent == before


def test_a_click_pins_and_the_link_brings_the_pin_back(visit: Visitor) -> None:
    view = FilterPage(visit(link()))
    view.click_cell(31, 77)
    view.wait_for_parameter("f_pin", "31,77")
    view.move_to(60, 60)
    says(view, "Pinned: output row 31, column 77")
    view.page.reload(wait_until="commit")
    ready(view.page)
    says(view, "Pinned: output row 31, column 77")
    view.click_cell(31, 77)
    view.wait_for_parameter("f_pin", None)
    assert view.ask("view.pin") is None


def test_arrow_keys_move_from_cell_to_cell(view: FilterPage) -> None:
    width = view.output().shape[1]
    pane = view.pane("output")
    pane.focus()
    says(view, "Output row")
    y, x, _ = spoken(view)
    steps = {
        "ArrowRight": (0, 1),
        "ArrowDown": (1, 0),
        "Shift+ArrowLeft": (0, -10),
        "Shift+ArrowUp": (-10, 0),
    }
    for key, (dy, dx) in steps.items():
        pane.press(key)
        y, x = y + dy, x + dx
        says(view, f"row {y}, column {x}:")
    pane.press("Home")
    says(view, f"row {y}, column 0:")
    pane.press("ArrowLeft")
    says(view, f"row {y}, column 0:")
    pane.press("End")
    says(view, f"row {y}, column {width - 1}:")


def test_enter_pins_and_escape_frees(view: FilterPage) -> None:
    pane = view.pane("output")
    pane.focus()
    pane.press("Home")
    pane.press("Enter")
    says(view, "Pinned: output row", "column 0:")
    row, column, _ = spoken(view)
    view.wait_for_parameter("f_pin", f"{row},0")
    pane.press("ArrowRight")
    view.wait_for_parameter("f_pin", f"{row},{column + 1}")
    pane.press("Escape")
    view.wait_for_parameter("f_pin", None)
    view.settle()


def test_what_was_reported_before_can_be_reported_again(visit: Visitor) -> None:
    """In between, something else than the view has changed the value."""
    view = FilterPage(visit(link(f_pin="9,9", f_layout="slider")))
    view.pane("output").press("Escape")
    view.wait_for_parameter("f_pin", None)
    view.root.get_by_text("Side by side", exact=True).click()
    view.wait_for_parameter("f_layout", None)
    view.set_kernel("5,4;3,2")
    view.wait_for_parameter("f_own", short_text("5,4;3,2"))
    view.page.get_by_role("button", name="Find edges that vanish").click()
    view.wait_for_parameter("f_kernel", None)
    view.settle()
    view.set_kernel("5,4;3,2")
    view.wait_for_parameter("f_own", short_text("5,4;3,2"))
    view.wait_for_parameter("f_kernel", "own")
    view.settle()
    assert view.kernel().tolist() == [[5, 4], [3, 2]]


def test_plus_and_minus_zoom_and_the_pixels_have_hard_edges(view: FilterPage) -> None:
    pane = view.pane("input")
    pane.focus()
    for _ in range(5):
        pane.press("+")
    expect(view.find(".factor")).to_have_text("32×")
    view.settle()
    colours = view.root.evaluate(
        """(root) => {
          const canvas = root.filterView.scene.panes.input.picture;
          const { data } = canvas.getContext("2d").getImageData(0, canvas.height >> 1, canvas.width, 1);
          return Array.from({ length: canvas.width }, (_, i) => data[4 * i]);
        }"""
    )
    # Each pixel is many canvas pixels wide: nearly all neighbours are equal, no colour in between is made.
    changes = np.count_nonzero(np.diff(colours))
    assert changes <= len(colours) / 20
    assert set(colours) <= set(
        view.root.evaluate("(r) => [...new Set(r.filterView.scene.rasters.input.pixels.data)]")
    )
    pane.press("-")
    expect(view.find(".factor")).to_have_text("16×")
    pane.press("0")
    expect(view.find(".factor")).to_have_text("1×")


def test_tab_reaches_panes_kernel_cells_and_buttons(view: FilterPage) -> None:
    view.find("[data-zoom=fit]").focus()
    reached = []
    for _ in range(60):
        view.page.keyboard.press("Tab")
        reached.append(
            view.page.evaluate(
                """() => {
                  let node = document.activeElement;
                  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
                  return node?.getAttribute("aria-label") ?? node?.textContent ?? "";
                }"""
            )
        )
    text = "\n".join(reached)
    for wanted in (
        "Input picture",
        "Output picture",
        "weight row 1 column 1",
        "weight row 3 column 3",
        "Negate",
    ):
        assert wanted in text
    view.page.keyboard.press("Escape")


def test_compare_slider_by_mouse_and_keyboard(view: FilterPage) -> None:
    view.root.get_by_text("Compare slider", exact=True).click()
    view.wait_for_parameter("f_layout", "slider")
    line = view.find(".divider")
    expect(line).to_have_attribute("role", "slider")
    expect(line).to_have_attribute("aria-valuenow", "50")
    line.press("ArrowRight")
    expect(line).to_have_attribute("aria-valuenow", "52")
    line.press("Home")
    expect(line).to_have_attribute("aria-valuenow", "0")
    line.press("End")
    expect(line).to_have_attribute("aria-valuenow", "100")
    for _ in range(25):
        line.press("ArrowLeft")
    box = view.pane("output").bounding_box()
    assert box
    y = box["y"] + box["height"] * 0.2
    view.page.mouse.move(box["x"] + box["width"] / 2, y)
    view.page.mouse.down()
    view.page.mouse.move(box["x"] + box["width"] * 0.3, y, steps=5)
    view.page.mouse.up()
    expect(line).to_have_attribute("aria-valuenow", "30")
    assert view.ask("view.pin") is None  # moving the border is no click on a cell
    view.root.get_by_text("Side by side", exact=True).click()
    view.wait_for_parameter("f_layout", None)


def test_arrow_keys_choose_the_layout(view: FilterPage) -> None:
    view.root.get_by_role("radio", name="Side by side").focus()
    view.page.keyboard.press("ArrowRight")
    expect(view.root.get_by_role("radio", name="Compare slider")).to_be_focused()
    view.wait_for_parameter("f_layout", "slider")
    view.page.keyboard.press("ArrowRight")
    expect(view.root.get_by_role("radio", checked=True)).to_have_text("Side by side")
    view.wait_for_parameter("f_layout", None)


def test_both_sides_of_the_compare_slider_are_what_they_say(view: FilterPage) -> None:
    view.set_kernel("0,0,0;0,-1,0;0,0,0")  # so that input and output differ everywhere
    view.root.get_by_text("Compare slider", exact=True).click()
    view.wait_for_parameter("f_layout", "slider")
    view.settle()
    left, right, grey = view.root.evaluate(
        """(root) => {
          const view = root.filterView, canvas = view.scene.panes.output.picture;
          const ctx = canvas.getContext("2d");
          const pixel = (x) => [...ctx.getImageData(x, canvas.height >> 1, 1, 1).data];
          const at = (part) => pixel(Math.round(canvas.width * part));
          return [at(0.25), at(0.75), view.filtering.planes[0].length];
        }"""
    )
    assert grey
    assert max(left[:3]) - min(left[:3]) <= 1  # the input, in grey
    assert right != left
    view.root.get_by_text("Side by side", exact=True).click()
    view.wait_for_parameter("f_layout", None)


def test_a_link_with_everything_brings_everything_back(visit: Visitor) -> None:
    settings = FilterSettings(
        parse_kernel(EVEN), "each", (3, 2), "circular", stride=(2, 2), dilation=(2, 2), flip=True
    )
    query = {**OWN, "f_own": EVEN, **parameters(settings), "f_pin": "5,6", "f_layout": "slider"}
    query |= {
        "f_mode": "circular",
        "f_show": "shift by 128",
        "f_colours": "ink-teal-yellow",
        "pic": "rings",
        "f_tab": "Code",
    }
    view = FilterPage(visit(link(**query), new=True))
    view.settle()
    close(view.output(), apply(picture("rings"), settings))
    assert view.ask("[view.pin, view.layout, view.data.display]") == [[5, 6], "slider", "shift"]
    assert format_kernel(view.kernel().astype(np.float32)) == format_kernel(parse_kernel(EVEN))
    expect(view.page.get_by_test_id("stCode").first).to_be_visible()
    assert {name: view.parameters().get(name) for name in query} == query
