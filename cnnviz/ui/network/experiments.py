"""The "try this" of the network page: each sets the stack that it needs, and says what to look for."""

from __future__ import annotations

from cnnviz.components.net_view import Look
from cnnviz.core.networks.presets import PRESETS
from cnnviz.core.networks.spec import NetSpec
from cnnviz.ui.kit.page import Experiment
from cnnviz.ui.network.settings import LOOK, STACK

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


def _stack(preset: str, layer: tuple[int, ...] | None = None) -> None:
    LOOK.reset()
    STACK.choose(preset)
    STACK.select(layer)


def _weights() -> None:
    _stack("tutorial_dense", (10,))


def _half_pixel() -> None:
    LOOK.reset()
    STACK.set(NetSpec((3, 26, 26), PRESETS["tutorial_dense"].spec.layers))
    STACK.select((5,))


def _too_small() -> None:
    LOOK.reset()
    STACK.set(TOO_DEEP)
    STACK.select((6,))


def _residual() -> None:
    STACK.choose("deep_residual")
    STACK.select((5,))
    LOOK.set(Look(whole=True))


def _no_convolution() -> None:
    _stack("dense_only", (1,))


EXPERIMENTS = (
    Experiment(
        "Find the weights",
        "One dense layer has 577,000 of the 610,594 weights, 94.5 %. The three convolutions have 3.9 % of "
        "them and yet do 73 % of the multiply-adds: a kernel's few weights are used at every place of the "
        "map.",
        _weights,
    ),
    Experiment(
        "A size that is not a whole number",
        "An input of 26×26 instead of 24×24: 26, 13, and then the second pool would need 6.5 cells. It is "
        "rounded down, and the last row and column of its input are never read. Which inputs near 26 go "
        "through whole?",
        _half_pixel,
    ),
    Experiment(
        "Run out of pixels",
        "28 pixels, a 5×5 convolution and a pool, twice: 4×4 cells are left, too few for a third 5×5. The "
        "sentence stands at the layer that asks too much; press one of the changes that it offers.",
        _too_small,
    ),
    Experiment(
        "Jump over two layers",
        "Each arc adds a block's input to what its two convolutions make of it. The shortcuts have no "
        "weights: *Deep, plain* has the same 15,946.",
        _residual,
    ),
    Experiment(
        "Do without convolution",
        "Two hidden dense layers on 28×28 pixels: 109,386 weights, 92 % of them in the layer that reads the "
        "picture, one for each pixel and node. *Small, two convolutions* has 9,098: its kernels are the same "
        "at every place.",
        _no_convolution,
    ),
)
