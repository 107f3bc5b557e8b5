"""Predictions for test pictures, of a run or of a saved network, as views draw them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cnnviz.components.prediction_stream import prediction_stream
from cnnviz.core.datasets.table import DATASETS
from cnnviz.engine.runs.history import History
from cnnviz.engine.wire.records import Predictions
from cnnviz.ui.train.runs import Entry
from cnnviz.ui.train.saved_network import SavedNetworkView
from cnnviz.ui.train.settings import ONLY

__all__ = ["draw_stream", "pictures", "recent"]

STREAMED = 4  # samples of predictions that stand in the stream at once


def draw_stream(entry: Entry | SavedNetworkView | None, key: str) -> bool:
    """Draw the newest predictions; False where there are none."""
    latest = recent(entry.history) if entry else None
    if entry is None or latest is None or entry.history.started is None:
        return False
    prediction_stream(
        latest,
        pictures(entry.config.dataset, latest.split, latest.indices),
        entry.history.started.classes,
        key=key,
        only_wrong=ONLY.get() == "wrong",
        on_only_wrong=lambda on: ONLY.set("wrong" if on else "all"),
    )
    return True


def pictures(dataset: str, split: str, places: NDArray[np.integer]) -> NDArray[np.uint8]:
    """Pictures uint8 (N, C, H, W) of a split, without the run's noise."""
    part = getattr(DATASETS[dataset].load(), split)
    found: NDArray[np.uint8] = part.images[places]
    return found


def recent(history: History) -> Predictions | None:
    """The last samples in one, the newest first."""
    samples = history.of(Predictions)[-STREAMED:][::-1]
    if not samples:
        return None
    joined = {
        name: np.concatenate([getattr(sample, name) for sample in samples])
        for name in ("indices", "labels", "top", "shares")
    }
    return Predictions(step=samples[0].step, split=samples[0].split, **joined)
