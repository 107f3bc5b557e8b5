"""The page "Activation" in the running app: link, controls, the point, the experiments, the collapse."""

from __future__ import annotations

import re

import pytest
from page_checks import fits
from playwright.sync_api import Locator, Page, expect
from visits import Visitor, ready

pytestmark = pytest.mark.browser


def slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="Input x of the curve")


def query(page: Page, text: str) -> None:
    """Wait until the link holds this."""
    page.wait_for_function("(text) => decodeURIComponent(location.search).includes(text)", arg=text)


def share(page: Page, name: str) -> float:
    return float(page.locator(".shares").get_attribute(f"data-{name}") or "nan")


def test_first_sight(visit: Visitor) -> None:
    page = visit("activation")
    curve = page.locator(".curve canvas")
    for part in (curve, page.locator(".before canvas"), page.locator(".after canvas")):
        box = part.bounding_box()
        assert box
        assert box["y"] + box["height"] < 768
    expect(page.locator(".readout")).to_have_text("f(1.5) = 1.5, slope 1.")
    assert share(page, "after") > share(page, "before") + 0.3


def test_the_link_restores_everything(visit: Visitor) -> None:
    page = visit("activation?a_function=tanh&a_kernel=Outline&a_bias=0.5&a_x=-2&a_first=Sharpen&pic=rings")
    expect(page.locator(".after .title")).to_have_text("After tanh")
    expect(page.locator(".before .title")).to_have_text("Feature map: Outline")
    expect(slider(page)).to_have_attribute("aria-valuenow", "-2.00")
    expect(page.locator(".kernels table").first.locator("td").nth(4)).to_have_text("5")
    expect(page.locator(".row .title").nth(3)).to_have_text("Two layers, tanh between")
    expect(page.get_by_test_id("stPopover").first).to_contain_text("rings")


def test_a_link_without_meaning_falls_back(visit: Visitor) -> None:
    page = visit("activation?a_x=99&a_function=nope&a_bias=abc&a_first=Gabor")
    expect(page.locator(".readout")).to_have_text("f(1.5) = 1.5, slope 1.")


def test_a_moved_point_goes_into_the_link_and_stays(visit: Visitor) -> None:
    page = visit("activation")
    slider(page).press("Shift+ArrowLeft")
    query(page, "a_x=0.5")
    page.reload()
    ready(page)
    expect(slider(page)).to_have_attribute("aria-valuenow", "0.50")


def test_moving_the_point_asks_nothing_of_the_server_until_it_is_dropped(visit: Visitor) -> None:
    page = visit("activation")
    box = page.locator(".curve canvas").bounding_box()
    assert box
    watch = visit.watch(page)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 100)
    page.mouse.down()
    sent = watch.sent
    for step in range(20):
        page.mouse.move(box["x"] + box["width"] / 2 + 5 * step, box["y"] + 100)
    assert watch.sent == sent
    page.mouse.up()
    page.wait_for_function("() => location.search.includes('a_x=')")


def test_another_activation_by_its_menu(visit: Visitor) -> None:
    page = visit("activation")
    menu = page.get_by_role("combobox", name="Activation")
    box = menu.bounding_box()
    assert box
    assert box["y"] + box["height"] < 768  # the curve's first control is in the first screen
    menu.click()
    page.get_by_role("option", name="Leaky ReLU").click()
    expect(page.locator(".after .title")).to_have_text("After Leaky ReLU")
    query(page, "a_function=Leaky")
    expect(page.get_by_role("slider", name="Slope below 0")).to_be_visible()


def test_every_experiment_does_what_it_says(visit: Visitor) -> None:
    page = visit("activation")

    def press(title: str) -> None:
        page.get_by_role("button", name=title).click()

    press("Kill a map")
    expect(page.locator(".shares")).to_have_attribute("data-after", "1")
    press("Lose half of the edges")
    expect(page.get_by_test_id("stPopover").first).to_contain_text("rings")
    expect(page.locator(".after .note")).to_have_text(re.compile("^0 … 3"))
    press("Saturate a tanh")
    expect(page.locator(".after .title")).to_have_text("After tanh")
    expect(page.locator(".readout")).to_contain_text("Saturated")
    assert share(page, "flat") > 0.5
    press("Let a little through")
    expect(page.locator(".readout")).to_have_text("f(−2) = −0.4, slope 0.2.")
    press("Two layers that are one")
    expect(page.locator(".kernels table").nth(1).locator("td").first).to_have_text("1")
    expect(page.locator(".verdict")).to_contain_text("exactly 0 away from the border")


def test_without_an_activation_nothing_changes_and_relu_stands_between_the_layers(visit: Visitor) -> None:
    page = visit("activation?a_function=None+(identity)")
    expect(page.locator(".after .title")).to_have_text("After it: the same")
    assert share(page, "after") == share(page, "before")
    expect(page.locator(".row .title").nth(3)).to_have_text("Two layers, ReLU between")


def test_a_tap_on_a_map_puts_the_point_there(visit: Visitor) -> None:
    page = visit("activation", width=390, height=844, touch=True)
    fits(page, "a phone")
    page.locator(".before .picture").tap()
    page.wait_for_function("() => location.search.includes('a_x=')")
