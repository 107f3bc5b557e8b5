"""The controls of the page "Filter a photo", and the settings that they make together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.components.luts import SIGNED_MAPS
from cnnviz.core.convolution.filtering import Channels, FilterSettings, PaddingChoice
from cnnviz.core.convolution.padding import PaddingMode
from cnnviz.core.convolution.sizes import output_size
from cnnviz.ui.kernel import photo
from cnnviz.ui.kernel.photo import ChosenKernel
from cnnviz.ui.kit.controls import Choice, Number, Tabs, largest
from cnnviz.ui.kit.convolution import flip_switch, padding_choice, padding_mode_choice
from cnnviz.ui.kit.link import Linked
from cnnviz.ui.kit.page import dark_theme
from cnnviz.ui.kit.state import PageState
from cnnviz.ui.kit.values import cell, joined, one_of
from cnnviz.ui.picture.sources import SHARED

CHANNELS = Choice(
    "f_channels",
    "Channels",
    {"grey": "grey", "each": "each by itself", "sum": "one 3-D kernel"},
    "grey",
    help="*Grey* is 0.299 R + 0.587 G + 0.114 B (Rec. 601). *Each by itself* filters red, green and blue "
    "separately. *One 3-D kernel* has a slice for each channel and adds the three results up to one number.",
)
PADDING = padding_choice(
    "f_pad", ("amount", "custom"), "same", "*Custom* adds that many on each side.", {"amount": "amount"}
)
PAD_Y = Number("f_pad_y", "Above and below", 0, 30, 1)
PAD_X = Number("f_pad_x", "Left and right", 0, 30, 1)
MODE = padding_mode_choice("f_mode", "reflect")
STRIDE = Number("f_stride", "Stride", 1, 8, 1, help="The kernel moves by this many pixels from cell to cell.")
DILATION = Number("f_dilation", "Dilation", 1, 8, 1, help="The kernel's cells lie this many pixels apart.")
FLIP = flip_switch("f_flip")
DISPLAY = Choice(
    "f_show",
    "Show values as",
    {
        "auto": "automatic",
        "signed": "signed",
        "absolute": "absolute",
        "clip": "clip 0–255",
        "shift": "shift by 128",
        "stretch": "stretch",
    },
    "auto",
    help="*Automatic* is *signed* where the weights sum to 0 (edges), and *clip* elsewhere. The bar under "
    "the output says which value has which colour.",
    kind="select",
)
COLOURS = Choice(
    "f_colours",
    "Colour map",
    {
        "auto": "automatic",
        "grey": "grey",
        "blue_orange": "blue-white-orange",
        "blue_orange_dark": "blue-black-orange",
        "ink": "ink-teal-yellow",
        "ember": "plum-red-cream",
    },
    "auto",
    help="*Automatic* is blue and orange with the page's background between them for *signed*, grey "
    "elsewhere. Three channels are always shown as red, green and blue.",
    kind="select",
)


LAYOUT = Linked("f_layout", "side", one_of("side", "slider"), str)
PIN: Linked[tuple[int, int] | None] = Linked("f_pin", None, cell(), joined())
TABS = Tabs("f_tab", ("Values", "Sobel, both ways", "Convolution or correlation", "Code", "Save and share"))

STATE = PageState(
    "f",
    photo.CHOICE,
    *photo.SLIDERS,
    *(CHANNELS, PADDING, PAD_Y, PAD_X, MODE, STRIDE, DILATION, FLIP, DISPLAY, COLOURS),
    *(LAYOUT, PIN, TABS),
    shared=SHARED,
)


@dataclass(frozen=True)
class Colouring:
    """How the output's values become colours: ids of ``DISPLAYS`` and ``COLOUR_MAPS``."""

    display: str
    colour_map: str


def most_dilation(kernel: ChosenKernel, size: tuple[int, int], padding: PaddingChoice) -> int:
    """The largest dilation at which the kernel still fits into the padded picture of this (H, W)."""
    sides = (padding, padding) if isinstance(padding, str) else padding

    def fits(dilation: int) -> None:
        for n, k, side in zip(size, kernel.weights.shape, sides, strict=False):
            output_size(n, k, padding=side, dilation=dilation)

    return largest(DILATION, fits)


def draw(kernel: ChosenKernel, size: tuple[int, int]) -> FilterSettings:
    """Draw the controls of the convolution and return the settings. ``size`` is the picture's (H, W)."""
    left, middle, right = st.columns([1.25, 1, 1], gap="medium")
    with left:
        channels = CHANNELS.draw()
        flip = FLIP.draw()
    with middle:
        padding, mode = _draw_padding()
    with right, st.container(horizontal=True, gap="medium"):
        stride = int(STRIDE.draw())
        dilation = int(DILATION.draw(high=most_dilation(kernel, size, padding)))
    return FilterSettings(
        kernel=kernel.for_channels(channels).weights,
        channels=cast("Channels", channels),
        padding=padding,
        padding_mode=mode,
        stride=(stride, stride),
        dilation=(dilation, dilation),
        flip=flip,
    )


def _draw_padding() -> tuple[PaddingChoice, PaddingMode]:
    """The padding and what it is filled with; each control only where it means something."""
    kind = PADDING.draw()
    if kind == "valid":
        return "valid", "zeros"
    with st.container(horizontal=True, gap="small"):
        amount = (int(PAD_Y.draw()), int(PAD_X.draw())) if kind == "amount" else None
        mode = cast("PaddingMode", MODE.draw())
    return amount or "same", mode


def draw_display(weights: NDArray[np.float32]) -> Colouring:
    """Draw the two controls of how values become colours."""
    with st.container(horizontal=True, gap="small"):
        display, colours = DISPLAY.draw(), COLOURS.draw()
    if display == "auto":
        balanced = abs(float(weights.sum())) < 1e-6 * float(np.abs(weights).sum() or 1)
        display = "signed" if balanced else "clip"
    if colours == "auto":
        colours = SIGNED_MAPS["dark" if dark_theme() else "light"] if display == "signed" else "grey"
    return Colouring(display, colours)
