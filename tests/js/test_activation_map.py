"""The shares that the page Activation counts: on exact numbers, not on the noise of float32 sums."""

from __future__ import annotations

import numpy as np
import pytest
from node import run
from numpy.typing import NDArray

SHARES = """import { featureMap, shares } from "activation_view/maths.js";
const { rgb, width, height, weights } = data;
const kernel = { rows: 3, cols: 3, slices: [Float64Array.from(weights)] };
const { plane } = featureMap({ rgb, width, height }, kernel, 0);
return shares(plane, plane.map((v) => Math.max(v, 0)), () => 1, 0.5);"""
SOBEL = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])


def exact(pixels: NDArray[np.uint8], weights: NDArray[np.int64]) -> NDArray[np.int64]:
    """The map in thousandths, in whole numbers."""
    grey = np.pad(pixels.astype(np.int64) @ np.array([299, 587, 114]), 1, mode="edge")
    rows, cols = pixels.shape[:2]
    taps = (w * grey[i : i + rows, j : j + cols] for (i, j), w in np.ndenumerate(weights))
    result: NDArray[np.int64] = sum(taps, np.zeros((rows, cols), np.int64))
    return result


@pytest.mark.parametrize("weights", [SOBEL, SOBEL.T, np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])])
@pytest.mark.parametrize("tint", [(0, 0, 0), (60, 0, 17), (1, 2, 100)])
def test_zeros_are_counted_on_exact_numbers(weights: NDArray[np.int64], tint: tuple[int, int, int]) -> None:
    """Few different values, so that many sums of different numbers are 0."""
    random = np.random.default_rng(0)
    pixels = (random.integers(0, 4, (90, 110, 1)) * 40 + tint).astype(np.uint8)
    right = exact(pixels, weights)
    kernel = weights.ravel().astype(float)
    found = run(SHARES, {"rgb": pixels, "width": 110, "height": 90, "weights": kernel})
    assert (right == 0).mean() > 0.01
    assert found["before"] == (right == 0).mean()
    assert found["after"] == (right <= 0).mean()
