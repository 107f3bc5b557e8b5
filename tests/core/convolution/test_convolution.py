import numpy as np
import pytest
import torch
from convolution_reference import assert_close, convolve_by, reference
from scipy import ndimage

from cnnviz.core import convolve2d, pad

SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
ENGINES = ["direct", "fft"]
MODES = ["zeros", "reflect", "replicate", "circular"]


def noise(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def test_one_step_by_hand():
    image = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]], np.uint8)
    assert convolve2d(image, [[1, 2], [3, 4]]).tolist() == [[37, 47], [67, 77]]
    assert convolve2d(image, [[1, 2], [3, 4]], flip=True).tolist() == [[23, 33], [53, 63]]
    assert convolve2d(image, [[1, 2], [3, 4]], stride=2, padding="same").tolist() == [[37, 21], [23, 9]]


def test_same_with_an_even_kernel_puts_the_odd_cell_after():
    assert convolve2d(np.eye(3), np.ones((2, 2)), padding="same").tolist() == [
        [2, 1, 0],
        [1, 2, 1],
        [0, 1, 1],
    ]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("shape", "size", "stride", "dilation", "padding"),
    [
        ((40, 33), (3, 3), (1, 1), (1, 1), (0, 0)),
        ((40, 33), (4, 7), (2, 3), (1, 1), (5, 1)),
        ((57, 130), (5, 2), (1, 2), (3, 2), (2, 9)),
        ((130, 61), (31, 31), (1, 1), (1, 1), (15, 15)),
        ((90, 100), (15, 9), (2, 2), (2, 3), (20, 4)),
        ((20, 18, 3), (3, 5), (3, 1), (1, 4), (1, 2)),
        ((9, 1), (1, 1), (1, 1), (1, 1), (2, 2)),
    ],
)
def test_every_engine_equals_the_float64_reference(engine, mode, shape, size, stride, dilation, padding):
    image, kernel = noise(*shape), noise(*size, seed=1)
    settings = {"padding": padding, "padding_mode": mode, "stride": stride, "dilation": dilation}
    result = convolve_by(engine, image, kernel, **settings)
    assert_close(result, reference(image, kernel, **settings), image, kernel)


@pytest.mark.parametrize("engine", [*ENGINES, "separable"])
@pytest.mark.parametrize("stride", [(1, 1), (2, 2), (3, 1)])
def test_a_kernel_of_low_rank(engine, stride):
    image = noise(70, 50, 3)
    kernel = np.outer(noise(7), noise(9, seed=2)) + np.outer(noise(7, seed=3), noise(9, seed=4))
    settings = {"stride": stride, "padding": (2, 3), "dilation": (2, 1)}
    assert_close(
        convolve_by(engine, image, kernel, **settings), reference(image, kernel, **settings), image, kernel
    )


@pytest.mark.parametrize("engine", [None, *ENGINES])
@pytest.mark.parametrize("stride", [(1, 1), (2, 3)])
def test_a_kernel_of_all_channels_is_summed(engine, stride):
    image, kernel = noise(40, 50, 3), noise(5, 4, 3, seed=1)
    result = convolve_by(engine, image, kernel, stride=stride, padding=2)
    expected = reference(image, kernel, stride=stride, padding=(2, 2))
    assert result.ndim == 2
    assert_close(result, expected, image, kernel)


@pytest.mark.parametrize("channels", [(), (3,)])
@pytest.mark.parametrize("stride", [(1, 1), (2, 2), (3, 2), (4, 1)])
@pytest.mark.parametrize("size", [(2, 5), (3, 3), (9, 9)])
def test_a_float_picture_that_is_read_where_it_stands(channels, stride, size):
    image = noise(230, 610, *channels).astype(np.float32)
    kernel = np.outer(noise(size[0], seed=1), noise(size[1], seed=2))
    before = image.copy()
    for engine in ("direct", "separable"):
        result = convolve_by(engine, image, kernel, stride=stride)
        assert_close(result, reference(image, kernel, stride=stride), image, kernel)
    assert np.array_equal(image, before)


def test_a_separable_kernel_of_all_channels_is_summed():
    image, kernel = noise(40, 50, 3), np.multiply.outer(np.outer([1, 2, 1], [1, 0, -1]), [0.3, 0.6, 0.1])
    result = convolve_by("separable", image, kernel, stride=2)
    assert_close(result, reference(image, kernel, stride=(2, 2)), image, kernel)


@pytest.mark.parametrize("dtype", ["bool", "u1", "i1", "u2", "i4", "i8", "u8", "f2", "f4", "f8"])
@pytest.mark.parametrize("size", [3, 5, 13])
def test_every_real_type_is_used_as_it_is_and_left_alone(dtype, size):
    image = (noise(50, 60) * 40 + 60).clip(0, 120).astype(dtype)
    image.flags.writeable = False
    kernel = noise(size, size, seed=1)
    assert_close(convolve2d(image, kernel), reference(image, kernel), image, kernel)


@pytest.mark.parametrize("view", [np.s_[::-1, ::2], np.s_[5:-3, ::-3], np.s_[::2, 7:]])
@pytest.mark.parametrize("size", [3, 5, 13])
def test_views_with_any_strides(view, size):
    image, kernel = noise(90, 200).astype(np.float32)[view], noise(size, size, seed=1)
    assert_close(convolve2d(image, kernel), reference(image, kernel), image, kernel)
    turned = image.T
    assert_close(convolve2d(turned, kernel), reference(turned, kernel), turned, kernel)


@pytest.mark.parametrize("size", [3, 5, 15, 31])
@pytest.mark.parametrize("zero_sum", [False, True])
@pytest.mark.parametrize(
    "image",
    [
        1e6 + noise(64, 80),
        np.random.default_rng(0).integers(60_000, 60_010, (64, 80)).astype(np.uint16),
        np.random.default_rng(0).integers(2**40, 2**40 + 50, (64, 80)),
        (4096 + np.random.default_rng(0).integers(0, 9, (64, 80))).astype(np.float32),
        np.random.default_rng(0).integers(0, 65_536, (64, 80)).astype(np.uint16),
    ],
    ids=["1e6 in float64", "uint16 offset", "int64 offset", "float32 offset", "uint16"],
)
def test_a_large_offset_costs_no_digits(image, size, zero_sum):
    kernel = noise(size, size, seed=1)
    if zero_sum:
        kernel -= kernel.mean()
    assert_close(convolve2d(image, kernel), reference(image, kernel), image, kernel)
    same = convolve2d(image, kernel, padding="same")
    sides = ((size - 1) // 2, size // 2)
    assert_close(same, reference(image, kernel, padding=(sides, sides)), image, kernel, zeros=True)


def test_whole_numbers_stay_exact():
    image = np.random.default_rng(0).integers(0, 256, (60, 70), dtype=np.uint8)
    assert np.array_equal(convolve2d(image, SOBEL), reference(image, SOBEL))


@pytest.mark.parametrize("scale", [1e-25, 1e25])
def test_values_outside_the_usual_range_of_float32(scale):
    image, kernel = noise(40, 40) * scale, noise(5, 5, seed=1) / scale
    assert_close(convolve2d(image, kernel), reference(image, kernel), image, kernel)


@pytest.mark.parametrize("engine", [None, *ENGINES])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("size", [3, 7, 15])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_bad_value_spoils_only_the_windows_that_hold_it(engine, bad, size, dtype):
    image, kernel = noise(80, 150).astype(dtype), noise(size, size, seed=1)
    clean = convolve2d(image, kernel)
    image[40, 70] = bad
    result = convolve_by(engine, image, kernel)
    held = np.zeros(result.shape, bool)
    held[41 - size : 41, 71 - size : 71] = True
    assert not np.isfinite(result[held]).any()
    np.testing.assert_allclose(result[~held], clean[~held], atol=1e-4)


@pytest.mark.parametrize("mode", MODES)
def test_equals_torch_conv2d(mode):
    image, kernel = noise(3, 30, 41).astype(np.float32), noise(1, 3, 4, 5, seed=1).astype(np.float32)
    layer = torch.nn.Conv2d(3, 1, (4, 5), stride=(2, 1), padding=(3, 2), padding_mode=mode, bias=False)
    layer.weight.data = torch.from_numpy(kernel)
    with torch.no_grad():
        expected = layer(torch.from_numpy(image)[None])[0, 0].numpy()
    weights = kernel[0].transpose(1, 2, 0)
    result = convolve2d(image.transpose(1, 2, 0), weights, stride=(2, 1), padding=(3, 2), padding_mode=mode)
    np.testing.assert_allclose(result, expected, atol=2e-5)


@pytest.mark.parametrize(
    ("mode", "name"), [("replicate", "nearest"), ("reflect", "mirror"), ("circular", "wrap")]
)
def test_equals_scipy_ndimage_at_the_border(mode, name):
    image, kernel = noise(25, 31), noise(5, 3, seed=1)
    expected = ndimage.correlate(image, kernel, mode=name)
    result = convolve2d(image, kernel, padding="same", padding_mode=mode)
    np.testing.assert_allclose(result, expected, atol=1e-5)


def test_a_padding_larger_than_the_picture_wraps_again():
    image, kernel = noise(4, 3), noise(3, 3, seed=1)
    for mode in MODES:
        settings = {"padding": (11, 14), "padding_mode": mode}
        assert_close(
            convolve2d(image, kernel, **settings), reference(image, kernel, **settings), image, kernel
        )


def test_numpy_integers_are_integers():
    image = noise(9, 9)
    one = convolve2d(
        image, SOBEL, stride=np.int64(2), padding=(np.uint8(1), np.int32(1)), dilation=np.int8(2)
    )
    assert np.array_equal(one, convolve2d(image, SOBEL, stride=2, padding=1, dilation=2))


@pytest.mark.parametrize(
    ("image", "kernel", "settings", "error", "words"),
    [
        (
            np.ones((16, 16)),
            np.ones((7, 7)),
            {"dilation": 3},
            ValueError,
            "a 7×7 kernel with dilation 3 spans 19×19 cells; the padded picture has 16×16",
        ),
        (
            np.ones((9, 4)),
            np.ones((3, 5)),
            {"dilation": (1, 2), "padding": (0, 1)},
            ValueError,
            "a 3×5 kernel with dilation 1×2 spans 3×9 cells; the padded picture has 9×6",
        ),
        (
            np.ones((4, 5)),
            np.ones((3, 3)),
            {"padding": 10**5},
            ValueError,
            "picture would have 200004×200005 pixels; at most 100,000,000",
        ),
        (
            np.ones((4, 5)),
            np.ones((3, 3)),
            {"padding": "same", "dilation": 10**9},
            ValueError,
            "at most 100,000,000 are computed",
        ),
        (np.ones((4, 4, 3)), np.ones((2, 2, 4)), {}, ValueError, "kernel has 4 channels and the picture 3"),
        (np.ones((4, 4)), np.ones((2, 2, 3)), {}, ValueError, "kernel has 3 channels and the picture 1"),
        (np.ones(4), np.ones((2, 2)), {}, ValueError, r"image must have 2 or 3 axes; its shape \(4,\) has 1"),
        (np.ones((4, 0)), np.ones((2, 2)), {}, ValueError, r"image is empty: its shape is \(4, 0\)"),
        (np.ones((4, 4)), np.ones((0, 2)), {}, ValueError, "kernel is empty"),
        (
            np.ones((4, 4), complex),
            np.ones((2, 2)),
            {},
            TypeError,
            "image must hold real numbers.*complex128",
        ),
        ([["a", "b"]], np.ones((1, 1)), {}, TypeError, "image must hold real numbers"),
        (np.ones((4, 4)), np.array([[None]]), {}, TypeError, "kernel must hold real numbers.*object"),
        (np.ones((4, 4)), [[np.nan]], {}, ValueError, "finite"),
        (np.ones((4, 4)), [[1]], {"stride": 0}, ValueError, "stride must be at least 1, not 0"),
        (np.ones((4, 4)), [[1]], {"dilation": (1, -2)}, ValueError, "dilation must be at least 1, not -2"),
        (np.ones((4, 4)), [[1]], {"padding": -1}, ValueError, "padding must be at least 0, not -1"),
        (np.ones((4, 4)), [[1]], {"padding": 1.5}, TypeError, "padding must be a whole number, not 1.5"),
        (np.ones((4, 4)), [[1]], {"stride": True}, TypeError, "stride must be a whole number, not True"),
        (np.ones((4, 4)), [[1]], {"stride": (1, 2, 3)}, ValueError, "not 3 numbers"),
        (np.ones((4, 4)), [[1]], {"padding": "full"}, ValueError, "'full'"),
        (np.ones((4, 4)), [[1]], {"padding_mode": "mirror"}, ValueError, "'mirror'"),
    ],
)
def test_one_clear_sentence_for_what_cannot_be_done(image, kernel, settings, error, words):
    with pytest.raises(error, match=words):
        convolve2d(image, kernel, **settings)


def test_padding_before_gives_the_same_as_padding_inside():
    image, kernel = noise(20, 30, 3), noise(3, 3, seed=1)
    outside = convolve2d(pad(image, (2, 2, 4, 4), "reflect"), kernel)
    inside = convolve2d(image, kernel, padding=(2, 4), padding_mode="reflect")
    np.testing.assert_allclose(outside, inside, atol=1e-6)
