"""The page "Train" as a visitor meets it: a whole run, from Start to Stop, in the browser."""

from __future__ import annotations

import re

import pytest
from page_checks import no_faults
from playwright.sync_api import Locator, Page, expect
from visits import Visitor, ready

pytestmark = pytest.mark.browser

PATIENCE = 90_000  # milliseconds; the first run of a server loads torch, on a busy machine slowly


def button(page: Page, name: str) -> Locator:
    return page.locator(f".st-key-t_{name} button:visible").first


def step(page: Page) -> int:
    found = re.search(r"step ([\d,]+) of", page.locator(".t-status").first.inner_text())
    return int(found[1].replace(",", "")) if found else 0


def until_step(page: Page, least: int) -> None:
    page.wait_for_function(
        """(least) => {
          const text = document.querySelector(".t-status")?.innerText ?? "";
          const found = /step ([\\d,]+) of/.exec(text);
          return found && Number(found[1].replaceAll(",", "")) >= least;
        }""",
        arg=least,
        timeout=PATIENCE,
    )


def says(page: Page, status: str) -> None:
    expect(page.locator(f'.t-status[data-status="{status}"]')).to_be_visible(timeout=PATIENCE)


def opened(visit: Visitor, query: str = "t_end=100", **options: int | str | bool) -> Page:
    return visit(f"train?{query}", **options)


def accessible(page: Page) -> None:
    """No faults, with no tooltip open: Streamlit draws those outside of every landmark."""
    page.mouse.move(2, 2)
    expect(page.get_by_test_id("stTooltipContent")).to_have_count(0)
    no_faults(page)


def put_away(page: Page) -> None:
    """Leave no run behind for the tests after this one."""
    button(page, "reset").click()
    expect(button(page, "start")).to_be_enabled(timeout=PATIENCE)


def test_start_pause_step_rate_switch_stop(visit: Visitor) -> None:
    page = opened(visit)
    button(page, "start").click()
    until_step(page, 5)
    expect(page.locator('[data-view="run_charts"]')).to_be_visible()
    expect(page.locator('[data-view="map_mosaic"]').first).to_be_visible(timeout=PATIENCE)

    button(page, "pause").click()
    says(page, "paused")
    ready(page)
    here = step(page)
    page.wait_for_timeout(1500)
    assert step(page) == here
    button(page, "step_1").click()
    until_step(page, here + 1)
    button(page, "step_2").click()
    until_step(page, here + 11)
    page.wait_for_timeout(1500)
    assert step(page) == here + 11

    page.locator(".st-key-t_group_4 summary").click()
    thumb = page.locator(".st-key-t_rate").get_by_role("slider")
    thumb.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("new URLSearchParams(location.search).get('t_rate') === '0.002'")
    button(page, "resume").click()
    until_step(page, here + 15)

    page.get_by_role("link", name="Pooling").click()
    page.wait_for_function("document.querySelector('h1')?.innerText === 'Pooling'")
    page.get_by_role("link", name="Train").click()
    page.wait_for_function("document.querySelector('h1')?.innerText === 'Train'")
    until_step(page, here + 16)
    expect(page.locator(".st-key-t_rate")).to_contain_text("0.002")
    button(page, "stop").click()
    says(page, "stopped")
    put_away(page)


def test_ten_fast_presses_of_start_are_one_run(visit: Visitor) -> None:
    page = opened(visit)
    page.evaluate(
        "() => { const b = document.querySelector('.st-key-t_start button');"
        " for (let i = 0; i < 10; i++) b.click(); }"
    )
    until_step(page, 2)
    expect(button(page, "start")).to_be_disabled()
    expect(page.locator(".t-status")).to_have_count(1)
    put_away(page)


def test_keys_of_the_keyboard(visit: Visitor) -> None:
    page = opened(visit)
    page.locator("h1").click()
    page.keyboard.press("1")
    until_step(page, 1)
    expect(button(page, "resume")).to_be_enabled(timeout=PATIENCE)
    page.keyboard.press("p")
    says(page, "running")
    until_step(page, 3)
    page.keyboard.press("x")
    says(page, "stopped")
    put_away(page)


def test_a_failure_and_its_twin_on_the_same_axes(visit: Visitor) -> None:
    page = opened(visit, "t_tab=Gallery+of+failures", height=1500)
    button(page, "fail_rate_too_high").click()
    says(page, "diverged")
    says(page, "done")
    expect(page.get_by_test_id("stAlert")).to_contain_text("no longer a number")
    assert "twin" in page.locator(".t-status").nth(1).inner_text().lower()
    expect(page.locator('[data-view="run_charts"]')).to_have_count(1)
    accessible(page)
    put_away(page)


@pytest.mark.parametrize("tab", ["Gradient+flow", "Test+pictures", "Confusion", "Slow+motion", "Keep"])
def test_every_tab_stands_while_a_run_goes_on_and_has_no_faults(tab: str, visit: Visitor) -> None:
    page = opened(visit, f"t_end=100&t_tab={tab}", height=1500)
    button(page, "start").click()
    until_step(page, 5)
    button(page, "pause").click()
    says(page, "paused")
    if tab == "Slow+motion":
        button(page, "slow").click()
        expect(page.locator('[data-view="slow_motion_view"]')).to_be_visible(timeout=PATIENCE)
    page.wait_for_timeout(2500)  # the last pictures come
    ready(page)
    accessible(page)
    put_away(page)


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080)])
def test_curves_and_maps_are_in_the_first_screen(width: int, height: int, visit: Visitor) -> None:
    page = opened(visit, width=width, height=height)
    button(page, "start").click()
    until_step(page, 3)
    for view in ("run_charts", "map_mosaic"):
        place = page.locator(f'[data-view="{view}"]').first
        expect(place).to_be_visible(timeout=PATIENCE)
        box = place.bounding_box()
        assert box is not None
        assert box["y"] < height * 0.5
    put_away(page)


def test_nothing_overflows_on_a_phone(visit: Visitor) -> None:
    page = opened(visit, width=390, height=844)
    button(page, "start").click()
    until_step(page, 3)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    put_away(page)
