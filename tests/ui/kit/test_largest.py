"""Bounds of sliders that another control narrows: they are what the core takes, no more and no less."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.core.convolution.filtering import FilterSettings, apply
from cnnviz.core.pooling.pool import pool2d
from cnnviz.ui.filter.settings import DILATION, most_dilation
from cnnviz.ui.kernel.photo import ChosenKernel
from cnnviz.ui.kit.controls import Number, largest, smallest
from cnnviz.ui.pooling.settings import PADDING, SIZE, most_padding, most_size

ODD = Number("x", "x", 1, 15, 5, 2)


def refusing(refused: set[int]) -> object:
    def fits(value: int) -> None:
        if value in refused:
            raise ValueError(value)

    return fits


@given(st.sets(st.sampled_from(range(1, 17, 2))))
def test_the_largest_is_the_last_that_is_taken(refused: set[int]) -> None:
    taken = [value for value in range(1, 16, 2) if value not in refused]
    assert largest(ODD, refusing(refused)) == (taken[-1] if taken else 1)  # type: ignore[arg-type]
    above = [value for value in taken if value >= 5]
    assert largest(ODD, refusing(refused), 5) == (above[-1] if above else 5)  # type: ignore[arg-type]


@given(st.sets(st.sampled_from(range(1, 17, 2))))
def test_the_smallest_is_the_first_that_is_taken(refused: set[int]) -> None:
    least = smallest(ODD, refusing(refused))  # type: ignore[arg-type]
    taken = [value for value in range(1, 16, 2) if value not in refused]
    assert least == (taken[0] if taken else 15)


def test_an_error_that_is_no_refusal_is_not_swallowed() -> None:
    def fits(value: int) -> None:
        raise TypeError(value)

    with pytest.raises(TypeError):
        largest(ODD, fits)


@given(
    st.tuples(st.integers(1, 7), st.integers(1, 7)),
    st.tuples(st.integers(1, 40), st.integers(1, 40)),
    st.one_of(st.sampled_from(["same", "valid"]), st.tuples(st.integers(0, 9), st.integers(0, 9))),
)
def test_the_filter_s_dilation_goes_as_far_as_the_filter_does(
    shape: tuple[int, int], size: tuple[int, int], padding: object
) -> None:
    weights = np.ones(shape, np.float32)
    most = most_dilation(ChosenKernel("own", "", weights, False, ""), size, padding)  # type: ignore[arg-type]

    def works(dilation: int) -> bool:
        settings = FilterSettings(weights, padding=padding, dilation=(dilation, dilation))  # type: ignore[arg-type]
        try:
            apply(np.zeros((*size, 3), np.uint8), settings)
        except ValueError:
            return False
        return True

    assert most == DILATION.low or works(most)
    assert most == DILATION.high or not works(most + 1)


def pools(shape: tuple[int, int], size: int, stride: int, padding: int, ceil_mode: bool) -> bool:
    try:
        pool2d(np.zeros(shape), size, stride=stride, padding=padding, ceil_mode=ceil_mode)
    except ValueError:
        return False
    return True


@given(st.tuples(st.integers(1, 12), st.integers(1, 12)), st.integers(2, 8), st.integers(1, 8), st.booleans())
def test_the_pool_s_window_and_padding_go_as_far_as_the_pool_does(
    shape: tuple[int, int], size: int, stride: int, ceil_mode: bool
) -> None:
    most = most_size(shape, ceil_mode)
    assert most == SIZE.low or pools(shape, most, most, 0, ceil_mode)
    assert most == SIZE.high or not pools(shape, most + 1, most + 1, 0, ceil_mode)
    most = most_padding(shape, size, stride, ceil_mode)
    assert most == PADDING.low or pools(shape, size, stride, most, ceil_mode)
    assert most == PADDING.high or not pools(shape, size, stride, most + 1, ceil_mode)
