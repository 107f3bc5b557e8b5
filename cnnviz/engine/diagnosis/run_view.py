"""A run as the rules read it: medians over its last steps, and its layers by name. numpy only."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.networks.layers import Layer
from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.engine.runs.history import History
from cnnviz.engine.wire.records import LayerStats

__all__ = ["RunView"]

WINDOW = 50
"""Medians are taken over so many of the last steps, at most half of them."""


class RunView:
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
        """The newest statistics of every layer."""
        return self.history.latest(LayerStats)

    def name(self, weight_layer: int) -> str:
        """“layer 3 (conv 3×3, 8)” for a place among the layers with weights."""
        return self.layer_name(self.weight_layers[weight_layer])

    def layer_name(self, number: int) -> str:
        """“layer 3 (conv 3×3, 8)” for a layer's number."""
        return f"layer {number + 1} ({self.layers[number].label})"
