"""The table of layer types: each class has its settings, sizes, costs, receptive field and torch module.

A new type is one class in this package and one line in `LAYERS`; the editor, the drawing, the table, the
exports and the contract tests follow from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypedDict

from cnnviz.core.networks.layers.base import Layer
from cnnviz.core.networks.layers.maps import AvgPool, Conv, MaxPool
from cnnviz.core.networks.layers.modules import RESIDUAL_SOURCE
from cnnviz.core.networks.layers.pointwise import ACTIVATION_LAYERS, ActivationLayer, BatchNorm, Dropout
from cnnviz.core.networks.layers.receptive_field import ReceptiveField
from cnnviz.core.networks.layers.residual import Residual
from cnnviz.core.networks.layers.settings import (
    Field,
    LayerError,
    LayerFieldJson,
    Pair,
    Shape,
    SpecError,
    shape_text,
    size_text,
)
from cnnviz.core.networks.layers.vectors import Dense, Flatten, GlobalAvgPool, GlobalMaxPool
from cnnviz.core.sentences import short_repr

__all__ = [
    "ACTIVATION_LAYERS",
    "LAYERS",
    "MOST_LAYERS",
    "RESIDUAL_SOURCE",
    "ActivationLayer",
    "AvgPool",
    "BatchNorm",
    "Conv",
    "Dense",
    "Dropout",
    "Field",
    "Flatten",
    "GlobalAvgPool",
    "GlobalMaxPool",
    "Layer",
    "LayerError",
    "MaxPool",
    "Pair",
    "ReceptiveField",
    "Residual",
    "Shape",
    "SpecError",
    "layer_from_dict",
    "layer_type",
    "layers_from_list",
    "schema",
    "shape_text",
    "size_text",
]

_TYPES: tuple[type[Layer], ...] = (
    Conv,
    MaxPool,
    AvgPool,
    GlobalAvgPool,
    GlobalMaxPool,
    *ACTIVATION_LAYERS.values(),
    BatchNorm,
    Dropout,
    Flatten,
    Dense,
    Residual,
)
LAYERS: Mapping[str, type[Layer]] = MappingProxyType({layer.type: layer for layer in _TYPES})
"""Layer type by its id, in the order of the menus."""

MOST_LAYERS = 500
_DEEPEST = 4


def layer_type(name: object) -> type[Layer]:
    """The class of this id. SpecError, one sentence, where there is none."""
    if not isinstance(name, str) or name not in LAYERS:
        raise SpecError(f"There is no layer type {short_repr(name)}; there are: {', '.join(LAYERS)}.")
    return LAYERS[name]


def layer_from_dict(given: object) -> Layer:
    """The layer that this JSON describes. SpecError, one sentence, for anything else."""
    if not isinstance(given, Mapping):
        raise SpecError(f'A layer is a JSON object such as {{"type": "relu"}}, not {short_repr(given)}.')
    return layer_type(given.get("type")).from_dict(given)


def layers_from_list(given: object) -> tuple[Layer, ...]:
    """A stack of layers from a JSON list, blocks included. SpecError, one sentence, for anything else."""
    if not isinstance(given, (list, tuple)):
        raise SpecError("The layers of a network are a JSON list.")
    _check_size(given, 0)
    return tuple(layer_from_dict(layer) for layer in given)


def _check_size(given: list[Any] | tuple[Any, ...], depth: int) -> int:
    """How many layers there are, blocks in blocks included; SpecError where too many or too deep."""
    if depth > _DEEPEST:
        raise SpecError(f"Residual blocks may be nested at most {_DEEPEST} deep.")
    count = len(given)
    for layer in given if count <= MOST_LAYERS else ():
        inner = layer.get("layers") if isinstance(layer, Mapping) else None
        count += _check_size(inner, depth + 1) if isinstance(inner, (list, tuple)) else 0
    if count > MOST_LAYERS:
        raise SpecError(f"A network has at most {MOST_LAYERS} layers here; this one has more.")
    return count


class LayerTypeJson(TypedDict):
    """A layer type, as an editor reads it: in words, and with its settings."""

    title: str
    about: str
    group: str
    card: str
    icon: str
    role: str
    fields: list[LayerFieldJson]


def schema() -> dict[str, LayerTypeJson]:
    """Every type with its settings as JSON: from which an editor draws its menu and its controls."""
    return {
        name: {
            "title": layer.title,
            "about": layer.about,
            "group": layer.group,
            "card": layer.card,
            "icon": layer.icon,
            "role": "kernel" if layer.trained else "output",
            "fields": [field.to_json() for field in layer.fields],
        }
        for name, layer in LAYERS.items()
    }
