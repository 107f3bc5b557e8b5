"""What the network page keeps in the link beside its controls."""

from __future__ import annotations

from dataclasses import fields

from cnnviz.components.net_view import Look
from cnnviz.core.networks.presets import PRESETS
from cnnviz.ui.kit.link import Linked
from cnnviz.ui.network_stack import StackControl

PRESETS_HERE = tuple(preset.id for preset in PRESETS.values() if "network" in preset.pages)
STACK = StackControl("n", PRESETS_HERE, "tutorial_dense")
LETTERS = {field.name[0]: field.name for field in fields(Look)}  # “wr”: whole and root


def _look(text: str) -> Look:
    if not set(text) <= set(LETTERS):
        raise ValueError(f"A look is made of {', '.join(LETTERS)}.")
    return Look(**{LETTERS[letter]: True for letter in text})


def _look_text(look: Look) -> str:
    return "".join(letter for letter, name in LETTERS.items() if getattr(look, name))


LOOK: Linked[Look] = Linked("n_look", Look(), _look, _look_text)

MOST_LOGITS = 10
LARGEST_LOGIT = 6.0


def _logits(text: str) -> tuple[float, ...]:
    logits = tuple(float(part) for part in text.split("_"))
    if len(logits) > MOST_LOGITS or not all(-LARGEST_LOGIT <= z <= LARGEST_LOGIT for z in logits):
        raise ValueError(f"Up to {MOST_LOGITS} logits from −{LARGEST_LOGIT:g} to {LARGEST_LOGIT:g}.")
    return logits


LOGITS: Linked[tuple[float, ...]] = Linked(
    "n_z", (), _logits, lambda logits: "_".join(f"{z:g}" for z in logits)
)


def keep() -> None:
    """Read what is only drawn in a tab, so that the link keeps it while another tab is open."""
    LOGITS.get()
