"""What a kernel of the library is: its data, its parameters and the one rule that checks them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Weights = NDArray[np.float32]
LARGEST = 31  # the convolution engine takes kernels up to 31 × 31


@dataclass(frozen=True)
class Parameter:
    """One number that shapes a kernel.

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

    def check(self, value: float, owner: str) -> float:
        """The value itself if it may be used, else a ValueError that says in one sentence what may be."""
        got = float(value)
        unit = f" {self.unit}" if self.unit else ""
        if not (math.isfinite(got) and self.low <= got <= self.high):
            raise ValueError(
                f"{owner}: {self.title} must be from {self.low:g} to {self.high:g}{unit}, not {got:g}."
            )
        if not isinstance(self.step, int):
            return got
        if (got - self.low) % self.step:
            raise ValueError(
                f"{owner}: {self.title} must be {self.low:g}, {self.low + self.step:g}, … "
                f"up to {self.high:g}{unit}, not {got:g}."
            )
        return int(got)


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
        chosen = {
            name: parameter.check(parameters.get(name, parameter.default), self.title)
            for name, parameter in known.items()
        }
        weights = self.builder(**chosen)
        # cos 90° is 6e-17 in floating point: a weight that small beside the largest is rounding, not kernel.
        weights[np.abs(weights) < 1e-10 * np.abs(weights).max()] = 0
        return weights.astype(np.float32)

    @cached_property
    def weights(self) -> Weights:
        """The weights at the default parameters, float32 (kh, kw), read-only."""
        weights = self.make()
        weights.flags.writeable = False
        return weights
