"""What each setting of a training run may be: one table that the settings, the controls and the help read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, cast

from cnnviz.core.setting import Setting

__all__ = ["CONTROLS", "ConfigError", "Control", "Value"]

Value = int | float | str | bool | None
Group = Literal["output", "method", "hyper-parameters", "data", "run"]


class ConfigError(ValueError):
    """Settings that cannot be read: one sentence."""


@dataclass(frozen=True)
class Control:
    """One setting: what it may be, and what it does.

    kind: choice is one of `options`, count a whole number, number a decimal, switch on or off. A count or a
    number is from `low` to `high`; with `optional`, None is a value too. live: may change during a run.
    """

    label: str
    group: Group
    kind: Literal["choice", "count", "number", "switch"]
    about: str
    low: float = 0
    high: float = 0
    options: Mapping[str, str] = field(default_factory=dict)
    optional: bool = False
    live: bool = False

    def parse(self, name: str, value: object) -> Value:
        """`value` as it is kept; ConfigError, one sentence, for what it may not be."""
        allowed = Setting(self.kind, self.low, self.high, options=tuple(self.options), optional=self.optional)
        return cast(Value, allowed.parse(value, f"The setting {name!r}", ConfigError))


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

CONTROLS: Mapping[str, Control] = MappingProxyType(
    {
        "dataset": Control("Data", "data", "choice", "The pictures to learn from."),
        "output": Control(
            "Output", "output", "choice", "What the last layer says, and the loss.", options=OUTPUTS
        ),
        "binary_class": Control("Class", "output", "count", "The class that the one node is for.", 0, 99),
        "optimizer": Control(
            "Optimizer", "method", "choice", "How a gradient becomes a step.", options=OPTIMIZERS
        ),
        "momentum": Control(
            "Momentum",
            "method",
            "number",
            "Share of the last step that is kept; β₁ of Adam.",
            0,
            0.999,
            live=True,
        ),
        "l1": Control("L1", "method", "number", "Adds λ · sign(w) to the gradient of every weight.", 0, 1),
        "weight_decay": Control(
            "Weight decay",
            "method",
            "number",
            "Adds λ · w to the gradient (L2); AdamW decays apart.",
            0,
            1,
            live=True,
        ),
        "drop": Control("Dropout", "method", "number", "p of dropping an input of a dense layer.", 0, 0.95),
        "augment": Control(
            "Augmentation", "method", "choice", "Changes each picture anew.", options=AUGMENTATIONS
        ),
        "rate": Control(
            "Learning rate", "hyper-parameters", "number", "Size of a step.", 1e-7, 1e4, live=True
        ),
        "schedule": Control(
            "Schedule", "hyper-parameters", "choice", "How the rate changes over the run.", options=SCHEDULES
        ),
        "batch": Control("Batch", "hyper-parameters", "count", "Pictures per step.", 1, 1024),
        "seed": Control(
            "Seed", "hyper-parameters", "count", "The start of every random number.", 0, 2**31 - 1
        ),
        "init": Control(
            "Initialisation",
            "hyper-parameters",
            "choice",
            "Weights before the first step.",
            options=INITIALISATIONS,
        ),
        "train_size": Control(
            "Training pictures", "data", "count", "Fewer overfit.", 1, 10**6, optional=True
        ),
        "noise": Control("Noise", "data", "number", "σ of noise on every picture, as a share of 255.", 0, 1),
        "label_noise": Control(
            "Wrong labels", "data", "number", "Share of training labels made wrong.", 0, 1
        ),
        "shuffle_labels": Control(
            "Shuffle labels", "data", "switch", "Labels that have nothing to do with it."
        ),
        "max_steps": Control(
            "Steps", "run", "count", "Steps to the end of the run.", 1, 10**9, optional=True
        ),
        "max_seconds": Control(
            "Seconds", "run", "number", "Computing time to its end.", 0.001, 1e6, optional=True
        ),
        "device": Control("Device", "run", "choice", "Where it computes.", options=DEVICES),
    }
)
"""What each setting of TrainConfig but `net` may be."""
