"""The training core: equal curves from equal seeds, the numbers of a plain loop, and what goes wrong."""

import math
import threading

import numpy as np
import pytest
import torch
from synthetic import NAMES, NET, RICH_NET, Part, Parts, stripes
from torch import nn

from cnnviz.engine.config.train_config import ConfigError, TrainConfig
from cnnviz.engine.training.batches import Stream, prepare
from cnnviz.engine.training.build import build
from cnnviz.engine.training.outputs import make_output
from cnnviz.engine.training.trainer import SNAPSHOT_EVERY, Trainer, TrainError
from cnnviz.engine.wire.records import Finished, StepBlock, Validation

DATA = stripes()


def _trainer(data=DATA, **settings) -> Trainer:
    return Trainer(TrainConfig(**({"net": NET, "batch": 32, "rate": 0.01} | settings)), data, NAMES)


def _losses(records) -> np.ndarray:
    return np.concatenate([each.loss for each in records if isinstance(each, StepBlock)])


RICH = {"net": RICH_NET, "augment": "shift_flip", "drop": 0.3, "noise": 0.1, "label_noise": 0.1}


@pytest.mark.parametrize("settings", [{}, RICH, {"optimizer": "momentum", "schedule": "cosine"}])
def test_one_seed_is_one_curve_bit_for_bit(settings):
    once = _losses(_trainer(**settings).step(40))
    again = _trainer(**settings)
    torch.manual_seed(99)
    pieces = []
    for count in (1, 10, 3, 26):
        torch.rand(7)  # somebody else uses torch's global random numbers
        pieces += again.step(count)
        again.sample()
        again.evaluate("test")
    assert np.array_equal(once, _losses(pieces))
    other = _losses(_trainer(**settings, seed=1).step(40))
    assert not np.array_equal(once, other)


def test_the_curve_does_not_depend_on_threads():
    once = _losses(_trainer(**RICH).step(12))
    before = torch.get_num_threads()
    found = []
    try:
        torch.set_num_threads(2)
        runs = [
            threading.Thread(target=lambda: found.append(_losses(_trainer(**RICH).step(12)))) for _ in "ab"
        ]
        for run in runs:
            run.start()
        for run in runs:
            run.join()
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
    assert all(np.array_equal(once, each) for each in found)


def test_the_global_random_numbers_are_left_alone():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    _trainer(**RICH).step(3)
    assert torch.equal(torch.rand(3), expected)


def test_sampling_changes_no_weight(monkeypatch):
    quiet, busy = _trainer(**RICH), _trainer(**RICH)
    monkeypatch.setattr("cnnviz.engine.training.measure.TimeShare.due", lambda *_: True)
    sampled = busy.step(15)
    monkeypatch.setattr("cnnviz.engine.training.measure.TimeShare.due", lambda *_: False)
    unsampled = quiet.step(15)
    assert len(sampled) > 60
    assert len(unsampled) == 1
    assert np.array_equal(_losses(sampled), _losses(unsampled))


_PLAIN_OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, 0.01, weight_decay=0.02, foreach=False),
    "momentum": lambda p: torch.optim.SGD(p, 0.01, momentum=0.8, weight_decay=0.02, foreach=False),
    "nesterov": lambda p: torch.optim.SGD(
        p, 0.01, momentum=0.8, nesterov=True, weight_decay=0.02, foreach=False
    ),
    "rmsprop": lambda p: torch.optim.RMSprop(p, 0.01, weight_decay=0.02, foreach=False),
    "adam": lambda p: torch.optim.Adam(p, 0.01, betas=(0.8, 0.999), weight_decay=0.02, foreach=False),
    "adamw": lambda p: torch.optim.AdamW(p, 0.01, betas=(0.8, 0.999), weight_decay=0.02, foreach=False),
}
_PLAIN_LOSSES = {
    "softmax": lambda logits, y: (
        -(logits - logits.logsumexp(1, keepdim=True))[torch.arange(len(y)), y].mean()
    ),
    "one_hot_mse": lambda logits, y: ((logits - torch.eye(4)[y]) ** 2).mean(),
    "binary": lambda logits, y: nn.BCEWithLogitsLoss()(logits.flatten(), (y == 2).float()),
}


def _plain_curve(config: TrainConfig, steps: int) -> list[float]:
    """The same training as a textbook writes it: no channels_last, no fused optimizer, no instruments."""
    network = build(config.trained_net, config.seed)
    output = make_output("softmax", NAMES, 0)
    stream = Stream(config, prepare(config, DATA, 4, output, torch.device("cpu"))["train"])
    optimizer = _PLAIN_OPTIMIZERS[config.optimizer](network.parameters())
    images, labels = torch.from_numpy(DATA.train.images), torch.from_numpy(DATA.train.labels).long()
    losses = []
    for _ in range(steps):
        index, _, _ = stream.draw()
        optimizer.zero_grad()
        loss = _PLAIN_LOSSES[config.output](network(images[index].float() / 255), labels[index])
        losses.append(loss.item())
        penalty = config.l1 * sum(p.abs().sum() for p in network.parameters() if p.dim() > 1)
        (loss + penalty).backward()
        optimizer.step()
    return losses


@pytest.mark.parametrize("optimizer", _PLAIN_OPTIMIZERS)
def test_every_optimizer_trains_as_a_plain_torch_loop_does(optimizer):
    settings = {"optimizer": optimizer, "momentum": 0.8, "weight_decay": 0.02, "l1": 0.003}
    trainer = _trainer(**settings)
    np.testing.assert_allclose(
        _losses(trainer.step(25)), _plain_curve(trainer.config, 25), rtol=2e-3, atol=2e-5
    )


@pytest.mark.parametrize("output", _PLAIN_LOSSES)
def test_every_output_trains_as_a_plain_torch_loop_does(output):
    trainer = _trainer(output=output, binary_class=2, optimizer="momentum", momentum=0.8, weight_decay=0.02)
    np.testing.assert_allclose(
        _losses(trainer.step(25)), _plain_curve(trainer.config, 25), rtol=2e-3, atol=2e-5
    )


@pytest.mark.parametrize("output", _PLAIN_LOSSES)
def test_it_learns(output):
    trainer = _trainer(output=output, binary_class=1)
    trainer.step(150)
    assert trainer.evaluate("test").accuracy > 0.9


def test_rows_of_the_last_epoch_and_the_end():
    trainer = _trainer(max_steps=130)
    records = trainer.step(10**6)
    blocks = [each for each in records if isinstance(each, StepBlock)]
    assert np.concatenate([each.steps for each in blocks]).tolist() == list(range(1, 131))
    assert trainer.status == "done"
    assert trainer.finished().status == "done"
    assert trainer.step(5) == []


def test_a_time_limit_ends_a_call_and_a_run():
    trainer = _trainer(max_seconds=0.2)
    trainer.step(10**6, seconds=0.05)
    assert 0 < trainer.step_count < 10**5
    assert trainer.status == "running"
    while trainer.status == "running":
        trainer.step(10**6, seconds=0.05)
    assert trainer.status == "done"
    assert 0.2 <= trainer.seconds < 2
    assert trainer.finished().sentence == "The 0.2 seconds of training are over."


def test_rate_momentum_and_decay_change_while_it_runs():
    trainer = _trainer(optimizer="nesterov")
    trainer.step(2)
    assert trainer.set("rate", 0.5).value == 0.5
    assert trainer.set("momentum", 0.3).name == "momentum"
    assert trainer.set("weight_decay", 0.1).step == 2
    (block,) = (each for each in trainer.step(1) if isinstance(each, StepBlock))
    assert block.rate.tolist() == [0.5]
    (group,) = trainer.stepper.optimizer.param_groups
    assert (group["lr"], group["momentum"], group["weight_decay"]) == (0.5, 0.3, 0.1)
    assert _trainer(optimizer="nesterov", momentum=0.0).step(2)
    with pytest.raises(ConfigError, match="'rate' must be a number from"):
        trainer.set("rate", math.nan)
    assert trainer.settings.rate == 0.5


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("constant", [1, 1, 1, 1]),
        ("step", [1, 1, 0.1, 0.01]),
        ("cosine", [1, 0.8536, 0.5, 0.1464]),
        ("warmup_cosine", [0.02, 0.89457, 0.54129, 0.16136]),
    ],
)
def test_schedules(schedule, expected):
    trainer = _trainer(schedule=schedule, max_steps=40, rate=1.0, optimizer="sgd")
    (block,) = (each for each in trainer.step(40) if isinstance(each, StepBlock))
    np.testing.assert_allclose(block.rate[[0, 10, 20, 30]], expected, rtol=1e-3)


def test_a_run_goes_on_from_its_state_as_if_nothing_had_been():
    for optimizer in ("momentum", "adam", "rmsprop", "sgd"):
        settings = RICH | {"optimizer": optimizer}
        whole = _losses(_trainer(**settings).step(30))
        first, second = _trainer(**settings), _trainer(**settings)
        first.step(13)
        second.step(4)
        second.load_state(first.state())
        assert second.step_count == 13
        assert np.array_equal(_losses(second.step(17)), whole[13:]), optimizer


def test_a_rate_too_high_is_caught_at_the_step_and_the_last_good_state_is_kept():
    trainer, good = (_trainer(optimizer="sgd", rate=0.05, output="one_hot_mse") for _ in range(2))
    trainer.step(3 * SNAPSHOT_EVERY + 10)
    good.step(3 * SNAPSHOT_EVERY)
    last_good = good.state()
    trainer.set("rate", 1e4)
    losses = _losses(trainer.step(200))
    assert trainer.status == "diverged"
    assert np.isfinite(losses[:-1]).all()
    assert not math.isfinite(losses[-1])
    finished = trainer.finished()
    assert isinstance(finished, Finished)
    assert (finished.status, finished.good_step) == ("diverged", 3 * SNAPSHOT_EVERY)
    assert "no longer a number" in finished.sentence
    trainer.recover()
    assert trainer.step_count == 3 * SNAPSHOT_EVERY
    assert all(
        torch.equal(value, last_good[name]) for name, value in trainer.state().items() if "run" not in name
    )
    assert np.isfinite(_losses(trainer.step(20))).all()


def test_pictures_of_nan_weights_are_still_reported():
    trainer = _trainer(optimizer="sgd", rate=1e4, output="one_hot_mse")
    trainer.step(300)
    assert trainer.status == "diverged"
    found = [each for each in trainer.sample() if isinstance(each, Validation)]
    assert len(found) == 1
    assert trainer.good_step == 0


@pytest.mark.parametrize("steps", [0, 1, 2, 9, 50])
def test_the_last_good_state_is_one_that_the_bad_step_has_not_touched(steps):
    trainer = _trainer(optimizer="sgd", rate=0.01, output="one_hot_mse")
    trainer.step(steps)
    before = trainer.evaluate("train").loss
    trainer.set("rate", 1e4)
    trainer.step(300)
    assert trainer.status == "diverged"
    assert steps / 2 <= trainer.good_step <= steps
    trainer.recover()
    assert trainer.evaluate("train").loss < 1.5 * before


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"net": NET | {"input": [3, 12, 12]}}, "takes pictures of 3×12×12, but these are 1×12×12"),
        ({"net": {"input": [1, 12, 12], "layers": NET["layers"][:-1]}}, "ends with 54 numbers"),
        ({"net": {"input": [1, 12, 12], "layers": NET["layers"][:2]}}, "ends with maps of 4×12×12"),
        (
            {"net": {"input": [1, 12, 12], "layers": [{"type": "relu"}]}},
            "No layer of this network has weights",
        ),
        ({"net": {"input": [1, 12, 12], "layers": [{"type": "dense", "units": 4}]}}, "Layer 1"),
        ({"output": "binary", "binary_class": 4}, "There is no class 4"),
    ],
)
def test_settings_that_cannot_be_trained_get_one_sentence(settings, sentence):
    with pytest.raises(TrainError) as caught:
        _trainer(**settings)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_network_too_large_is_refused_before_any_work():
    wide = {
        "input": [1, 12, 12],
        "layers": [{"type": "flatten"}, {"type": "dense", "units": 100_000}, {"type": "dense", "units": 4}],
    }
    with pytest.raises(TrainError, match="has 14,900,004 parameters; at most 2,000,000"):
        _trainer(net=wide)
    deep = {
        "input": [1, 12, 12],
        "layers": [{"type": "conv", "channels": 150, "kernel": 3, "padding": 1}] * 8,
    }
    deep["layers"] = [*deep["layers"], {"type": "global_avg_pool"}, {"type": "dense", "units": 4}]
    with pytest.raises(TrainError, match="million multiply-adds"):
        _trainer(net=deep, batch=1024)
    flat = {"input": [1, 12, 12], "layers": [*[{"type": "relu"}] * 400, *NET["layers"]]}
    with pytest.raises(TrainError, match="outputs of one batch would take 487 MB"):
        _trainer(net=flat, batch=1024)


def test_no_training_pictures_get_one_sentence():
    empty = Parts(Part(DATA.train.images[:0], DATA.train.labels[:0]), DATA.validation, DATA.test)
    with pytest.raises(TrainError, match="no pictures to train on"):
        _trainer(empty)


def test_without_validation_and_test_pictures_it_trains_all_the_same():
    none = Part(DATA.train.images[:0], DATA.train.labels[:0])
    trainer = _trainer(Parts(DATA.train, none, none))
    records = [*trainer.step(3), *trainer.sample()]
    assert not [each for each in records if isinstance(each, Validation)]
    assert math.isnan(trainer.evaluate("test").loss)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_cuda_that_is_not_there_gets_a_sentence_and_auto_goes_on_without():
    with pytest.raises(TrainError, match="no CUDA device"):
        _trainer(device="cuda")
    assert _trainer(device="auto").started().device == "cpu"


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device")
def test_cuda_gives_the_same_curve_within_tolerance():
    np.testing.assert_allclose(
        _losses(_trainer(**RICH, device="cuda").step(20)),
        _losses(_trainer(**RICH).step(20)),
        rtol=5e-3,
        atol=1e-4,
    )
