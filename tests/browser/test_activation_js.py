"""The activation view in a real Chromium: arithmetic against Python, pictures, point, keyboard, touch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from blank_page import decode, encode, mount
from playwright.sync_api import Page, expect
from waiting import soon

from cnnviz.components.activation_view import ActivationState, ChosenActivation, apply_data, collapse_data
from cnnviz.core.activations.table import ACTIVATIONS, saturated_share, zero_share
from cnnviz.core.colour.displays import to_rgb
from cnnviz.core.convolution.convolve import convolve2d
from cnnviz.core.kernels.library import KERNELS
from cnnviz.core.networks.collapse import collapse_difference
from cnnviz.core.pictures.load import grey
from cnnviz.ui.activation.settings import EXACT

pytestmark = pytest.mark.browser
PICTURE = np.random.default_rng(1).integers(0, 256, (24, 32, 3), dtype=np.uint8)
SOBEL = KERNELS["sobel_right"].weights
BINOMIAL = KERNELS["binomial_3"].weights
PAIRS = [
    ("sobel_right", "binomial_3"),
    ("kirsch", "scharr_y"),
    ("sharpen", "laplacian_8"),
    ("central_x", "emboss"),
]
COLLAPSED = collapse_data("d", SOBEL, BINOMIAL, ChosenActivation(ACTIVATIONS["relu"]))
PARAMETERS = [("leaky_relu", 0.3), ("elu", 0.5), ("softplus", 5.0)]


def data(name: str = "relu", value: float | None = None, **change: Any) -> dict[str, Any]:
    chosen = {"bias": 0.0, "point": 1.5, "shared": True, **change}
    return apply_data(
        ActivationState("d", SOBEL, "Sobel", ChosenActivation(ACTIVATIONS[name], value), **chosen)
    )


def show(page: Page, sent: dict[str, Any]) -> None:
    mount(page, "activation_view", sent, PICTURE)
    page.wait_for_selector("[data-painted]")


def feature_map(bias: float = 0.0) -> np.ndarray:
    return convolve2d(grey(PICTURE), SOBEL / 256, padding="same", padding_mode="replicate") + np.float32(bias)


def pixels(page: Page, selector: str) -> np.ndarray:
    got = page.evaluate(
        """(selector) => {
          const canvas = document.querySelector(selector);
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          return [text(data), canvas.height, canvas.width];
        }""",
        selector,
    )
    return decode(got[0], "u1").reshape(got[1], got[2], 4)[:, :, :3]


@pytest.mark.parametrize(("name", "value"), [(name, None) for name in ACTIVATIONS] + PARAMETERS)
def test_functions_and_slopes_are_pythons(page: Page, name: str, value: float | None) -> None:
    chosen = ChosenActivation(ACTIVATIONS[name], value)
    inputs = np.concatenate([np.linspace(-20, 20, 1601), [-3, -1, 0, 1, 3, 6, 700, -700]])
    got = page.evaluate(
        """async ([activation, values]) => {
          const { functionOf } = await import(urls["activation_view/maths.js"]);
          const { f, slope } = functionOf(activation), x = floats(values, Float64Array);
          return [text(x.map(f)), text(x.map(slope))];
        }""",
        [chosen.to_json(), encode(inputs)],
    )
    for text, expected in zip(got, ("function", "derivative"), strict=True):
        python = getattr(chosen.activation, expected)(inputs, **chosen.parameters)
        np.testing.assert_allclose(decode(text, "<f8"), python, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("bias", [0.0, -1.3])
@pytest.mark.parametrize("name", ["relu", "sigmoid", "gelu"])
def test_both_maps_have_pythons_colours(page: Page, name: str, bias: float) -> None:
    show(page, data(name, bias=bias))
    before = feature_map(bias)
    after = ACTIVATIONS[name].function(before)
    most = float(max(np.abs(before).max(), np.abs(after).max()))
    for side, values in (("before", before), ("after", after)):
        wanted = to_rgb(values, "signed", "blue_orange", (-most, most))
        assert np.abs(pixels(page, f".{side} canvas").astype(int) - wanted).max() <= 2


def test_each_map_can_have_a_range_of_its_own(page: Page) -> None:
    show(page, data("sigmoid", shared=False))
    after = ACTIVATIONS["sigmoid"].function(feature_map())
    most = float(after.max())
    wanted = to_rgb(after, "signed", "blue_orange", (-most, most))
    assert np.abs(pixels(page, ".after canvas").astype(int) - wanted).max() <= 2


@pytest.mark.parametrize("name", ["identity", "relu", "tanh", "hard_sigmoid", "relu6"])
def test_the_shares_are_pythons(page: Page, name: str) -> None:
    show(page, data(name, bias=-1))
    before = feature_map(-1)
    found = page.locator(".shares").evaluate("(box) => ({...box.dataset})")
    assert float(found["before"]) == pytest.approx(zero_share(before), abs=2e-3)
    assert float(found["after"]) == pytest.approx(zero_share(ACTIVATIONS[name].function(before)), abs=2e-3)
    assert float(found["flat"]) == pytest.approx(saturated_share(ACTIVATIONS[name], before), abs=2e-3)
    expect(page.locator(".shares")).to_contain_text("under 5 % of its steepest")


def test_the_point_follows_the_mouse_and_is_reported_once_when_dropped(page: Page) -> None:
    show(page, data())
    box = page.locator(".curve canvas").bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 100, y)
    page.mouse.down()
    first = page.locator(".readout").inner_text()
    page.mouse.move(box["x"] + box["width"] - 60, y, steps=5)
    soon(page, lambda: page.locator(".readout").inner_text() != first)
    assert page.evaluate("sent") == []
    page.mouse.up()
    soon(page, lambda: [name for name, _ in page.evaluate("sent")] == ["point"])
    x = page.evaluate("sent[0][1]")
    assert 4 < x <= 6
    expect(page.locator(".readout")).to_have_text(f"f({x:g}) = {x:g}, slope 1.")


def test_the_point_by_keyboard(page: Page) -> None:
    show(page, data("relu", point=0.1))
    slider = page.get_by_role("slider", name="Input x of the curve")
    slider.focus()
    moves = {"ArrowRight": 0.2, "Shift+ArrowLeft": -0.8, "End": 6, "Home": -6, "PageUp": -5}
    for key, value in moves.items():
        page.keyboard.press(key)
        expect(slider).to_have_attribute("aria-valuenow", f"{value:.2f}")
    expect(slider).to_have_attribute(
        "aria-valuetext", "f(−5) = 0, slope 0. Inactive (0): no gradient passes."
    )
    assert [value for _, value in page.evaluate("sent")] == list(moves.values())


def test_the_point_by_touch(page: Page) -> None:
    show(page, data())
    box = page.locator(".curve canvas").bounding_box()
    assert box
    page.touchscreen.tap(box["x"] + box["width"] * 0.25, box["y"] + 60)
    page.wait_for_function("sent.length")
    assert -4 < page.evaluate("sent.at(-1)[1]") < -2


def test_a_new_point_from_the_page_is_taken_and_an_old_one_does_not_come_back(page: Page) -> None:
    show(page, data(point=1.5))
    slider = page.get_by_role("slider")
    slider.press("End")
    page.evaluate("(data) => remount(data)", data("tanh", point=6))
    expect(slider).to_have_attribute("aria-valuenow", "6.00")
    page.evaluate("(data) => remount(data)", data("tanh", point=-2))
    expect(slider).to_have_attribute("aria-valuenow", "-2.00")


def test_a_point_beyond_the_axis_is_held_to_it(page: Page) -> None:
    show(page, data(point=15))
    expect(page.get_by_role("slider")).to_have_attribute("aria-valuenow", "6.00")


def test_a_cell_is_the_point_on_the_curve(page: Page) -> None:
    show(page, data("leaky_relu", 0.5))
    before = feature_map()
    picture = page.locator(".before .picture")
    box = picture.locator("canvas").bounding_box()
    assert box
    page.mouse.move(box["x"] + 10.5 / 32 * box["width"], box["y"] + 5.5 / 24 * box["height"])
    value = float(before[5, 10])
    read = page.locator(".readout")
    expect(read).to_contain_text("Row 5, column 10: f(")
    shown = [page.locator(f".{side} .value").inner_text().replace("−", "-") for side in ("before", "after")]
    assert float(shown[0]) == pytest.approx(value, abs=1e-3 * max(1, abs(value)))
    assert float(shown[1]) == pytest.approx(value if value > 0 else value / 2, abs=2e-3)
    page.mouse.down()
    page.mouse.up()
    page.wait_for_function("sent.length")
    assert page.evaluate("sent.at(-1)[1]") == pytest.approx(value, abs=0.006)
    page.mouse.move(2, 790)
    expect(page.locator(".before .cell")).to_be_hidden()


def test_cells_by_keyboard(page: Page) -> None:
    show(page, data())
    page.locator(".after .picture").focus()
    page.keyboard.press("ArrowRight")  # starts in the middle
    expect(page.locator(".readout")).to_contain_text("Row 12, column 16")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    expect(page.locator(".readout")).to_contain_text("Row 2, column 17")
    expect(page.locator(".spoken")).to_contain_text("Row 2, column 17", timeout=2000)
    page.keyboard.press("Enter")
    page.wait_for_function("sent.length")
    assert page.evaluate("sent.at(-1)[1]") == pytest.approx(float(feature_map()[2, 17]), abs=0.006)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    expect(page.locator(".after .cell")).to_be_hidden()


@pytest.mark.parametrize(
    "pair",
    [
        ("sobel_right", "binomial_3"),
        ("kirsch", "scharr_y"),
        ("sharpen", "laplacian_8"),
        ("central_x", "emboss"),
    ],
)
@pytest.mark.parametrize("name", ["relu", "tanh"])
def test_the_collapse_is_exact_and_equal_to_pythons(page: Page, pair: tuple[str, str], name: str) -> None:
    first, second = (KERNELS[kernel].weights for kernel in pair)
    show(page, collapse_data("d", first, second, ChosenActivation(ACTIVATIONS[name])))
    found = page.locator(".verdict").evaluate("(box) => ({...box.dataset})")
    assert float(found["plain"]) == 0
    image = np.floor(grey(PICTURE) + 0.5)
    down, across = (side // 2 for side in second.shape)
    inside = np.s_[down : 24 - down, across : 32 - across]
    plain = collapse_difference(image, first, second, padding="same")
    other = collapse_difference(image, first, second, ACTIVATIONS[name].function, padding="same")
    assert float(found["border"]) == pytest.approx(float(np.abs(plain).max()), rel=1e-6)
    assert float(found["other"]) == pytest.approx(float(np.abs(other[inside]).max()), rel=1e-5)
    expect(page.locator(".verdict")).to_contain_text("exactly 0 away from the border")


def test_a_first_layer_without_negative_values_is_said_to_pass_relu_unbent(page: Page) -> None:
    show(page, collapse_data("d", BINOMIAL, SOBEL, ChosenActivation(ACTIVATIONS["relu"])))
    expect(page.locator(".verdict")).to_contain_text("no value of the first layer lies where ReLU bends")


def test_every_pair_of_kernels_that_is_offered_is_exact(page: Page) -> None:
    """In the browser sums are float64 and maps float32: every value must fit into 24 bits."""
    kernels = [KERNELS[name].weights for name in EXACT]
    worst = page.evaluate(
        """async ([kernels, both, picture]) => {
          const { compare } = await import(urls["activation_view/collapse.js"]);
          const rgb = { ...picture, rgb: floats(picture.rgb, Uint8Array) };
          let most = 0;
          kernels.forEach((first, i) => kernels.forEach((second, j) => {
            const data = { first, second, both: both[i][j], activation: { id: "relu" } };
            most = Math.max(most, compare(rgb, data).plainMost.inside);
          }));
          return most;
        }""",
        [
            [collapse_data("d", one, one, ChosenActivation(ACTIVATIONS["relu"]))["first"] for one in kernels],
            [
                [collapse_data("d", a, b, ChosenActivation(ACTIVATIONS["relu"]))["both"] for b in kernels]
                for a in kernels
            ],
            {"width": 32, "height": 24, "rgb": encode(PICTURE)},
        ],
    )
    assert len(kernels) > 20
    assert worst == 0


def test_the_three_kernels_are_written_out(page: Page) -> None:
    show(page, COLLAPSED)
    tables = page.locator(".kernels table")
    expect(tables).to_have_count(3)
    expect(tables.nth(0).locator("td")).to_have_text(["−1", "0", "1", "−2", "0", "2", "−1", "0", "1"])
    expect(tables.nth(2).locator("tr")).to_have_count(5)


@pytest.mark.parametrize("width", [390, 1366, 1920])
def test_it_fits_the_width(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    show(page, data())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    show(page, COLLAPSED)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
