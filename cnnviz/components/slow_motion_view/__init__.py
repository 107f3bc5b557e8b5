"""One training step in named parts, each with the real numbers of one small layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.components.base import view
from cnnviz.components.luts import lut_text, themed_lut
from cnnviz.components.packing import packed
from cnnviz.components.records import SubStepLike

__all__ = ["slow_motion_data", "slow_motion_view"]


def slow_motion_data(steps: Sequence[SubStepLike], classes: Sequence[str], layer: str) -> dict[str, Any]:
    """What the view reads: for each part its words and its arrays, as bytes of float32.

    layer: the name of the layer whose numbers they are.
    """
    return {
        "layer": layer,
        "classes": list(classes),
        "parts": [
            {
                "stage": step.stage,
                "title": step.title,
                "sentence": step.sentence,
                "numbers": [_array(name, values) for name, values in step.numbers.items()],
            }
            for step in steps
        ],
        "luts": {"signed": themed_lut(None), "plain": lut_text("ink"), "grey": lut_text("grey")},
    }


def _array(name: str, values: NDArray[np.float32]) -> dict[str, Any]:
    array = np.asarray(values, np.float32)
    return {"name": name, "shape": list(array.shape), "values": packed(array)}


def slow_motion_view(steps: Sequence[SubStepLike], *, classes: Sequence[str], layer: str, key: str) -> None:
    """Draw the parts of one step, gone through by hand or played. A new step begins at its first part."""
    view("slow_motion_view")(key=key, data=slow_motion_data(steps, classes, layer))
