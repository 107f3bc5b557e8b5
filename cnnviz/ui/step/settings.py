"""The controls of the page "Step by step", and the settings that they make together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np
import streamlit as st

from cnnviz.components.step_view import Mode, Pin
from cnnviz.core.convolution.padding import PaddingMode
from cnnviz.core.convolution.sizes import pad_amounts
from cnnviz.core.steps.settings import StepSettings
from cnnviz.ui.kernel import small as kernels
from cnnviz.ui.kernel.small import KernelFamily, Kernels
from cnnviz.ui.kit.controls import Choice, Number, Tabs, largest
from cnnviz.ui.kit.convolution import flip_switch, padding_choice, padding_mode_choice
from cnnviz.ui.kit.link import Linked
from cnnviz.ui.kit.state import PageState
from cnnviz.ui.kit.values import whole
from cnnviz.ui.picture.sources import SHARED
from cnnviz.ui.step import pictures
from cnnviz.ui.step.pictures import PictureFamily

MOST_PADDING = 6
MOST_STEPS = 100_000  # more than any picture here has cells
Sides = tuple[int, int, int, int]
Pair = tuple[int, int]

MODE = Choice(
    "s_mode",
    "What is shown",
    {
        "one": "one channel",
        "rgb": "RGB",
        "several": "several kernels",
        "stamp": "stamp",
        "network": "as a network",
        "transposed": "transposed",
    },
    "one",
)
PADDING = padding_choice("s_pad", ("sides", "each side"), "valid", "A transposed convolution cuts it off.")
TOP = Number("s_top", "Top", 0, MOST_PADDING, 1)
BOTTOM = Number("s_bottom", "Bottom", 0, MOST_PADDING, 1)
LEFT = Number("s_left", "Left", 0, MOST_PADDING, 1)
RIGHT = Number("s_right", "Right", 0, MOST_PADDING, 1)
PADDING_MODE = padding_mode_choice("s_padmode", "zeros")
STRIDE_Y = Number("s_sy", "Stride down", 1, 4, 1)
STRIDE_X = Number("s_sx", "Stride across", 1, 4, 1)
DILATION_Y = Number("s_dy", "Dilation down", 1, 4, 1)
DILATION_X = Number("s_dx", "Dilation across", 1, 4, 1)
FLIP = flip_switch("s_flip")
BIAS = tuple(
    Number(f"s_bias{n or ''}", f"Bias {n}" if n else "Bias", -20, 20, 0) for n in range(kernels.MOST_MAPS)
)


SPEED = Choice(
    "s_gif",
    "Speed of the animation",
    {"1000": "1 step a second", "500": "2 steps a second", "250": "4 steps a second"},
    "500",
    kind="select",
)
PIN: Linked[Pin | None] = Linked("s_pin", None, Pin.parse, lambda pin: pin.text if pin else "")
STEP: Linked[int | None] = Linked("s_step", None, whole(0, MOST_STEPS), str)
TABS = Tabs("s_tab", ("Output size", "Code", "Save and share"))

STATE = PageState(
    "s",
    *(MODE, *kernels.FAMILIES, *pictures.FAMILIES),
    *(PADDING, TOP, BOTTOM, LEFT, RIGHT, PADDING_MODE),
    *(STRIDE_Y, STRIDE_X, DILATION_Y, DILATION_X, FLIP),
    *BIAS,
    *(SPEED, PIN, STEP, TABS),
    shared=SHARED,
)


def pinned(settings: StepSettings) -> Pin | None:
    """The pinned cell, where these settings have it."""
    pin = PIN.get()
    maps, kh, kw, channels = settings.kernels.shape
    height, width = settings.image.shape[:2]
    top, bottom, left, right = (0, 0, 0, 0) if settings.transposed else settings.padding
    limits = {
        "input": (channels, height + top + bottom, width + left + right),
        "weight": (maps, channels, kh, kw),
        "output": (maps, *settings.size),
    }
    if pin is None or any(at >= most for at, most in zip(pin.place, limits[pin.kind], strict=True)):
        return None
    return pin


@dataclass(frozen=True)
class Families:
    """Which pictures and kernels a mode works with."""

    picture: PictureFamily
    kernel: KernelFamily


def families(mode: str) -> Families:
    """The pictures and kernels of a mode. "one", "network" and "transposed" share theirs."""
    if mode == "rgb":
        return Families(pictures.COLOUR, kernels.RGB)
    if mode == "several":
        return Families(pictures.COLOUR, kernels.MANY)
    if mode == "stamp":
        return Families(pictures.POINTS, kernels.STAMP)
    return Families(pictures.GREY, kernels.PLAIN)


def draw(mode: Mode) -> StepSettings:
    """Draw the controls of a mode and return its settings."""
    chosen, transposed = families(mode), mode == "transposed"
    what, how, steps = st.columns([1.15, 1.25, 1.1], gap="medium")
    with what:
        chosen.kernel.menu.draw()
        weights = chosen.kernel.get()
        picture_place = st.container()
        bias = _draw_bias(mode, len(weights))
    if mode == "stamp":
        with picture_place:
            return _stamping(chosen.picture, weights, bias)
    with how:
        sides, padding_mode = _draw_padding(weights, transposed=transposed)
        flip = FLIP.draw()
    with picture_place:
        image = chosen.picture.draw(
            lambda shape: StepSettings(
                np.zeros(shape, np.float32), weights, padding=sides((1, 1)), transposed=transposed
            )
        )

    def settings(stride: Pair, dilation: Pair) -> StepSettings:
        padding = sides(dilation)
        return StepSettings(image, weights, bias, padding, padding_mode, stride, dilation, flip, transposed)

    with steps:
        return settings(*_draw_steps(settings))


def _stamping(family: PictureFamily, weights: Kernels, bias: np.ndarray) -> StepSettings:
    """Stamps are set down with their middle on a point, and cut off at the border of the sheet."""
    image = family.draw(lambda shape: None)
    kh, kw = weights.shape[1:3]
    padding = ((kh - 1) // 2, kh // 2, (kw - 1) // 2, kw // 2)
    return StepSettings(image, weights, bias, padding, transposed=True)


def _draw_bias(mode: Mode, maps: int) -> np.ndarray:
    if mode in {"stamp", "transposed"}:
        return np.zeros(maps, np.float32)
    with st.container(horizontal=True, gap="small"):
        return np.array([BIAS[n].draw() for n in range(maps)], np.float32)


def _draw_padding(weights: Kernels, *, transposed: bool) -> tuple[Callable[[Pair], Sides], PaddingMode]:
    """Padding per side, as it is at a dilation, and what it is filled with."""

    def same(dilation: Pair) -> Sides:
        (top, bottom), (left, right) = (
            pad_amounts(1, k, "same", d) for k, d in zip(weights.shape[1:3], dilation, strict=True)
        )
        return top, bottom, left, right

    kind = PADDING.draw()
    if kind == "valid":
        return lambda dilation: (0, 0, 0, 0), "zeros"
    sides = same
    if kind == "sides":
        with st.container(horizontal=True, gap="small"):
            drawn = cast("Sides", tuple(int(side.draw()) for side in (TOP, BOTTOM, LEFT, RIGHT)))
        sides = lambda dilation: drawn  # noqa: E731
    if transposed:
        return sides, "zeros"
    return sides, cast("PaddingMode", PADDING_MODE.draw())


def _draw_steps(settings: Callable[[Pair, Pair], StepSettings]) -> tuple[Pair, Pair]:
    """Stride and dilation; the dilation is bounded by the cells that the kernel has room in."""
    with st.container(horizontal=True, gap="small"):
        stride = int(STRIDE_Y.draw()), int(STRIDE_X.draw())
    with st.container(horizontal=True, gap="small"):
        down = int(DILATION_Y.draw(high=largest(DILATION_Y, lambda d: settings(stride, (d, 1)))))
        across = int(DILATION_X.draw(high=largest(DILATION_X, lambda d: settings(stride, (down, d)))))
    return stride, (down, across)
