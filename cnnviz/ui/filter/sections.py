"""What stands under the pictures of the filter page: size formula, values, code, files."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

from cnnviz.components.histogram_view import histogram_view
from cnnviz.components.panel_row import ConvSettings, flip_difference_panels, panel_row, sobel_panels
from cnnviz.core.colour.displays import describe, to_rgb, value_range
from cnnviz.core.colour.histogram import histogram
from cnnviz.core.convolution.filtering import FilterSettings, size_formula
from cnnviz.core.convolution.planning import plan
from cnnviz.core.convolution.sizes import dropped
from cnnviz.core.export.filter import loops_code, numpy_code, torch_code
from cnnviz.core.kernels.library import is_symmetric
from cnnviz.ui.filter.settings import Colouring
from cnnviz.ui.kernel.photo import ChosenKernel
from cnnviz.ui.kit.downloads import Download, downloads
from cnnviz.ui.picture.picker import ChosenPicture


def about_kernel(kernel: ChosenKernel) -> None:
    """What this kernel does, its formula and where it comes from."""
    entry = kernel.entry
    if entry is None:
        st.markdown(
            "**What you see.** Each output number is a sum: every pixel of the patch, times your weight for "
            "it. Drag a number of the kernel and the whole picture follows."
        )
        return
    st.markdown(f"**What you see.** This kernel {entry.about[0].lower()}{entry.about[1:]}")
    with st.popover("Formula and source", icon=":material/function:"):
        st.latex(entry.formula)
        st.caption(entry.source)


def output_size_text(size: tuple[int, int], settings: FilterSettings) -> None:
    """The formula of the output's size with the numbers of now, for both axes, and what the stride drops."""
    sides = settings.sides()
    lost = []
    columns = st.columns(2)
    for axis, name in enumerate(("height", "width")):
        n, k = size[axis], settings.kernel.shape[axis]
        stride, dilation, (before, after) = settings.stride[axis], settings.dilation[axis], sides[axis]
        with columns[axis]:
            st.markdown(f"{name} $= {size_formula(n, k, stride, before, after, dilation)}$")
        padding = "same" if settings.padding == "same" else before
        left_over = dropped(n, k, stride, padding, dilation)
        if left_over:
            line = ("row", "column")[axis]
            lost.append(f"the last {left_over} {line}s" if left_over > 1 else f"the last {line}")
    text = "⌊(n + padding before + padding after − dilation · (kernel − 1) − 1) / stride⌋ + 1."
    if lost:
        text += (
            " The stride does not divide evenly: "
            f"no patch reaches {' and '.join(lost)} of the padded picture."
        )
    st.caption(text)


def values(output: NDArray[np.float32], colouring: Colouring) -> None:
    """The histogram of the output and the mapping from values to colours, in words."""
    low, high = value_range(output, colouring.display)
    try:
        data = histogram(output)
    except ValueError as error:
        st.warning(str(error))
        return
    histogram_view(
        data, display=colouring.display, colour_map=colouring.colour_map, span=(low, high), key="f_histogram"
    )
    outside = (
        int(np.count_nonzero((output < low) | (output > high)))
        if colouring.display in {"clip", "shift"}
        else 0
    )
    lost = f" {outside} of {output.size} values lie outside and take the end colours." if outside else ""
    st.caption(
        f"{describe(colouring.display, low, high)}{lost} The band between the dashed lines is what the "
        f"colours cover. Mean {data.mean:.4g}, standard deviation {data.deviation:.4g}."
    )


def _browser_settings(settings: FilterSettings) -> ConvSettings:
    return ConvSettings(
        channels=settings.channels,
        padding=settings.padding,
        mode=settings.padding_mode,
        stride=settings.stride,
        dilation=settings.dilation,
        flip=settings.flip,
    )


def both_sobels(digest: str, settings: FilterSettings) -> None:
    """Both Sobel directions and what is made of them, at the page's padding, stride and dilation."""
    grey = replace(_browser_settings(settings), channels="grey", flip=False)
    st.caption(
        "Gx finds vertical edges, Gy horizontal ones. Adding the two loses edges where one is positive and "
        "the other negative; the sum of the absolute values and the magnitude keep them all."
    )
    panel_row(panels=sobel_panels(grey), digest=digest, key="f_sobel", display="signed")


def turned_kernel(digest: str, settings: FilterSettings) -> None:
    """Cross-correlation, convolution and their difference with this kernel."""
    if is_symmetric(settings.kernel):
        st.markdown(
            "This kernel stays the same when it is turned by 180°, so convolution and cross-correlation "
            "give the same picture: their difference is 0 everywhere."
        )
        return
    st.caption("The same kernel as it is drawn, turned by 180°, and the difference of the two, on one range.")
    panel_row(
        panels=flip_difference_panels(settings.kernel, _browser_settings(settings)),
        digest=digest,
        key="f_turned",
        display="signed",
    )


def code(settings: FilterSettings, size: tuple[int, int], picture: ChosenPicture) -> None:
    """The scripts that reproduce this output, and the picture file that they read."""
    st.markdown(
        "These lines give the numbers of this output. They read `picture.png`, the picture as it is here:"
    )
    st.download_button(
        "Download picture.png",
        lambda: png_bytes(picture.picture.pixels),
        "picture.png",
        "image/png",
        on_click="ignore",
        icon=":material/download:",
        key="f_download_picture",
    )
    left, right = st.columns(2)
    with left:
        st.markdown("**NumPy and SciPy**")
        st.code(numpy_code(settings, size), language="python")
    with right:
        st.markdown("**PyTorch**")
        st.code(torch_code(settings, size), language="python")
    with st.expander("The definition, four loops", icon=":material/function:"):
        st.markdown(
            "The same numbers, one multiplication at a time. It is slow: a second or more for a 3×3 "
            "kernel, minutes for a large one."
        )
        st.code(loops_code(settings, size), language="python")
    st.caption(f"How cnnviz itself computes it: {plan(settings.kernel, stride=settings.stride).reason}.")


def png_bytes(pixels: NDArray[np.uint8]) -> bytes:
    """A lossless PNG; level 1, because a smaller file is not worth the visitor's wait."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def npy_bytes(values: NDArray[np.float32]) -> bytes:
    """The raw values in NumPy's own file format."""
    buffer = io.BytesIO()
    np.save(buffer, values)
    return buffer.getvalue()


def save(output: NDArray[np.float32], colouring: Colouring, picture: ChosenPicture) -> None:
    """Download the output as a picture and as raw values; copy the link."""
    downloads(
        Download(
            "f_download_png",
            "Output as PNG",
            "output.png",
            lambda: png_bytes(to_rgb(output, colouring.display, colouring.colour_map)),
            "image",
        ),
        Download(
            "f_download_npy", "Raw values as .npy", "output.npy", lambda: npy_bytes(output), "data_array"
        ),
        link="f_copy_link",
    )
    if picture.kind != "sample":
        st.caption("The link holds every setting, but not your own picture: whoever opens it sees a sample.")
