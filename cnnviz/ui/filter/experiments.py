"""The "try this" of the filter page."""

from __future__ import annotations

from cnnviz.ui.kit.page import Experiment

# Two filters in a row are one: the convolution of the binomial 3×3 blur and the library's sharpening kernel.
BLUR_AND_SHARPEN = (
    "0,-1/16,-1/8,-1/16,0;-1/16,1/16,.25,1/16,-1/16;-1/8,.25,.75,.25,-1/8;-1/16,1/16,.25,1/16,-1/16;"
    "0,-1/16,-1/8,-1/16,0"
)

EXPERIMENTS = (
    Experiment(
        "Find edges that vanish",
        "This kernel compares left with right. Follow a ring around: at the top and at the bottom left and "
        "right are equal, and the edge is gone. Choose *Sobel bottom* and the sides vanish.",
        {"pic": "rings"},
    ),
    Experiment(
        "Blur and sharpen again",
        "Two filters in a row are one kernel, here 5×5. Move the slider over the stripes: wide ones come "
        "back crisp, but stripes one pixel wide stay grey, because nothing brings back what a blur has made "
        "0.",
        {"pic": "stripes", "f_kernel": "own", "f_own": BLUR_AND_SHARPEN, "f_layout": "slider"},
    ),
    Experiment(
        "See the border",
        "A blur over 31×31 cells with zeros around the picture: the zeros are part of the mean, so the "
        "border turns dark. Fill it with *reflect* in place of *zeros*, and the dark border goes; set the "
        "padding to *none*, and it is cut off.",
        {"f_kernel": "box", "f_box_size": "31", "f_mode": "zeros"},
    ),
    Experiment(
        "Make an emboss",
        "Each number is how much brighter it gets towards the lower right. With 128 added, flat parts are "
        "middle grey and edges look lit from one side. Press *Negate*: the light comes from the other side.",
        {"f_kernel": "own", "f_own": "-2,-1,0;-1,0,1;0,1,2", "f_show": "shift"},
    ),
    Experiment(
        "Turn the kernel round",
        "Mathematics turns the kernel by 180° before it multiplies; deep learning does not. For this kernel "
        "the turn changes every sign: blue and orange change places.",
        {"f_flip": "true"},
    ),
    Experiment(
        "Skip pixels, see rings that are not there",
        "Stride 4 keeps one pixel of sixteen. Where the rings are finer than that, false rings appear: "
        "aliasing. Choose *Gaussian blur* with a larger σ first, and the false rings fade.",
        {"pic": "zone_plate", "f_kernel": "identity", "f_stride": "4"},
    ),
)
