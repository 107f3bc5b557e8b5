"""The page "Pooling" as a visitor meets it: what follows the hand asks no server, and a link restores it."""

from __future__ import annotations

import pytest
from page_checks import fits
from playwright.sync_api import Page, expect
from visits import Visitor, follow, ready

pytestmark = pytest.mark.browser
PAINTED = """() => [...document.querySelectorAll("*")].some((node) =>
  node.shadowRoot?.querySelector('[data-view="pool_view"][data-painted]'))"""


def opened(visit: Visitor, query: str = "", **options: int | str | bool) -> Page:
    page = visit(f"pooling?{query}", **options)
    page.wait_for_function(PAINTED)
    return page


def in_link(page: Page, name: str, value: str) -> None:
    """Wait until the address has this value."""
    page.wait_for_function(
        "([name, value]) => new URLSearchParams(location.search).get(name) === value", arg=[name, value]
    )


def test_hover_and_keys_need_no_round_trip_and_a_pin_is_one(visit: Visitor) -> None:
    page = opened(visit, "p_map=numbers")
    output = page.locator(".output canvas.marks")
    sent = visit.watch(page).sent
    output.hover(position={"x": 30, "y": 30})
    expect(page.locator(".equation")).to_contain_text("output[0, 0] = max(")
    output.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".equation")).to_contain_text("output[0, 3] = max(")
    assert visit.watch(page).sent == sent
    page.keyboard.press("Enter")
    in_link(page, "p_pin", "0,3")
    again = opened(visit, page.evaluate("location.search.slice(1)"))
    expect(again.locator(".equation")).to_contain_text("output[0, 3] = max(")


def test_a_typed_number_is_in_the_link(visit: Visitor) -> None:
    page = opened(visit, "p_map=numbers&p_rows=3&p_cols=3")
    page.locator(".input canvas.marks").focus()  # the middle cell
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("6")  # a 9 stands there: typing it again would be no news
    page.wait_for_function("new URLSearchParams(location.search).has('p_own')")
    ready(page)
    own = page.evaluate("new URLSearchParams(location.search).get('p_own')").split(",")
    assert len(own) == 9
    assert own[3] == "6"
    again = opened(visit, page.evaluate("location.search.slice(1)"))
    again.locator(".input canvas.marks").focus()
    again.keyboard.press("ArrowLeft")
    expect(again.locator(".equation")).to_have_text("input[1, 0] = 6")


def test_dragging_the_picture_stays_in_the_browser_until_it_rests(visit: Visitor) -> None:
    page = opened(visit, "p_view=shift+test&pic=zone_plate")
    box = page.locator(".drag canvas").first.bounding_box()
    assert box is not None
    unit = box["width"] / 296
    sent = visit.watch(page).sent
    page.mouse.move(box["x"] + 90, box["y"] + 90)
    page.mouse.down()
    # All in one task of the browser: on a busy machine single moves would rest in between, and be reported.
    page.locator(".drag canvas").first.evaluate(
        """(canvas, [x, y, unit]) => {
          const mouse = { pointerId: 1, buttons: 1, isPrimary: true, pointerType: "mouse", bubbles: true };
          for (let i = 1; i <= 9; i++) {
            const at = { ...mouse, clientX: x + i * unit, clientY: y };
            canvas.dispatchEvent(new PointerEvent("pointermove", at));
          }
        }""",
        [box["x"] + 90, box["y"] + 90, unit],
    )
    page.mouse.move(box["x"] + 90 + 9 * unit, box["y"] + 90)
    expect(page.locator(".bar .where")).to_contain_text("8 right")
    page.mouse.up()
    in_link(page, "p_shift", "0,8,along")
    assert visit.watch(page).sent - sent <= 3
    again = opened(visit, page.evaluate("location.search.slice(1)"))
    expect(again.locator(".bar .where")).to_contain_text("8 right")


def test_a_phone_with_a_finger_is_not_wider_than_its_screen(visit: Visitor) -> None:
    page = opened(visit, width=390, height=844, touch=True)
    for query in ("", "p_view=pyramid", "p_view=shift+test"):
        if query:
            follow(page, f"pooling?{query}")
        fits(page, query)
