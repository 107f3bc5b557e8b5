"""What the visitor looks at, kept in the link."""

from __future__ import annotations

from cnnviz.components.field_view import FieldSelection
from cnnviz.core.networks import layers
from cnnviz.core.networks.presets import PRESETS
from cnnviz.ui.field.rows import Stage, stage_of
from cnnviz.ui.kit.controls import Choice, Number, Tabs
from cnnviz.ui.kit.link import Linked
from cnnviz.ui.kit.state import PageState
from cnnviz.ui.kit.values import cell, flag, joined, on_off
from cnnviz.ui.network_stack import StackControl
from cnnviz.ui.picture.sources import SHARED

Pair = tuple[int, int]
FARTHEST = 100_000

UNIT: Linked[Pair | None] = Linked("r_unit", None, cell(FARTHEST), joined())
PIXEL: Linked[Pair | None] = Linked("r_pixel", None, cell(FARTHEST), joined())
NESTED: Linked[bool] = Linked("r_nested", False, flag, on_off)
SHARP: Linked[bool] = Linked("r_sharp", False, flag, on_off)
GUESS: Linked[bool] = Linked("r_guess", True, flag, on_off)

IDS = tuple(entry.id for entry in PRESETS.values() if "field" in entry.pages)


def menu_types() -> tuple[str, ...]:
    """The layer types that give maps and change what is seen, and the activations."""
    kinds = layers.LAYERS.items()
    moving = tuple(name for name, kind in kinds if kind.reads in ("window", "branches"))
    return (*moving, *(name for name, kind in kinds if kind.group == "Activation"))


STACK = StackControl("r", IDS, "tiny_vgg", menu_types)

MODE = Choice(
    "r_mode",
    "Between the layers",
    {"linear": "linear", "relu": "ReLU"},
    "linear",
    help="*Linear* leaves the activations out and takes the mean where a max pool takes the largest: the "
    "gradient does not depend on the picture. *ReLU* keeps both, and depends on your picture.",
)
WEIGHTS = Choice(
    "r_weights",
    "Weights",
    {"uniform": "all equal", "random": "random", "trained": "trained"},
    "uniform",
    help="*All equal* counts the paths from a pixel to the unit. *Random* is a network before training: the "
    "mean over 20 draws of normal weights, fewer for very large stacks. *Trained* is offered for the "
    "networks that come with the app.",
)
SEED = Number("r_seed", "Seed", 0, 999, 0, kind="box")
TABS = Tabs("r_tab", ("Layer by layer", "Effective field"))

STATE = PageState(
    "r", *(STACK, UNIT, PIXEL, NESTED, SHARP, GUESS), *(MODE, WEIGHTS, SEED, TABS), shared=SHARED
)


def usual_layer(found: tuple[Stage, ...]) -> int:
    """The last layer of maps with more than one unit: what a visitor wants to see first."""
    wide = [at for at, stage in enumerate(found, 1) if len(stage.shape) == 3 and stage.after.output != (1, 1)]
    return wide[-1] if wide else len(found)


def layer(found: tuple[Stage, ...]) -> int:
    """The stage that is looked at, from 1; 0 is the input. It is the one selected in the editor."""
    path = STACK.selected()
    if path is None:
        return usual_layer(found)
    return stage_of(found, path[0]) if path else 0


def choose_layer(number: int, found: tuple[Stage, ...]) -> None:
    """Look at another stage. The usual one is not kept as a choice, so that it follows a growing stack."""
    if number == layer(found):
        return
    if number == usual_layer(found):
        STACK.select(None)
    else:
        STACK.select((found[number - 1].place,) if number else ())


def shown(found: tuple[Stage, ...], shape: Pair) -> FieldSelection:
    """What the link asks for, held to the layers and sizes that there are."""
    number = layer(found)
    output = found[number - 1].after.output if number else shape
    unit, pixel = UNIT.get(), PIXEL.get()
    return FieldSelection(
        number,
        _held(unit, output) if unit else None,
        _held(pixel, shape) if pixel else None,
        NESTED.get(),
        SHARP.get(),
        GUESS.get(),
    )


def _held(pair: Pair, limits: Pair) -> Pair:
    return min(pair[0], limits[0] - 1), min(pair[1], limits[1] - 1)


def take(state: FieldSelection, found: tuple[Stage, ...]) -> None:
    """Keep what the view reports."""
    choose_layer(min(state.layer, len(found)), found)
    UNIT.set(state.unit)
    PIXEL.set(state.pixel)
    NESTED.set(state.nested)
    SHARP.set(state.sharp)
    GUESS.set(state.guess)
