"""The step view's arithmetic, held equal to cnnviz.core.steps.sums."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from node import run

from cnnviz.components.step_view import StepViewState, as_data
from cnnviz.core.kernels.text import parse_kernel
from cnnviz.core.steps.sums import (
    StepSettings,
    Term,
    sources,
    unread_cells,
    uses_of_input,
    uses_of_weight,
)

MODES = ("zeros", "reflect", "replicate", "circular")

_RUN = """import * as m from "step_view/model.js";
  const [state, ask] = data, model = m.readModel(state);
  const place = (s) => [s.n ?? 0, s.c ?? 0, s.r, s.k, s.py, s.px, s.y, s.x, s.weight ?? 0];
  return {
    size: [model.height, model.width],
    outs: m.outputs(model).map((out) => Array.from(out)),
    after: m.outputsAfter(model, m.steps(model), 1e9).map((out) => Array.from(out)),
    steps: m.steps(model).length,
    sources: m.sources(model, ask.n, ask.y, ask.x).map((s) => [s.c, s.r, s.k, s.py, s.px, s.value, s.weight]),
    sums: m.sums(model, ask.n, ask.y, ask.x),
    input: m.usesOfInput(model, ask.c, ask.py, ask.px).map(place),
    weight: m.usesOfWeight(model, ask.r, ask.k).map((u) => [u.y, u.x, u.py, u.px]),
    unused: [m.unused(model, 0), m.unused(model, 1)],
  };"""


def cases() -> Iterator[StepSettings]:
    random = np.random.default_rng(5)
    for number in range(36):
        transposed = number % 4 == 3
        channels, maps = (1, 1) if number % 2 else (3, 2)
        kh, kw = (int(n) for n in random.integers(1, 5, 2))
        stride, dilation = (tuple(int(n) for n in random.integers(1, 4, 2)) for _ in range(2))
        padding = tuple(int(n) for n in random.integers(0, 2 if transposed else 4, 4))
        try:
            yield StepSettings(
                random.integers(-4, 5, (int(random.integers(4, 9)), int(random.integers(4, 9)), channels)),
                random.integers(-3, 4, (maps, kh, kw, channels)),
                random.integers(-5, 6, maps),
                padding,
                "zeros" if transposed else MODES[number // 4 % 4],
                stride,
                dilation,
                flip=bool(number % 3 == 0),
                transposed=transposed,
            )
        except ValueError:  # a kernel that does not fit: not a case
            continue


CASES = list(cases())


def tap(settings: StepSettings, link: Term) -> tuple[int, int]:
    """The weight's place as multiplied, which is how the view counts."""
    if not settings.flip:
        return link.row, link.column
    return settings.kernels.shape[1] - 1 - link.row, settings.kernels.shape[2] - 1 - link.column


def counted(settings: StepSettings, ask: dict[str, int]) -> dict[str, Any]:
    data = as_data(StepViewState("one", settings, "", "d"))
    return dict(run(_RUN, [data, ask]))


def test_there_are_cases_of_every_kind() -> None:
    assert len(CASES) >= 28
    assert {case.mode for case in CASES} == set(MODES)
    assert {case.transposed for case in CASES} == {True, False}
    assert {case.flip for case in CASES} == {True, False}
    assert any(unread_cells(case).any() for case in CASES)


@pytest.mark.parametrize("settings", CASES, ids=range(len(CASES)))
def test_the_browser_counts_as_python_does(settings: StepSettings) -> None:
    height, width = settings.size
    top, left = (0, 0) if settings.transposed else (settings.padding[0], settings.padding[2])
    rows, cols = settings.image.shape[:2]
    n, y, x = len(settings.kernels) - 1, height // 2, width // 2
    c, in_y, in_x = settings.image.shape[2] - 1, rows // 2, cols - 1
    r, k = settings.kernels.shape[1] - 1, 0
    ask = {"n": n, "y": y, "x": x, "c": c, "py": in_y + top, "px": in_x + left, "r": r, "k": k}
    got = counted(settings, ask)

    assert tuple(got["size"]) == settings.size
    outputs = settings.output().reshape(len(settings.kernels), -1)
    np.testing.assert_array_equal(np.array(got["outs"]), outputs)

    found = sources(settings, n, y, x)
    want = [
        [s.channel, *tap(settings, s), s.input_y + top, s.input_x + left, s.value, s.weight]
        for s in found.terms
    ]
    assert sorted(got["sources"]) == sorted(want)
    assert got["sums"]["parts"] == pytest.approx(found.partial)
    assert got["sums"]["total"] == pytest.approx(found.total)

    uses = [
        [u.map, u.channel, *tap(settings, u), u.input_y + top, u.input_x + left, u.y, u.x, u.weight]
        for u in uses_of_input(settings, in_y, in_x, c)
    ]
    assert sorted(got["input"]) == sorted(uses)

    kh, kw = settings.kernels.shape[1:3]
    written = (kh - 1 - r, kw - 1 - k) if settings.flip else (r, k)
    places = [[u.y, u.x, u.input_y + top, u.input_x + left] for u in uses_of_weight(settings, n, *written, c)]
    assert sorted(got["weight"]) == sorted(places)

    unread = unread_cells(settings)
    across = np.logical_or.outer(got["unused"][0], got["unused"][1])
    np.testing.assert_array_equal(across, unread)


@pytest.mark.parametrize("settings", [s for s in CASES if s.transposed][:4], ids=range(4))
def test_all_stamps_together_are_the_output(settings: StepSettings) -> None:
    ask = {"n": 0, "y": 0, "x": 0, "c": 0, "py": 0, "px": 0, "r": 0, "k": 0}
    got = counted(settings, ask)
    assert got["steps"] == settings.image.shape[0] * settings.image.shape[1]
    after = np.array([[np.nan if v is None else v for v in out] for out in got["after"]], float)
    outputs = settings.output().reshape(len(settings.kernels), -1)
    reached = ~np.isnan(after)
    np.testing.assert_allclose(after[reached], outputs[reached], atol=1e-9)
    assert (outputs[~reached] == np.broadcast_to(settings.bias[:, None], outputs.shape)[~reached]).all()


def test_cells_cut_from_a_photo_are_the_means_of_its_pixels() -> None:
    random = np.random.default_rng(2)
    photo = random.integers(0, 256, (40, 50, 3))
    got = run(
        """import { cells } from "step_view/cutter.js";
        const picture = { width: 50, height: 40, rgb: data }, window = { left: 7, top: 5, scale: 4 };
        const plain = (planes) => planes.map((plane) => Array.from(plane));
        return [plain(cells(picture, window, 3, 5, 3)), plain(cells(picture, window, 3, 5, 1))];""",
        photo.astype(np.uint8),
    )
    blocks = photo[5:17, 7:27].reshape(3, 4, 5, 4, 3).mean(axis=(1, 3))
    np.testing.assert_array_equal(
        np.array(got[0]).reshape(3, 3, 5), np.floor(np.moveaxis(blocks, 2, 0) + 0.5)
    )
    grey = blocks @ [0.299, 0.587, 0.114]
    np.testing.assert_allclose(np.array(got[1]).reshape(3, 5), grey, atol=0.5 + 1e-9)


def test_texts_of_pictures_and_kernels_read_back_in_python() -> None:
    picture, kernels = run(
        """import { kernelsText, planesText } from "step_view/texts.js";
        const planes = [[1, 2, 3, 4, 5, 6], [0, 0, 0, 0, 0, 1], [-7, 0, 0, 0, 0, 0.5]];
        return [
          planesText({ height: 2, width: 3, planes }),
          kernelsText({ rows: 1, cols: 2, slices: [[[1, -2]], [[0.25, 3]]] }),
        ];"""
    )
    assert parse_kernel(picture)[:, :, 2].tolist() == [[-7, 0, 0], [0, 0, 0.5]]
    assert [parse_kernel(part).tolist() for part in kernels.split("~")] == [[[1, -2]], [[0.25, 3]]]
