"""What the charts of a run are sent; what they draw is tested in browser/test_run_charts_js.py."""

from __future__ import annotations

import base64
import json
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.components.gradient_flow import SHOWS, flow_data
from cnnviz.components.run_charts import WINDOW, RunSeries, charts_data, parse_zoom
from cnnviz.components.run_charts.thin import Bins, bin_width, keep_extremes, log_codes, running_mean
from cnnviz.engine.wire.records import BANDS, LayerStats

LAYERS = ("1 conv 3×3, 8", "2 ReLU", "3 flatten", "4 dense 10")


def look(step: int) -> LayerStats:
    row = np.array([1e-3, 2e-3, np.nan, 0.5], np.float32)
    dead = np.array([np.nan, 0.25, np.nan, np.nan], np.float32)
    return LayerStats(
        step=step,
        activation_norms=row,
        activation_means=row / 10,
        dead=dead,
        saturated=2 * dead,
        activation_bands=np.tile(np.linspace(0, 1, len(BANDS), dtype=np.float32), (4, 1)),
        weight_bands=np.tile(np.linspace(1e-6, 1e-2, len(BANDS), dtype=np.float32), (2, 1)),
    )


def run(count: int, tall: int = 2, first: int = 1, seed: int = 0, **changed: Any) -> RunSeries:
    rng = np.random.default_rng(seed)
    layers = LAYERS if tall == 2 else tuple(f"layer {i}" for i in range(tall))
    sizes = rng.lognormal(-3, 2, (3, count, tall)).astype(np.float32)
    settings = {
        "label": "a run",
        "layers": layers,
        "weight_layers": (0, 3) if tall == 2 else tuple(range(tall)),
        "steps": np.arange(first, first + count),
        "loss": rng.lognormal(0, 1, count).astype(np.float32),
        "accuracy": (rng.integers(0, 65, count) / 64).astype(np.float32),
        "rate": np.full(count, 1e-3, np.float32),
        "gradient_norms": sizes[0],
        "gradient_means": sizes[1],
        "update_ratios": sizes[2],
        "validation": [(i, 2.0 - i / 1e6, i / 1e6) for i in range(1, count, 100)],
        "layer_stats": [look(i) for i in range(1, count, 50)] if tall == 2 else (),
        "steps_per_epoch": 125,
    }
    return RunSeries(**(settings | changed))


def unpacked(text: str, dtype: str = "<f4") -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), dtype)


def decoded(codes: dict[str, Any]) -> np.ndarray:
    places = unpacked(codes["codes"], "<u2").astype(np.float64)
    sizes = 10 ** (codes["low"] + (codes["high"] - codes["low"]) * (places - 3) / 65532)
    return np.select([places == 0, places == 1, places == 2], [np.nan, 0, np.inf], sizes)


def test_a_short_run_is_sent_whole_and_exactly() -> None:
    series = run(700)
    data = series.curves_data()
    np.testing.assert_array_equal(unpacked(data["steps"], "<u4"), series.steps)
    for name in ("loss", "accuracy", "rate"):
        np.testing.assert_array_equal(unpacked(data[name]), getattr(series, name))


@pytest.mark.parametrize("count", [1001, 5000, 10_000, 20_000])
def test_a_long_run_is_thinned_without_losing_an_extreme(count: int) -> None:
    series = run(count, first=7)
    data = series.curves_data()
    at = unpacked(data["steps"], "<u4").astype(int) - 7
    assert len(at) <= 1500
    assert (np.diff(at) > 0).all()
    assert (at[0], at[-1]) == (0, count - 1)
    for name in ("loss", "accuracy"):
        values = getattr(series, name)
        np.testing.assert_array_equal(unpacked(data[name]), values[at])
        bins = (series.steps - 1) // data["binWidth"]
        for number in np.unique(bins):
            whole, kept = values[bins == number], values[at][bins[at] == number]
            assert (whole.min(), whole.max()) == (kept.min(), kept.max())


@pytest.mark.parametrize(
    ("zoom", "inside", "plain", "width"),
    [
        ((100, 180), 81, 8, 1),  # all of the 81 steps
        ((0.5, 3.2), 3, 1, 1),
        ((9_000, 20_000), 488, 83, 7),
        ((1, 9_000), 556, 735, 64),  # nearly all of the run: in bins that the stretch's ends may cut
        ((15_000, 16_000), 0, 0, 128),
    ],
)
def test_a_stretch_that_is_zoomed_into_is_finer(
    zoom: tuple[float, float], inside: int, plain: int, width: int
) -> None:
    series = run(10_000)
    data = series.curves_data(zoom)
    steps = unpacked(data["steps"], "<u4").astype(int)
    assert len(steps) <= 1500
    assert (steps[0], steps[-1]) == (1, 10_000)
    np.testing.assert_array_equal(unpacked(data["loss"]), series.loss[steps - 1])
    whole = set(range(max(1, int(np.ceil(zoom[0]))), min(10_000, int(zoom[1])) + 1))
    shown, shown_before = (
        len(whole & set(one.tolist())) for one in (steps, unpacked(series.curves_data()["steps"], "<u4"))
    )
    assert (shown, shown_before, data["binWidth"]) == (inside, plain, width)


@pytest.mark.parametrize("bad", [None, "1,2", [1], [5, 3], [1, "9"], [-1, 5], [0, float("nan")], {"a": 1}])
def test_a_zoom_that_is_none(bad: object) -> None:
    assert parse_zoom(bad) is None
    assert parse_zoom([3, 9]) == (3, 9)


def test_what_is_drawn_of_full_bins_stands_still_while_the_run_goes_on() -> None:
    late = run(19_000)
    cut = {
        name: getattr(late, name)[:17_000]
        for name in ("steps", "loss", "accuracy", "rate", "gradient_norms", "gradient_means", "update_ratios")
    }
    early = run(17_000, **cut)
    first, then = early.curves_data(), late.curves_data()
    assert first["binWidth"] == then["binWidth"]
    full = 17_000 // first["binWidth"] * first["binWidth"]
    before, after = (unpacked(data["steps"], "<u4") for data in (first, then))
    np.testing.assert_array_equal(before[before <= full], after[after <= full])


@given(st.integers(1, 50_000), st.integers(2, 500))
def test_widths_of_bins(count: int, most: int) -> None:
    width = bin_width(count, most)
    assert -(-count // width) + (width < count) <= most  # one bin more where the first is cut
    narrower = width - max(1, width // 4)
    assert narrower == 0 or -(-count // narrower) + 1 > most  # not much too wide
    edges = Bins.of(5, count, most).edges
    assert edges[0] == 0
    assert edges[-1] == count
    assert (np.diff(edges) > 0).all()


def test_nan_and_infinite_losses_are_kept_and_named() -> None:
    series = run(5000)
    series.loss[[213, 214, 2999, 4000]] = [np.nan, np.nan, np.inf, -np.inf]
    data = series.curves_data()
    assert data["odd"] == [
        {"step": 214, "sign": "NaN"},
        {"step": 3000, "sign": "∞"},
        {"step": 4001, "sign": "−∞"},
    ]
    steps, loss = unpacked(data["steps"], "<u4"), unpacked(data["loss"])
    assert np.isnan(loss[steps == 214]).all()
    assert np.isinf(loss[np.isin(steps, [3000, 4001])]).all()
    json.dumps(charts_data([series]), allow_nan=False)
    json.dumps(flow_data([series]), allow_nan=False)


def test_a_column_that_is_not_finite_at_all() -> None:
    nothing = np.full(2000, np.nan)
    at = keep_extremes((nothing,), Bins.of(1, 2000, 100))
    assert (at[0], at[-1]) == (0, 1999)
    assert np.isnan(running_mean(nothing, at, WINDOW)).all()


def test_the_smoothed_curve_is_the_mean_of_the_last_steps() -> None:
    series = run(3000)
    series.loss[:3] = [1e30, np.nan, np.inf]  # and does not remember what is out of its window
    data = series.curves_data()
    at = unpacked(data["steps"], "<u4").astype(int) - 1
    want = []
    for i in at:
        part = series.loss[max(0, i - WINDOW + 1) : i + 1].astype(float)
        want.append(part[np.isfinite(part)].mean() if np.isfinite(part[-1]) else np.nan)
    np.testing.assert_allclose(unpacked(data["smoothLoss"]), want, rtol=1e-6)


def test_validation_is_thinned_and_its_best_marked() -> None:
    points = [(i, 1 + abs(i - 3333) / 1e4, 1 - abs(i - 2222) / 1e4) for i in range(1, 6000)]
    checks = run(6000, validation=points).curves_data()["validation"]
    steps = unpacked(checks["steps"], "<u4")
    assert len(steps) <= 410
    assert steps[checks["bestLoss"]] == 3333
    assert steps[checks["bestAccuracy"]] == 2222
    assert unpacked(checks["loss"])[checks["bestLoss"]] == 1
    none = run(5, validation=[(1, np.nan, np.nan)]).curves_data()["validation"]
    assert (none["bestLoss"], none["bestAccuracy"]) == (-1, -1)


def test_heat_map_cells_are_the_largest_of_their_bins() -> None:
    series = run(9000)
    series.gradient_norms[100:200, 1] = 0
    series.gradient_norms[5000, 0] = np.nan
    series.gradient_norms[6000, 0] = np.inf
    heat = series.flow_data()["heat"]
    starts = unpacked(heat["starts"], "<u4").astype(int)
    assert len(starts) - 1 <= 400
    assert (starts[0], starts[-1]) == (1, 9001)
    got = decoded(heat["norm"]).reshape(2, -1)
    want = np.array([series.gradient_norms[a - 1 : b - 1].max(axis=0) for a, b in pairwise(starts)]).T
    np.testing.assert_allclose(got, want, rtol=1e-3)
    assert (got == 0).any()
    assert np.isnan(got).sum() == 1
    assert np.isinf(got).sum() == 1


def test_log_codes_without_any_usual_size() -> None:
    np.testing.assert_array_equal(decoded(log_codes(np.array([0, np.nan, np.inf]))), [0, np.nan, np.inf])
    np.testing.assert_allclose(decoded(log_codes(np.array([0.02, 0.02]))), 0.02)


def test_now_is_the_last_step_that_has_gradients() -> None:
    series = run(300)
    series.loss[-1] = np.nan
    series.gradient_norms[-1] = np.nan
    now = series.flow_data()["now"]
    assert now["step"] == 299
    np.testing.assert_array_equal(unpacked(now["norm"]), series.gradient_norms[298])


def test_looks_are_thinned_and_the_last_is_there() -> None:
    series = run(20, layer_stats=[look(i) for i in range(1, 1000)])
    flow = series.flow_data()
    steps = unpacked(flow["looks"]["steps"], "<u4")
    assert len(steps) <= 121
    assert (steps[0], steps[-1]) == (1, 999)
    np.testing.assert_allclose(decoded(flow["looks"]["norm"]).reshape(2, -1)[:, 0], [1e-3, 0.5], rtol=1e-3)
    assert flow["look"]["step"] == 999
    assert tuple(flow["look"]["percentiles"]) == BANDS
    np.testing.assert_array_equal(unpacked(flow["look"]["dead"]), look(1).dead)


@pytest.mark.parametrize("tall", [0, 2])
@pytest.mark.parametrize("count", [0, 1, 2])
def test_runs_that_have_hardly_begun(count: int, tall: int) -> None:
    series = run(count, tall, layers=("a", "b", "c", "d"))
    json.dumps([series.curves_data(), series.flow_data()], allow_nan=False)


def test_a_live_update_is_small() -> None:
    series = run(10_000, 12)
    size = sum(len(json.dumps(data)) for data in (charts_data([series]), flow_data([series])))
    assert size < 60_000


def test_what_cannot_be_drawn_is_refused() -> None:
    series = run(10)
    for make in (charts_data, flow_data):
        for runs in ([], [series] * 3):
            with pytest.raises(ValueError, match="run or two"):
                make(runs)
    with pytest.raises(ValueError, match="cannot show 'all'; it can show norm"):
        flow_data([series], show="all")
    assert all(flow_data([series], show=show)["show"] == show for show in SHOWS)
    with pytest.raises(ValueError, match="loss needs one number for each of 10 steps"):
        run(10, loss=np.zeros(9))
    with pytest.raises(ValueError, match="10 steps × 2 layers"):
        run(10, gradient_means=np.zeros((10, 3)))
    with pytest.raises(ValueError, match="4 layers"):
        run(10, weight_layers=(0, 4))
