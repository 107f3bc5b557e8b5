"""One training step in named sub-steps, each with the real numbers of one small layer.

It is a step like any other: afterwards the weights are bit for bit those that `Trainer.step(1)` makes.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from cnnviz.engine.training.step import Step
from cnnviz.engine.training.trainer import Trainer, one_thread
from cnnviz.engine.wire.records import StepBlock, SubStep

__all__ = ["slow_step", "small_layer"]

SHOWN = 8
"""Pictures of the batch that are shown."""
MOST_NUMBERS = 1 << 15
"""Of an array with more numbers than this only the first rows are shown."""

Numbers = Mapping[str, Tensor | float]
SLOTS = {
    "momentum_buffer": "running sum of gradients",
    "exp_avg": "running mean of gradients",
    "exp_avg_sq": "running mean of squared gradients",
    "square_avg": "running mean of squared gradients",
}


def small_layer(trainer: Trainer) -> int:
    """The number of the convolution or dense layer with the fewest weights, the first of them."""
    counts = trainer.network.spec.parameter_counts()
    layers = trainer.network.spec.layers
    plain = [n for n in trainer.stepper.meter.layers if layers[n].type in ("conv", "dense")]
    return min(plain or trainer.stepper.meter.layers, key=lambda number: counts[number])


def slow_step(trainer: Trainer, layer: int | None = None) -> list[SubStep | StepBlock]:
    """Do one step and report it: a SubStep for each of records.STAGES, then the step's own block.

    layer: the weight layer whose numbers are shown (None: `small_layer`). ValueError, one sentence, for a
    layer without weights. Stops after "loss" where the loss is no number. Empty where the run has ended.
    """
    layer = small_layer(trainer) if layer is None else layer
    if layer not in trainer.stepper.meter.layers:
        raise ValueError(f"Layer {layer + 1} has no weights; choose one that has.")
    if trainer.status != "running":
        return []
    narrator = _Narrator(trainer, layer)
    with one_thread():
        trainer.train_once(recorded=True, observe=narrator)
    return [*narrator.records, *trainer.flush()]


class _Narrator:
    """Turns each stage of a step into a SubStep, as it happens."""

    def __init__(self, trainer: Trainer, layer: int) -> None:
        self.records: list[SubStep] = []
        self._trainer = trainer
        self._layer = layer
        self._name = f"{layer + 1} {trainer.network.spec.layers[layer].label}"
        self._weights = dict(trainer.network[layer].named_parameters())
        self._before: dict[str, Tensor] = {}

    def __call__(self, stage: str, step: Step) -> None:
        title, sentence, numbers = getattr(self, f"_{stage}")(step)
        kept = {name: _shown(value) for name, value in numbers.items()}
        number = self._trainer.step_count + 1
        self.records.append(SubStep(number, stage, title, sentence, self._layer, kept))

    def _batch(self, step: Step) -> tuple[str, str, Numbers]:
        total = len(self._trainer.sets["train"])
        sentence = (
            f"{len(step.labels)} of the {total:,} training pictures, drawn in this epoch's random order."
        )
        return "Draw a batch", sentence, {"pictures": step.pictures[:SHOWN], "labels": step.labels[:SHOWN]}

    def _forward(self, step: Step) -> tuple[str, str, Numbers]:
        sentence = (
            f"Each layer computes its output from the one before; here {self._name}, for the first picture."
        )
        numbers: dict[str, Tensor | float] = {"input": step.inputs[self._layer][0]}
        numbers |= {name: weight.detach().clone() for name, weight in self._weights.items()}
        return "Forward", sentence, numbers | {"output": step.outputs[self._layer][0]}

    def _loss(self, step: Step) -> tuple[str, str, Numbers]:
        output, logits = self._trainer.output, step.logits.detach()
        sentence = (
            f"What came out is held against the labels: the mean loss of the batch is {step.loss:.4g}, "
            f"and {step.accuracy:.0%} are right."
        )
        numbers: dict[str, Tensor | float] = {
            "logits": logits[:SHOWN],
            "shares": output.shares(logits)[:SHOWN],
            "labels": step.labels[:SHOWN],
            "losses": output.losses(logits, step.labels)[:SHOWN],
            "loss": step.loss,
        }
        return "Loss", sentence, numbers

    def _backward(self, step: Step) -> tuple[str, str, Numbers]:
        gradient = step.outputs[self._layer].grad
        numbers: dict[str, Tensor | float] = {} if gradient is None else {"gradient of output": gradient[0]}
        for name, weight in self._weights.items():
            if weight.grad is not None:
                numbers[f"gradient of {name}"] = weight.grad.clone()
        self._before = {name: weight.detach().clone() for name, weight in self._weights.items()}
        sentence = (
            f"The chain rule goes back from the loss, layer by layer; {self._name} learns how the loss "
            "changes with each of its weights."
        )
        return "Backward", sentence, numbers

    def _update(self, step: Step) -> tuple[str, str, Numbers]:
        slots = self._trainer.stepper.optimizer.state
        numbers: dict[str, Tensor | float] = {"rate": step.rate}
        for name, weight in self._weights.items():
            now = weight.detach()
            numbers |= {f"{name} before": self._before[name]}
            numbers |= {f"{SLOTS[slot]} of {name}": x for slot, x in slots[weight].items() if slot in SLOTS}
            numbers |= {f"change of {name}": now - self._before[name], f"{name} after": now}
        sentence = (
            f"The optimizer changes every weight a little, against its gradient, with rate {step.rate:g}."
        )
        return "Update", sentence, numbers


def _shown(value: Tensor | float) -> NDArray[np.float32]:
    """`value` as float32 numbers, its first rows where they are very many."""
    if not isinstance(value, Tensor):
        return np.array(value, np.float32)
    if value.numel() > MOST_NUMBERS:
        value = value[: max(1, MOST_NUMBERS // max(1, value[0].numel()))]
    return np.array(
        value.detach().cpu().numpy(), np.float32, order="C"
    )  # a copy: the weights go on to change
