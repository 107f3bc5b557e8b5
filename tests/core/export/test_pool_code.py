"""The PyTorch scripts of the page "Pooling" are run, and their numbers compared with our own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cnnviz.core import KERNELS, convolve2d, grey, pool2d, sobel
from cnnviz.core.export.pool import (
    RELU_LAST,
    SOBEL_LAST,
    filtered_lines,
    numbers_lines,
    picture_lines,
    pool_script,
)
from cnnviz.core.pooling.gradient import pool_gradient
from cnnviz.core.pooling.shapes import Window

PIXELS = np.random.default_rng(5).integers(0, 256, (23, 30, 3), dtype=np.uint8)
NUMBERS = np.random.default_rng(6).integers(-9, 10, (7, 8)).astype(np.float32)


def run(script: str, monkeypatch: pytest.MonkeyPatch, folder: Path) -> dict[str, Any]:
    Image.fromarray(PIXELS).save(folder / "picture.png")
    monkeypatch.chdir(folder)
    names: dict[str, Any] = {}
    exec(compile(script, "script.py", "exec"), names)
    return names


@pytest.mark.parametrize("mode", ["max", "average", "l2"])
@pytest.mark.parametrize(
    "window",
    [
        Window((2, 2), (2, 2)),
        Window((3, 3), (2, 2), (1, 1), ceil_mode=True),
        Window((4, 4), (4, 4), (2, 2), ceil_mode=True),
        Window((2, 2), (3, 3), (1, 1), ceil_mode=True),
        Window((7, 8), (7, 8)),
    ],
)
def test_numbers_and_their_gradient(mode, window, monkeypatch, tmp_path) -> None:
    script = pool_script(numbers_lines(NUMBERS), NUMBERS.shape, window, mode)
    names = run(script, monkeypatch, tmp_path)
    options = {
        "stride": window.stride,
        "padding": window.padding,
        "mode": mode,
        "ceil_mode": window.ceil_mode,
    }
    want = pool2d(NUMBERS, window.size, **options)
    np.testing.assert_allclose(names["output"][0, 0].detach().numpy(), want, rtol=1e-5)
    gradient = pool_gradient(NUMBERS, window.size, **options)
    np.testing.assert_allclose(names["gradient"][0, 0].numpy(), gradient, rtol=1e-4, atol=1e-5)
    assert f"# (1, number of maps, {want.shape[0]}, {want.shape[1]})" in script


def test_a_patch_of_the_picture(monkeypatch, tmp_path) -> None:
    script = pool_script(picture_lines((3, 5), (8, 6)), (8, 6), Window((2, 2), (2, 2)), "average")
    output = run(script, monkeypatch, tmp_path)["output"]
    want = pool2d(grey(PIXELS)[3:11, 5:11], 2, mode="average")
    np.testing.assert_allclose(output[0, 0].detach().numpy(), want, rtol=1e-5)


def test_the_sobel_map_twice(monkeypatch, tmp_path) -> None:
    both = [KERNELS[name].make() for name in ("sobel_right", "sobel_bottom")]
    script = pool_script(filtered_lines(both, SOBEL_LAST), (23, 30), Window((2, 2), (2, 2)), "max", times=2)
    output = run(script, monkeypatch, tmp_path)["output"]
    want = pool2d(pool2d(sobel(grey(PIXELS))["magnitude"], 2), 2)
    np.testing.assert_allclose(output[0, 0].detach().numpy(), want, rtol=1e-4)


def test_several_maps_stay_several(monkeypatch, tmp_path, capsys) -> None:
    kernels = [KERNELS["robinson"].make(angle=angle) for angle in range(0, 360, 45)]
    script = pool_script(filtered_lines(kernels, RELU_LAST), (23, 30), Window((3, 3), (3, 3)), "max")
    output = run(script, monkeypatch, tmp_path)["output"]
    assert capsys.readouterr().out == "(1, 8, 7, 10)\n"
    for kernel, got in zip(kernels, output[0].detach().numpy(), strict=True):
        found = convolve2d(grey(PIXELS), kernel, padding="same", padding_mode="replicate")
        np.testing.assert_allclose(got, pool2d(np.maximum(found, 0), 3), rtol=1e-4, atol=1e-3)
