"""The three kinds of output: what the last layer means, its loss, and how a class is read from it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import MappingProxyType

import torch
from torch import Tensor
from torch.nn import functional

__all__ = ["OUTPUTS", "Output", "make_output"]


class Output(ABC):
    """One kind of output. `classes` are the names of the classes; labels are numbers of these classes."""

    def __init__(self, classes: tuple[str, ...], chosen: int) -> None:
        self.classes = classes
        self.chosen = chosen

    def labels(self, labels: Tensor) -> Tensor:
        """The data's labels as numbers of `classes`, int64."""
        return labels

    @abstractmethod
    def losses(self, logits: Tensor, labels: Tensor) -> Tensor:
        """The loss of every picture, (N,)."""

    @abstractmethod
    def loss(self, logits: Tensor, labels: Tensor) -> Tensor:
        """The mean loss of a batch; a scalar."""

    def predict(self, logits: Tensor) -> Tensor:
        """The number of the most likely class, (N,)."""
        return logits.argmax(1)

    @abstractmethod
    def shares(self, logits: Tensor) -> Tensor:
        """(N, classes): what is shown for each class."""


class Softmax(Output):
    """shares = softmax(logits); loss = −log share of the true class."""

    def losses(self, logits: Tensor, labels: Tensor) -> Tensor:
        return functional.cross_entropy(logits, labels, reduction="none")

    def loss(self, logits: Tensor, labels: Tensor) -> Tensor:
        return functional.cross_entropy(logits, labels)

    def shares(self, logits: Tensor) -> Tensor:
        return logits.softmax(1)


class OneHot(Output):
    """The outputs themselves aim at 1 for the true class and 0 for the others; loss = mean squared error.

    Shares are the outputs: they need neither be positive nor sum to 1.
    """

    def losses(self, logits: Tensor, labels: Tensor) -> Tensor:
        return (logits - self._target(logits, labels)).square().mean(1)

    def loss(self, logits: Tensor, labels: Tensor) -> Tensor:
        return functional.mse_loss(logits, self._target(logits, labels))

    def shares(self, logits: Tensor) -> Tensor:
        return logits

    @staticmethod
    def _target(logits: Tensor, labels: Tensor) -> Tensor:
        return torch.zeros_like(logits).scatter_(1, labels.unsqueeze(1), 1.0)


class Binary(Output):
    """One node: share of the chosen class = sigmoid(logit); loss = binary cross-entropy.

    Class 0 is "not …", class 1 the chosen one.
    """

    def __init__(self, classes: tuple[str, ...], chosen: int) -> None:
        super().__init__((f"not {classes[chosen]}", classes[chosen]), chosen)

    def labels(self, labels: Tensor) -> Tensor:
        return (labels == self.chosen).to(torch.int64)

    def losses(self, logits: Tensor, labels: Tensor) -> Tensor:
        return functional.binary_cross_entropy_with_logits(
            logits[:, 0], labels.to(logits.dtype), reduction="none"
        )

    def loss(self, logits: Tensor, labels: Tensor) -> Tensor:
        return functional.binary_cross_entropy_with_logits(logits[:, 0], labels.to(logits.dtype))

    def predict(self, logits: Tensor) -> Tensor:
        return (logits[:, 0] > 0).to(torch.int64)

    def shares(self, logits: Tensor) -> Tensor:
        share = logits.sigmoid()
        return torch.cat([1 - share, share], 1)


OUTPUTS: Mapping[str, type[Output]] = MappingProxyType(
    {"softmax": Softmax, "one_hot_mse": OneHot, "binary": Binary}
)


def make_output(kind: str, classes: tuple[str, ...], chosen: int) -> Output:
    """The output of this kind (TrainConfig.output) for data of these classes."""
    return OUTPUTS[kind](classes, chosen)
