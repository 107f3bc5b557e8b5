"""The controls of the activation page, and what they make together."""

from __future__ import annotations

import streamlit as st

from cnnviz.components.activation_view import ChosenActivation
from cnnviz.core.activations.table import ACTIVATIONS
from cnnviz.core.kernels.library import KERNELS, Kernel
from cnnviz.core.networks.collapse import is_exact
from cnnviz.ui.kernel.titles import OLD_NAMES
from cnnviz.ui.kit.controls import Choice, Number
from cnnviz.ui.kit.link import Linked
from cnnviz.ui.kit.state import PageState
from cnnviz.ui.kit.values import decimal
from cnnviz.ui.picture.sources import SHARED

LARGEST_POINT = 20.0

ACTIVATION = Choice(
    "a_function",
    "Activation",
    {entry.id: entry.title for entry in ACTIVATIONS.values()},
    "relu",
    kind="select",
)
KERNEL = Choice(
    "a_kernel",
    "Kernel of the feature map",
    {kernel.id: kernel.title for kernel in KERNELS.values()},
    "sobel_right",
    help="It makes the map before the activation from your picture in grey. Grey values are v / 256.",
    kind="select",
    aliases=OLD_NAMES,
)
BIAS = Number(
    "a_bias",
    "Bias",
    -4,
    4,
    0,
    0.1,
    help="Added to every cell of the map before the activation. It moves the whole map along the curve.",
)
COLOURS = Choice(
    "a_colours",
    "Range of the colours",
    {"shared": "one for both", "own": "each its own"},
    "shared",
)


POINT = Linked("a_x", 1.5, decimal(-LARGEST_POINT, LARGEST_POINT), lambda point: f"{point:g}")


def _fits(kernel: Kernel) -> bool:
    """Kernels small enough to write down, with a middle cell, and exact in whole numbers of 1/256."""
    shape = kernel.weights.shape
    return max(shape) == 3 and all(side % 2 for side in shape) and is_exact(kernel.weights)


EXACT = {kernel.id: kernel.title for kernel in KERNELS.values() if _fits(kernel)}
FIRST = Choice("a_first", "First layer", EXACT, "sobel_right", kind="select", aliases=OLD_NAMES)
SECOND = Choice("a_second", "Second layer", EXACT, "binomial_3", kind="select", aliases=OLD_NAMES)

PARAMETERS = {
    entry.id: Number(f"a_{entry.id}_{p.name}", p.title, p.low, p.high, p.default, p.step)
    for entry in ACTIVATIONS.values()
    for p in entry.parameters
}

STATE = PageState(
    "a",
    *(ACTIVATION, KERNEL, BIAS, COLOURS, FIRST, SECOND, POINT),
    *PARAMETERS.values(),
    shared=SHARED,
)


def chosen() -> ChosenActivation:
    """The chosen activation with its parameter, from the link."""
    name = ACTIVATION.get()
    return ChosenActivation(ACTIVATIONS[name], PARAMETERS[name].get() if name in PARAMETERS else None)


def between() -> ChosenActivation:
    """The activation between the two layers: the chosen one, or ReLU in place of the identity."""
    return ChosenActivation(ACTIVATIONS["relu"]) if ACTIVATION.get() == "identity" else chosen()


def draw() -> None:
    """The controls under the curve."""
    with st.container(horizontal=True, gap="medium"):
        for control in (ACTIVATION, KERNEL):
            with st.container(width=230):
                control.draw()
        with st.container(width=230):
            BIAS.draw()
        if ACTIVATION.get() in PARAMETERS:
            with st.container(width=200):
                PARAMETERS[ACTIVATION.get()].draw()
        with st.container(width=230):
            COLOURS.draw()
