"""Winners, gradients and global pooling against torch's own."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from padded_windows import padded_windows, pairs
from torch.nn import functional

from cnnviz.core.pooling.global_pool import global_pool2d
from cnnviz.core.pooling.gradient import pool_gradient, winners
from cnnviz.core.pooling.pool import pool2d

MAP = np.array([[1, 2, 0, 4], [5, 6, 1, 4], [9, 2, 3, 0], [1, 9, 0, 7]], np.float32)


def test_winners_by_hand_the_first_of_equals() -> None:
    rows, columns = winners(MAP, 2)
    assert rows.tolist() == [[1, 0], [2, 3]]
    assert columns.tolist() == [[1, 3], [0, 3]]


def test_padding_never_wins_not_even_over_minus_infinity() -> None:
    rows, columns = winners(np.full((2, 2), -np.inf), 2, padding=1)
    assert rows.tolist() == [[0, 0], [1, 1]]
    assert columns.tolist() == [[0, 1], [0, 1]]


def test_gradients_by_hand() -> None:
    assert pool_gradient(MAP, 2).sum() == 4
    assert pool_gradient(MAP, 2)[1, 1] == 1
    assert (pool_gradient(MAP, 2, mode="average") == 0.25).all()
    assert pool_gradient([[3, 4]], (1, 2), mode="l2").tolist() == [[np.float32(0.6), np.float32(0.8)]]
    # One window of four cells, three of them padding: a quarter returns, the rest is lost.
    assert pool_gradient([[8.0]], 2, padding=1, mode="average", stride=2).tolist() == [[0.25]]


def test_a_window_of_zeros_returns_nothing_for_l2() -> None:
    assert pool_gradient(np.zeros((4, 4)), 2, mode="l2").tolist() == np.zeros((4, 4)).tolist()


def torch_gradient(image, upstream, size, stride, padding, mode, ceil_mode):
    leaf = torch.from_numpy(image)[None, None].requires_grad_()
    if mode == "max":
        out, at = functional.max_pool2d(leaf, size, stride, padding, ceil_mode=ceil_mode, return_indices=True)
    elif mode == "average":
        out, at = functional.avg_pool2d(leaf, size, stride, padding, ceil_mode=ceil_mode), None
    else:
        out, at = functional.lp_pool2d(leaf, 2, size, stride, ceil_mode=ceil_mode), None
    sent = torch.ones_like(out) if upstream is None else torch.from_numpy(upstream(tuple(out.shape[2:])))
    out.backward(sent.reshape(out.shape))
    return leaf.grad[0, 0].numpy(), at


@settings(max_examples=150)
@given(
    st.tuples(st.integers(1, 17), st.integers(1, 17)),
    padded_windows(5),
    st.none() | pairs(5),
    st.sampled_from(
        [(mode, values) for mode in ("max", "average", "l2") for values in ("floats", "few values")]
        + [("max", "a NaN")]
    ),
    st.booleans(),
    st.booleans(),
)
def test_gradients_and_winners_are_torch_s(shape, window, stride, pooled, ceil_mode, weighted):
    (size, padding), (mode, values) = window, pooled
    padding = (0, 0) if mode == "l2" else padding
    rng = np.random.default_rng(sum(shape))
    image = rng.normal(size=shape) if values != "few values" else rng.integers(1, 3, shape)
    image = image.astype(np.float32)
    if values == "a NaN":
        image[rng.integers(shape[0]), rng.integers(shape[1])] = np.nan
    upstream = (lambda s: np.random.default_rng(1).normal(size=s).astype(np.float32)) if weighted else None
    options = {"stride": stride, "padding": padding, "ceil_mode": ceil_mode}
    try:
        want, at = torch_gradient(image, upstream, size, stride, padding, mode, ceil_mode)
    except RuntimeError:
        with pytest.raises(ValueError, match="spans"):
            pool_gradient(image, size, mode=mode, **options)
        return
    shape_out = pool2d(image, size, mode=mode, **options).shape
    sent = upstream(shape_out) if upstream else None
    got = pool_gradient(image, size, mode=mode, upstream=sent, **options)
    assert got.dtype == np.float32
    np.testing.assert_allclose(got, want, rtol=2e-4, atol=1e-5)
    if mode == "max":
        rows, columns = winners(image, size, **options)
        np.testing.assert_array_equal(rows * shape[1] + columns, at[0, 0].numpy())


@pytest.mark.parametrize("shape", [(1, 1), (5, 3), (64, 48, 8)])
def test_global_pools_are_torch_s(shape) -> None:
    image = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    tensor = torch.from_numpy(image if image.ndim == 3 else image[:, :, None]).permute(2, 0, 1)[None]
    for mode, of_torch in (
        ("max", functional.adaptive_max_pool2d(tensor, 1)),
        ("average", functional.adaptive_avg_pool2d(tensor, 1)),
        ("l2", functional.lp_pool2d(tensor, 2, shape[:2])),
    ):
        got = global_pool2d(image, mode)
        assert got.shape == (1, 1, *shape[2:])
        np.testing.assert_allclose(got.ravel(), of_torch.ravel().numpy(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"size": 5}, "spans 5 cells; the padded axis has 4"),
        ({"size": 2, "padding": 2}, "padding 2 is more than half the pool's size 2"),
        ({"size": 2, "mode": "mean"}, "'mean'"),
        ({"size": 2, "upstream": np.ones((3, 2))}, r"shape \(2, 2\), not \(3, 2\)"),
        ({"size": 2, "image": np.ones((4, 4, 3))}, r"one map \(H, W\); its shape is \(4, 4, 3\)"),
    ],
)
def test_one_clear_sentence(change, words) -> None:
    with pytest.raises(ValueError, match=words):
        pool_gradient(**{"image": MAP, **change})
