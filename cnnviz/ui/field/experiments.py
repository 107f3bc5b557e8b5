"""The "try this" of the page "Receptive field"."""

from __future__ import annotations

from cnnviz.core.networks.spec import NetSpec
from cnnviz.core.networks.text import stack_text
from cnnviz.engine.checkpoints.pretrained import PRETRAINED
from cnnviz.ui.kit.page import Experiment


def _convolutions(count: int, padding: int, dilation: int) -> str:
    """So many equal 3×3 convolutions on a 64×64 picture."""
    one = {"type": "conv", "channels": 8, "kernel": 3, "padding": padding, "dilation": dilation}
    return stack_text(NetSpec.from_dict({"input": [3, 64, 64], "layers": [one] * count}))


EXPERIMENTS = (
    Experiment(
        "Five small or one large",
        "Each 3×3 convolution adds 2 pixels: 3, 5, 7, 9, 11. *One 11×11* sees the same 11×11 pixels with 121 "
        "weights instead of 45 for each pair of maps.",
        {"r_stack": "five_3x3", "r_guess": "off", "r_nested": "on"},
    ),
    Experiment(
        "Guess: 4×4 or 8×8?",
        "A 12×12 picture, a 3×3 convolution, a 3×3 pool and a 2×2 convolution. Guess what a unit at the end "
        "sees; then take the pool out of the stack and look again.",
        {"r_stack": "tutorial_pool"},
    ),
    Experiment(
        "Into the corner",
        "The first unit of VGG-16's last pool has a field of 212×212 pixels, but its centre is near the "
        "corner: most of the box lies outside the photo, in the padding.",
        {"r_stack": "vgg16", "r_guess": "off", "r_unit": "0,0"},
    ),
    Experiment(
        "Who sees the corner?",
        "Without padding the corner pixel is seen by 1 unit of the last pool, and a pixel in the middle by "
        "16. Move it inwards with the arrow keys, and watch the count.",
        {"r_guess": "off", "r_pixel": "0,0"},
    ),
    Experiment(
        "Double it with every layer",
        "Dilation 1, 2, 4, 8, 16: the fields are 3, 7, 15, 31 and 63 pixels wide. Press Play and watch them "
        "grow.",
        {"r_stack": "dilated", "r_guess": "off", "r_nested": "on"},
    ),
    Experiment(
        "A sieve",
        "Three 3×3 convolutions, all with dilation 2: the box is 13×13, but only every second row and column "
        "is read, 49 of 169 pixels. Set one dilation to 1: all 121 pixels of the 11×11 box are read.",
        {"r_stack": _convolutions(3, padding=2, dilation=2), "r_guess": "off"},
    ),
    Experiment(
        "Twenty layers deep",
        "Under *Effective field*: 20 convolutions of 3×3 have a field of 41 pixels, but with equal weights "
        "4σ is 14.6 pixels. The theoretical size grows with the depth, the effective one with its square "
        "root.",
        {
            **{"r_stack": _convolutions(20, padding=1, dilation=1), "r_guess": "off"},
            **{"r_tab": "Effective field", "r_mode": "linear", "r_weights": "uniform"},
        },
    ),
    Experiment(
        "Before and after training",
        "A network that has learned to tell clothes apart. Change *trained* to *random*, as it was before, "
        "and compare σ: training has made the effective field of its middle units narrower.",
        {
            **{"r_stack": stack_text(PRETRAINED["fashion"].spec), "r_guess": "off"},
            **{"r_tab": "Effective field", "r_mode": "linear", "r_weights": "trained"},
        },
    ),
)
