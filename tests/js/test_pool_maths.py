"""The browser's pooling, gradients and shift test against Python's, over all settings."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from node import run

from cnnviz.components.panel_row import avg_pool, l2_pool, max_pool, picture, subsample
from cnnviz.components.panel_row.pool_panels import pool_panels
from cnnviz.core import convolve2d, grey, sobel
from cnnviz.core.pooling.gradient import pool_gradient, winners
from cnnviz.core.pooling.pool import pool2d
from cnnviz.core.pooling.shift import frame_for, shift_test, triangle_kernel
from cnnviz.ui.pooling.maps import bank

RNG = np.random.default_rng(3)
MODES = ["max", "average", "l2"]
KINDS = ["map", "max", "average", "stride", "blur"]


def by_browser(image: np.ndarray, cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Pooled values, winners and gradients for each settings, all in one message."""
    found = run(
        """import { pool, poolGradient, windowAt } from "shared/maths/pool.js";
        const { plane, width, height, cases } = data;
        return cases.map((settings) => {
          const { plane: out, winners, width: w, height: h } = pool(plane, width, height, settings);
          const gradient = poolGradient(plane, width, height, settings);
          const cells = Array.from({ length: w * h }, (_, o) =>
            windowAt(plane, width, height, settings, Math.floor(o / w), o % w));
          return { w, h, out, gradient, winners,
            values: Float32Array.from(cells, (found) => found.value),
            shares: Float32Array.from(cells, (found) =>
              found.cells.reduce((sum, cell) => sum + (cell.inside ? cell.share : 0), 0)) };
        });""",
        {"plane": image, "width": image.shape[1], "height": image.shape[0], "cases": cases},
    )
    assert isinstance(found, list)
    return found


def every_settings() -> list[dict[str, Any]]:
    sizes = [(1, 1), (2, 2), (3, 3), (2, 5), (8, 8), (4, 1)]
    strides = [None, (1, 1), (2, 2), (3, 1), (8, 8)]
    cases = []
    for mode, size, stride, ceil in itertools.product(MODES, sizes, strides, [False, True]):
        for padding in {(0, 0), (size[0] // 2, size[1] // 2), (0, size[1] // 2)}:
            cases.append(
                {"mode": mode, "size": size, "stride": stride or size, "padding": padding, "ceil": ceil}
            )
    return cases


@pytest.mark.parametrize(
    ("shape", "values"), [((11, 14), "floats"), ((8, 9), "few values"), ((9, 8), "zeros and negatives")]
)
def test_pools_winners_and_gradients_are_pythons(shape: tuple[int, int], values: str) -> None:
    image = {
        "floats": RNG.normal(0, 100, shape),
        "few values": RNG.integers(0, 3, shape),
        "zeros and negatives": -np.abs(RNG.integers(-2, 3, shape)),
    }[values].astype(np.float32)
    cases = every_settings()
    for case, got in zip(cases, by_browser(image, cases), strict=True):
        size, options = case["size"], {"stride": case["stride"], "padding": case["padding"]}
        options["ceil_mode"] = case["ceil"]
        want = pool2d(image, size, mode=case["mode"], **options)
        assert (got["h"], got["w"]) == want.shape, case
        scale = max(1.0, float(np.abs(want).max()))
        out = got["out"].reshape(want.shape)
        np.testing.assert_allclose(out, want, atol=1e-5 * scale, err_msg=str(case))
        np.testing.assert_allclose(got["values"], want.ravel(), atol=1e-5 * scale, err_msg=str(case))
        gradient = pool_gradient(image, size, mode=case["mode"], **options)
        np.testing.assert_allclose(
            got["gradient"].reshape(shape), gradient, rtol=1e-4, atol=1e-5, err_msg=str(case)
        )
        assert got["shares"].sum() == pytest.approx(gradient.sum(), rel=1e-4, abs=1e-3), case
        if case["mode"] == "max":
            rows, columns = winners(image, size, **options)
            assert np.array_equal(got["winners"], (rows * shape[1] + columns).ravel()), case


def test_a_pool_that_does_not_fit_is_refused_with_the_numbers() -> None:
    said = run(
        """import { pool } from "shared/maths/pool.js";
        const settings = { mode: "max", size: [3, 5], stride: [1, 1], padding: [0, 0], ceil: false };
        try { pool(new Float32Array(12), 4, 3, settings); } catch (error) { return error.message; }"""
    )
    assert said == "A 3×5 pool does not fit on 3×4."


def test_a_global_pool_is_one_window() -> None:
    image = RNG.normal(size=(30, 41)).astype(np.float32)
    for mode in MODES:
        got = run(
            """import { globalSettings, pool } from "shared/maths/pool.js";
            const [plane, mode] = data;
            return pool(plane, 41, 30, globalSettings(mode, 41, 30)).plane[0];""",
            [image, mode],
        )
        assert got == pytest.approx(float(pool2d(image, image.shape, mode=mode)[0, 0]), rel=1e-4)


@pytest.mark.parametrize(("size", "stride"), [(2, 2), (3, 2), (2, 3), (5, 4), (8, 8)])
def test_the_shift_test_is_pythons(size: int, stride: int) -> None:
    values = RNG.normal(0, 50, (97, 110)).astype(np.float32)
    frame = frame_for(values.shape, size, stride)
    places = {name: getattr(frame, name) for name in ("top", "left", "rows", "cols", "limit")}
    for kind, shift in itertools.product(KINDS, [(0, 0), (1, 0), (-3, 5), (frame.limit, -frame.limit)]):
        got = run(
            """import * as shiftJs from "pool_view/shift_maths.js";
            const [values, frame, kind, size, stride, shift] = data;
            const map = { plane: values, width: 110, height: 97 };
            const before = shiftJs.wide(map, frame, kind, size, stride);
            const after = shiftJs.reduced(map, frame, kind, size, stride, shift);
            const along = shiftJs.along(before, after, frame, shiftJs.stepOf(kind, stride), shift);
            const stay = shiftJs.stay(before, after);
            // Copies, for `measure` works in place.
            return { after: after.plane, along: along.plane.slice(), stay: stay.plane.slice(),
              moved: shiftJs.measure(along.plane), stayed: shiftJs.measure(stay.plane),
              spread: shiftJs.spread(shiftJs.reduced(map, frame, kind, size, stride, [0, 0]).plane) };""",
            [values, places, kind, size, stride, list(shift)],
        )
        want = shift_test(values, frame, kind, size, stride, shift)
        np.testing.assert_allclose(got["after"].reshape(want.after.shape), want.after, atol=1e-3)
        np.testing.assert_allclose(got["along"].reshape(want.along.shape), want.along, atol=2e-3)
        np.testing.assert_allclose(got["stay"].reshape(want.stay.shape), want.stay, atol=2e-3)
        assert got["moved"]["mean"] == pytest.approx(want.moved, abs=1e-3)
        assert got["stayed"]["mean"] == pytest.approx(want.changed, abs=1e-3)
        assert got["spread"] == pytest.approx(want.spread, rel=1e-4)
        if kind in ("map", "max", "stride"):  # taken, not added up: exactly the same numbers
            assert got["stayed"]["same"] == pytest.approx(want.unchanged_share)


def test_the_maps_are_pythons() -> None:
    pixels = RNG.integers(0, 256, (20, 31, 3), dtype=np.uint8)
    got = run(
        """import { cut, featureMaps, greyMap, sobelMap } from "pool_view/maps.js";
        const [rgb, bank] = data, picture = { rgb, width: 31, height: 20 };
        const grey = greyMap(picture), patch = { top: 5, left: 7, rows: 4, cols: 6 };
        return { grey: grey.plane, sobel: sobelMap(picture).plane, cut: cut(grey, patch).plane,
          maps: featureMaps(picture, bank).map(({ plane }) => plane) };""",
        [pixels, [one.to_json() for one in bank()]],
    )
    values = grey(pixels)
    np.testing.assert_allclose(got["grey"].reshape(20, 31), values, atol=1e-4)
    np.testing.assert_allclose(got["sobel"].reshape(20, 31), sobel(values)["magnitude"], rtol=1e-5, atol=1e-2)
    np.testing.assert_allclose(got["cut"].reshape(4, 6), values[5:9, 7:13], atol=1e-4)
    assert len(got["maps"]) == 8
    for one, plane in zip(bank(), got["maps"], strict=True):
        found = np.maximum(convolve2d(values, one.weights, padding="same", padding_mode="replicate"), 0)
        np.testing.assert_allclose(plane.reshape(20, 31), found, rtol=1e-5, atol=1e-2)


def evaluated(recipe: Any, pixels: np.ndarray) -> np.ndarray:
    got = run(
        """import { evaluate } from "panel_row/recipe.js";
        const [recipe, rgb, width, height] = data;
        const value = evaluate(recipe, { rgb, width, height }, new Map());
        return { shape: [value.height, value.width], planes: value.planes };""",
        [recipe.to_json(), pixels, pixels.shape[1], pixels.shape[0]],
    )
    planes = [plane.reshape(got["shape"]) for plane in got["planes"]]
    return planes[0] if len(planes) == 1 else np.dstack(planes)


@pytest.mark.parametrize(("size", "stride"), [(2, 2), (3, 2), (2, 3)])
def test_the_recipes_of_the_panel_row_are_pythons(size: int, stride: int) -> None:
    pixels = RNG.integers(0, 256, (23, 30, 3), dtype=np.uint8)
    values = grey(pixels)
    for make, mode in ((max_pool, "max"), (avg_pool, "average"), (l2_pool, "l2")):
        want = pool2d(values, size, stride=stride, mode=mode)
        np.testing.assert_allclose(evaluated(make(picture(), size, stride), pixels), want, rtol=1e-5)
        want = pool2d(pixels, size, stride=stride, mode=mode)
        np.testing.assert_allclose(evaluated(make(picture("each"), size, stride), pixels), want, rtol=1e-5)
    want = values[: values.shape[0] - size + 1 : stride, : values.shape[1] - size + 1 : stride]
    np.testing.assert_allclose(evaluated(subsample(picture(), size, stride), pixels), want, atol=1e-4)
    *four, high, _, low = (evaluated(panel.content, pixels) for panel in pool_panels(picture(), size, stride))
    np.testing.assert_allclose(high, four[0] - four[1], atol=1e-3)
    assert high.min() >= -1e-4
    blurred = convolve2d(values, triangle_kernel(stride), padding="same", padding_mode="reflect")
    np.testing.assert_allclose(
        four[3], blurred[::stride, ::stride][: four[0].shape[0], : four[0].shape[1]], atol=1e-3
    )
    np.testing.assert_allclose(low, four[3] - four[1], atol=1e-3)
