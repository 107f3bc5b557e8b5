"""The network page's view: the network drawn to scale, the facts about one layer, and the table of all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, TypedDict

import streamlit as st

from cnnviz.components.base import view
from cnnviz.components.json_types import IntTriple
from cnnviz.components.net_view.facts import Fact, bytes_text, facts_of, pair_text, shape_words, share_text
from cnnviz.components.net_view.logits import LogitsState, NetReadingData, logits_data, logits_view
from cnnviz.components.net_view.nodes import Node, Path, WindowJson, nodes_of
from cnnviz.core.networks.layers import ReceptiveField
from cnnviz.core.networks.spec import NetSpec

__all__ = [
    "INPUT",
    "DrawingOptions",
    "LogitsState",
    "NetNetworkData",
    "NetReadingData",
    "NetViewState",
    "Node",
    "Path",
    "logits_data",
    "logits_view",
    "net_data",
    "net_view",
    "nodes_of",
    "share_text",
]

INPUT: Path = ()


class DrawingOptionsJson(TypedDict):
    """A `DrawingOptions`."""

    whole: bool
    root: bool
    table: bool


class ReceptiveFieldJson(TypedDict):
    """A `ReceptiveField`."""

    size: tuple[int, int]
    jump: tuple[int, int]
    start: tuple[float, float]
    output: tuple[int, int]


class NetCellsJson(TypedDict):
    """A row of the table, in words; `part`: of all weights, 0 … 1."""

    output: str
    formula: str
    weights: str
    share: str
    part: float
    adds: str
    memory: str
    field: str
    jump: str


class NetNodeJson(TypedDict):
    """One layer, as `Node` has it; `projection`: whether its shortcut has weights."""

    path: list[int]
    type: str
    reads: str
    unitName: str
    pointwise: bool
    title: str
    settings: str
    about: str
    source: int
    shortcut: int | None
    projection: bool
    output: list[int] | None
    problem: str
    notice: str
    window: WindowJson | None
    seen: ReceptiveFieldJson | None
    facts: list[Fact]
    cells: NetCellsJson


class NetTotalsJson(TypedDict):
    """Of the whole network, in words."""

    parameters: str
    adds: str
    memory: str


class NetNetworkData(TypedDict):
    """The network: every layer in order; `chosen`: the path of one, [] for the input, null for none."""

    show: Literal["network"]
    digest: str
    input: IntTriple
    nodes: list[NetNodeJson]
    totals: NetTotalsJson
    chosen: list[int] | None
    look: DrawingOptionsJson


@dataclass(frozen=True)
class DrawingOptions:
    """whole: all in one view, without words. root: sides are drawn as square roots of the sizes.

    table: the table is unfolded where there is little width; where there is enough, it always is.
    """

    whole: bool = False
    root: bool = False
    table: bool = False

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> DrawingOptions:
        """The options that the view reported."""
        return cls(*(bool(given.get(field.name)) for field in fields(cls)))

    def to_json(self) -> DrawingOptionsJson:
        return {"whole": self.whole, "root": self.root, "table": self.table}


@dataclass(frozen=True)
class NetViewState:
    """Everything that the view shows. chosen: the path of a layer, `INPUT` for the picture, None for none."""

    spec: NetSpec
    digest: str
    chosen: Path | None = None
    options: DrawingOptions = DrawingOptions()


def net_data(state: NetViewState) -> NetNetworkData:
    """What the view reads: plain JSON."""
    nodes = nodes_of(state.spec)
    total = sum(node.parameters for node in nodes)
    return {
        "show": "network",
        "digest": state.digest,
        "input": list(state.spec.input),
        "nodes": [_node_json(node, total) for node in nodes],
        "totals": {
            "parameters": f"{total:,}",
            "adds": f"{sum(node.multiply_adds for node in nodes):,}",
            "memory": bytes_text(sum(node.bytes for node in nodes)),
        },
        "chosen": None if state.chosen is None else list(state.chosen),
        "look": state.options.to_json(),
    }


def _node_json(node: Node, total: int) -> NetNodeJson:
    return {
        "path": list(node.path),
        "type": node.layer.type,
        "reads": node.layer.reads,
        "unitName": node.layer.unit_name,
        "pointwise": node.layer.pointwise,
        "title": node.title,
        "settings": node.settings,
        "about": node.about,
        "source": node.source,
        "shortcut": node.shortcut,
        "projection": node.projection is not None,
        "output": None if node.output is None else list(node.output),
        "problem": node.problem,
        "notice": node.notice,
        "window": None if node.window is None else node.window.to_json(),
        "seen": None if node.seen is None else _seen_json(node.seen),
        "facts": facts_of(node, total),
        "cells": _cells_json(node, total),
    }


def _cells_json(node: Node, total: int) -> NetCellsJson:
    return {
        "output": shape_words(node.output),
        "formula": node.formula,
        "weights": f"{node.parameters:,}" if node.parameters else "–",
        "share": share_text(node.parameters, total),
        "part": node.parameters / total if total else 0,
        "adds": f"{node.multiply_adds:,}" if node.multiply_adds else "–",
        "memory": bytes_text(node.bytes) if node.output else "–",
        "field": pair_text(node.seen.size) if node.seen else "–",
        "jump": _jump(node),
    }


def _seen_json(seen: ReceptiveField) -> ReceptiveFieldJson:
    return {"size": seen.size, "jump": seen.jump, "start": seen.start, "output": seen.output}


def _jump(node: Node) -> str:
    """The jump as one number where both axes agree; none where units have no place."""
    if node.seen is None or node.output is None or len(node.output) == 1:
        return "–"
    down, across = node.seen.jump
    return f"{down:,}" if down == across else pair_text((down, across))


def net_view(
    state: NetViewState,
    *,
    key: str,
    on_choose: Callable[[Path | None], None],
    on_options: Callable[[DrawingOptions], None],
) -> None:
    """Mount the drawing and the table. The callbacks run before the page's script does again."""
    depth = len(state.spec.layers)

    def chosen() -> None:
        path = st.session_state[key]["chosen"]
        if isinstance(path, dict):
            on_choose(_path(path.get("path"), depth))

    def options_changed() -> None:
        options = st.session_state[key]["look"]
        if isinstance(options, dict):
            on_options(DrawingOptions.from_json(options))

    view("net_view")(key=key, data=net_data(state), on_chosen_change=chosen, on_look_change=options_changed)


def _path(reported: object, depth: int) -> Path | None:
    """A reported path; None where it is not valid."""
    if not isinstance(reported, list) or not all(isinstance(n, int) and n >= 0 for n in reported):
        return None
    return tuple(reported) if not reported or reported[0] < depth else None
