"""Receptive fields in the browser: the photo with what a unit sees, the layers' table, the effective field.

All hovering, choosing and playing happens in the view, from one record per layer; it reports only what the
link keeps (``state``: layer, unit, pixel and switches) and, from the table, the chosen ``layer``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, TypedDict

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.components.base import view
from cnnviz.components.json_types import FloatPair, IntPair
from cnnviz.components.luts import lut_text
from cnnviz.components.packing import packed
from cnnviz.core.networks.receptive import FieldRecord

MOST_LEVELS = 1024  # most rows or columns of the effective field that are sent

Pair = tuple[int, int]
Box = tuple[int, int, int, int]


class FieldLayerJson(TypedDict):
    """A `LayerField`: its numbers are [down, across]; reads: for each axis a text of 0 and 1."""

    name: str
    detail: str
    growth: str
    size: IntPair
    jump: IntPair
    start: FloatPair
    output: IntPair
    reads: Annotated[list[str], "[string, string]"] | None


class FieldSelectionJson(TypedDict):
    """A `FieldSelection`."""

    layer: int
    unit: IntPair | None
    pixel: IntPair | None
    nested: bool
    sharp: bool
    guess: bool


class PuzzleOptionJson(TypedDict):
    """An answer, and the box that it means."""

    label: str
    size: IntPair


class PuzzleJson(TypedDict):
    """A `Puzzle`."""

    question: str
    options: list[PuzzleOptionJson]
    right: int
    about: str


class CropJson(TypedDict):
    """The part of the photo that the network gets."""

    top: int
    left: int
    rows: int
    cols: int


class FieldPhotoData(TypedDict):
    """The stage "field"; input: rows and columns of the network's input."""

    show: Literal["field"]
    digest: str
    crop: CropJson
    small: str
    input: IntPair
    records: list[FieldLayerJson]
    state: FieldSelectionJson
    puzzle: PuzzleJson | None


class TableCellJson(TypedDict):
    """A number and its formula."""

    value: str
    formula: str


class TableRowJson(TypedDict):
    """A `TableRow`."""

    name: str
    about: str
    cells: list[TableCellJson]


class FieldTableData(TypedDict):
    """The stage "table"."""

    show: Literal["table"]
    columns: list[str]
    rows: list[TableRowJson]
    chosen: int


class BoxJson(TypedDict):
    """The first rows and columns inside, and the first ones after them."""

    top: int
    left: int
    bottom: int
    right: int


class EffectiveFieldData(TypedDict):
    """The stage "effective": levels 0 … 255 (bytes), of `grid` rows and columns, over the input."""

    show: Literal["effective"]
    small: str
    input: IntPair
    grid: IntPair
    glow: str
    box: BoxJson
    centre: FloatPair
    sigma: FloatPair
    lut: str
    alt: str


@dataclass(frozen=True, eq=False)
class LayerField:
    """One layer of the row: its name and the field of its units.

    name:   short and unique, such as "conv 2"; detail: its settings, such as "3×3".
    growth: the size of the field as a sum with the numbers of the layer before.
    reads:  where the box has gaps: which of its rows and columns are read; None where there are none.
    """

    name: str
    detail: str
    growth: str
    record: FieldRecord
    reads: tuple[NDArray[np.bool_], NDArray[np.bool_]] | None = None

    def to_json(self) -> FieldLayerJson:
        record = self.record
        reads = ["".join("01"[int(read)] for read in axis) for axis in self.reads] if self.reads else None
        return {
            "name": self.name,
            "detail": self.detail,
            "growth": self.growth,
            "size": list(record.size),
            "jump": list(record.jump),
            "start": list(record.start),
            "output": list(record.output),
            "reads": reads,
        }


@dataclass(frozen=True)
class FieldSelection:
    """The visitor's selection.

    layer:  place in the row of layers; 0 is the input.
    unit:   (row, column), None for the middle one.
    pixel:  (row, column) of the input whose units are marked, None for the view from a unit.
    nested: the fields of all layers at once. sharp: the photo in its own resolution.
    guess:  the puzzle is open.
    """

    layer: int
    unit: Pair | None = None
    pixel: Pair | None = None
    nested: bool = False
    sharp: bool = False
    guess: bool = False

    def to_json(self) -> FieldSelectionJson:
        return {
            "layer": self.layer,
            "unit": list(self.unit) if self.unit else None,
            "pixel": list(self.pixel) if self.pixel else None,
            "nested": self.nested,
            "sharp": self.sharp,
            "guess": self.guess,
        }

    @classmethod
    def from_json(cls, reported: object) -> FieldSelection | None:
        """The selection that the view reported; None where the report is not valid."""
        if not isinstance(reported, dict) or not isinstance(reported.get("layer"), int):
            return None
        flags = (bool(reported.get(name)) for name in ("nested", "sharp", "guess"))
        return cls(
            max(0, reported["layer"]), _pair(reported.get("unit")), _pair(reported.get("pixel")), *flags
        )


def _pair(reported: object) -> Pair | None:
    if not isinstance(reported, list) or len(reported) != 2:
        return None
    if not all(isinstance(number, int | float) and 0 <= number < 1e6 for number in reported):
        return None
    return int(reported[0]), int(reported[1])


@dataclass(frozen=True)
class Puzzle:
    """A question; its answers (label, (rows, columns)) are also boxes. `right`: index of the right one."""

    question: str
    options: tuple[tuple[str, Pair], ...]
    right: int
    about: str

    def to_json(self) -> PuzzleJson:
        return {
            "question": self.question,
            "options": [{"label": label, "size": list(size)} for label, size in self.options],
            "right": self.right,
            "about": self.about,
        }


@dataclass(frozen=True, eq=False)
class FieldState:
    """Everything that the photo's stage shows.

    digest: of the visitor's photo in the store; crop: (top, left, rows, columns) of it that the network gets.
    small:  digest of that part in the network's resolution.
    shape:  (rows, columns) of the network's input.
    """

    digest: str
    crop: Box
    small: str
    shape: Pair
    layers: tuple[LayerField, ...]
    selection: FieldSelection
    puzzle: Puzzle | None = None


def as_data(state: FieldState) -> FieldPhotoData:
    """The JSON that the photo's stage reads."""
    top, left, rows, cols = state.crop
    return {
        "show": "field",
        "digest": state.digest,
        "crop": {"top": top, "left": left, "rows": rows, "cols": cols},
        "small": state.small,
        "input": list(state.shape),
        "records": [layer.to_json() for layer in state.layers],
        "state": state.selection.to_json(),
        "puzzle": state.puzzle.to_json() if state.puzzle else None,
    }


def field_view(state: FieldState, *, key: str, on_state: Callable[[FieldSelection], None]) -> None:
    """Mount the photo's stage. `on_state` gets the selection, before the page's script runs again."""

    def reported() -> None:
        selection = FieldSelection.from_json(st.session_state[key]["state"])
        if selection is not None:
            on_state(selection)

    view("field_view")(key=key, data=as_data(state), on_state_change=reported)


@dataclass(frozen=True)
class TableRow:
    """One layer of the table: its name, a sentence, and (value, formula) for each column after the first."""

    name: str
    about: str
    cells: tuple[tuple[str, str], ...]

    def to_json(self) -> TableRowJson:
        cells: list[TableCellJson] = [{"value": value, "formula": formula} for value, formula in self.cells]
        return {"name": self.name, "about": self.about, "cells": cells}


def table_data(columns: Sequence[str], rows: Sequence[TableRow], chosen: int) -> FieldTableData:
    """The JSON that the stage "table" reads."""
    return {
        "show": "table",
        "columns": list(columns),
        "rows": [row.to_json() for row in rows],
        "chosen": chosen,
    }


def field_table(
    columns: Sequence[str],
    rows: Sequence[TableRow],
    chosen: int,
    *,
    key: str,
    on_layer: Callable[[int], None],
) -> None:
    """The layers as a table; a name that is chosen calls `on_layer` with the row's place."""

    def reported() -> None:
        report = st.session_state[key]["layer"]
        index = report.get("value") if isinstance(report, dict) else None
        if isinstance(index, int) and 0 <= index < len(rows):
            on_layer(index)

    view("field_view")(key=key, data=table_data(columns, rows, chosen), on_layer_change=reported)


@dataclass(frozen=True, eq=False)
class EffectiveField:
    """An effective receptive field: how much each pixel of the input matters to the unit.

    strength: (rows, columns), not negative. box: (top, left, bottom, right) of the theoretical field.
    centre, sigma: of the strength as a distribution, (down, across), in pixels.
    """

    small: str
    strength: NDArray[np.float32]
    box: Box
    centre: tuple[float, float]
    sigma: tuple[float, float]
    alt: str


def _downsampled(strength: NDArray[np.float32]) -> NDArray[np.float32]:
    """The largest of each block of pixels, where there are more than a screen has."""
    block = -(-max(strength.shape) // MOST_LEVELS)
    for axis in (0, 1):
        strength = np.maximum.reduceat(strength, np.arange(0, strength.shape[axis], block), axis=axis)
    return strength


def effective_field_data(effective: EffectiveField) -> EffectiveFieldData:
    """The JSON that the stage "effective" reads; levels are floor(255 · strength / largest + 0.5)."""
    most = float(effective.strength.max(initial=0)) or 1.0
    top, left, bottom, right = effective.box
    levels = (_downsampled(effective.strength).astype(np.float64) / most * 255 + 0.5).astype(np.uint8)
    return {
        "show": "effective",
        "small": effective.small,
        "input": list(effective.strength.shape),
        "grid": list(levels.shape),
        "glow": packed(levels),
        "box": {"top": top, "left": left, "bottom": bottom, "right": right},
        "centre": list(effective.centre),
        "sigma": list(effective.sigma),
        "lut": lut_text("ember"),
        "alt": effective.alt,
    }


def effective_field_view(effective: EffectiveField, *, key: str) -> None:
    """Mount the measured field: on the photo, and alone."""
    view("field_view")(key=key, data=effective_field_data(effective))
