"""The app as a whole in a real Chromium: deep links into a new server, and the way about."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from app_pages import PAGES
from app_server import AppServer
from page_checks import stands
from playwright.sync_api import expect
from visits import Visitor, ready

pytestmark = pytest.mark.browser


def test_deep_links_into_a_freshly_started_server(
    fresh_server: Callable[[], AppServer], visit: Visitor
) -> None:
    """Nobody has been at the start page, which is the last; each visitor is somebody else."""
    server = fresh_server()
    for page_of_app in reversed(PAGES):
        page = visit(page_of_app.path, server=server)
        stands(page, page_of_app)
        assert visit.problems() == []
        visit.close({page})  # before its server ends


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
