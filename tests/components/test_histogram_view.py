"""What the histogram's view gets: the very counts, the colours' range, and the table of the colours."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest

from cnnviz.components.histogram_view import histogram_data
from cnnviz.core.colour.displays import COLOUR_MAPS, value_range
from cnnviz.core.colour.histogram import Histogram, histogram

GREY = np.arange(12, dtype=np.float32).reshape(3, 4) - 3
COLOUR = np.arange(24, dtype=np.float32).reshape(2, 4, 3)


def table(text: str) -> list[list[int]]:
    return np.frombuffer(base64.b64decode(text), np.uint8).reshape(256, 3).tolist()


@pytest.mark.parametrize("values", [GREY, COLOUR], ids=["grey", "colour"])
@pytest.mark.parametrize("display", ["signed", "absolute", "clip", "shift", "stretch"])
def test_counts_edges_and_range_arrive_as_they_are(values: np.ndarray, display: str) -> None:
    span, counted = value_range(values, display), histogram(values)
    data = histogram_data(counted, display, "ember", span)
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert np.array_equal(data["counts"], counted.counts)
    assert sum(map(sum, data["counts"])) == values.size
    assert (data["low"], data["high"]) == (values.min(), values.max())
    assert data["range"] == list(span)
    assert data["display"] == display
    assert (data["mean"], data["deviation"]) == (counted.mean, counted.deviation)


def test_the_strip_has_the_picture_s_colours() -> None:
    data = histogram_data(histogram(GREY), "signed", "blue_orange", (-8, 8))
    assert table(data["lut"]) == COLOUR_MAPS["blue_orange"].lut.tolist()


def test_three_channels_are_no_colour_map_s() -> None:
    data = histogram_data(histogram(COLOUR), "clip", "ember", (0, 255))
    assert table(data["lut"]) == COLOUR_MAPS["grey"].lut.tolist()


def test_what_cannot_be_drawn_is_named() -> None:
    counted = histogram(GREY)
    with pytest.raises(ValueError, match="no display 'loud'"):
        histogram_data(counted, "loud", "grey", (0, 1))
    with pytest.raises(ValueError, match="no colour map 'plaid'"):
        histogram_data(counted, "clip", "plaid", (0, 1))
    two = Histogram(counted.edges, np.concatenate([counted.counts] * 2), 0.0, 1.0)
    with pytest.raises(ValueError, match="1 channel or 3, not 2"):
        histogram_data(two, "clip", "grey", (0, 1))
