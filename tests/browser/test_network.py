"""The app needs no internet: every request goes to its own server."""

from __future__ import annotations

import pytest
from app_pages import PAGES, AppPage
from visits import Visitor

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("page_of_app", PAGES, ids=str)
def test_a_page_asks_only_its_own_server(page_of_app: AppPage, visit: Visitor) -> None:
    page = visit(page_of_app.path, new=True)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_function("document.fonts.status === 'loaded'")
    assert page.evaluate("document.fonts.check('16px \"Atkinson Hyperlegible Next\"')")
    watch = visit.watch(page)
    own = [url for url in watch.requests if url.startswith(visit.server.url)]
    assert len(own) > 5, "too few requests were seen for this test to mean anything"
    assert any("/app/static/fonts/" in url for url in own), "the app's own fonts were not asked for"
    assert watch.sockets, "no connection to the script was seen"
    assert watch.outside() == []


def test_a_request_to_another_host_would_be_seen(visit: Visitor) -> None:
    page = visit()
    page.route("http://elsewhere.invalid/**", lambda route: route.fulfill(body=""))
    page.evaluate("fetch('http://elsewhere.invalid/x', {mode: 'no-cors'})")
    watch = visit.watch(page)
    assert watch.outside() == ["http://elsewhere.invalid/x"]
    watch.requests.clear()
