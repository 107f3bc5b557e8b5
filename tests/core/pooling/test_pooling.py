import subprocess
import sys

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from padded_windows import padded_windows, pairs
from torch.nn import functional

from cnnviz.core import pool2d

IMAGE = np.array([[1, 2, 0, 4], [5, 6, 1, 1], [9, 2, 3, 0], [1, 1, 0, 7]], np.uint8)


def test_pools_by_hand():
    assert pool2d(IMAGE, 2).tolist() == [[6, 4], [9, 7]]
    assert pool2d(IMAGE, 2, mode="average").tolist() == [[3.5, 1.5], [3.25, 2.5]]
    assert pool2d(IMAGE[:2, :2] * 0 + [[3, 4], [6, 8]], (1, 2), mode="l2").tolist() == [[5], [10]]
    assert pool2d(IMAGE, 3, stride=1).tolist() == [[9, 6], [9, 7]]
    assert pool2d(IMAGE, 2, padding=1, mode="average").tolist() == [
        [0.25, 0.5, 1],
        [3.5, 3, 0.25],
        [0.25, 0.25, 1.75],
    ]


def by_torch(image, size, stride, padding, mode, ceil_mode):
    tensor = torch.from_numpy(image).permute(2, 0, 1)[None]
    if mode == "max":
        out = functional.max_pool2d(tensor, size, stride, padding, ceil_mode=ceil_mode)
    elif mode == "average":
        out = functional.avg_pool2d(tensor, size, stride, padding, ceil_mode=ceil_mode)
    else:
        assert padding == (0, 0)
        out = functional.lp_pool2d(tensor, 2, size, stride, ceil_mode=ceil_mode)
    return out[0].permute(1, 2, 0).numpy()


@settings(max_examples=150)
@given(
    st.tuples(st.integers(1, 25), st.integers(1, 25), st.integers(1, 3)),
    padded_windows(6),
    st.none() | pairs(6),
    st.sampled_from(["max", "average", "l2"]),
    st.booleans(),
    st.booleans(),
)
def test_pools_are_torch_s(shape, window, stride, mode, ceil_mode, with_nan):
    size, padding = window
    padding = (0, 0) if mode == "l2" else padding
    image = np.random.default_rng(sum(shape)).standard_normal(shape).astype(np.float32)
    if with_nan:
        image[shape[0] // 2, shape[1] // 2] = np.nan
    try:
        expected = by_torch(image, size, stride, padding, mode, ceil_mode)
    except RuntimeError:
        with pytest.raises(ValueError, match="spans"):
            pool2d(image, size, stride=stride, padding=padding, mode=mode, ceil_mode=ceil_mode)
        return
    before = image.copy()
    result = pool2d(image, size, stride=stride, padding=padding, mode=mode, ceil_mode=ceil_mode)
    assert result.dtype == np.float32
    assert result.flags.c_contiguous
    assert result.shape == expected.shape
    np.testing.assert_allclose(result, expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(image, before)


@pytest.mark.parametrize("dtype", ["bool", "u1", "i1", "u2", "i4", "i8", "u8", "f2", "f4", "f8"])
@pytest.mark.parametrize("mode", ["max", "average", "l2"])
def test_every_real_type(dtype, mode):
    image = np.random.default_rng(0).integers(0, 100, (30, 40)).astype(dtype)
    image.flags.writeable = False
    exact = pool2d(image.astype(np.float64), 3, stride=2, padding=1, mode=mode)
    np.testing.assert_allclose(pool2d(image, 3, stride=2, padding=1, mode=mode), exact, rtol=1e-6)
    assert pool2d(image[::-1, ::2], 1).tolist() == image[::-1, ::2].astype(float).tolist()


def test_averages_of_large_whole_numbers_keep_their_digits():
    image = np.array([[2**40, 2**40 + 6]], np.int64)
    assert pool2d(image - 2**40, (1, 2), mode="average").tolist() == [[3]]
    assert pool2d(image, (1, 2), mode="average").tolist() == [[np.float32(2**40 + 3)]]


@pytest.mark.parametrize(
    ("settings_", "error", "words"),
    [
        ({"size": 3, "padding": 2}, ValueError, "padding 2 is more than half the pool's size 3; at most 1"),
        ({"size": 5}, ValueError, "a kernel of 5 with dilation 1 spans 5 cells; the padded axis has 4"),
        (
            {"size": 10**5, "padding": 5 * 10**4},
            ValueError,
            "would have 100004×1000.. pixels; at most 100,000,000",
        ),
        ({"size": 0}, ValueError, "size must be at least 1, not 0"),
        ({"size": 2, "stride": 1.5}, TypeError, "stride must be a whole number, not 1.5"),
        ({"size": 2, "mode": "mean"}, ValueError, "'mean'"),
    ],
)
def test_one_clear_sentence(settings_, error, words):
    with pytest.raises(error, match=words):
        pool2d(IMAGE, **settings_)
    with pytest.raises(TypeError, match="image must hold real numbers"):
        pool2d(IMAGE.astype(complex), 2)


def test_the_core_imports_nothing_heavy():
    heavy = ("streamlit", "plotly", "torch", "scipy.signal", "scipy.ndimage")
    code = f"import sys, cnnviz.core; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
