"""Everything that a training run is set to: one frozen record, read from and written to JSON.

Torch-free: the web process reads and checks settings with it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, Self

from cnnviz.core.networks.layers import BatchNorm, Dense, Layer, Residual
from cnnviz.core.networks.spec import NetSpec
from cnnviz.core.sentences import short_repr
from cnnviz.engine.config.controls import CONTROLS, ConfigError, Settings
from cnnviz.engine.config.limits import refusal

__all__ = ["EXAMPLE_NET", "ConfigError", "TrainConfig"]

EXAMPLE_NET: Mapping[str, Any] = MappingProxyType(
    {
        "input": [1, 28, 28],
        "layers": [
            {"type": "conv", "channels": 8, "kernel": 3, "padding": 1},
            {"type": "relu"},
            {"type": "max_pool", "kernel": 2},
            {"type": "conv", "channels": 16, "kernel": 3, "padding": 1},
            {"type": "relu"},
            {"type": "max_pool", "kernel": 2},
            {"type": "flatten"},
            {"type": "dense", "units": 10},
        ],
    }
)


_OTHER_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "lr": "the learning rate is 'rate'",
        "learning_rate": "the learning rate is 'rate'",
        "epochs": "a run's length is 'max_steps'; steps_per_epoch() says how many steps an epoch has",
        "steps": "a run's length is 'max_steps'",
        "batch_size": "the size of a batch is 'batch'",
        "model": "the network is 'net'",
        "network": "the network is 'net'",
        "data": "the pictures are 'dataset'",
        "loss": "what the last layer computes, and with it the loss, is 'output'",
        "dropout": "the share that is dropped is 'drop'",
        "l2": "L2 is 'weight_decay'",
        "scheduler": "how the rate changes is 'schedule'",
    }
)
"""What other libraries call a setting -> what it is called here."""


def _unknown(name: str, known: list[str]) -> str:
    """One sentence about a setting that does not exist, with the right name where one is close."""
    if hint := _OTHER_NAMES.get(name):
        return f"There is no setting {short_repr(name)}: {hint}."
    if close := get_close_matches(name, known, 1):
        return f"There is no setting {short_repr(name)}: is {close[0]!r} meant?"
    return f"There is no setting {short_repr(name)}."


def _example() -> NetSpec:
    return NetSpec.from_dict(EXAMPLE_NET)


@dataclass(frozen=True)
class TrainConfig(Settings):
    """All that a training run is set to; equal settings give equal losses, bit for bit.

    Parameters
    ----------
    net : NetSpec or mapping
        The network, or its dict: ``{"input": [channels, height, width], "layers": [{"type": …}, …]}``.
    dataset : str
        Id of a data set, such as "fashion", "mnist" or "shapes".
    train_size, noise, label_noise, shuffle_labels
        Changes of the data: how many training pictures (None: all), noise on the pictures, wrong labels.
    output, binary_class
        What the last layer computes, and with it the loss; the class of an output of one node.
    optimizer, momentum, weight_decay, l1, drop, augment
        The method. `drop` is dropout before each dense layer.
    rate, schedule, batch, max_steps, init, seed
        The hyper-parameters. `max_steps` of None: no end.
    max_seconds, device
        Computing time to the end (None: no end), and "cpu", "cuda" or "auto".

    Raises
    ------
    ConfigError
        One sentence, for a setting that does not exist or a value that it may not have (a ValueError).
    SpecError
        One sentence, for a network that cannot be read (a ValueError).

    Notes
    -----
    Names, defaults and bounds are those of the table `cnnviz.engine.config.controls.Settings`. Whether a
    network fits the pictures is not checked here, but by `problems`.

    Examples
    --------
    >>> from cnnviz.engine import TrainConfig
    >>> config = TrainConfig(dataset="mnist", optimizer="momentum", rate=0.05)
    >>> config.momentum, config.batch
    (0.9, 64)
    >>> config.changed(batch=32).steps_per_epoch(8000)
    250
    >>> TrainConfig.from_json(config.to_json()) == config
    True
    >>> TrainConfig(rate=0)
    Traceback (most recent call last):
    cnnviz.engine.config.control.ConfigError: The setting 'rate' must be a number from 1e-07 to 10000, not 0.
    """

    net: NetSpec = field(default_factory=_example)

    def __new__(cls, *_: object, **settings: object) -> Self:
        """Refuse a name that no setting has, before Python does so with a bare TypeError."""
        known = [part.name for part in fields(cls)]
        for name in settings:
            if name not in known:
                raise ConfigError(_unknown(name, known))
        return super().__new__(cls)

    def __post_init__(self) -> None:
        if isinstance(self.net, Mapping):
            object.__setattr__(self, "net", NetSpec.from_dict(self.net))
        elif not isinstance(self.net, NetSpec):
            raise ConfigError(f"The setting 'net' must be a NetSpec or its dict, not {short_repr(self.net)}.")
        for name, control in CONTROLS.items():
            object.__setattr__(self, name, control.parse(name, getattr(self, name)))

    def changed(self, **settings: object) -> Self:
        """The same settings but for these."""
        return replace(self, **settings)  # type: ignore[arg-type]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON of every setting."""
        plain = {part.name: getattr(self, part.name) for part in fields(self)}
        return plain | {"net": self.net.to_dict()}

    @classmethod
    def from_dict(cls, given: object) -> Self:
        """The settings in this JSON, defaults filled in; ConfigError or SpecError, one sentence, otherwise.

        Both are ValueErrors.
        """
        if not isinstance(given, Mapping):
            raise ConfigError("Settings must be a JSON object.")
        return cls(**{str(name): value for name, value in given.items()})

    def to_json(self) -> str:
        """`to_dict` as text."""
        return json.dumps(self.to_dict())

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The settings in this text; as `from_dict`."""
        try:
            given = json.loads(text)
        except (ValueError, RecursionError):
            raise ConfigError("This is not JSON.") from None
        return cls.from_dict(given)

    @property
    def trained_net(self) -> NetSpec:
        """The network that is trained: with one node as output, the last dense layer has one unit."""
        return _with_units(self.net, 1) if self.output == "binary" else self.net

    def fitted(self, shape: tuple[int, int, int], classes: int) -> Self:
        """These settings with a network for pictures of this (C, H, W) and so many classes."""
        net = NetSpec(shape, _with_units(self.net, classes).layers)
        return self.changed(net=net, binary_class=min(self.binary_class, classes - 1))

    def steps_per_epoch(self, pictures: int) -> int:
        """Whole batches in so many training pictures; a last smaller batch is left out."""
        size = min(pictures, self.train_size or pictures)
        return max(1, size // self.batch)

    def horizon(self, pictures: int) -> int:
        """The steps over which the schedule runs: `max_steps`, or ten epochs where there is no end."""
        return self.max_steps or 10 * self.steps_per_epoch(pictures)

    def problems(self, shape: tuple[int, ...] | None = None, classes: int | None = None) -> list[str]:
        """Why this cannot be trained (on pictures of this (C, H, W) and so many classes); empty if it can."""
        net = self.trained_net
        if found := list(net.problems()):
            return found
        if not any(net.parameter_counts()):
            return ["No layer of this network has weights: add a convolution or a dense layer."]
        if shape is not None and tuple(net.input) != tuple(shape):
            return [
                f"The network takes pictures of {_times(net.input)}, but these are {_times(shape)}: "
                "set its input to that."
            ]
        ending = self._ending(net.shapes()[-1], classes)
        return [
            problem
            for problem in (ending, self._norm_of_one_number(net), refusal(net, self.batch))
            if problem
        ]

    def _norm_of_one_number(self, net: NetSpec) -> str:
        """Why batch norm cannot be trained, where each map has one number in the whole batch; else empty."""
        if min(self.batch, self.train_size or self.batch) > 1:
            return ""
        befores = [net.input, *net.shapes()]
        for number, (layer, before) in enumerate(zip(net.layers, befores, strict=False), 1):
            if _norms_one_number(layer, before):
                return (
                    f"Layer {number} ({layer.label}) would normalise one number a map, which has no spread: "
                    "train with batches of at least 2 pictures."
                )
        return ""

    def _ending(self, last: tuple[int, ...], classes: int | None) -> str:
        wanted = 1 if self.output == "binary" else classes
        if math.prod(last) != last[0]:
            return f"The network ends with maps of {_times(last)}: add a flatten and a dense layer."
        if wanted is not None and last[0] != wanted:
            what = "one node" if self.output == "binary" else f"the {wanted} classes"
            return (
                f"The network ends with {last[0]} numbers, but {what} need {wanted}: "
                f"end it with dense {wanted}."
            )
        if classes is not None and self.output == "binary" and self.binary_class >= classes:
            return f"There is no class {self.binary_class}: the data has classes 0 to {classes - 1}."
        return ""


def _norms_one_number(layer: Layer, shape: tuple[int, ...]) -> bool:
    """Whether a picture has one number for each map of a batch norm in this layer or block."""
    if isinstance(layer, Residual):
        befores = [shape, *layer.inner_shapes(shape)]
        return any(_norms_one_number(*pair) for pair in zip(layer.layers, befores, strict=False))
    return isinstance(layer, BatchNorm) and math.prod(shape[1:]) == 1


def _times(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))


def _with_units(net: NetSpec, units: int) -> NetSpec:
    """`net` with so many units in its last layer, where that is a dense one."""
    if not net.layers or not isinstance(net.layers[-1], Dense):
        return net
    last: Layer = net.layers[-1].changed(units=units)
    return NetSpec(net.input, (*net.layers[:-1], last))
