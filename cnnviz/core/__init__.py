"""The maths and the pictures: numpy, scipy, pillow. No Streamlit, plotly or torch at import."""

from cnnviz.core.code import numpy_code, torch_code
from cnnviz.core.colour import (
    COLOUR_MAPS,
    DISPLAYS,
    ROLES,
    ColourMap,
    Display,
    RoleColour,
    describe,
    direction_to_rgb,
    to_index,
    to_rgb,
    value_range,
)
from cnnviz.core.convolution import convolve2d
from cnnviz.core.filtering import FilterSettings, size_formula, sobel
from cnnviz.core.global_pooling import global_pool2d
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
from cnnviz.core.layers import LAYERS, LayerError, SpecError
from cnnviz.core.network import LayerRow, NetSpec
from cnnviz.core.padding import pad
from cnnviz.core.pictures import GREY_WEIGHTS, ImageError, Picture, grey, load_image, resize_to
from cnnviz.core.planning import Plan, plan
from cnnviz.core.pool_gradient import pool_gradient, winners
from cnnviz.core.pooling import pool2d
from cnnviz.core.receptive import FieldRecord, receptive_field
from cnnviz.core.samples import SAMPLES, Sample, load_sample
from cnnviz.core.sizes import dropped, output_size, pad_amounts, span

__all__ = [
    "COLOUR_MAPS",
    "DISPLAYS",
    "GREY_WEIGHTS",
    "KERNELS",
    "LAYERS",
    "ROLES",
    "SAMPLES",
    "ColourMap",
    "Display",
    "FieldRecord",
    "FilterSettings",
    "ImageError",
    "Kernel",
    "LayerError",
    "LayerRow",
    "NetSpec",
    "Parameter",
    "Picture",
    "Plan",
    "RoleColour",
    "Sample",
    "SpecError",
    "convolve2d",
    "describe",
    "direction_to_rgb",
    "divide_by_sum",
    "dropped",
    "format_kernel",
    "frequency_response",
    "global_pool2d",
    "grey",
    "is_symmetric",
    "load_image",
    "load_sample",
    "numpy_code",
    "output_size",
    "pad",
    "pad_amounts",
    "parse_kernel",
    "plan",
    "pool2d",
    "pool_gradient",
    "receptive_field",
    "resize_to",
    "size_formula",
    "sobel",
    "span",
    "to_index",
    "to_rgb",
    "torch_code",
    "value_range",
    "winners",
]
