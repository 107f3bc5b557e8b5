"""A slider over numbers whose steps are uneven: decades of a learning rate, doublings of a batch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cnnviz.ui.kit.controls import Choice

__all__ = ["Scale", "decades", "scale"]


@dataclass(frozen=True)
class Scale(Choice):
    """A choice between numbers in rising order; the label "all" stands for None, after the largest."""

    def number(self) -> float | None:
        """The chosen number."""
        return _number(self.get())

    def put(self, value: float | None) -> None:
        """Choose the number that is nearest on a log scale; "all" or the largest for None."""
        names = list(self.options)
        if value is None:
            self.set(names[-1])
            return
        numbers = [(name, number) for name in names if (number := _number(name)) is not None]
        self.set(min(numbers, key=lambda pair: abs(_place(pair[1]) - _place(value)))[0])


def _number(name: str) -> float | None:
    return None if name == "all" else float(name)


def _place(value: float) -> float:
    return math.log10(max(value, 1e-9))


def _text(value: float) -> str:
    """Without an exponent: 0.00001, not 1e-05."""
    return np.format_float_positional(value, trim="-")


def scale(
    key: str,
    label: str,
    values: Sequence[float],
    default: float | None,
    help: str,
    *,
    all_of_them: bool = False,
) -> Scale:
    """A slider over `values`; with `all_of_them`, its last step is "all", which `default` None stands for."""
    names = [*map(_text, values), *(["all"] if all_of_them else [])]
    start = "all" if default is None else _text(default)
    return Scale(key, label, {name: name for name in names}, start, help, kind="slider")


def decades(first: int, last: int, steps: Sequence[int] = (1, 2, 3, 5)) -> tuple[float, ...]:
    """`steps` in every decade from 10^first on, and 10^last."""
    rounded = [float(f"{step}e{exponent}") for exponent in range(first, last) for step in steps]
    return (*rounded, float(f"1e{last}"))
