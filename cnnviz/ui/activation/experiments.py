"""The "try this" of the activation page: each sets every control that it needs, and says what to look for."""

from __future__ import annotations

from cnnviz.ui.activation import settings
from cnnviz.ui.kit.page import Experiment
from cnnviz.ui.picture.picker import choose as choose_picture


def _set(function: str, kernel: str = "sobel_right", bias: float = 0, point: float = 1.5) -> None:
    settings.reset()
    settings.ACTIVATION.set(function)
    settings.KERNEL.set(kernel)
    settings.BIAS.set(bias)
    settings.POINT.set(point)


def _half_the_edges() -> None:
    choose_picture("rings")
    _set("relu")


def _dead_map() -> None:
    _set("relu", bias=-4, point=-2)


def _saturate() -> None:
    _set("tanh", bias=3, point=3)


def _no_depth() -> None:
    _set("relu")
    settings.FIRST.set("sobel_right")
    settings.SECOND.set("sobel_left")


def _keep_the_gradient() -> None:
    _set("leaky_relu", point=-2)
    settings.PARAMETERS["leaky_relu"].set(0.2)


EXPERIMENTS = (
    Experiment(
        "Lose half of the edges",
        "Each ring has two kinds of edges for Sobel: brighter to the right (positive, orange) and darker "
        "to the right (negative, blue). After ReLU only the orange ones are left.",
        _half_the_edges,
    ),
    Experiment(
        "Kill a map",
        "A bias of −4 pushes every cell of this map below 0. After ReLU all of it is 0, the slope is 0 "
        "everywhere, and no gradient could bring it back. Choose *Leaky ReLU* and raise its slope: the map "
        "is weak, but not dead.",
        _dead_map,
    ),
    Experiment(
        "Saturate a tanh",
        "A bias of 3 moves the map to where tanh is flat: most cells come out close to 1, and the edges can "
        "hardly be told apart. Read the share that is saturated, then move the bias back to 0 and read it "
        "again.",
        _saturate,
    ),
    Experiment(
        "Let a little through",
        "Leaky ReLU with a slope of 0.2: negative edges come out five times weaker instead of being lost. "
        "Watch the blue edges in the map after it.",
        _keep_the_gradient,
    ),
    Experiment(
        "Two layers that are one",
        "Under *Why depth needs it*: Sobel and then Sobel turned round. The collapsed 5×5 kernel does the "
        "same in one step, to the last digit; with ReLU between the layers it does not.",
        _no_depth,
    ),
)
