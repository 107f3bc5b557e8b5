"""The pages of the app: one page is one entry here.

The navigation, the cards of the home page and the tests that visit every page are made from this table.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["HOME", "SITE", "PageEntry"]


@dataclass(frozen=True)
class PageEntry:
    """One page.

    file:   its script, relative to app.py.
    path:   its address behind the server's; the home page answers at the bare address alone.
    icon:   a name of Streamlit's Material icons.
    about:  one sentence: what a visitor does there.
    """

    file: str
    title: str
    icon: str
    path: str
    about: str


HOME = PageEntry(
    "pages/start/home.py",
    "Home",
    ":material/home:",
    "home",
    "One picture on its way through convolution, pooling and a small stack of layers.",
)

SITE: tuple[PageEntry, ...] = (
    HOME,
    PageEntry(
        "pages/explore/filter_a_photo.py",
        "Filter a photo",
        ":material/filter_b_and_w:",
        "filter",
        "Put any kernel on your picture, change its numbers while you watch, and read every sum.",
    ),
    PageEntry(
        "pages/explore/step_by_step.py",
        "Step by step",
        ":material/grid_on:",
        "step",
        "See what one number of a convolution is made of: play it, point at any cell, and predict the next.",
    ),
    PageEntry(
        "pages/explore/activation.py",
        "Activation",
        ":material/show_chart:",
        "activation",
        "Bend a feature map with ReLU or another curve, and see why a deep network needs the bend.",
    ),
    PageEntry(
        "pages/explore/pooling.py",
        "Pooling",
        ":material/compress:",
        "pooling",
        "Follow each window to its number and its gradient back to the map; move the picture by a pixel.",
    ),
    PageEntry(
        "pages/network/network.py",
        "Network",
        ":material/account_tree:",
        "network",
        "Stack layers, and see every shape, every weight and what each unit sees of your picture.",
    ),
    PageEntry(
        "pages/network/receptive_field.py",
        "Receptive field",
        ":material/center_focus_strong:",
        "field",
        "Stack layers and see how far each unit sees on your picture, and which of those pixels count.",
    ),
    PageEntry(
        "pages/network/train.py",
        "Train",
        ":material/model_training:",
        "train",
        "Let a small network learn while you watch its errors, its maps and its gradients; make it fail.",
    ),
)
