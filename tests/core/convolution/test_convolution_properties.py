import concurrent.futures
import inspect

import numpy as np
import pytest
from convolution_reference import assert_close, convolve_by, reference, stuffed
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnnviz.core import convolve2d, pad, plan
from cnnviz.core.convolution.reference import four_loops

FEW = settings(max_examples=40)

weights = hnp.arrays(np.float64, st.tuples(st.integers(1, 7), st.integers(1, 7)), elements=st.integers(-4, 4))
pictures = hnp.arrays(
    np.uint8, st.tuples(st.integers(7, 40), st.integers(7, 40)), elements=st.integers(0, 255)
)
seeds = st.integers(0, 2**32 - 1)


@FEW
@given(
    st.sampled_from([None, "direct", "fft"]),
    seeds,
    st.tuples(st.integers(1, 60), st.integers(1, 60)),
    st.tuples(st.integers(1, 12), st.integers(1, 12)),
    st.tuples(st.integers(1, 4), st.integers(1, 4)),
    st.tuples(st.integers(1, 3), st.integers(1, 3)),
    st.sampled_from(["zeros", "reflect", "replicate", "circular"]),
    st.booleans(),
)
def test_any_engine_at_any_setting(engine, seed, shape, size, stride, dilation, mode, flip):
    rng = np.random.default_rng(seed)
    spans = [d * (n - 1) + 1 for d, n in zip(dilation, size, strict=True)]
    padding = tuple(
        int(rng.integers(max(0, -(-(s - n) // 2)), 20)) for s, n in zip(spans, shape, strict=True)
    )
    image, kernel = rng.integers(-50, 50, shape), rng.standard_normal(size)
    chosen = {"padding": padding, "padding_mode": mode, "stride": stride, "dilation": dilation, "flip": flip}
    result = convolve_by(engine, image, kernel, **chosen)
    assert_close(result, reference(image, kernel, **chosen), image, kernel, zeros=mode == "zeros")


@FEW
@given(
    st.sampled_from([None, "direct", "fft"]),
    seeds,
    st.sampled_from([((), ()), ((3,), ()), ((1,), (1,)), ((3,), (3,))]),
    st.tuples(st.integers(1, 5), st.integers(1, 5)),
    st.tuples(st.integers(1, 3), st.integers(1, 3)),
    st.tuples(st.integers(1, 3), st.integers(1, 3)),
    st.sampled_from(["zeros", "reflect", "replicate", "circular"]),
    st.booleans(),
)
def test_the_four_loops_are_the_definition(engine, seed, channels, size, stride, dilation, mode, flip):
    rng = np.random.default_rng(seed)
    shape = rng.integers(1, 15, 2)
    spans = np.multiply(dilation, np.subtract(size, 1)) + 1
    least = np.maximum(0, -((shape - spans) // 2))  # cells per side with which the kernel just fits
    padding = tuple((least + rng.integers(0, 4, 2)).tolist())
    image = rng.integers(-50, 50, (*shape, *channels[0]))
    kernel = rng.standard_normal((*size, *channels[1]))
    kernel[rng.random(kernel.shape) < 0.3] = 0
    chosen = {"padding": padding, "padding_mode": mode, "stride": stride, "dilation": dilation, "flip": flip}
    padded = pad(image, (padding[0], padding[0], padding[1], padding[1]), mode)
    expected = four_loops(padded, kernel[::-1, ::-1] if flip else kernel, stride, dilation)
    if channels[1]:
        expected = expected.sum(axis=2)
    result = convolve_by(engine, image, kernel, **chosen)
    assert_close(result, expected, image, kernel, zeros=mode == "zeros")
    np.testing.assert_allclose(expected, reference(image, kernel, **chosen), atol=1e-9)


def test_the_four_loops_are_short():
    assert len(inspect.getsource(four_loops).splitlines()) <= 15


@FEW
@given(pictures, weights, seeds)
def test_linear_in_the_picture(image, kernel, seed):
    other = np.random.default_rng(seed).integers(0, 256, image.shape)
    both = convolve2d(2.0 * image - other, kernel)
    apart = 2 * convolve2d(image, kernel) - convolve2d(other, kernel)
    np.testing.assert_allclose(both, apart, atol=1e-5 * 765 * (np.abs(kernel).sum() + 1))


@FEW
@given(pictures, weights, st.integers(0, 39), st.integers(0, 39))
def test_a_shifted_picture_gives_the_shifted_map(image, kernel, down, right):
    wrapped = {"padding": "same", "padding_mode": "circular"}
    moved = convolve2d(np.roll(image, (down, right), (0, 1)), kernel, **wrapped)
    assert np.array_equal(moved, np.roll(convolve2d(image, kernel, **wrapped), (down, right), (0, 1)))


@FEW
@given(pictures, weights, st.integers(1, 5), st.integers(1, 5), st.sampled_from(["same", "valid", 3]))
def test_a_stride_keeps_every_other_output(image, kernel, sy, sx, padding):
    every = convolve2d(image, kernel, padding=padding)
    kept = convolve2d(image, kernel, padding=padding, stride=(sy, sx))
    assert np.array_equal(kept, every[::sy, ::sx])
    if padding == "same":
        assert kept.shape == (-(-image.shape[0] // sy), -(-image.shape[1] // sx))


@FEW
@given(pictures, weights, st.integers(1, 4), st.integers(1, 4))
def test_dilation_is_a_kernel_stuffed_with_zeros(image, kernel, dy, dx):
    spread = convolve2d(image, kernel, padding=24, dilation=(dy, dx))
    assert np.array_equal(spread, convolve2d(image, stuffed(kernel, (dy, dx)), padding=24))


@FEW
@given(pictures, weights)
def test_flipping_twice_changes_nothing(image, kernel):
    once = convolve2d(image, kernel[::-1, ::-1], flip=True)
    assert np.array_equal(once, convolve2d(image, kernel))


@FEW
@given(st.floats(-1e9, 1e9), st.integers(2, 33), st.integers(1, 33), seeds)
def test_a_constant_picture_has_no_edges(value, tall, wide, seed):
    kernel = np.random.default_rng(seed).integers(-9, 10, (tall, wide)).astype(float)
    kernel[0, 0] -= kernel.sum()
    assert not convolve2d(np.full((40, 50), value), kernel).any()


@pytest.mark.parametrize("channels", [None, 1, 3])
@pytest.mark.parametrize("size", [3, 9, 15])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_many_bands_and_blocks_join_without_a_seam(channels, size, dtype):
    shape = (700, 450) if channels is None else (700, 450, channels)
    image = np.random.default_rng(0).integers(0, 256, shape).astype(dtype)
    kernel = np.random.default_rng(1).standard_normal((size, size))
    for stride in (1, 2):
        chosen = {"stride": (stride, stride), "padding": (size // 2, size // 2), "padding_mode": "reflect"}
        assert_close(convolve2d(image, kernel, **chosen), reference(image, kernel, **chosen), image, kernel)


def test_threads_do_not_disturb_each_other():
    rng = np.random.default_rng(0)
    images = [rng.standard_normal((120, 140)).astype(np.float32) for _ in range(16)]
    kernels = [rng.standard_normal((size, size)) for size in (3, 7, 13, 21)] * 4
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        together = list(pool.map(convolve2d, images, kernels))
    for result, image, kernel in zip(together, images, kernels, strict=True):
        assert np.array_equal(result, convolve2d(image, kernel))


@pytest.mark.parametrize(
    ("kernel", "engine", "words"),
    [
        ([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], "separable", "an outer product, so 5 multiplications"),
        ([[0, 1, 0], [1, -4, 1], [0, 1, 0]], "direct", "each of 5 weights"),
        (np.random.default_rng(0).standard_normal((3, 3)), "direct", "each of 9 weights"),
        (np.random.default_rng(0).standard_normal((7, 7)), "direct", "each of 49 weights"),
        (np.random.default_rng(0).standard_normal((31, 31)), "fft", "961 weights"),
        (np.eye(9), "direct", "each of 9 weights"),
    ],
)
def test_the_plan_says_why(kernel, engine, words):
    chosen = plan(kernel)
    assert chosen.engine == engine
    assert words in chosen.reason


def test_a_sum_of_outer_products_that_saves_little_stays_exact():
    kernel = np.ones((4, 5))
    kernel[0, 0] = 0
    assert plan(kernel).engine == "direct"


def test_whole_numbers_have_whole_factors():
    ((column, row),) = plan(np.outer([2, 4, 6], [3, 4, 6, 9])).factors
    assert column.tolist() == [2, 4, 6]
    assert row.tolist() == [3, 4, 6, 9]


def test_a_laplacian_of_gaussian_is_two_outer_products():
    x = np.arange(-7, 8) / 2
    bump, curve = np.exp(-(x**2) / 2), (x**2 - 1) * np.exp(-(x**2) / 2)
    kernel = np.outer(bump, curve) + np.outer(curve, bump)
    chosen = plan(kernel)
    assert chosen.engine == "separable"
    assert len(chosen.factors) == 2
    image = np.random.default_rng(0).standard_normal((60, 70))
    assert_close(convolve2d(image, kernel), reference(image, kernel), image, kernel)
