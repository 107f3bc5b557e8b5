"""The maths and the pictures: numpy, scipy, pillow. No Streamlit, plotly or torch at import."""

from cnnviz.core.convolution import convolve2d
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
from cnnviz.core.padding import pad
from cnnviz.core.pictures import GREY_WEIGHTS, ImageError, Picture, grey, load_image, resize_to
from cnnviz.core.planning import Plan, plan
from cnnviz.core.pooling import pool2d
from cnnviz.core.samples import SAMPLES, Sample, load_sample
from cnnviz.core.sizes import dropped, output_size, pad_amounts, span

__all__ = [
    "GREY_WEIGHTS",
    "KERNELS",
    "SAMPLES",
    "ImageError",
    "Kernel",
    "Parameter",
    "Picture",
    "Plan",
    "Sample",
    "convolve2d",
    "divide_by_sum",
    "dropped",
    "format_kernel",
    "frequency_response",
    "grey",
    "is_symmetric",
    "load_image",
    "load_sample",
    "output_size",
    "pad",
    "pad_amounts",
    "parse_kernel",
    "plan",
    "pool2d",
    "resize_to",
    "span",
]
