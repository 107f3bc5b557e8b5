"""Declared settings of kernels, activations, layers and training runs.

A number, a count, a choice, a switch or a pair, with its bounds: parsed in one way, with one kind of error.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, Literal

from cnnviz.core.sentences import short_repr

__all__ = ["Kind", "Setting", "Value"]

Value = bool | int | float | str | tuple[int, int] | None
Kind = Literal["number", "count", "choice", "switch", "pair", "padding"]


@dataclass(frozen=True)
class Setting:
    """The values that a setting may have.

    kind:     number is a decimal, count a whole number, choice one of `options` (any text where there are
              none), switch True or False, pair a whole number for both axes or (vertical, horizontal),
              padding a pair or "same".
    low:      the smallest number; with a `step` above 1 a count is low, low + step, low + 2 · step …
    high:     the largest number.
    optional: None is a value too.
    unit:     stands behind the bounds in the sentence.
    """

    kind: Kind
    low: float = 0
    high: float = 0
    step: int = 1
    options: tuple[str, ...] = ()
    optional: bool = False
    unit: str = ""

    @property
    def allowed(self) -> str:
        """The allowed values in words: “a whole number from 1 to 64”."""
        if self.kind == "switch":
            return "true or false"
        if self.kind == "choice":
            return f"one of {', '.join(self.options)}" if self.options else "text"
        unit = f" {self.unit}" if self.unit else ""
        if self.step > 1:
            return f"{self.low:g}, {self.low + self.step:g}, … up to {self.high:g}{unit}"
        bounds = f"from {self.low:g} to {self.high:g}{unit}"
        if self.kind == "number":
            return f"a number {bounds}"
        same = ' or "same"' if self.kind == "padding" else ""
        return f"a whole number {bounds}{same}"

    def parse(self, value: object, where: str, error: type[ValueError] = ValueError) -> Value:
        """`value` as bool, str, int, float or a pair of int.

        Raises `error`, one sentence that begins with `where`, for a value that is not allowed.
        """
        if value is None and self.optional:
            return None
        if self.kind in ("pair", "padding"):
            return self._pair(value, where, error)
        if self.kind == "switch" and isinstance(value, bool):
            return value
        if self.kind == "choice" and isinstance(value, str) and (value in self.options or not self.options):
            return value
        number = self._number(value)
        if number is None:
            raise self._error(value, where, error)
        return number

    def _pair(self, value: object, where: str, error: type[ValueError]) -> tuple[int, int] | str:
        if self.kind == "padding" and value in ("same", "valid"):
            return "same" if value == "same" else (0, 0)
        both: Iterable[object] = value if isinstance(value, (list, tuple)) else (value, value)
        numbers = [self._number(each) for each in both]
        if len(numbers) != 2:
            raise error(f"{where} must be one number or two, not {len(numbers)}.")
        for each, number in zip(both, numbers, strict=True):
            if number is None:
                raise self._error(each, where, error)
        return int(numbers[0] or 0), int(numbers[1] or 0)

    def _number(self, value: object) -> float | None:
        """`value` where it is a number of this kind within the bounds; NaN never is."""
        if self.kind in ("switch", "choice"):
            return None
        if isinstance(value, bool) or not isinstance(value, Real if self.kind == "number" else Integral):
            return None
        number: Any = value
        if not self.low <= number <= self.high:  # before float(): a whole number may be too long for one
            return None
        if self.kind == "number":
            return float(number)
        return int(number) if (number - self.low) % self.step == 0 else None

    def _error(self, value: object, where: str, error: type[ValueError]) -> ValueError:
        return error(f"{where} must be {self.allowed}, not {short_repr(value)}.")
