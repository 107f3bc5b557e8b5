"""Activation functions against torch, their shares, and what the table says about them."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from cnnviz.core.activations.table import ACTIVATIONS, Activation, saturated_share, zero_share

TORCH = {
    "identity": lambda x: x * 1,
    "relu": functional.relu,
    "leaky_relu": lambda x, slope=0.01: functional.leaky_relu(x, slope),
    "elu": lambda x, alpha=1.0: functional.elu(x, alpha),
    "gelu": functional.gelu,
    "silu": functional.silu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    # torch takes the straight line above the threshold, where they differ by less than 1e-13
    "softplus": lambda x, beta=1.0: functional.softplus(x, beta, threshold=30),
    "hard_sigmoid": functional.hardsigmoid,
    "hard_tanh": functional.hardtanh,
    "hard_swish": functional.hardswish,
    "relu6": functional.relu6,
}
KINKS = [-3.0, -1.0, 0.0, 1.0, 3.0, 6.0]
OTHER = [
    ("leaky_relu", {"slope": 0.3}),
    ("leaky_relu", {"slope": 0.0}),
    ("elu", {"alpha": 0.5}),
    ("softplus", {"beta": 5}),
]
EVERY = [(name, {}) for name in ACTIVATIONS] + OTHER
INPUTS = np.concatenate([np.linspace(-30, 30, 4801), KINKS, [-700, 700]])


def oracle(name: str, values: NDArray[np.floating], parameters: dict[str, float]) -> tuple[Tensor, Tensor]:
    x = torch.tensor(values, requires_grad=True)
    y = TORCH[name](x, **parameters)
    y.sum().backward()
    return y.detach(), x.grad


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("name", "parameters"), EVERY)
def test_function_and_derivative_are_torchs(name: str, parameters: dict[str, float], dtype: type) -> None:
    values = INPUTS.astype(dtype)
    y, slope = oracle(name, values, parameters)
    tolerance = {np.float32: 2e-6, np.float64: 1e-14}[dtype]
    mine, my_slope = (
        getattr(ACTIVATIONS[name], part)(values, **parameters) for part in ("function", "derivative")
    )
    assert mine.dtype == my_slope.dtype == dtype
    np.testing.assert_allclose(mine, y.numpy(), rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(my_slope, slope.numpy(), rtol=tolerance, atol=max(tolerance, 1e-8))


@pytest.mark.parametrize(("name", "parameters"), EVERY)
def test_at_a_kink_the_derivative_is_the_one_that_torch_takes(
    name: str, parameters: dict[str, float]
) -> None:
    _, slope = oracle(name, np.array(KINKS), parameters)
    np.testing.assert_allclose(ACTIVATIONS[name].derivative(KINKS, **parameters), slope.numpy(), atol=1e-8)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_table_names_every_kink(name: str) -> None:
    """Where the slope jumps, the sentence says so; smooth functions have none."""
    activation = ACTIVATIONS[name]
    at = np.array(KINKS)
    other = {"alpha": 2.0} if name == "elu" else {}  # its default has no jump; others have
    after, before = (activation.derivative(at + step, **other) for step in (1e-7, -1e-7))
    jump = np.abs(after - before) > 1e-3
    assert bool(activation.kinks) == bool(jump.any())
    for place in at[jump]:
        assert f"{place:.0f}".replace("-", "−") in activation.kinks


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_whole_numbers_and_shapes(name: str) -> None:
    result = ACTIVATIONS[name].function(np.array([[-2, 0], [1, 9]], dtype=np.int32))
    assert (result.dtype, result.shape) == (np.float64, (2, 2))
    assert ACTIVATIONS[name].function(3).shape == ()
    given = np.array([1.0, -1.0])
    assert not np.shares_memory(ACTIVATIONS[name].function(given), given)


@pytest.mark.parametrize("name", ACTIVATIONS)
@settings(max_examples=30)
@given(x=st.floats(-(2.0**100), 2.0**100, width=32))
def test_finite_in_finite_out(name: str, x: float) -> None:
    values = np.array([x], dtype=np.float32)
    assert np.isfinite(ACTIVATIONS[name].function(values)).all()
    assert np.isfinite(ACTIVATIONS[name].derivative(values)).all()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_derivative_is_the_slope_of_the_function(name: str) -> None:
    x = np.linspace(-8, 8, 641) + 0.0017  # beside the kinks
    rise = (ACTIVATIONS[name].function(x + 1e-6) - ACTIVATIONS[name].function(x - 1e-6)) / 2e-6
    np.testing.assert_allclose(ACTIVATIONS[name].derivative(x), rise, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("relu", 0, 700), ("elu", -1, 700), ("gelu", -0.17, 700), ("silu", -0.2785, 700), ("sigmoid", 0, 1),
        ("tanh", -1, 1), ("softplus", 0, 700), ("hard_sigmoid", 0, 1), ("hard_tanh", -1, 1),
        ("hard_swish", -0.375, 700), ("relu6", 0, 6), ("identity", -700, 700),
    ],
)  # fmt: skip
def test_the_range_is_the_one_in_the_table(name: str, low: float, high: float) -> None:
    values = ACTIVATIONS[name].function(INPUTS)
    assert values.min() == pytest.approx(low, abs=1e-3)
    assert values.max() == pytest.approx(high, abs=1e-3)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_entry_is_complete(name: str) -> None:
    entry = ACTIVATIONS[name]
    assert entry.id == name
    assert entry.about.endswith(".")
    assert min(len(entry.title), len(entry.formula), len(entry.source), len(entry.range_text)) > 2
    assert "$" not in entry.formula


def test_the_steepest_slopes() -> None:
    known = {"identity": 1, "relu": 1, "sigmoid": 0.25, "tanh": 1, "hard_sigmoid": 1 / 6, "hard_swish": 1.5,
             "silu": 1.0998, "gelu": 1.1289}  # fmt: skip
    for name, slope in known.items():
        assert ACTIVATIONS[name].steepest() == pytest.approx(slope, abs=1e-3)
    assert ACTIVATIONS["elu"].steepest(alpha=2) == 2


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [({"slop": 0.1}, "no parameter called 'slop'; it has: slope"), ({"slope": 2}, "from 0 to 0.5, not 2")],
)
def test_parameters_are_checked(parameters: dict[str, float], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        ACTIVATIONS["leaky_relu"].function([1.0], **parameters)
    with pytest.raises(ValueError, match="it has: none"):
        ACTIVATIONS["relu"].derivative([1.0], slope=1)


def test_the_share_of_zeros() -> None:
    after = ACTIVATIONS["relu"].function([-1.0, -0.5, 0.0, 2.0])
    assert zero_share(after) == 0.75
    assert zero_share([[1, 0], [0, 0]]) == 0.75
    with pytest.raises(ValueError, match="no value"):
        zero_share([])


@pytest.mark.parametrize(
    ("name", "values", "share"),
    [
        ("relu", [-1, 0, 1, 2], 0.5),
        ("identity", [-9, 0, 9], 0),
        ("leaky_relu", [-1, 1], 0.5),  # a slope of 0.01 beside 1
        ("sigmoid", [-4.37, -4.35, 0, 4.35, 4.37], 0.4),
        ("tanh", [-2.19, -2.17, 2.17, 2.19], 0.5),
        ("hard_sigmoid", [-3, -2.9, 3], 2 / 3),
        ("relu6", [-1, 0, 5, 6, 7], 0.8),
    ],
)
def test_the_share_of_saturated_cells(name: str, values: list[float], share: float) -> None:
    assert saturated_share(ACTIVATIONS[name], values) == pytest.approx(share)


def test_the_threshold_and_the_parameters_count() -> None:
    leaky: Activation = ACTIVATIONS["leaky_relu"]
    assert saturated_share(leaky, [-1, 1], slope=0.2) == 0
    assert saturated_share(leaky, [-1, 1], 0.3, slope=0.2) == 0.5
    with pytest.raises(ValueError, match="no value"):
        saturated_share(leaky, [])
