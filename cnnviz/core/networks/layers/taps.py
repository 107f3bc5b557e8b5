"""Which pixels inside its receptive field a unit really reads: dilation and large strides leave gaps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.networks.layers.settings import Pair

__all__ = ["Taps", "repeated"]

Row = NDArray[np.bool_]
_MOST = 1 << 16  # pixels along an axis: eight times the largest picture


@dataclass(frozen=True, eq=False)
class Taps:
    """Pixel (y, x) of a unit's box, counted from the box's first row and column, is read where
    rows[y] and columns[x]. It is the same for all units of a layer; what padding cuts off counts as read.
    """

    rows: Row
    columns: Row

    @property
    def full(self) -> bool:
        """Whether there is no gap."""
        return bool(self.rows.all() and self.columns.all())

    @property
    def count(self) -> int:
        """Pixels that are read."""
        return int(self.rows.sum()) * int(self.columns.sum())


def repeated(taps: Taps, count: Pair, step: Pair) -> Taps | None:
    """The union of `taps` moved by 0, 1, … count − 1 steps, along each axis; None where that is too long."""
    ends = (len(row) + (n - 1) * s for row, n, s in zip((taps.rows, taps.columns), count, step, strict=True))
    if max(ends) > _MOST:
        return None
    return Taps(_union(taps.rows, count[0], step[0]), _union(taps.columns, count[1], step[1]))


def _union(offsets: Row, count: int, step: int) -> Row:
    union = np.zeros(len(offsets) + (count - 1) * step, np.bool_)
    for place in range(count):
        union[place * step : place * step + len(offsets)] |= offsets
    return union
