"""Looking inside: what is shown is what the network computes, and nothing is changed by it."""

import numpy as np
import pytest
import torch
from synthetic import NAMES, NET, RICH_NET, stripes

from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.engine.training import probes
from cnnviz.engine.training.batches import as_floats
from cnnviz.engine.training.build import build
from cnnviz.engine.training.trainer import Trainer
from cnnviz.engine.wire.records import Confusion, Filters, Maps, Predictions, Validation

DATA = stripes()


def _trained(**settings) -> Trainer:
    trainer = Trainer(TrainConfig(**({"net": NET, "batch": 32, "rate": 0.01} | settings)), DATA, NAMES)
    trainer.step(20)
    return trainer


def _logits(trainer, images) -> torch.Tensor:
    network = build(trainer.config.trained_net, 0)
    network.load_state_dict(trainer.network.state_dict())
    with torch.no_grad():
        return network.eval()(torch.from_numpy(images).float() / 255)


@pytest.mark.parametrize("net", [NET, RICH_NET])
def test_maps_are_every_layer_s_output_for_the_picture(net):
    trainer = _trained(net=net)
    picture = DATA.test.images[3]
    maps = probes.maps(20, trainer.network, picture)
    network = build(net, 0)
    network.load_state_dict(trainer.network.state_dict())
    x = torch.from_numpy(picture[None]).float() / 255
    for number, layer in enumerate(network.eval()):
        x = layer(x)
        assert maps.shapes[number] == tuple(x.shape[1:])
        assert maps.channels[number] == x.shape[1]
        np.testing.assert_allclose(maps.layer(number), x[0].detach(), rtol=1e-4, atol=1e-5)
    assert np.array_equal(maps.picture, picture)


def test_of_very_many_maps_the_first_are_kept():
    layers = [{"type": "conv", "channels": 200, "kernel": 3, "padding": 1}, {"type": "global_avg_pool"}]
    network = build({"input": [1, 96, 96], "layers": layers}, 0)
    maps = probes.maps(0, network, np.full((1, 96, 96), 9, np.uint8))
    assert maps.channels == (200, 200)
    assert maps.shapes == ((64, 96, 96), (200,))
    huge = build({"input": [1, 300, 300], "layers": layers}, 0)
    maps = probes.maps(0, huge, np.full((1, 300, 300), 9, np.uint8))
    assert maps.shapes[0] == (8, 300, 300)
    assert maps.values.size <= probes.MOST_VALUES


def test_filters_are_the_first_convolution_s_weights():
    trainer = _trained()
    filters = probes.filters(20, trainer.network)
    assert filters.layer == 0
    assert np.array_equal(filters.weights, trainer.network[0].weight.detach())
    before = filters.weights.copy()
    trainer.step(5)
    assert np.array_equal(filters.weights, before), "a record must not change with the weights"
    dense = build({"input": [1, 4, 4], "layers": [{"type": "flatten"}, {"type": "dense", "units": 2}]}, 0)
    assert probes.filters(0, dense) is None


@pytest.mark.parametrize("output", ["softmax", "one_hot_mse", "binary"])
def test_predictions_are_the_most_likely_classes_in_order(output):
    trainer = _trained(output=output, binary_class=2)
    places = torch.tensor([5, 0, 17])
    found = probes.predictions(20, trainer.network, trainer.output, trainer.sets["test"], "test", places)
    logits = _logits(trainer, DATA.test.images[[5, 0, 17]])
    shares = {
        "softmax": lambda: logits.softmax(1),
        "one_hot_mse": lambda: logits,
        "binary": lambda: torch.cat([1 - logits.sigmoid(), logits.sigmoid()], 1),
    }[output]()
    expected, order = shares.sort(1, descending=True)
    count = 2 if output == "binary" else 3
    assert np.array_equal(found.top, order[:, :count])
    np.testing.assert_allclose(found.shares, expected[:, :count], rtol=1e-3, atol=1e-5)
    labels = DATA.test.labels[[5, 0, 17]]
    assert found.labels.tolist() == ((labels == 2) if output == "binary" else labels).astype(int).tolist()
    assert found.indices.tolist() == [5, 0, 17]


@pytest.mark.parametrize("output", ["softmax", "one_hot_mse", "binary"])
def test_evaluation_and_confusion_agree_with_a_direct_count(output):
    trainer = _trained(output=output, binary_class=2)
    found, confusion = probes.evaluate(
        20, trainer.network, trainer.output, trainer.sets["validation"], "validation"
    )
    logits = _logits(trainer, DATA.validation.images)
    labels = torch.from_numpy(DATA.validation.labels.astype(np.int64))
    if output == "binary":
        labels = (labels == 2).long()
        predicted = (logits[:, 0] > 0).long()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits[:, 0], labels.float())
    else:
        predicted = logits.argmax(1)
        one_hot = torch.nn.functional.one_hot(labels, 4).float()
        loss = (
            torch.nn.functional.cross_entropy(logits, labels)
            if output == "softmax"
            else (logits - one_hot).square().mean()
        )
    assert found.loss == pytest.approx(loss.item(), rel=1e-4)
    assert found.accuracy == pytest.approx((predicted == labels).float().mean().item())
    assert found.count == len(labels)
    assert confusion.counts.sum() == len(labels)
    for truth in range(len(trainer.output.classes)):
        for said in range(len(trainer.output.classes)):
            expected = np.flatnonzero(((labels == truth) & (predicted == said)).numpy())
            assert confusion.pictures(truth, said).tolist() == expected.tolist()
            assert confusion.counts[truth, said] == len(expected)


def test_a_part_of_a_split_keeps_the_places_in_it():
    trainer = _trained()
    places = torch.tensor([90, 3, 41])
    found, confusion = probes.evaluate(
        20, trainer.network, trainer.output, trainer.sets["test"], "test", places
    )
    assert found.count == 3
    assert confusion.indices.tolist() == [90, 3, 41]
    assert confusion.labels.tolist() == DATA.test.labels[[90, 3, 41]].tolist()


def test_sampling_leaves_the_network_in_training_and_batch_norm_as_it_was():
    trainer = _trained(net=RICH_NET)
    before = {name: value.clone() for name, value in trainer.network.state_dict().items()}
    trainer.sample()
    trainer.evaluate("train")
    assert trainer.network.training
    assert all(torch.equal(value, before[name]) for name, value in trainer.network.state_dict().items())


def test_a_sample_has_everything_that_is_sampled():
    kinds = {type(record) for record in _trained().sample()}
    assert kinds == {Maps, Filters, Predictions, Validation, Confusion}


def test_the_visitor_s_picture_can_be_pinned():
    trainer = _trained()
    own = np.full((1, 12, 12), 200, np.uint8)
    trainer.sampler.pin(own)
    (maps,) = (record for record in trainer.sample() if isinstance(record, Maps))
    assert np.array_equal(maps.picture, own)
    for wrong in (own.astype(np.float32), own[:, :5], own[0]):
        with pytest.raises(ValueError, match=r"must be uint8 of shape \(1, 12, 12\)"):
            trainer.sampler.pin(wrong)


def test_the_stream_of_test_pictures_shows_each_of_them_once_a_round():
    trainer = Trainer(TrainConfig(net=NET), DATA, NAMES)
    shown = []
    for _ in range(16):
        (found,) = (record for record in trainer.sample() if isinstance(record, Predictions))
        shown += found.indices.tolist()
    assert sorted(shown[:96]) == sorted(shown[96:]) == list(range(96))
    assert shown[:96] != shown[96:]


def test_pixels_become_floats_as_they_are():
    pixels = torch.arange(2 * 3 * 4 * 2, dtype=torch.uint8).view(2, 3, 4, 2)
    floats = as_floats(pixels)
    assert floats.shape == (2, 2, 3, 4)
    np.testing.assert_allclose(floats[1, 1, 2, 3], pixels[1, 2, 3, 1].item() / 255, rtol=1e-6)
