"""A kernel of the library: its data, its parameters and their check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.setting import Setting

Weights = NDArray[np.float32]
LARGEST = 31  # the convolution engine takes kernels up to 31 × 31


@dataclass(frozen=True)
class Parameter:
    """One number that shapes a kernel or an activation.

    A whole-number `step` (int) means that only low, low + step, low + 2·step … are allowed, as for odd sizes.
    A fractional `step` (float) is only the stride of the slider: every number from low to high is allowed.
    """

    name: str
    title: str
    default: float
    low: float
    high: float
    step: float
    unit: str = ""

    @property
    def setting(self) -> Setting:
        """The values that it may have."""
        if isinstance(self.step, int):
            return Setting("count", self.low, self.high, self.step, unit=self.unit)
        return Setting("number", self.low, self.high, unit=self.unit)

    def check(self, value: float, kernel: str) -> float:
        """The value if it is allowed, else a ValueError that says in one sentence what is allowed."""
        whole = isinstance(value, float) and isinstance(self.step, int) and value.is_integer()
        return cast(float, self.setting.parse(int(value) if whole else value, f"{kernel}: {self.title}"))


@dataclass(frozen=True)
class Kernel:
    """One entry of the library: what it is called, its numbers, and what it does to a picture.

    `formula` is LaTeX that KaTeX renders, without dollar signs; `about` is one sentence, true for
    cross-correlation (the kernel is not turned) with y pointing down; `source` says where it comes from.
    `builder` takes the parameters by name and gives the weights as any array-like of shape (kh, kw).
    """

    id: str
    title: str
    group: str
    formula: str
    about: str
    source: str
    builder: Callable[..., NDArray[np.float64]]
    parameters: tuple[Parameter, ...] = ()

    def make(self, **parameters: float) -> Weights:
        """The weights, float32 (kh, kw), for these parameters; those left out take their defaults.

        Raises ValueError, one sentence, for an unknown name or a value outside its bounds.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in parameters:
            if name not in known:
                has = ", ".join(known) if known else "none"
                raise ValueError(f"{self.title} has no parameter called {name!r}; it has: {has}.")
        values = {
            name: parameter.check(parameters.get(name, parameter.default), self.title)
            for name, parameter in known.items()
        }
        weights = self.builder(**values)
        # cos 90° is 6e-17 in floating point: a weight that small beside the largest is a rounding error.
        weights[np.abs(weights) < 1e-10 * np.abs(weights).max()] = 0
        return weights.astype(np.float32)

    @cached_property
    def weights(self) -> Weights:
        """The weights at the default parameters, float32 (kh, kw), read-only."""
        weights = self.make()
        weights.flags.writeable = False
        return weights
