"""What the network page keeps in the link beside its controls."""

from __future__ import annotations

from dataclasses import fields

from cnnviz.components.net_view import DrawingOptions
from cnnviz.core.networks.presets import PRESETS
from cnnviz.ui.kit.controls import Tabs
from cnnviz.ui.kit.link import Linked
from cnnviz.ui.kit.state import PageState
from cnnviz.ui.kit.values import decimal, joined, numbers
from cnnviz.ui.network_stack import StackControl
from cnnviz.ui.picture.sources import SHARED

PRESETS_HERE = tuple(preset.id for preset in PRESETS.values() if "network" in preset.pages)
STACK = StackControl("n", PRESETS_HERE, "tutorial_dense")
LETTERS = {field.name[0]: field.name for field in fields(DrawingOptions)}  # “wr”: whole and root


def _look(text: str) -> DrawingOptions:
    if not set(text) <= set(LETTERS):
        raise ValueError(f"A look is made of {', '.join(LETTERS)}.")
    return DrawingOptions(**{LETTERS[letter]: True for letter in text})


def _look_text(look: DrawingOptions) -> str:
    return "".join(letter for letter, name in LETTERS.items() if getattr(look, name))


LOOK: Linked[DrawingOptions] = Linked("n_look", DrawingOptions(), _look, _look_text)

MOST_LOGITS = 10
LARGEST_LOGIT = 6.0
LOGITS: Linked[tuple[float, ...]] = Linked(
    "n_z", (), numbers(decimal(-LARGEST_LOGIT, LARGEST_LOGIT), MOST_LOGITS, "_"), joined("_")
)
TABS = Tabs("n_tab", ("The dense layer worked out", "Output", "Dense as a convolution", "Code and link"))

STATE = PageState("n", STACK, LOOK, LOGITS, TABS, shared=SHARED)
