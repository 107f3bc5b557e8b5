"""The "try this" of the filter page: each sets every control that it needs, and says what to look for."""

from __future__ import annotations

import numpy as np

from cnnviz.core.convolution.convolve import convolve2d
from cnnviz.core.kernels.library import KERNELS
from cnnviz.core.kernels.text import format_kernel
from cnnviz.ui.filter import settings
from cnnviz.ui.kernel.photo import choose, parameter_control, take_own
from cnnviz.ui.kit.page import Experiment
from cnnviz.ui.picture.picker import choose as choose_picture


def _edges_vanish() -> None:
    settings.reset()
    choose_picture("rings")
    choose("sobel_right")


def _blur_and_sharpen() -> None:
    settings.reset()
    choose_picture("stripes")
    blur, sharpen = KERNELS["binomial_3"].weights, KERNELS["sharpen"].weights
    both = convolve2d(np.pad(blur, 2), sharpen, flip=True)  # two filters in a row are one: their convolution
    take_own(format_kernel(both))
    settings.LAYOUT.set("slider")


def _see_the_border() -> None:
    settings.reset()
    choose("box")
    size = KERNELS["box"].parameters[0]
    parameter_control(KERNELS["box"], size).set(31)
    settings.MODE.set("zeros")


def _emboss() -> None:
    settings.reset()
    take_own("-2,-1,0;-1,0,1;0,1,2")
    settings.DISPLAY.set("shift")


def _turn_the_kernel() -> None:
    settings.reset()
    choose("sobel_right")
    settings.FLIP.set(True)


def _alias() -> None:
    settings.reset()
    choose_picture("zone_plate")
    choose("identity")
    settings.STRIDE.set(4)


EXPERIMENTS = (
    Experiment(
        "Find edges that vanish",
        "This kernel compares left with right. Follow a ring round: where it runs level, at the "
        "top and the bottom, left and right are equal and its edge is gone. Choose *Sobel, "
        "bottom* and the sides vanish.",
        _edges_vanish,
    ),
    Experiment(
        "Blur and sharpen again",
        "Two filters in a row are one kernel, here 5×5. Move the slider over the stripes: wide "
        "ones come back crisp, but stripes one pixel wide stay grey, because what a blur takes to "
        "zero nothing brings back.",
        _blur_and_sharpen,
    ),
    Experiment(
        "See the border",
        "A blur over 31×31 cells with zeros around the picture: the zeros are averaged in, so the "
        "rim turns dark. Switch the padding from *zeros* to *reflect* and the dark rim goes; "
        "choose *none* and the rim is cut off.",
        _see_the_border,
    ),
    Experiment(
        "Make an emboss",
        "Each number is how much brighter it gets towards the lower right. With 128 added, flat "
        "parts are middle grey and edges look lit from one side. Press *Negate*: the light comes "
        "from the other side.",
        _emboss,
    ),
    Experiment(
        "Turn the kernel round",
        "Mathematics turns the kernel by 180° before it multiplies; deep learning does not. For "
        "this kernel the turn swaps every sign: blue and orange change places.",
        _turn_the_kernel,
    ),
    Experiment(
        "Skip pixels, see rings that are not there",
        "Stride 4 keeps one pixel of sixteen. Where the rings are finer than that, new false "
        "rings appear: aliasing. Choose *Gaussian blur* with a larger σ first, and the false "
        "rings fade.",
        _alias,
    ),
)
