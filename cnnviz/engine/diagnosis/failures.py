"""The gallery of failures: each run goes wrong in a known way, beside a twin with one thing changed.

Both start from the same seed. A new failure is one entry here; the menu, the links and the test that trains
all of them and diagnoses what went wrong follow from it. Torch-free.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from cnnviz.engine.config.train_config import EXAMPLE_NET, TrainConfig

__all__ = ["FAILURES", "Failure"]


@dataclass(frozen=True)
class Failure:
    """One entry.

    about: what happens and why; change: what the healthy twin does otherwise; shows_in: where to see it;
    rule: the name in `findings.TITLES` of the rule that finds it; steps: after so many it shows.
    """

    id: str
    title: str
    about: str
    change: str
    shows_in: str
    rule: str
    steps: int
    failing: TrainConfig
    healthy: TrainConfig


INPUT = [1, 28, 28]


def _deep_dense(activation: str) -> dict[str, Any]:
    hidden = [{"type": "dense", "units": 32}, {"type": activation}] * 6
    return {"input": INPUT, "layers": [{"type": "flatten"}, *hidden, {"type": "dense", "units": 10}]}


def _example(activation: str) -> dict[str, Any]:
    layers = [{"type": activation} if layer["type"] == "relu" else layer for layer in EXAMPLE_NET["layers"]]
    return {"input": INPUT, "layers": layers}


def _deep_convolutions(kind: str) -> dict[str, Any]:
    """Eleven 3×3 convolutions of 8 maps: plain, with batch norm, or all but the first in residual blocks."""
    conv: dict[str, Any] = {"type": "conv", "channels": 8, "kernel": 3, "padding": 1}
    block: list[dict[str, Any]] = {
        "plain": [conv, {"type": "relu"}],
        "batch_norm": [conv, {"type": "batch_norm"}, {"type": "relu"}],
        "residual": [{"type": "residual", "layers": [conv, {"type": "relu"}]}],
    }[kind]
    first = [conv, {"type": "relu"}, {"type": "max_pool", "kernel": 4}]
    last = [{"type": "flatten"}, {"type": "dense", "units": 10}]
    return {"input": INPUT, "layers": [*first, *block * 10, *last]}


def _with_hidden_layer() -> dict[str, Any]:
    hidden = [{"type": "dense", "units": 64}, {"type": "relu"}]
    layers = EXAMPLE_NET["layers"]
    return {"input": INPUT, "layers": [*layers[:-1], *hidden, layers[-1]]}


def _config(net: Mapping[str, Any], **settings: object) -> TrainConfig:
    return TrainConfig.from_dict({"net": net, "dataset": "fashion", "seed": 0, **settings})


_SIGMOIDS = _config(_deep_dense("sigmoid"), optimizer="momentum", rate=0.05, init="xavier")
_FAST = _config(_example("leaky_relu"), optimizer="sgd", rate=2.0)
_ZEROS = _config(EXAMPLE_NET, optimizer="sgd", rate=0.1, init="zeros")
_DEAD = _config(_example("relu"), optimizer="adam", rate=0.1)
_DEEP = _config(_deep_convolutions("plain"), optimizer="momentum", rate=0.02)
_FEW = _config(_with_hidden_layer(), rate=1e-3, batch=25, train_size=100)
_SHUFFLED = _config(_with_hidden_layer(), rate=2e-3, batch=50, train_size=500, shuffle_labels=True)

_TABLE = (
    Failure(
        id="deep_sigmoid",
        title="Six sigmoids in a row",
        about="The slope of a sigmoid is at most 1/4, so on its way back through six of them the gradient is "
        "divided by 4 six times and more: the first layers learn nothing.",
        change="ReLU in place of sigmoid.",
        shows_in="Gradient flow: the first layer against the last.",
        rule="vanishing",
        steps=300,
        failing=_SIGMOIDS,
        healthy=_SIGMOIDS.changed(net=_deep_dense("relu")),
    ),
    Failure(
        id="rate_too_high",
        title="Rate too high",
        about="Each step overshoots the valley by more than the last, the weights grow, and after a few "
        "steps the loss is no longer a number. The run stops there and keeps its last good state.",
        change="A rate of 0.1 in place of 2.",
        shows_in="The loss, and the ratio update/weight, which should be about 1/1000.",
        rule="not_a_number",
        steps=60,
        failing=_FAST,
        healthy=_FAST.changed(rate=0.1),
    ),
    Failure(
        id="zero_start",
        title="All weights zero",
        about="With all weights 0 every map of a layer is the same and every gradient but the last bias's is "
        "0: nothing tells the maps apart, ever. Chance has to break the tie.",
        change="Kaiming initialisation in place of zeros.",
        shows_in="Gradient flow: exactly 0 in every layer but the last.",
        rule="not_learning",
        steps=150,
        failing=_ZEROS,
        healthy=_ZEROS.changed(init="kaiming"),
    ),
    Failure(
        id="dead_relu",
        title="Dead ReLUs",
        about="A few steps that are too large push every unit below 0 for every picture. There a ReLU gives "
        "0 and its slope is 0 too, so no gradient ever brings it back.",
        change="Leaky ReLU in place of ReLU: its slope below 0 is small, but not 0.",
        shows_in="The share of dead units, and the gradient that becomes exactly 0.",
        rule="dead",
        steps=150,
        failing=_DEAD,
        healthy=_DEAD.changed(net=_example("leaky_relu")),
    ),
    Failure(
        id="deep_plain",
        title="Deep, without normalisation",
        about="Eleven plain convolutions: each shrinks the signal and its gradient a little, and together "
        "they shrink it a millionfold.",
        change="Batch normalisation after each convolution.",
        shows_in="Gradient flow, layer by layer.",
        rule="vanishing",
        steps=150,
        failing=_DEEP,
        healthy=_DEEP.changed(net=_deep_convolutions("batch_norm")),
    ),
    Failure(
        id="deep_no_shortcut",
        title="Deep, without shortcuts",
        about="The same eleven plain convolutions. A shortcut around each lets the gradient pass unchanged, "
        "whatever the layer itself does to it.",
        change="A residual block around each convolution.",
        shows_in="Gradient flow, layer by layer.",
        rule="vanishing",
        steps=150,
        failing=_DEEP,
        healthy=_DEEP.changed(net=_deep_convolutions("residual")),
    ),
    Failure(
        id="overfitting",
        title="Learning 100 pictures by heart",
        about="So few pictures can be remembered one by one: the training loss goes to 0, the validation "
        "loss turns and rises.",
        change="Dropout of 1/2 before each dense layer.",
        shows_in="The gap between the loss in training and in validation.",
        rule="overfitting",
        steps=300,
        failing=_FEW,
        healthy=_FEW.changed(drop=0.5),
    ),
    Failure(
        id="shuffled_labels",
        title="Labels that mean nothing",
        about="The labels of 500 pictures are shuffled. The network still learns them by heart, which shows "
        "how much it can remember, and knows nothing about any other picture.",
        change="The true labels.",
        shows_in="Accuracy in training near 100 %, in validation near chance.",
        rule="overfitting",
        steps=300,
        failing=_SHUFFLED,
        healthy=_SHUFFLED.changed(shuffle_labels=False),
    ),
)

FAILURES: Mapping[str, Failure] = MappingProxyType({entry.id: entry for entry in _TABLE})
"""Failure by its id, in the order of the menu."""
