"""What is measured in training: a row of numbers at every step, statistics of every layer now and then."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from cnnviz.core.activations.table import SATURATED_BELOW
from cnnviz.core.networks.layers import ActivationLayer, Layer
from cnnviz.engine.training.build import Network
from cnnviz.engine.wire.records import BANDS, LayerStats, StepBlock

__all__ = ["StepMeter", "TimeShare", "layer_stats"]

Floats = NDArray[np.float32]
SAMPLE = 2048
"""Percentiles are taken of at most so many values, evenly spaced."""
FLAT_VALUES = 1 << 16
"""Flat units are searched for in as many pictures as fit into so many values, and at least in 8."""


class StepMeter:
    """Losses, norms and ratios of every step, kept as tensors and read out in blocks.

    One step costs five `foreach` calls over all weights, whatever the number of layers, and one copy of them.
    """

    def __init__(self, network: Network, capacity: int) -> None:
        named = [(number, p) for number, layer in enumerate(network) for p in layer.parameters()]
        self.layers = sorted({number for number, _ in named})
        self.parameters = [p for _, p in named]
        numbers = np.array([number for number, _ in named])
        self._starts = np.searchsorted(numbers, self.layers)  # a layer's tensors stand next to each other
        self._sizes = np.add.reduceat(np.array([p.numel() for p in self.parameters]), self._starts)
        self._now = [p.detach() for p in self.parameters]
        self._before = [p.detach().clone() for p in self.parameters]
        self._rows = torch.zeros((capacity, 5 * len(self.parameters)), device=self._now[0].device)
        self._plain: list[tuple[float, float, float, float]] = []

    def __len__(self) -> int:
        return len(self._plain)

    @property
    def full(self) -> bool:
        """Whether `block` has to be called before the next step."""
        return len(self._plain) == len(self._rows)

    def before_update(self) -> None:
        """Remember the weights."""
        torch._foreach_copy_(self._before, self._now)

    def after_update(self, loss: float, accuracy: float, seconds: float, rate: float) -> None:
        """Measure the step: the gradients that were used, the weights before it, and what it changed."""
        gradients = [torch.zeros_like(p) if p.grad is None else p.grad for p in self.parameters]
        weights = torch._foreach_norm([*gradients, *self._before])
        torch._foreach_sub_(self._before, self._now)
        norms = [*weights, *torch._foreach_norm([*self._before, *self._now])]
        sums = torch._foreach_norm(gradients, 1)
        torch.stack([*norms, *sums], out=self._rows[len(self._plain)])
        self._plain.append((loss, accuracy, 1000 * seconds, rate))

    def no_update(self, loss: float, accuracy: float, seconds: float, rate: float) -> None:
        """A step that stopped at its loss: there is no gradient to measure."""
        self._rows[len(self._plain)].fill_(math.nan)
        self._plain.append((loss, accuracy, 1000 * seconds, rate))

    def weights_finite(self) -> bool:
        """Whether all weights were numbers after the last step."""
        count = len(self.parameters)
        return bool(self._rows[len(self._plain) - 1, 3 * count : 4 * count].isfinite().all())

    def block(self, step: int) -> StepBlock:
        """All steps since the last block, of which the last is number `step`; the meter is empty then."""
        count = len(self._plain)
        rows = self._rows[:count].cpu().numpy().astype(np.float64)
        gradient, weight, update, _, absolute = np.split(rows, 5, axis=1)
        weights = self._together(weight)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratios = np.where(weights > 0, self._together(update) / weights, np.nan)
        plain = np.array(self._plain, np.float32).reshape(count, 4)
        self._plain.clear()
        return StepBlock(
            step=step,
            loss=plain[:, 0],
            accuracy=plain[:, 1],
            milliseconds=plain[:, 2],
            rate=plain[:, 3],
            gradient_norms=_float32(self._together(gradient)),
            gradient_means=_float32(np.add.reduceat(absolute, self._starts, axis=1) / self._sizes),
            update_ratios=_float32(ratios),
        )

    def _together(self, norms: NDArray[np.float64]) -> NDArray[np.float64]:
        """Norms of tensors (n, P) as norms of layers (n, L)."""
        return np.sqrt(np.add.reduceat(norms**2, self._starts, axis=1))


def _float32(values: NDArray[np.float64]) -> Floats:
    with np.errstate(over="ignore"):
        return values.astype(np.float32)


LAST_COSTS = 3


@dataclass
class TimeShare:
    """Says when something may be done again, so that it takes `share` of the time, at most every `least` s.

    `now` is computing time in seconds, so that a pause does not count. What it costs is the least of the last
    costs: on a busy machine a single one may be ten times as high. The first does not count at all,
    because torch prepares its kernels then, and until three are known it waits at most five times `least`.
    """

    share: float
    least: float
    _next: float = 0.0
    _costs: deque[float] | None = None

    def due(self, now: float) -> bool:
        """Whether it is time."""
        return now >= self._next

    def spent(self, now: float, cost: float) -> None:
        """It took `cost` seconds: the next time is as far away as keeps the share."""
        if self._costs is None:
            self._costs = deque(maxlen=LAST_COSTS)
        else:
            self._costs.append(cost)
        wait = max(self.least, min(self._costs, default=0.0) / self.share)
        known = len(self._costs) == LAST_COSTS
        self._next = now + (wait if known else min(wait, 5 * self.least))


def layer_stats(
    step: int, network: Network, inputs: Sequence[Tensor], outputs: Sequence[Tensor]
) -> LayerStats:
    """Statistics of one training step after its backward pass, from every layer's input and output."""
    layers = network.spec.layers
    gradients = [None if y.grad is None else y.grad for y in outputs]
    flat = [_flat(layer, module, x) for layer, module, x in zip(layers, network, inputs, strict=True)]
    weights = [p for layer in network if (p := _all_gradients(layer)) is not None]
    return LayerStats(
        step=step,
        activation_norms=_row([math.nan if g is None else float(g.norm()) for g in gradients]),
        activation_means=_row([math.nan if g is None else float(g.abs().mean()) for g in gradients]),
        dead=_row([dead for dead, _ in flat]),
        saturated=_row([saturated for _, saturated in flat]),
        activation_bands=np.stack([bands(g) for g in gradients]),
        weight_bands=np.stack([bands(g) for g in weights]),
    )


def _row(values: list[float]) -> Floats:
    return np.array(values, np.float32)


def _all_gradients(layer: nn.Module) -> Tensor | None:
    """A layer's gradients, one after the other; None where it has no weights."""
    parts = [p.grad.flatten() if p.grad is not None else torch.zeros(p.numel()) for p in layer.parameters()]
    return torch.cat(parts) if parts else None


def bands(values: Tensor | None) -> Floats:
    """The percentiles BANDS of |values|, from an evenly spaced sample."""
    if values is None:
        return np.full(len(BANDS), math.nan, np.float32)
    sample = evenly_spaced(values.detach()).abs().cpu().numpy()
    if not np.isfinite(sample).all():
        return np.full(len(BANDS), math.nan, np.float32)
    return np.asarray(np.percentile(sample, BANDS), np.float32)


def evenly_spaced(values: Tensor) -> Tensor:
    """At most SAMPLE of the values, evenly spaced in memory, by a stride that keeps step with no axis."""
    count = values.numel()
    if count <= SAMPLE:
        return values.flatten()
    stride = -(-count // SAMPLE)
    while math.gcd(stride, count) > 1:
        stride += 1
    dense = values.is_contiguous() or (
        values.dim() == 4 and values.is_contiguous(memory_format=torch.channels_last)
    )
    line = values.as_strided((count,), (1,)) if dense else values.flatten()
    return line[::stride]


def _flat(layer: Layer, module: nn.Module, x: Tensor) -> tuple[float, float]:
    """(share of dead units, share of saturated values) of an activation for its input x; NaN for others."""
    if not isinstance(layer, ActivationLayer) or layer.type == "identity":
        return math.nan, math.nan
    pictures = max(8, FLAT_VALUES // max(1, x[0].numel()))
    probe = x.detach()[:pictures].requires_grad_()
    with torch.enable_grad():
        (slope,) = torch.autograd.grad(module(probe).sum(), probe)
    flat = slope.abs() < SATURATED_BELOW * layer.activation.steepest(**layer.settings())
    everywhere = flat.all(0) if flat.dim() == 2 else flat.flatten(2).all(2).all(0)
    return float(everywhere.float().mean()), float(flat.float().mean())
