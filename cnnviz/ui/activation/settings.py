"""The controls of the activation page, and what they make together."""

from __future__ import annotations

import streamlit as st

from cnnviz.components.activation_view import ChosenActivation
from cnnviz.core.activations.table import ACTIVATIONS
from cnnviz.core.kernels.library import KERNELS, Kernel
from cnnviz.core.networks.collapse import is_exact
from cnnviz.ui.kit.controls import Choice, Control, Number, reset_all
from cnnviz.ui.kit.link import Linked

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
    help="The map before the activation: your picture in grey through this kernel. Pixels count as v / 256.",
    kind="select",
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


def _point(text: str) -> float:
    point = float(text)
    if not -LARGEST_POINT <= point <= LARGEST_POINT:
        raise ValueError(f"The point is between −{LARGEST_POINT:g} and {LARGEST_POINT:g}.")
    return point


POINT = Linked("a_x", 1.5, _point, lambda point: f"{point:g}")


def _fits(kernel: Kernel) -> bool:
    """Kernels small enough to write down, with a middle cell, and exact in whole numbers of 1/256."""
    shape = kernel.weights.shape
    return max(shape) == 3 and all(side % 2 for side in shape) and is_exact(kernel.weights)


EXACT = {kernel.id: kernel.title for kernel in KERNELS.values() if _fits(kernel)}
FIRST = Choice("a_first", "First layer", EXACT, "sobel_right", kind="select")
SECOND = Choice("a_second", "Second layer", EXACT, "binomial_3", kind="select")

PARAMETERS = {
    entry.id: Number(f"a_{entry.id}_{p.name}", p.title, p.low, p.high, p.default, p.step)
    for entry in ACTIVATIONS.values()
    for p in entry.parameters
}

CONTROLS: tuple[Control, ...] = (
    ACTIVATION,
    KERNEL,
    BIAS,
    COLOURS,
    FIRST,
    SECOND,
    *PARAMETERS.values(),
)


def chosen() -> ChosenActivation:
    """The chosen activation with its parameter, from the link."""
    name = ACTIVATION.get()
    return ChosenActivation(ACTIVATIONS[name], PARAMETERS[name].get() if name in PARAMETERS else None)


def between() -> ChosenActivation:
    """What stands between the two layers: the chosen activation, or ReLU where that is none."""
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


def reset() -> None:
    """All settings back to their defaults."""
    reset_all(CONTROLS)
    POINT.reset()
