"""What a finding suggests: the same settings with one thing changed. Torch-free."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cnnviz.core.networks.layers import ActivationLayer, Layer, Residual, layer_from_dict
from cnnviz.core.networks.spec import NetSpec
from cnnviz.engine.config.controls import CONTROLS
from cnnviz.engine.config.train_config import TrainConfig

__all__ = [
    "Remedy",
    "against_overfitting",
    "has_flat_arm",
    "is_squashing",
    "more_rate",
    "normalise",
    "start_at",
    "swap_activations",
]


def is_squashing(layer: Layer) -> bool:
    """Whether it is an activation that holds both ends, and so hands little gradient on."""
    return isinstance(layer, ActivationLayer) and layer.activation.family == "squashing"


def has_flat_arm(layer: Layer) -> bool:
    """Whether it is an activation with an arm of slope 0, on which units can die."""
    return isinstance(layer, ActivationLayer) and layer.activation.zero_arm


@dataclass(frozen=True)
class Remedy:
    """What to change (`TrainConfig.changed(**change)`; a network as its dict).

    label: a short name, for a button and the new run; advice: the same as the end of a sentence.
    """

    label: str = ""
    change: Mapping[str, Any] = field(default_factory=dict)
    advice: str = ""


def more_rate(config: TrainConfig, factor: float) -> Remedy:
    """The rate times `factor`, as one significant digit within its bounds."""
    wanted = config.rate * factor
    power = 10.0 ** math.floor(math.log10(wanted))
    control = CONTROLS["rate"]
    rate = min(max(float(f"{round(wanted / power) * power:.1g}"), control.low), control.high)
    return Remedy(f"rate {rate:g}", {"rate": rate}, f"set the rate to {rate:g}")


def start_at(init: str) -> Remedy:
    """Another initialisation."""
    title = CONTROLS["init"].options[init]
    return Remedy(f"initialisation: {title}", {"init": init}, f"choose the initialisation {title}")


def swap_activations(config: TrainConfig, old: Callable[[Layer], bool], new: str) -> Remedy:
    """Every activation of which `old` is true becomes `new`, in blocks too."""
    layer = layer_from_dict({"type": new})
    titles = {_in_sentence(one.title) for one in _flat(config.net.layers) if old(one)}
    label = f"{_in_sentence(layer.title)} instead of {' and '.join(sorted(titles))}"
    return Remedy(label, _net(config, _swapped(config.net.layers, old, layer)), f"use {label}")


def _in_sentence(title: str) -> str:
    """“sigmoid” for “Sigmoid”, and “ReLU” as it is."""
    first, *more = title.split(" ")
    return " ".join([first.lower() if first[1:].islower() else first, *more])


def _flat(layers: Iterable[Layer]) -> Iterator[Layer]:
    """All layers, those in blocks too."""
    for layer in layers:
        if isinstance(layer, Residual):
            yield from _flat(layer.layers)
        else:
            yield layer


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
    label = "batch normalisation after each layer"
    return Remedy(label, _net(config, layers), f"add {label}")


def _net(config: TrainConfig, layers: Iterable[Layer]) -> dict[str, Any]:
    return {"net": NetSpec(config.net.input, tuple(layers)).to_dict()}


def against_overfitting(config: TrainConfig) -> Remedy:
    """The first of these that is not in use yet: more pictures, dropout, augmentation, weight decay."""
    if config.train_size is not None:
        return Remedy("all training pictures", {"train_size": None}, "train on all pictures")
    if not config.drop and not any(layer.type == "dropout" for layer in config.net.layers):
        label = "dropout 1/2 before each dense layer"
        return Remedy(label, {"drop": 0.5}, f"use {label}")
    if config.augment == "none":
        advice = "shift the pictures by up to 2 pixels"
        return Remedy("pictures shifted by up to 2 pixels", {"augment": "shift"}, advice)
    label = "AdamW with weight decay 0.05"
    return Remedy(label, {"optimizer": "adamw", "weight_decay": 0.05}, f"use {label}")
