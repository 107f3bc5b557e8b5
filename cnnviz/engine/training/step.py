"""One training step: draw a batch, forward, loss, backward, update; measured, and open to an observer."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.engine.training import optimizers
from cnnviz.engine.training.batches import PictureSet, Stream
from cnnviz.engine.training.build import Network, generator
from cnnviz.engine.training.forward import TrainingPass
from cnnviz.engine.training.measure import StepMeter
from cnnviz.engine.training.outputs import Output

__all__ = ["Observer", "Step", "Stepper"]

BLOCK = 64
"""Steps in one block of measurements, at most."""


@dataclass
class Step:
    """A step under way; each part is there from its stage on.

    index: places of the batch in the training set (n,); pictures (n, C, H, W), labels (n,), logits
    (n, classes); inputs and outputs of every layer, if it was recorded; loss and accuracy of the batch.
    """

    rate: float
    index: Tensor
    pictures: Tensor
    labels: Tensor
    logits: Tensor = field(default_factory=lambda: torch.empty(0))
    inputs: list[Tensor] = field(default_factory=list)
    outputs: list[Tensor] = field(default_factory=list)
    loss: float = math.nan
    accuracy: float = math.nan
    seconds: float = 0.0

    @property
    def finite(self) -> bool:
        """Whether the loss is a number; if not, the step ends there."""
        return math.isfinite(self.loss)


Observer = Callable[[str, Step], None]
"""Called with the name of each stage (records.STAGES) as soon as it is done."""


class Stepper:
    """The network, its data, its optimizer and its meter: what one step needs."""

    def __init__(self, config: TrainConfig, network: Network, output: Output, pictures: PictureSet) -> None:
        self.network = network
        self.output = output
        self.settings = config
        self._dropout = generator(config.seed, "dropout")
        self._forward = TrainingPass(network, config.drop, self._dropout)
        self.stream = Stream(config, pictures)
        self.meter = StepMeter(network, BLOCK)
        self.optimizer = optimizers.make_optimizer(config, self.meter.parameters)

    def once(self, rate: float, recorded: bool = False, observe: Observer | None = None) -> Step:
        """One step at this rate, its row in the meter. It ends at the loss where that is no number.

        recorded: keep every layer's output and, after the step, its gradient. The numbers are the same.
        """
        begun = time.perf_counter()
        step = Step(rate, *self.stream.draw())
        _notify(observe, "batch", step)
        if recorded:
            step.logits, step.inputs, step.outputs = self._forward.recorded(step.pictures)
        else:
            step.logits = self._forward(step.pictures)
        _notify(observe, "forward", step)
        loss = self.output.loss(step.logits, step.labels)
        step.loss = loss.item()
        right = self.output.predict(step.logits.detach()) == step.labels
        step.accuracy = right.sum().item() / len(right)
        _notify(observe, "loss", step)
        if step.finite:
            self._learn(loss, step, observe)
        step.seconds = time.perf_counter() - begun
        measure = self.meter.after_update if step.finite else self.meter.no_update
        measure(step.loss, step.accuracy, step.seconds, rate)
        if step.finite:
            _notify(observe, "update", step)
        return step

    def _learn(self, loss: Tensor, step: Step, observe: Observer | None) -> None:
        """Backward and update."""
        for parameter in self.meter.parameters:
            parameter.grad = (
                None  # as the optimizer's zero_grad, without the 1 % that its profiling hook costs
            )
        loss.backward()  # type: ignore[no-untyped-call]
        if self.settings.l1:
            optimizers.add_l1(self.meter.parameters, self.settings.l1)
        _notify(observe, "backward", step)
        self.meter.before_update()
        optimizers.set_rate(self.optimizer, step.rate)
        self.optimizer.step()

    def apply(self, settings: TrainConfig) -> None:
        """Let the next step use these settings, of which only live ones differ from those of now."""
        self.settings = settings
        optimizers.apply(self.optimizer, settings)

    def state(self) -> dict[str, Tensor]:
        """Copies of all that decides the next steps: weights, optimizer, generators, place in the epoch."""
        slots = {
            f"{number}.{name}": value
            for number, slot in self.optimizer.state_dict()["state"].items()
            for name, value in slot.items()
        }
        return {
            **_over("network.", self.network.state_dict()),
            **_over("optimizer.", slots),
            **_over("stream.", self.stream.state()),
            "dropout": self._dropout.get_state(),
        }

    def load_state(self, state: Mapping[str, Tensor]) -> None:
        """Go on where `state` was taken; KeyError or RuntimeError where it is of another network."""
        self.network.load_state_dict(_under("network.", state))
        slots: dict[int, dict[str, Tensor]] = {}
        for name, value in _under("optimizer.", state).items():
            number, _, slot = name.partition(".")
            slots.setdefault(int(number), {})[slot] = _laid_out_as(self.meter.parameters[int(number)], value)
        groups = self.optimizer.state_dict()["param_groups"]
        self.optimizer.load_state_dict({"state": slots, "param_groups": groups})
        self.stream.load_state(_under("stream.", state))
        self._dropout.set_state(state["dropout"])


def _laid_out_as(parameter: Tensor, value: Tensor) -> Tensor:
    """A copy of `value` in the memory order of its weights, which a fused optimizer takes for granted."""
    if value.shape != parameter.shape:
        return value.clone()
    return torch.empty_like(parameter, dtype=value.dtype, requires_grad=False).copy_(value)


def _notify(observe: Observer | None, stage: str, step: Step) -> None:
    if observe is not None:
        observe(stage, step)


def _over(prefix: str, state: Mapping[str, Any]) -> dict[str, Tensor]:
    """Copies of the tensors in `state`, their names with this prefix."""
    tensors = {name: value for name, value in state.items() if isinstance(value, Tensor)}
    return {prefix + name: value.detach().clone() for name, value in tensors.items()}


def _under(prefix: str, state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)}
