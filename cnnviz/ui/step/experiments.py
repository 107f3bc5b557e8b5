"""The "try this" of the page "Step by step"."""

from __future__ import annotations

from cnnviz.ui.kit.page import Experiment

EXPERIMENTS = (
    Experiment(
        "Walk over an edge",
        "Press the step button. On the flat parts the products cancel and the sum is 0; only where the "
        "kernel lies across the edge does something remain: 4 · 9 = 36.",
        {"s_pic": "edge", "s_cols": "8", "s_step": "1"},
    ),
    Experiment(
        "Find the copies in the padding",
        "With *reflect*, one input cell can appear in the padding again. The pinned cell feeds some outputs "
        "twice, and the one in the corner four times. Choose *zeros* and it feeds each only once.",
        {
            **{"s_pic": "corner", "s_rows": "5", "s_cols": "6"},
            **{"s_pad": "same", "s_padmode": "reflect", "s_pin": "i0,2,2"},
        },
    ),
    Experiment(
        "Lose a row and a column",
        "At stride 2 a 3×3 kernel does not fit evenly on 6×8: the last row and the last column, hatched, are "
        "never used. Make the picture 7×9 and nothing is lost.",
        {"s_cols": "8", "s_sy": "2", "s_sx": "2"},
    ),
    Experiment(
        "Fill a fibre",
        "6×6×3 becomes 4×4×2: two kernels, two maps. Step on and see both numbers at one place come from the "
        "same three patches.",
        {"s_mode": "several", "s_step": "2"},
    ),
    Experiment(
        "Share a weight",
        "49 input nodes, 9 hidden nodes and only 9 weights. The bright lines all carry the same weight; set "
        "the stride to 1 and there are 25 hidden nodes, but still 9 weights.",
        {
            **{"s_mode": "network", "s_pic": "letter_a", "s_rows": "7", "s_cols": "7"},
            **{"s_sy": "2", "s_sx": "2", "s_pin": "w0,0,1,2"},
        },
    ),
    Experiment(
        "Let stamps overlap",
        "The rings are five cells wide and the points four apart, so neighbours share a column and there the "
        "numbers add up to 2. Play it stamp by stamp.",
        {
            **{"s_mode": "stamp", "s_rows_dots": "11", "s_cols_dots": "14"},
            **{"s_kernel_stamp": "ring", "s_step": "2"},
        },
    ),
    Experiment(
        "Make a checkerboard",
        "A picture of ones, transposed with stride 2: some outputs are reached by one stamp, others by two "
        "or four. This is where the checkerboards in generated pictures come from.",
        {
            **{"s_mode": "transposed", "s_pic": "own", "s_cells": "1,1,1,1;1,1,1,1;1,1,1,1"},
            **{"s_rows": "3", "s_cols": "4", "s_kernel": "own", "s_own": "1,1,1;1,1,1;1,1,1"},
            **{"s_sy": "2", "s_sx": "2"},
        },
    ),
)
