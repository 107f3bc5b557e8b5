"""The small networks that come with the app, trained by assets/make_weights.py; torch-free."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from cnnviz.core.networks.spec import NetSpec
from cnnviz.engine.checkpoints.weights_file import SavedNetwork
from cnnviz.settings import ASSETS

__all__ = ["PRETRAINED", "Pretrained"]

FOLDER = ASSETS / "weights"


@dataclass(frozen=True)
class Pretrained:
    """A trained network of ours: `accuracy` is its share of right answers on the test pictures of `dataset`.

    `file` is its name in assets/weights; `about` says in one sentence what it is.
    """

    id: str
    title: str
    dataset: str
    file: str
    accuracy: float
    about: str

    def load(self) -> SavedNetwork:
        """Its settings and weights, read once; `weights_file.load_weights` gives them to a network."""
        return _load(FOLDER / self.file)

    @property
    def spec(self) -> NetSpec:
        """The network."""
        return self.load().config.trained_net


@lru_cache(maxsize=8)
def _load(path: Path) -> SavedNetwork:
    return SavedNetwork.from_bytes(path.read_bytes())


def _read() -> Mapping[str, Pretrained]:
    listed = tomllib.loads((FOLDER / "weights.toml").read_text(encoding="utf-8"))["network"]
    return MappingProxyType({entry["id"]: Pretrained(**entry) for entry in listed})


PRETRAINED = _read()
"""Trained network by id, in the order of the menus; the id is its data set's."""
