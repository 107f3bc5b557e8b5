"""The data set of a run, by its id. The preloader loads the shipped ones; its children share them."""

from __future__ import annotations

from functools import cache

from cnnviz.core.datasets.table import DATASETS
from cnnviz.engine.config.errors import EngineError
from cnnviz.engine.training.batches import Data

__all__ = ["SHIPPED", "load_data"]

SHIPPED = ("fashion", "mnist", "shapes")


@cache
def load_data(name: str) -> tuple[Data, tuple[str, ...]]:
    """The three splits of a data set and the names of its classes. EngineError where there is none."""
    if name not in DATASETS:
        raise EngineError(f"There is no data set {name[:40]!r}; there are: {', '.join(DATASETS)}.")
    dataset = DATASETS[name]
    return dataset.load(), tuple(dataset.classes)
