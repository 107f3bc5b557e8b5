"""Loads the package's browser modules into a blank page of a real Chromium, without server or Streamlit."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from chromium import chromium
from numpy.typing import NDArray
from playwright.sync_api import Page

from cnnviz.components.base import module_sources

MOUNT = Path(__file__).with_name("mount.js").read_text("utf-8")


@contextmanager
def blank_page(**context: Any) -> Iterator[Page]:
    """A page in which `engine`, `colour`, `urls` (of all modules) and a few helpers are defined."""
    apart = chromium().browser.new_context(**context)
    try:
        page = apart.new_page()
        scripts = {path: text for path, text in module_sources().items() if path.endswith(".js")}
        page.add_script_tag(content=MOUNT)
        page.evaluate("(sources) => loadModules(sources)", scripts)
        yield page
    finally:
        apart.close()


@contextmanager
def untouched(tab: Page, width: int, height: int) -> Iterator[Page]:
    """A blank page that a module's tests share, as each finds it: of this size, the pointer out of the way.
    No script of it may have failed by the test's end."""
    found: list[str] = []

    def failed(error: Any) -> None:
        found.append(str(getattr(error, "stack", "") or error))

    tab.on("pageerror", failed)
    tab.set_viewport_size({"width": width, "height": height})
    tab.mouse.move(0, height - 1)
    yield tab
    tab.remove_listener("pageerror", failed)
    assert not found, found


def encode(array: NDArray[Any]) -> str:
    """An array's bytes as base64, for `floats` in the page."""
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def decode(text: str, dtype: str = "<f4") -> NDArray[Any]:
    """What `text` in the page made of a typed array."""
    return np.frombuffer(base64.b64decode(text), dtype)


def mount_data(
    name: str,
    data: Mapping[str, Any],
    pictures: NDArray[np.uint8] | Mapping[str, NDArray[np.uint8]] | None = None,
) -> dict[str, Any]:
    """What `mountView` of mount.js takes: the view's styles, its data, and the pictures for the store."""
    sheets = ("shared/base.css", "shared/roles.css", "shared/controls/kernel_editor.css", f"{name}/view.css")
    styles = [module_sources()[path] for path in sheets if path in module_sources()]  # as library/boot.js
    stored = {"d": pictures} if isinstance(pictures, np.ndarray) else pictures or {}
    return {
        "name": name,
        "data": data,
        "css": "\n".join(styles),
        "pictures": [
            {"digest": digest, "width": one.shape[1], "height": one.shape[0], "rgb": encode(one)}
            for digest, one in stored.items()
        ],
    }


def mount(
    page: Page,
    name: str,
    data: Mapping[str, Any],
    pictures: NDArray[np.uint8] | Mapping[str, NDArray[np.uint8]] | None = None,
) -> None:
    """Mount a view with its styles; what it sends back is appended to `sent` in the page.

    The pictures are put into the store by their digests; one alone as "d". Call `remount(data)` in the page
    for an update.
    """
    page.evaluate("(given) => mountView(given)", mount_data(name, data, pictures))
