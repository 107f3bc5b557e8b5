"""The activation functions and their derivatives, on arrays; table.py has all else about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import pi, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Function = Callable[..., Array]


@dataclass(frozen=True)
class Curve:
    """A function and its derivative; parameters are given by name."""

    function: Function
    derivative: Function


def _sigmoid(x: Array) -> Array:
    """1 / (1 + e⁻ˣ), with an exponential that cannot overflow."""
    small = np.exp(-np.abs(x))
    return np.asarray(np.where(x >= 0, 1, small) / (1 + small))


def _sigmoid_slope(x: Array) -> Array:
    """σ(x)·σ(−x); 1 − σ(x) would lose all digits where σ is close to 1."""
    small = np.exp(-np.abs(x))
    return np.asarray(small / (1 + small) ** 2)


def _normal_density(x: Array) -> Array:
    """The normal distribution's density φ."""
    return np.exp(-0.5 * x * x) / sqrt(2 * pi)


def _normal_distribution(x: Array) -> Array:
    """Φ(x), the normal distribution: by erfc, which keeps its digits where Φ is close to 0."""
    from scipy.special import erfc  # noqa: PLC0415  a slow import, wanted only here

    return np.asarray(0.5 * erfc(-x / sqrt(2)))


def _elu(x: Array, alpha: float) -> Array:
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


def _elu_slope(x: Array, alpha: float) -> Array:
    return np.where(x > 0, 1, alpha * np.exp(np.minimum(x, 0)))


def _silu_slope(x: Array) -> Array:
    return np.asarray(_sigmoid(x) + x * _sigmoid_slope(x))


def _softplus(x: Array, beta: float) -> Array:
    """max(0, x) + ln(1 + e^(−β|x|)) / β: nothing overflows, nothing is lost."""
    return np.asarray(np.maximum(x, 0) + np.log1p(np.exp(-beta * np.abs(x))) / beta)


def _hard_sigmoid(x: Array) -> Array:
    return np.clip(x / 6 + 0.5, 0, 1)


def _hard_swish_slope(x: Array) -> Array:
    return np.where(x <= -3, 0, np.where(x < 3, x / 3 + 0.5, 1))


IDENTITY = Curve(lambda x: x.copy(), np.ones_like)
RELU = Curve(lambda x: np.maximum(x, 0), lambda x: x > 0)
LEAKY_RELU = Curve(lambda x, slope: np.where(x > 0, x, slope * x), lambda x, slope: np.where(x > 0, 1, slope))
ELU = Curve(_elu, _elu_slope)
GELU = Curve(
    lambda x: x * _normal_distribution(x), lambda x: _normal_distribution(x) + x * _normal_density(x)
)
SILU = Curve(lambda x: x * _sigmoid(x), _silu_slope)
SIGMOID = Curve(_sigmoid, _sigmoid_slope)
TANH = Curve(np.tanh, lambda x: 4 * _sigmoid_slope(2 * x))
SOFTPLUS = Curve(_softplus, lambda x, beta: _sigmoid(beta * x))
HARD_SIGMOID = Curve(_hard_sigmoid, lambda x: np.where(np.abs(x) < 3, 1 / 6, 0))
HARD_TANH = Curve(lambda x: np.clip(x, -1, 1), lambda x: np.abs(x) < 1)
HARD_SWISH = Curve(lambda x: x * _hard_sigmoid(x), _hard_swish_slope)
RELU6 = Curve(lambda x: np.clip(x, 0, 6), lambda x: (x > 0) & (x < 6))
