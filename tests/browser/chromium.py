"""One Chromium for all browser tests of a process, whoever asks first."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from typing import Final

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

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
    phone: BrowserContext | None = None
    idle: list[Page] = field(default_factory=list)

    @property
    def browser(self) -> Browser:
        """For contexts apart."""
        assert self.home.browser is not None
        return self.home.browser

    def context(self, touch: bool = False) -> BrowserContext:
        """A context apart, as somebody else or a phone has it."""
        context = self.browser.new_context(has_touch=touch, is_mobile=touch, **CONTEXT)
        context.set_default_timeout(PATIENCE)
        return context

    def tab(self, touch: bool) -> Page:
        """An empty tab; one that was used before, where there is one."""
        if touch and self.phone is None:
            self.phone = self.context(touch=True)
        context = self.phone if touch and self.phone else self.home
        found = next((page for page in self.idle if page.context is context), None)
        if found is None:
            return context.new_page()
        self.idle.remove(found)
        return found

    def leave(self, page: Page) -> None:
        """Empty a tab of :meth:`tab` for the next test; close any other one with its context."""
        if page.context not in (self.home, self.phone):
            page.context.close()
        elif page.is_closed():
            return
        else:
            page.mouse.up()
            page.mouse.move(0, 0)
            page.evaluate("sessionStorage.clear()")
            page.unroute_all()
            page.goto("about:blank")
            self.idle.append(page)

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
