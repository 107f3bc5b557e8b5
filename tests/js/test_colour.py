"""The browser's colours (shared/maths/colour.js) against Python's, byte for byte."""

from __future__ import annotations

import base64

import numpy as np
import pytest
from node import run
from numpy.typing import NDArray

from cnnviz.core.colour import displays as colour


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
def test_colours_are_pythons_byte_for_byte(display: str, count: int) -> None:
    lut = colour.COLOUR_MAPS["grey"].lut if count == 3 else next(iter(colour.COLOUR_MAPS.values())).lut
    name = next(name for name, entry in colour.COLOUR_MAPS.items() if entry.lut is lut)
    for label, planes in planes_to_paint(count).items():
        values = planes[0] if count == 1 else np.moveaxis(planes, 0, 2)
        low, high = colour.value_range(values, display)
        for shared in (None, [-20.0, 77.7], [5.0, 5.0]):
            got = run(
                """import * as colour from "shared/maths/colour.js";
                const [values, display, lut, range] = data, found = colour.valueRange(values, display);
                const pixels = new Uint8ClampedArray(40 * 50 * 4);
                colour.paint(values, 50, 40, display, colour.lutFromBase64(lut), range ?? found, pixels);
                return { range: found, pixels };""",
                [list(planes), display, base64.b64encode(lut.tobytes()).decode(), shared],
            )
            assert got["range"] == [low, high], label
            pixels = got["pixels"].reshape(40, 50, 4)
            want = colour.to_rgb(values, display, name, tuple(shared) if shared else None)
            assert np.array_equal(pixels[:, :, :3], want), (label, shared)
            assert (pixels[:, :, 3] == 255).all()


def test_directions_are_pythons_byte_for_byte() -> None:
    rng = np.random.default_rng(8)
    radians = np.concatenate([rng.uniform(-10, 10, 500), [0, np.pi, -np.pi, 2 * np.pi, -1e-9, np.nan]])
    radians, strength = radians.astype(np.float32)[None], rng.uniform(0, 90, (1, 506)).astype(np.float32)
    for high in (float(strength.max()), 30.0):
        pixels = run(
            """import { lutFromBase64, paintDirection } from "shared/maths/colour.js";
            const [radians, strength, high, lut] = data, out = new Uint8ClampedArray(506 * 4);
            return paintDirection(radians, strength, high, lutFromBase64(lut), out);""",
            [radians, strength, high, base64.b64encode(colour.COLOUR_MAPS["hue"].lut.tobytes()).decode()],
        )
        want = colour.direction_to_rgb(radians, strength, high)
        assert np.array_equal(pixels.reshape(1, -1, 4)[:, :, :3], want)
