"""Pooling in the browser: windows, maxima and gradients; the pyramid of repeated pooling; the shift test.

The view reports only what the link keeps: the pinned output (``pin``), the place of the patch (``at``),
changed numbers (``own``), the shift (``shift``) and which map of a pyramid is shown large (``which``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypedDict

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.components.base import view
from cnnviz.components.json_types import IntPair
from cnnviz.components.luts import ThemedLut, lut_text, themed_lut
from cnnviz.core.pooling.pool import PoolMode
from cnnviz.core.pooling.shift import Frame

Compare = Literal["along", "stay"]
Pair = tuple[int, int]
Report = Literal["pin", "at", "own", "which", "shift"]
"""What the view may report."""


class NumberMapJson(TypedDict):
    """Given numbers, row by row."""

    kind: Literal["numbers"]
    rows: int
    cols: int
    values: list[float]


class WholePictureJson(TypedDict):
    """The whole picture in grey, or its Sobel strength."""

    kind: Literal["whole"]
    of: Literal["grey", "sobel"]


class PatchJson(TypedDict):
    """A piece of one of these."""

    kind: Literal["patch"]
    of: Literal["grey", "sobel"]
    top: int
    left: int
    rows: int
    cols: int


class PoolSettingsJson(TypedDict):
    """One pooling step."""

    mode: PoolMode
    size: IntPair
    stride: IntPair
    padding: IntPair
    ceil: bool


class PoolFilterJson(TypedDict):
    """A kernel of a bank, row by row."""

    name: str
    rows: int
    cols: int
    weights: list[float]


class PoolLuts(TypedDict):
    """The colours of maps, of differences, and of maps with two signs."""

    plain: str
    difference: str
    signed: ThemedLut


class PoolShared(TypedDict):
    """What every stage reads; `wholeMap`: one window over the whole map, of whatever size it is."""

    digest: str
    map: NumberMapJson | WholePictureJson | PatchJson
    pool: PoolSettingsJson
    wholeMap: bool
    luts: PoolLuts


class PoolWindowsData(PoolShared):
    """The stage "windows"."""

    stage: Literal["windows"]
    pin: IntPair | None


class PoolPyramidData(PoolShared):
    """The stage "pyramid"; without a bank there is the one map."""

    stage: Literal["pyramid"]
    times: int
    step: str
    bank: list[PoolFilterJson]
    which: int


class FrameJson(TypedDict):
    """The visible part of the map, and how far the picture may move below it."""

    top: int
    left: int
    rows: int
    cols: int
    limit: int


class PoolShiftData(PoolShared):
    """The stage "shift"; the shift is [down, right]."""

    stage: Literal["shift"]
    frame: FrameJson
    shift: IntPair
    compare: Compare


@dataclass(frozen=True)
class NumberMap:
    """A small map of given numbers, float (H, W)."""

    values: NDArray[np.float32]

    def to_json(self) -> NumberMapJson:
        rows, cols = self.values.shape
        return {
            "kind": "numbers",
            "rows": rows,
            "cols": cols,
            "values": [float(str(value)) for value in self.values.ravel()],
        }


@dataclass(frozen=True)
class WholePicture:
    """The whole stored picture in grey, or its Sobel strength."""

    of: Literal["grey", "sobel"]

    def to_json(self) -> WholePictureJson:
        return {"kind": "whole", "of": self.of}


@dataclass(frozen=True)
class Patch:
    """A piece of the stored picture or of its Sobel map; `at` is its first (row, column)."""

    of: Literal["grey", "sobel"]
    at: Pair
    shape: Pair

    def to_json(self) -> PatchJson:
        (top, left), (rows, cols) = self.at, self.shape
        return {"kind": "patch", "of": self.of, "top": top, "left": left, "rows": rows, "cols": cols}


@dataclass(frozen=True)
class PoolSettings:
    """One pooling step, as in `cnnviz.core.pool2d`; ``whole_map``: one window over the whole map."""

    mode: PoolMode
    size: Pair
    stride: Pair
    padding: Pair = (0, 0)
    ceil_mode: bool = False
    whole_map: bool = False

    def to_json(self) -> PoolSettingsJson:
        return {
            "mode": self.mode,
            "size": list(self.size),
            "stride": list(self.stride),
            "padding": list(self.padding),
            "ceil": self.ceil_mode,
        }


@dataclass(frozen=True)
class BankFilter:
    """One filter of a bank: a small kernel, float (kh, kw), whose ReLU response is one map of the pyramid."""

    name: str
    weights: NDArray[np.float32]

    def to_json(self) -> PoolFilterJson:
        rows, cols = self.weights.shape
        weights = [float(str(weight)) for weight in self.weights.ravel()]
        return {"name": self.name, "rows": rows, "cols": cols, "weights": weights}


@dataclass(frozen=True)
class Windows:
    """The stage with windows, maxima and gradients; `pin` is the pinned output (row, column)."""

    pin: Pair | None = None

    def data(self, shared: PoolShared) -> PoolWindowsData:
        """What this stage reads."""
        return {**shared, "stage": "windows", "pin": list(self.pin) if self.pin else None}


@dataclass(frozen=True)
class Pyramid:
    """The stage that pools `times` times. With a `bank` the maps are its responses to the picture, else there
    is the one map; `which` of them is shown large. `step` names one pool."""

    times: int
    step: str
    bank: tuple[BankFilter, ...] = ()
    which: int = 0

    def data(self, shared: PoolShared) -> PoolPyramidData:
        """What this stage reads."""
        return {
            **shared,
            "stage": "pyramid",
            "times": self.times,
            "step": self.step,
            "bank": [bank_filter.to_json() for bank_filter in self.bank],
            "which": self.which,
        }


@dataclass(frozen=True)
class ShiftTest:
    """The stage that moves the picture by `shift` (down, right) below a frame of the map, and compares each
    result with the one before, moved along or unmoved."""

    frame: Frame
    shift: Pair = (0, 0)
    compare: Compare = "along"

    def data(self, shared: PoolShared) -> PoolShiftData:
        """What this stage reads."""
        at = self.frame
        return {
            **shared,
            "stage": "shift",
            "frame": {"top": at.top, "left": at.left, "rows": at.rows, "cols": at.cols, "limit": at.limit},
            "shift": list(self.shift),
            "compare": self.compare,
        }


@dataclass(frozen=True)
class PoolViewState:
    """Everything that the view shows."""

    digest: str
    map: NumberMap | WholePicture | Patch
    pool: PoolSettings
    stage: Windows | Pyramid | ShiftTest


def as_data(state: PoolViewState) -> PoolWindowsData | PoolPyramidData | PoolShiftData:
    """The JSON that the view reads."""
    shared: PoolShared = {
        "digest": state.digest,
        "map": state.map.to_json(),
        "pool": state.pool.to_json(),
        "wholeMap": state.pool.whole_map,
        "luts": {"plain": lut_text("grey"), "difference": lut_text("ember"), "signed": themed_lut(None)},
    }
    return state.stage.data(shared)


def pair_of(reported: object) -> Pair | None:
    """What the view reported as [a, b] in whole numbers, or None."""
    if not isinstance(reported, list) or len(reported) != 2:
        return None
    return int(reported[0]), int(reported[1])


def pool_view(state: PoolViewState, *, key: str, on_change: Mapping[Report, Callable[[Any], None]]) -> None:
    """Mount the view. `on_change` takes a callback for each name that the view may report: "pin" and "at"
    with [row, column] (or None for "pin"), "own" with a list of numbers, "which" with a number, "shift" with
    [down, right, compare]. Each is called before the page's script runs again."""

    def callback(name: Report) -> Callable[[], None]:
        def call() -> None:
            report = st.session_state[key][name]
            on_change[name](report.get("value") if isinstance(report, dict) else None)

        return call

    view("pool_view")(
        key=key, data=as_data(state), **{f"on_{name}_change": callback(name) for name in on_change}
    )
