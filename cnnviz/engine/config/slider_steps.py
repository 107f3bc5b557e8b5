"""The values at which a slider stops, in rising order; a legal value between them is added when it is set."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["decades", "doublings", "evenly"]


def decades(first: int, last: int, steps: Sequence[int] = (1, 2, 3, 5)) -> tuple[float, ...]:
    """`steps` in every decade from 10^first on, and 10^last."""
    rounded = [float(f"{step}e{exponent}") for exponent in range(first, last) for step in steps]
    return (*rounded, float(f"1e{last}"))


def doublings(first: int, last: int) -> tuple[int, ...]:
    """`first`, twice that, four times that and so on, up to `last`."""
    values = [first]
    while 2 * values[-1] <= last:
        values.append(2 * values[-1])
    return tuple(values)


def evenly(low: float, high: float, step: float) -> tuple[float, ...]:
    """From `low` to `high` at equal distances."""
    return tuple(round(low + number * step, 10) for number in range(round((high - low) / step) + 1))
