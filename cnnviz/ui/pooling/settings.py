"""The controls of the page "Pooling", their one validity rule, and the settings that they make together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import streamlit as st

from cnnviz.components.pool_view import PoolSettings, Stage
from cnnviz.core.pooling import PoolMode
from cnnviz.ui.controls import Choice, Control, Number, Switch
from cnnviz.ui.link import Linked

STAGE = Choice(
    "p_view",
    "Show",
    {"windows": "windows", "pyramid": "pyramid", "shift": "shift test"},
    "windows",
)
MAP = Choice(
    "p_map",
    "Map",
    {"patch": "a patch", "numbers": "whole numbers", "grey": "the picture", "sobel": "its Sobel map"},
    "patch",
    help="*A patch* is a small piece of the picture with its grey values written out; drag it anywhere. "
    "*Whole numbers* can be checked by head. The *Sobel map* is √(Gx² + Gy²): how strong the edge is.",
)
MODE = Choice(
    "p_mode",
    "Pooling",
    {"max": "max", "average": "average", "l2": "L2"},
    "max",
    help="Each window gives its largest value, its mean, or the root of its summed squares √Σ x².",
)
WHOLE_MAP = Switch(
    "p_global",
    "Global: one window over the whole map",
    help="Each map becomes one number, whatever its size.",
)
SIZE = Number("p_size", "Window", 2, 8, 2, help="Cells on each side of the window.")
OWN_STRIDE = Switch(
    "p_own_stride", "Own stride", help="Off: the stride is the window's size, so windows lie side by side."
)
STRIDE = Number("p_stride", "Stride", 1, 8, 2, help="The window moves by this many cells.")
PADDING = Number(
    "p_pad",
    "Padding",
    0,
    4,
    0,
    help="Cells on each side, at most half the window, so that every window meets the map. A maximum never "
    "takes padding; a mean counts it as zeros.",
)
CEIL = Switch(
    "p_ceil",
    "Ceil mode",
    help="Off: cells that do not fill a window are dropped. On: one more window hangs over the end.",
)


def _pair(text: str) -> tuple[int, int]:
    row, column = (int(part) for part in text.split(","))
    if min(row, column) < 0:
        raise ValueError("A row and a column count from 0.")
    return row, column


PIN: Linked[tuple[int, int] | None] = Linked("p_pin", None, _pair, lambda pin: ",".join(map(str, pin or ())))

CONTROLS: tuple[Control, ...] = (STAGE, MAP, MODE, WHOLE_MAP, SIZE, OWN_STRIDE, STRIDE, PADDING, CEIL)


@dataclass(frozen=True)
class Chosen:
    """What the controls say together."""

    stage: Stage
    pool: PoolSettings


def draw_pool(shape: tuple[int, int]) -> PoolSettings:
    """Draw the controls of one pooling step on a map of this (H, W), each bounded by those before it."""
    mode = cast("PoolMode", MODE.draw())
    whole = WHOLE_MAP.draw()
    if whole:
        return PoolSettings(mode, shape, shape, whole_map=True)
    size = int(SIZE.draw(high=max(SIZE.low, min(shape))))
    stride = int(STRIDE.draw()) if OWN_STRIDE.draw() else size
    padding = int(PADDING.draw(high=size // 2))
    return PoolSettings(mode, (size, size), (stride, stride), (padding, padding), CEIL.draw())
