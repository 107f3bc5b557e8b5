"""What is sampled while a run goes on, and how often: each kind of sample keeps to its share of the time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.engine.training import probes
from cnnviz.engine.training.batches import PictureSet
from cnnviz.engine.training.build import Network, generator
from cnnviz.engine.training.measure import TimeShare
from cnnviz.engine.training.outputs import Output
from cnnviz.engine.wire.records import Record

__all__ = ["Sampler"]

VALIDATED = 500
"""Validation pictures of one sample: the same every time, so that the curve moves for one reason."""
PREDICTED = 12
"""Test pictures of one sample of predictions."""


class Sampler:
    """Takes statistics, validation and pictures of a run: together at most 3 % of the time."""

    def __init__(self, config: TrainConfig, sets: Mapping[str, PictureSet]) -> None:
        self.stats = TimeShare(share=0.008, least=0.2)
        self._validation = TimeShare(share=0.014, least=0.4)
        self._pictures = TimeShare(share=0.008, least=0.2)
        self._sets = sets
        self._draw = generator(config.seed, "sample")
        count = len(sets["validation"])
        self._some = torch.randperm(count, generator=self._draw)[:VALIDATED].sort().values
        self._order = torch.empty(0, dtype=torch.int64)
        pictures = sets["test"] if len(sets["test"]) else sets["train"]
        self._pinned_picture: NDArray[np.uint8] = pictures.pixels[0].permute(2, 0, 1).cpu().numpy()

    def pin(self, picture: NDArray[np.uint8]) -> None:
        """Show the maps of this picture, uint8 (C, H, W) of the network's input shape, from now on."""
        if picture.dtype != np.uint8 or picture.shape != self._pinned_picture.shape:
            raise ValueError(
                f"The pinned picture must be uint8 of shape {self._pinned_picture.shape}, not "
                f"{picture.dtype} of {picture.shape}."
            )
        self._pinned_picture = picture

    def due(self, now: float, step: int, network: Network, output: Output) -> list[Record]:
        """The samples whose time has come at `now` seconds of computing."""
        records: list[Record] = []
        kinds: list[tuple[TimeShare, Callable[[int, Network, Output], list[Record]]]] = [
            (self._pictures, self._sample_pictures),
            (self._validation, self._validate),
        ]
        for share, sample in kinds:
            if share.due(now):
                begun = time.perf_counter()
                records += sample(step, network, output)
                share.spent(now, time.perf_counter() - begun)
        return records

    def everything(self, step: int, network: Network, output: Output) -> list[Record]:
        """All kinds of samples at once, validation on its whole split."""
        whole = self._evaluate(step, network, output, None)
        return [*self._sample_pictures(step, network, output), *whole]

    def _validate(self, step: int, network: Network, output: Output) -> list[Record]:
        return self._evaluate(step, network, output, self._some)

    def _evaluate(self, step: int, network: Network, output: Output, places: Tensor | None) -> list[Record]:
        if not len(self._sets["validation"]):
            return []
        return list(probes.evaluate(step, network, output, self._sets["validation"], "validation", places))

    def _sample_pictures(self, step: int, network: Network, output: Output) -> list[Record]:
        """Maps of the pinned picture, the first filters, and predictions for the next test pictures."""
        records: list[Record] = [probes.maps(step, network, self._pinned_picture)]
        if (weights := probes.filters(step, network)) is not None:
            records.append(weights)
        test = self._sets["test"]
        if len(test):
            records.append(
                probes.predictions(step, network, output, test, "test", self._next_places(len(test)))
            )
        return records

    def _next_places(self, count: int) -> Tensor:
        """The next test pictures: all of them in a random order, then again in another."""
        if not len(self._order):
            self._order = torch.randperm(count, generator=self._draw)
        places, self._order = self._order[:PREDICTED], self._order[PREDICTED:]
        return places
