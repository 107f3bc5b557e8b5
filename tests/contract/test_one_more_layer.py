"""One more window layer is one class and one entry: every reader of the table goes with it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pytest
import torch
from apptest import open_page, views
from one_more import LpPool, with_layer
from torch.nn import functional

from cnnviz.components.net_view import NetViewState, net_data
from cnnviz.components.stack_view import StackViewState, as_data
from cnnviz.core.datasets.table import DATASETS
from cnnviz.core.export.network import pytorch_source
from cnnviz.core.networks.layers import Dense, Layer, Shape, schema
from cnnviz.core.networks.layers.base import Reads
from cnnviz.core.networks.layers.modules import Call
from cnnviz.core.networks.presets import PRESETS
from cnnviz.core.networks.receptive import receptive_field
from cnnviz.core.networks.spec import NetSpec
from cnnviz.core.networks.taps import receptive_taps
from cnnviz.core.networks.text import parse_stack, stack_text
from cnnviz.engine import TrainConfig, build, start_training
from cnnviz.engine.config.errors import EngineError
from cnnviz.engine.effective_field.cone import needed, run
from cnnviz.engine.effective_field.effective import Question, effective_field
from cnnviz.engine.effective_field.weights import RandomRules
from cnnviz.ui.field import rows, settings
from cnnviz.ui.network_stack.rows import editor_rows

NET = {
    "input": [1, 28, 28],
    "layers": [
        {"type": "conv", "channels": 4, "kernel": 3, "stride": 1, "padding": 1},
        {"type": "lp_pool", "kernel": 3, "stride": 2, "norm": 4.0},
        {"type": "relu"},
        {"type": "flatten"},
        {"type": "dense", "units": 10},
    ],
}


@pytest.fixture(autouse=True)
def one_more_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    with_layer(monkeypatch, LpPool)


@pytest.fixture
def spec(one_more_layer: None) -> NetSpec:
    return NetSpec.from_dict(NET)


def test_it_is_a_network_like_any_other(spec: NetSpec) -> None:
    assert spec.problems() == []
    assert spec.shapes()[1] == (4, 13, 13)
    assert spec.parameter_counts()[1] == 0
    assert spec.rows()[1].layer.label == "Lp pool 3×3, stride 2"
    assert NetSpec.from_dict(spec.to_dict()) == spec
    assert NetSpec.from_json(spec.to_json()) == spec
    assert parse_stack(stack_text(spec)) == spec
    assert "lp_pool-k3-s2-n4" in stack_text(spec)


def test_its_problems_have_the_numbers_and_a_way_out() -> None:
    wrong = NetSpec.from_dict({"input": [1, 4, 4], "layers": [{"type": "lp_pool", "kernel": 5}]})
    (problem,) = wrong.problems()
    assert "a kernel of 5 spans 5×5 cells" in problem
    assert wrong.rows()[0].fixes == ({"kernel": 4},)


def test_its_field_and_taps_are_those_of_its_window(spec: NetSpec) -> None:
    field = receptive_field(spec)[1]
    assert (field.size, field.jump, field.start) == ((5, 5), (2, 2), (1.5, 1.5))
    taps = receptive_taps(NetSpec.from_dict({"input": [1, 12, 12], "layers": [
        {"type": "conv", "channels": 1, "kernel": 2, "stride": 3}, {"type": "lp_pool"},
    ]}))[-1]  # fmt: skip
    assert taps is not None
    assert taps.rows.tolist() == [True, True, False, True, True]


def test_it_is_built_and_learns(spec: NetSpec) -> None:
    x = torch.rand(2, 1, 28, 28)
    model = build(spec, seed=1)
    convolution, *_ = (module for module in model.modules() if isinstance(module, torch.nn.Conv2d))
    pools = [module for module in model.modules() if isinstance(module, torch.nn.LPPool2d)]
    assert len(pools) == 1
    expected = functional.lp_pool2d(convolution(x), 4.0, 3, 2)
    assert torch.equal(pools[0](convolution(x)), expected)
    shapes = DATASETS["shapes"]
    head = Dense(len(shapes.classes))
    net = NetSpec(tuple(shapes.shape), (*spec.layers[:-1], head))
    run_of = start_training(TrainConfig(net=net, dataset="shapes", max_steps=3), in_process=True)
    try:
        run_of.wait(60)
        assert run_of.history.step.tolist() == [1, 2, 3]
        assert np.isfinite(run_of.history.loss).all()
    finally:
        run_of.stop()


def test_its_source_runs_and_is_the_same_network(spec: NetSpec) -> None:
    names: dict[str, Any] = {"__name__": "written"}
    exec(pytorch_source(spec), names)
    written = names["network"]
    model = build(spec, seed=3)
    written.load_state_dict(dict(zip(written.state_dict(), model.state_dict().values(), strict=True)))
    x = torch.rand(2, 1, 28, 28)
    assert torch.equal(written(x), model(x))


@pytest.mark.parametrize("layers", [
    [LpPool((2, 2), None, 3.0)],
    [LpPool((3, 2), (2, 1), 2.0), LpPool()],
])  # fmt: skip
def test_the_cone_gives_what_the_whole_layer_gives(layers: list[Layer]) -> None:
    torch.manual_seed(5)
    shape = (2, 16, 16)
    x = torch.rand(1, *shape)
    whole = x
    for layer in layers:
        whole = layer.module(tuple(whole.shape[1:]))(whole)
    region = ((1, 3), (0, 2))
    (top, bottom), (left, right) = needed(layers, shape, region)
    rules = RandomRules(False, False, torch.Generator())
    part = run(layers, shape, x[..., top:bottom, left:right], region, rules)
    torch.testing.assert_close(part, whole[..., 1:3, 0:2])


@pytest.mark.parametrize("mode", ["linear", "relu"])
def test_its_effective_field_is_measured(spec: NetSpec, mode: Any) -> None:
    value = effective_field(Question(spec, 1, None, mode=mode, weights="random", draws=2))
    assert np.isfinite(value["field"]).all()
    assert value["field"].sum() > 0


def test_the_editor_gets_its_card_menu_and_controls(spec: NetSpec) -> None:
    sent = json.loads(json.dumps(as_data(StackViewState(spec, editor_rows(spec)))))
    kind = sent["schema"]["lp_pool"]
    assert (kind["card"], kind["icon"], kind["role"]) == ("Lp pool {kernel}", "pool", "output")
    assert [field["name"] for field in kind["fields"]] == ["kernel", "stride", "norm"]
    assert sent["rows"][1]["output"] == [4, 13, 13]
    assert "lp_pool" in settings.menu_types()


def test_the_drawing_and_its_table_know_it(spec: NetSpec) -> None:
    node = json.loads(json.dumps(net_data(NetViewState(spec, "d"))))["nodes"][1]
    assert (node["title"], node["settings"]) == ("Lp pool 3×3", "stride 2")
    assert node["window"]["kernel"] == [3, 3]
    assert node["window"]["maps"] == 1
    facts = dict(node["facts"])
    assert facts["Output"] == "4×13×13: ⌊(28 − 3) / 2⌋ + 1 = 13"
    assert facts["One unit sees"] == "5×5 pixels, jump 2"
    assert node["cells"]["field"] == "5×5"


def test_its_row_on_receptive_field_has_formulas(spec: NetSpec) -> None:
    stage = rows.stages(spec)[1]
    assert stage.name == "pool 1"
    assert stage.layer.field_detail == "3×3 /2"
    assert stage.formulas.size == "3 + (3 − 1) · 1 = 5"
    assert len(rows.table_rows(spec, rows.stages(spec))) == 4


def test_nothing_else_changes() -> None:
    assert all("lp_pool" not in stack_text(preset.spec) for preset in PRESETS.values())
    assert list(schema())[-1] == "lp_pool"


# ---- the pages


@pytest.mark.parametrize(
    ("script", "prefix"),
    [
        ("pages/network/network.py", "n"),
        ("pages/network/receptive_field.py", "r"),
        ("pages/network/train.py", "t"),
    ],
)
def test_the_pages_open_with_it(spec: NetSpec, script: str, prefix: str) -> None:
    app = open_page(script, {f"{prefix}_stack": stack_text(spec)})
    editor = views(app)[f"{prefix}_editor"]
    assert [layer["type"] for layer in editor["spec"]["layers"]][1] == "lp_pool"
    assert "lp_pool" in editor["schema"]


# ---- a layer that says nothing but what it must


@dataclass(frozen=True)
class Terse(Layer):
    """Only what `Layer` asks for."""

    type: ClassVar[str] = "terse"
    title: ClassVar[str] = "Terse"
    about: ClassVar[str] = "Nothing is told about it."
    group: ClassVar[str] = "Other"

    def output_shape(self, shape: Shape) -> Shape:
        return shape

    def calls(self, shape: Shape) -> list[Call]:
        del shape
        return [Call("Softmax2d")]


@pytest.mark.parametrize("reads", ["cell", "window", "map", "branches"])
def test_receptive_field_opens_with_a_layer_that_it_does_not_know(
    monkeypatch: pytest.MonkeyPatch, reads: Reads
) -> None:
    monkeypatch.setattr(Terse, "reads", reads)
    with_layer(monkeypatch, Terse)
    spec = NetSpec.from_dict({"input": [1, 12, 12], "layers": [{"type": "conv"}, {"type": "terse"}]})
    app = open_page("pages/network/receptive_field.py", {"r_stack": stack_text(spec), "r_guess": "off"})
    names = [stage.name for stage in rows.stages(spec)]
    assert names == (["conv 1"] if reads == "cell" else ["conv 1", "terse 1"])
    assert views(app)["r_view"]
    node = net_data(NetViewState(spec, "d"))["nodes"][1]
    assert node["title"] == "Terse"
    if reads != "cell":
        with pytest.raises(EngineError, match="effective field of terse is not known"):
            effective_field(Question(spec, 1))
