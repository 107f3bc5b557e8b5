"""Maps, filters, predictions and confusion of a network, in eval mode: nothing of it changes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from cnnviz.engine.training.batches import PictureSet, as_floats
from cnnviz.engine.training.build import Network
from cnnviz.engine.training.outputs import Output
from cnnviz.engine.wire.records import Confusion, Filters, Maps, Predictions, Validation

__all__ = ["eval_mode", "evaluate", "filters", "maps", "predictions"]

MOST_MAPS = 64
MOST_VALUES = 1 << 20
"""Feature maps are kept up to so many numbers: fewer maps of each layer where they are large."""
PASS_SIZE = 250  # pictures in one pass: their maps stay small, and a pass is long enough


@contextmanager
def eval_mode(network: Network) -> Iterator[None]:
    """Eval mode (no dropout, batch norm by its running statistics), no gradients; then back as it was."""
    before = network.training
    network.eval()
    try:
        with torch.inference_mode():
            yield
    finally:
        network.train(before)


def maps(step: int, network: Network, picture: NDArray[np.uint8]) -> Maps:
    """The output of every layer for one picture, uint8 (C, H, W)."""
    with eval_mode(network):
        x = as_floats(torch.from_numpy(picture.transpose(1, 2, 0).copy())[None].to(_device(network)))
        outputs: list[Tensor] = []
        for layer in network:
            x = layer(x)
            outputs.append(x[0])
    kept = _kept(outputs)
    return Maps(
        step=step,
        shapes=tuple(tuple(y.shape) for y in kept),
        channels=tuple(y.shape[0] for y in outputs),
        picture=picture,
        values=torch.cat([y.reshape(-1) for y in kept]).cpu().numpy(),
    )


def _kept(outputs: list[Tensor]) -> list[Tensor]:
    """The first maps of each layer: all up to MOST_MAPS, and fewer until they fit into MOST_VALUES."""
    most = MOST_MAPS
    while True:
        kept = [y[:most] if y.dim() == 3 else y[: most * MOST_MAPS] for y in outputs]
        if most == 1 or sum(y.numel() for y in kept) <= MOST_VALUES:
            return kept
        most //= 2


def _device(network: Network) -> torch.device:
    return next(network.parameters()).device


def filters(step: int, network: Network) -> Filters | None:
    """The weights of the first convolution; None where there is none. At most 256 of its kernels' stacks."""
    for number, layer in enumerate(network):
        for module in layer.modules():
            if isinstance(module, nn.Conv2d):
                weights = module.weight.detach()[:256].clone(memory_format=torch.contiguous_format)
                return Filters(step, number, weights.cpu().numpy())
    return None


def predictions(
    step: int, network: Network, output: Output, pictures: PictureSet, split: str, places: Tensor
) -> Predictions:
    """The three most likely classes for the pictures at `places` of a split."""
    with eval_mode(network):
        shares = output.shares(network(pictures.pictures(places)))
    best = shares.topk(min(3, shares.shape[1]), dim=1)
    return Predictions(
        step=step,
        split=split,
        indices=places.cpu().numpy(),
        labels=pictures.labels[places].cpu().numpy(),
        top=best.indices.cpu().numpy(),
        shares=best.values.cpu().numpy(),
    )


def evaluate(
    step: int,
    network: Network,
    output: Output,
    pictures: PictureSet,
    split: str,
    places: Tensor | None = None,
) -> tuple[Validation, Confusion]:
    """Loss, accuracy and confusion on the pictures at `places` of a split (None: all of it)."""
    places = torch.arange(len(pictures)) if places is None else places
    losses, classes = [], []
    with eval_mode(network):
        for index in torch.split(places, PASS_SIZE):
            there = index.to(pictures.labels.device)
            logits = network(pictures.pictures(there))
            losses.append(output.losses(logits, pictures.labels[there]))
            classes.append(output.predict(logits))
    loss = float(torch.cat(losses).double().mean()) if losses else math.nan
    labels = pictures.labels[places.to(pictures.labels.device)].cpu().numpy()
    predicted = torch.cat(classes).cpu().numpy() if classes else labels
    accuracy = float((predicted == labels).mean()) if len(labels) else math.nan
    counts = np.zeros((len(output.classes),) * 2, np.int32)
    np.add.at(counts, (labels, predicted), 1)
    return (
        Validation(step, split, loss, accuracy, len(labels)),
        Confusion(step, split, counts, places.numpy(), labels, predicted),
    )
