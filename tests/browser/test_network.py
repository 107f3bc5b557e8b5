"""The app needs no internet: test_sweep.py sees what every page asks for, and this that it would see it."""

from __future__ import annotations

import pytest
from visits import Visitor

pytestmark = pytest.mark.browser


def test_a_request_to_another_host_would_be_seen(visit: Visitor) -> None:
    page = visit()
    page.route("http://elsewhere.invalid/**", lambda route: route.fulfill(body=""))
    page.evaluate("fetch('http://elsewhere.invalid/x', {mode: 'no-cors'})")
    watch = visit.watch(page)
    assert watch.outside() == ["http://elsewhere.invalid/x"]
    watch.requests.clear()
