"""The "try this" of the pooling page."""

from __future__ import annotations

from cnnviz.ui.kit.page import Experiment

EXPERIMENTS = (
    Experiment(
        "Find the winners",
        "Say the largest of each 2×2 window before you look. Then change to *average*: the gradient that "
        "went to one cell of four is now a quarter for each.",
        {"p_map": "numbers", "p_pin": "1,1"},
    ),
    Experiment(
        "Let windows overlap",
        "With stride 1 a cell lies in up to nine windows of 3×3. A large number is the largest of several of "
        "them: its gradient is their count. Most cells are the largest of none and get 0.",
        {"p_map": "numbers", "p_size": "3", "p_own_stride": "true", "p_stride": "1"},
    ),
    Experiment(
        "Windows that do not fit",
        "3×3 windows do not fit on 7 rows and 8 columns: the hatched row and columns are dropped, and no "
        "gradient reaches them. Switch *ceil mode* on: a third row and column of windows reach beyond the "
        "end, and their means count only the cells that they cover.",
        {"p_map": "numbers", "p_rows": "7", "p_mode": "average", "p_size": "3", "p_pin": "1,1"},
    ),
    Experiment(
        "Down to one number a map",
        "Global pooling leaves eight numbers of eight maps, whatever the size of the picture: how much edge "
        "there is in each direction, but not where.",
        {"p_view": "pyramid", "p_mode": "average", "p_global": "true"},
    ),
    Experiment(
        "Shrink it five times",
        "A cell of the last level stands for 32×32 cells of the first. Move over it: its value comes from a "
        "single one of them.",
        {"p_view": "pyramid", "p_times": "5"},
    ),
    Experiment(
        "Move by one pixel, then by two",
        "Rings finer than two cells cannot be kept: false rings appear, and when the picture moves by one "
        "pixel, *stride* alone changes most. Press → once more: at two pixels every difference is 0.",
        {"pic": "zone_plate", "p_view": "shift", "p_shift": "0,1,along"},
    ),
)
