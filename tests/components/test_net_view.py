"""What the network's view is given: every layer once, sums that agree with the core, words with numbers."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from cnnviz.components.net_view import (
    DrawingOptions,
    LogitsState,
    NetViewState,
    logits_data,
    net_data,
    nodes_of,
    share_text,
)
from cnnviz.components.net_view.facts import bytes_text, facts_of, shape_words
from cnnviz.core.networks.layers import ActivationLayer, BatchNorm, Dropout
from cnnviz.core.networks.presets import PRESETS
from cnnviz.core.networks.receptive import receptive_field
from cnnviz.core.networks.spec import NetSpec

SPECS = {name: preset.spec for name, preset in PRESETS.items()}


def net(shape: list[int], *layers: dict[str, Any]) -> NetSpec:
    return NetSpec.from_dict({"input": shape, "layers": list(layers)})


def conv(channels: int = 4, kernel: int = 3, **more: Any) -> dict[str, Any]:
    return {"type": "conv", "channels": channels, "kernel": kernel, **more}


NESTED = net(
    [3, 16, 16],
    conv(8, padding=1),
    {
        "type": "residual",
        "layers": [
            conv(8, padding=1),
            {"type": "residual", "layers": [conv(8, padding=1), {"type": "relu"}]},
        ],
    },
    {"type": "residual", "shortcut": "projection", "layers": [conv(12, stride=2, padding=1)]},
    {"type": "global_avg_pool"},
)


@pytest.mark.parametrize("spec", [*SPECS.values(), NESTED], ids=[*SPECS, "nested"])
def test_the_nodes_add_up_to_the_network(spec: NetSpec) -> None:
    nodes = nodes_of(spec)
    rows = spec.rows()
    assert sum(node.parameters for node in nodes) == sum(row.parameters for row in rows)
    assert sum(node.multiply_adds for node in nodes) == sum(row.multiply_adds for row in rows)
    assert nodes[-1].output == spec.output_shape
    whole = {node.path[0]: node for node in nodes if len(node.path) == 1}
    assert [whole[i].output for i in range(len(rows))] == spec.shapes()
    assert [whole[i].seen for i in range(len(rows))] == receptive_field(spec)


@pytest.mark.parametrize("spec", [*SPECS.values(), NESTED], ids=[*SPECS, "nested"])
def test_the_view_gets_plain_json(spec: NetSpec) -> None:
    data = json.loads(json.dumps(net_data(NetViewState(spec, "d")), allow_nan=False))
    nodes = data["nodes"]
    assert sum(node["cells"]["part"] for node in nodes) == pytest.approx(
        1 if sum(spec.parameter_counts()) else 0
    )
    assert len({tuple(node["path"]) for node in nodes}) == len(nodes)
    for at, node in enumerate(nodes):
        assert -1 <= node["source"] < at
        assert node["title"]
        if node["cells"]["formula"]:
            # The product as written gives the count as written.
            product = node["cells"]["formula"].replace("×", "*").replace("/", "//")
            assert eval(product) == int(node["cells"]["weights"].replace(",", ""))


def test_a_block_is_its_layers_and_then_its_sum() -> None:
    nodes = nodes_of(NESTED)
    assert [node.path for node in nodes] == [
        (0,), (1, 0), (1, 1, 0), (1, 1, 1), (1, 1), (1,), (2, 0), (2,), (3,),
    ]  # fmt: skip
    assert [node.title for node in nodes if node.shortcut is not None] == [
        "add input",
        "add input",
        "add projection",
    ]
    by_path = {node.path: node for node in nodes}
    assert by_path[(1, 1)].shortcut == nodes.index(by_path[(1, 0)])
    assert by_path[(1,)].shortcut == nodes.index(by_path[(0,)])
    assert by_path[(1,)].parameters == 0
    assert by_path[(2,)].formula == "1×1×8×12"


def test_a_block_at_the_very_start_adds_the_input() -> None:
    nodes = nodes_of(net([3, 8, 8], {"type": "residual", "layers": [conv(3, padding=1)]}))
    assert (nodes[0].source, nodes[1].shortcut) == (-1, -1)


@pytest.mark.parametrize(
    ("layers", "where", "said"),
    [
        ([conv(4, 5), conv(4, 9), {"type": "relu"}], (1,), "9×9 cells"),
        ([{"type": "dense", "units": 3}, {"type": "relu"}], (0,), "put a flatten"),
        ([{"type": "residual", "layers": [conv(1, 3, padding=1), conv(1, 30)]}], (0, 1), "30×30 cells"),
        ([{"type": "residual", "layers": [conv(1, 3)]}, conv()], (0,), "cannot be added"),
        ([{"type": "residual", "layers": []}], (0,), "at least one layer"),
    ],
)
def test_an_illegal_layer_has_the_sentence_and_those_behind_it_nothing(
    layers: list[dict[str, Any]], where: tuple[int, ...], said: str
) -> None:
    spec = net([1, 12, 12], *layers)
    nodes = nodes_of(spec)
    wrong = [node for node in nodes if node.problem]
    assert [node.path for node in wrong] == [where]
    assert said in wrong[0].problem
    behind = nodes[nodes.index(wrong[0]) :]
    assert all(node.output is None for node in behind)
    assert all(node.output is not None for node in nodes[: nodes.index(wrong[0])])
    data = json.loads(json.dumps(net_data(NetViewState(spec, "d"))))
    assert [n["problem"] for n in data["nodes"] if n["problem"]] == [wrong[0].problem]
    assert data["nodes"][-1]["cells"]["memory"] == "–"


def test_facts_are_said_with_the_numbers() -> None:
    spec = SPECS["tutorial_dense"]
    facts = {node.path: dict(facts_of(node, 610_594)) for node in nodes_of(spec)}
    assert facts[(0,)]["Output"] == "16×24×24: (24 + 1 + 1 − 3) / 1 + 1 = 24"
    assert facts[(2,)]["Output"] == "16×12×12: (24 − 2) / 2 + 1 = 12"
    assert facts[(9,)]["Output"] == "64×3×3 written one after another: 576 numbers"
    assert facts[(10,)]["Weights"] == "576×1000 + 1000 = 577,000, 94.5 % of all"
    assert facts[(3,)]["Multiply-adds"] == "12×12 places × 4,608 = 663,552"
    assert facts[(8,)]["One unit sees"] == "22×22 pixels, jump 8"


def test_half_pixels_are_rounded_down_in_the_arithmetic_too() -> None:
    (node,) = nodes_of(net([1, 7, 10], {"type": "max_pool", "kernel": 2}))
    assert dict(facts_of(node, 0))["Output"] == ("1×3×5: ⌊(7 − 2) / 2⌋ + 1 = 3 and (10 − 2) / 2 + 1 = 5")
    assert "3.5 is not a whole number" in node.notice


def sizes(text: str) -> list[tuple[str, int]]:
    """(arithmetic, result) of each equation in a fact."""
    found = re.findall(r"([⌊(][^=]*) = (\d+)", text)
    return [(expression, int(size)) for expression, size in found]


@pytest.mark.parametrize("name", SPECS)
def test_every_equation_of_a_size_is_true(name: str) -> None:
    found = 0
    for node in nodes_of(SPECS[name]):
        for expression, size in sizes(dict(facts_of(node, 1)).get("Output", "")):
            text = expression.replace("⌊", "int(").replace("⌋", ")").replace("−", "-")
            assert eval(text) == size
            found += 1
    assert (found > 0) == any(node.window for node in nodes_of(SPECS[name]))


def test_what_works_on_every_number_alike_is_drawn_as_a_mark() -> None:
    spec = net([1, 8, 8], conv(), {"type": "batch_norm"}, {"type": "tanh"}, {"type": "dropout", "p": 0.2})
    data = net_data(NetViewState(spec, "d"))
    assert [node["pointwise"] for node in data["nodes"]] == [False, True, True, True]
    assert all(
        isinstance(layer, (ActivationLayer, BatchNorm, Dropout)) != (n == 0)
        for n, layer in enumerate(spec.layers)
    )


def test_windows_carry_padding_on_each_side() -> None:
    (node,) = nodes_of(net([1, 9, 9], conv(2, 4, padding="same", dilation=2)))
    assert node.window is not None
    assert (node.window.before, node.window.after, node.window.maps) == ((3, 3), (3, 3), 1)
    grouped = nodes_of(net([8, 9, 9], conv(8, groups=2), conv(8, groups=8), conv(2)))
    assert [node.window.maps for node in grouped if node.window] == [4, 1, 8]
    (pool,) = nodes_of(net([1, 9, 9], {"type": "avg_pool", "kernel": [3, 2]}))
    assert pool.window is not None
    assert (pool.window.kernel, pool.window.stride, pool.window.maps) == ((3, 2), (3, 2), 1)


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 10, "–"),
        (10, 10, "100 %"),
        (1, 10_000, "< 0.1 %"),
        (99_999, 100_000, "> 99.9 %"),
        (1, 8, "12.5 %"),
    ],
)
def test_shares_are_never_rounded_to_nothing_or_all(part: int, whole: int, text: str) -> None:
    assert share_text(part, whole) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (999_960, "1.0 MB"),
        (3_136, "3.1 kB"),
        (4 * 10**15, "4000.0 TB"),
    ],
)
def test_memory_in_powers_of_a_thousand(count: int, text: str) -> None:
    assert bytes_text(count) == text


def test_shapes_in_words() -> None:
    assert [shape_words(shape) for shape in (None, (1000,), (3, 24, 24))] == ["–", "1,000", "3×24×24"]


def test_a_look_comes_back_from_what_the_view_reports() -> None:
    assert DrawingOptions.from_json({"whole": True, "at": 5}) == DrawingOptions(whole=True)
    assert (
        net_data(NetViewState(SPECS["small"], "d", options=DrawingOptions(root=True)))["look"]["root"] is True
    )


@pytest.mark.parametrize(("count", "rows"), [(1, 1), (2, 2), (10, 10), (11, 9), (1000, 9)])
def test_the_outputs_have_a_row_each_as_far_as_there_is_room(count: int, rows: int) -> None:
    data = logits_data(LogitsState(count, (3.0,)))
    assert len(data["logits"]) == rows
    assert data["logits"][0] == 3.0
    assert max(map(abs, data["first"])) <= data["largest"]
