"""The browser's arithmetic (shared/engine.js, shared/colour.js) against Python's, in a real Chromium.

Only the modules are loaded, into a blank page: no server and no Streamlit are needed.
"""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page, sync_playwright

from cnnviz.components.base import module_sources

pytestmark = pytest.mark.browser

_LOAD = r"""
async (sources) => {
  const urls = {};
  const resolve = (from, name) => {
    const parts = from.split("/").slice(0, -1);
    for (const part of name.split("/")) part === ".." ? parts.pop() : part !== "." && parts.push(part);
    return parts.join("/");
  };
  for (const [path, source] of Object.entries(sources)) {
    const linked = source.replace(/^(import\s[^;]*?from\s+")(\.[^"]+)(";)/gms,
      (_, head, name, tail) => head + urls[resolve(path, name)] + tail);
    urls[path] = URL.createObjectURL(new Blob([linked], { type: "text/javascript" }));
  }
  globalThis.engine = await import(urls["shared/engine.js"]);
  globalThis.colour = await import(urls["shared/colour.js"]);
  globalThis.floats = (text, Kind = Float32Array) =>
    new Kind(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
  globalThis.text = (array) => {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    let out = "";
    for (let i = 0; i < bytes.length; i += 8192) out += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return btoa(out);
  };
  globalThis.kernelOf = (k) => ({ rows: k.rows, cols: k.cols, slices: k.slices.map((s) => Float64Array.from(s)) });
}
"""


def engine_sources() -> dict[str, str]:
    """The modules that the engine and the colours need, in dependency order."""
    return {path: source for path, source in module_sources().items() if path.startswith("shared/") and path.endswith(".js")}


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    chromium = shutil.which("chromium")
    assert chromium, "The browser tests need Chromium: install Debian's package chromium."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        tab = browser.new_page()
        tab.evaluate(_LOAD, engine_sources())
        yield tab
        browser.close()
