"""The "try this" of the activation page."""

from __future__ import annotations

from cnnviz.ui.kit.page import Experiment

EXPERIMENTS = (
    Experiment(
        "Lose half of the edges",
        "Each ring has two kinds of edges for Sobel: brighter to the right (positive, orange) and darker "
        "to the right (negative, blue). After ReLU only the orange ones are left.",
        {"pic": "rings"},
    ),
    Experiment(
        "Kill a map",
        "A bias of −4 pushes every cell of this map below 0. After ReLU all of it is 0, the slope is 0 "
        "everywhere, and no gradient could bring it back. Choose *Leaky ReLU* and raise its slope: the map "
        "is weak, but not dead.",
        {"a_bias": "-4", "a_x": "-2"},
    ),
    Experiment(
        "Saturate a tanh",
        "A bias of 3 moves the map to where tanh is flat: most cells come out close to 1, and the edges can "
        "hardly be told apart. Read the share that is saturated, then move the bias back to 0 and read it "
        "again.",
        {"a_function": "tanh", "a_bias": "3", "a_x": "3"},
    ),
    Experiment(
        "Let a little through",
        "Leaky ReLU with a slope of 0.2: negative edges come out five times weaker instead of being lost. "
        "Watch the blue edges in the map after it.",
        {"a_function": "leaky_relu", "a_leaky_relu_slope": "0.2", "a_x": "-2"},
    ),
    Experiment(
        "Two layers that are one",
        "Under *Why depth needs it*: Sobel and then Sobel turned by 180°. The collapsed 5×5 kernel does the "
        "same in one step, to the last digit; with ReLU between the layers it does not.",
        {"a_first": "sobel_right", "a_second": "sobel_left"},
    ),
)
