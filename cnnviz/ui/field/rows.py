"""The layers of a network as the page shows them: named, pointwise ones folded in, and with formulas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cnnviz.components.field_view import LayerField, TableRow
from cnnviz.core.networks.layers import Layer, ReceptiveField, Residual, Shape, size_text
from cnnviz.core.networks.layers.windows import WindowLayer
from cnnviz.core.networks.spec import LayerRow, NetSpec
from cnnviz.core.networks.taps import Taps, receptive_taps

COLUMNS = ("Layer", "Output n", "Jump j", "Size r", "Start")
NAMES = {
    "conv": "conv",
    "max_pool": "pool",
    "avg_pool": "pool",
    "global_avg_pool": "global pool",
    "global_max_pool": "global pool",
    "dense": "dense",
    "residual": "block",
}


@dataclass(frozen=True, eq=False)
class Stage:
    """A layer together with the pointwise layers after it, which see what it sees.

    place:  of `layer` in the stack, from 0; map_place: of the last of them that still gives maps.
    shape:  what comes out of it, as maps where it gives maps.
    before: the receptive field of its input; after: of its units.
    taps:   which pixels of the box are read, None where that is not known.
    """

    name: str
    layer: Layer
    followers: tuple[Layer, ...]
    place: int
    map_place: int
    shape: Shape
    before: ReceptiveField
    after: ReceptiveField
    taps: Taps | None = None

    @property
    def gaps(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]] | None:
        """Which rows and columns of the box are read, where not all of them are."""
        return (self.taps.rows, self.taps.columns) if self.taps and not self.taps.full else None


def is_pointwise(layer: Layer) -> bool:
    """Whether each of its units sees what the unit before it sees."""
    return type(layer).propagate is Layer.propagate


def input_field(spec: NetSpec) -> ReceptiveField:
    """The input before any layer: each pixel sees itself."""
    return ReceptiveField((1, 1), (1, 1), (0.5, 0.5), (spec.input[1], spec.input[2]))


def stages(spec: NetSpec) -> tuple[Stage, ...]:
    """The legal layers from the input on; pointwise ones belong to the one before them."""
    found: list[Stage] = []
    counts: Counter[str] = Counter()
    before, taps = input_field(spec), receptive_taps(spec)
    for row in spec.rows():
        if row.field is None or row.output_shape is None:
            break
        if is_pointwise(row.layer):
            found = _followed(found, row)
            continue
        kind = NAMES[row.layer.type]
        counts[kind] += 1
        found.append(
            Stage(
                f"{kind} {counts[kind]}",
                row.layer,
                (),
                row.index,
                row.index,
                row.output_shape,
                before,
                row.field,
                taps[row.index],
            )
        )
        before = row.field
    return tuple(found)


def _followed(found: list[Stage], row: LayerRow) -> list[Stage]:
    """The last stage with one more pointwise layer; those at the very start belong to the input."""
    if not found:
        return found
    stage = replace(found[-1], followers=(*found[-1].followers, row.layer))
    if row.output_shape is not None and len(row.output_shape) == 3:
        stage = replace(stage, map_place=row.index, shape=row.output_shape)
    return [*found[:-1], stage]


def stage_of(found: tuple[Stage, ...], place: int) -> int:
    """The number of the stage, from 1, that a layer of the stack belongs to; 0 is the input."""
    return sum(1 for stage in found if stage.place <= place)


def detail(layer: Layer) -> str:
    """The settings that matter to the field, in few characters."""
    if isinstance(layer, Residual):
        return f"{len(layer.layers)} layers"
    if not isinstance(layer, WindowLayer):
        return "sees all"
    parts = [f"{layer.kernel[0]}×{layer.kernel[1]}"]
    parts += [f"/{size_text(layer.steps)}"] if layer.steps != (1, 1) else []
    parts += [f"d{size_text(layer.gaps)}"] if layer.gaps != (1, 1) else []
    return " ".join(parts)


def _each(rule: Callable[[int], str]) -> str:
    """The text for both axes, once where it is the same."""
    rows, columns = rule(0), rule(1)
    return rows if rows == columns else f"rows: {rows}; columns: {columns}"


def number(value: float) -> str:
    """“15.5”, “−3”."""
    return f"{value:g}".replace("-", "−")


def size_formula(stage: Stage) -> str:
    """r + (span − 1) · j with the numbers."""
    before, after, layer = stage.before, stage.after, stage.layer
    if isinstance(layer, WindowLayer):
        span = layer.spans()
        return _each(lambda a: f"{before.size[a]} + ({span[a]} − 1) · {before.jump[a]} = {after.size[a]}")
    how = "through the block's layers" if isinstance(layer, Residual) else "all units before it together"
    return _each(lambda a: f"{before.size[a]} → {after.size[a]}") + f", {how}"


def output_formula(stage: Stage) -> str:
    """⌊(n + p − span) / s⌋ + 1 with the numbers; p is the padding of both sides together."""
    layer, before = stage.layer, stage.before
    if not isinstance(layer, WindowLayer):
        return "as the block's layers" if isinstance(layer, Residual) else "one place"
    span, steps, pads = layer.spans(), layer.steps, layer.pads()
    left, right = ("⌈", "⌉") if layer.ceil_mode else ("⌊", "⌋")
    return _each(lambda a: f"{left}({before.output[a]} + {sum(pads[a])} − {span[a]}) / {steps[a]}{right} + 1")


def jump_formula(stage: Stage) -> str:
    """j · s with the numbers."""
    layer, before = stage.layer, stage.before
    if not isinstance(layer, WindowLayer):
        return "as the block's layers" if isinstance(layer, Residual) else "there is no neighbour"
    return _each(lambda a: f"{before.jump[a]} · {layer.steps[a]}")


def start_formula(stage: Stage) -> str:
    """start + ((span − 1) / 2 − padding before) · j with the numbers."""
    layer, before = stage.layer, stage.before
    if not isinstance(layer, WindowLayer):
        return "middle of both ways" if isinstance(layer, Residual) else "middle of all of them"
    span, pads = layer.spans(), layer.pads()
    return _each(
        lambda a: f"{number(before.start[a])} + (({span[a]} − 1)/2 − {pads[a][0]}) · {before.jump[a]}"
    )


def sizes_seen(spec: NetSpec) -> dict[tuple[int, ...], str]:
    """How much the units of each layer see, as a small text by the layer's path in the stack."""
    return {(row.index,): f"sees {size_text(row.field.size)}" for row in spec.rows() if row.field is not None}


def view_layers(found: tuple[Stage, ...]) -> tuple[LayerField, ...]:
    """The stages as the view takes them."""
    return tuple(
        LayerField(stage.name, detail(stage.layer), size_formula(stage), stage.after, stage.gaps)
        for stage in found
    )


def table_rows(spec: NetSpec, found: tuple[Stage, ...]) -> list[TableRow]:
    """The input and every stage, each number with its formula."""
    rows = [
        TableRow("input", "Each pixel sees itself.", _cells(input_field(spec), ("given", "1", "1", "0.5")))
    ]
    for stage in found:
        formulas = (output_formula, jump_formula, size_formula, start_formula)
        texts = tuple(formula(stage) for formula in formulas)
        about = ", ".join([stage.layer.label, *(layer.label for layer in stage.followers)])
        rows.append(TableRow(stage.name, about, _cells(stage.after, texts)))
    return rows


def _cells(seen: ReceptiveField, formulas: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    start = _each(lambda a: number(seen.start[a]))
    values = (size_text(seen.output), size_text(seen.jump), size_text(seen.size), start)
    return tuple(zip(values, formulas, strict=True))
