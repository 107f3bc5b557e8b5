"""What test_one_more_activation.py runs in a process whose table of activations has a softsign."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from apptest import open_page, views
from node import JsError, run

from cnnviz.components.net_view import NetViewState, net_data
from cnnviz.core.activations.table import ACTIVATIONS, saturated_share
from cnnviz.core.datasets.table import DATASETS
from cnnviz.core.export.network import pytorch_source
from cnnviz.core.networks.layers import layer_from_dict, schema
from cnnviz.core.networks.spec import NetSpec
from cnnviz.core.networks.text import parse_stack, stack_text
from cnnviz.engine import TrainConfig, build, start_training
from cnnviz.engine.diagnosis.rules import RULES
from cnnviz.ui.field import rows, settings

SHAPES = DATASETS["shapes"]
LAYER = layer_from_dict({"type": "softsign"})
SPEC = NetSpec.from_dict(
    {
        "input": list(SHAPES.shape),
        "layers": [
            {"type": "conv", "channels": 4, "kernel": 3, "stride": 4},
            {"type": "softsign"},
            {"type": "flatten"},
            {"type": "dense", "units": len(SHAPES.classes)},
        ],
    }
)


def test_function_and_derivative_are_torchs() -> None:
    x = torch.linspace(-9, 9, 101, dtype=torch.float64, requires_grad=True)
    y = torch.nn.Softsign()(x)
    (slope,) = torch.autograd.grad(y.sum(), x)
    values = x.detach().numpy()
    np.testing.assert_allclose(ACTIVATIONS["softsign"].function(values), y.detach().numpy())
    np.testing.assert_allclose(ACTIVATIONS["softsign"].derivative(values), slope.numpy())
    assert saturated_share(ACTIVATIONS["softsign"], [0.0, 9.0]) == 0.5


def test_it_is_a_layer_like_any_other() -> None:
    assert layer_from_dict(LAYER.to_dict()) == LAYER
    assert parse_stack(stack_text(SPEC)) == SPEC
    assert schema()["softsign"]["icon"] == "squash"
    assert "softsign" in settings.menu_types()
    assert rows.stages(SPEC)[0].followers == (LAYER, *SPEC.layers[2:3])
    node = net_data(NetViewState(SPEC, "d"))["nodes"][1]
    assert (node["title"], node["pointwise"]) == ("Softsign", True)


def test_its_source_runs_and_is_the_same_network() -> None:
    names: dict[str, Any] = {"__name__": "written"}
    exec(pytorch_source(SPEC), names)
    model = build(SPEC, seed=3)
    written = names["network"]
    written.load_state_dict(dict(zip(written.state_dict(), model.state_dict().values(), strict=True)))
    x = torch.rand(2, *SPEC.input)
    assert torch.equal(written(x), model(x))


def test_it_learns() -> None:
    config = TrainConfig(net=SPEC, dataset="shapes", max_steps=3)
    training = start_training(config, in_process=True)
    try:
        training.wait(60)
        assert len(training.history.loss) == 3
        assert np.isfinite(training.history.loss).all()
    finally:
        training.stop()


def test_the_diagnosis_finds_it_saturated_and_offers_another() -> None:
    stats = SimpleNamespace(saturated=[np.nan, 0.9, np.nan, np.nan], dead=[np.nan] * 4)
    view: Any = SimpleNamespace(
        stats=stats,
        layers=SPEC.layers,
        config=TrainConfig(net=SPEC, dataset="shapes"),
        layer_name=lambda number: SPEC.layers[number].label,
    )
    finding = RULES["saturated"](view)
    assert finding is not None
    assert "90% of the values of Softsign are saturated" in finding.sentence
    swapped = NetSpec.from_dict(finding.remedy.change["net"])
    assert [layer.type for layer in swapped.layers] == ["conv", "relu", "flatten", "dense"]


def test_the_page_activation_shows_it() -> None:
    app = open_page("pages/explore/activation.py", {"a_function": "Softsign"})
    shown = [data["activation"]["id"] for data in views(app).values() if "activation" in data]
    assert "softsign" in shown


@pytest.mark.parametrize(
    ("script", "prefix"), [("pages/network/network.py", "n"), ("pages/network/train.py", "t")]
)
def test_the_pages_of_networks_open_with_it(script: str, prefix: str) -> None:
    app = open_page(script, {f"{prefix}_stack": stack_text(SPEC)})
    editor = views(app)[f"{prefix}_editor"]
    assert editor["spec"]["layers"][1] == {"type": "softsign"}


def test_without_its_twin_in_the_browser_it_fails_by_name() -> None:
    with pytest.raises(JsError, match=r'The activation "softsign" has no twin in activation_view/maths\.js'):
        run('import { functionOf } from "activation_view/maths.js"; functionOf({ id: "softsign" });')
