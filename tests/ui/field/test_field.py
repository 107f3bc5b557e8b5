"""The parts of the page "Receptive field" that need no running app."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from cnnviz.core import grey
from cnnviz.core.networks.presets import PRESETS
from cnnviz.core.networks.receptive import receptive_field
from cnnviz.core.networks.spec import NetSpec
from cnnviz.ui.field import rows, settings
from cnnviz.ui.field.effective import as_tensor, root_growth
from cnnviz.ui.field.puzzle import puzzle
from cnnviz.ui.field.sections import NOTES
from cnnviz.ui.picture import network_input as photo

FIELD_PRESETS = [preset for preset in PRESETS.values() if "field" in preset.pages]
RNG = np.random.default_rng(4)


def net(*layers: dict[str, Any], shape: tuple[int, int, int] = (3, 32, 32)) -> NetSpec:
    return NetSpec.from_dict({"input": list(shape), "layers": list(layers)})


def conv(kernel: Any = 3, **more: Any) -> dict[str, Any]:
    return {"type": "conv", "channels": 4, "kernel": kernel, "padding": 0, **more}


RELU = {"type": "relu"}


def test_pointwise_layers_belong_to_the_one_before_them() -> None:
    spec = net(RELU, conv(), RELU, {"type": "dropout", "p": 0.5}, {"type": "max_pool", "kernel": 2}, RELU)
    found = rows.stages(spec)
    assert [stage.name for stage in found] == ["conv 1", "pool 1"]
    assert [layer.type for layer in found[0].followers] == ["relu", "dropout"]
    assert [stage.place for stage in found] == [1, 4]
    assert [rows.stage_of(found, place) for place in range(6)] == [0, 1, 1, 1, 2, 2]


def test_a_flatten_stays_with_its_maps() -> None:
    found = rows.stages(PRESETS["tiny_vgg"].spec)
    pool, dense = found[-2:]
    assert (pool.name, len(pool.shape)) == ("pool 2", 3)
    assert (dense.name, len(dense.shape)) == ("dense 1", 1)


@pytest.mark.parametrize("preset", FIELD_PRESETS, ids=lambda preset: preset.id)
def test_every_stage_has_the_record_of_its_layer(preset: Any) -> None:
    records = receptive_field(preset.spec)
    found = rows.stages(preset.spec)
    assert all(stage.after == records[stage.place] for stage in found)
    assert len({stage.name for stage in found}) == len(found)
    assert len(found) <= len(records)


@pytest.mark.parametrize(
    ("preset", "want"),
    [
        *[("alexnet", 195), ("vgg16", 212), ("resnet18", 435), ("resnet50", 427), ("resnet50_last", 483)],
        *[("tutorial_pool", 8), ("tutorial_no_pool", 4), ("tiny_vgg", 16)],
        *[("five_3x3", 11), ("one_11x11", 11)],
    ],
)
def test_what_is_seen_first_are_the_known_values(preset: str, want: int) -> None:
    found = rows.stages(PRESETS[preset].spec)
    assert found[settings.usual_layer(found) - 1].after.size == (want, want)


def value(formula: str) -> float:
    """A formula of the table, computed."""
    text = (
        formula.split(" = ", maxsplit=1)[0]
        .replace("−", "-")
        .replace("·", "*")
        .replace("⌊", "(")
        .replace("⌋", ")")
    )
    assert re.fullmatch(r"[\d\s.+*/()-]+", text), formula
    return float(eval(text))  # only digits and signs: see the line before


SPECS = [
    *(preset.spec for preset in FIELD_PRESETS),
    net(
        conv(4, padding="same"),
        conv(3, dilation=2, padding=2),
        {"type": "avg_pool", "kernel": 3, "stride": 2},
    ),
    net(conv(5, stride=3, padding=1)),
]


@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_every_formula_gives_its_number(spec: NetSpec) -> None:
    for stage in rows.stages(spec):
        if stage.layer.type in {"dense", "residual"}:
            continue
        assert int(value(stage.formulas.output)) == stage.after.output[0]
        assert value(stage.formulas.jump) == stage.after.jump[0]
        assert value(stage.formulas.size) == stage.after.size[0]
        assert value(stage.formulas.start) == stage.after.start[0]


def test_both_axes_are_written_where_they_differ() -> None:
    stage = rows.stages(net(conv([3, 5], stride=[1, 2])))[0]
    assert stage.formulas.size == "rows: 1 + (3 − 1) · 1 = 3; columns: 1 + (5 − 1) · 1 = 5"
    assert stage.formulas.jump == "rows: 1 · 1; columns: 1 · 2"


def test_the_table_has_the_input_and_every_stage() -> None:
    spec = PRESETS["lenet5"].spec
    table = rows.table_rows(spec, rows.stages(spec))
    assert table[0].name == "input"
    assert {len(row.cells) for row in table} == {len(rows.COLUMNS) - 1}
    assert table[-1].cells[2] == ("32", "32 → 32, all units before it together")


def test_layers_before_an_illegal_one_are_shown() -> None:
    spec = net(conv(), conv(64), conv())
    assert spec.problems()
    assert [stage.name for stage in rows.stages(spec)] == ["conv 1"]
    assert rows.sizes_seen(spec) == {(0,): "sees 3"}


@pytest.mark.parametrize("preset", FIELD_PRESETS, ids=lambda preset: preset.id)
def test_a_puzzle_has_one_right_answer_among_others(preset: Any) -> None:
    shape = preset.spec.input[1:]
    found = rows.stages(preset.spec)
    for number, stage in enumerate(found, 1):
        asked = puzzle(found, number, shape)
        if asked is None:
            continue
        sizes = [size for _, size in asked.options]
        assert sizes[asked.right] == stage.after.size
        assert len(set(sizes)) == len(sizes) >= 3
        assert sizes == sorted(sizes)
    assert puzzle(found, 0, shape) is None
    assert puzzle(found, settings.usual_layer(found), shape) is not None


def test_the_opening_puzzle_adds_up() -> None:
    asked = puzzle(rows.stages(PRESETS["tiny_vgg"].spec), 6, (64, 64))
    assert asked is not None
    assert [label for label, _ in asked.options] == ["2×2", "16×16", "32×32", "64×64"]
    terms = asked.about.rsplit(": ", 1)[1].rstrip(".").split(" = ")
    assert sum(int(n) for n in terms[0].split(" + ")) == int(terms[1]) == 16


@pytest.mark.parametrize(
    ("size", "shape", "want"),
    [
        ((300, 451), (64, 64), (0, 75, 300, 300)),
        ((300, 451), (64, 128), (37, 0, 226, 451)),
        ((100, 100), (28, 28), (0, 0, 100, 100)),
        ((1, 900), (4, 4), (0, 449, 1, 1)),
    ],
)
def test_the_input_is_the_middle_of_the_photo(size: Any, shape: Any, want: Any) -> None:
    assert photo.middle(size, shape) == want


def test_the_input_is_the_mean_of_what_each_pixel_covers() -> None:
    pixels = RNG.integers(0, 256, (40, 60, 3), dtype=np.uint8)
    small = photo.as_input(pixels, 3, (20, 20))
    want = pixels[:, 10:50].reshape(20, 2, 20, 2, 3).mean(axis=(1, 3))
    assert small.pixels.shape == (20, 20, 3)
    assert np.abs(small.pixels - want).max() <= 1  # each of two passes rounds
    assert "middle 40×40" in photo.caption(pixels, 3, (20, 20))


def test_one_channel_is_grey_and_a_huge_input_is_sent_small() -> None:
    pixels = RNG.integers(0, 256, (10, 10, 3), dtype=np.uint8)
    small = photo.as_input(pixels, 1, (10, 10))
    assert (small.pixels == np.rint(grey(pixels))[:, :, None]).all()
    assert photo.as_input(pixels, 3, (8192, 4096)).pixels.shape == (512, 256, 3)
    assert "in grey" in photo.caption(pixels, 1, (10, 10))


def test_the_tensor_is_the_picture_from_0_to_1_or_none() -> None:
    pixels = RNG.integers(0, 256, (6, 8, 3), dtype=np.uint8)
    small = photo.as_input(pixels, 3, (6, 8))
    tensor = as_tensor(small, (3, 6, 8))
    assert tensor is not None
    assert tensor.shape == (3, 6, 8)
    assert np.allclose(tensor.transpose(1, 2, 0) * 255, pixels)
    assert as_tensor(small, (5, 6, 8)) is None
    assert as_tensor(small, (3, 60, 80)) is None


def test_the_squareroot_growth_is_drawn_for_equal_convolutions_only() -> None:
    widths = [3.0, 4.0, 5.0, 6.0, 7.0]
    assert root_growth(rows.stages(PRESETS["five_3x3"].spec), widths) == pytest.approx(
        [3.0 * depth**0.5 for depth in range(1, 6)]
    )
    assert root_growth(rows.stages(PRESETS["tiny_vgg"].spec), widths) is None
    assert root_growth(rows.stages(PRESETS["dilated"].spec), widths) is None
    assert root_growth(rows.stages(PRESETS["one_11x11"].spec), widths[:1]) is None


def test_every_note_belongs_to_a_preset_of_the_page() -> None:
    assert set(NOTES) <= set(settings.IDS)
