"""The same network without a flatten: dense layers as convolutions, or a global pool in their place."""

from __future__ import annotations

from cnnviz.core.networks.layers import (
    BatchNorm,
    Conv,
    Dense,
    Dropout,
    Flatten,
    GlobalAvgPool,
    Layer,
    LayerError,
    Shape,
)
from cnnviz.core.networks.spec import NetSpec

__all__ = ["dense_as_convolution", "has_dense_end", "with_global_pooling"]


def has_dense_end(spec: NetSpec) -> bool:
    """Whether the network flattens its maps for a dense layer, so that it can be converted."""
    return not spec.problems() and _flatten_at(spec) is not None


def dense_as_convolution(spec: NetSpec) -> NetSpec:
    """Flatten + dense replaced by a convolution as large as the map, and later dense layers by 1×1 ones.

    Both compute the same sums: a kernel as large as the map fits in one position and reads all C·H·W
    numbers, as a dense node does. So there are as many weights, in the same order (a flatten writes map by
    map, row by row), and the outputs are equal; the last shape is (units, 1, 1) instead of (units,). On a
    larger picture the convolution gives a map of outputs; the dense layer fails.

    Source: J. Long, E. Shelhamer, T. Darrell, "Fully Convolutional Networks for Semantic Segmentation", 2015.
    Raises LayerError, one sentence, where no dense layer follows a flatten.
    """
    flatten, shapes = _flattened(spec)
    cells: Shape = shapes[flatten]
    layers: list[Layer] = list(spec.layers[:flatten])
    kernel = cells[1], cells[2]
    for layer in spec.layers[flatten + 1 :]:
        if isinstance(layer, Dense):
            layers.append(Conv(layer.units, kernel, bias=layer.bias))
            kernel = 1, 1
        elif not isinstance(layer, Flatten):
            layers.append(_as_map_layer(layer, kernel))
    return NetSpec(spec.input, tuple(layers))


def _as_map_layer(layer: Layer, kernel: tuple[int, int]) -> Layer:
    """A layer between the dense ones. Before the first, batch normalisation is per number, not per map."""
    if isinstance(layer, BatchNorm) and kernel != (1, 1):
        raise LayerError(
            "batch normalisation between the flatten and the dense layer cannot be written for maps."
        )
    return layer


def with_global_pooling(spec: NetSpec) -> NetSpec:
    """Flatten and all dense layers but the last replaced by the mean of each map.

    The outputs change: the position in a map no longer counts, and one weight for each map and class is left.
    Source: M. Lin, Q. Chen, S. Yan, "Network In Network", 2014.
    Raises LayerError, one sentence, where no dense layer follows a flatten.
    """
    flatten, _ = _flattened(spec)
    last = max(i for i, layer in enumerate(spec.layers) if isinstance(layer, Dense))
    dropout = [layer for layer in spec.layers[flatten + 1 : last] if isinstance(layer, Dropout)][-1:]
    return NetSpec(spec.input, (*spec.layers[:flatten], GlobalAvgPool(), *dropout, *spec.layers[last:]))


def _flatten_at(spec: NetSpec) -> int | None:
    """Where maps are flattened for a dense layer, with only layers between that keep the shape."""
    shapes = [spec.input, *spec.shapes()]
    for index, layer in enumerate(spec.layers):
        if isinstance(layer, Flatten) and len(shapes[index]) == 3:
            return index if any(isinstance(later, Dense) for later in spec.layers[index + 1 :]) else None
    return None


def _flattened(spec: NetSpec) -> tuple[int, list[Shape]]:
    """The flatten's place and the shapes before each layer."""
    shapes: list[Shape] = [spec.input, *spec.shapes()]
    flatten = _flatten_at(spec)
    if flatten is None:
        raise LayerError("this network has no dense layer that reads flattened maps.")
    return flatten, shapes
