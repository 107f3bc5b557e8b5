"""Loads the package's browser modules into a blank page of a real Chromium, without server or Streamlit."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from chromium import chromium
from numpy.typing import NDArray
from playwright.sync_api import Page

from cnnviz.components.base import module_sources

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
  globalThis.urls = urls;
  globalThis.engine = await import(urls["shared/maths/engine.js"]);
  globalThis.colour = await import(urls["shared/maths/colour.js"]);
  globalThis.floats = (text, Kind = Float32Array) =>
    new Kind(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
  globalThis.text = (array) => {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    let out = "";
    for (let i = 0; i < bytes.length; i += 8192) out += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return btoa(out);
  };
  globalThis.kernelOf = (k) => ({ ...k, slices: k.slices.map((s) => Float64Array.from(s)) });
  globalThis.caseOf = (c) => {
    const kernel = kernelOf(c.kernel);
    const settings = { ...c, padding: engine.padAmounts(c.padding, kernel, c.dilation) };
    const picture = { width: c.w, height: c.h, rgb: floats(c.picture, Uint8Array) };
    const planes = engine.planesOf(picture, c.channels);
    return { planes, w: c.w, h: c.h, kernel, settings };
  };
}
"""


@contextmanager
def blank_page(**context: Any) -> Iterator[Page]:
    """A page in which `engine`, `colour`, `urls` (of all modules) and a few helpers are defined."""
    apart = chromium().browser.new_context(**context)
    try:
        page = apart.new_page()
        scripts = {path: text for path, text in module_sources().items() if path.endswith(".js")}
        page.evaluate(_LOAD, scripts)
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


def mount(
    page: Page,
    name: str,
    data: dict[str, Any],
    pictures: NDArray[np.uint8] | Mapping[str, NDArray[np.uint8]] | None = None,
) -> None:
    """Mount a view with its styles; what it sends back is appended to `sent` in the page.

    The pictures are put into the store by their digests; one alone as "d". Call `remount(data)` in the page
    for an update.
    """
    sheets = ("shared/base.css", "shared/roles.css", "shared/controls/kernel_editor.css", f"{name}/view.css")
    styles = [module_sources()[path] for path in sheets]  # in the order of library/boot.js
    stored = {"d": pictures} if isinstance(pictures, np.ndarray) else pictures or {}
    page.evaluate(
        """async ([name, data, css, pictures]) => {
          const root = `<div class="cnnviz-root" data-view="${name}" data-theme="light"></div>`;
          document.body.innerHTML = `<style>${css}</style>${root}`;
          const { putPicture } = await import(urls["shared/canvas/store.js"]);
          for (const one of pictures) putPicture({ ...one, rgb: floats(one.rgb, Uint8Array) });
          const { mount } = await import(urls[`${name}/view.js`]);
          globalThis.sent = [];
          const say = (...what) => sent.push(what);
          const args = (data) => ({ data, setTriggerValue: say, setStateValue: say });
          globalThis.view?.destroy();
          globalThis.view = mount(document.querySelector(".cnnviz-root"), args(data));
          globalThis.remount = (data) => view.update(args(data));
          view.update(args(data));
        }""",
        [
            name,
            data,
            "\n".join(styles),
            [
                {"digest": digest, "width": one.shape[1], "height": one.shape[0], "rgb": encode(one)}
                for digest, one in stored.items()
            ],
        ],
    )
