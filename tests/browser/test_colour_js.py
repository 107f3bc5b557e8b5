"""The browser's colours (shared/maths/colour.js) against Python's, byte for byte, in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from blank_page import blank_page, decode, encode
from numpy.typing import NDArray
from playwright.sync_api import Page

from cnnviz.core.colour import displays as colour

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with blank_page() as page:
        yield page


def planes_to_paint(count: int) -> dict[str, NDArray[np.float32]]:
    rng = np.random.default_rng(7)
    wide = rng.normal(60, 150, (count, 40, 50)).astype(np.float32)
    odd = wide.copy()
    odd[:, 3, 4:9] = [np.nan, np.inf, -np.inf, 0, -0.0]
    return {
        "wide": wide,
        "whole": rng.integers(-300, 300, (count, 40, 50)).astype(np.float32),
        "halves": (rng.integers(-600, 600, (count, 40, 50)) / 2).astype(np.float32),
        "flat": np.full((count, 40, 50), 3, np.float32),
        "zero": np.zeros((count, 40, 50), np.float32),
        "tiny": (wide * 1e-30).astype(np.float32),
        "negative": -np.abs(wide),
        "not finite": odd,
    }


@pytest.mark.parametrize("display", list(colour.DISPLAYS))
@pytest.mark.parametrize("count", [1, 3])
def test_colours_are_pythons_byte_for_byte(page: Page, display: str, count: int) -> None:
    lut = colour.COLOUR_MAPS["grey"].lut if count == 3 else next(iter(colour.COLOUR_MAPS.values())).lut
    name = next(name for name, entry in colour.COLOUR_MAPS.items() if entry.lut is lut)
    for label, planes in planes_to_paint(count).items():
        values = planes[0] if count == 1 else np.moveaxis(planes, 0, 2)
        low, high = colour.value_range(values, display)
        for shared in (None, [-20.0, 77.7], [5.0, 5.0]):
            got = page.evaluate(
                """([planes, display, lut, range]) => {
                  const values = planes.map((p) => floats(p));
                  const found = colour.valueRange(values, display);
                  const out = new Uint8ClampedArray(40 * 50 * 4);
                  colour.paint(values, 50, 40, display, colour.lutFromBase64(lut), range ?? found, out);
                  return { range: found, pixels: text(out) };
                }""",
                [[encode(plane) for plane in planes], display, encode(lut), shared],
            )
            assert got["range"] == [low, high], label
            pixels = decode(got["pixels"], "u1").reshape(40, 50, 4)
            want = colour.to_rgb(values, display, name, tuple(shared) if shared else None)
            assert np.array_equal(pixels[:, :, :3], want), (label, shared)
            assert (pixels[:, :, 3] == 255).all()


def test_directions_are_pythons_byte_for_byte(page: Page) -> None:
    rng = np.random.default_rng(8)
    radians = np.concatenate([rng.uniform(-10, 10, 500), [0, np.pi, -np.pi, 2 * np.pi, -1e-9, np.nan]])
    radians, strength = radians.astype(np.float32)[None], rng.uniform(0, 90, (1, 506)).astype(np.float32)
    for high in (float(strength.max()), 30.0):
        pixels = page.evaluate(
            """([radians, strength, high, lut]) => {
              const out = new Uint8ClampedArray(506 * 4), table = colour.lutFromBase64(lut);
              return text(colour.paintDirection(floats(radians), floats(strength), high, table, out));
            }""",
            [encode(radians), encode(strength), high, encode(colour.COLOUR_MAPS["hue"].lut)],
        )
        want = colour.direction_to_rgb(radians, strength, high)
        assert np.array_equal(decode(pixels, "u1").reshape(1, -1, 4)[:, :, :3], want)
