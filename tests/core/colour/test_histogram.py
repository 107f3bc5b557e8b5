"""How often each value occurs: counted right, whatever the values are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from cnnviz.core.colour.histogram import histogram

finite = st.floats(-1e6, 1e6, width=32)
maps = st.one_of(
    arrays(np.float32, array_shapes(min_dims=2, max_dims=2, max_side=12), elements=finite),
    arrays(np.float32, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3)), elements=finite),
)


@given(maps, st.integers(1, 60))
def test_every_value_is_counted_once(values: NDArray[np.float32], bins: int) -> None:
    data = histogram(values, bins)
    assert data.counts.sum(axis=1).tolist() == [values.shape[0] * values.shape[1]] * len(data.counts)
    assert data.counts.shape == (1 if values.ndim == 2 else 3, bins)
    assert len(data.edges) == bins + 1
    assert (np.diff(data.edges) > 0).all()
    assert data.edges[0] <= values.min()
    assert data.edges[-1] >= values.max()
    assert data.mean == pytest.approx(values.astype(np.float64).mean(), rel=1e-6, abs=1e-6)
    assert data.deviation == pytest.approx(values.astype(np.float64).std(), rel=1e-6, abs=1e-6)


def test_counts_by_hand() -> None:
    data = histogram(np.array([[0, 1, 1, 4]], np.float32), bins=4)
    assert data.edges.tolist() == [0, 1, 2, 3, 4]
    assert data.counts.tolist() == [[1, 2, 0, 1]]


def test_channels_are_counted_by_themselves_on_common_edges() -> None:
    values = np.zeros((2, 2, 3), np.float32)
    values[:, :, 2] = 10
    data = histogram(values, bins=2)
    assert data.counts.tolist() == [[4, 0], [4, 0], [0, 4]]


def test_one_single_value_gets_a_bin_around_it() -> None:
    data = histogram(np.full((3, 3), 7, np.float32), bins=3)
    assert (data.edges[0], data.edges[-1]) == (6.5, 7.5)
    assert data.counts.tolist() == [[0, 9, 0]]
    assert data.deviation == 0


@pytest.mark.parametrize("value", [1e15, -1e25, 3e38])
def test_one_single_large_value_is_counted_too(value: float) -> None:
    data = histogram(np.full((3, 3), value, np.float32))
    assert data.counts.sum() == data.counts[0, 50] == 9
    assert np.all(np.diff(data.edges) > 0)


def test_zero_has_the_middle_of_a_bin_in_a_symmetric_range() -> None:
    data = histogram(np.array([[-3, 0, 3]], np.float32))
    middles = (data.edges[:-1] + data.edges[1:]) / 2
    assert middles[50] == pytest.approx(0, abs=1e-12)
    assert data.counts[0, 50] == 1


def test_only_finite_values_are_counted() -> None:
    data = histogram(np.array([[1, np.nan, np.inf, 3]], np.float32), bins=2)
    assert data.counts.tolist() == [[1, 1]]
    assert data.mean == 2
    with pytest.raises(ValueError, match="no finite value"):
        histogram(np.full((2, 2), np.nan, np.float32))
