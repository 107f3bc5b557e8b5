"""Which weights a stack has when its field is computed: all equal, random, or the trained ones."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, cast

import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F  # noqa: N812  # the field's name for it

from cnnviz.core.networks.layers import ActivationLayer, BatchNorm, Conv, Layer
from cnnviz.engine.config.errors import EngineError

MOST_RANDOM_MAPS = 8
_EPSILON = 1e-5  # batch norm's


class StackRules(ABC):
    """The rules of `cone.Rules`: `linear` leaves activations out and averages max pools."""

    def __init__(self, linear: bool, insert: bool = False) -> None:
        self.averages = linear
        self._linear = linear
        self._insert = insert  # a ReLU after each convolution

    def input_channels(self, channels: int) -> int:
        """How many channels of input the computation takes."""
        return channels

    def convolve(self, conv: Conv, x: Tensor) -> Tensor:
        weights, bias, groups = self.kernels(conv, x.shape[1])
        y = F.conv2d(x, weights, bias, conv.steps, 0, conv.dilation, groups)
        return F.relu(y) if self._insert else y

    def pointwise(self, layer: Layer, x: Tensor) -> Tensor:
        if isinstance(layer, BatchNorm):
            return self.normalise(x)
        if isinstance(layer, ActivationLayer) and not self._linear:
            return cast(Tensor, layer.module(tuple(x.shape[1:]))(x))
        return x  # dropout is off whenever a network is used

    @abstractmethod
    def kernels(self, conv: Conv, channels: int) -> tuple[Tensor, Tensor | None, int]:
        """(weights (out, channels / groups, kh, kw), bias or None, groups)."""

    def normalise(self, x: Tensor) -> Tensor:
        """Batch norm of x; a new one does nothing, but for its ε."""
        return x


class UniformRules(StackRules):
    """Every weight 1 / (weights of a map). All maps of a layer are then equal, so one stands for all."""

    def input_channels(self, channels: int) -> int:
        del channels
        return 1

    def kernels(self, conv: Conv, channels: int) -> tuple[Tensor, Tensor | None, int]:
        del channels
        return torch.full((1, 1, *conv.kernel), 1 / math.prod(conv.kernel)), None, 1


class RandomRules(StackRules):
    """Normal weights, variance 1 / fan-in (2 / fan-in where a ReLU takes half), at most 8 maps, no bias."""

    def __init__(self, linear: bool, insert: bool, random: torch.Generator) -> None:
        super().__init__(linear, insert)
        self._random = random

    def input_channels(self, channels: int) -> int:
        return min(channels, MOST_RANDOM_MAPS)

    def kernels(self, conv: Conv, channels: int) -> tuple[Tensor, Tensor | None, int]:
        maps = min(conv.channels, MOST_RANDOM_MAPS)
        groups = math.gcd(conv.groups, channels, maps)
        shape = (maps, channels // groups, *conv.kernel)
        gain = 1 if self._linear else 2
        scale = math.sqrt(gain / math.prod(shape[1:]))
        return torch.randn(shape, generator=self._random) * scale, None, groups


class TrainedRules(StackRules):
    """The weights of a state_dict, one layer's after the other, whatever its prefixes are called."""

    def __init__(self, linear: bool, state: Mapping[str, NDArray[Any]]) -> None:
        super().__init__(linear)
        self._layers = _by_layer(state)

    def kernels(self, conv: Conv, channels: int) -> tuple[Tensor, Tensor | None, int]:
        values = self._next({"weight": (conv.channels, channels // conv.groups, *conv.kernel)})
        return values["weight"], values.get("bias"), conv.groups

    def normalise(self, x: Tensor) -> Tensor:
        names = ("running_mean", "running_var", "weight", "bias")
        values = self._next(dict.fromkeys(names, (x.shape[1],)))
        mean, variance, weight, bias = (values[name] for name in names)
        return F.batch_norm(x, mean, variance, weight, bias, eps=_EPSILON)

    def _next(self, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Tensor]:
        values = next(self._layers, {})
        if any(name not in values or tuple(values[name].shape) != shape for name, shape in shapes.items()):
            raise EngineError("These weights belong to another network.")
        return values


def _by_layer(state: Mapping[str, NDArray[Any]]) -> Iterator[dict[str, Tensor]]:
    """Parameters grouped by layer, in the order of the stack: "2.weight" comes before "10.weight"."""
    groups: dict[str, dict[str, Tensor]] = {}
    for name, value in state.items():
        prefix, _, part = name.rpartition(".")
        groups.setdefault(prefix, {})[part] = torch.tensor(value)
    for prefix in sorted(groups, key=_in_order):
        yield groups[prefix]


def _in_order(prefix: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in prefix.split(".")]
