"""Pooling in the browser: windows, winners and gradients; the pyramid of repeated pooling; the shift test.

The view reports only what is kept: the pinned output (``pin``), the place of the patch (``at``), changed
numbers (``own``), the shift (``shift``) and which map of a pyramid is shown large (``which``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.components.base import view
from cnnviz.components.luts import lut_text, themed_lut
from cnnviz.core.pooling.pool import PoolMode
from cnnviz.core.pooling.shift import Frame

Compare = Literal["along", "stay"]
Pair = tuple[int, int]


@dataclass(frozen=True)
class Numbers:
    """A small map of given numbers, float (H, W)."""

    values: NDArray[np.float32]

    def to_json(self) -> dict[str, object]:
        rows, cols = self.values.shape
        return {
            "kind": "numbers",
            "rows": rows,
            "cols": cols,
            "values": [float(str(value)) for value in self.values.ravel()],
        }


@dataclass(frozen=True)
class Whole:
    """The whole stored picture in grey, or its Sobel strength."""

    of: Literal["grey", "sobel"]

    def to_json(self) -> dict[str, object]:
        return {"kind": "whole", "of": self.of}


@dataclass(frozen=True)
class Patch:
    """A piece of the stored picture or of its Sobel map; `at` is its first (row, column)."""

    of: Literal["grey", "sobel"]
    at: Pair
    shape: Pair

    def to_json(self) -> dict[str, object]:
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

    def to_json(self) -> dict[str, object]:
        return {
            "mode": self.mode,
            "size": list(self.size),
            "stride": list(self.stride),
            "padding": list(self.padding),
            "ceil": self.ceil_mode,
        }


@dataclass(frozen=True)
class Filter:
    """One filter of a bank: a small kernel, float (kh, kw), whose ReLU response is one map of the pyramid."""

    name: str
    weights: NDArray[np.float32]

    def to_json(self) -> dict[str, object]:
        rows, cols = self.weights.shape
        weights = [float(str(weight)) for weight in self.weights.ravel()]
        return {"name": self.name, "rows": rows, "cols": cols, "weights": weights}


@dataclass(frozen=True)
class Windows:
    """The stage with windows, winners and gradients; `pin` is the pinned output (row, column)."""

    pin: Pair | None = None

    def to_json(self) -> dict[str, object]:
        return {"stage": "windows", "pin": list(self.pin) if self.pin else None}


@dataclass(frozen=True)
class Pyramid:
    """The stage that pools `times` times. With a `bank` the maps are its responses to the picture, else there
    is the one map; `which` of them is shown large. `step` names one pool."""

    times: int
    step: str
    bank: tuple[Filter, ...] = ()
    which: int = 0

    def to_json(self) -> dict[str, object]:
        return {
            "stage": "pyramid",
            "times": self.times,
            "step": self.step,
            "bank": [one.to_json() for one in self.bank],
            "which": self.which,
        }


@dataclass(frozen=True)
class ShiftTest:
    """The stage that moves the picture by `shift` (down, right) below a frame of the map, and compares each
    result with the one before, moved along or as it stood."""

    frame: Frame
    shift: Pair = (0, 0)
    compare: Compare = "along"

    def to_json(self) -> dict[str, object]:
        frame = self.frame
        places = {"top": frame.top, "left": frame.left, "rows": frame.rows, "cols": frame.cols}
        return {
            "stage": "shift",
            "frame": {**places, "limit": frame.limit},
            "shift": list(self.shift),
            "compare": self.compare,
        }


@dataclass(frozen=True)
class PoolViewState:
    """Everything that the view shows."""

    digest: str
    map: Numbers | Whole | Patch
    pool: PoolSettings
    stage: Windows | Pyramid | ShiftTest


def as_data(state: PoolViewState) -> dict[str, Any]:
    """The JSON that the view reads."""
    return {
        "digest": state.digest,
        **state.stage.to_json(),
        "map": state.map.to_json(),
        "pool": state.pool.to_json(),
        "global": state.pool.whole_map,
        "luts": {"plain": lut_text("grey"), "difference": lut_text("ember"), "signed": themed_lut(None)},
    }


def pair_of(reported: object) -> Pair | None:
    """What the view reported as [a, b] in whole numbers, or None."""
    if not isinstance(reported, list) or len(reported) != 2:
        return None
    return int(reported[0]), int(reported[1])


def pool_view(state: PoolViewState, *, key: str, on_change: Mapping[str, Callable[[Any], None]]) -> None:
    """Mount the view. `on_change` takes a callback for each name that the view may report: "pin" and "at"
    with [row, column] (or None for "pin"), "own" with a list of numbers, "which" with a number, "shift" with
    [down, right, compare]. Each is called before the page's script runs again."""

    def heard(name: str) -> Callable[[], None]:
        def call() -> None:
            said = st.session_state[key][name]
            on_change[name](said.get("value") if isinstance(said, dict) else None)

        return call

    view("pool_view")(
        key=key, data=as_data(state), **{f"on_{name}_change": heard(name) for name in on_change}
    )
