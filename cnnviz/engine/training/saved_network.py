"""A saved network's maps, predictions and evaluations, as a run reports them of its last step, in one job."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from cnnviz.engine.checkpoints.weights_file import SavedNetwork
from cnnviz.engine.training import probes
from cnnviz.engine.training.data import load_data
from cnnviz.engine.training.trainer import Trainer, one_thread
from cnnviz.engine.wire.records import Record

__all__ = ["saved_network_job"]

PREDICTED = 48
"""Test pictures with predictions: the first of the split, which hold all classes evenly."""


def saved_network_job(arguments: dict[str, Any]) -> dict[str, Any]:
    """Records of a saved network as messages: {"records": [(kind, fields, arrays)]}.

    content: the bytes of its file, uint8; picture: whose maps are wanted, uint8 (C, H, W); splits: those to
    evaluate. With "validation" among them all else that a run reports comes too; without splits the maps
    alone.
    FileError (a ValueError), one sentence, for a file that is no such one.
    """
    saved = SavedNetwork.from_bytes(np.asarray(arguments["content"], np.uint8).tobytes())
    data, classes = load_data(saved.config.dataset)
    with one_thread():
        trainer = Trainer(saved.config, data, classes)
        trainer.restore(saved)
        trainer.sampler.pin(np.asarray(arguments["picture"], np.uint8))
        records = _records(trainer, np.asarray(arguments["picture"], np.uint8), arguments.get("splits", ()))
    return {"records": [tuple(record.to_message()) for record in records]}


def _records(trainer: Trainer, picture: NDArray[np.uint8], splits: Sequence[str]) -> list[Record]:
    step, network, output, sets = trainer.step_count, trainer.network, trainer.output, trainer.sets
    records: list[Record] = [probes.maps(step, network, picture)]
    if "validation" in splits:
        places = torch.arange(min(PREDICTED, len(sets["test"])))
        records += [
            trainer.started(),
            probes.predictions(step, network, output, sets["test"], "test", places),
        ]
        if (weights := probes.filters(step, network)) is not None:
            records.append(weights)
    for split in splits:
        records += probes.evaluate(step, network, output, sets[split], split)
    return records
