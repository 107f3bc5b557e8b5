"""What is measured is what happened: every number against one computed directly from the tensors."""

import math

import numpy as np
import pytest
import torch
from synthetic import NAMES, NET, RICH_NET, stripes

from cnnviz.core.activations.table import ACTIVATIONS
from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.engine.training.build import build
from cnnviz.engine.training.forward import SeededDropout, TrainingPass
from cnnviz.engine.training.measure import SAMPLE, TimeShare, bands, evenly_spaced
from cnnviz.engine.training.trainer import Trainer
from cnnviz.engine.wire.records import BANDS, LayerStats, StepBlock

DATA = stripes()


def _trainer(**settings) -> Trainer:
    return Trainer(TrainConfig(**({"net": NET, "batch": 32, "rate": 0.01} | settings)), DATA, NAMES)


def _norm(tensors) -> float:
    return math.sqrt(sum(float(t.detach().double().square().sum()) for t in tensors))


@pytest.mark.parametrize("net", [NET, RICH_NET])
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_row_holds_the_step_s_own_norms_means_and_ratios(net, optimizer):
    trainer = _trainer(net=net, optimizer=optimizer)
    trainer.step(3)
    for _ in range(3):
        before = [[p.detach().clone() for p in layer.parameters()] for layer in trainer.network]
        (block,) = (each for each in trainer.step(1) if isinstance(each, StepBlock))
        assert block.gradient_norms.shape == (1, len(trainer.stepper.meter.layers))
        for column, number in enumerate(trainer.stepper.meter.layers):
            parameters = list(trainer.network[number].parameters())
            gradients = [p.grad for p in parameters]
            mean = torch.cat([g.flatten() for g in gradients]).abs().mean().item()
            changed = _norm(p.detach() - old for p, old in zip(parameters, before[number], strict=True))
            assert block.gradient_norms[0, column] == pytest.approx(_norm(gradients), rel=1e-4)
            assert block.gradient_means[0, column] == pytest.approx(mean, rel=1e-4)
            assert block.update_ratios[0, column] == pytest.approx(changed / _norm(before[number]), rel=1e-3)


def test_loss_accuracy_and_rate_of_a_step_are_those_before_its_update():
    trainer = _trainer()
    trainer.step(2)
    stepper = trainer.stepper
    state = stepper.stream.state()
    _, pictures, labels = stepper.stream.draw()
    stepper.stream.load_state(state)
    with torch.no_grad():
        logits = trainer.network(pictures)
        loss = torch.nn.functional.cross_entropy(logits, labels).item()
    right = (logits.argmax(1) == labels).float().mean().item()
    (block,) = (each for each in trainer.step(1) if isinstance(each, StepBlock))
    assert block.loss[0] == pytest.approx(loss, rel=1e-5)
    assert block.accuracy[0] == pytest.approx(right)
    assert block.rate[0] == np.float32(0.01)
    assert 0 < block.milliseconds[0] < 10_000


def test_a_layer_of_zeros_has_no_ratio():
    trainer = _trainer(init="zeros", optimizer="sgd")
    (block,) = (each for each in trainer.step(1) if isinstance(each, StepBlock))
    assert block.gradient_norms[0, :2].tolist() == [0, 0]
    assert np.isnan(block.update_ratios[0]).all()  # what changed from 0 has no share of it


def test_an_update_a_million_times_the_weights_has_that_ratio():
    trainer = _trainer(optimizer="sgd", rate=0.01)
    before = [[p.detach().clone() for p in layer.parameters()] for layer in trainer.network]
    stepper = trainer.stepper
    stepper.once(1e6)
    block = stepper.meter.block(1)
    for column, number in enumerate(stepper.meter.layers):
        weights = trainer.network[number].parameters()
        changed = _norm(p.detach() - old for p, old in zip(weights, before[number], strict=True))
        assert block.update_ratios[0, column] == pytest.approx(changed / _norm(before[number]), rel=1e-3)
        assert block.update_ratios[0, column] > 100


def test_the_fast_order_gives_the_same_numbers_bit_for_bit():
    for net in (NET, RICH_NET):
        network = build(net, 0).to(memory_format=torch.channels_last)
        fast = TrainingPass(network, 0.0, torch.Generator().manual_seed(0))
        x = torch.rand(16, 1, 12, 12).sub_(0.3).contiguous(memory_format=torch.channels_last)
        found = []
        for forward in (fast, lambda x, fast=fast: fast.recorded(x)[0]):
            for parameter in network.parameters():
                parameter.grad = None
            fast._dropout_state = torch.Generator().manual_seed(1).get_state()
            for module in network.modules():
                if isinstance(module, SeededDropout):
                    module._draw.set_state(fast._dropout_state)
            logits = forward(x)
            logits.square().sum().backward()
            found.append([logits, *(p.grad for p in network.parameters())])
        assert all(torch.equal(a, b) for a, b in zip(*found, strict=True))


def test_extra_dropout_comes_before_every_dense_layer_and_only_in_training():
    network = build(NET, 0)
    forward = TrainingPass(network, 0.5, torch.Generator().manual_seed(0))
    _, inputs, _ = forward.recorded(torch.ones(64, 1, 12, 12))
    shares = [(x == 0).float().mean().item() for x in inputs]
    plain = build(NET, 0)
    _, wholes, _ = TrainingPass(plain, 0.0, torch.Generator()).recorded(torch.ones(64, 1, 12, 12))
    kept = inputs[7] != 0
    assert shares[7] > 0.4
    torch.testing.assert_close(inputs[7][kept], 2 * wholes[7][kept])
    assert all(torch.equal(a, b) for a, b in zip(inputs[:7], wholes[:7], strict=True))
    assert torch.equal(network.eval()(torch.ones(2, 1, 12, 12)), plain.eval()(torch.ones(2, 1, 12, 12)))


def test_seeded_dropout_has_its_share_and_keeps_the_mean():
    drop = SeededDropout(0.3, torch.Generator().manual_seed(0))
    out = drop(torch.ones(100_000))
    assert (out == 0).float().mean().item() == pytest.approx(0.3, abs=0.01)
    assert out.unique().tolist() == pytest.approx([0, 1 / 0.7])
    assert torch.equal(drop.eval()(torch.ones(5)), torch.ones(5))


def _stats(trainer) -> LayerStats:
    (stats,) = (each for each in trainer.step(1) if isinstance(each, LayerStats))
    return stats


def test_a_closer_look_has_the_gradients_of_the_step_itself():
    trainer = _trainer()
    seen = {}
    once = trainer.stepper.once

    def spy(*arguments):
        seen["step"] = once(*arguments)
        return seen["step"]

    trainer.stepper.once = spy
    stats = _stats(trainer)
    for number, output in enumerate(seen["step"].outputs):
        assert stats.activation_norms[number] == pytest.approx(output.grad.norm().item(), rel=1e-5)
        assert stats.activation_means[number] == pytest.approx(output.grad.abs().mean().item(), rel=1e-5)
    last = seen["step"].outputs[-1].grad.abs().numpy()
    np.testing.assert_allclose(stats.activation_bands[-1], np.percentile(last, BANDS), rtol=1e-5)
    weights = np.concatenate([p.grad.numpy().ravel() for p in trainer.network[0].parameters()])
    np.testing.assert_allclose(stats.weight_bands[0], np.percentile(np.abs(weights), BANDS), rtol=1e-5)


def test_shares_of_dead_and_saturated_units():
    layers = [
        {"type": "flatten"},
        {"type": "dense", "units": 8},
        {"type": "relu"},
        {"type": "dense", "units": 8},
        {"type": "sigmoid"},
        {"type": "dense", "units": 4},
    ]
    trainer = _trainer(net={"input": [1, 12, 12], "layers": layers})
    with torch.no_grad():
        trainer.network[1].bias[:6] = -1e3  # six units never give anything
        trainer.network[3].weight.zero_()
        trainer.network[3].bias[:] = torch.tensor([0.0, 0, 0, 0, 0, 10, 10, -10])
    stats = _stats(trainer)
    assert stats.dead[2] >= 6 / 8
    assert stats.saturated[2] >= 6 / 8
    assert stats.dead[4] == 3 / 8
    assert stats.saturated[4] == 3 / 8
    assert np.isnan(stats.dead[[0, 1, 3, 5]]).all()


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "identity"])
def test_a_dead_share_of_a_map_counts_whole_maps(name):
    layers = [
        {"type": "conv", "channels": 4, "kernel": 1},
        {"type": name},
        {"type": "flatten"},
        {"type": "dense", "units": 4},
    ]
    trainer = _trainer(net={"input": [1, 12, 12], "layers": layers})
    with torch.no_grad():
        trainer.network[0].weight.zero_()
        trainer.network[0].bias[:] = torch.tensor([-50.0, 0.5, 0.5, 0.5])
    flat = abs(float(ACTIVATIONS[name].derivative(np.float64(-50.0)))) < 0.05 * ACTIVATIONS[name].steepest()
    assert _stats(trainer).dead[1] == (0.25 if flat else 0)


def test_percentiles_of_many_values_come_from_a_sample_that_favours_no_channel():
    values = torch.zeros(64, 8, 30, 30).contiguous(memory_format=torch.channels_last)
    values += torch.arange(8.0)[:, None, None]
    sample = evenly_spaced(values)
    assert 0.8 * SAMPLE < len(sample) <= SAMPLE
    counts = np.bincount(sample.numpy().astype(int), minlength=8)
    assert counts.min() > 0.9 * counts.max()
    np.testing.assert_allclose(bands(values), np.percentile(np.arange(8), BANDS), atol=1)
    assert np.isnan(bands(None)).all()
    assert np.isnan(bands(torch.tensor([1.0, math.nan]))).all()


def test_a_kind_of_sample_keeps_to_its_share_and_its_least_distance():
    share = TimeShare(share=0.01, least=0.2)
    assert share.due(0)
    share.spent(0, 3.0)  # the first time, which torch makes dear
    assert share.due(0.2)
    for now in (1, 2):  # what it costs is not known yet
        share.spent(now, 0.05)
        assert not share.due(now + 0.9)
        assert share.due(now + 1.0)
    share.spent(3, 0.05)
    assert not share.due(7.9)
    assert share.due(8.0)
    share.spent(8, 0.0001)
    assert not share.due(8.1)
    assert share.due(8.2)


def test_one_dear_look_on_a_busy_machine_does_not_keep_the_next_away():
    share = TimeShare(share=0.01, least=0.2)
    for now in (0, 1, 2, 3):
        share.spent(now, 0.05)
    share.spent(8, 0.9)
    assert share.due(13)
    for now in (13, 18):
        share.spent(now, 0.9)
    assert not share.due(100)  # it really is dear now
