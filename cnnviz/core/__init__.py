"""The maths and the pictures: numpy, scipy, pillow. No Streamlit, plotly or torch at import."""

from cnnviz.core.kernels import (
    KERNELS,
    Kernel,
    Parameter,
    divide_by_sum,
    format_kernel,
    frequency_response,
    is_symmetric,
    parse_kernel,
)
from cnnviz.core.pictures import GREY_WEIGHTS, ImageError, Picture, grey, load_image, resize_to

__all__ = [
    "GREY_WEIGHTS",
    "KERNELS",
    "ImageError",
    "Kernel",
    "Parameter",
    "Picture",
    "divide_by_sum",
    "format_kernel",
    "frequency_response",
    "grey",
    "is_symmetric",
    "load_image",
    "parse_kernel",
    "resize_to",
]
