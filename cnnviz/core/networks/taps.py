"""Which pixels of the input the units of every layer read."""

from __future__ import annotations

import numpy as np

from cnnviz.core.networks.layers import ReceptiveField
from cnnviz.core.networks.layers.taps import Taps
from cnnviz.core.networks.spec import NetSpec

__all__ = ["Taps", "receptive_taps"]


def receptive_taps(spec: NetSpec) -> list[Taps | None]:
    """The pixels read, for each legal layer in order.

    Along one axis, with the set O of offsets that a unit before reads and its jump j, a window of k taps with
    dilation d reads { o + t · d · j : o in O, t = 0 … k − 1 }. None after a residual block whose main path
    has gaps: what its two branches read together is not a product of rows and columns. None, too, after a
    field of more than 65,536 pixels along an axis, which is far larger than any picture.
    """
    result: list[Taps | None] = []
    taps: Taps | None = Taps(np.ones(1, np.bool_), np.ones(1, np.bool_))
    before = ReceptiveField((1, 1), (1, 1), (0.5, 0.5), (spec.input[1], spec.input[2]))
    for row in spec.rows():
        if row.field is None or row.input_shape is None:
            break
        taps = row.layer.taps(taps, before, row.input_shape) if taps else None
        result.append(taps)
        before = row.field
    return result
