import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.core import dropped, output_size, pad, pad_amounts, span


def test_sizes_by_hand():
    assert output_size(28, 3) == 26
    assert output_size(28, 3, padding=1) == 28
    assert output_size(12, 3, stride=3) == 4
    assert output_size(7, 3, stride=2, padding="same") == 4
    assert output_size(5, 2, stride=2, ceil_mode=True) == 3
    assert output_size(16, 3, dilation=4) == 8
    assert span(7, 3) == 19
    assert pad_amounts(10, 4, "same") == (1, 2)
    assert pad_amounts(10, 3, "same", 2) == (2, 2)
    assert dropped(10, 3, 2, 0, 1) == 1
    assert dropped(11, 3, 2, 0, 1) == 0


@st.composite
def windows_that_fit(draw):
    """Length, kernel, stride, padding and dilation of an axis on which the kernel has room."""
    kernel, stride, padding, dilation = (
        draw(st.integers(*bounds)) for bounds in ((1, 9), (1, 6), (0, 9), (1, 4))
    )
    n = draw(st.integers(max(1, span(kernel, dilation) - 2 * padding), 60))
    return n, kernel, stride, padding, dilation


@given(windows_that_fit())
def test_output_size_is_torch_s(window):
    n, kernel, stride, padding, dilation = window
    layer = torch.nn.Conv1d(1, 1, kernel, stride, padding, dilation)
    assert (
        output_size(n, kernel, stride=stride, padding=padding, dilation=dilation)
        == (layer(torch.zeros(1, 1, n)).shape[2])
    )


@given(st.data(), st.integers(1, 60), st.integers(1, 9), st.integers(1, 9), st.booleans())
def test_output_size_is_torch_s_pooling(data, n, kernel, stride, ceil_mode):
    padding = data.draw(st.integers(0, kernel // 2), "padding")
    pool = torch.nn.MaxPool1d(kernel, stride, padding, ceil_mode=ceil_mode)
    sizes = {"stride": stride, "padding": padding, "ceil_mode": ceil_mode}
    try:
        expected = pool(torch.zeros(1, 1, n)).shape[2]
    except RuntimeError:
        with pytest.raises(ValueError, match=f"spans {kernel} cells"):
            output_size(n, kernel, **sizes)
    else:
        assert output_size(n, kernel, **sizes) == expected


@given(st.integers(1, 60), st.integers(1, 9), st.integers(1, 6), st.integers(1, 4))
def test_same_is_the_length_over_the_stride_rounded_up(n, kernel, stride, dilation):
    assert output_size(n, kernel, stride=stride, padding="same", dilation=dilation) == -(-n // stride)


@given(windows_that_fit())
def test_dropped_cells_are_those_no_window_reaches(window):
    n, kernel, stride, padding, dilation = window
    outputs = output_size(n, kernel, stride=stride, padding=padding, dilation=dilation)
    last = (outputs - 1) * stride + dilation * (kernel - 1)
    left = dropped(n, kernel, stride, padding, dilation)
    assert left == n + 2 * padding - 1 - last
    assert 0 <= left < stride


def test_no_output_names_the_numbers():
    words = "a kernel of 7 with dilation 3 spans 19 cells; the padded axis has 16"
    with pytest.raises(ValueError, match=words):
        output_size(14, 7, padding=1, dilation=3)
    with pytest.raises(TypeError, match=r"kernel must be a whole number, not 3\.0"):
        output_size(14, 3.0)
    with pytest.raises(ValueError, match="n must be at least 1, not 0"):
        output_size(0, 1)


MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("amounts", [(0, 0, 0, 0), (1, 2, 3, 0), (9, 14, 5, 21)])
@pytest.mark.parametrize("shape", [(4, 5), (1, 3), (3, 1, 2), (6, 2, 3)])
def test_pad_is_numpy_s(mode, amounts, shape):
    image = np.arange(np.prod(shape), dtype=np.uint8).reshape(shape) + 1
    top, bottom, left, right = amounts
    widths = [(top, bottom), (left, right), *[(0, 0)] * (len(shape) - 2)]
    padded = pad(image, amounts, mode)
    assert padded.dtype == image.dtype
    assert np.array_equal(padded, np.pad(image, widths, mode=MODES[mode]))


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
def test_pad_is_torch_s(mode):
    image = np.random.default_rng(0).standard_normal((6, 7))
    expected = torch.nn.functional.pad(torch.from_numpy(image)[None, None], (3, 2, 4, 1), mode=mode)
    assert np.array_equal(pad(image, (4, 1, 3, 2), mode), expected[0, 0].numpy())


@pytest.mark.parametrize(
    ("amounts", "mode", "words"),
    [
        ((1, 1, 1), "zeros", "not 3 numbers"),
        ((1, 1, 1, -1), "zeros", "padding must be at least 0, not -1"),
        ((1, 1, 1, 1), "edge", "'edge'"),
    ],
)
def test_pad_refuses(amounts, mode, words):
    with pytest.raises(ValueError, match=words):
        pad(np.ones((3, 3)), amounts, mode)
