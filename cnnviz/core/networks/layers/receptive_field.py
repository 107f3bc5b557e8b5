"""The receptive field after each layer of a network: size, jump and start along each axis.

The recurrences are those of A. Araujo, W. Norris and J. Sim, "Computing Receptive Fields of Convolutional
Neural Networks", Distill (2019), with different padding before and after an axis.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cnnviz.core.networks.layers.settings import Pair

__all__ = ["LARGEST_FIELD", "ReceptiveField", "union", "whole_map", "windows_over"]

LARGEST_FIELD = 10**12
"""Sizes and jumps in pixels are exact up to here, also halves of a pixel in a float; larger ones raise."""


@dataclass(frozen=True)
class ReceptiveField:
    """What the units of a layer see, each number as (vertical, horizontal), in pixels of the input.

    size:   pixels from one end of a unit's field to the other.
    jump:   pixels between the fields of neighbouring units.
    start:  centre of the first unit's field; 0.5 is the centre of pixel 0.
    output: units along each axis.
    """

    size: Pair
    jump: Pair
    start: tuple[float, float]
    output: Pair

    def box(self, unit: Pair) -> tuple[int, int, int, int]:
        """(top, left, bottom, right) of what this unit sees: pixels top … bottom − 1, left … right − 1.

        Not clipped: rows below 0 and beyond the picture are padding.
        """
        top, left = (round(self.start[a] + unit[a] * self.jump[a] - self.size[a] / 2) for a in (0, 1))
        return top, left, top + self.size[0], left + self.size[1]

    def projective_field(self, pixel: Pair) -> tuple[Pair, Pair]:
        """The units that see this pixel, the projective field: rows first … last − 1, then columns.

        Unit u sees pixel x where 0 ≤ x − (start − size / 2 + u · jump) < size; an empty range if none does.
        """
        rows, cols = (self._units(pixel[axis], axis) for axis in (0, 1))
        return rows, cols

    def _units(self, pixel: int, axis: int) -> Pair:
        first_edge = round(self.start[axis] - self.size[axis] / 2)
        ahead = pixel - first_edge
        last = min(ahead // self.jump[axis], self.output[axis] - 1)
        first = max(-((self.size[axis] - 1 - ahead) // self.jump[axis]), 0)
        return (first, last + 1) if last >= first else (0, 0)


def windows_over(
    field: ReceptiveField, span: Pair, stride: Pair, before: Pair, output: Pair
) -> ReceptiveField:
    """After a layer of windows: size r + (span − 1)·j, jump j·s, start + ((span − 1)/2 − before)·j."""
    return ReceptiveField(
        size=_both(lambda a: field.size[a] + (span[a] - 1) * field.jump[a]),
        jump=_both(lambda a: field.jump[a] * stride[a]),
        start=_centre(lambda a: field.start[a] + ((span[a] - 1) / 2 - before[a]) * field.jump[a]),
        output=output,
    )


def whole_map(field: ReceptiveField) -> ReceptiveField:
    """After a layer whose every unit reads the whole map: the union of all fields, seen by one place."""
    reach = _both(lambda a: (field.output[a] - 1) * field.jump[a])
    return ReceptiveField(
        size=_both(lambda a: field.size[a] + reach[a]),
        jump=field.jump,
        start=_centre(lambda a: field.start[a] + reach[a] / 2),
        output=(1, 1),
    )


def union(first_branch: ReceptiveField, second_branch: ReceptiveField) -> ReceptiveField:
    """Two branches that meet: from the first pixel that either sees to the last. Their jumps are equal."""
    first = _centre(lambda a: min(x.start[a] - x.size[a] / 2 for x in (first_branch, second_branch)))
    last = _centre(lambda a: max(x.start[a] + x.size[a] / 2 for x in (first_branch, second_branch)))
    return ReceptiveField(
        size=_both(lambda a: round(last[a] - first[a])),
        jump=first_branch.jump,
        start=_centre(lambda a: (first[a] + last[a]) / 2),
        output=first_branch.output,
    )


def _both(rule: Callable[[int], int]) -> Pair:
    return min(rule(0), LARGEST_FIELD), min(rule(1), LARGEST_FIELD)


def _centre(rule: Callable[[int], float]) -> tuple[float, float]:
    return rule(0), rule(1)
