"""A saved network shown by a job: the records of a run, from weights alone."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.core.datasets.table import DATASETS
from cnnviz.engine.checkpoints.pretrained import PRETRAINED
from cnnviz.engine.training.saved_network import PREDICTED, saved_network_job
from cnnviz.engine.wire.records import RecordMessage, record_from_message

ENTRY = PRETRAINED["mnist"]
TEST = DATASETS["mnist"].load().test


def shown(*splits: str, content: bytes = ENTRY.load().to_bytes(), place: int = 0):
    arguments = {
        "content": np.frombuffer(content, np.uint8),
        "picture": TEST.images[place],
        "splits": list(splits),
    }
    found = [record_from_message(RecordMessage(*sent)) for sent in saved_network_job(arguments)["records"]]
    return {(record.kind, getattr(record, "split", "")): record for record in found}


def test_maps_alone_are_of_the_picture():
    found = shown(place=3)
    assert set(found) == {("maps", "")}
    maps = found["maps", ""]
    assert np.array_equal(maps.picture, TEST.images[3])
    assert maps.layer(len(maps.shapes) - 1).argmax() == TEST.labels[3]


def test_everything_is_as_the_list_of_networks_says():
    found = shown("validation", "test")
    assert found["validation", "test"].accuracy == pytest.approx(ENTRY.accuracy, abs=0.002)
    assert found["confusion", "test"].counts.sum() == len(TEST)
    predictions = found["predictions", "test"]
    assert len(predictions.labels) == PREDICTED
    assert (predictions.top[:, 0] == predictions.labels).mean() > 0.9
    assert found["filters", ""].weights.shape[1:] == (1, 3, 3)
    assert found["started", ""].parameters == sum(ENTRY.spec.parameter_counts())


def test_a_file_that_is_none_is_one_sentence():
    with pytest.raises(ValueError, match="file"):
        shown(content=b"no file at all")
