"""The page "Receptive field" as a visitor meets it: hover asks no server, a link restores, a child works."""

from __future__ import annotations

import re

import pytest
from page_checks import no_faults
from playwright.sync_api import Page, expect
from visits import Visitor, ready

pytestmark = pytest.mark.browser


def in_link(page: Page, name: str, value: str | None) -> None:
    """Wait until the address has this value."""
    page.wait_for_function(
        "([name, value]) => new URLSearchParams(location.search).get(name) === value", arg=[name, value]
    )


def query(page: Page) -> str:
    return str(page.evaluate("location.search.slice(1)"))


def test_hover_and_keys_need_no_round_trip_and_a_choice_is_one(visit: Visitor) -> None:
    page = visit("field?r_guess=off&r_stack=tiny_vgg")
    units, lead = page.locator(".units canvas"), page.locator(".lead")
    sent = visit.watch(page).sent
    for x in range(5, 150, 12):
        units.hover(position={"x": x, "y": 10})
    expect(lead).to_contain_text("Unit (0, ")
    page.locator(".photo canvas.marks").hover(position={"x": 40, "y": 40})
    page.get_by_role("button", name="One step back").click()
    expect(lead).to_contain_text("conv 4: 10 + (3 − 1) · 2 = 14")
    assert visit.watch(page).sent == sent
    units.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    in_link(page, "r_unit", "4,6")
    page.get_by_role("button", name="All layers").click()
    in_link(page, "r_nested", "on")
    again = visit(f"field?{query(page)}")
    expect(again.locator(".lead")).to_contain_text("Unit (4, 6) of pool 2 sees 16×16")
    expect(again.get_by_role("button", name="All layers")).to_have_attribute("aria-pressed", "true")


def test_the_puzzle_opens_the_page_and_its_answer_is_kept(visit: Visitor) -> None:
    page = visit("field")
    expect(page.locator(".question")).to_contain_text("64×64 input")
    page.locator(".answers button", has_text="16×16").click()
    expect(page.locator(".verdict")).to_contain_text("Right. It begins with 1 pixel")
    in_link(page, "r_guess", "off")


def test_strip_table_and_editor_look_at_the_same_layer(visit: Visitor) -> None:
    page = visit("field?r_guess=off&r_stack=tutorial_pool")
    strip, table = page.locator(".strip"), page.locator("table")
    strip.get_by_role("radio", name="pool 1").click()
    in_link(page, "r_layer", "2")
    ready(page)
    expect(table.get_by_role("radio", name="pool 1")).to_be_checked()
    table.get_by_role("radio", name="conv 1").click()
    in_link(page, "r_layer", "1")
    expect(strip.get_by_role("radio", name="conv 1")).to_be_checked()
    expect(page.locator(".lead")).to_contain_text("of conv 1")


def test_another_network_is_shown_at_once(visit: Visitor) -> None:
    page = visit("field?r_guess=off")
    page.get_by_role("button", name="Five small or one large").click()
    in_link(page, "r_stack", "five_3x3")
    expect(page.locator(".lead")).to_contain_text("of conv 5 sees 11×11")
    expect(page.locator(".strip").get_by_role("radio")).to_have_count(6)


def test_the_picture_is_large_enough_to_look_at(visit: Visitor) -> None:
    photo = visit("field?r_stack=tiny_vgg").locator(".photo canvas.marks").bounding_box()
    assert photo is not None
    assert photo["height"] > 400


def test_the_effective_field_comes_from_a_child_and_the_page_goes_on(visit: Visitor) -> None:
    page = visit("field?r_guess=off&r_stack=five_3x3&r_tab=Effective+field&r_mode=ReLU&r_weights=random")
    page.locator(".units canvas").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".lead")).to_contain_text("Unit (32, 31)")
    in_link(page, "r_unit", "32,31")
    glow = page.locator(".glow canvas")
    expect(glow).to_be_visible(timeout=60_000)
    expect(page.locator(".js-plotly-plot")).to_be_visible(timeout=60_000)
    expect(glow).to_have_attribute("aria-label", re.compile(r"unit \(32, 31\)"), timeout=60_000)
    ready(page)
    no_faults(page)


def test_a_phone_is_not_wider_than_its_screen(visit: Visitor) -> None:
    page = visit("field?r_guess=off&r_stack=vgg16", width=390, height=844, touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = page.locator(".photo canvas.marks").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 390
    page.locator(".units canvas").tap(position={"x": 4, "y": 4})
    expect(page.locator(".lead")).to_contain_text("Unit (0, 0)")
