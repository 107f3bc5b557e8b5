"""The maths and the pictures: numpy, scipy, pillow. No Streamlit, plotly or torch at import."""

from cnnviz.core.pictures import GREY_WEIGHTS, ImageError, Picture, grey, load_image, resize_to

__all__ = [
    "GREY_WEIGHTS",
    "ImageError",
    "Picture",
    "grey",
    "load_image",
    "resize_to",
]
