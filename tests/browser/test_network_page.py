"""The page "Network" in the running app: stack, drawing and table are one; what stands under them; the "
"link."""

from __future__ import annotations

import re

import pytest
from page_checks import fits, no_faults
from playwright.sync_api import Locator, Page, expect
from visits import Visitor, ready

from cnnviz.core.export.network import pytorch_source
from cnnviz.core.networks.presets import PRESETS
from cnnviz.core.networks.text import parse_stack

pytestmark = pytest.mark.browser
SEED = PRESETS["tutorial_dense"].spec
TOO_SMALL = "1x12x12~conv-k5~max_pool~conv-c4-k9~flatten~dense"


def opened(visit: Visitor, query: str = "", **options: int | str | bool) -> Page:
    return visit(f"network?{query}", **options)


def head(page: Page) -> Locator:
    return page.locator(".detail .head b")


def layer(page: Page, name: str) -> Locator:
    """A layer in the drawing."""
    return page.locator("svg").get_by_role("option", name=name)


def card(page: Page) -> Locator:
    """The selected layer in the editor."""
    return page.locator('[data-view="stack_view"] .line[aria-current="true"]')


def in_link(page: Page, name: str, value: str | None) -> None:
    page.wait_for_function(
        "([name, value]) => new URLSearchParams(location.search).get(name) === value", arg=[name, value]
    )
    ready(page)


def test_first_sight(visit: Visitor) -> None:
    page = opened(visit)
    box = page.locator("svg[role=listbox]").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 768
    assert box["width"] > 800
    expect(head(page)).to_have_text("1 · conv 3×3")
    assert page.locator("svg[role=listbox] [role=option]").count() == 1 + len(SEED.layers)
    href = page.locator("svg image").get_attribute("href") or ""
    assert href.startswith("data:image/png")
    expect(page.locator("tfoot td.weights")).to_have_text("610,594")


def test_the_drawing_the_table_and_the_editor_show_the_same_layer(visit: Visitor) -> None:
    page = opened(visit)
    layer(page, "Layer 11, dense 1000").click()
    in_link(page, "n_layer", "11")
    expect(card(page)).to_contain_text("dense · 1000")
    expect(page.locator("tr button[aria-checked=true]")).to_have_text("11dense 1000")
    page.locator("tr button", has_text="conv 3×3").nth(1).click()
    in_link(page, "n_layer", "4")
    expect(card(page)).to_contain_text("conv 3×3 · 32")
    page.locator('[data-view="stack_view"] .line', has_text="flatten").click()
    in_link(page, "n_layer", "10")
    expect(head(page)).to_have_text("10 · flatten")
    expect(page.locator("svg [role=option][aria-selected=true]")).to_have_accessible_name(
        "Layer 10, flatten, output 576"
    )


def test_pointing_asks_nothing_of_the_server(visit: Visitor) -> None:
    page = opened(visit)
    sent = visit.watch(page).sent
    for name in ("Layer 4, conv", "Layer 6, max pool", "Layer 11, dense"):
        layer(page, name).hover()
        expect(head(page)).to_have_text(re.compile("^(4|6|11) · "))
    page.locator("tbody tr").nth(12).hover()
    expect(head(page)).to_have_text("13 · dense 10")
    page.mouse.move(5, 5)
    expect(head(page)).to_have_text("1 · conv 3×3")
    assert visit.watch(page).sent == sent


def test_an_edit_changes_drawing_table_and_link(visit: Visitor) -> None:
    page = opened(visit, "n_stack=small&n_layer=1")
    page.locator('[data-view="stack_view"] .line', has_text="conv 3×3 · 8").press("Delete")
    page.wait_for_function("() => location.search.includes('relu')")
    ready(page)
    text = page.evaluate("new URLSearchParams(location.search).get('n_stack')")
    assert parse_stack(text).layers == PRESETS["small"].spec.layers[1:]
    expect(layer(page, "Layer 1, ReLU, output 1×28×28")).to_have_count(1)
    assert page.locator("tbody tr").count() == 7


def test_a_half_pixel_is_a_quiet_note_at_its_layer(visit: Visitor) -> None:
    page = opened(visit, "n_stack=1x13x13~max_pool~flatten~dense")
    expect(page.locator("tr .notice")).to_have_count(1)
    expect(page.locator(".detail .notice")).to_contain_text("6.5 is not a whole number")
    assert page.locator(".wrong, .problem:visible").count() == 0


def test_an_illegal_layer_has_its_sentence_everywhere_and_a_way_out(visit: Visitor) -> None:
    page = opened(visit, f"n_stack={TOO_SMALL}")
    (sentence,) = parse_stack(TOO_SMALL).problems()
    told = sentence.split(": ", 1)[1]
    told = told[0].upper() + told[1:]
    for place in (".detail .problem", "tr .problem", '[data-view="stack_view"] [role=alert] .words'):
        expect(page.locator(place)).to_contain_text(told)
    expect(page.locator("svg .wrong")).to_have_count(1)
    expect(page.get_by_test_id("stAlert")).to_contain_text(sentence)
    page.get_by_role("button", name=re.compile("^Use kernel")).click()
    expect(page.locator("svg .wrong")).to_have_count(0)
    expect(page.locator("tfoot td.weights")).not_to_have_text("208")
    no_faults(page)


def test_the_dense_layer_is_worked_out_and_other_ends_can_be_used_and_undone(visit: Visitor) -> None:
    page = opened(visit)
    main = page.get_by_test_id("stMain")
    for said in (
        "64 × 3 × 3 = 576 numbers",
        "576 × 1,000 + 1,000 = 577,000 weights",
        "1,000 × 10 + 10 = 10,010",
    ):
        expect(main).to_contain_text(said)
    page.get_by_role("button", name="Use it").nth(1).click()
    in_link(page, "n_stack", "tutorial_direct")
    expect(page.locator("tfoot td.weights")).to_have_text("29,354")
    expect(main).to_contain_text("576 × 10 + 10 = 5,770 weights")
    page.get_by_role("button", name="Undo").click()
    in_link(page, "n_stack", None)
    expect(page.locator("tfoot td.weights")).to_have_text("610,594")


@pytest.mark.parametrize(
    ("name", "weights", "end"),
    [
        ("Use the convolution", "610,594", "conv-c10-k1"),
        ("Use global pooling", "24,234", "global_avg_pool~dense"),
    ],
)
def test_dense_as_a_convolution(visit: Visitor, name: str, weights: str, end: str) -> None:
    page = opened(visit, "n_tab=Dense+as+a+convolution")
    page.get_by_role("button", name=name).click()
    expect(page.locator("tfoot td.weights")).to_have_text(weights)
    page.wait_for_function("(end) => decodeURIComponent(location.search).includes(end)", arg=end)
    ready(page)
    page.get_by_role("button", name="Undo").click()
    in_link(page, "n_stack", None)


def test_a_dragged_logit_is_in_the_link_and_comes_back(visit: Visitor) -> None:
    page = opened(visit, "n_tab=Output")
    slider = page.get_by_role("slider", name="Logit of class 2")
    slider.scroll_into_view_if_needed()
    sent = visit.watch(page).sent
    box = slider.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    for step in range(8):
        page.mouse.move(box["x"] + box["width"] * (0.5 + 0.05 * step), box["y"] + box["height"] / 2)
    assert slider.evaluate("(node) => Number(node.value)") > 3
    assert visit.watch(page).sent == sent
    page.mouse.up()
    page.wait_for_function("() => location.search.includes('n_z=')")
    held = slider.evaluate("(node) => Number(node.value)")
    assert held > 3
    page.reload()
    ready(page)
    assert slider.evaluate("(node) => Number(node.value)") == pytest.approx(held, abs=0.051)


@pytest.mark.parametrize(
    ("stack", "said"),
    [
        ("tutorial_single", "A single node"),
        ("tutorial_dense", "ends with 10 numbers, the logits"),
        ("3x8x8~conv", "The network ends with maps of 8×6×6"),
    ],
)
def test_every_kind_of_output_has_its_words(visit: Visitor, stack: str, said: str) -> None:
    page = opened(visit, f"n_tab=Output&n_stack={stack}")
    expect(page.get_by_role("tabpanel", name="Output")).to_contain_text(said)
    rows = {"tutorial_single": 1, "tutorial_dense": 10}.get(stack, 0)
    expect(page.locator(".reading input")).to_have_count(rows)


def test_the_code_is_the_networks(visit: Visitor) -> None:
    page = opened(visit, "n_tab=Code+and+link&n_stack=lenet5")
    code = page.get_by_test_id("stCode")
    expect(code).to_contain_text("nn.Conv2d(16, 120, kernel_size=5)")
    with page.expect_download() as download:
        page.get_by_role("button", name="network.py").click()
    assert download.value.path().read_text(encoding="utf-8") == pytorch_source(PRESETS["lenet5"].spec)
    page.get_by_role("button", name="Copy the link").click()
    assert "n_stack=lenet5" in page.evaluate("navigator.clipboard.readText()")


def test_the_link_restores_everything(visit: Visitor) -> None:
    page = opened(visit, "n_stack=deep_residual&n_layer=4.3&n_look=wr&n_z=3_1&n_tab=Output&pic=rings")
    expect(head(page)).to_have_text("4.3 · conv 3×3")
    for name in ("All in one view", "Enlarge small maps"):
        expect(page.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("slider", name="Logit of class 1", exact=True)).to_have_value("3")
    expect(card(page)).to_contain_text("conv 3×3 · 12")
    expect(page.get_by_test_id("stPopover").first).to_contain_text("rings")
    page.get_by_role("button", name="All in one view").click()
    in_link(page, "n_look", "r")


def test_a_link_without_meaning_falls_back(visit: Visitor) -> None:
    page = opened(visit, "n_stack=nope&n_layer=99&n_look=xyz&n_z=7_1&n_tab=nope")
    expect(head(page)).to_have_text("1 · conv 3×3")


def test_every_experiment_does_what_it_says(visit: Visitor) -> None:
    page = opened(visit)

    def press(title: str) -> None:
        page.get_by_role("button", name=title).click()

    press("A size that is not a whole number")
    expect(page.locator(".detail .notice")).to_contain_text("6.5 is not a whole number")
    expect(page.locator("tr .notice")).to_have_count(1)
    press("Find the weights")
    expect(head(page)).to_have_text("11 · dense 1000")
    expect(page.locator(".detail dl")).to_contain_text("577,000, 94.5 % of all")
    press("Run out of pixels")
    expect(page.locator(".detail .problem")).to_contain_text("5×5 cells")
    expect(page.get_by_role("button", name=re.compile("^Use (padding|kernel)"))).not_to_have_count(0)
    press("Jump over two layers")
    expect(page.locator("svg .arc")).to_have_count(6)
    expect(page.locator("tfoot td.weights")).to_have_text("15,946")
    press("Do without convolution")
    expect(page.locator("tfoot td.weights")).to_have_text("109,386")
    expect(page.locator("svg .arc")).to_have_count(0)


def test_a_tap_on_a_layer_chooses_it(visit: Visitor) -> None:
    page = opened(visit, width=390, height=844, touch=True)
    fits(page, "a phone")
    layer(page, "Layer 3, max pool").tap()
    in_link(page, "n_layer", "3")
    expect(head(page)).to_have_text("3 · max pool 2×2")
