"""Pooling in the browser: windows, winners and gradients; the pyramid of repeated pooling; the shift test.

The view reports only what is kept: the pinned output (``pin``), the place of the patch (``at``), the shift
(``shift``) and which of the maps of a pyramid is shown (``which``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.components.base import view
from cnnviz.components.luts import lut_text, themed_lut
from cnnviz.core.pooling import PoolMode

Stage = Literal["windows", "pyramid", "shift"]
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
    """One pooling step, as in `cnnviz.core.pool2d`; with ``whole_map`` it is one window over the whole map."""

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
class PoolViewState:
    """Everything that the view shows."""

    digest: str
    stage: Stage
    map: Numbers | Whole | Patch
    pool: PoolSettings
    pin: Pair | None = None


def as_data(state: PoolViewState) -> dict[str, Any]:
    """The JSON that the view reads."""
    return {
        "digest": state.digest,
        "stage": state.stage,
        "map": state.map.to_json(),
        "pool": state.pool.to_json(),
        "global": state.pool.whole_map,
        "pin": list(state.pin) if state.pin else None,
        "luts": {"plain": lut_text("grey"), "difference": lut_text("ember"), "signed": themed_lut(None)},
    }


def as_pair(reported: object) -> Pair | None:
    """What the view reported as [a, b], or None."""
    if not isinstance(reported, Sequence) or len(reported) != 2:
        return None
    return int(reported[0]), int(reported[1])


def pool_view(state: PoolViewState, *, key: str, on_change: Mapping[str, Callable[[Any], None]]) -> None:
    """Mount the view. `on_change` takes a callback for each name that the view may report (see the module),
    called with the value (a pair or None for "pin", "at" and "shift") before the page's script runs again."""

    def heard(name: str) -> Callable[[], None]:
        return lambda: on_change[name](st.session_state[key][name])

    view("pool_view")(
        key=key, data=as_data(state), **{f"on_{name}_change": heard(name) for name in on_change}
    )
