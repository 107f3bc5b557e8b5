"""The "try this" of the network page."""

from __future__ import annotations

from cnnviz.core.networks.presets import PRESETS
from cnnviz.core.networks.spec import NetSpec
from cnnviz.core.networks.text import stack_text
from cnnviz.ui.kit.page import Experiment

TOO_DEEP = NetSpec.from_dict(
    {
        "input": [1, 28, 28],
        "layers": [
            *([{"type": "conv", "channels": 8, "kernel": 5}, {"type": "relu"}, {"type": "max_pool"}] * 2),
            {"type": "conv", "channels": 16, "kernel": 5},
            {"type": "flatten"},
            {"type": "dense", "units": 10},
        ],
    }
)
NOT_EVEN = NetSpec((3, 26, 26), PRESETS["tutorial_dense"].spec.layers)

EXPERIMENTS = (
    Experiment(
        "Find the weights",
        "One dense layer has 577,000 of the 610,594 weights, 94.5 %. The three convolutions have 3.9 % of "
        "them and yet do 73 % of the multiply-adds: a kernel's few weights are used at every place of the "
        "map.",
        {"n_layer": "11"},
    ),
    Experiment(
        "A size that is not a whole number",
        "An input of 26×26 instead of 24×24: 26, 13, and then the second pool would give 6.5 cells. The size "
        "is rounded down, and the last row and column of its input are never read. With which inputs near 26 "
        "is nothing left over?",
        {"n_stack": stack_text(NOT_EVEN), "n_layer": "6"},
    ),
    Experiment(
        "Run out of pixels",
        "28 pixels, a 5×5 convolution and a pool, twice: 4×4 cells are left, too few for a third 5×5. The "
        "problem is named at the layer that needs too much; press one of the changes that are offered.",
        {"n_stack": stack_text(TOO_DEEP), "n_layer": "7"},
    ),
    Experiment(
        "Jump over two layers",
        "Each arc adds a block's input to what its two convolutions make of it. The shortcuts have no "
        "weights: *Deep, plain* has the same 15,946.",
        {"n_stack": "deep_residual", "n_layer": "6", "n_look": "w"},
    ),
    Experiment(
        "Do without convolution",
        "Two hidden dense layers on 28×28 pixels: 109,386 weights, 92 % of them in the layer that reads the "
        "picture, one for each pixel and node. *Small, two convolutions* has 9,098: its kernels are the same "
        "at every place.",
        {"n_stack": "dense_only", "n_layer": "2"},
    ),
)
