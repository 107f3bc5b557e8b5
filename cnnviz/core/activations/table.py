"""Activation functions as data: formula, function, derivative, and what they do to a feature map.

The functions work on arrays of any shape, keep float32 and float64, and are stable for any finite input. The
derivative at a kink is the one that torch uses; each entry of the table says which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.core.activations import functions
from cnnviz.core.activations.functions import Array, Curve, Function
from cnnviz.core.kernels.model import Parameter

__all__ = [
    "ACTIVATIONS",
    "SATURATED_BELOW",
    "Activation",
    "Family",
    "Side",
    "saturated_share",
    "zero_share",
]

Family = Literal["linear", "rectifier", "smooth", "squashing"]
Side = Literal["", "below", "above", "both"]
SATURATED_BELOW = 0.05


@dataclass(frozen=True)
class Activation:
    """One entry of the table.

    formula:    LaTeX without dollar signs.
    about:      one sentence on what it does to a feature map.
    source:     where it comes from.
    kinks:      one sentence on where the derivative jumps and what is taken there; empty if nowhere.
    range_text: the values that can come out.
    parameters: the numbers that shape it.
    curve:      the function and its derivative. Its twin in the browser stands under the same id in
                components/activation_view/maths.js.
    torch_class: of `torch.nn`, its arguments in the order of `parameters`.
    family:     what it does to large values: "linear" and "rectifier" are straight lines, "smooth" ones bend,
                "squashing" ones hold both ends.
    saturates:  on which side of 0 it becomes flat: "below", "above", "both", or "" where on none.
    zero_arm:   whether its slope is exactly 0 on a whole arm, so that a unit can die there.
    """

    id: str
    title: str
    formula: str
    about: str
    source: str
    range_text: str
    kinks: str = ""
    parameters: tuple[Parameter, ...] = ()
    curve: Curve = field(kw_only=True)
    torch_class: str = field(kw_only=True)
    family: Family = field(kw_only=True)
    saturates: Side = field(default="", kw_only=True)
    zero_arm: bool = field(default=False, kw_only=True)

    @property
    def flat_text(self) -> str:
        """One sentence on where it is nearly flat, so that hardly any gradient passes."""
        sides = {"below": "far below 0", "above": "far above 0", "both": "far from 0 on both sides"}
        return f"It is nearly flat {sides[self.saturates]}." if self.saturates else "It is flat nowhere."

    def settings(self, **parameters: float) -> dict[str, float]:
        """All parameters by name, defaults filled in; ValueError, one sentence, for illegal ones."""
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in parameters:
            if name not in known:
                has = ", ".join(known) or "none"
                raise ValueError(f"{self.title} has no parameter called {name!r}; it has: {has}.")
        return {
            name: parameter.check(parameters.get(name, parameter.default), self.title)
            for name, parameter in known.items()
        }

    def function(self, values: ArrayLike, **parameters: float) -> Array:
        """f(x) for every value; float32 stays float32, everything else becomes float64."""
        return self._run(self.curve.function, values, parameters)

    def derivative(self, values: ArrayLike, **parameters: float) -> Array:
        """f′(x) for every value, at a kink as `kinks` says; types as `function`."""
        return self._run(self.curve.derivative, values, parameters)

    def steepest(self, **parameters: float) -> float:
        """The largest |f′(x)|."""
        return _steepest(self.curve, tuple(self.settings(**parameters).items()))

    def _run(self, function: Function, values: ArrayLike, parameters: Mapping[str, float]) -> Array:
        array = np.asarray(values)
        array = array if array.dtype == np.float32 else array.astype(np.float64)
        with np.errstate(over="ignore", under="ignore"):
            result = function(array, **self.settings(**parameters))
        return np.asarray(result, dtype=array.dtype)


@cache
def _steepest(curve: Curve, parameters: tuple[tuple[str, float], ...]) -> float:
    """Every function of the table is steepest, or all but steepest, somewhere between −20 and 20."""
    slopes = curve.derivative(np.arange(-8000, 8001) / 400, **dict(parameters))
    return float(np.abs(slopes).max())


SLOPE = Parameter("slope", "Slope below 0", 0.01, 0.0, 0.5, 0.01)
ALPHA = Parameter("alpha", "α, the limit below 0", 1.0, 0.1, 2.0, 0.1)
BETA = Parameter("beta", "β, how sharp the bend is", 1.0, 0.5, 5.0, 0.5)

_NAIR = "V. Nair and G. Hinton, Rectified Linear Units Improve Restricted Boltzmann Machines, 2010"
_COURBARIAUX = "M. Courbariaux, Y. Bengio, J.-P. David, BinaryConnect, 2015"
_HOWARD = "A. Howard et al., Searching for MobileNetV3, 2019"

_ENTRIES = (
    Activation(
        "identity",
        "None (identity)",
        r"f(x) = x",
        "Nothing changes, and layers without an activation between them collapse into one.",
        "The identity map.",
        "every number",
        curve=functions.IDENTITY,
        torch_class="Identity",
        family="linear",
    ),
    Activation(
        "relu",
        "ReLU",
        r"f(x) = \max(0, x)",
        "Negative cells become 0 and positive ones stay as they are, so one side of every edge is dropped.",
        _NAIR,
        "0 and above",
        "The slope jumps at 0 from 0 to 1; at 0 it is taken as 0.",
        curve=functions.RELU,
        torch_class="ReLU",
        family="rectifier",
        saturates="below",
        zero_arm=True,
    ),
    Activation(
        "leaky_relu",
        "Leaky ReLU",
        r"f(x) = \begin{cases} x & x > 0 \\ a\,x & x \le 0 \end{cases}",
        "Negative cells are made small instead of 0, so that their gradient never dies out.",
        "A. Maas, A. Hannun, A. Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models, 2013",
        "every number (0 and above where the slope is 0)",
        "The slope jumps at 0 from a to 1; at 0 it is taken as a.",
        (SLOPE,),
        curve=functions.LEAKY_RELU,
        torch_class="LeakyReLU",
        family="rectifier",
        saturates="below",
    ),
    Activation(
        "elu",
        "ELU",
        r"f(x) = \begin{cases} x & x > 0 \\ \alpha\,(e^x - 1) & x \le 0 \end{cases}",
        "Negative cells bend towards −α, so the mean of a map stays nearer to 0 than with ReLU.",
        "D.-A. Clevert, T. Unterthiner, S. Hochreiter, Exponential Linear Units (ELUs), 2015",
        "above −α",
        "The slope jumps at 0 from α to 1 unless α is 1; at 0 it is taken as α.",
        (ALPHA,),
        curve=functions.ELU,
        torch_class="ELU",
        family="smooth",
        saturates="below",
    ),
    Activation(
        "gelu",
        "GELU",
        r"f(x) = x\,\Phi(x) = \frac{x}{2}\left(1 + \operatorname{erf}\frac{x}{\sqrt{2}}\right)",
        "Like ReLU with a smooth bend: cells just below 0 come out slightly negative.",
        "D. Hendrycks and K. Gimpel, Gaussian Error Linear Units (GELUs), 2016; exact, not the tanh formula",
        "−0.17 and above",
        curve=functions.GELU,
        torch_class="GELU",
        family="smooth",
        saturates="below",
    ),
    Activation(
        "silu",
        "SiLU (swish)",
        r"f(x) = x\,\sigma(x) = \frac{x}{1 + e^{-x}}",
        "Like ReLU with a smooth bend that dips to −0.28 before it comes back to 0.",
        "S. Elfwing, E. Uchibe, K. Doya, Sigmoid-Weighted Linear Units, 2017",
        "−0.28 and above",
        curve=functions.SILU,
        torch_class="SiLU",
        family="smooth",
        saturates="below",
    ),
    Activation(
        "sigmoid",
        "Sigmoid",
        r"f(x) = \sigma(x) = \frac{1}{1 + e^{-x}}",
        "Every cell is squeezed between 0 and 1, so large values of either sign can no longer be told apart.",
        "The logistic function, P.-F. Verhulst, 1838",
        "between 0 and 1",
        curve=functions.SIGMOID,
        torch_class="Sigmoid",
        family="squashing",
        saturates="both",
    ),
    Activation(
        "tanh",
        "tanh",
        r"f(x) = \tanh x = \frac{e^x - e^{-x}}{e^x + e^{-x}}",
        "Every cell is squeezed between −1 and 1; the sign is kept and strong edges are levelled.",
        "The hyperbolic tangent, V. Riccati, 1757",
        "between −1 and 1",
        curve=functions.TANH,
        torch_class="Tanh",
        family="squashing",
        saturates="both",
    ),
    Activation(
        "softplus",
        "Softplus",
        r"f(x) = \tfrac{1}{\beta} \ln\left(1 + e^{\beta x}\right)",
        "A ReLU with a round corner: no cell becomes exactly 0, and flat areas are lifted to ln 2 / β.",
        "C. Dugas et al., Incorporating Second-Order Functional Knowledge, 2000",
        "above 0",
        "",
        (BETA,),
        curve=functions.SOFTPLUS,
        torch_class="Softplus",
        family="smooth",
        saturates="below",
    ),
    Activation(
        "hard_sigmoid",
        "Hard sigmoid",
        r"f(x) = \min\left(1, \max\left(0, \tfrac{x}{6} + \tfrac{1}{2}\right)\right)",
        "A sigmoid of three straight lines: everything below −3 is 0 and everything above 3 is 1.",
        f"{_COURBARIAUX}; with the slope 1/6 of {_HOWARD}",
        "0 to 1",
        "The slope jumps at −3 and 3 between 0 and 1/6; there it is taken as 0.",
        curve=functions.HARD_SIGMOID,
        torch_class="Hardsigmoid",
        family="squashing",
        saturates="both",
        zero_arm=True,
    ),
    Activation(
        "hard_tanh",
        "Hard tanh",
        r"f(x) = \min(1, \max(-1, x))",
        "Cells between −1 and 1 stay as they are; stronger ones are cut off.",
        "R. Collobert, Large Scale Machine Learning (thesis), 2004",
        "−1 to 1",
        "The slope jumps at −1 and 1 between 0 and 1; there it is taken as 0.",
        curve=functions.HARD_TANH,
        torch_class="Hardtanh",
        family="squashing",
        saturates="both",
        zero_arm=True,
    ),
    Activation(
        "hard_swish",
        "Hard swish",
        r"f(x) = x \cdot \min\left(1, \max\left(0, \tfrac{x}{6} + \tfrac{1}{2}\right)\right)",
        "A SiLU without exponentials, for phones: 0 below −3, untouched above 3.",
        _HOWARD,
        "−0.375 and above",
        "The slope jumps at −3 from 0 to −1/2 and at 3 from 3/2 to 1; at −3 it is taken as 0 and at 3 as 1.",
        curve=functions.HARD_SWISH,
        torch_class="Hardswish",
        family="smooth",
        saturates="below",
        zero_arm=True,
    ),
    Activation(
        "relu6",
        "ReLU6",
        r"f(x) = \min(6, \max(0, x))",
        "A ReLU that stops at 6, so that few bits can hold every value.",
        "A. Krizhevsky, Convolutional Deep Belief Networks on CIFAR-10, 2010",
        "0 to 6",
        "The slope jumps at 0 and 6 between 0 and 1; there it is taken as 0.",
        curve=functions.RELU6,
        torch_class="ReLU6",
        family="rectifier",
        saturates="both",
        zero_arm=True,
    ),
)

ACTIVATIONS: Mapping[str, Activation] = MappingProxyType({entry.id: entry for entry in _ENTRIES})
"""Activation by id, in the order of the menus."""


def zero_share(values: ArrayLike) -> float:
    """The share of values that are exactly 0, from 0 to 1. Raises ValueError where there are none."""
    array = np.asarray(values)
    if not array.size:
        raise ValueError("There is no value to take a share of.")
    return float(np.count_nonzero(array == 0) / array.size)


def saturated_share(
    activation: Activation,
    values: ArrayLike,
    threshold: float = SATURATED_BELOW,
    **parameters: float,
) -> float:
    """The share of inputs x where the function is nearly flat: |f′(x)| < threshold · max |f′|.

    There hardly any gradient passes. For the sigmoid and 0.05 that is |x| > 4.36, for ReLU every x ≤ 0.
    Raises ValueError where there is no value.
    """
    slopes: NDArray[Any] = np.abs(activation.derivative(values, **parameters))
    if not slopes.size:
        raise ValueError("There is no value to take a share of.")
    return float(np.count_nonzero(slopes < threshold * activation.steepest(**parameters)) / slopes.size)
