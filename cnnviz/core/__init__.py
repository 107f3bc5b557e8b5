"""The maths and the pictures: numpy, scipy, pillow. No Streamlit, plotly or torch at import."""

from cnnviz.core.colour.displays import (
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
from cnnviz.core.convolution.convolve import convolve2d
from cnnviz.core.convolution.filtering import FilterSettings, size_formula, sobel
from cnnviz.core.convolution.padding import pad
from cnnviz.core.convolution.planning import Plan, plan
from cnnviz.core.convolution.sizes import dropped, output_size, pad_amounts, span
from cnnviz.core.export.filter import numpy_code, torch_code
from cnnviz.core.kernels.library import (
    KERNELS,
    Kernel,
    Parameter,
    divide_by_sum,
    format_kernel,
    frequency_response,
    is_symmetric,
    parse_kernel,
)
from cnnviz.core.networks.layers import LAYERS, LayerError, SpecError
from cnnviz.core.networks.receptive import FieldRecord, receptive_field
from cnnviz.core.networks.spec import LayerRow, NetSpec
from cnnviz.core.pictures.load import GREY_WEIGHTS, ImageError, Picture, grey, load_image, resize_to
from cnnviz.core.pictures.samples import SAMPLES, Sample, load_sample
from cnnviz.core.pooling.global_pool import global_pool2d
from cnnviz.core.pooling.gradient import pool_gradient, winners
from cnnviz.core.pooling.pool import pool2d

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
