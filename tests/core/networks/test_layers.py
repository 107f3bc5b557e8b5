"""Every layer type against torch: the same shapes, counts and refusals, and sentences that help."""

from __future__ import annotations

import re
from math import prod
from typing import Any

import numpy as np
import pytest
import torch
import torchinfo
from hypothesis import example, given, settings
from hypothesis import strategies as st
from networks import blocks, nested_list, networks, refused_windows, some_layers, window_layer
from numpy.typing import NDArray

from cnnviz.core.networks.layers import (
    LAYERS,
    Conv,
    Layer,
    LayerError,
    Residual,
    SpecError,
    layer_from_dict,
    schema,
)
from cnnviz.core.networks.spec import LayerRow, NetSpec


def shape_of(layer: Layer, shape: tuple[int, ...]) -> tuple[int, ...]:
    """What torch makes of two pictures of this shape."""
    with torch.no_grad():
        return tuple(layer.module(shape).eval()(torch.zeros(2, *shape)).shape[1:])


@pytest.mark.parametrize("name", LAYERS)
def test_each_type_tells_what_it_is(name: str) -> None:
    kind = LAYERS[name]
    assert kind.type == name
    assert kind.title
    assert kind.about.endswith(".")
    assert kind.group
    shorts = [field.short for field in kind.fields]
    assert len(set(shorts)) == len(shorts)
    assert all(len(short) == 1 for short in shorts)
    assert schema()[name]["fields"] == [field.to_json() for field in kind.fields]


windows = st.fixed_dictionaries({
    "kernel": st.integers(1, 4), "stride": st.integers(1, 4), "padding": st.sampled_from(["same", 0, 1, 2]),
    "ceil_mode": st.booleans(),
})  # fmt: skip


def pooled(layer: Layer, values: NDArray[np.float32]) -> NDArray[np.float32]:
    with torch.no_grad():
        result: NDArray[np.float32] = layer.module(values.shape)(torch.from_numpy(values)[None])[0].numpy()
    return result


@settings(max_examples=400)
@given(
    st.sampled_from(["max_pool", "avg_pool"]),
    windows,
    st.integers(1, 9),
    st.integers(1, 9),
    st.integers(1, 3),
)
@example("max_pool", {"kernel": 2, "stride": 2, "padding": "same", "ceil_mode": True}, 2, 2, 1)
@example("max_pool", {"kernel": 2, "stride": 2, "padding": "same", "ceil_mode": True}, 26, 26, 1)
@example("max_pool", {"kernel": 2, "stride": 1, "padding": 1, "ceil_mode": False}, 1, 1, 2)
def test_every_window_of_a_pool_meets_a_cell(
    name: str, setting: dict[str, Any], rows: int, cols: int, dilation: int
) -> None:
    """One that meets none would give minus infinity: it is left out, or the pool is refused."""
    extra = {"dilation": dilation} if name == "max_pool" else {}
    layer = layer_from_dict({"type": name, **setting, **extra})
    values = np.arange(1, rows * cols + 1, dtype=np.float32).reshape(1, rows, cols)
    try:
        shape = layer.output_shape(values.shape)
    except LayerError:
        shape = ()
    result = pooled(layer, values) if shape else np.zeros(())
    assert result.shape == shape
    assert np.isfinite(result).all()
    if shape and name == "max_pool":
        assert result[0, -1, -1] >= 1
        assert set(result.ravel()) <= set(values.ravel())


def test_a_pool_in_ceil_mode_with_padding_same_begins_no_window_behind_the_map() -> None:
    layer = layer_from_dict(
        {"type": "max_pool", "kernel": 2, "stride": 2, "padding": "same", "ceil_mode": True}
    )
    assert layer.output_shape((1, 2, 2)) == (1, 1, 1)
    assert pooled(layer, np.float32([[[1, 2], [3, 4]]])).tolist() == [[[4]]]


def test_dilated_windows_between_whose_taps_the_whole_map_lies_are_a_problem() -> None:
    layer = layer_from_dict({"type": "max_pool", "kernel": 2, "stride": 1, "padding": 1, "dilation": 2})
    with pytest.raises(
        LayerError, match="the windows of output row 0 have no cell of the input, only padding"
    ):
        layer.output_shape((1, 1, 1))


@pytest.mark.parametrize("name", [name for name in LAYERS if name != "residual"])
def test_defaults_build_and_survive_json(name: str) -> None:
    layer = layer_from_dict({"type": name})
    assert layer_from_dict(layer.to_dict()) == layer
    shape = (192,) if name == "dense" else (3, 8, 8)
    assert layer.output_shape(shape) == shape_of(layer, shape)
    parameters = sum(p.numel() for p in layer.module(shape).parameters())
    assert layer.parameter_count(shape) == parameters
    if parameters:
        assert eval(layer.parameter_formula(shape).replace("×", "*")) == parameters


@settings(max_examples=300)
@given(networks(some_layers))
def test_a_network_is_refused_exactly_where_torch_refuses_it(given_net: dict[str, Any]) -> None:
    spec = NetSpec.from_dict(given_net)
    problems = spec.problems()
    if problems:
        assert len(problems) == 1
        with pytest.raises(LayerError, match=re.escape(problems[0])):
            spec.shapes()
        return
    at = spec.input
    for layer, shape, count in zip(spec.layers, spec.shapes(), spec.parameter_counts(), strict=True):
        module = layer.module(at)
        with torch.no_grad():
            assert tuple(module.eval()(torch.zeros(2, *at)).shape[1:]) == shape
        assert sum(p.numel() for p in module.parameters()) == count
        at = shape


@settings(max_examples=300)
@given(refused_windows())
def test_what_is_refused_torch_cannot_do_either(given_net: dict[str, Any]) -> None:
    """Window layers, one at a time: where we say no, torch raises or would read nothing but padding."""
    spec = NetSpec.from_dict(given_net)
    finite = True
    try:
        calls = spec.layers[0].calls(spec.input)
        made = [getattr(torch.nn, call.name)(*call.positional, **dict(call.named)) for call in calls]
        finite = bool(torch.nn.Sequential(*made)(torch.zeros(2, *spec.input)).isfinite().all())
    except (RuntimeError, ValueError):
        finite = False
    assert not finite


def first_row(given_net: dict[str, Any]) -> LayerRow:
    return NetSpec.from_dict(given_net).rows()[0]


@settings(max_examples=200)
@given(refused_windows().filter(lambda net: bool(first_row(net).fixes)))
def test_what_a_refusal_advises_works(given_net: dict[str, Any]) -> None:
    row = first_row(given_net)
    for fix in row.fixes:
        changed = NetSpec.from_dict({**given_net, "layers": [{**given_net["layers"][0], **fix}]})
        again = changed.rows()[0].problem  # a second fault is told when the first is mended
        assert again == "" or "groups" in again, (given_net, fix)
        assert all(f"{name} {value}" in row.problem for name, value in fix.items())


@settings(max_examples=100)
@given(networks(window_layer.map(lambda one: [one])).filter(lambda net: bool(first_row(net).notice)))
def test_what_a_notice_about_rounding_names_fits_exactly(given_net: dict[str, Any]) -> None:
    named = re.findall(r"(padding|kernel|stride|dilation) (\d+)", first_row(given_net).notice)
    assert named
    for name, value in named:
        layer = {**given_net["layers"][0], name: int(value)}
        assert not first_row({**given_net, "layers": [layer]}).notice


@settings(max_examples=100)
@given(networks(blocks.map(lambda one: [one]), (2,)))
def test_a_residual_block_equals_torch(given_net: dict[str, Any]) -> None:
    spec = NetSpec.from_dict(given_net)
    assert not spec.problems()
    block = spec.layers[0]
    assert isinstance(block, Residual)
    module = block.module(spec.input).eval()
    x = torch.rand(2, *spec.input)
    with torch.no_grad():
        assert torch.equal(module(x), module.body(x) + module.shortcut(x))
    assert tuple(module(x).shape[1:]) == spec.output_shape
    assert sum(p.numel() for p in module.parameters()) == sum(spec.parameter_counts())


@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize("bias", [True, False])
def test_counts_are_torchinfo_s(groups: int, bias: bool) -> None:
    conv = Conv(6, (5, 3), (2, 1), (2, 1), (1, 2), groups, bias)
    summary = torchinfo.summary(conv.module((4, 17, 19)), (1, 4, 17, 19), verbose=0)
    assert conv.parameter_count((4, 17, 19)) == summary.total_params
    _, rows, cols = conv.output_shape((4, 17, 19))
    biases = 6 * rows * cols if bias else 0  # torchinfo counts adding the bias as well
    assert conv.multiply_adds((4, 17, 19)) == summary.total_mult_adds - biases


def test_the_product_is_written_out() -> None:
    assert Conv(32, (5, 5)).parameter_formula((3, 56, 56)) == "5×5×3×32 + 32"
    assert Conv(32, (5, 5), padding="same").output_shape((3, 56, 56)) == (32, 56, 56)
    assert layer_from_dict({"type": "dense", "units": 1000}).parameter_formula((576,)) == "576×1000 + 1000"


def test_half_pixels_are_said_with_numbers() -> None:
    pool = layer_from_dict({"type": "max_pool", "kernel": 2, "stride": 2})
    notice = pool.notice((64, 7, 7))
    assert notice.startswith("(7 − 2) / 2 + 1 = 3.5 is not a whole number")
    assert "the last row and column of the input are never read" in notice
    assert not pool.notice((64, 8, 8))
    padded = layer_from_dict({"type": "conv", "kernel": 3, "stride": 2, "padding": 1})
    assert "only padding is left out" in padded.notice((4, 8, 8))


@pytest.mark.parametrize(
    ("given_layer", "said"),
    [
        (3, "JSON object"),
        ({"type": "convolution"}, "no layer type 'convolution'"),
        ({"type": ["conv"]}, "no layer type"),
        ({"type": "conv", "kernal": 3}, "no setting called 'kernal'"),
        ({"type": "conv", "kernel": 0}, "from 1 to 512, not 0"),
        ({"type": "conv", "kernel": 2.5}, "whole number from 1 to 512, not 2.5"),
        ({"type": "conv", "kernel": True}, "whole number from 1 to 512, not True"),
        ({"type": "conv", "kernel": [3, 3, 3]}, "one number or two, not 3"),
        ({"type": "conv", "padding": "full"}, "whole number"),
        ({"type": "conv", "channels": 10**5000}, "from 1 to 4096"),
        ({"type": "dropout", "p": float("nan")}, "must be a number"),
        ({"type": "dropout", "p": 1}, "from 0 to 0.95"),
        ({"type": "conv", "bias": 1}, "true or false"),
        ({"type": "residual", "layers": "conv"}, "JSON list"),
        ({"type": "residual", "layers": [], "shortcut": "none"}, "one of identity, projection"),
        ({"type": "relu", "slope": 1}, "it has: none"),
        ([10**5000], "not such a long number"),
        ({"type": 10**5000}, "type such a long number"),
        ({"type": "relu", 10**5000: 1}, "called such a long number"),
        ({"type": "residual", 10**5000: 1}, "called such a long number"),
        ({"type": "dropout", "p": 10**400}, "from 0 to 0.95"),
        ({"type": "elu", "alpha": float("inf")}, "from 0.1 to 2, not inf"),
        ({"type": "residual", "shortcut": np.zeros(2)}, "one of identity, projection"),
        (
            {"type": "conv", "kernel": {"deep": nested_list(100_000)}},
            "whole number from 1 to 512, not {'deep': [[[",
        ),
        (nested_list(100_000), "JSON object"),
        ({"type": "a\nb"}, r"type 'a\nb'"),
    ],
)
def test_bad_descriptions_get_one_sentence(given_layer: object, said: str) -> None:
    with pytest.raises(SpecError) as caught:
        layer_from_dict(given_layer)
    message = str(caught.value)
    assert said in message
    assert message.endswith(".")
    assert len(message) < 400


def test_a_value_that_cannot_be_written_out_gets_its_sentence() -> None:
    class Unwritable:
        def __repr__(self) -> str:
            raise RuntimeError

    with pytest.raises(SpecError, match="not <Unwritable instance"):
        layer_from_dict({"type": "conv", "kernel": Unwritable()})


def test_blocks_in_blocks_end_somewhere() -> None:
    nested: dict[str, Any] = {"type": "relu"}
    for _ in range(2000):
        nested = {"type": "residual", "layers": [nested]}
    with pytest.raises(SpecError, match="nested at most"):
        NetSpec.from_dict({"input": [1, 8, 8], "layers": [nested]})
    with pytest.raises(SpecError, match="at most 500 layers"):
        NetSpec.from_dict({"input": [1, 8, 8], "layers": [{"type": "relu"}] * 501})


def test_activation_memory_is_float32() -> None:
    row = NetSpec.from_dict(
        {"input": [3, 56, 56], "layers": [{"type": "conv", "channels": 32, "padding": 1}]}
    ).rows()[0]
    assert row.activation_bytes == 4 * prod((32, 56, 56))
