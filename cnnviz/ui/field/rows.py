"""The layers of a network as the page shows them: named, pointwise ones folded in, and with formulas."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cnnviz.components.field_view import LayerField, TableRow
from cnnviz.core.networks.layers import Layer, ReceptiveField, Shape, size_text
from cnnviz.core.networks.layers.explain import FieldFormulas, both_axes, number_text
from cnnviz.core.networks.spec import LayerRow, NetSpec
from cnnviz.core.networks.taps import Taps, receptive_taps

COLUMNS = ("Layer", "Output n", "Jump j", "Size r", "Start")


@dataclass(frozen=True, eq=False)
class Stage:
    """A layer together with the pointwise layers after it, which see what it sees.

    place:  of `layer` in the stack, from 0.
    shape:  what comes out of it, as maps where it gives maps.
    before: the receptive field of its input; after: of its units.
    taps:   which pixels of the box are read, None where that is not known.
    """

    name: str
    layer: Layer
    followers: tuple[Layer, ...]
    place: int
    shape: Shape
    before: ReceptiveField
    after: ReceptiveField
    taps: Taps | None = None

    @property
    def formulas(self) -> FieldFormulas:
        """How the numbers of `after` come from those of `before`."""
        return self.layer.field_formulas(self.before, self.after)

    @property
    def gaps(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]] | None:
        """Which rows and columns of the box are read, where not all of them are."""
        return (self.taps.rows, self.taps.columns) if self.taps and not self.taps.full else None


def is_pointwise(layer: Layer) -> bool:
    """Whether each of its units sees what the unit before it sees."""
    return layer.reads == "cell"


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
        kind = row.layer.short_name or row.layer.title.lower()
        counts[kind] += 1
        found.append(
            Stage(
                f"{kind} {counts[kind]}",
                row.layer,
                (),
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
        stage = replace(stage, shape=row.output_shape)
    return [*found[:-1], stage]


def stage_of(found: tuple[Stage, ...], place: int) -> int:
    """The number of the stage, from 1, that a layer of the stack belongs to; 0 is the input."""
    return sum(1 for stage in found if stage.place <= place)


def sizes_seen(spec: NetSpec) -> dict[tuple[int, ...], str]:
    """How much the units of each layer see, as a small text by the layer's path in the stack."""
    return {(row.index,): f"sees {size_text(row.field.size)}" for row in spec.rows() if row.field is not None}


def view_layers(found: tuple[Stage, ...]) -> tuple[LayerField, ...]:
    """The stages as the view takes them."""
    return tuple(
        LayerField(stage.name, stage.layer.field_detail, stage.formulas.size, stage.after, stage.gaps)
        for stage in found
    )


def table_rows(spec: NetSpec, found: tuple[Stage, ...]) -> list[TableRow]:
    """The input and every stage, each number with its formula."""
    rows = [
        TableRow("input", "Each pixel sees itself.", _cells(input_field(spec), ("given", "1", "1", "0.5")))
    ]
    for stage in found:
        formulas = stage.formulas
        texts = (formulas.output, formulas.jump, formulas.size, formulas.start)
        about = ", ".join([stage.layer.label, *(layer.label for layer in stage.followers)])
        rows.append(TableRow(stage.name, about, _cells(stage.after, texts)))
    return rows


def _cells(seen: ReceptiveField, formulas: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    start = both_axes(lambda a: number_text(seen.start[a]))
    values = (size_text(seen.output), size_text(seen.jump), size_text(seen.size), start)
    return tuple(zip(values, formulas, strict=True))
