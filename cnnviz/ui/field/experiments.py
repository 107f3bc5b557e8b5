"""The "try this" of the page: each sets every control that it needs, and says what to look for."""

from __future__ import annotations

from cnnviz.ui.field import settings
from cnnviz.ui.frame import Experiment


def _guess() -> None:
    settings.show("seed_pool", guess=True)


def _weights() -> None:
    settings.show("five_3x3", nested=True)


def _border() -> None:
    settings.show("vgg16")
    settings.UNIT.set((0, 0))


def _pixel() -> None:
    settings.show("seed_no_pool")
    settings.PIXEL.set((0, 0))


def _dilated() -> None:
    settings.show("dilated", nested=True)


EXPERIMENTS = (
    Experiment(
        "Five small or one large",
        "Each 3×3 convolution adds 2 pixels: 3, 5, 7, 9, 11. *One 11×11* sees the same 11×11 pixels with 121 "
        "weights instead of 45 for each pair of maps.",
        _weights,
    ),
    Experiment(
        "Guess: 4×4 or 8×8?",
        "A 12×12 picture, a 3×3 convolution, a 3×3 pool and a 2×2 convolution. Guess what a unit at the end "
        "sees; then take the pool out of the stack and look again.",
        _guess,
    ),
    Experiment(
        "Into the corner",
        "The first unit of VGG-16's last pool has a field of 212×212 pixels, but its centre is near the "
        "corner: most of the box lies outside the photo, in the padding.",
        _border,
    ),
    Experiment(
        "The corner's one friend",
        "From the corner pixel: with this stack a corner pixel is seen by fewer units than one in the "
        "middle. Move the pixel inwards with the arrow keys and count.",
        _pixel,
    ),
    Experiment(
        "Double it with every layer",
        "Dilation 1, 2, 4, 8, 16: the fields are 3, 7, 15, 31 and 63 pixels wide. Press Play and watch them "
        "grow.",
        _dilated,
    ),
)
