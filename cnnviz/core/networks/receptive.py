"""The receptive field of every layer of a network, exact for stride, dilation and uneven padding."""

from __future__ import annotations

from cnnviz.core.networks.layers import ReceptiveField
from cnnviz.core.networks.spec import NetSpec

__all__ = ["FieldRecord", "receptive_field"]

FieldRecord = ReceptiveField


def receptive_field(spec: NetSpec) -> list[FieldRecord]:
    """One record per layer, in order, each number a (vertical, horizontal) pair in pixels of the input.

    Parameters
    ----------
    spec : NetSpec
        The network.

    Returns
    -------
    list of FieldRecord
        One for each layer, in order; each number is a (vertical, horizontal) pair in pixels of the input.

    Raises
    ------
    LayerError
        A ValueError: one sentence with the numbers, at an illegal layer.

    Notes
    -----
    .size   r_l = r_{l−1} + (span_l − 1) · j_{l−1}, with span = dilation · (kernel − 1) + 1
    .jump   j_l = j_{l−1} · stride_l
    .start  s_l = s_{l−1} + ((span_l − 1) / 2 − padding before_l) · j_{l−1}: the centre of the first unit's
            field; 0.5 is the centre of pixel 0
    .output units along each axis

    from r = 1, j = 1, s = 0.5 at the input. A residual block has the union of its branches. A dense layer and
    a global pool see the union of all units before them; a flattened unit keeps its own field.

    Source: A. Araujo, W. Norris, J. Sim, "Computing Receptive Fields of Convolutional Neural Networks",
    Distill, 2019.

    Examples
    --------
    >>> from cnnviz.core import NetSpec, receptive_field
    >>> layers = [{"type": "conv"}, {"type": "max_pool", "kernel": 3}, {"type": "conv", "kernel": 2}]
    >>> spec = NetSpec.from_dict({"input": [1, 12, 12], "layers": layers})
    >>> [(field.size, field.jump) for field in receptive_field(spec)]
    [((3, 3), (1, 1)), ((5, 5), (3, 3)), ((8, 8), (3, 3))]
    """
    spec.shapes()
    return [row.field for row in spec.rows() if row.field is not None]
