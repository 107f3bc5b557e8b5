"""The table of a training run's settings: each is one entry, which all that concerns it is read from.

`TrainConfig` has its fields, defaults and bounds from here, the page "Train" its controls and its link, and a
run what may change while it goes on. One more setting is one entry here, and the code that does what it says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any, ParamSpec

from cnnviz.engine.config.control import ConfigError, Control, Group, Value
from cnnviz.engine.config.slider_steps import decades, doublings, evenly

__all__ = ["CONTROLS", "GROUPS", "LIVE", "ConfigError", "Control", "Group", "Settings", "Value"]

GROUPS: Mapping[Group, str] = MappingProxyType(
    {
        "data": "Data",
        "output": "Output",
        "method": "Method",
        "hyper-parameters": "Hyper-parameters",
        "run": "Run",
    }
)
"""Title of each group of settings, in the order of the page."""

OUTPUTS = {
    "softmax": "softmax and cross-entropy",
    "one_hot_mse": "one-hot and mean squared error",
    "binary": "one node: one class against the rest",
}
OPTIMIZERS = {
    "sgd": "SGD",
    "momentum": "SGD with momentum",
    "nesterov": "SGD with Nesterov momentum",
    "rmsprop": "RMSprop",
    "adam": "Adam",
    "adamw": "AdamW",
}
SCHEDULES = {
    "constant": "constant",
    "step": "÷ 10 at one half and at three quarters",
    "cosine": "cosine to 0",
    "warmup_cosine": "warm-up, then cosine to 0",
}
AUGMENTATIONS = {
    "none": "none",
    "shift": "shift by up to 2 pixels",
    "flip": "mirror left and right",
    "shift_flip": "shift and mirror",
}
INITIALISATIONS = {
    "default": "torch's own (Kaiming uniform, a = √5)",
    "kaiming": "Kaiming normal (He)",
    "xavier": "Xavier uniform (Glorot)",
    "normal_small": "normal, σ = 0.01",
    "zeros": "all zero",
    "large": "normal, σ = 1",
}
DEVICES = {"cpu": "processor", "cuda": "graphics card (CUDA)", "auto": "CUDA where torch finds it"}


P = ParamSpec("P")


def _field_with(make: Callable[P, Control]) -> Callable[P, Any]:
    def setting(*args: P.args, **kwargs: P.kwargs) -> Any:  # noqa: ANN401  # a default, of the field's own type
        control = make(*args, **kwargs)
        return field(default=control.default, metadata={"control": control})

    return setting


_setting = _field_with(Control)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of a run but its network, in the order of the page."""

    dataset: str = _setting(
        "Pictures", "data", "choice", "fashion", "What the network learns from.", link="data"
    )
    train_size: int | None = _setting(
        "Training pictures",
        "data",
        "count",
        None,
        "With few pictures a network learns them by heart: overfitting.",
        1,
        10**6,
        without="all",
        link="size",
        stops=(20, 50, 100, 200, 500, 1000, 2000, 5000),
    )
    noise: float = _setting(
        "Noise",
        "data",
        "number",
        0.0,
        "σ of noise on every picture, as a share of 255.",
        0,
        1,
        link="noise",
        stops=evenly(0, 1, 0.05),
    )
    label_noise: float = _setting(
        "Wrong labels",
        "data",
        "number",
        0.0,
        "Share of training labels made wrong.",
        0,
        1,
        link="wrong",
        stops=evenly(0, 1, 0.05),
    )
    shuffle_labels: bool = _setting(
        "Shuffle all labels",
        "data",
        "switch",
        False,
        "The labels then have nothing to do with the pictures.",
        link="shuffle",
    )

    output: str = _setting(
        "Output",
        "output",
        "choice",
        "softmax",
        "What the last layer computes, and the loss.",
        options=OUTPUTS,
        link="out",
        in_title=True,
    )
    binary_class: int = _setting(
        "The class of the one node",
        "output",
        "count",
        0,
        "The class that the one node is for.",
        0,
        99,
        link="class",
    )

    optimizer: str = _setting(
        "Optimizer",
        "method",
        "choice",
        "adam",
        "How a gradient becomes a step.",
        options=OPTIMIZERS,
        link="opt",
        in_title=True,
    )
    momentum: float = _setting(
        "Momentum",
        "method",
        "number",
        0.9,
        "Share of the last step that is kept; β₁ of Adam.",
        0,
        0.999,
        link="mom",
        stops=evenly(0, 0.99, 0.01),
        live=True,
    )
    weight_decay: float = _setting(
        "L2 (weight decay)",
        "method",
        "number",
        0.0,
        "Adds λ · w to the gradient; AdamW decays apart.",
        0,
        1,
        link="l2",
        stops=(0, *decades(-5, -1, (1, 3)), 0.3),
        live=True,
    )
    l1: float = _setting(
        "L1",
        "method",
        "number",
        0.0,
        "Adds λ · sign(w) to the gradient of every weight.",
        0,
        1,
        link="l1",
        stops=(0, *decades(-6, -1, (1,))),
    )
    drop: float = _setting(
        "Dropout p",
        "method",
        "number",
        0.0,
        "p of dropping an input of a dense layer.",
        0,
        0.95,
        link="drop",
        stops=evenly(0, 0.95, 0.05),
    )
    augment: str = _setting(
        "Augmentation",
        "method",
        "choice",
        "none",
        "Changes each picture anew.",
        options=AUGMENTATIONS,
        link="aug",
    )

    rate: float = _setting(
        "Learning rate",
        "hyper-parameters",
        "number",
        1e-3,
        "Size of a step; the scale is logarithmic.",
        1e-7,
        1e4,
        link="rate",
        stops=decades(-5, 2),
        live=True,
        in_title=True,
    )
    schedule: str = _setting(
        "Schedule",
        "hyper-parameters",
        "choice",
        "constant",
        "How the rate changes over the run.",
        options=SCHEDULES,
        link="sched",
    )
    batch: int = _setting(
        "Batch",
        "hyper-parameters",
        "count",
        64,
        "Pictures per step.",
        1,
        1024,
        link="batch",
        stops=doublings(1, 512),
        in_title=True,
    )
    max_steps: int | None = _setting(
        "Ends after epochs",
        "hyper-parameters",
        "count",
        None,
        "A schedule runs over this.",
        1,
        10**9,
        without="no end",
        link="end",
        stops=(1, 2, 3, 5, 10, 20, 50, 100),
    )  # the page counts them in epochs
    init: str = _setting(
        "Initialisation",
        "hyper-parameters",
        "choice",
        "default",
        "Weights before the first step.",
        options=INITIALISATIONS,
        link="init",
    )
    seed: int = _setting(
        "Seed",
        "hyper-parameters",
        "count",
        0,
        "The start of every random number.",
        0,
        2**31 - 1,
        link="seed",
    )

    max_seconds: float | None = _setting(
        "Seconds", "run", "number", None, "Computing time to its end.", 0.001, 1e6, without="no end"
    )
    device: str = _setting("Device", "run", "choice", "cpu", "Where it computes.", options=DEVICES)


CONTROLS: Mapping[str, Control] = MappingProxyType(
    {part.name: part.metadata["control"] for part in fields(Settings)}
)
"""Entry by the setting's name, in the order of the page."""
LIVE = tuple(name for name, control in CONTROLS.items() if control.live)
"""The settings that may change while a run goes on."""
