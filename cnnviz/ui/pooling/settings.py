"""The controls of the page "Pooling", their bounds, and the pooling settings that they make together."""

from __future__ import annotations

from typing import cast

import streamlit as st

from cnnviz.components.pool_view import PoolSettings
from cnnviz.core.pooling.pool import PoolMode
from cnnviz.core.pooling.shapes import Window, pyramid_shapes
from cnnviz.ui.kit.controls import Choice, Control, Number, Switch, keep_all, reset_all
from cnnviz.ui.kit.link import Linked, cell, commas

Pair = tuple[int, int]

STAGE = Choice(
    "p_view", "Show", {"windows": "windows", "pyramid": "pyramid", "shift": "shift test"}, "windows"
)
MAP = Choice(
    "p_map",
    "Map",
    {"patch": "a patch", "numbers": "numbers", "grey": "the picture", "sobel": "its Sobel map"},
    "patch",
    help="*A patch* is a small piece of the picture with its grey values written out. *Numbers* are small "
    "enough to be checked by head. The *Sobel map* is √(Gx² + Gy²): how strong the edge is.",
)
MAPS = Choice(
    "p_maps",
    "Maps",
    {"eight": "eight maps", "grey": "the picture", "sobel": "its Sobel map"},
    "eight",
    help="*Eight maps* are what eight edge filters find in the picture, one for each direction, after a "
    "ReLU: as a first layer of a network might give them.",
)
FIELD = Choice(
    "p_field",
    "Map",
    {"grey": "the picture", "sobel": "its Sobel map"},
    "grey",
    help="Of *the picture* a convolution with stride takes single pixels; of the *Sobel map*, single "
    "edge strengths.",
)
ROWS = Number("p_rows", "Rows", 3, 16, 8)
COLS = Number("p_cols", "Columns", 3, 16, 8)
SEED = Number("p_seed", "Set of numbers", 1, 99, 1, kind="box")
MODE = Choice(
    "p_mode",
    "Pooling",
    {"max": "max", "average": "average", "l2": "L2"},
    "max",
    help="Each window gives its largest value, its mean, or the root of its summed squares √Σ x².",
)
WHOLE_MAP = Switch("p_global", "Global", help="One window over the whole map: each map becomes one number.")
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
TIMES = Number("p_times", "Times", 1, 5, 3, help="How often the pool is repeated; it ends where none fits.")

CONTROLS: tuple[Control, ...] = (
    *(STAGE, MAP, MAPS, FIELD, ROWS, COLS, SEED, MODE, WHOLE_MAP, SIZE),
    *(OWN_STRIDE, STRIDE, PADDING, CEIL, TIMES),
)


def _shift(text: str) -> tuple[int, int, str]:
    down, right, compare = text.split(",")
    if compare not in {"along", "stay"}:
        raise ValueError(f"There is no comparison {compare!r}.")
    return int(down), int(right), compare


def _which(text: str) -> int:
    if not 0 <= int(text) < 8:
        raise ValueError("The maps are numbered from 0 to 7.")
    return int(text)


def _own(text: str) -> tuple[int, ...]:
    numbers = tuple(int(part) for part in text.split(","))
    if max(map(abs, numbers)) > 99 or len(numbers) > 256:
        raise ValueError("Own numbers have at most two digits, and there are at most 256.")
    return numbers


PIN: Linked[Pair | None] = Linked("p_pin", None, cell(), commas)
AT: Linked[Pair | None] = Linked("p_at", None, cell(), commas)
SHIFT: Linked[tuple[int, int, str]] = Linked("p_shift", (0, 0, "along"), _shift, commas)
WHICH: Linked[int] = Linked("p_which", 0, _which, str)
OWN: Linked[tuple[int, ...]] = Linked("p_own", (), _own, commas)


def keep() -> None:
    """Let the values of controls that this stage does not draw live on."""
    keep_all(CONTROLS)


def reset() -> None:
    """Everything back to its default."""
    reset_all(CONTROLS)
    for value in (PIN, AT, SHIFT, WHICH, OWN):
        value.reset()


def draw_pool(shape: Pair, *, bare: bool = False) -> PoolSettings:
    """Draw the controls of one pool on a map of this (H, W), each bounded by those before it. `bare`: only
    window and stride, for the shift test, which shows all kinds at once and stays away from the border."""
    mode, whole = cast("PoolMode", MODE.get()), False
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        if not bare:
            with st.container(width=260):
                mode = cast("PoolMode", MODE.draw())
            with st.container(width="content"):
                whole = WHOLE_MAP.draw()
        if whole:
            return PoolSettings(mode, shape, shape, whole_map=True)
        with st.container(width=200):
            size = int(SIZE.draw(high=max(SIZE.low, min(shape))))
        own, stride = OWN_STRIDE.get(), size
        with st.container(width="content"):
            own = OWN_STRIDE.draw()
        if own:
            with st.container(width=200):
                stride = int(STRIDE.draw(low=2 if bare else 1))
        if bare:
            return PoolSettings("max", (size, size), (stride, stride))
        with st.container(width=160):
            padding = int(PADDING.draw(high=size // 2))
        with st.container(width="content"):
            ceil_mode = CEIL.draw()
    return PoolSettings(mode, (size, size), (stride, stride), (padding, padding), ceil_mode)


def window_of(pool: PoolSettings) -> Window:
    """The same settings as the core's arithmetic of sizes takes them."""
    return Window(pool.size, pool.stride, pool.padding, pool.ceil_mode)


def draw_times(shape: Pair, pool: PoolSettings) -> int:
    """Draw how often the pool is repeated, bounded by how often it makes the map smaller."""
    most = 1 if pool.whole_map else len(pyramid_shapes(shape, window_of(pool), int(TIMES.high))) - 1
    with st.container(width=240):
        return int(TIMES.draw(high=max(most, 1)))
