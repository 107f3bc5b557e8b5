"""Values of a link as text: parsers, which raise ValueError for anything else, and their inverses."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

__all__ = ["cell", "decimal", "flag", "joined", "numbers", "on_off", "one_of", "whole"]

N = TypeVar("N", int, float)


def one_of(*words: str) -> Callable[[str], str]:
    """Reads one of these words."""

    def parse(text: str) -> str:
        if text not in words:
            raise ValueError(f"It is one of {', '.join(words)}.")
        return text

    return parse


def _between(low: float, high: float, kind: Callable[[str], N]) -> Callable[[str], N]:
    def parse(text: str) -> N:
        number = kind(text)
        if not low <= number <= high:  # which is also true of NaN
            raise ValueError(f"It is from {low:g} to {high:g}.")
        return number

    return parse


def whole(low: int, high: int) -> Callable[[str], int]:
    """Reads a whole number from `low` to `high`, both included."""
    return _between(low, high, int)


def decimal(low: float, high: float) -> Callable[[str], float]:
    """Reads a number from `low` to `high`, both included."""
    return _between(low, high, float)


def numbers(one: Callable[[str], N], most: int, between: str = ",") -> Callable[[str], tuple[N, ...]]:
    """Reads up to `most` numbers, each as `one` does, with `between` between them."""

    def parse(text: str) -> tuple[N, ...]:
        parts = text.split(between, most)
        if len(parts) > most:
            raise ValueError(f"There are at most {most} numbers.")
        return tuple(one(part) for part in parts)

    return parse


def cell(most: int = 1_000_000, between: str = ",") -> Callable[[str], tuple[int, int]]:
    """Reads "row,column", both from 0 to `most`."""
    pair = numbers(whole(0, most), 2, between)

    def parse(text: str) -> tuple[int, int]:
        row, column = pair(text)
        return row, column

    return parse


def joined(between: str = ",") -> Callable[[tuple[object, ...] | None], str]:
    """The inverse of :func:`cell` and :func:`numbers`; nothing for None. 2.0 is written as "2"."""

    def write(values: tuple[object, ...] | None) -> str:
        return between.join(f"{v:g}" if isinstance(v, float) else str(v) for v in values or ())

    return write


def flag(text: str) -> bool:
    """Reads "on" or "off"."""
    return one_of("on", "off")(text) == "on"


def on_off(value: bool) -> str:
    """The inverse of :func:`flag`."""
    return "on" if value else "off"
