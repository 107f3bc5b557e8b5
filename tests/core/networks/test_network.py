"""NetSpec: JSON, texts for links, problems, presets, exports and conversions."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torchinfo
from hypothesis import given, settings
from networks import legal_networks, nested_list, networks

from cnnviz.core import NetSpec
from cnnviz.core.export.network import pytorch_source
from cnnviz.core.networks.convert import (
    dense_as_convolution,
    has_dense_end,
    with_global_pooling,
)
from cnnviz.core.networks.layers import Dense, LayerError, Residual, SpecError
from cnnviz.core.networks.presets import PRESETS
from cnnviz.core.networks.text import parse_stack, stack_text

EXAMPLE: dict[str, Any] = {
    "input": [1, 28, 28],
    "layers": [
        {"type": "conv", "channels": 8, "kernel": 3, "stride": 1, "padding": 1, "dilation": 1, "bias": True},
        {"type": "relu"},
        {"type": "max_pool", "kernel": 2, "stride": 2},
        {"type": "flatten"},
        {"type": "dense", "units": 10},
    ],
}


def torch_network(spec: NetSpec) -> torch.nn.Sequential:
    befores = [spec.input, *spec.shapes()]
    return torch.nn.Sequential(*(layer.module(at) for layer, at in zip(spec.layers, befores, strict=False)))


def test_the_example_is_read_and_written_unchanged() -> None:
    spec = NetSpec.from_dict(EXAMPLE)
    assert spec.to_dict() == EXAMPLE
    assert spec.shapes() == [(8, 28, 28), (8, 28, 28), (8, 14, 14), (1568,), (10,)]
    assert spec.parameter_counts() == [80, 0, 0, 0, 15_690]
    assert spec.problems() == []


@settings(max_examples=200)
@given(networks())
def test_json_and_link_give_the_same_network(given_net: dict[str, Any]) -> None:
    spec = NetSpec.from_dict(given_net)
    assert NetSpec.from_dict(spec.to_dict()) == spec
    assert NetSpec.from_json(spec.to_json()) == spec
    assert NetSpec.from_json(json.dumps(spec.to_dict())) == spec
    text = stack_text(spec)
    assert parse_stack(text) == spec
    assert all(letter.isalnum() or letter in "~-_.()" for letter in text)


@pytest.mark.parametrize("slope", [0.0, 1e-05, 1e-17, 0.30000000000000004, 0.5])
def test_decimals_survive_the_link(slope: float) -> None:
    spec = NetSpec.from_dict({"input": [1, 4, 4], "layers": [{"type": "leaky_relu", "slope": slope}]})
    assert parse_stack(stack_text(spec)) == spec


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not valid JSON"),
        ("{", "not valid JSON"),
        ("[]", "JSON object"),
        ("{}", "'input' is missing"),
        ('{"input": [1, 28, 28]}', "'layers' is missing"),
        ('{"input": [28, 28], "layers": []}', "[channels, height, width]"),
        ('{"input": [1, 28, 0], "layers": []}', "[channels, height, width]"),
        ('{"input": [1, 28, true], "layers": []}', "[channels, height, width]"),
        ('{"input": [1, 1e9, 28], "layers": []}', "[channels, height, width]"),
        ('{"input": [1, 28, 28], "layers": {}}', "JSON list"),
        ('{"input": [1, 28, 28], "layers": [], "name": 3}', "no 'name'"),
        ("[" * 100_000, "nested too deep"),
        ('{"input": [1, 28, ' + "9" * 5000 + '], "layers": []}', "too long a number"),
        (" " * 600_000, "too long"),
    ],
)
def test_bad_json_gets_one_sentence(text: str, said: str) -> None:
    with pytest.raises(SpecError) as caught:
        NetSpec.from_json(text)
    assert said in str(caught.value)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "1x28",
            "ax1x1",
            "1x28x28~",
            "1x28x28~conv-q3",
            "1x28x28~conv-k",
            "1x28x28~conv-kx",
            "1x8x8~nothing",
        ),
        *(
            "1x8x8~residual(relu",
            "1x8x8~residual)relu(",
            "1x8x8~relu(relu)",
            "1x8x8~conv-k99999",
            "x" * 30_000,
        ),
        "1x8x8~" + "residual(" * 900 + ")" * 900,
    ],
)
def test_bad_links_get_one_sentence(text: str) -> None:
    with pytest.raises(SpecError) as caught:
        parse_stack(text)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("input_shape", [(3, 8, 9), np.array([3, 8, 9]).tolist(), list(np.array([3, 8, 9]))])
def test_an_input_is_three_whole_numbers_of_any_kind(input_shape: Any) -> None:
    spec = NetSpec.from_dict({"input": input_shape, "layers": []})
    assert json.loads(spec.to_json())["input"] == [3, 8, 9]


@pytest.mark.parametrize("size", [[10**5000], [1, 2, 10**5000], [1, 2, nested_list(100_000)]])
def test_an_input_that_cannot_be_written_out_gets_one_sentence(size: Any) -> None:
    with pytest.raises(SpecError, match=r"^The input is \[channels, height, width\].*\.$"):
        NetSpec.from_dict({"input": size, "layers": []})


@pytest.mark.parametrize(("given", "meant"), [([32, 32, 3], "[3, 32, 32]"), ((28, 28, 1), "[1, 28, 28]")])
def test_an_input_with_its_channels_last_gets_a_hint(given: Any, meant: str) -> None:
    with pytest.raises(SpecError, match=re.escape(f"did you mean {meant}?")):
        NetSpec.from_dict({"input": given, "layers": []})
    with pytest.raises(SpecError, match="did you mean"):
        NetSpec.from_json(json.dumps({"input": given, "layers": []}))
    assert NetSpec((32, 32, 3), ()).input == (32, 32, 3)


def test_strides_without_end_are_refused_soon_and_in_one_sentence() -> None:
    far = {"type": "conv", "channels": 1, "kernel": 3, "stride": 63, "padding": 512}
    spec = NetSpec.from_dict({"input": [1, 50, 50], "layers": [far] * 500})
    (problem,) = spec.problems()
    assert "1,000,000,000,000 pixels" in problem
    assert sum(row.output_shape is not None for row in spec.rows()) < 10
    block = {"type": "residual", "layers": [far] * 400}
    assert len(NetSpec.from_dict({"input": [1, 17, 17], "layers": [block]}).problems()) == 1


def test_the_layer_that_causes_it_is_named() -> None:
    layers = [{"type": "conv", "kernel": 5}, {"type": "max_pool", "kernel": 2}, {"type": "conv", "kernel": 5}]
    spec = NetSpec.from_dict({"input": [1, 12, 12], "layers": [*layers, {"type": "relu"}]})
    (problem,) = spec.problems()
    assert problem.startswith("Layer 3 (conv 5×5, 8): ")
    assert "padded input has 4×4" in problem
    assert [row.output_shape for row in spec.rows()] == [(8, 8, 8), (8, 4, 4), None, None]


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_can_be_built_and_say_what_they_are(preset: str) -> None:
    entry = PRESETS[preset]
    assert entry.spec.problems() == []
    assert entry.about.endswith(".")
    assert entry.title
    assert entry.source
    assert entry.pages
    assert parse_stack(stack_text(entry.spec)) == entry.spec


@pytest.mark.parametrize("preset", [p for p in PRESETS if max(PRESETS[p].spec.input) < 100])
def test_presets_count_as_torchinfo_counts(preset: str) -> None:
    spec = PRESETS[preset].spec
    summary = torchinfo.summary(torch_network(spec), (1, *spec.input), verbose=0)
    assert sum(spec.parameter_counts()) == summary.total_params
    assert spec.output_shape == tuple(torch_network(spec)(torch.zeros(2, *spec.input)).shape[1:])


def test_the_tutorial_s_dense_layer() -> None:
    dense = [name for name in PRESETS if name.startswith("tutorial_d")]
    counts = {name: PRESETS[name].spec.parameter_counts() for name in dense}
    assert 3 * 3 * 64 == 576
    assert counts["tutorial_dense"][-3:] == [576 * 1000 + 1000, 0, 1000 * 10 + 10]
    assert counts["tutorial_direct"][-1] == 5_770
    assert sum(counts["tutorial_dropout"]) == sum(counts["tutorial_dense"])


def exported(spec: NetSpec, tmp_path: Path) -> torch.nn.Module:
    script = tmp_path / "network.py"
    script.write_text(pytorch_source(spec), encoding="utf-8")
    network: torch.nn.Module = runpy.run_path(str(script))["network"]
    runpy.run_path(str(script), run_name="__main__")
    return network


@pytest.mark.parametrize("preset", [p for p in PRESETS if max(PRESETS[p].spec.input) < 100])
def test_exported_source_runs_and_computes_the_same(preset: str, tmp_path: Path) -> None:
    spec = PRESETS[preset].spec
    theirs, ours = exported(spec, tmp_path).eval(), torch_network(spec).eval()
    weights = [p.numel() for p in theirs.parameters()]
    assert sum(weights) == sum(spec.parameter_counts())
    theirs.load_state_dict(dict(zip(theirs.state_dict(), ours.state_dict().values(), strict=True)))
    x = torch.rand(2, *spec.input)
    with torch.no_grad():
        assert torch.equal(theirs(x), ours(x))


def test_a_network_whose_maps_are_one_number_runs_as_a_script(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """In training, torch refuses batch normalisation of a single number: the script evaluates."""
    spec = NetSpec.from_dict({"input": [1, 1, 1], "layers": [{"type": "batch_norm"}]})
    exported(spec, tmp_path_factory.mktemp("export"))


@settings(max_examples=25)
@given(legal_networks())
def test_any_legal_network_exports(
    tmp_path_factory: pytest.TempPathFactory, given_net: dict[str, Any]
) -> None:
    spec = NetSpec.from_dict(given_net)
    network = exported(spec, tmp_path_factory.mktemp("export")).eval()
    with torch.no_grad():
        assert tuple(network(torch.zeros(2, *spec.input)).shape[1:]) == spec.output_shape


@pytest.mark.parametrize(
    "preset", ["small", "tutorial_dense", "tutorial_dropout", "tiny_vgg", "lenet5", "dense_only"]
)
def test_dense_layers_as_convolutions_give_the_same_outputs(preset: str) -> None:
    spec = PRESETS[preset].spec
    assert has_dense_end(spec)
    twin = dense_as_convolution(spec)
    assert not any(isinstance(layer, Dense) for layer in twin.layers)
    assert sum(twin.parameter_counts()) == sum(spec.parameter_counts())
    dense, conv = torch_network(spec).eval(), torch_network(twin).eval()
    ours = zip(conv.state_dict().items(), dense.state_dict().values(), strict=True)
    conv.load_state_dict({name: value.reshape(own.shape) for (name, own), value in ours})
    x = torch.rand(3, *spec.input)
    with torch.no_grad():
        np.testing.assert_allclose(conv(x).flatten(1).numpy(), dense(x).numpy(), rtol=1e-4, atol=1e-6)
        larger = conv(torch.rand(1, spec.input[0], spec.input[1] + 8, spec.input[2] + 8))
    assert larger.shape[2] > 1


def test_a_global_pool_leaves_one_weight_for_each_map_and_class() -> None:
    twin = with_global_pooling(PRESETS["tutorial_dropout"].spec)
    assert [layer.type for layer in twin.layers[-3:]] == ["global_avg_pool", "dropout", "dense"]
    assert twin.parameter_counts()[-1] == 64 * 10 + 10
    assert twin.output_shape == (10,)


def test_networks_without_a_dense_end_cannot_be_converted() -> None:
    spec = PRESETS["deep_residual"].spec
    assert not has_dense_end(spec)
    for way in (dense_as_convolution, with_global_pooling):
        with pytest.raises(LayerError, match="no dense layer"):
            way(spec)


def test_the_residual_twin_has_the_same_weights() -> None:
    plain, twin = PRESETS["deep_plain"].spec, PRESETS["deep_residual"].spec
    assert sum(plain.parameter_counts()) == sum(twin.parameter_counts())
    assert sum(isinstance(layer, Residual) for layer in twin.layers) == 6
