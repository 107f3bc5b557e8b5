"""One Chromium for all browser tests of a process, whoever asks first."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)
CONTEXT: Final = {"reduced_motion": "reduce", "permissions": ["clipboard-read", "clipboard-write"]}
PATIENCE = 20_000  # milliseconds that a test waits for what it looks for


@dataclass
class Chromium:
    """A running browser. `home` is its own context, which alone keeps Streamlit's scripts compiled in a
    profile: a third of each visit's work."""

    playwright: Playwright
    profile: tempfile.TemporaryDirectory[str]
    home: BrowserContext

    @property
    def browser(self) -> Browser:
        """For contexts apart."""
        assert self.home.browser is not None
        return self.home.browser

    def close(self) -> None:
        if self.browser.is_connected():
            self.home.close()
        self.playwright.stop()
        self.profile.cleanup()


_running: list[Chromium] = []


def chromium() -> Chromium:
    """The browser, started where there is none, or where the last one crashed."""
    if _running and not _running[0].browser.is_connected():
        close()
    if not _running:
        _running.append(_start())
    return _running[0]


def close() -> None:
    """End it, at the end of the session."""
    while _running:
        _running.pop().close()


def _start() -> Chromium:
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    assert found, "The browser tests need Chromium: install the package 'chromium' and run them again."
    playwright = sync_playwright().start()
    profile = tempfile.TemporaryDirectory(prefix="cnnviz-chromium-", ignore_cleanup_errors=True)
    home = playwright.chromium.launch_persistent_context(
        profile.name, executable_path=found, args=list(ARGUMENTS), **CONTEXT
    )
    home.set_default_timeout(PATIENCE)
    return Chromium(playwright, profile, home)
