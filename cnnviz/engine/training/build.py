"""A network spec as a torch module with weights drawn from a seed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from numbers import Integral
from types import MappingProxyType
from typing import Any

import torch
from torch import Tensor, nn

from cnnviz.core.networks.layers import SpecError
from cnnviz.core.networks.spec import NetSpec
from cnnviz.core.sentences import short_repr
from cnnviz.engine.config.controls import ConfigError

__all__ = ["INITIALISERS", "Network", "build", "generator"]

MOST_WEIGHTS = 500_000_000
"""2 GB in float32, 3.6 times VGG-16; what is trained is bounded much closer, by `bounds`."""
PURPOSES = ("init", "shuffle", "augment", "dropout", "noise", "labels", "sample")


def generator(seed: int, purpose: str) -> torch.Generator:
    """A stream of random numbers of its own for each purpose, so that none changes another.

    ConfigError, one sentence, for a seed that is not a whole number; of a long one torch takes the last 63
    bits.
    """
    return torch.Generator().manual_seed((_whole(seed) * len(PURPOSES) + PURPOSES.index(purpose)) % 2**63)


def _whole(seed: object) -> int:
    if isinstance(seed, bool) or not isinstance(seed, Integral):
        raise ConfigError(f"A seed is a whole number, not {short_repr(seed)}.")
    return int(seed)


class Network(nn.Sequential):
    """One child module for each layer of `spec`, in order; maps of 1×1 that come out are made flat.

    Takes (N, C, H, W), pixels divided by 255; gives logits (N, classes).
    """

    def __init__(self, spec: NetSpec) -> None:
        before = [spec.input, *spec.shapes()]
        super().__init__(*(layer.module(shape) for layer, shape in zip(spec.layers, before, strict=False)))
        self.spec = spec

    def forward(self, x: Tensor) -> Tensor:
        """Logits (N, classes), or the last layer's maps where they are larger than 1×1."""
        for layer in self:
            x = layer(x)
        return logits_of(x)


def logits_of(x: Tensor) -> Tensor:
    """(N, C, 1, 1) as (N, C); anything else as it is."""
    return x.flatten(1) if x.dim() == 4 and x.shape[2:] == (1, 1) else x


def build(spec: NetSpec | Mapping[str, Any], seed: int = 0, init: str = "default") -> Network:
    """The network of `spec` as a torch module; equal seeds give equal weights.

    Parameters
    ----------
    spec : NetSpec or mapping
        The network, or its dict: ``{"input": [channels, height, width], "layers": [{"type": …}, …]}``.
    seed : int
        The start of the random numbers that the weights are drawn from.
    init : str
        How they are drawn: "default", "kaiming", "xavier", "normal_small", "zeros" or "large".

    Returns
    -------
    Network
        A `torch.nn.Sequential` with one child for each layer, in training mode. It takes pictures
        (N, C, H, W), values from 0 to 1, and gives logits (N, classes).

    Raises
    ------
    SpecError, LayerError
        One sentence, for a network that cannot be read or built (ValueErrors).
    ConfigError
        One sentence, for a seed that is not a whole number or an unknown `init` (a ValueError).

    Notes
    -----
    torch's global random numbers are neither used nor moved. "default" is U(±1/√fan_in) for weights and bias,
    as torch's own. The others start biases at 0: "kaiming" is N(0, 2/fan_in) [1]_, "xavier" is
    U(±√(6/(fan_in + fan_out))) [2]_, "normal_small" N(0, 0.01²), "large" N(0, 1).

    References
    ----------
    .. [1] K. He et al., Delving Deep into Rectifiers, 2015.
    .. [2] X. Glorot and Y. Bengio, Understanding the Difficulty of Training Deep Feedforward Networks, 2010.

    Examples
    --------
    >>> import torch
    >>> from cnnviz.engine import build
    >>> conv = {"type": "conv", "channels": 4, "kernel": 3}
    >>> net = build({"input": [1, 28, 28], "layers": [conv, {"type": "flatten"}, {"type": "dense"}]}, seed=7)
    >>> net(torch.zeros(2, 1, 28, 28)).shape
    torch.Size([2, 10])
    >>> net[0].weight.shape
    torch.Size([4, 1, 3, 3])
    >>> same = build(net.spec, seed=7)
    >>> bool((same[0].weight == net[0].weight).all())
    True
    """
    spec = NetSpec.from_dict(spec)
    if init not in INITIALISERS:
        raise ConfigError(
            f"There is no initialisation {short_repr(init)}; there are: {', '.join(INITIALISERS)}."
        )
    if (weights := sum(spec.parameter_counts())) > MOST_WEIGHTS:
        raise SpecError(f"The network has {weights:,} weights; at most {MOST_WEIGHTS:,} are built here.")
    draw = generator(seed, "init")
    with torch.device("meta"):  # no memory and no random numbers until the weights are drawn below
        network = Network(spec)
    network.to_empty(device="cpu")
    with torch.no_grad():
        for module in network.modules():
            _initialise(module, INITIALISERS[init], draw)
    return network


Initialiser = Callable[[Tensor, Tensor | None, torch.Generator], None]


def _initialise(module: nn.Module, rule: Initialiser, draw: torch.Generator) -> None:
    """Fill one module's own weights: convolutions and dense layers by the rule, batch norm with 1 and 0."""
    if isinstance(module, (nn.Conv2d, nn.Linear)):
        rule(module.weight, module.bias, draw)
    elif isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
        module.reset_parameters()  # no random numbers in it
    elif any(True for _ in module.parameters(recurse=False)):
        raise TypeError(f"No rule initialises the weights of {type(module).__name__}.")


def _fan_in(weight: Tensor) -> int:
    return weight[0].numel()


def _default(weight: Tensor, bias: Tensor | None, draw: torch.Generator) -> None:
    bound = 1 / math.sqrt(_fan_in(weight))
    weight.uniform_(-bound, bound, generator=draw)
    if bias is not None:
        bias.uniform_(-bound, bound, generator=draw)


def _with_zero_bias(fill: Callable[[Tensor, torch.Generator], object]) -> Initialiser:
    def rule(weight: Tensor, bias: Tensor | None, draw: torch.Generator) -> None:
        fill(weight, draw)
        if bias is not None:
            bias.zero_()

    return rule


def _xavier(weight: Tensor, draw: torch.Generator) -> None:
    fan_out = weight.shape[0] * weight[0, 0].numel()
    bound = math.sqrt(6 / (_fan_in(weight) + fan_out))
    weight.uniform_(-bound, bound, generator=draw)


INITIALISERS: Mapping[str, Initialiser] = MappingProxyType(
    {
        "default": _default,
        "kaiming": _with_zero_bias(lambda w, draw: w.normal_(0, math.sqrt(2 / _fan_in(w)), generator=draw)),
        "xavier": _with_zero_bias(_xavier),
        "normal_small": _with_zero_bias(lambda w, draw: w.normal_(0, 0.01, generator=draw)),
        "zeros": _with_zero_bias(lambda w, _: w.zero_()),
        "large": _with_zero_bias(lambda w, draw: w.normal_(0, 1, generator=draw)),
    }
)
"""Rule by its name in TrainConfig.init.

default: U(±1/√fan_in) for weights and bias, which is torch's own. The others start biases at 0. kaiming:
N(0, 2/fan_in) (He et al., 2015). xavier: U(±√(6/(fan_in + fan_out))) (Glorot and Bengio, 2010).
"""
