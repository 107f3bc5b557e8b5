"""Settings: read, written, bounded; every control has its place in the table."""

import dataclasses
import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic import NET, RICH_NET

from cnnviz.engine.config.controls import CONTROLS, LIVE, ConfigError
from cnnviz.engine.config.slider_steps import decades, doublings, evenly
from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.engine.training.optimizers import SCHEDULES
from cnnviz.engine.training.outputs import OUTPUTS


def test_every_setting_but_the_network_is_in_the_table():
    names = [part.name for part in dataclasses.fields(TrainConfig)]
    assert set(names) == {"net", *CONTROLS}
    for name, control in CONTROLS.items():
        assert control.about.endswith(".")
        assert getattr(TrainConfig(), name) == control.default
        assert list(control.stops) == sorted(set(control.stops))
        assert all(control.parse(name, stop) == stop for stop in control.stops)
        assert control.kind == "number" or not control.live
        assert control.parse(name, getattr(TrainConfig(), name)) == getattr(TrainConfig(), name)
    assert LIVE == ("momentum", "weight_decay", "rate")


def test_the_choices_are_those_that_exist():
    assert set(CONTROLS["output"].options) == set(OUTPUTS)
    assert set(CONTROLS["schedule"].options) == set(SCHEDULES)


@st.composite
def _configs(draw):
    given_ = {"net": draw(st.sampled_from([NET, RICH_NET]))}
    for name, control in CONTROLS.items():
        if control.kind == "choice" and control.options:
            given_[name] = draw(st.sampled_from(sorted(control.options)))
        elif control.kind == "count":
            given_[name] = draw(st.integers(int(control.low), int(control.high)))
        elif control.kind == "number":
            given_[name] = draw(st.floats(control.low, control.high))
        elif control.kind == "switch":
            given_[name] = draw(st.booleans())
        if control.without and draw(st.booleans()):
            given_[name] = None
    return TrainConfig(**given_)


@settings(max_examples=50)
@given(_configs())
def test_json_and_back_is_the_same(config):
    text = config.to_json()
    assert TrainConfig.from_json(text) == config
    assert TrainConfig.from_dict(json.loads(text)) == config
    assert hash(TrainConfig.from_json(text)) == hash(config)


@pytest.mark.parametrize(
    ("given_", "sentence"),
    [
        ({"rate": 0}, "'rate' must be a number from 1e-07 to 10000, not 0"),
        ({"rate": math.nan}, "'rate' must be"),
        ({"rate": "fast"}, "'rate' must be"),
        ({"rate": True}, "'rate' must be"),
        ({"batch": 2.5}, "'batch' must be a whole number from 1 to 1024, not 2.5"),
        ({"batch": 10**400}, "'batch' must be"),
        ({"batch": 10**5000}, "such a long number"),
        ({"rate": 10**5000}, "from 1e-07 to 10000, not such a long number"),
        ({"noise": 10**400}, "'noise' must be a number from 0 to 1, not 1000"),
        ({"dataset": 5}, "'dataset' must be text, not 5"),
        ({"seed": -1}, "'seed' must be"),
        ({"optimizer": "adagrad"}, "must be one of sgd, momentum, nesterov, rmsprop, adam, adamw"),
        ({"optimizer": ["adam"]}, "'optimizer' must be one of"),
        ({"shuffle_labels": 1}, "'shuffle_labels' must be true or false"),
        ({"batch": None}, "'batch' must be"),
        ({"net": 3}, "'net' must be a NetSpec or its dict, not 3"),
        ({"colour": 3}, "no setting 'colour'"),
        ("text", "must be a JSON object"),
    ],
)
def test_what_cannot_be_read_gets_one_sentence(given_, sentence):
    with pytest.raises(ConfigError) as caught:
        TrainConfig.from_dict(given_)
    assert sentence in str(caught.value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '{"rate": 1e999}', '{"seed": ' + "9" * 6000 + "}"])
def test_bad_json_gets_one_sentence(text):
    with pytest.raises(ConfigError):
        TrainConfig.from_json(text)


@pytest.mark.parametrize(
    ("name", "right"),
    [("lr", "'rate'"), ("epochs", "'max_steps'"), ("batch_size", "'batch'"), ("momntum", "'momentum'")],
)
def test_another_name_for_a_setting_gets_the_right_one(name, right):
    for make in (TrainConfig, TrainConfig().changed, lambda **given: TrainConfig.from_dict(given)):
        with pytest.raises(ConfigError, match=f"no setting '{name}'.*{right}"):
            make(**{name: 1})


def test_one_node_for_one_class():
    config = TrainConfig(net=NET, output="binary", binary_class=3)
    assert config.trained_net.shapes()[-1] == (1,)
    assert config.net.shapes()[-1] == (4,)
    assert config.problems((1, 12, 12), 4) == []


NORM = {"type": "batch_norm"}


@pytest.mark.parametrize("settings", [{"batch": 1}, {"train_size": 1}])
@pytest.mark.parametrize(
    ("layers", "good"),
    [
        ([NORM, {"type": "flatten"}], True),
        ([{"type": "flatten"}, NORM], False),
        ([{"type": "max_pool", "kernel": 12}, NORM, {"type": "flatten"}], False),
        (
            [{"type": "max_pool", "kernel": 12}, {"type": "residual", "layers": [NORM]}, {"type": "flatten"}],
            False,
        ),
    ],
)
def test_batch_norm_of_one_number_is_refused(settings, layers, good):
    net = {"input": [1, 12, 12], "layers": [*layers, {"type": "dense", "units": 4}]}
    config = TrainConfig(net=net, **settings)
    found = config.problems((1, 12, 12), 4)
    assert (found == []) is good
    if not good:
        assert found[0].startswith("Layer 2 (")
        assert "would normalise one number a map" in found[0]
        assert config.changed(batch=2, train_size=2).problems((1, 12, 12), 4) == []


def test_settings_fit_themselves_to_other_data():
    config = TrainConfig(net=NET, binary_class=3).fitted((3, 16, 16), 3)
    assert config.net.input == (3, 16, 16)
    assert config.binary_class == 2
    assert config.problems((3, 16, 16), 3) == []


def test_epochs_and_the_schedule_s_horizon():
    config = TrainConfig(batch=64)
    assert config.steps_per_epoch(8000) == 125
    assert config.steps_per_epoch(10) == 1
    assert config.changed(train_size=640).steps_per_epoch(8000) == 10
    assert config.horizon(8000) == 1250
    assert config.changed(max_steps=77).horizon(8000) == 77


def test_where_sliders_stop():
    assert decades(-2, 0, (1, 5)) == (0.01, 0.05, 0.1, 0.5, 1.0)
    assert doublings(3, 25) == (3, 6, 12, 24)
    assert evenly(0, 0.99, 0.01) == tuple(number / 100 for number in range(100))
