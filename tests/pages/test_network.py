"""The page "Network" without a browser: every tab with every kind of stack, and what its buttons do."""

from __future__ import annotations

from typing import Any

import pytest
from app_pages import PAGES
from apptest import open_page, text, views
from streamlit.testing.v1 import AppTest

from cnnviz.core.networks.convert import dense_as_convolution, with_global_pooling
from cnnviz.core.networks.presets import PRESETS
from cnnviz.core.networks.spec import NetSpec
from cnnviz.core.networks.text import stack_text
from cnnviz.ui.network import variants
from cnnviz.ui.network.experiments import EXPERIMENTS, TOO_DEEP

NETWORK = next(page for page in PAGES if page.path == "network")
TABS = ("The dense layer worked out", "Output", "Dense as a convolution", "Code and link")
DENSE = {"type": "dense", "units": 10}
FLAT = {"type": "flatten"}


def net(shape: list[int], *layers: dict[str, Any]) -> NetSpec:
    return NetSpec.from_dict({"input": shape, "layers": list(layers)})


STACKS = {
    "empty": net([1, 1, 1]),
    "largest input": net([4096, 8192, 8192]),
    "illegal": TOO_DEEP,
    "maps at the end": net([3, 8, 8], {"type": "conv"}),
    "flatten at the end": net([3, 8, 8], FLAT),
    "dense wider than any convolution": net([3, 8, 8], FLAT, {"type": "dense", "units": 100_000}, DENSE),
    "maps larger than any kernel": net([1, 600, 2], FLAT, DENSE),
    "largest map": net([1, 8192, 1], {"type": "max_pool", "kernel": [512, 1]}, FLAT, DENSE),
    "norm before dense": net([3, 8, 8], FLAT, {"type": "batch_norm"}, DENSE),
    "one number": net([1, 1, 1], FLAT, {"type": "dense", "units": 1}),
    "layers behind the last dense": net([1, 4, 4], FLAT, DENSE, {"type": "dropout"}, {"type": "softplus"}),
    "two flattens": net([1, 4, 4], FLAT, FLAT, DENSE, FLAT, DENSE),
    "dropout twice": net([1, 4, 4], FLAT, {"type": "dropout"}, DENSE, {"type": "dropout"}, DENSE),
}


def opened(spec: NetSpec, tab: str) -> AppTest:
    return open_page(NETWORK.script, {"n_stack": stack_text(spec), "n_tab": tab, "px": "256"})


def view(app: AppTest, key: str = "n_view") -> dict[str, Any]:
    return views(app)[key]


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("name", STACKS)
def test_every_tab_stands_with_every_stack(name: str, tab: str) -> None:
    spec = STACKS[name]
    app = opened(spec, tab)
    assert len(view(app)["nodes"]) == len(spec.layers)
    if spec.problems():
        assert spec.problems()[0] in text(app)


@pytest.mark.parametrize("name", ["tutorial_dense", "lenet5", "tiny_vgg", "dense_only"])
def test_the_way_from_dense_to_convolution(name: str) -> None:
    spec = PRESETS[name].spec
    for key, want in (("n_as_conv", dense_as_convolution(spec)), ("n_as_pool", with_global_pooling(spec))):
        app = opened(spec, "Dense as a convolution")
        before, after = (sum(one.parameter_counts()) for one in (spec, want))
        assert (f"**{after:,}** after" in text(app)) == (key == "n_as_pool")
        next(button for button in app.button if button.key == key).click()
        app.run()
        assert app.session_state["n_stack"] == want
        assert view(app)["totals"]["parameters"] == f"{after:,}"
        assert (after == before) == (key == "n_as_conv")


@pytest.mark.parametrize("name", ["tutorial_dense", "tutorial_dropout", "tutorial_direct", "dropout twice"])
def test_other_ends_say_how_many_weights_they_have(name: str) -> None:
    spec = STACKS[name] if name in STACKS else PRESETS[name].spec
    end = variants.dense_end(spec)
    assert end is not None
    app = opened(spec, TABS[0])
    found = variants.variants(spec, end)
    assert len({variant.title for variant in found}) == len(found) >= 2
    for number, variant in enumerate(found):
        assert variant.spec.problems() == []
        count = sum(variant.spec.parameter_counts())
        assert f"**{variant.title}**  \n{count:,} weights" in text(app)
        button = next(button for button in app.button if button.key == f"n_variant_{number}")
        assert button.label == "Use it"


def test_the_ends_of_the_tutorial() -> None:
    spec = PRESETS["tutorial_dense"].spec
    end = variants.dense_end(spec)
    assert end is not None
    assert (end.maps, end.dense) == ((64, 3, 3), (10, 12))
    specs = {variant.title: variant.spec for variant in variants.variants(spec, end)}
    assert specs["No hidden dense layer"] == PRESETS["tutorial_direct"].spec
    assert specs["With dropout, p = 0.5"] == PRESETS["tutorial_dropout"].spec
    assert specs["One output node"] == PRESETS["tutorial_single"].spec
    assert specs["One hidden node"].parameter_counts()[10] == 577
    back = PRESETS["tutorial_dropout"].spec
    again = variants.dense_end(back)
    assert again is not None
    assert variants.variants(back, again)[2].spec == spec


def test_numbers_in_the_experiments_are_the_networks() -> None:
    words = {experiment.title: experiment.about for experiment in EXPERIMENTS}
    spec = PRESETS["tutorial_dense"].spec
    rows = spec.rows()
    weights, adds = (sum(getattr(row, name) for row in rows) for name in ("parameters", "multiply_adds"))
    convolutions = [row for row in rows if row.layer.type == "conv"]
    share = 100 * sum(row.parameters for row in convolutions) / weights
    work = 100 * sum(row.multiply_adds for row in convolutions) / adds
    assert f"577,000 of the {weights:,} weights, {100 * 577_000 / weights:.1f} %" in words["Find the weights"]
    assert f"{share:.1f} %" in words["Find the weights"]
    assert f"{work:.0f} %" in words["Find the weights"]
    dense = PRESETS["dense_only"].spec.parameter_counts()
    assert f"{sum(dense):,} weights, {100 * dense[1] / sum(dense):.0f} %" in words["Do without convolution"]
    assert f"{sum(PRESETS['small'].spec.parameter_counts()):,}" in words["Do without convolution"]
    for name in ("deep_plain", "deep_residual"):
        assert f"{sum(PRESETS[name].spec.parameter_counts()):,}" in words["Jump over two layers"]
    assert len(TOO_DEEP.problems()) == 1
    assert [row.output_shape for row in TOO_DEEP.rows()][5] == (8, 4, 4)
