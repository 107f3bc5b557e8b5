"""The controls of the page "Pooling", their bounds, and the pooling settings that they make together."""

from __future__ import annotations

from typing import cast

import streamlit as st

from cnnviz.components.pool_view import PoolSettings
from cnnviz.core.pooling.pool import PoolMode, axes
from cnnviz.core.pooling.shapes import Window, pyramid_shapes
from cnnviz.core.pooling.shift import frame_for
from cnnviz.ui.kit.controls import Choice, Number, Switch, Tabs, largest
from cnnviz.ui.kit.link import Linked
from cnnviz.ui.kit.state import PageState
from cnnviz.ui.kit.values import cell, joined, numbers, one_of, whole
from cnnviz.ui.picture.sources import SHARED

Pair = tuple[int, int]

STAGE = Choice(
    "p_view", "Show", {"windows": "windows", "pyramid": "pyramid", "shift": "shift test"}, "windows"
)
MAP = Choice(
    "p_map",
    "Map",
    {"patch": "a patch", "numbers": "numbers", "grey": "the picture", "sobel": "its Sobel map"},
    "patch",
    help="*A patch* is a small piece of the picture with its grey values written out. *NumberMap* are small "
    "enough for mental arithmetic. The *Sobel map* is √(Gx² + Gy²): how strong the edge is.",
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
    help="What is made smaller: the grey values of *the picture*, or the edge strengths of its *Sobel map*.",
)
ROWS = Number("p_rows", "Rows", 3, 16, 8)
COLS = Number("p_cols", "Columns", 3, 16, 8)
SEED = Number("p_seed", "Random seed", 1, 99, 1, kind="box")
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
    "p_own_stride",
    "Set the stride",
    help="Off: the stride is the window's size, so windows lie side by side.",
)
STRIDE = Number("p_stride", "Stride", 1, 8, 2, help="The window moves by this many cells.")
PADDING = Number(
    "p_pad",
    "Padding",
    0,
    4,
    0,
    help="Cells on each side, at most half the window, so that every window covers a cell of the map. A "
    "maximum ignores padding; a mean counts it as zeros.",
)
CEIL = Switch(
    "p_ceil",
    "Ceil mode",
    help="Off: cells that do not fill a window are dropped. On: one more window hangs over the end.",
)
TIMES = Number(
    "p_times", "Times", 1, 5, 3, help="How often the pool is repeated, as long as it makes the map smaller."
)


def _shift(text: str) -> tuple[int, int, str]:
    down, right, compare = text.split(",")
    return int(down), int(right), one_of("along", "stay")(compare)


PIN: Linked[Pair | None] = Linked("p_pin", None, cell(), joined())
AT: Linked[Pair | None] = Linked("p_at", None, cell(), joined())
SHIFT: Linked[tuple[int, int, str]] = Linked("p_shift", (0, 0, "along"), _shift, joined())
WHICH: Linked[int] = Linked("p_which", 0, whole(0, 7), str)
OWN: Linked[tuple[int, ...]] = Linked("p_own", (), numbers(whole(-99, 99), 256), joined())
TABS = Tabs("p_tab", ("Side by side", "Every shift", "Code"))

STATE = PageState(
    "p",
    *(STAGE, MAP, MAPS, FIELD, ROWS, COLS, SEED, MODE, WHOLE_MAP, SIZE),
    *(OWN_STRIDE, STRIDE, PADDING, CEIL, TIMES),
    *(PIN, AT, SHIFT, WHICH, OWN, TABS),
    shared=SHARED,
)


def draw_pool(shape: Pair) -> PoolSettings:
    """Draw the controls of one pool on a map of this (H, W), each bounded by those before it."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        with st.container(width=260):
            mode = cast("PoolMode", MODE.draw())
        with st.container(width="content"):
            whole = WHOLE_MAP.draw()
        if whole:
            return PoolSettings(mode, shape, shape, whole_map=True)
        size = _draw_size(most_size(shape, CEIL.get()))
        stride = _draw_stride(size, int(STRIDE.high))  # any stride gives a window
        with st.container(width=160):
            padding = int(PADDING.draw(high=most_padding(shape, size, stride, CEIL.get())))
        with st.container(width="content"):
            ceil_mode = CEIL.draw()
    return PoolSettings(mode, (size, size), (stride, stride), (padding, padding), ceil_mode)


def draw_shift_pool(shape: Pair) -> PoolSettings:
    """Draw window and stride alone, for the shift test: it shows all kinds at once, away from the border."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        size = _draw_size(largest(SIZE, lambda n: frame_for(shape, n, n)))
        stride = _draw_stride(size, largest(STRIDE, lambda n: frame_for(shape, size, n), low=2), low=2)
    return PoolSettings("max", (size, size), (stride, stride))


def most_size(shape: Pair, ceil_mode: bool) -> int:
    """The largest window that fits on a map of this (H, W), windows side by side."""
    return largest(SIZE, lambda n: axes(shape, (n, n), (n, n), (0, 0), ceil_mode))


def most_padding(shape: Pair, size: int, stride: int, ceil_mode: bool) -> int:
    """The largest padding that the pool takes."""
    return largest(PADDING, lambda n: axes(shape, (size, size), (stride, stride), (n, n), ceil_mode))


def _draw_size(high: int) -> int:
    with st.container(width=200):
        return int(SIZE.draw(high=high))


def _draw_stride(size: int, high: int, low: int = 1) -> int:
    """The window's size, unless the visitor sets the stride."""
    with st.container(width="content"):
        own = OWN_STRIDE.draw()
    if not own:
        return size
    with st.container(width=200):
        return int(STRIDE.draw(low=low, high=high))


def window_of(pool: PoolSettings) -> Window:
    """The same settings as the core's arithmetic of sizes takes them."""
    return Window(pool.size, pool.stride, pool.padding, pool.ceil_mode)


def draw_times(shape: Pair, pool: PoolSettings) -> int:
    """Draw how often the pool is repeated, bounded by how often it makes the map smaller."""

    def fits(times: int) -> None:
        if times >= len(pyramid_shapes(shape, window_of(pool), times)):
            raise ValueError(f"The map is not made smaller {times} times.")

    most = 1 if pool.whole_map else largest(TIMES, fits)
    with st.container(width=240):
        return int(TIMES.draw(high=most))
