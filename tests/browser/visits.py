"""Pages opened in Chromium, each with a record of everything that went wrong on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from app_server import AppServer
from chromium import chromium
from playwright.sync_api import ConsoleMessage, Error, Page, Request, WebSocket

from cnnviz.components.base import module_sources

# The script has run, nothing is still a placeholder, and every view of ours that is on screen has painted.
READY = """(paints) => {
  const app = document.querySelector('[data-testid="stApp"]');
  if (app?.dataset.testScriptState !== "notRunning") return false;
  if (app.dataset.testConnectionState !== "CONNECTED") return false;
  if (!document.querySelector("h1")) return false;
  if (document.querySelector('[data-testid="stException"], [role="dialog"][aria-modal="true"]')) return true;
  if (!globalThis.cnnviz) return false; // the library of views, which every page has
  if (document.querySelector('[data-testid="stSkeleton"], [data-testid="stAppSkeleton"]')) return false;
  for (const host of document.querySelectorAll('[data-testid^="stBidiComponent"]')) {
    const shadows = [host, ...host.querySelectorAll("*")].map((node) => node.shadowRoot).filter(Boolean);
    if (shadows.length === 0) return false;
    for (const root of shadows.flatMap((shadow) => [...shadow.querySelectorAll(".cnnviz-root")])) {
      if (!root.dataset.theme) return false;
      if (paints.includes(root.dataset.view) && !root.dataset.painted) return false;
    }
  }
  return true;
}"""

# The views that say when they have painted, from their own scripts.
PAINTS = sorted(
    {path.split("/")[0] for path, text in module_sources().items() if "root.dataset.painted" in text}
)

# Streamlit asks for these beside a page's address before it finds them at the root (Streamlit 1.67).
HARMLESS_404 = re.compile(r"/[\w-]+/_stcore/(health|host-config)$")


@dataclass
class Watch:
    """What one page reported since it was opened."""

    page: Page
    server: AppServer
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    sockets: list[str] = field(default_factory=list)
    sent: int = 0  # messages from the browser to the app's script

    def __post_init__(self) -> None:
        for event, handler in self._handlers().items():
            self.page.on(event, handler)  # type: ignore[call-overload]

    def detach(self) -> None:
        """Listen no more."""
        for event, handler in self._handlers().items():
            self.page.remove_listener(event, handler)

    def _handlers(self) -> dict[str, Callable[..., None]]:
        return {
            "console": self._console,
            "pageerror": self._failed,
            "request": self._asked,
            "websocket": self._socket,
        }

    def _console(self, message: ConsoleMessage) -> None:
        self._said(message.type, message.text, message.location.get("url", ""))

    def _failed(self, error: Error) -> None:
        self.errors.append(f"page error: {error.stack or error}")

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)

    def _said(self, kind: str, text: str, url: str) -> None:
        if kind == "error" and not (HARMLESS_404.search(urlsplit(url).path) and "404" in text):
            self.errors.append(f"console error: {text} ({url})")

    def _socket(self, socket: WebSocket) -> None:
        self.sockets.append(socket.url)
        socket.on("framesent", lambda _: setattr(self, "sent", self.sent + 1))

    def outside(self) -> list[str]:
        """Every address asked for that is not the app's own."""
        own = urlsplit(self.server.url).netloc
        return [
            url
            for url in self.requests + self.sockets
            if urlsplit(url).scheme not in {"data", "blob"} and urlsplit(url).netloc != own
        ]

    def problems(self) -> list[str]:
        """What is wrong since the last call."""
        found = self.errors + [f"request to another host: {url}" for url in self.outside()]
        self.errors, self.requests, self.sockets = [], [], []
        if not self.page.is_closed():
            texts = self.page.get_by_test_id("stException").all_inner_texts()
            found += [f"exception on the page: {text}" for text in texts]
        return found


class Visitor:
    """Opens pages. Visits share the browser's own context, so that scripts come from its cache, and tabs:
    one that has run the app's scripts before needs half of the work. ``new`` asks for one alone."""

    def __init__(self, server: AppServer) -> None:
        self.server = server
        self.watches: list[Watch] = []

    def __call__(
        self,
        path: str = "",
        width: int = 1366,
        height: int = 768,
        theme: Literal["light", "dark"] = "light",
        touch: bool = False,
        *,
        new: bool = False,
        server: AppServer | None = None,
        init: str = "",
    ) -> Page:
        """Open a page and wait until it stands. ``new``: as somebody else, in a context of its own."""
        alone = new or bool(init)
        page = chromium().context(touch).new_page() if alone else chromium().tab(touch)
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": height})
        if init:
            page.add_init_script(init)
        self.watches.append(Watch(page, server or self.server))
        page.goto((server or self.server).url + path, wait_until="commit")
        ready(page)
        return page

    def watch(self, page: Page) -> Watch:
        return next(watch for watch in self.watches if watch.page is page)

    def problems(self) -> list[str]:
        return [problem for watch in self.watches for problem in watch.problems()]

    def close(self, pages: set[Page]) -> None:
        """Leave these pages; the contexts that were theirs alone end."""
        for watch in self.watches:
            if watch.page in pages:
                watch.detach()
        self.watches = [watch for watch in self.watches if watch.page not in pages]
        for page in pages:
            chromium().leave(page)


def ready(page: Page) -> None:
    """Wait until the script has run and our views have painted."""
    page.wait_for_function(READY, arg=PAINTS, timeout=60_000)


FOLLOW = """async (url) => {
  const app = document.querySelector('[data-testid="stApp"]');
  const ran = new Promise((done) => {
    let began = false;
    const watch = new MutationObserver(() => {
      if (app.dataset.testScriptState !== "notRunning") began = true;
      else if (began) {
        watch.disconnect();
        done();
      }
    });
    watch.observe(app, { attributes: true, attributeFilter: ["data-test-script-state"] });
  });
  history.pushState(null, "", url);
  dispatchEvent(new PopStateEvent("popstate"));
  // A busy page may draw the beginning and the end of a run at once, and then nothing is seen of it.
  await Promise.race([ran, new Promise((done) => setTimeout(done, 5000))]);
}"""


def follow(page: Page, path: str) -> None:
    """Give an open page another link, as Back and Forward do: the same session, a fifth of the work."""
    page.evaluate(FOLLOW, f"/{path}")
    ready(page)
