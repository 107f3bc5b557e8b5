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
from cnnviz.core.convolution import convolve2d

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
    return {
        path: source
        for path, source in module_sources().items()
        if path.startswith("shared/") and path.endswith(".js")
    }


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


# --- convolution --------------------------------------------------------------------------------------

SHAPES = [(1, 1), (2, 5), (7, 4), (23, 31), (40, 33)]
KERNELS = [(1, 1), (2, 2), (3, 3), (1, 7), (4, 3), (5, 5), (6, 9), (15, 15), (31, 31)]
MODES = ["zeros", "reflect", "replicate", "circular"]


def encode(array: NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def decode(text: str, dtype: str = "<f4") -> NDArray[Any]:
    return np.frombuffer(base64.b64decode(text), dtype)


def a_kernel(rng: np.random.Generator, rows: int, cols: int, slices: int) -> NDArray[np.float64]:
    """Dense, sparse, of rank 1, of rank 2 or all zero: one of each kind takes another loop in the browser."""
    kind = rng.integers(0, 6)
    if kind in (0, 1):
        weights = rng.normal(size=(slices, rows, cols))
    elif kind == 2:
        weights = rng.integers(-2, 3, (slices, rows, cols)) * (rng.random((slices, rows, cols)) < 0.3)
    elif kind == 3:
        weights = rng.normal(size=(slices, rows, 1)) * rng.normal(size=(slices, 1, cols))
    elif kind == 4:
        weights = rng.normal(size=(slices, rows, 2)) @ rng.normal(size=(slices, 2, cols))
    else:
        weights = np.zeros((slices, rows, cols))
    return weights.astype(float)


def a_case(rng: np.random.Generator, mode: str, padding: Any, stride: int, dilation: int) -> dict[str, Any]:
    """A picture, a kernel that fits on it, and settings as the engine takes them, with the exact picture kept."""
    height, width = SHAPES[rng.integers(len(SHAPES))]
    channels = ("grey", "each", "sum")[rng.integers(3)]
    slices = 3 if channels == "sum" and rng.random() < 0.7 else 1
    across = (dilation, int(rng.integers(1, 9)))
    fitting = [
        (rows, cols)
        for rows, cols in KERNELS
        if padding != "valid" or (across[0] * (rows - 1) < height and across[1] * (cols - 1) < width)
    ]
    rows, cols = fitting[rng.integers(len(fitting))]
    if isinstance(padding, list):
        padding = [padding[0] + across[0] * rows // 2, padding[1] + across[1] * cols // 2]
    return {
        "picture": rng.integers(0, 256, (height, width, 3), dtype=np.uint8),
        "weights": a_kernel(rng, rows, cols, slices),
        "channels": channels,
        "padding": padding,
        "mode": mode,
        "stride": [stride, int(rng.integers(1, 9))],
        "dilation": list(across),
        "flip": bool(rng.integers(2)),
    }


def all_cases() -> list[dict[str, Any]]:
    rng = np.random.default_rng(2026)
    return [
        a_case(rng, mode, padding, stride, dilation)
        for mode in MODES
        for padding in ("valid", "same", [0, 1], [2, 9])
        for stride in (1, 2, 3, 8)
        for dilation in (1, 1, 2, 8)
        for _ in range(2)
    ]


def sent(case: dict[str, Any]) -> dict[str, Any]:
    """A case as JSON for the page."""
    height, width, _ = case["picture"].shape
    slices, rows, cols = case["weights"].shape
    kernel = {"rows": rows, "cols": cols, "slices": case["weights"].reshape(slices, -1).tolist()}
    return {
        **case,
        "picture": encode(case["picture"]),
        "weights": None,
        "w": width,
        "h": height,
        "kernel": kernel,
    }


def expected(case: dict[str, Any]) -> NDArray[np.float32]:
    """Python's answer, planes first: (planes, H', W')."""
    picture = case["picture"].astype(np.float32)
    weights = np.moveaxis(case["weights"], 0, 2)
    if case["channels"] == "grey":
        picture = picture @ np.float32([0.299, 0.587, 0.114])
    if weights.shape[2] == 1:
        weights = weights[:, :, 0] if case["channels"] != "sum" else np.repeat(weights, 3, axis=2)
    padding = case["padding"] if isinstance(case["padding"], str) else tuple(case["padding"])
    out = convolve2d(
        picture,
        weights,
        padding=padding,
        padding_mode=case["mode"],
        stride=tuple(case["stride"]),
        dilation=tuple(case["dilation"]),
        flip=case["flip"],
    )
    return out[None] if out.ndim == 2 else np.moveaxis(out, 2, 0)


def tolerance(case: dict[str, Any]) -> float:
    """1e-4 of the range that this kernel can give on values 0 … 255."""
    return 1e-4 * 255 * float(np.abs(case["weights"]).sum()) * (3 if case["channels"] == "sum" else 1) + 1e-30


_RUN = """
(cases) => cases.map((c) => {
  const picture = { width: c.w, height: c.h, rgb: floats(c.picture, Uint8Array) };
  const kernel = kernelOf(c.kernel);
  const settings = { ...c, padding: engine.padAmounts(c.padding, kernel, c.dilation) };
  const out = engine.convolve(engine.planesOf(picture, c.channels), c.w, c.h, kernel, settings);
  return { width: out.width, height: out.height, planes: out.planes.map(text) };
})
"""


@pytest.mark.parametrize("mode", MODES)
def test_convolve_is_pythons(page: Page, mode: str) -> None:
    cases = [case for case in all_cases() if case["mode"] == mode]
    assert {case["padding"] if isinstance(case["padding"], str) else "pair" for case in cases} == {
        "valid",
        "same",
        "pair",
    }
    for case, got in zip(cases, page.evaluate(_RUN, [sent(case) for case in cases]), strict=True):
        want = expected(case)
        found = np.stack([decode(plane) for plane in got["planes"]]).reshape(-1, got["height"], got["width"])
        assert found.shape == want.shape, sent(case)
        assert np.abs(found - want).max() <= tolerance(case), sent(case)
