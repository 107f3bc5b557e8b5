"""From a gradient to a step: torch's optimizers in their fastest form, and the rate over a run."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from cnnviz.engine.config.train_config import TrainConfig

__all__ = ["SCHEDULES", "add_l1", "apply", "make_optimizer", "set_rate"]

BETA_2 = 0.999


def make_optimizer(config: TrainConfig, parameters: Sequence[nn.Parameter]) -> Optimizer:
    """The optimizer of these settings: fused where torch has that, else by lists of tensors (foreach)."""
    rate, decay = config.rate, config.weight_decay
    kind = config.optimizer
    if kind == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=rate, weight_decay=decay, foreach=True)
    if kind in ("adam", "adamw"):
        make = torch.optim.Adam if kind == "adam" else torch.optim.AdamW
        return make(parameters, lr=rate, betas=(config.momentum, BETA_2), weight_decay=decay, fused=True)
    return torch.optim.SGD(
        parameters,
        lr=rate,
        momentum=0.0 if kind == "sgd" else config.momentum,
        nesterov=kind == "nesterov" and config.momentum > 0,
        weight_decay=decay,
        fused=True,
    )


def set_rate(optimizer: Optimizer, rate: float) -> None:
    """Let the next step use this rate."""
    for group in optimizer.param_groups:
        group["lr"] = rate


def apply(optimizer: Optimizer, config: TrainConfig) -> None:
    """Let the next step use this momentum (β₁ of Adam; plain SGD and RMSprop have none) and weight decay."""
    for group in optimizer.param_groups:
        group["weight_decay"] = config.weight_decay
        if "betas" in group:
            group["betas"] = (config.momentum, group["betas"][1])
        elif config.optimizer in ("momentum", "nesterov"):
            group["momentum"] = config.momentum


def add_l1(parameters: Sequence[Tensor], strength: float) -> None:
    """Add the gradient of λ Σ|w| to the gradients of all weights that are not biases or of batch norm."""
    weights = [p for p in parameters if p.dim() > 1 and p.grad is not None]
    gradients = [p.grad for p in weights if p.grad is not None]
    torch._foreach_add_(gradients, torch._foreach_sign([p.detach() for p in weights]), alpha=strength)


def _step(progress: float) -> float:
    return 1.0 if progress < 0.5 else 0.1 if progress < 0.75 else 0.01


def _cosine(progress: float) -> float:
    return (1 + math.cos(math.pi * progress)) / 2


WARM_UP = 0.05


def _warmup_cosine(progress: float) -> float:
    if progress < WARM_UP:
        return max(progress, 1e-3) / WARM_UP
    return _cosine((progress - WARM_UP) / (1 - WARM_UP))


SCHEDULES: Mapping[str, Callable[[float], float]] = MappingProxyType(
    {"constant": lambda _: 1.0, "step": _step, "cosine": _cosine, "warmup_cosine": _warmup_cosine}
)
"""Factor on the rate, by the share of the run that is done (0 … 1)."""
