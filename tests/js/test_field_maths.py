"""The browser's boxes, projective fields and nested fields against Python's records, on random stacks."""

from __future__ import annotations

from typing import Any

import numpy as np
from node import run

from cnnviz.core.networks.layers import ReceptiveField
from cnnviz.core.networks.presets import PRESETS
from cnnviz.core.networks.spec import NetSpec
from cnnviz.ui.field import rows

MATHS = 'import * as maths from "field_view/maths.js"; '
RNG = np.random.default_rng(11)


def drawn(low: int, high: int) -> list[int]:
    return [int(n) for n in RNG.integers(low, high + 1, 2)]


def random_layer() -> dict[str, Any]:
    """Asymmetric kernels, strides, dilations and paddings, "same" among them."""
    if RNG.random() < 0.25:
        return {
            "type": str(RNG.choice(["max_pool", "avg_pool"])),
            "kernel": drawn(2, 3),
            "stride": drawn(1, 3),
        }
    if RNG.random() < 0.15:
        inner = [{"type": "conv", "channels": 2, "kernel": drawn(1, 5), "padding": "same", "stride": 1}] * 2
        return {"type": "residual", "layers": inner, "shortcut": "projection"}
    padding = "same" if RNG.random() < 0.3 else drawn(0, 3)
    layer = {"type": "conv", "channels": 2, "kernel": drawn(1, 5), "stride": drawn(1, 3)}
    return {**layer, "padding": padding, "dilation": drawn(1, 3)}


def random_spec() -> NetSpec:
    """A legal stack of two to six layers on an input that is not square."""
    while True:
        layers = [random_layer() for _ in range(int(RNG.integers(2, 7)))]
        spec = NetSpec.from_dict({"input": [2, *drawn(30, 80)], "layers": layers})
        if not spec.problems():
            return spec


def as_json(seen: ReceptiveField) -> dict[str, list[float]]:
    return {name: list(getattr(seen, name)) for name in ("size", "jump", "start", "output")}


def records_of(spec: NetSpec) -> list[ReceptiveField]:
    """The input's record and those of the stages, as the view has them."""
    return [rows.input_field(spec), *(stage.after for stage in rows.stages(spec))]


SPECS = [*(random_spec() for _ in range(60)), PRESETS["vgg16"].spec, PRESETS["resnet50_last"].spec]


def test_boxes_are_pythons() -> None:
    cases, want = [], []
    for spec in SPECS:
        for seen in records_of(spec):
            units = [(0, 0), (seen.output[0] - 1, seen.output[1] - 1), tuple(n // 2 for n in seen.output)]
            cases += [[as_json(seen), unit] for unit in units]
            want += [list(seen.box(unit)) for unit in units]
    got = run(
        MATHS
        + """return data.map(([record, unit]) => {
          const { top, left, bottom, right } = maths.box(record, unit);
          return [top, left, bottom, right];
        })""",
        cases,
    )
    assert len(want) > 600
    assert got == want


def test_the_units_that_see_a_pixel_are_pythons() -> None:
    cases, want = [], []
    for spec in SPECS:
        for seen in records_of(spec):
            pixels = [(0, 0), spec.input[1:], *(tuple(drawn(0, min(spec.input[1:]) - 1)) for _ in range(4))]
            cases += [[as_json(seen), pixel] for pixel in pixels]
            want += [[list(ends) for ends in seen.projective_field(pixel)] for pixel in pixels]
    got = run(MATHS + "return data.map(([record, pixel]) => maths.projective(record, pixel))", cases)
    assert got == want
    assert any(
        ends == [0, 0] for both in want for ends in both
    )  # a pixel that no window reaches is among them


def some_unit_inside(seen: ReceptiveField, first: int, last: int, axis: int) -> bool:
    """Whether any unit's field lies between these pixels; none does where a window is padding alone."""
    starts = seen.box((0, 0))[axis] + np.arange(seen.output[axis]) * seen.jump[axis]
    return bool(((starts >= first) & (starts + seen.size[axis] <= last)).any())


def test_each_unit_of_a_chain_lies_in_the_field_of_the_next() -> None:
    cases = []
    for spec in SPECS:
        records = records_of(spec)
        last = records[-1].output
        for unit in [(0, 0), (last[0] - 1, last[1] - 1), (last[0] // 2, last[1] // 2)]:
            cases.append([[as_json(seen) for seen in records], len(records) - 1, unit])
    got = run(MATHS + "return data.map((given) => maths.chain(...given))", cases)
    compared = 0
    for (_, layer, unit), units, spec in zip(cases, got, np.repeat(np.array(SPECS, object), 3), strict=True):
        records = records_of(spec)
        assert units[layer] == list(unit)
        for seen, at in zip(records, units, strict=True):
            assert all(0 <= at[axis] < seen.output[axis] for axis in (0, 1))
        boxes = [seen.box((at[0], at[1])) for seen, at in zip(records, units, strict=True)]
        for inner, outer, seen in zip(boxes, boxes[1:], records, strict=False):
            for axis in (0, 1):
                if some_unit_inside(seen, outer[axis], outer[axis + 2], axis):
                    assert inner[axis] >= outer[axis]
                    assert inner[axis + 2] <= outer[axis + 2]
                    compared += 1
    assert compared > 1000


def read_units(spec: NetSpec, stage: rows.Stage, unit: int, axis: int) -> tuple[int, int]:
    """The units of the layer before that a window reads, from its own settings: first, last + 1."""
    layer = stage.layer
    before = layer.pads()[axis][0]  # type: ignore[attr-defined]
    first = unit * layer.steps[axis] - before  # type: ignore[attr-defined]
    last = first + layer.spans()[axis]  # type: ignore[attr-defined]
    return max(0, first), min(stage.before.output[axis], last)


def test_a_cone_holds_what_the_windows_read() -> None:
    """One layer back it is the window itself; for stacks without blocks, whose branches are joined."""
    cases, want = [], []
    for spec in SPECS:
        if any(layer.type == "residual" for layer in spec.layers):
            continue
        records, stages = records_of(spec), rows.stages(spec)
        for at, stage in enumerate(stages, 1):
            unit = [n // 3 for n in stage.after.output]
            ends = [read_units(spec, stage, unit[axis], axis) for axis in (0, 1)]
            if any(first >= last for first, last in ends):
                continue
            cases.append([[as_json(seen) for seen in records], at, unit, at - 1])
            want.append([list(pair) for pair in ends])
    got = run(MATHS + "return data.map((given) => maths.cone(...given))", cases)
    assert len(cases) > 100
    assert got == want


def test_the_unit_under_a_point_has_the_nearest_centre() -> None:
    spec = PRESETS["alexnet"].spec
    seen = rows.stages(spec)[-1].after
    points = [(y, x) for y in (-5, 0, 37.2, 112, 223, 400) for x in (3, 100.5, 230)]
    got = run(MATHS + "return data[1].map((p) => maths.unitAt(data[0], p))", [as_json(seen), points])
    for point, unit in zip(points, got, strict=True):
        for axis in (0, 1):
            centres = seen.start[axis] + np.arange(seen.output[axis]) * seen.jump[axis]
            away = np.abs(centres - point[axis])
            assert away[unit[axis]] == away.min()
