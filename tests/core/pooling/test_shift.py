"""The shift test against direct indexing, and what a person can see in it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from cnnviz.core import convolve2d, grey, load_sample
from cnnviz.core.pooling.shift import frame_for, reduce_map, shift_test, triangle_kernel

RNG = np.random.default_rng(0)
NOISE = RNG.normal(size=(70, 90)).astype(np.float32)
KINDS = ["map", "max", "average", "stride", "blur"]


def test_the_frame_lies_in_the_middle_in_whole_blocks() -> None:
    frame = frame_for((300, 451), 2, 2)
    assert (frame.limit, frame.rows, frame.cols) == (8, 276, 426)
    assert (frame.top, frame.left) == (12, 12)
    assert frame_for((4000, 4000), 3, 3).rows == 480
    small = frame_for((18, 40), 2, 2)
    assert small.limit == 1
    assert small.rows == 8


def test_a_map_that_is_too_small_is_said_with_the_numbers() -> None:
    with pytest.raises(ValueError, match=r"window of 2 and a stride of 2 needs .* 18×18 cells; .* 17×40"):
        frame_for((17, 40), 2, 2)


def test_the_blur_is_the_binomial_one_for_a_stride_of_two() -> None:
    assert (triangle_kernel(2) * 16).tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
    assert triangle_kernel(1).tolist() == [[1]]
    assert triangle_kernel(5).sum() == pytest.approx(1)


@settings(max_examples=60)
@given(st.sampled_from(KINDS), st.integers(1, 4), st.integers(1, 4), st.integers(-8, 8), st.integers(-8, 8))
def test_each_reduction_reads_the_cells_that_it_says(kind, size, stride, down, right) -> None:
    frame = frame_for(NOISE.shape, size, stride)
    down, right = (max(-frame.limit, min(frame.limit, d)) for d in (down, right))
    got = reduce_map(NOISE, frame, kind, size, stride, (down, right))
    step = 1 if kind == "map" else stride
    moved = np.roll(NOISE, (down, right), axis=(0, 1))[frame.top :, frame.left :]
    rows, cols = frame.rows // step, frame.cols // step
    assert got.shape == (rows, cols)
    if kind in ("max", "average"):
        tensor = torch.from_numpy(moved[: (rows - 1) * step + size, : (cols - 1) * step + size].copy())
        pool = functional.max_pool2d if kind == "max" else functional.avg_pool2d
        want = pool(tensor[None, None], size, step)[0, 0].numpy()
    else:
        source = NOISE if kind != "blur" else convolve2d(NOISE, triangle_kernel(stride), padding="same")
        want = np.roll(source, (down, right), axis=(0, 1))[frame.top :, frame.left :][::step, ::step]
        want = want[:rows, :cols]
    np.testing.assert_allclose(got, want, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_a_shift_by_the_stride_moves_the_result_along(kind) -> None:
    frame = frame_for(NOISE.shape, 3, 2)
    for shift in [(2, 0), (-4, 6), (0, 0), (8, -8)]:
        result = shift_test(NOISE, frame, kind, 3, 2, shift)
        assert result.moved == pytest.approx(0, abs=1e-6)
    odd = shift_test(NOISE, frame, kind, 3, 2, (0, 1))
    assert (odd.moved < 1e-6) == (kind == "map")


def test_the_differences_are_what_they_are_called() -> None:
    frame = frame_for(NOISE.shape, 2, 2)
    result = shift_test(NOISE, frame, "max", 2, 2, (3, -5))
    np.testing.assert_array_equal(result.stay, result.after - result.before)
    assert result.unchanged_share == (result.after == result.before).mean()
    assert result.changed == pytest.approx(np.abs(result.stay).mean())
    for y, x in [(0, 0), (17, 40), (frame.rows - 1, frame.cols - 1)]:
        row, col = (y - 3) // 2, (x + 5) // 2
        first = NOISE[frame.top + 2 * row :, frame.left + 2 * col :][:2, :2].max()
        assert result.along[y, x] == result.after[y // 2, x // 2] - first
    assert result.spread == pytest.approx(result.before.std())


def test_on_a_zone_plate_blurring_first_moves_far_less_than_taking_every_second_pixel() -> None:
    values = grey(load_sample("zone_plate").pixels)
    frame = frame_for(values.shape, 2, 2)
    share = {}
    for kind in KINDS:
        result = shift_test(values, frame, kind, 2, 2, (0, 1))
        share[kind] = result.moved / result.spread
    assert share["map"] == 0
    assert share["blur"] < 0.6 * share["stride"]
    assert share["blur"] < share["max"]


def test_a_flat_map_changes_nowhere() -> None:
    frame = frame_for((40, 40), 2, 2)
    for kind in KINDS:
        result = shift_test(np.full((40, 40), 7), frame, kind, 2, 2, (1, 3))
        assert result.unchanged_share == 1
        assert result.moved == result.changed == result.spread == 0


def test_one_clear_sentence() -> None:
    frame = frame_for((40, 40), 2, 2)
    with pytest.raises(ValueError, match="a shift of 9 and 0 is beyond the limit of 8 cells"):
        shift_test(np.ones((40, 40)), frame, "max", 2, 2, (9, 0))
    with pytest.raises(ValueError, match="'median'"):
        reduce_map(np.ones((40, 40)), frame, "median", 2, 2)  # type: ignore[arg-type]
