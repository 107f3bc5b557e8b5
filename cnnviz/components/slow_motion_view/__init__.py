"""One training step in named parts, each with the real numbers of one small layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from cnnviz.components.base import view
from cnnviz.components.luts import StandardLuts, standard_luts
from cnnviz.components.packing import packed
from cnnviz.components.records import SubStepLike

__all__ = ["SlowMotionData", "slow_motion_data", "slow_motion_view"]


class NamedArray(TypedDict):
    """An array of float32, as bytes."""

    name: str
    shape: list[int]
    values: str


class StepPart(TypedDict):
    """One part of a training step: in words, and with its numbers."""

    stage: str
    title: str
    sentence: str
    numbers: list[NamedArray]


class SlowMotionData(TypedDict):
    """The parts of one step, in order."""

    classes: list[str]
    parts: list[StepPart]
    luts: StandardLuts


def slow_motion_data(steps: Sequence[SubStepLike], classes: Sequence[str]) -> SlowMotionData:
    """What the view reads: for each part its words and its arrays, as bytes of float32."""
    return {
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
        "luts": standard_luts(),
    }


def _array(name: str, values: NDArray[np.float32]) -> NamedArray:
    array = np.asarray(values, np.float32)
    return {"name": name, "shape": list(array.shape), "values": packed(array)}


def slow_motion_view(steps: Sequence[SubStepLike], *, classes: Sequence[str], key: str) -> None:
    """Draw the parts of one step, gone through by hand or played. A new step begins at its first part."""
    view("slow_motion_view")(key=key, data=slow_motion_data(steps, classes))
