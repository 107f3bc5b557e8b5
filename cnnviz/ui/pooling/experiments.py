"""The "try this" of the pooling page: each sets every control that it needs, and says what to look for."""

from __future__ import annotations

from cnnviz.ui.kit.page import Experiment
from cnnviz.ui.picture.picker import choose as choose_picture
from cnnviz.ui.pooling import settings


def _numbers(rows: int = 8, cols: int = 8) -> None:
    settings.reset()
    settings.MAP.set("numbers")
    settings.ROWS.set(rows)
    settings.COLS.set(cols)


def _winner() -> None:
    _numbers()
    settings.PIN.set((1, 1))


def _overlap() -> None:
    _numbers()
    settings.SIZE.set(3)
    settings.OWN_STRIDE.set(True)
    settings.STRIDE.set(1)


def _half_fitting() -> None:
    _numbers(7, 8)
    settings.SIZE.set(3)
    settings.MODE.set("average")
    settings.PIN.set((1, 1))


def _global() -> None:
    settings.reset()
    settings.STAGE.set("pyramid")
    settings.WHOLE_MAP.set(True)
    settings.MODE.set("average")


def _five_times() -> None:
    settings.reset()
    settings.STAGE.set("pyramid")
    settings.TIMES.set(5)


def _false_rings() -> None:
    settings.reset()
    choose_picture("zone_plate")
    settings.STAGE.set("shift")
    settings.SHIFT.set((0, 1, "along"))


EXPERIMENTS = (
    Experiment(
        "Find the winners",
        "Say the largest of each 2×2 window before you look. Then change to *average*: the gradient that "
        "went to one cell of four is now a quarter for each.",
        _winner,
    ),
    Experiment(
        "Let windows overlap",
        "With stride 1 a cell lies in up to nine windows of 3×3. A large number wins several of them: its "
        "gradient is their count. Most cells win none and get 0.",
        _overlap,
    ),
    Experiment(
        "Half a window too many",
        "3×3 windows do not fit on 7 rows and 8 columns: the hatched row and columns are dropped, and no "
        "gradient reaches them. Switch *ceil mode* on: a third row and column of windows hang over the end, "
        "and their means count only the cells there are.",
        _half_fitting,
    ),
    Experiment(
        "Down to one number a map",
        "Global pooling leaves eight numbers of eight maps, whatever the picture's size: how much edge there "
        "is in each direction. Where it is, they do not tell.",
        _global,
    ),
    Experiment(
        "Shrink it five times",
        "A cell of the last level stands for 32×32 cells of the first. Move over it: its value comes from a "
        "single one of them.",
        _five_times,
    ),
    Experiment(
        "Move by one pixel, then by two",
        "Rings finer than two cells cannot be kept: false rings appear, and at a shift of one pixel they "
        "change most with the stride alone. Press → once more: at two pixels every difference is 0.",
        _false_rings,
    ),
)
