"""Which pixels of its box a unit really reads: dilation, and strides wider than their kernel, leave gaps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.networks.layers import Dense, GlobalAvgPool, GlobalMaxPool, Layer, ReceptiveField, Residual
from cnnviz.core.networks.layers.windows import WindowLayer
from cnnviz.core.networks.spec import NetSpec

__all__ = ["Taps", "receptive_taps"]

Row = NDArray[np.bool_]
Pair = tuple[int, int]
_MOST = 1 << 16  # pixels along an axis: eight times the largest picture
_WHOLE = (Dense, GlobalAvgPool, GlobalMaxPool)


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


def receptive_taps(spec: NetSpec) -> list[Taps | None]:
    """The pixels read, for each legal layer in order.

    Along one axis, with the set O of offsets that a unit before reads and its jump j, a window of k taps with
    dilation d reads { o + t · d · j : o in O, t = 0 … k − 1 }. None from a residual block on whose main path
    has gaps: what its two branches read together is no product of rows and columns. None, too, from a box of
    more than 65,536 pixels along an axis on: far larger than any picture.
    """
    found: list[Taps | None] = []
    taps: Taps | None = Taps(np.ones(1, np.bool_), np.ones(1, np.bool_))
    before = ReceptiveField((1, 1), (1, 1), (0.5, 0.5), (spec.input[1], spec.input[2]))
    for row in spec.rows():
        if row.field is None or row.input_shape is None:
            break
        taps = _after(row.layer, taps, before, row.input_shape, row.field)
        found.append(taps)
        before = row.field
    return found


def _after(
    layer: Layer, taps: Taps | None, before: ReceptiveField, shape: tuple[int, ...], after: ReceptiveField
) -> Taps | None:
    if taps is None:
        return None
    if isinstance(layer, WindowLayer):
        return _moved(taps, layer.kernel, _product(layer.gaps, before.jump))
    if isinstance(layer, _WHOLE):
        return _moved(taps, before.output, before.jump)
    if isinstance(layer, Residual):
        return _block(layer, taps, before, shape, after)
    return taps


def _block(
    block: Residual, taps: Taps, before: ReceptiveField, shape: tuple[int, ...], after: ReceptiveField
) -> Taps | None:
    """Full where the main path alone reads the whole of the block's box."""
    main: Taps | None = taps
    for layer in block.layers:
        grown = layer.propagate(before, shape)
        main = _after(layer, main, before, shape, grown)
        before, shape = grown, layer.output_shape(shape)
    return main if main is not None and main.full and before.size == after.size else None


def _moved(taps: Taps, count: Pair, step: Pair) -> Taps | None:
    """The union of `taps` moved by 0, 1, … count − 1 steps, along each axis; None where that is too long."""
    ends = (len(row) + (n - 1) * s for row, n, s in zip((taps.rows, taps.columns), count, step, strict=True))
    if max(ends) > _MOST:
        return None
    return Taps(_union(taps.rows, count[0], step[0]), _union(taps.columns, count[1], step[1]))


def _union(offsets: Row, count: int, step: int) -> Row:
    found = np.zeros(len(offsets) + (count - 1) * step, np.bool_)
    for place in range(count):
        found[place * step : place * step + len(offsets)] |= offsets
    return found


def _product(one: Pair, other: Pair) -> Pair:
    return one[0] * other[0], one[1] * other[1]
