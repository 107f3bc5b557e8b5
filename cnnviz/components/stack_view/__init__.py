"""The stack editor in the browser: layers as cards, added, moved, set and removed in place.

The view shows an edit at once and reports the whole stack; the output and the problems of each layer
come back from Python. It draws its menu and controls from :func:`cnnviz.core.networks.layers.schema`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

import streamlit as st

from cnnviz.components.base import view
from cnnviz.components.json_types import IntTriple
from cnnviz.core.networks.layers import MOST_LAYERS, Field, LayerTypeJson, schema
from cnnviz.core.networks.spec import LARGEST_INPUT, NetSpec

__all__ = ["Path", "StackRow", "StackViewData", "StackViewState", "as_data", "path_of", "stack_view"]

Path = tuple[int, ...]
"""Where a layer stands: (2,) is the third, (2, 0) the first in the block that is the third; () the input."""

DEEPEST = 4  # nested blocks, the same limit as in cnnviz.core.networks.layers


class StackSpecJson(TypedDict):
    """The stack as `NetSpec.from_dict` reads it: a layer is its type, and what is not the default."""

    input: IntTriple
    layers: list[dict[str, Any]]


class StackRowJson(TypedDict):
    """A `StackRow`."""

    path: list[int]
    output: list[int] | None
    problem: str
    notice: str
    parameters: int
    fixes: list[dict[str, Any]]
    extra: str


class StackLimitsJson(TypedDict):
    """How many layers there may be, and how many blocks in one another."""

    layers: int
    depth: int


class StackViewData(TypedDict):
    """The stack, and what Python says of it; `schema`: every layer type by its id; `types`: the menu's,
    null for all; `selected`: a path, [] for the input."""

    spec: StackSpecJson
    rows: list[StackRowJson]
    schema: dict[str, LayerTypeJson]
    types: list[str] | None
    selected: list[int] | None
    editInput: bool
    readOnly: bool
    version: int
    inputKind: LayerTypeJson
    limits: StackLimitsJson


@dataclass(frozen=True)
class StackRow:
    """What is shown at one layer: its output (C, H, W) or (n,), None where there is none.

    fixes: changes of its settings that would work, each a mapping of setting to value.
    extra: a few characters beside the output, such as "5×5".
    """

    path: Path
    output: tuple[int, ...] | None = None
    problem: str = ""
    notice: str = ""
    parameters: int = 0
    fixes: tuple[Mapping[str, Any], ...] = ()
    extra: str = ""

    def to_json(self) -> StackRowJson:
        return {
            "path": list(self.path),
            "output": list(self.output) if self.output else None,
            "problem": self.problem,
            "notice": self.notice,
            "parameters": self.parameters,
            "fixes": [dict(fix) for fix in self.fixes],
            "extra": self.extra,
        }


@dataclass(frozen=True)
class StackViewState:
    """Everything that the view shows.

    types:   the layer types in its menu; all where it is None.
    version: a new number makes the view take `spec`, even if it has just reported another one.
    """

    spec: NetSpec
    rows: Sequence[StackRow] = ()
    types: Sequence[str] | None = None
    selected: Path | None = None
    edit_input: bool = True
    read_only: bool = False
    version: int = 0
    schema: Mapping[str, LayerTypeJson] = field(default_factory=schema)


def _input_kind() -> LayerTypeJson:
    """The input's settings, in the form of a layer type."""
    axes = ("channels", "Channels", "1 for grey, 3 for colour."), ("height", "Height", "Rows of pixels.")
    named = (*axes, ("width", "Width", "Columns of pixels."))
    return {
        "title": "Input",
        "about": "The picture that goes in, channels × height × width.",
        "group": "",
        "card": "input",
        "icon": "input",
        "role": "input",
        "fields": [
            Field(name, label, "count", 1, low=1, high=most, help=text).to_json()
            for (name, label, text), most in zip(named, LARGEST_INPUT, strict=True)
        ],
    }


def as_data(state: StackViewState) -> StackViewData:
    """The JSON that the view reads."""
    return {
        "spec": {
            "input": list(state.spec.input),
            "layers": [layer.to_dict() for layer in state.spec.layers],
        },
        "rows": [row.to_json() for row in state.rows],
        "schema": dict(state.schema),
        "types": None if state.types is None else list(state.types),
        "selected": None if state.selected is None else list(state.selected),
        "editInput": state.edit_input,
        "readOnly": state.read_only,
        "version": state.version,
        "inputKind": _input_kind(),
        "limits": {"layers": MOST_LAYERS, "depth": DEEPEST},
    }


def path_of(reported: object) -> Path | None:
    """What the view reported as a path, or None."""
    if not isinstance(reported, list) or not all(isinstance(n, int | float) for n in reported):
        return None
    return tuple(int(n) for n in reported)


def newest_selection(reported: Mapping[str, Any]) -> Path | None:
    """The selected layer, from "stack" or "selected", whichever was reported last.

    One run of the script may receive both, in any order.
    """
    stack, alone = reported.get("stack") or {}, reported.get("selected") or {}
    if stack.get("at", 0) > alone.get("at", 0):
        return path_of(stack.get("selected"))
    return path_of(alone.get("path"))


def stack_view(
    state: StackViewState,
    *,
    key: str,
    on_stack: Callable[[object, Path | None], None],
    on_selected: Callable[[Path | None], None],
) -> None:
    """Mount the editor. Both callbacks are called before the page's script runs again.

    `on_stack` gets the edited stack as JSON (to be read by `NetSpec.from_dict`) and the selected layer, whose
    place the edit may have changed; `on_selected` the selected layer alone.
    """

    def reported() -> Mapping[str, Any]:
        reports: Mapping[str, Any] = st.session_state[key]
        return reports

    view("stack_view")(
        key=key,
        data=as_data(state),
        on_stack_change=lambda: on_stack(
            (reported()["stack"] or {}).get("spec"), newest_selection(reported())
        ),
        on_selected_change=lambda: on_selected(newest_selection(reported())),
    )
