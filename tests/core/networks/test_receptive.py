"""Receptive fields: the published values, and what torch's gradients say on random stacks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from networks import avg_pool, blocks, conv, legal_windows, networks, window_layer

from cnnviz.core import NetSpec, receptive_field
from cnnviz.core.networks.layers import LayerError
from cnnviz.core.networks.presets import PRESETS


def last(preset: str) -> tuple[int, int]:
    return receptive_field(PRESETS[preset].spec)[-1].size


@pytest.mark.parametrize(
    ("preset", "size"),
    [
        ("alexnet", 195),
        ("vgg16", 212),
        ("resnet18", 435),
        ("resnet50", 427),
        ("resnet50_last", 483),
        ("tutorial_pool", 8),
        ("tutorial_no_pool", 4),
        ("five_3x3", 11),
        ("one_11x11", 11),
        ("dilated", 63),
    ],
)
def test_published_sizes(preset: str, size: int) -> None:
    assert last(preset) == (size, size)


def test_tiny_vgg_s_last_pool_sees_16_of_64_pixels() -> None:
    spec = PRESETS["tiny_vgg"].spec
    pool = max(i for i, layer in enumerate(spec.layers) if layer.type == "max_pool")
    record = receptive_field(spec)[pool]
    assert (record.size, record.jump) == ((16, 16), (4, 4))
    assert sum(spec.parameter_counts()) == 19_920


def test_dilation_with_its_padding_keeps_the_centre() -> None:
    spec = NetSpec.from_dict({"input": [1, 9, 9], "layers": [{"type": "conv", "dilation": 2, "padding": 2}]})
    record = receptive_field(spec)[0]
    assert record.start == (0.5, 0.5)
    assert record.size == (5, 5)


def test_an_even_same_kernel_leans_to_the_end() -> None:
    layers = [{"type": "conv", "kernel": [2, 4], "padding": "same"}]
    record = receptive_field(NetSpec.from_dict({"input": [1, 9, 9], "layers": layers}))[0]
    assert record.start == (1.0, 1.0)
    assert record.box((0, 0)) == (0, -1, 2, 3)


def test_an_illegal_network_is_one_sentence() -> None:
    spec = NetSpec.from_dict({"input": [1, 4, 4], "layers": [{"type": "conv", "kernel": 5}]})
    with pytest.raises(LayerError, match="spans 5×5 cells"):
        receptive_field(spec)


def seen_by_gradient(spec: NetSpec, unit: tuple[int, int]) -> tuple[int, int, int, int] | None:
    """First and last pixels with a gradient, for weights of one: torch's own answer, inside the picture."""
    at, modules = spec.input, []
    for layer, shape in zip(spec.layers, spec.shapes(), strict=True):
        modules.append(layer.module(at).double())
        at = shape
    network = torch.nn.Sequential(*modules)
    with torch.no_grad():
        for weight in network.parameters():
            weight.fill_(1)
    x = torch.ones(1, *spec.input, dtype=torch.float64, requires_grad=True)
    network(x)[0, :, unit[0], unit[1]].sum().backward()
    assert x.grad is not None
    rows, cols = np.nonzero(x.grad[0].sum(0).numpy())
    if not len(rows):
        return None
    return int(rows.min()), int(cols.min()), int(rows.max()) + 1, int(cols.max()) + 1


@settings(max_examples=60)
@given(legal_windows(conv, avg_pool.filter(lambda one: not one.get("ceil_mode"))))
def test_fields_are_where_gradients_reach(given_net: dict[str, Any]) -> None:
    spec = NetSpec.from_dict(given_net)
    record = receptive_field(spec)[-1]
    _, height, width = spec.input
    for unit in {(0, 0), (record.output[0] - 1, record.output[1] - 1), (record.output[0] // 2, 0)}:
        top, left, bottom, right = record.box(unit)
        clipped = (max(top, 0), max(left, 0), min(bottom, height), min(right, width))
        found = seen_by_gradient(spec, unit)
        if (top, left, bottom, right) == clipped:
            assert found == clipped
        elif found is not None:  # the kernel's gaps may lie on all that is inside of the picture
            assert found[0] >= clipped[0]
            assert found[1] >= clipped[1]
            assert found[2] <= clipped[2]
            assert found[3] <= clipped[3]


@settings(max_examples=60)
@given(networks(blocks.map(lambda one: [one]), (2,)))
def test_a_block_sees_what_either_branch_sees(given_net: dict[str, Any]) -> None:
    spec = NetSpec.from_dict(given_net)
    block = receptive_field(spec)[0]
    inner = NetSpec.from_dict({"input": spec.input, "layers": given_net["layers"][0]["layers"]})
    main = receptive_field(inner)[-1].box((0, 0))
    box = block.box((0, 0))
    assert box == (min(main[0], 0), min(main[1], 0), max(main[2], 1), max(main[3], 1))


@settings(max_examples=60)
@given(legal_windows(window_layer))
def test_the_projective_field_is_the_other_way_round(given_net: dict[str, Any]) -> None:
    spec = NetSpec.from_dict(given_net)
    record = receptive_field(spec)[-1]
    pixel = (spec.input[1] // 2, spec.input[2] - 1)
    rows, cols = record.projective_field(pixel)
    units = [(y, x) for y in range(record.output[0]) for x in range(record.output[1])]
    expected = {u for u in units if _inside(record.box(u), pixel)}
    assert expected == {(y, x) for y in range(*rows) for x in range(*cols)}


def _inside(box: tuple[int, int, int, int], pixel: tuple[int, int]) -> bool:
    return box[0] <= pixel[0] < box[2] and box[1] <= pixel[1] < box[3]


def test_a_dense_layer_sees_what_all_units_see() -> None:
    spec = PRESETS["small"].spec
    records = receptive_field(spec)
    flat = next(i for i, layer in enumerate(spec.layers) if layer.type == "flatten")
    first, end = records[flat - 1].box((0, 0)), records[flat - 1].box((6, 6))
    assert records[-1].box((0, 0)) == (*first[:2], *end[2:])
    assert records[-1].output == (1, 1)
