"""The browser's pooling, gradients and shift test against Python's, over all settings."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from blank_page import blank_page, decode, encode
from playwright.sync_api import Page

from cnnviz.components.panel_row import avg_pool, l2_pool, max_pool, picture, subsample
from cnnviz.components.panel_row.pool_panels import pool_panels
from cnnviz.core import convolve2d, grey, sobel
from cnnviz.core.pooling.gradient import pool_gradient, winners
from cnnviz.core.pooling.pool import pool2d
from cnnviz.core.pooling.shift import frame_for, shift_test, triangle
from cnnviz.ui.pooling.maps import bank

pytestmark = pytest.mark.browser
RNG = np.random.default_rng(3)
MODES = ["max", "average", "l2"]
KINDS = ["map", "max", "average", "stride", "blur"]


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with blank_page() as page:
        page.evaluate(
            """async () => {
              globalThis.poolJs = await import(urls["shared/maths/pool.js"]);
              globalThis.shiftJs = await import(urls["pool_view/shift_maths.js"]);
              globalThis.mapsJs = await import(urls["pool_view/maps.js"]);
              globalThis.recipeJs = await import(urls["panel_row/recipe.js"]);
            }"""
        )
        yield page


def by_browser(page: Page, image: np.ndarray, cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Pooled values, winners and gradients for each settings, all in one message."""
    found = page.evaluate(
        """({ image, width, height, cases }) => {
          const plane = floats(image);
          return cases.map((settings) => {
            const { plane: out, winners, width: w, height: h } = poolJs.pool(plane, width, height, settings);
            const gradient = poolJs.poolGradient(plane, width, height, settings);
            const cells = Array.from({ length: w * h }, (_, o) =>
              poolJs.windowAt(plane, width, height, settings, Math.floor(o / w), o % w));
            return { w, h, out: text(out), gradient: text(gradient), winners: winners && text(winners),
              values: text(Float32Array.from(cells, (found) => found.value)),
              shares: text(Float32Array.from(cells, (found) =>
                found.cells.reduce((sum, cell) => sum + (cell.inside ? cell.share : 0), 0))) };
          });
        }""",
        {"image": encode(image), "width": image.shape[1], "height": image.shape[0], "cases": cases},
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
def test_pools_winners_and_gradients_are_pythons(page: Page, shape: tuple[int, int], values: str) -> None:
    image = {
        "floats": RNG.normal(0, 100, shape),
        "few values": RNG.integers(0, 3, shape),
        "zeros and negatives": -np.abs(RNG.integers(-2, 3, shape)),
    }[values].astype(np.float32)
    cases = every_settings()
    for case, got in zip(cases, by_browser(page, image, cases), strict=True):
        size, options = case["size"], {"stride": case["stride"], "padding": case["padding"]}
        options["ceil_mode"] = case["ceil"]
        want = pool2d(image, size, mode=case["mode"], **options)
        assert (got["h"], got["w"]) == want.shape, case
        scale = max(1.0, float(np.abs(want).max()))
        out = decode(got["out"]).reshape(want.shape)
        np.testing.assert_allclose(out, want, atol=1e-5 * scale, err_msg=str(case))
        np.testing.assert_allclose(decode(got["values"]), want.ravel(), atol=1e-5 * scale, err_msg=str(case))
        gradient = pool_gradient(image, size, mode=case["mode"], **options)
        np.testing.assert_allclose(
            decode(got["gradient"]).reshape(shape), gradient, rtol=1e-4, atol=1e-5, err_msg=str(case)
        )
        assert decode(got["shares"]).sum() == pytest.approx(gradient.sum(), rel=1e-4, abs=1e-3), case
        if case["mode"] == "max":
            rows, columns = winners(image, size, **options)
            assert np.array_equal(decode(got["winners"], "<i4"), (rows * shape[1] + columns).ravel()), case


def test_a_pool_that_does_not_fit_is_refused_with_the_numbers(page: Page) -> None:
    said = page.evaluate(
        """() => {
          const settings = { mode: "max", size: [3, 5], stride: [1, 1], padding: [0, 0], ceil: false };
          try { poolJs.pool(new Float32Array(12), 4, 3, settings); } catch (error) { return error.message; }
        }"""
    )
    assert said == "A 3×5 pool does not fit on 3×4."


def test_a_global_pool_is_one_window(page: Page) -> None:
    image = RNG.normal(size=(30, 41)).astype(np.float32)
    for mode in MODES:
        got = page.evaluate(
            """([image, mode]) => {
              const settings = poolJs.globalSettings(mode, 41, 30);
              return poolJs.pool(floats(image), 41, 30, settings).plane[0];
            }""",
            [encode(image), mode],
        )
        assert got == pytest.approx(float(pool2d(image, image.shape, mode=mode)[0, 0]), rel=1e-4)


@pytest.mark.parametrize(("size", "stride"), [(2, 2), (3, 2), (2, 3), (5, 4), (8, 8)])
def test_the_shift_test_is_pythons(page: Page, size: int, stride: int) -> None:
    values = RNG.normal(0, 50, (97, 110)).astype(np.float32)
    frame = frame_for(values.shape, size, stride)
    places = {name: getattr(frame, name) for name in ("top", "left", "rows", "cols", "limit")}
    for kind, shift in itertools.product(KINDS, [(0, 0), (1, 0), (-3, 5), (frame.limit, -frame.limit)]):
        got = page.evaluate(
            """([values, frame, kind, size, stride, shift]) => {
              const map = { plane: floats(values), width: 110, height: 97 };
              const before = shiftJs.wide(map, frame, kind, size, stride);
              const after = shiftJs.reduced(map, frame, kind, size, stride, shift);
              const along = shiftJs.along(before, after, frame, shiftJs.stepOf(kind, stride), shift);
              const stay = shiftJs.stay(before, after);
              return { after: text(after.plane), along: text(along.plane), stay: text(stay.plane),
                moved: shiftJs.measure(along.plane), stayed: shiftJs.measure(stay.plane),
                spread: shiftJs.spread(shiftJs.reduced(map, frame, kind, size, stride, [0, 0]).plane) };
            }""",
            [encode(values), places, kind, size, stride, list(shift)],
        )
        want = shift_test(values, frame, kind, size, stride, shift)
        np.testing.assert_allclose(decode(got["after"]).reshape(want.after.shape), want.after, atol=1e-3)
        np.testing.assert_allclose(decode(got["along"]).reshape(want.along.shape), want.along, atol=2e-3)
        np.testing.assert_allclose(decode(got["stay"]).reshape(want.stay.shape), want.stay, atol=2e-3)
        assert got["moved"]["mean"] == pytest.approx(want.moved, abs=1e-3)
        assert got["stayed"]["mean"] == pytest.approx(want.changed, abs=1e-3)
        assert got["spread"] == pytest.approx(want.spread, rel=1e-4)
        if kind in ("map", "max", "stride"):  # taken, not added up: exactly the same numbers
            assert got["stayed"]["same"] == pytest.approx(want.unchanged_share)


def test_the_maps_are_pythons(page: Page) -> None:
    pixels = RNG.integers(0, 256, (20, 31, 3), dtype=np.uint8)
    got = page.evaluate(
        """([rgb, bank]) => {
          const picture = { rgb: floats(rgb, Uint8Array), width: 31, height: 20 };
          const grey = mapsJs.greyMap(picture), patch = { top: 5, left: 7, rows: 4, cols: 6 };
          return { grey: text(grey.plane), sobel: text(mapsJs.sobelMap(picture).plane),
            cut: text(mapsJs.cut(grey, patch).plane),
            maps: mapsJs.featureMaps(picture, bank).map(({ plane }) => text(plane)) };
        }""",
        [encode(pixels), [one.to_json() for one in bank()]],
    )
    values = grey(pixels)
    np.testing.assert_allclose(decode(got["grey"]).reshape(20, 31), values, atol=1e-4)
    np.testing.assert_allclose(
        decode(got["sobel"]).reshape(20, 31), sobel(values)["magnitude"], rtol=1e-5, atol=1e-2
    )
    np.testing.assert_allclose(decode(got["cut"]).reshape(4, 6), values[5:9, 7:13], atol=1e-4)
    assert len(got["maps"]) == 8
    for one, text in zip(bank(), got["maps"], strict=True):
        found = np.maximum(convolve2d(values, one.weights, padding="same", padding_mode="replicate"), 0)
        np.testing.assert_allclose(decode(text).reshape(20, 31), found, rtol=1e-5, atol=1e-2)


def evaluated(page: Page, recipe: Any, pixels: np.ndarray) -> np.ndarray:
    got = page.evaluate(
        """([recipe, rgb, width, height]) => {
          const value = recipeJs.evaluate(recipe, { rgb: floats(rgb, Uint8Array), width, height }, new Map());
          return { shape: [value.height, value.width], planes: value.planes.map((plane) => text(plane)) };
        }""",
        [recipe.to_json(), encode(pixels), pixels.shape[1], pixels.shape[0]],
    )
    planes = [decode(text).reshape(got["shape"]) for text in got["planes"]]
    return planes[0] if len(planes) == 1 else np.dstack(planes)


@pytest.mark.parametrize(("size", "stride"), [(2, 2), (3, 2), (2, 3)])
def test_the_recipes_of_the_panel_row_are_pythons(page: Page, size: int, stride: int) -> None:
    pixels = RNG.integers(0, 256, (23, 30, 3), dtype=np.uint8)
    values = grey(pixels)
    for make, mode in ((max_pool, "max"), (avg_pool, "average"), (l2_pool, "l2")):
        want = pool2d(values, size, stride=stride, mode=mode)
        np.testing.assert_allclose(evaluated(page, make(picture(), size, stride), pixels), want, rtol=1e-5)
        want = pool2d(pixels, size, stride=stride, mode=mode)
        np.testing.assert_allclose(
            evaluated(page, make(picture("each"), size, stride), pixels), want, rtol=1e-5
        )
    want = values[: values.shape[0] - size + 1 : stride, : values.shape[1] - size + 1 : stride]
    np.testing.assert_allclose(evaluated(page, subsample(picture(), size, stride), pixels), want, atol=1e-4)
    *four, high, _, low = (
        evaluated(page, panel.content, pixels) for panel in pool_panels(picture(), size, stride)
    )
    np.testing.assert_allclose(high, four[0] - four[1], atol=1e-3)
    assert high.min() >= -1e-4
    blurred = convolve2d(values, triangle(stride), padding="same", padding_mode="reflect")
    np.testing.assert_allclose(
        four[3], blurred[::stride, ::stride][: four[0].shape[0], : four[0].shape[1]], atol=1e-3
    )
    np.testing.assert_allclose(low, four[3] - four[1], atol=1e-3)
