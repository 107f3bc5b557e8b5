"""The drawing of a network in a real Chromium: windows, fields and layout against Python, keys, words."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from blank_page import blank_page, mount, untouched
from playwright.sync_api import Page, expect
from waiting import soon

from cnnviz.components.net_view import (
    DrawingOptions,
    LogitsState,
    NetViewState,
    Path,
    logits_data,
    net_data,
    nodes_of,
)
from cnnviz.core.networks.presets import PRESETS
from cnnviz.core.networks.spec import NetSpec
from cnnviz.core.pictures.load import grey

pytestmark = pytest.mark.browser
PICTURE = np.random.default_rng(4).integers(0, 256, (30, 48, 3), dtype=np.uint8)
NESTED = NetSpec.from_dict(
    {
        "input": [3, 20, 26],
        "layers": [
            {"type": "conv", "channels": 8, "kernel": [3, 4], "padding": "same", "dilation": [2, 1]},
            {"type": "residual", "layers": [{"type": "conv", "channels": 8, "kernel": 3, "padding": 1}]},
            {"type": "max_pool", "kernel": [2, 3], "stride": [2, 1], "padding": [1, 0]},
            {"type": "avg_pool", "kernel": 3, "stride": 2, "ceil_mode": True},
            {"type": "conv", "channels": 4, "kernel": 2, "stride": 3},
        ],
    }
)
SPECS = {
    name: PRESETS[name].spec for name in ("tutorial_dense", "lenet5", "deep_residual", "resnet50", "dilated")
}
SPECS["nested"] = NESTED


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    with blank_page(viewport={"width": 1000, "height": 900}, has_touch=True) as page:
        yield page


@pytest.fixture
def page(tab: Page) -> Iterator[Page]:
    with untouched(tab, 1000, 900) as page:
        yield page


def show(page: Page, spec: NetSpec, chosen: Path | None = None, look: DrawingOptions | None = None) -> None:
    mount_view(page, net_data(NetViewState(spec, "d", chosen, look or DrawingOptions())))
    page.wait_for_selector("[data-painted]")


def mount_view(page: Page, data: dict[str, Any]) -> None:
    """Mount the view; what it reports is appended to `sent` in the page."""
    mount(page, "net_view", data, PICTURE)
    page.evaluate("(data) => view.update({ data, setStateValue: (...what) => sent.push(what) })", data)


def blocks(page: Page, call: str, *values: Any) -> Any:
    """What a function of blocks.js gives."""
    return page.evaluate(
        f"async (values) => (await import(urls['net_view/blocks.js'])).{call}(...values)", list(values)
    )


def units(rows: int, cols: int) -> list[tuple[int, int]]:
    return sorted({(y, x) for y in (0, rows // 2, rows - 1) for x in (0, cols // 2, cols - 1)})


@pytest.mark.parametrize("name", SPECS)
def test_what_a_unit_sees_is_what_the_core_says(page: Page, name: str) -> None:
    for node, sent in zip(
        nodes_of(SPECS[name]), net_data(NetViewState(SPECS[name], "d"))["nodes"], strict=True
    ):
        assert node.seen is not None
        assert node.output is not None
        flat = len(node.output) == 1
        for unit in [(0, 0)] if flat else units(*node.output[1:]):
            box = blocks(page, "fieldOf", sent["seen"], list(unit), list(node.output))
            top, left, bottom, right = node.seen.box(unit)
            assert [box["top"], box["left"], box["rows"], box["cols"]] == [
                top,
                left,
                bottom - top,
                right - left,
            ]


@pytest.mark.parametrize("name", SPECS)
def test_a_window_is_one_step_of_the_receptive_field(page: Page, name: str) -> None:
    """A unit's window in a network of this one layer is its field there."""
    for node, sent in zip(
        nodes_of(SPECS[name]), net_data(NetViewState(SPECS[name], "d"))["nodes"], strict=True
    ):
        if node.window is None or node.input is None or node.output is None:
            continue
        (alone,) = nodes_of(NetSpec((node.input[0], node.input[1], node.input[2]), (node.layer,)))
        assert alone.seen is not None
        for unit in units(*node.output[1:]):
            box = blocks(page, "windowOf", sent["window"], list(unit))
            top, left, bottom, right = alone.seen.box(unit)
            assert [box["top"], box["left"], box["rows"], box["cols"]] == [
                top,
                left,
                bottom - top,
                right - left,
            ]


def test_every_number_of_maps_has_its_sheets(page: Page) -> None:
    counts = page.evaluate(
        """async () => {
          const { sheetsOf } = await import(urls["net_view/blocks.js"]);
          return Array.from({ length: 5000 }, (_, n) => sheetsOf(n + 1, 13));
        }"""
    )
    assert counts[:6] == [1, 2, 3, 4, 5, 6]
    assert all(0 <= b - a <= 1 for a, b in itertools.pairwise(counts))
    assert counts[-1] == 13


SHEETS = """() => [...document.querySelectorAll(".sheet.front")].map((node) =>
  ["height", "width"].map((side) => Number(node.getAttribute(side))))"""


def test_maps_are_drawn_to_scale(page: Page) -> None:
    show(page, SPECS["tutorial_dense"])
    maps = [(24, 24), (24, 24), (12, 12), (12, 12), (6, 6), (6, 6), (3, 3)]
    sides = np.array(page.evaluate(SHEETS))
    cell = sides[0, 0] / 24
    np.testing.assert_allclose(sides, cell * np.array(maps), rtol=1e-6)
    said = page.locator(".scale").inner_text()
    assert f"one cell is {float(f'{cell:.2g}'):g} px high" in said
    show(page, SPECS["tutorial_dense"], look=DrawingOptions(root=True))
    sides = np.array(page.evaluate(SHEETS))
    np.testing.assert_allclose((sides / sides[0, 0]) ** 2, np.array(maps) / 24, rtol=1e-6)
    expect(page.locator(".scale")).to_contain_text("square roots")


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("whole", [False, True])
def test_no_block_lies_on_another(page: Page, name: str, whole: bool) -> None:
    show(page, SPECS[name], look=DrawingOptions(whole=whole))
    boxes = page.evaluate(
        """() => [...document.querySelectorAll(".option:not(.mark)")].map((node) => {
          const parts = [...node.children].filter((child) => !child.classList.contains("hit"));
          const all = parts.map((part) => part.getBoundingClientRect());
          return [Math.min(...all.map((box) => box.left)), Math.max(...all.map((box) => box.right))];
        })"""
    )
    assert len(boxes) > 2
    for (_, right), (left, _) in itertools.pairwise(boxes):
        assert right <= left + 1


def test_many_maps_are_counted_in_words(page: Page) -> None:
    show(page, SPECS["tutorial_dense"])
    assert page.locator(".count").all_text_contents() == [f"× {n}" for n in (16, 16, 32, 32, 64, 64)]


def input_pixels(page: Page) -> np.ndarray:
    """The picture on the input's sheet, (H, W, 3)."""
    got = page.evaluate(
        """async () => {
          const image = new Image();
          image.src = document.querySelector("svg image").getAttribute("href");
          await image.decode();
          const canvas = document.createElement("canvas");
          Object.assign(canvas, { width: image.width, height: image.height });
          const pen = canvas.getContext("2d");
          pen.drawImage(image, 0, 0);
          return [image.height, image.width, [...pen.getImageData(0, 0, image.width, image.height).data]];
        }"""
    )
    return np.array(got[2], np.uint8).reshape(got[0], got[1], 4)[:, :, :3]


@pytest.mark.parametrize("channels", [1, 3])
def test_the_input_is_the_picture_cut_resized_and_grey_where_it_has_one_channel(
    page: Page, channels: int
) -> None:
    spec = NetSpec.from_dict({"input": [channels, 15, 15], "layers": [{"type": "relu"}]})
    show(page, spec, chosen=())
    seen = input_pixels(page).astype(float)
    assert seen.shape == (15, 15, 3)
    middle = PICTURE[:, 9:39]
    if channels == 1:
        assert np.ptp(seen, axis=2).max() == 0
        middle = np.repeat(grey(middle)[:, :, None], 3, axis=2)
    halved = middle.reshape(15, 2, 15, 2, 3).mean(axis=(1, 3))
    assert np.abs(seen - halved).mean() < 12  # the browser's own filter
    words = "cut to the input's proportions, resized to 15×15 pixels and turned to grey"
    want = words if channels == 1 else "cut to the input's proportions and resized to 15×15 pixels"
    expect(page.locator(".detail .about")).to_have_text(f"The input is your picture, {want}.")


def point(page: Page, option: int, down: float, across: float) -> None:
    """Move the mouse over the front sheet of a block, as fractions of it."""
    at = page.evaluate(
        """([option, down, across]) => {
          const sheet = document.querySelectorAll(".option:not(.mark)")[option].querySelector(".sheet.front");
          const [w, h] = ["width", "height"].map((side) => Number(sheet.getAttribute(side)));
          const to = sheet.getScreenCTM();
          const place = new DOMPoint(across * w, down * h).matrixTransform(to);
          return [place.x, place.y];
        }""",
        [option, down, across],
    )
    page.mouse.move(*at)


@pytest.mark.parametrize(("down", "across"), [(0.1, 0.3), (0.9, 0.55), (0.54, 0.99)])
def test_pointing_at_a_map_shows_the_unit_under_the_pointer(page: Page, down: float, across: float) -> None:
    show(page, SPECS["tutorial_dense"])
    node = nodes_of(SPECS["tutorial_dense"])[3]  # the second convolution, block 3
    point(page, 3, down, across)
    unit = math.floor(12 * down), math.floor(12 * across)
    assert node.seen is not None
    top, left, bottom, right = node.seen.box(unit)
    rows = f"rows {max(top, 0)} to {min(bottom, 24) - 1}, columns {max(left, 0)} to {min(right, 24) - 1}"
    padding = ", and padding beside it" if min(top, left) < 0 or max(bottom, right) > 24 else ""
    expect(page.locator(".detail .unit")).to_have_text(
        f"The unit at row {unit[0]}, column {unit[1]} sees {rows} of the input{padding}."
    )
    expect(page.locator(".detail b")).to_have_text("4 · conv 3×3")
    for part in ("window", "seen:not(.under)", "cell"):
        expect(page.locator(f".over .{part}")).to_have_count(1)
    assert page.locator(".over .depth").count() == 2  # through all maps
    point(page, 4, down, across)  # a pool
    expect(page.locator(".detail b")).to_have_text("6 · max pool 2×2")
    assert page.locator(".over .depth").count() == 0
    page.mouse.move(0, 890)
    expect(page.locator(".detail b")).to_have_text("1 · conv 3×3")


def corners(page: Page, part: str) -> np.ndarray:
    """The corners of a path of the overlay."""
    numbers = page.locator(f".over .{part}").first.get_attribute("d") or ""
    return np.array([[float(n) for n in at.split(" ")] for at in numbers[1:-1].split("L")])


def test_the_window_is_as_large_as_its_kernel_on_the_map(page: Page) -> None:
    show(page, SPECS["lenet5"], chosen=(0,))
    cell = page.evaluate(SHEETS)[0][0] / 32
    window = corners(page, "window")
    np.testing.assert_allclose(window[3] - window[0], [0, 5 * cell], atol=0.02)
    unit = corners(page, "cell")
    np.testing.assert_allclose(unit[3] - unit[0], [0, cell], atol=0.02)


def test_a_choice_is_reported_once_as_a_path(page: Page) -> None:
    show(page, SPECS["deep_residual"])
    page.get_by_role("option", name="Layer 4.2, ReLU").click()
    page.wait_for_function("sent.length")
    assert page.evaluate("sent.map(([name, value]) => [name, value.path])") == [["chosen", [3, 1]]]
    expect(page.locator("tr button[aria-checked=true]")).to_have_text("4.2ReLU")
    expect(page.get_by_role("option", selected=True)).to_have_accessible_name(
        "Layer 4.2, ReLU, output 12×14×14"
    )
    page.locator("tr button").nth(0).click()
    page.wait_for_function("sent.length === 2")
    expect(page.get_by_role("option", selected=True)).to_have_accessible_name(
        "Layer 1, conv 3×3, output 12×28×28"
    )


def test_the_keyboard_reaches_every_layer_and_moves_the_unit(page: Page) -> None:
    show(page, SPECS["tutorial_dense"], chosen=(0,))
    page.get_by_role("option", selected=True).focus()
    names = []
    for _ in range(13):
        page.keyboard.press("ArrowRight")
        names.append(page.locator(".detail b").inner_text())
    assert names[:2] == ["2 · ReLU", "3 · max pool 2×2"]
    assert names[-1] == "13 · dense 10"
    page.keyboard.press("Home")
    expect(page.locator(".detail b")).to_have_text("Input")
    page.keyboard.press("ArrowRight")
    for _ in range(30):
        page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator(".detail .unit")).to_contain_text(
        "The unit at row 0, column 11 sees rows 0 to 1, columns 10"
    )
    expect(page.locator(".spoken")).to_contain_text("row 0, column 11")
    assert page.evaluate("document.activeElement !== document.body")


def test_a_flattened_number_comes_from_its_cell(page: Page) -> None:
    show(page, SPECS["tutorial_dense"], chosen=(9,))
    page.get_by_role("option", selected=True).focus()
    for _ in range(600):
        page.keyboard.press("Shift+ArrowUp")
    expect(page.locator(".detail .unit")).to_contain_text("Number 1 sees")
    first = page.evaluate(
        """() => {
          const sheet = document.querySelectorAll(".option:not(.mark)")[6].querySelector(".sheet");
          const { e, f } = sheet.getCTM();
          return [e, f];
        }"""
    )
    window = corners(page, "window")
    np.testing.assert_allclose(window[0], first, atol=0.02)


def test_arcs_are_the_shortcuts(page: Page) -> None:
    show(page, SPECS["deep_residual"], look=DrawingOptions(whole=True))
    assert page.locator(".arc").count() == 6
    assert page.locator("svg .name").count() == 0
    show(page, NESTED)
    assert page.locator(".arc").count() == 1


def test_long_networks_scroll_sideways_and_fit_in_one_view(page: Page) -> None:
    show(page, SPECS["resnet50"])
    scroll = page.locator(".scroll")
    assert scroll.evaluate("(node) => node.scrollWidth > node.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1000
    page.get_by_role("option", name="Layer 1,").focus()
    page.keyboard.press("End")
    soon(page, lambda: scroll.evaluate("(node) => node.scrollLeft > 0"))
    show(page, SPECS["deep_residual"], look=DrawingOptions(whole=True))
    assert page.locator(".scroll").evaluate("(node) => node.scrollWidth <= node.clientWidth")


def test_an_illegal_layer_stands_at_the_end_with_its_sentence(page: Page) -> None:
    spec = NetSpec.from_dict(
        {
            "input": [1, 9, 9],
            "layers": [{"type": "conv", "kernel": 5}, {"type": "conv", "kernel": 7}, {"type": "relu"}],
        }
    )
    show(page, spec)
    assert page.locator(".wrong").count() == 1
    assert page.get_by_role("option").count() == 3
    (problem,) = [node.problem for node in nodes_of(spec) if node.problem]
    for place in (".detail .problem", "tr .problem"):
        expect(page.locator(place)).to_have_text(problem[0].upper() + problem[1:])
    assert page.locator("tbody tr").count() == 3


@pytest.mark.parametrize("spec", [NetSpec((1, 1, 1)), NetSpec((4096, 8192, 8192)), NetSpec((2, 1, 3000))])
def test_inputs_without_layers_and_of_any_proportions(page: Page, spec: NetSpec) -> None:
    show(page, spec)
    assert page.locator(".sheet.front").count() == 1
    box = page.locator("svg").bounding_box()
    assert box is not None
    assert box["height"] < 600


def test_a_narrow_table_is_unfolded_and_cut_nowhere(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 900})
    show(page, SPECS["tutorial_dense"])
    table = page.get_by_role("table")
    expect(table).to_be_hidden()
    page.get_by_role("button", name="Show the table").click()
    expect(table).to_be_visible()
    assert page.evaluate("sent.map(([name, value]) => [name, value.table])") == [["look", True]]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert table.get_by_role("row").count() == 15
    expect(table.get_by_role("row", name="11 dense 1000")).to_contain_text("576×1000 + 1000 = 577,000")


def test_totals_are_the_sums(page: Page) -> None:
    show(page, SPECS["tutorial_dense"])
    expect(page.locator("tfoot td.weights")).to_have_text("610,594")
    expect(page.locator("tfoot td.adds")).to_have_text("2,161,936")


# ---- the outputs


def reading(page: Page, count: int, *logits: float) -> None:
    mount_view(page, logits_data(LogitsState(count, logits)))


def shares(page: Page) -> list[float]:
    texts = page.locator(".row:not(.head) > .value:last-child").all_inner_texts()
    return [float(text.split(" ")[0]) / 100 for text in texts]


@pytest.mark.parametrize("count", [2, 3, 10, 12, 1000])
def test_softmax_is_softmax(page: Page, count: int) -> None:
    logits = [1.5, -6.0, 3.1, 0.4, 6.0, -0.2, 2.0, 2.0, 1.0, -3.0][: min(count, 10)]
    reading(page, count, *logits)
    rows = count if count <= 10 else 9
    z = np.concatenate([logits[:rows], np.zeros(count - rows)])
    want = np.exp(z) / np.exp(z).sum()
    seen = shares(page)
    np.testing.assert_allclose(seen[:rows], want[:rows], atol=6e-4)
    if count > rows:
        assert seen[rows] == pytest.approx(want[rows:].sum(), abs=6e-4)
    assert float(page.locator("[data-sum]").get_attribute("data-sum") or "nan") == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("z", [-6.0, -0.3, 0.0, 4.2])
def test_a_single_node_is_read_by_the_sigmoid(page: Page, z: float) -> None:
    reading(page, 1, z)
    p = 1 / (1 + math.exp(-z))
    assert shares(page) == pytest.approx([p, 1 - p], abs=6e-4)


def test_the_same_added_to_all_logits_changes_no_probability(page: Page) -> None:
    reading(page, 3, 1.0, 2.0, -1.0)
    before = shares(page)
    page.get_by_role("button", name="Add 1 to all").click()
    soon(page, lambda: page.get_by_role("slider").nth(1).input_value() == "3")
    assert shares(page) == before
    page.get_by_role("button", name="Double all").click()
    assert max(shares(page)) > max(before)
    expect(page.get_by_role("button", name="Double all")).to_be_disabled()  # 6 is the largest
    expect(page.get_by_role("button", name="Add 1 to all")).to_be_disabled()
    page.get_by_role("button", name="Reset").click()
    soon(page, lambda: page.get_by_role("slider").nth(1).input_value() == "-0.5")


def test_a_moved_logit_moves_all_and_is_reported_when_it_rests(page: Page) -> None:
    reading(page, 3, 0.0, 0.0, 0.0)
    assert shares(page) == pytest.approx([1 / 3] * 3, abs=6e-4)
    page.get_by_role("slider").first.evaluate(
        "(node) => { node.value = 2.04; node.dispatchEvent(new Event('input')); }"
    )
    top = math.e**2 / (math.e**2 + 2)
    assert shares(page) == pytest.approx([top, (1 - top) / 2, (1 - top) / 2], abs=6e-4)
    assert page.evaluate("sent.length") == 0
    page.get_by_role("slider").first.evaluate("(node) => node.dispatchEvent(new Event('change'))")
    assert page.evaluate("sent.map(([name, value]) => [name, value.values])") == [["logits", [2, 0, 0]]]
