"""What the views of a training run send to the browser."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest
from training_records import CLASSES, confusion, filters, maps, predictions, slow_steps

from cnnviz.components.confusion_view import confusion_data
from cnnviz.components.map_mosaic import MOST_FILTERS, mosaic_data
from cnnviz.components.packing import packed
from cnnviz.components.prediction_stream import stream_data
from cnnviz.components.slow_motion_view import slow_motion_data


def unpacked(text: str, dtype: str = "<f4") -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), dtype)


def test_maps_keep_every_number() -> None:
    data = mosaic_data(maps(), filters(), ["1 conv", "2 flatten", "3 dense"], CLASSES)
    json.dumps(data, allow_nan=False)
    values = unpacked(data["values"])
    for number, layer in enumerate(data["layers"]):
        count = int(np.prod(layer["shape"]))
        found = values[layer["start"] : layer["start"] + count].reshape(layer["shape"])
        np.testing.assert_array_equal(found, maps().layer(number))
    assert data["layers"][-1]["units"] == list(CLASSES)
    assert data["layers"][0]["units"] is None
    assert unpacked(data["picture"]["values"], "u1").size == 64


def test_of_a_wide_first_layer_whole_filters_are_shown() -> None:
    wide = filters(np.ones((40, 3, 5, 5), np.float32))
    (shown,) = mosaic_data(maps(), wide, ["1 conv", "2 flatten", "3 dense"])["filters"]
    assert shown["shape"] == [MOST_FILTERS // 3, 3, 5, 5]


def test_a_share_that_is_no_number_is_none() -> None:
    told = predictions()
    told.shares[1, 0] = np.nan
    data = stream_data(told, np.zeros((4, 1, 8, 8), np.uint8), CLASSES)
    json.dumps(data, allow_nan=False)
    assert data["shares"][1][0] is None


def test_pictures_must_be_those_of_the_predictions() -> None:
    with pytest.raises(ValueError, match="4 predictions cannot be shown with 3 pictures"):
        stream_data(predictions(), np.zeros((3, 1, 8, 8), np.uint8), CLASSES)


def test_the_confusion_s_pictures_travel_with_their_places() -> None:
    pictures = np.arange(2 * 64, dtype=np.uint8).reshape(2, 1, 8, 8)
    data = confusion_data(confusion(), CLASSES, (0, 1), (pictures, [3, 5]), "share")
    json.dumps(data)
    assert data["counts"] == confusion().counts.tolist()
    assert data["places"] == [3, 5]
    np.testing.assert_array_equal(unpacked(data["pictures"], "u1"), pictures.ravel())


def test_slow_motion_keeps_shapes_and_numbers() -> None:
    data = slow_motion_data(slow_steps(), CLASSES)
    json.dumps(data, allow_nan=False)
    for part, step in zip(data["parts"], slow_steps(), strict=True):
        for told, (name, values) in zip(part["numbers"], step.numbers.items(), strict=True):
            assert told["name"] == name
            np.testing.assert_array_equal(unpacked(told["values"]).reshape(told["shape"]), values)


def test_packed_arrays_are_in_c_order() -> None:
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    np.testing.assert_array_equal(unpacked(packed(array.T)), array.T.ravel())
