"""What stands under the drawing on the page "Step by step": the formula of the size, code, files."""

from __future__ import annotations

import streamlit as st

from cnnviz.components.step_view import Mode, Pin
from cnnviz.core.convolution.filtering import size_formula
from cnnviz.core.export.step import numpy_step_code, torch_step_code
from cnnviz.core.steps.animation.encode import MOST_FRAMES, Theme, gif_bytes, png_bytes
from cnnviz.core.steps.settings import StepSettings
from cnnviz.ui.kit.downloads import Download, downloads
from cnnviz.ui.kit.page import dark_theme
from cnnviz.ui.step import quiz
from cnnviz.ui.step.settings import SPEED, TABS

SEEN: dict[str, str] = {
    "one": "Each output number is one sum: the patch under the kernel, times the kernel, cell by cell. "
    "Point at an output to see its patch, at an input to see every output that it feeds, at a weight to see "
    "every input that it multiplies.",
    "rgb": "A colour picture has three channels, so the kernel has three slices. Each slice makes a partial "
    "sum with its own channel; the three and the bias become **one** number.",
    "several": "Every kernel sees the whole depth of the input and makes one map. The outputs at one place, "
    "one from each kernel, are a fibre: the play button fills fibre after fibre.",
    "stamp": "Every point of the grid is stamped: the middle of the stamp comes to lie on the point, and the "
    "stamp is multiplied by the point's value. Where stamps overlap, they add up. That is convolution, seen "
    "from the input.",
    "network": "Every cell of the picture is an input node and every output a hidden node. A line is a "
    "product; lines of one colour share one weight, so the layer has only as many weights as the kernel has "
    "cells.",
    "transposed": "The arrows are reversed: every input cell stamps the kernel, times its value, onto the "
    "output, and the stamps lie the stride apart. Where they overlap, they add up.",
}


def seen(mode: Mode) -> None:
    """What you see."""
    st.markdown(f"**What you see.** {SEEN[mode]}")


def size(settings: StepSettings) -> None:
    """The formula of the output's size with the numbers of now; not while a question asks for it."""
    if quiz.size_is_secret():
        st.caption("The formula of the size comes back when you have answered.")
        return
    columns = st.columns(2)
    for place, name, line, outputs in zip(
        columns, ("height", "width"), settings.axis_settings, settings.size, strict=True
    ):
        if settings.transposed:
            text = (
                rf"({line.n} - 1) \cdot {line.stride} + {line.dilation} \cdot ({line.k} - 1) + 1 "
                rf"- {line.before} - {line.after} = {outputs}"
            )
        else:
            text = size_formula(line.n, line.k, line.stride, line.before, line.after, line.dilation)
        place.latex(rf"\text{{{name}}} = {text}")
    rule = (
        "(n − 1) · stride + dilation · (kernel − 1) + 1 − cut off before − cut off after"
        if settings.transposed
        else "⌊(n + padding before + padding after − dilation · (kernel − 1) − 1) / stride⌋ + 1"
    )
    st.caption(f"{rule}. Shapes: {settings.shape_text}.")


def shown_cell(settings: StepSettings, pin: Pin | None, step: int | None) -> tuple[int, int, int]:
    """The output cell (map, row, column) for code and picture: pinned, stepped to, or in the middle."""
    maps, (height, width) = len(settings.kernels), settings.size
    if pin and pin.kind == "output":
        n, y, x = pin.place
        return n, y, x
    if step and not settings.transposed:
        place, n = divmod(min(step, maps * height * width) - 1, maps)
        return n, place // width, place % width
    return 0, (height - 1) // 2, (width - 1) // 2


def code(settings: StepSettings, cell: tuple[int, int, int]) -> None:
    """The scripts that compute this very cell."""
    n, y, x = cell
    of_map = f" of map {n}" if len(settings.kernels) > 1 else ""
    st.caption(f"The output at row {y}, column {x}{of_map}. Pin another cell and the code follows.")
    left, right = st.columns(2)
    with left:
        st.markdown("**NumPy**")
        st.code(numpy_step_code(settings, n, y, x), language="python")
    with right:
        st.markdown("**PyTorch**")
        st.code(torch_step_code(settings, n, y, x), language="python")


def save(settings: StepSettings, cell: tuple[int, int, int]) -> None:
    """Files for slides, and the link."""
    theme: Theme = "dark" if dark_theme() else "light"
    n, y, x = cell
    height, width = settings.size
    frame_ms = int(SPEED.draw())
    downloads(
        Download(
            "s_download_gif",
            "Animation as GIF",
            "convolution.gif",
            lambda: gif_bytes(settings, theme, frame_ms, MOST_FRAMES),
            "animation",
        ),
        Download(
            "s_download_png",
            "This step as PNG",
            "step.png",
            lambda: png_bytes(settings, (n * height + y) * width + x, theme),
            "image",
        ),
        link="s_copy_link",
    )
    st.caption(f"The animation has at most {MOST_FRAMES} frames. Both are drawn for slides, 16 to 9.")


def tabs(settings: StepSettings, cell: tuple[int, int, int]) -> None:
    """The parts that are only made when they are opened."""
    TABS.draw(lambda: size(settings), lambda: code(settings, cell), lambda: save(settings, cell))
