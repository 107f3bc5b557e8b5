"""axe-core with the menus open; on every page and its stages it looks in test_sweep.py."""

from __future__ import annotations

import pytest
from filter_page import link
from page_checks import faults, no_faults
from playwright.sync_api import expect
from visits import Visitor, ready

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("key", ["picture_popover", "f_gallery_open"])
def test_an_open_menu_is_accessible(key: str, theme: str, visit: Visitor) -> None:
    page = visit(link(), theme=theme)
    page.locator(f".st-key-{key} button").first.click()
    expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
    ready(page)
    expect(page.get_by_test_id("stPopoverBody").get_by_role("radio").first).to_be_visible()
    no_faults(page)


def test_a_fault_would_be_found(visit: Visitor) -> None:
    page = visit()
    page.evaluate("document.querySelector('h1').insertAdjacentHTML('afterend', '<img src=\"data:,\">')")
    assert any("image-alt" in fault for fault in faults(page))
