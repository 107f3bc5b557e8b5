"""The browser's convolution (shared/maths/engine.js) against Python's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from node import js_module, run
from numpy.typing import NDArray

from cnnviz.core.convolution.convolve import convolve2d
from cnnviz.core.kernels.library import frequency_response
from cnnviz.core.pictures.load import grey
from cnnviz.core.pooling.pool import pool2d

ENGINE = js_module("shared/maths/engine.js")
# What a case is to the engine.
CASE_OF = """import * as engine from "shared/maths/engine.js";
const kernelOf = (k) => ({ ...k, slices: k.slices.map((s) => Float64Array.from(s)) });
const caseOf = (c) => {
  const kernel = kernelOf(c.kernel);
  const settings = { ...c, padding: engine.padAmounts(c.padding, kernel, c.dilation) };
  const picture = { width: c.w, height: c.h, rgb: c.picture };
  return { planes: engine.planesOf(picture, c.channels), w: c.w, h: c.h, kernel, settings };
};
"""
SHAPES = [(1, 1), (2, 5), (7, 4), (23, 31), (40, 33)]
KERNELS = [(1, 1), (2, 2), (3, 3), (1, 7), (4, 3), (5, 5), (6, 9), (15, 15), (31, 31)]
MODES = ["zeros", "reflect", "replicate", "circular"]


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
    """A picture, a kernel that fits on it, and settings as the engine takes them."""
    height, width = SHAPES[rng.integers(len(SHAPES))]
    channels = ("grey", "each", "sum")[rng.integers(3)]
    slices = 3 if channels == "sum" and rng.random() < 0.7 else 1
    # Half of the time both axes alike: stride 1 and dilation 1 on both take the fast loops.
    across = (dilation, dilation if rng.random() < 0.5 else int(rng.integers(1, 9)))
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
        "stride": [stride, stride if rng.random() < 0.5 else int(rng.integers(1, 9))],
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


def plain_cases() -> list[dict[str, Any]]:
    """Dense kernels of every width at stride 1 and dilation 1, on pictures of every width modulo 4."""
    rng = np.random.default_rng(7)
    sizes = [(rows, cols) for rows in (1, 2, 3, 6) for cols in range(1, 14)] + [(15, 15), (31, 31)]
    settings = {"padding": "same", "mode": "zeros", "stride": [1, 1], "dilation": [1, 1], "flip": False}
    return [
        {
            "picture": rng.integers(0, 256, (9, 33 + at % 4, 3), dtype=np.uint8),
            "weights": rng.normal(size=(1 if channels == "grey" else 3, *size)),
            "channels": channels,
            **settings,
        }
        for at, size in enumerate(sizes)
        for channels in ("grey", "sum")
    ]


def sent(case: dict[str, Any]) -> dict[str, Any]:
    """A case as the script takes it."""
    height, width, _ = case["picture"].shape
    slices, rows, cols = case["weights"].shape
    kernel = {"rows": rows, "cols": cols, "slices": case["weights"].reshape(slices, -1).tolist()}
    return {
        **case,
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
        picture = grey(case["picture"])
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
return data.map((c) => {
  const { planes, w, h, kernel, settings } = caseOf(c);
  const { width, height, planes: found } = engine.convolve(planes, w, h, kernel, settings);
  return { width, height, planes: found };
});
"""


def assert_same(cases: list[dict[str, Any]]) -> None:
    """The browser's result of each case has Python's shape and values."""
    for case, got in zip(cases, run(CASE_OF + _RUN, [sent(case) for case in cases]), strict=True):
        want = expected(case)
        found = np.stack(got["planes"]).reshape(-1, got["height"], got["width"])
        assert found.shape == want.shape, sent(case)
        assert np.abs(found - want).max() <= tolerance(case), sent(case)


@pytest.mark.parametrize("mode", MODES)
def test_convolve_is_pythons(mode: str) -> None:
    cases = [case for case in all_cases() if case["mode"] == mode]
    assert {case["padding"] if isinstance(case["padding"], str) else "pair" for case in cases} == {
        "valid",
        "same",
        "pair",
    }
    assert_same(cases)


def test_the_fast_loops_are_right_for_every_width() -> None:
    assert_same(plain_cases())


@pytest.mark.parametrize("rank", [0, 1, 2, 4])
def test_a_kernel_is_taken_apart_exactly_or_not_at_all(rank: int) -> None:
    """Also where a part is a thousand million times smaller than another: nothing is dropped as "small"."""
    rng = np.random.default_rng(rank)
    scales = 10.0 ** -np.arange(0, 3 * rank, 3)
    weights = rng.normal(size=(9, rank)) @ (scales[:, None] * rng.normal(size=(rank, 7)))
    correlate = js_module("shared/maths/correlate.js")
    pairs = [(pair["column"], pair["row"]) for pair in correlate.call("separate", weights, 9, 7, 4)]
    assert len(pairs) == rank
    whole = sum((np.outer(column, row) for column, row in pairs), np.zeros((9, 7)))
    assert np.abs(whole - weights).max() <= 1e-11
    noise = weights + rng.normal(size=weights.shape) * 1e-6
    assert correlate.call("separate", noise, 9, 7, 4) is None


@pytest.mark.parametrize("channels", ["grey", "each", "sum"])
def test_planes_are_pythons(channels: str) -> None:
    picture = np.random.default_rng(4).integers(0, 256, (64, 51, 3), dtype=np.uint8)
    got = ENGINE.call("planesOf", {"width": 51, "height": 64, "rgb": picture}, channels)
    want = grey(picture)[None] if channels == "grey" else np.moveaxis(picture.astype(np.float32), 2, 0)
    found = np.stack(got).reshape(want.shape)
    assert np.abs(found - want).max() <= 255 * 2.0**-22  # two roundings of float32


def test_a_buffer_written_again_keeps_nothing_of_its_first_content() -> None:
    cases = [sent(case) for case in all_cases()[:40]]
    assert run(
        CASE_OF
        + """return data.every((c) => {
          const { planes, w, h, kernel, settings } = caseOf(c);
          const fresh = engine.convolve(planes, w, h, kernel, settings);
          const used = engine.convolve(planes, w, h, kernel, settings);
          for (const plane of used.planes) plane.fill(NaN);
          const again = engine.convolve(planes, w, h, kernel, settings, used);
          return again === used && fresh.planes.every((p, i) => p.every((v, j) => v === again.planes[i][j]));
        })""",
        cases,
    )


def test_a_dragged_cell_never_drifts_from_the_full_convolution() -> None:
    cases = [case for case in all_cases() if case["weights"].any()][::5]
    errors = run(
        CASE_OF
        + """return data.map((c) => {
          const { planes, w, h, kernel, settings } = caseOf(c);
          let worst = 0;
          for (const slice of kernel.slices.length === 3 ? [null, 0, 1, 2] : [null, 0]) {
            const row = kernel.rows >> 1, col = kernel.cols - 1, cell = row * kernel.cols + col;
            const drag = new engine.Drag(planes, w, h, kernel, settings, row, col, slice);
            for (let i = 0; i < 50; i++) drag.at(1e3 * Math.sin(i));
            const moved = kernelOf(kernel);
            moved.slices.forEach((weights, s) => (slice === null || s === slice) && (weights[cell] = -1.5));
            const want = engine.convolve(planes, w, h, moved, settings), got = drag.at(-1.5);
            want.planes.forEach((plane, p) => plane.forEach((v, i) => {
              worst = Math.max(worst, Math.abs(v - got.planes[p][i]));
            }));
          }
          return worst;
        })""",
        [sent(case) for case in cases],
    )
    for case, error in zip(cases, errors, strict=True):
        assert error <= tolerance(case) + 1e-4 * 255, sent(case)


def test_every_patch_sums_to_its_output_cell() -> None:
    """Every cell, the border included; and cells that lie on the picture hold the picture's values."""
    cases = all_cases()[::3]
    errors = run(
        CASE_OF
        + """return data.map((c) => {
          const { planes, w, h, kernel, settings } = caseOf(c);
          const out = engine.convolve(planes, w, h, kernel, settings);
          let worst = 0;
          for (let y = 0; y < out.height; y++) for (let x = 0; x < out.width; x++) {
            const patch = engine.patch(planes, w, h, kernel, settings, y, x);
            patch.channels.forEach((channel, i) => {
              const sum = channel.values.reduce((total, v, t) => total + v * channel.weights[t], 0);
              worst = Math.max(worst, Math.abs(sum - channel.sum));
              channel.inside.forEach((inside, t) => {
                const [v, u] = [channel.ys[t], channel.xs[t]];
                const on = v >= 0 && u >= 0 && v < h && u < w;
                if (on !== !!inside || (on && channel.values[t] !== planes[i][v * w + u])) worst = Infinity;
                if (!on && settings.mode === "zeros" && channel.values[t] !== 0) worst = Infinity;
              });
              if (c.channels === "each") {
                worst = Math.max(worst, Math.abs(channel.sum - out.planes[i][y * out.width + x]));
              }
            });
            if (c.channels !== "each") {
              worst = Math.max(worst, Math.abs(patch.sum - out.planes[0][y * out.width + x]));
            }
          }
          return worst;
        })""",
        [sent(case) for case in cases],
    )
    for case, error in zip(cases, errors, strict=True):
        assert error <= tolerance(case), sent(case)


def test_a_kernel_that_does_not_fit_is_refused_with_the_numbers() -> None:
    message = run(
        CASE_OF
        + """const kernel = { rows: 7, cols: 7, slices: [new Float64Array(49)] };
        const settings = { channels: "grey", padding: engine.padAmounts("valid", kernel, [3, 3]),
          mode: "zeros", stride: [1, 1], dilation: [3, 3], flip: false };
        try {
          engine.convolve([new Float32Array(256)], 16, 16, kernel, settings);
        } catch (error) {
          return error.message;
        }"""
    )
    assert "7×7" in message
    assert "3×3" in message
    assert "16×16" in message


@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (4, 7), (15, 15), (31, 31), (3, 5, 3)])
def test_the_frequency_response_is_pythons(shape: tuple[int, ...]) -> None:
    weights = np.random.default_rng(3).normal(size=shape)
    slices = [np.ascontiguousarray(part) for part in weights.reshape(shape[0] * shape[1], -1).T]
    kernel = {"rows": shape[0], "cols": shape[1], "slices": slices}
    got = ENGINE.call("frequencyResponse", kernel).reshape(64, 64)
    want = frequency_response(weights)
    assert np.abs(got - want).max() < 1e-5 * want.max()


@pytest.mark.parametrize(("size", "stride"), [(2, 2), (3, 2), (3, 3), (1, 1), (5, 1)])
def test_max_pooling_is_pythons(size: int, stride: int) -> None:
    plane = np.random.default_rng(5).normal(size=(17, 22)).astype(np.float32)
    got = ENGINE.call("maxPool", plane, 22, 17, size, stride)
    want = pool2d(plane, size, stride=stride)
    assert (got["height"], got["width"]) == want.shape
    assert np.array_equal(got["plane"].reshape(want.shape), want)
