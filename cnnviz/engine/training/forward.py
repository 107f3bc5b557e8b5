"""The forward pass in training: seeded dropout, a faster order where that changes no number, recording."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from cnnviz.core.networks.layers import MaxPool
from cnnviz.core.networks.spec import NetSpec
from cnnviz.engine.training.build import Network, logits_of

__all__ = ["SeededDropout", "TrainingPass"]


class SeededDropout(nn.Module):
    """Dropout from a generator of its own: x · mask / (1 − p), each mask value 0 with probability p."""

    def __init__(self, p: float, draw: torch.Generator) -> None:
        super().__init__()
        self.p = p
        self._draw = draw

    def forward(self, x: Tensor) -> Tensor:
        """As nn.Dropout; the mask is drawn on the processor, so that every device gets the same one."""
        if not self.training or not self.p:
            return x
        mask = torch.empty(x.shape).bernoulli_(1 - self.p, generator=self._draw).mul_(1 / (1 - self.p))
        return x * mask.to(x.device)


class TrainingPass:
    """`network` as it runs in training, with the same numbers as its own forward pass.

    `drop` is the probability of an extra dropout before every dense layer (0: none). A ReLU followed by max
    pooling runs after it: max and ReLU commute exactly, value and gradient, and the ReLU has less to do.
    """

    def __init__(self, network: Network, drop: float, draw: torch.Generator) -> None:
        _seed_dropout(network, draw)
        self.network = network
        self._extra = {
            number: SeededDropout(drop, draw)
            for number, layer in enumerate(network.spec.layers)
            if drop and layer.type == "dense"
        }
        self._fast: list[Callable[[Tensor], Tensor]] = []
        for number in _order(network.spec):
            self._fast += [self._extra[number]] if number in self._extra else []
            self._fast.append(network[number])

    def __call__(self, x: Tensor) -> Tensor:
        """Logits for pictures (N, C, H, W)."""
        for module in self._fast:
            x = module(x)
        return logits_of(x)

    def recorded(self, x: Tensor) -> tuple[Tensor, list[Tensor], list[Tensor]]:
        """Logits, the input of every layer and its output, in the spec's order.

        `backward` gives each output its `.grad`.
        """
        inputs: list[Tensor] = []
        outputs: list[Tensor] = []
        for number, layer in enumerate(self.network):
            if number in self._extra:
                x = self._extra[number](x)
            inputs.append(x)
            x = layer(x)
            if x.requires_grad:  # false before the first layer with weights
                x.retain_grad()
            outputs.append(x)
        return logits_of(x), inputs, outputs


def _seed_dropout(module: nn.Module, draw: torch.Generator) -> None:
    for name, child in module.named_children():
        if isinstance(child, nn.Dropout):
            setattr(module, name, SeededDropout(child.p, draw))
        else:
            _seed_dropout(child, draw)


def _order(spec: NetSpec) -> list[int]:
    """The layers' numbers, each ReLU moved behind a max pooling that follows it and shrinks the maps."""
    order = list(range(len(spec.layers)))
    for number in range(len(order) - 1):
        first, then = spec.layers[number], spec.layers[number + 1]
        if first.type == "relu" and isinstance(then, MaxPool) and max(then.steps) > 1:
            order[number], order[number + 1] = number + 1, number
    return order
