"""The end of a network in other forms: what one node, no hidden layer or dropout would change."""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.core.networks.layers import ActivationLayer, BatchNorm, Dense, Dropout, Flatten, Layer, Shape
from cnnviz.core.networks.spec import NetSpec

__all__ = ["DenseEnd", "Variant", "dense_end", "variants"]


@dataclass(frozen=True)
class DenseEnd:
    """Where maps are flattened and read by dense layers.

    flatten: place of the flatten; maps: the shape before it, (C, H, W); dense: places of those behind it.
    """

    flatten: int
    maps: Shape
    dense: tuple[int, ...]


@dataclass(frozen=True)
class Variant:
    """Another network, in one word what it is, and in a sentence what it means."""

    title: str
    about: str
    spec: NetSpec


def dense_end(spec: NetSpec) -> DenseEnd | None:
    """The flatten with its dense layers; None where there is none, or the network is illegal."""
    if spec.problems():
        return None
    shapes = [spec.input, *spec.shapes()]
    for index, layer in enumerate(spec.layers):
        if isinstance(layer, Flatten) and len(shapes[index]) == 3:
            behind = range(index + 1, len(spec.layers))
            dense = tuple(i for i in behind if isinstance(spec.layers[i], Dense))
            return DenseEnd(index, shapes[index], dense) if dense else None
    return None


def variants(spec: NetSpec, end: DenseEnd) -> list[Variant]:
    """What could be changed at the end, each from the network as it is; only what would change something."""
    made = [_one_node(spec, end), _direct(spec, end), _dropout(spec, end), _one_output(spec, end)]
    return [variant for variant in made if variant is not None and variant.spec != spec]


def _with(spec: NetSpec, at: int, *layers: Layer) -> NetSpec:
    """The network with the layer at `at` replaced by these."""
    return NetSpec(spec.input, (*spec.layers[:at], *layers, *spec.layers[at + 1 :]))


def _one_node(spec: NetSpec, end: DenseEnd) -> Variant | None:
    if len(end.dense) < 2:
        return None
    first = spec.layers[end.dense[0]]
    return Variant(
        "One hidden node",
        "Everything that the maps found has to pass through a single number, and each output can only rise "
        "or fall with it.",
        _with(spec, end.dense[0], first.changed(units=1)),
    )


def _direct(spec: NetSpec, end: DenseEnd) -> Variant | None:
    if len(end.dense) < 2:
        return None
    last = end.dense[-1]
    return Variant(
        "No hidden dense layer",
        "Each output is one weighted sum of the flattened numbers. It can still add up features, but not "
        "make new ones of them.",
        NetSpec(spec.input, (*spec.layers[: end.flatten + 1], *spec.layers[last:])),
    )


def _dropout(spec: NetSpec, end: DenseEnd) -> Variant | None:
    last = end.dense[-1]
    drops = [i for i in range(end.flatten, last) if isinstance(spec.layers[i], Dropout)]
    if drops:
        return Variant(
            "Without dropout",
            "Not one weight more or less: dropout has none. Only the training differs.",
            NetSpec(spec.input, tuple(layer for i, layer in enumerate(spec.layers) if i not in drops)),
        )
    return Variant(
        "With dropout, p = 0.5",
        "In each training step every number before the last layer becomes 0 with probability 0.5 (p is the "
        "share dropped), and the others are divided by 1 − 0.5, so that their mean stays. Afterwards none "
        "is dropped.",
        _with(spec, last, Dropout(0.5), spec.layers[last]),
    )


def _one_output(spec: NetSpec, end: DenseEnd) -> Variant | None:
    last = end.dense[-1]
    behind = spec.layers[last + 1 :]
    if any(not isinstance(layer, (ActivationLayer, BatchNorm, Dropout)) for layer in behind):
        return None
    return Variant(
        "One output node",
        "Enough for yes or no: a sigmoid reads the number as a probability. For more classes each needs a "
        "node.",
        _with(spec, last, spec.layers[last].changed(units=1)),
    )
