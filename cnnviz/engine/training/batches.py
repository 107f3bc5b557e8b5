"""The pictures of a run: prepared once, then drawn in batches, in a new order each epoch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.engine.training.build import generator
from cnnviz.engine.training.outputs import Output

__all__ = ["SPLITS", "Data", "LabelledPictures", "PictureSet", "Stream", "prepare"]

SPLITS = ("train", "validation", "test")
MOST_SHIFT = 2
"""Augmentation moves a picture by at most this many pixels along each axis."""


class LabelledPictures(Protocol):
    """Pictures uint8 (N, C, H, W) and their classes (N,)."""

    @property
    def images(self) -> NDArray[np.uint8]: ...
    @property
    def labels(self) -> NDArray[Any]: ...


class Data(Protocol):
    """Three disjoint sets and the names of their classes, as `cnnviz.core.datasets.table` gives them."""

    @property
    def train(self) -> LabelledPictures: ...
    @property
    def validation(self) -> LabelledPictures: ...
    @property
    def test(self) -> LabelledPictures: ...


@dataclass(frozen=True)
class PictureSet:
    """One split, ready for the network: pixels uint8 (N, H, W, C) on the device, labels int64 (N,)."""

    pixels: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)

    def pictures(self, index: Tensor | slice) -> Tensor:
        """float32 (n, C, H, W) of 0 … 1 in channels_last memory."""
        return as_floats(self.pixels[index])


def as_floats(pixels: Tensor) -> Tensor:
    """uint8 (n, H, W, C) as float32 (n, C, H, W), divided by 255, in channels_last memory."""
    return pixels.to(torch.float32).mul_(1 / 255).permute(0, 3, 1, 2)


def prepare(
    config: TrainConfig, data: Data, classes: int, output: Output, device: torch.device
) -> dict[str, PictureSet]:
    """The three splits with the settings' noise; fewer pictures and wrong labels in training only."""
    noise = generator(config.seed, "noise")
    wrong = generator(config.seed, "labels")
    sets = {}
    for name in SPLITS:
        part: LabelledPictures = getattr(data, name)
        images, labels = np.asarray(part.images), torch.from_numpy(np.array(part.labels, np.int64))
        if name == "train":
            images, labels = images[: config.train_size], labels[: config.train_size]
            labels = _spoil(labels, config, classes, wrong)
        # A copy in any case: a data set's arrays are shared and read-only, which torch does not take.
        pixels = torch.from_numpy(np.array(images.transpose(0, 2, 3, 1), np.uint8, order="C"))
        if config.noise:
            pixels = _noisy(pixels, config.noise, noise)
        sets[name] = PictureSet(pixels.to(device), output.labels(labels).to(device))
    return sets


def _noisy(pixels: Tensor, sigma: float, draw: torch.Generator) -> Tensor:
    """Normal noise of 255·σ on every value, rounded and limited to 0 … 255 as a camera's would be."""
    out = torch.empty_like(pixels)
    for start in range(0, len(pixels), 1000):  # floats of one piece at a time
        piece = pixels[start : start + 1000].to(torch.float32)
        piece += torch.empty_like(piece).normal_(0, 255 * sigma, generator=draw)
        out[start : start + 1000] = piece.round_().clamp_(0, 255).to(torch.uint8)
    return out


def _spoil(labels: Tensor, config: TrainConfig, classes: int, draw: torch.Generator) -> Tensor:
    """Labels with a share made wrong (another class, each as likely), or all of them shuffled."""
    if config.label_noise and classes > 1:
        chosen = torch.rand(len(labels), generator=draw) < config.label_noise
        other = (labels + torch.randint(1, classes, labels.shape, generator=draw)) % classes
        labels = torch.where(chosen, other, labels)
    if config.shuffle_labels:
        labels = labels[torch.randperm(len(labels), generator=draw)]
    return labels


class Stream:
    """Batches without end: each epoch takes the pictures in a new order and leaves a last part batch out."""

    def __init__(self, config: TrainConfig, pictures: PictureSet) -> None:
        self.batch = min(config.batch, len(pictures))
        self.steps_per_epoch = len(pictures) // self.batch
        self._pictures = pictures
        self._device = pictures.labels.device
        self._shuffle = generator(config.seed, "shuffle")
        self._change = generator(config.seed, "augment")
        self._shift = MOST_SHIFT if "shift" in config.augment else 0
        self._flip = "flip" in config.augment
        self._order = torch.empty(0, dtype=torch.int64)
        self._next = 0
        height, width, channels = pictures.pixels.shape[1:]
        self._size = (height, width)
        self._rows = pictures.pixels.reshape(
            len(pictures), -1
        )  # one row a picture: the fastest way to gather
        self._view = (-1, height, width, channels)
        if self._shift:
            self._padded = _with_border(pictures.pixels, self._shift)

    def draw(self) -> tuple[Tensor, Tensor, Tensor]:
        """(places in the split (n,), pictures (n, C, H, W), labels (n,)) of the next batch."""
        if self._next + self.batch > len(self._order):
            self._order = torch.randperm(len(self._pictures), generator=self._shuffle)
            self._next = 0
        index = self._order[self._next : self._next + self.batch]
        self._next += self.batch
        there = index.to(self._device)
        pixels = self._changed(there) if self._shift or self._flip else self._rows.index_select(0, there)
        return index, as_floats(pixels.view(self._view)), self._pictures.labels.index_select(0, there)

    def _changed(self, index: Tensor) -> Tensor:
        """The pictures at `index`, each shifted (zeros come in) and mirrored by its own draw."""
        count, (height, width) = len(index), self._size
        down, right = torch.randint(0, 2 * self._shift + 1, (2, count, 1), generator=self._change)
        rows = down + torch.arange(height)
        columns = torch.arange(width).expand(count, width)
        if self._flip:
            mirrored = torch.rand(count, 1, generator=self._change) < 0.5
            columns = torch.where(mirrored, columns.flip(1), columns)
        rows, columns = rows.to(self._device), (columns + right).to(self._device)
        source = self._padded if self._shift else self._pictures.pixels
        return source[index[:, None, None], rows[:, :, None], columns[:, None, :]]

    def state(self) -> dict[str, Tensor]:
        """All that decides the next batches."""
        return {
            "order": self._order.clone(),
            "next": torch.tensor(self._next),
            "shuffle": self._shuffle.get_state(),
            "change": self._change.get_state(),
        }

    def load_state(self, state: Mapping[str, Tensor]) -> None:
        """Go on where `state` was taken."""
        self._order = state["order"].clone()
        self._next = int(state["next"])
        self._shuffle.set_state(state["shuffle"])
        self._change.set_state(state["change"])


def _with_border(pixels: Tensor, width: int) -> Tensor:
    return functional.pad(pixels, (0, 0, width, width, width, width))
