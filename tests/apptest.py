"""Pages and controls run without a browser, by Streamlit's AppTest: how they are opened, pressed and read.

(This module cannot be called app: that is the app itself.)
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from app_pages import ROOT
from streamlit.testing.v1 import AppTest

PATIENCE = 60  # seconds for one run; machines are busy


def fine(app: AppTest) -> AppTest:
    """The app, which has raised nothing."""
    assert not app.exception, [error.value for error in app.exception]
    return app


def open_page(script: str, query: Mapping[str, str] | None = None) -> AppTest:
    """A page as a visitor finds it who comes by a link; ``script`` as in AppPage, "" for the start page."""
    app = follow(AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE), query or {})
    if not script:
        return app
    app.switch_page(script)  # AppTest knows the pages only after a run of the start page
    return follow(app, query or {})


def run_script(script: Callable[[], None], query: Mapping[str, str] | None = None) -> AppTest:
    """A function run as a page of its own."""
    return follow(AppTest.from_function(script, default_timeout=PATIENCE), query or {})


def follow(app: AppTest, query: Mapping[str, str]) -> AppTest:
    """Run the app with these parameters in its link."""
    for name, value in query.items():
        app.query_params[name] = value
    return fine(app.run())


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click()
    return fine(app.run())


def press_titled(app: AppTest, title: str) -> AppTest:
    next(button for button in app.button if button.label == title).click()
    return fine(app.run())


def buttons(app: AppTest, part: str) -> list[str]:
    """The keys of the buttons with this in their key."""
    return [button.key for button in app.button if part in (button.key or "")]


def views(app: AppTest) -> dict[str, dict[str, Any]]:
    """What each view of ours is given, by its key."""
    parts = app.get("bidi_component")
    return {element.key: dict(json.loads(element.proto.json or "{}")) for element in parts}


def text(app: AppTest) -> str:
    """All that the page says outside of its views."""
    return "\n".join(str(element.value) for element in (*app.markdown, *app.caption, *app.warning, *app.info))


def linked(app: AppTest, name: str) -> str | None:
    """A parameter of the link."""
    found = app.query_params.get(name)
    return found[0] if isinstance(found, list) else found
