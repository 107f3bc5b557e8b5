"""The gallery's data; what it does in the browser is tested in tests/browser/test_kernel_gallery_js.py."""

import base64
import json
from dataclasses import replace

import pytest

from cnnviz.components.kernel_gallery import GalleryEntry, gallery_data
from cnnviz.core.colour.displays import COLOUR_MAPS

SOBEL = GalleryEntry("sobel", "Sobel", "Edges", 3, 3, (-1, 0, 1, -2, 0, 2, -1, 0, 1))
BOX = GalleryEntry("box", "Box", "Blur", 1, 2, (0.5, 0.5))


def test_the_data_is_plain_json_with_the_right_tables() -> None:
    data = gallery_data("d", [SOBEL, BOX], "box")
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    luts = data["luts"]
    assert isinstance(luts, dict)
    assert base64.b64decode(luts["signed"]["light"]) == COLOUR_MAPS["blue_orange"].lut.tobytes()
    assert base64.b64decode(luts["signed"]["dark"]) == COLOUR_MAPS["blue_orange_dark"].lut.tobytes()


def test_numbers_of_other_kinds_become_plain_ones() -> None:
    import numpy as np

    weights = tuple(np.float32([0.25, 0.75]))
    data = gallery_data("d", [replace(BOX, weights=weights)], "box")
    assert json.loads(json.dumps(data))["kernels"][0]["weights"] == [0.25, 0.75]


@pytest.mark.parametrize(
    ("kernels", "words"),
    [([replace(BOX, rows=2)], "Box has 2 weights, not 2 × 2"), ([BOX, BOX], "same id")],
)
def test_wrong_entries_are_refused(kernels: list[GalleryEntry], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        gallery_data("d", kernels, "box")
