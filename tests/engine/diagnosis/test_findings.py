"""Findings: each rule finds its own case, is silent just beside it, and suggests settings that can run."""

import math

import numpy as np
import pytest

from cnnviz.engine.config.train_config import EXAMPLE_NET, TrainConfig
from cnnviz.engine.diagnosis.diagnose import FEWEST_STEPS, diagnose
from cnnviz.engine.diagnosis.findings import TITLES
from cnnviz.engine.diagnosis.rules import RULES
from cnnviz.engine.runs.history import History
from cnnviz.engine.wire.records import BANDS, LayerStats, Started, StepBlock, Validation

SIGMOIDS = {
    "input": [1, 28, 28],
    "layers": [
        {"type": "flatten"},
        *[{"type": "dense", "units": 32}, {"type": "sigmoid"}] * 5,
        {"type": "dense", "units": 10},
    ],
}
PLAIN = {
    "input": [1, 28, 28],
    "layers": [
        *[{"type": "conv", "channels": 4, "kernel": 3}, {"type": "relu"}] * 8,
        {"type": "global_avg_pool"},
        {"type": "dense", "units": 10},
    ],
}


def _history(
    config, steps=120, *, loss=None, gradients=1.0, ratios=1e-3, accuracy=0.5, validation=(), **stats
):
    """A history whose curves are given; numbers are spread over all steps, and over all layers."""
    net = config.trained_net
    weight_layers = tuple(n for n, count in enumerate(net.parameter_counts()) if count)
    layers = tuple(f"{n + 1} {layer.label}" for n, layer in enumerate(net.layers))
    history = History()
    history.add(
        Started(0, layers, tuple(net.shapes()), weight_layers, tuple("0123456789"), 1, 1, 1, 1, "cpu")
    )
    row = np.linspace(2.3, 0.3, steps) if loss is None else np.resize(np.asarray(loss, float), steps)
    wide = (steps, len(weight_layers))
    tables = {
        "gradient_norms": np.broadcast_to(gradients, wide),
        "gradient_means": np.broadcast_to(gradients, wide),
        "update_ratios": np.broadcast_to(ratios, wide),
    }
    rows = {
        "loss": row,
        "accuracy": np.full(steps, accuracy),
        "milliseconds": row,
        "rate": np.full(steps, 0.1),
    }
    history.add(StepBlock(steps, **{k: np.asarray(v, np.float32) for k, v in (rows | tables).items()}))
    for step, value, right in validation:
        history.add(Validation(step, "validation", value, right, 500))
    nothing = np.full(len(layers), math.nan, np.float32)
    bands = np.zeros((len(layers), len(BANDS)), np.float32)
    shares = {name: np.float32(value) for name, value in stats.items()}
    history.add(
        LayerStats(
            steps,
            nothing,
            nothing,
            shares.get("dead", nothing),
            shares.get("saturated", nothing),
            bands,
            bands,
        )
    )
    return history


EXAMPLE = TrainConfig()
SIGMOID = TrainConfig(net=SIGMOIDS)
DEEP = TrainConfig(net=PLAIN)
FLAT = [2.3]
SHRINKING = np.geomspace(1 / 900, 1, 6)

CASES = {
    "not_a_number": (EXAMPLE, {"loss": [*[2.3] * 119, math.nan], "ratios": 2.0}),
    "exploding": (EXAMPLE, {"gradients": np.array([500.0, 30.0, 1.0])}),
    "vanishing": (SIGMOID, {"gradients": SHRINKING, "loss": FLAT}),
    "dead": (EXAMPLE, {"dead": [math.nan, 0.9, math.nan, math.nan, 0.2, math.nan, math.nan, math.nan]}),
    "saturated": (SIGMOID, {"saturated": [math.nan, math.nan, 0.8, *[math.nan] * 9]}),
    "rate_too_high": (EXAMPLE, {"loss": [2.3, 2.3, 2.3, 30.0, *[2.0] * 116]}),
    "rate_too_low": (EXAMPLE, {"loss": FLAT, "ratios": 3e-6}),
    "overfitting": (
        EXAMPLE,
        {"accuracy": 0.99, "validation": [(10, 1.5, 0.5), (40, 0.9, 0.7), (120, 1.6, 0.7)]},
    ),
    "not_learning": (EXAMPLE, {"loss": FLAT, "gradients": np.array([0.0, 0.0, 1.0])}),
}
SILENT = {
    "not_a_number": (EXAMPLE, {"loss": [*[2.3] * 118, 1e30, 2.3]}),
    "exploding": (EXAMPLE, {"gradients": np.array([50.0, 30.0, 1.0])}),
    "vanishing": (SIGMOID, {"gradients": np.geomspace(1 / 80, 1, 6)}),
    "dead": (EXAMPLE, {"dead": [math.nan, 0.6, math.nan, math.nan, 0.2, math.nan, math.nan, math.nan]}),
    "saturated": (SIGMOID, {"saturated": [math.nan, math.nan, 0.4, *[math.nan] * 9]}),
    "rate_too_high": (EXAMPLE, {"loss": [2.3, 2.3, 2.3, 4.0, *[2.0] * 116], "ratios": 0.02}),
    "rate_too_low": (EXAMPLE, {"loss": np.linspace(2.3, 1, 120), "ratios": 3e-6}),
    "overfitting": (
        EXAMPLE,
        {"accuracy": 0.75, "validation": [(10, 1.5, 0.5), (40, 0.9, 0.7), (120, 1.6, 0.7)]},
    ),
    "not_learning": (EXAMPLE, {"loss": np.linspace(2.3, 1.8, 120)}),
}


def test_every_rule_has_a_title_and_both_kinds_of_case():
    assert set(RULES) == set(TITLES) == set(CASES) == set(SILENT)


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_finds_its_case(rule):
    config, story = CASES[rule]
    findings = diagnose(_history(config, **story), config)
    found = {finding.rule: finding for finding in findings}
    assert rule in found
    finding = found[rule]
    assert finding.sentence.endswith(f"{finding.remedy.advice}.")
    assert finding.evidence
    assert all(isinstance(value, float) for value in finding.evidence.values())
    changed = config.changed(**finding.change)
    assert changed != config
    assert changed.problems((1, 28, 28), 10) == []


@pytest.mark.parametrize("rule", SILENT)
def test_a_rule_is_silent_just_beside_its_case(rule):
    config, story = SILENT[rule]
    assert rule not in [finding.rule for finding in diagnose(_history(config, **story), config)]


def test_a_healthy_run_gets_no_finding():
    for config in (EXAMPLE, SIGMOID, DEEP):
        validation = [(1, 2.3, 0.1), (60, 1.0, 0.6), (120, 0.5, 0.8)]
        assert diagnose(_history(config, validation=validation), config) == []


def test_the_issues_own_example():
    (finding,) = diagnose(_history(SIGMOID, gradients=SHRINKING, loss=FLAT), SIGMOID)
    assert finding.title == "Vanishing gradient"
    assert finding.layer == 1
    assert finding.sentence == (
        "Layer 2 (dense 32) gets 1/900 of the last layer's gradient: vanishing, most likely because of "
        "5 sigmoid layers in a row; use ReLU instead of sigmoid."
    )
    assert finding.evidence["first ÷ last"] == pytest.approx(1 / 900)
    assert [layer["type"] for layer in finding.change["net"]["layers"]].count("relu") == 5


def test_causes_of_vanishing():
    story = {"gradients": np.geomspace(1e-4, 1, 9), "loss": FLAT}
    (plain,) = diagnose(_history(DEEP, **story), DEEP)
    assert "9 layers in a row without normalisation or shortcuts" in plain.sentence
    assert [layer["type"] for layer in plain.change["net"]["layers"]].count("batch_norm") == 8
    small = DEEP.changed(init="normal_small")
    (finding,) = diagnose(_history(small, **story), small)
    assert finding.change == {"init": "kaiming"}


def test_not_a_number_is_said_at_once_and_alone():
    history = _history(EXAMPLE, 3, loss=[2.3, 1e9, math.inf], gradients=np.array([1e9, 1, 1]))
    (finding,) = diagnose(history, EXAMPLE)
    assert finding.rule == "not_a_number"
    assert finding.evidence["step"] == 3
    first = _history(EXAMPLE, 1, loss=[math.nan], ratios=math.nan)
    assert diagnose(first, EXAMPLE)[0].sentence == (
        "At step 1 the loss is no longer a number: the rate 0.001 is most likely too high; set the rate to "
        "0.0001."
    )


def test_little_is_said_of_a_run_that_has_just_begun():
    config, story = CASES["vanishing"]
    assert diagnose(_history(config, FEWEST_STEPS - 1, **story), config) == []
    assert diagnose(History(), config) == []


def test_dead_at_the_start_is_no_dead_unit():
    """Zero initialisation: every ReLU is at 0 and gets no gradient, because nothing has ever been tried."""
    dead = [math.nan, 1, math.nan, math.nan, 1, math.nan, math.nan, math.nan]
    history = _history(EXAMPLE, gradients=np.array([0.0, 0.0, 1.0]), loss=FLAT, dead=dead)
    (finding,) = diagnose(history, EXAMPLE)
    assert finding.rule == "not_learning"
    assert finding.change == {"init": "kaiming"}


@pytest.mark.parametrize(
    ("settings", "change"),
    [
        ({"train_size": 100}, {"train_size": None}),
        ({}, {"drop": 0.5}),
        ({"drop": 0.5}, {"augment": "shift"}),
        ({"drop": 0.5, "augment": "flip"}, {"optimizer": "adamw", "weight_decay": 0.05}),
    ],
)
def test_what_is_tried_against_overfitting(settings, change):
    config = EXAMPLE.changed(**settings)
    finding = {r.rule: r for r in diagnose(_history(config, **CASES["overfitting"][1]), config)}[
        "overfitting"
    ]
    assert finding.change == change


@pytest.mark.parametrize(("rate", "expected"), [(2.0, 0.2), (0.1, 0.01), (0.37, 0.04), (1e-7, 1e-7)])
def test_a_lower_rate_is_one_digit_within_its_bounds(rate, expected):
    config = EXAMPLE.changed(rate=rate)
    (finding,) = diagnose(_history(config, **CASES["not_a_number"][1]), config)
    assert finding.change["rate"] == expected


@pytest.mark.parametrize("kind", ["relu6", "hard_tanh", "hard_sigmoid", "hard_swish"])
def test_dead_units_of_every_kind_get_another_activation(kind):
    layers = [{"type": kind} if layer["type"] == "relu" else layer for layer in EXAMPLE_NET["layers"]]
    config = TrainConfig(net={"input": [1, 28, 28], "layers": layers})
    found = {f.rule: f for f in diagnose(_history(config, **CASES["dead"][1]), config)}
    kinds = [layer["type"] for layer in found["dead"].change["net"]["layers"]]
    assert kinds.count("leaky_relu") == 2
    assert kind not in kinds


def test_activations_in_blocks_are_swapped_too():
    block = {
        "type": "residual",
        "layers": [{"type": "conv", "channels": 8, "kernel": 3, "padding": 1}, {"type": "relu"}],
    }
    layers = [*EXAMPLE_NET["layers"][:2], block, *EXAMPLE_NET["layers"][2:]]
    config = TrainConfig(net={"input": [1, 28, 28], "layers": layers})
    history = _history(config, dead=[math.nan, 0.9, *[math.nan] * 7])
    (finding,) = diagnose(history, config)
    assert "relu'" not in str(finding.change).replace("leaky_relu'", "")
