"""Sizes of pooled maps, against pool2d itself."""

import numpy as np
import pytest

from cnnviz.core.pooling.pool import pool2d
from cnnviz.core.pooling.shapes import Window, WindowFit, pooled_shape, pyramid_shapes, window_fit


@pytest.mark.parametrize("ceil_mode", [False, True])
@pytest.mark.parametrize("padding", [0, 1])
@pytest.mark.parametrize("stride", [1, 2, 3, 4])
@pytest.mark.parametrize("size", [2, 3])
def test_the_shape_and_the_rest_are_pool2ds(size, stride, padding, ceil_mode) -> None:
    window = Window((size, size), (stride, stride), (padding, padding), ceil_mode)
    for n in range(3, 14):
        image = np.zeros((n, 11), np.float32)
        out = pool2d(image, size, stride=stride, padding=padding, ceil_mode=ceil_mode)
        assert pooled_shape((n, 11), window) == out.shape
        found = window_fit(n, window, 0)
        end = (found.outputs - 1) * stride + size - padding  # one past the last cell that a window touches
        assert found.dropped == max(n - end, 0)
        assert found.over == max(end - (n + padding), 0)
        assert found.unused_padding == min(max(n + padding - end, 0), padding)


def test_half_fitting_sizes_by_hand() -> None:
    assert window_fit(7, Window((2, 2), (2, 2)), 0) == WindowFit(3, 1, 0, 0)
    assert window_fit(7, Window((2, 2), (2, 2), ceil_mode=True), 0) == WindowFit(4, 0, 0, 1)
    assert window_fit(8, Window((3, 3), (3, 3), (1, 1)), 1) == WindowFit(3, 0, 1, 0)


def test_a_pyramid_ends_where_nothing_gets_smaller() -> None:
    halves = Window((2, 2), (2, 2))
    assert pyramid_shapes((12, 20), halves, 5) == [(12, 20), (6, 10), (3, 5), (1, 2)]
    assert pyramid_shapes((12, 20), halves, 1) == [(12, 20), (6, 10)]
    same = Window((3, 3), (1, 1), (1, 1))
    assert pyramid_shapes((12, 20), same, 5) == [(12, 20)]
