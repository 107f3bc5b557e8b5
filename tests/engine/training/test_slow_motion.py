"""Slow motion: a real step, reported in five parts whose numbers belong together."""

import numpy as np
import pytest
import torch
from synthetic import NAMES, NET, RICH_NET, stripes
from torch.nn import functional

from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.engine.training.slow_motion import slow_step, small_layer
from cnnviz.engine.training.trainer import Trainer
from cnnviz.engine.wire.records import STAGES, StepBlock, SubStep, record_from_message

DATA = stripes()


def _trainer(**settings) -> Trainer:
    return Trainer(TrainConfig(**({"net": NET, "batch": 16, "rate": 0.01} | settings)), DATA, NAMES)


def _parts(trainer, layer=None) -> dict[str, SubStep]:
    return {each.stage: each for each in slow_step(trainer, layer) if isinstance(each, SubStep)}


@pytest.mark.parametrize("net", [NET, RICH_NET])
@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam", "rmsprop"])
def test_it_is_a_step_like_any_other(net, optimizer):
    slow, plain = (_trainer(net=net, optimizer=optimizer, drop=0.2) for _ in "ab")
    records = slow_step(slow) + slow_step(slow)
    plain.step(2)
    assert [each.stage for each in records[:5]] == list(STAGES)
    assert isinstance(records[5], StepBlock)
    assert [each.step for each in records] == [1] * 6 + [2] * 6
    assert all(torch.equal(a, b) for a, b in zip(slow.state().values(), plain.state().values(), strict=True))


def test_the_numbers_of_a_convolution_belong_together():
    parts = _parts(_trainer(optimizer="sgd", rate=0.5), 0)
    forward, backward, update = (parts[stage].numbers for stage in ("forward", "backward", "update"))
    output = functional.conv2d(
        *map(torch.tensor, (forward["input"], forward["weight"], forward["bias"])), padding=1
    )
    np.testing.assert_allclose(forward["output"], output, atol=1e-6)
    np.testing.assert_array_equal(forward["input"], parts["batch"].numbers["pictures"][0])
    np.testing.assert_array_equal(update["weight before"], forward["weight"])
    np.testing.assert_allclose(
        update["weight after"], update["weight before"] - 0.5 * backward["gradient of weight"], atol=1e-6
    )
    np.testing.assert_allclose(update["change of weight"], -0.5 * backward["gradient of weight"], atol=1e-6)


def test_the_loss_is_the_mean_of_what_is_shown_and_its_gradient_is_that_of_softmax():
    trainer = _trainer(batch=8)
    parts = _parts(trainer, 7)
    loss, backward = parts["loss"].numbers, parts["backward"].numbers
    assert loss["loss"] == pytest.approx(loss["losses"].mean(), rel=1e-5)
    np.testing.assert_allclose(loss["shares"].sum(1), 1, atol=1e-6)
    expected = (loss["shares"] - np.eye(4)[loss["labels"].astype(int)]) / 8
    np.testing.assert_allclose(backward["gradient of output"], expected[0], atol=1e-6)
    np.testing.assert_allclose(backward["gradient of bias"], expected.sum(0), atol=1e-6)


def test_adam_shows_its_running_means():
    update = _parts(_trainer())["update"].numbers
    first = update["running mean of gradients of weight"]
    second = update["running mean of squared gradients of weight"]
    corrected = (first / 0.1) / (np.sqrt(second / 0.001) + 1e-8)
    np.testing.assert_allclose(update["change of weight"], -0.01 * corrected, atol=1e-6)


def test_the_small_layer_and_layers_without_weights():
    assert small_layer(_trainer()) == 0
    assert small_layer(_trainer(net=RICH_NET)) == 0
    with pytest.raises(ValueError, match="Layer 2 has no weights"):
        slow_step(_trainer(), 1)


def test_a_loss_that_is_no_number_ends_the_story_there():
    trainer = _trainer(optimizer="sgd", output="one_hot_mse", rate=1e4)
    while trainer.status == "running":
        records = slow_step(trainer)
    assert [each.stage for each in records if isinstance(each, SubStep)] == ["batch", "forward", "loss"]
    assert not np.isfinite(records[-1].loss[-1])
    assert slow_step(trainer) == []


def test_it_travels():
    for each in slow_step(_trainer()):
        assert record_from_message(each.to_message()).step == 1


def test_what_was_reported_does_not_change_with_the_weights():
    trainer = _trainer()
    parts = _parts(trainer)
    before = {stage: {name: x.copy() for name, x in each.numbers.items()} for stage, each in parts.items()}
    trainer.step(3)
    for stage, each in parts.items():
        assert all(np.array_equal(x, before[stage][name]) for name, x in each.numbers.items())
