"""The pool view's data; what it does in the browser is tested in tests/browser/test_pool_view.py."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from cnnviz.components.panel_row.pool_panels import pool_panels
from cnnviz.components.panel_row.recipes import picture
from cnnviz.components.pool_view import (
    BankFilter,
    NumberMap,
    Patch,
    PoolSettings,
    PoolViewState,
    Pyramid,
    ShiftTest,
    WholePicture,
    Windows,
    as_data,
    pair_of,
)
from cnnviz.core.pooling.shift import frame_for

HALVES = PoolSettings("max", (2, 2), (2, 2))
NUMBERS = NumberMap(np.array([[1, -2, 0.1], [1 / 3, 4, 5]], np.float32))
BANK = (BankFilter("a", np.ones((3, 3), np.float32)),)


@pytest.mark.parametrize("map_", [NUMBERS, WholePicture("sobel"), Patch("grey", (3, 4), (8, 9))])
@pytest.mark.parametrize(
    "stage",
    [Windows(), Windows((1, 2)), Pyramid(3, "max 2×2", BANK, 2), ShiftTest(frame_for((90, 80), 2, 2))],
)
def test_everything_sent_is_plain_json(map_: Any, stage: Any) -> None:
    sent = as_data(PoolViewState("d", map_, HALVES, stage))
    assert json.loads(json.dumps(sent, allow_nan=False)) == sent
    assert sent["stage"] in {"windows", "pyramid", "shift"}
    assert len(sent["luts"]["plain"]) == 1024


def test_numbers_arrive_as_the_shortest_decimals_that_mean_them() -> None:
    values = NUMBERS.to_json()["values"]
    assert values == [1.0, -2.0, 0.1, 0.33333334, 4.0, 5.0]
    assert np.array_equal(np.float32(values), NUMBERS.values.ravel())


def test_the_settings_are_those_of_pool2d() -> None:
    pool = PoolSettings("l2", (3, 2), (1, 2), (1, 0), ceil_mode=True, whole_map=True)
    sent = as_data(PoolViewState("d", NUMBERS, pool, Windows()))
    want = {"mode": "l2", "size": [3, 2], "stride": [1, 2], "padding": [1, 0], "ceil": True}
    assert sent["pool"] == want
    assert sent["wholeMap"] is True


@pytest.mark.parametrize(
    ("reported", "want"),
    [([3, 4], (3, 4)), ([3.0, 4.0], (3, 4)), (None, None), ([1], None), ([1, 2, 3], None), ("12", None)],
)
def test_what_is_no_pair_is_none(reported: object, want: object) -> None:
    assert pair_of(reported) == want


def test_the_comparison_row_differs_from_the_average_only() -> None:
    panels = pool_panels(picture(), 3, 2)
    largest, mean, first, blurred, *differences = (panel.content.to_json() for panel in panels)
    assert [one["op"] for one in (largest, mean, first, blurred)] == [
        *("max_pool", "avg_pool", "subsample", "subsample")
    ]
    assert [one["of"] for one in differences] == [[one, mean] for one in (largest, first, blurred)]
    assert sum(blurred["of"][0]["slices"][0]) == pytest.approx(1)
    assert {panel.display for panel in panels} == {None, "signed"}
