"""A run read out in words: named rules over its history, each with its evidence in numbers and what to try.

The rules are data: `RULES` maps a name to a function of a `View`. Torch-free; numpy only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.networks.layers import Layer
from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.engine.diagnosis.remedies import Remedy
from cnnviz.engine.runs.history import History
from cnnviz.engine.wire.records import LayerStats

__all__ = ["FEWEST", "TITLES", "Reading", "Rule", "View", "read"]

FEWEST = 20
"""Steps before anything but NaN is read from a run."""
WINDOW = 50
"""Medians are taken over so many of the last steps, at most half of them."""

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "not_a_number": "NaN or infinite",
        "exploding": "Exploding gradient",
        "vanishing": "Vanishing gradient",
        "dead": "Dead units",
        "saturated": "Saturated units",
        "rate_too_high": "Rate too high",
        "rate_too_low": "Rate too low",
        "overfitting": "Overfitting",
        "not_learning": "Not learning",
    }
)
"""Rule by its name, the most serious first."""


@dataclass(frozen=True)
class Reading:
    """One finding.

    sentence: what is seen, why most likely, and what to try; evidence: the numbers it rests on, by name;
    layer: the number of the layer it is about, if of one; remedy: the change that a button applies.
    """

    rule: str
    sentence: str
    evidence: Mapping[str, float]
    layer: int | None = None
    remedy: Remedy = field(default_factory=Remedy)

    @property
    def title(self) -> str:
        """The rule's name for people."""
        return TITLES[self.rule]

    @property
    def change(self) -> Mapping[str, object]:
        """What to change in the settings: `config.changed(**reading.change)`."""
        return self.remedy.change


class View:
    """A run's history as the rules look at it: windows of its last steps, layers by name."""

    def __init__(self, history: History, config: TrainConfig) -> None:
        self.history = history
        self.config = config
        self.layers: tuple[Layer, ...] = config.trained_net.layers
        started = history.started
        self.names = started.layers if started else ()
        self.weight_layers = started.weight_layers if started else ()
        self.classes = len(started.classes) if started else 0

    @property
    def steps(self) -> int:
        """Steps that are known."""
        return len(self.history.loss)

    @cached_property
    def loss(self) -> NDArray[np.float64]:
        """The loss of every step."""
        return self.history.loss.astype(np.float64)

    @cached_property
    def window(self) -> slice:
        """The last steps: WINDOW of them, at most half of all."""
        return slice(max(self.steps // 2, self.steps - WINDOW), None)

    @cached_property
    def now(self) -> float:
        """The median loss of the last steps."""
        return float(np.median(self.loss[self.window]))

    @cached_property
    def first(self) -> float:
        """The median loss of the first three steps."""
        return float(np.median(self.loss[:3]))

    @cached_property
    def gradients(self) -> NDArray[np.float64]:
        """(layers with weights,) the median norm of each one's gradient over the last steps."""
        return self._median(self.history.gradient_norms)

    @cached_property
    def ratios(self) -> NDArray[np.float64]:
        """(layers with weights,) the median update/weight over the last steps."""
        return self._median(self.history.update_ratios)

    def _median(self, table: NDArray[np.float32]) -> NDArray[np.float64]:
        return np.median(table[self.window].astype(np.float64), axis=0)

    @property
    def stats(self) -> LayerStats | None:
        """The newest closer look."""
        return self.history.latest(LayerStats)

    def name(self, weight_layer: int) -> str:
        """“layer 3 (conv 3×3, 8)” for a place among the layers with weights."""
        return self.layer_name(self.weight_layers[weight_layer])

    def layer_name(self, number: int) -> str:
        """“layer 3 (conv 3×3, 8)” for a layer's number."""
        return f"layer {number + 1} ({self.layers[number].label})"


Rule = Callable[[View], Reading | None]


def read(history: History, config: TrainConfig) -> list[Reading]:
    """All findings, the most serious first; empty where nothing is wrong or too little is known."""
    from cnnviz.engine.diagnosis.rules import RULES  # noqa: PLC0415  (the rules are written in this module's terms)

    view = View(history, config)
    if not view.steps or not view.names:
        return []
    found: list[Reading] = []
    for name in TITLES:
        known = view.steps >= FEWEST or name == "not_a_number"
        settled = name == "not_learning" and found  # its reason has been named
        if known and not settled and (reading := RULES[name](view)) is not None:
            found.append(reading)
        if found and found[0].rule == "not_a_number":
            break
    return found
