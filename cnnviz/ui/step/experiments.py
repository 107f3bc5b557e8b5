"""The "try this" of the page "Step by step": each sets all controls that it needs, and says what to see."""

from __future__ import annotations

from cnnviz.components.step_view import Pin
from cnnviz.ui.kernel import small as kernels
from cnnviz.ui.kit.page import Experiment
from cnnviz.ui.step import pictures, settings


def _start(mode: str) -> None:
    settings.reset()
    settings.MODE.set(mode)


def _edge() -> None:
    _start("one")
    pictures.GREY.preset("edge", 6, 8)
    settings.STEP.set(1)


def _mirror() -> None:
    _start("one")
    pictures.GREY.preset("corner", 5, 6)
    settings.PADDING.set("same")
    settings.PADDING_MODE.set("reflect")
    settings.PIN.set(Pin("input", (0, 2, 2)))


def _dropped() -> None:
    _start("one")
    pictures.GREY.preset("integers", 6, 8)
    settings.STRIDE_Y.set(2)
    settings.STRIDE_X.set(2)


def _fibre() -> None:
    _start("several")
    pictures.COLOUR.preset("integers", 6, 6)
    settings.STEP.set(2)


def _fewer_nodes() -> None:
    _start("network")
    pictures.GREY.preset("letter_a", 7, 7)
    settings.STRIDE_Y.set(2)
    settings.STRIDE_X.set(2)
    settings.PIN.set(Pin("weight", (0, 0, 1, 2)))


def _overlap() -> None:
    _start("stamp")
    pictures.POINTS.preset("points", 11, 14)
    kernels.STAMP.choice.set("ring")
    settings.STEP.set(2)


def _checkerboard() -> None:
    _start("transposed")
    pictures.GREY.take("1,1,1,1;1,1,1,1;1,1,1,1")
    kernels.PLAIN.take("1,1,1;1,1,1;1,1,1")
    settings.STRIDE_Y.set(2)
    settings.STRIDE_X.set(2)


EXPERIMENTS = (
    Experiment(
        "Walk over an edge",
        "Press the step button. On the flat parts the products cancel and the sum is 0; only where the "
        "kernel lies across the edge does something remain: 4 · 9 = 36.",
        _edge,
    ),
    Experiment(
        "Find the copies in the padding",
        "With *reflect*, one input cell can stand in the padding again. The pinned cell feeds some outputs "
        "twice, and the one in the corner four times. Choose *zeros* and it feeds each only once.",
        _mirror,
    ),
    Experiment(
        "Lose a row and a column",
        "At stride 2 a 3×3 kernel does not come out even on 6×8: the last row and the last column, hatched, "
        "are never used. Make the picture 7×9 and nothing is lost.",
        _dropped,
    ),
    Experiment(
        "Fill a fibre",
        "6×6×3 becomes 4×4×2: two kernels, two maps. Step on and see both numbers at one place come from the "
        "same three patches.",
        _fibre,
    ),
    Experiment(
        "Share a weight",
        "49 input nodes, 9 hidden nodes and only 9 weights. The lines lit all carry the same weight; set the "
        "stride to 1 and there are 25 hidden nodes, but still 9 weights.",
        _fewer_nodes,
    ),
    Experiment(
        "Let stamps overlap",
        "The rings are five cells wide and the points four apart, so neighbours share a column and there the "
        "numbers add up to 2. Play it stamp by stamp.",
        _overlap,
    ),
    Experiment(
        "Make a checkerboard",
        "A picture of ones, transposed with stride 2: some outputs are reached by one stamp, others by two "
        "or four. This is where the checkerboards in generated pictures come from.",
        _checkerboard,
    ),
)
