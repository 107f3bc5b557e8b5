"""The opening puzzle: how large is the field of this unit? The wrong answers are what people believe."""

from __future__ import annotations

from cnnviz.components.field_view import Puzzle
from cnnviz.core.networks.layers.windows import WindowLayer
from cnnviz.ui.field.rows import Stage

Pair = tuple[int, int]
MOST_TERMS = 14


def puzzle(found: tuple[Stage, ...], chosen: int, shape: Pair) -> Puzzle | None:
    """A question on the stage `chosen` (1 is the first); None on the input: nothing to guess there."""
    if chosen == 0:
        return None
    stage = found[chosen - 1]
    truth = stage.after.size
    sizes = _sizes(stage, truth, shape)
    if len(sizes) < 3:
        return None
    return Puzzle(
        f"How much of the {shape[0]}×{shape[1]} input does one unit of {stage.name} see?",
        tuple((f"{size[0]}×{size[1]}", size) for size in sizes),
        sizes.index(truth),
        _about(found[:chosen], truth, shape),
    )


def _sizes(stage: Stage, truth: Pair, shape: Pair) -> list[Pair]:
    """The true size, the layer's own window, the whole input, twice and half the truth; smallest first."""
    own = stage.layer.spans() if isinstance(stage.layer, WindowLayer) else truth
    half, double = (max(1, truth[0] // 2), max(1, truth[1] // 2)), (2 * truth[0], 2 * truth[1])
    sizes = list(dict.fromkeys((truth, own, shape, double, half)))[:4]
    return sorted(sizes, key=lambda size: size[0] * size[1])


def _about(found: tuple[Stage, ...], truth: Pair, shape: Pair) -> str:
    """Where the size comes from: one pixel, and what each layer adds to it."""
    if truth[0] != truth[1]:
        return f"It sees {truth[0]}×{truth[1]} of {shape[0]}×{shape[1]} pixels."
    added = [stage.after.size[0] - stage.before.size[0] for stage in found]
    terms = [str(n) for n in added if n]
    total = f"1 + {' + '.join(terms)} = {truth[0]}" if len(terms) <= MOST_TERMS else f"{truth[0]} in the end"
    return f"It begins with 1 pixel, and each layer adds (span of its kernel − 1) · jump: {total}."
