"""Every page of app.py in a real Chromium: its deep link, its title, and the way to it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from app_pages import PAGES, AppPage
from app_server import AppServer
from playwright.sync_api import Page, expect
from visits import Visitor, ready

pytestmark = pytest.mark.browser


def stands(page: Page, expected: AppPage) -> None:
    """The page is there, under its own name, with one heading and nothing wrong."""
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page).to_have_title(re.compile("cnnviz"))
    if expected.path:
        expect(page).to_have_title(re.compile(f"^{re.escape(expected.title)} · cnnviz$"))


@pytest.mark.parametrize("page_of_app", PAGES, ids=str)
def test_deep_link_on_a_freshly_started_server(
    page_of_app: AppPage, fresh_server: Callable[[], AppServer], visit: Visitor
) -> None:
    page = visit(page_of_app.path, server=fresh_server())
    stands(page, page_of_app)


def test_navigation_reaches_every_page_and_back_returns(visit: Visitor) -> None:
    page = visit()
    titles = {page.title()}
    for target in [*PAGES[1:], PAGES[0]]:
        page.get_by_test_id("stTopNavLink").filter(has_text=re.compile(f"{target.title}$")).click()
        page.wait_for_function("(path) => location.pathname === '/' + path", arg=target.path)
        ready(page)
        stands(page, target)
        titles.add(page.title())
    assert len(titles) == len(PAGES), titles
    before = PAGES[-1] if len(PAGES) > 1 else PAGES[0]
    page.go_back()
    page.wait_for_function("(path) => location.pathname === '/' + path", arg=before.path)
    ready(page)
    stands(page, before)


def test_an_unknown_address_says_so(visit: Visitor) -> None:
    page = visit("no_such_page")
    expect(page.get_by_role("dialog")).to_contain_text("Page not found")
    watch = visit.watch(page)
    assert len(watch.errors) == 1
    assert "does not seem to exist" in watch.errors.pop()
