"""What a reading suggests: the same settings with one thing changed. Torch-free."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cnnviz.core.networks.layers import ActivationLayer, Layer, Residual, layer_from_dict
from cnnviz.core.networks.spec import NetSpec
from cnnviz.engine.config.controls import CONTROLS
from cnnviz.engine.config.train_config import TrainConfig

__all__ = [
    "Remedy",
    "against_overfitting",
    "is_dying",
    "is_squashing",
    "more_rate",
    "normalise",
    "start_at",
    "swap_activations",
]


def is_squashing(layer: Layer) -> bool:
    """Whether it is an activation that holds both ends, and so hands little gradient on."""
    return isinstance(layer, ActivationLayer) and layer.activation.family == "squashing"


def is_dying(layer: Layer) -> bool:
    """Whether it is a rectifier whose units can die."""
    entry = layer.activation if isinstance(layer, ActivationLayer) else None
    return entry is not None and entry.family == "rectifier" and entry.zero_arm


@dataclass(frozen=True)
class Remedy:
    """What to change (`TrainConfig.changed(**change)`; a network as its dict) and how a button says it."""

    label: str = ""
    change: Mapping[str, Any] = field(default_factory=dict)


def more_rate(config: TrainConfig, factor: float) -> Remedy:
    """The rate times `factor`, as one significant digit within its bounds."""
    wanted = config.rate * factor
    power = 10.0 ** math.floor(math.log10(wanted))
    control = CONTROLS["rate"]
    rate = min(max(float(f"{round(wanted / power) * power:.1g}"), control.low), control.high)
    return Remedy(f"rate {rate:g}", {"rate": rate})


def start_at(init: str) -> Remedy:
    """Another initialisation."""
    return Remedy(f"initialisation: {CONTROLS['init'].options[init]}", {"init": init})


def swap_activations(config: TrainConfig, old: Callable[[Layer], bool], new: str) -> Remedy:
    """Every activation of which `old` is true becomes `new`, in blocks too."""
    layers = _swapped(config.net.layers, old, layer_from_dict({"type": new}))
    return Remedy(f"{new.replace('_', ' ')} as activation", _net(config, layers))


def _swapped(layers: Iterable[Layer], old: Callable[[Layer], bool], new: Layer) -> list[Layer]:
    out: list[Layer] = []
    for layer in layers:
        if isinstance(layer, Residual):
            out.append(Residual(tuple(_swapped(layer.layers, old, new)), layer.shortcut))
        else:
            out.append(new if old(layer) else layer)
    return out


def normalise(config: TrainConfig) -> Remedy:
    """Batch normalisation after every convolution and dense layer that an activation follows."""
    norm = layer_from_dict({"type": "batch_norm"})
    layers: list[Layer] = []
    for layer, after in zip(config.net.layers, [*config.net.layers[1:], None], strict=True):
        layers.append(layer)
        if layer.type in ("conv", "dense") and after is not None and after.group == "Activation":
            layers.append(norm)
    return Remedy("batch normalisation after each layer", _net(config, layers))


def _net(config: TrainConfig, layers: Iterable[Layer]) -> dict[str, Any]:
    return {"net": NetSpec(config.net.input, tuple(layers)).to_dict()}


def against_overfitting(config: TrainConfig) -> Remedy:
    """The first of these that is not in use yet: more pictures, dropout, augmentation, weight decay."""
    if config.train_size is not None:
        return Remedy("all training pictures", {"train_size": None})
    if not config.drop and not any(layer.type == "dropout" for layer in config.net.layers):
        return Remedy("dropout 1/2 before each dense layer", {"drop": 0.5})
    if config.augment == "none":
        return Remedy("pictures shifted by up to 2 pixels", {"augment": "shift"})
    return Remedy("AdamW with weight decay 0.05", {"optimizer": "adamw", "weight_decay": 0.05})
