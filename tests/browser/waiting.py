"""Waiting for what a page shows: a browser draws when it can, so a read right after a click may be early."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Page

PATIENCE = 30  # seconds; machines are busy


def soon(page: Page, holds: Callable[[], bool]) -> None:
    """Wait until this is true; for what Playwright's ``expect`` has no word for."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"It did not come true within {PATIENCE} s."
        page.wait_for_timeout(20)  # gives the page its turn, which time.sleep would not
