"""Batches: every picture once an epoch, changed only as the settings say, from the run's own seed."""

import numpy as np
import pytest
import torch
from synthetic import NAMES, NET, Part, Parts, stripes

from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.engine.training.batches import MOST_SHIFT, Stream, prepare
from cnnviz.engine.training.outputs import make_output

DATA = stripes(counts=(100, 20, 30), shape=(3, 9, 7))
CPU = torch.device("cpu")


def _sets(data=DATA, **settings):
    config = TrainConfig(net=NET, **({"batch": 32} | settings))
    return config, prepare(config, data, 4, make_output("softmax", NAMES, 0), CPU)


def _stream(data=DATA, **settings):
    config, sets = _sets(data, **settings)
    return Stream(config, sets["train"])


def test_pictures_are_divided_by_255_and_nothing_else():
    index, pictures, labels = _stream().draw()
    assert pictures.dtype == torch.float32
    assert pictures.is_contiguous(memory_format=torch.channels_last)
    np.testing.assert_allclose(pictures.numpy(), DATA.train.images[index] / np.float32(255), rtol=1e-6)
    assert labels.tolist() == DATA.train.labels[index].tolist()


def test_an_epoch_takes_every_picture_at_most_once_and_each_has_its_own_order():
    stream = _stream()
    assert stream.steps_per_epoch == 3
    epochs = [torch.cat([stream.draw()[0] for _ in range(3)]).tolist() for _ in range(4)]
    for epoch in epochs:
        assert len(set(epoch)) == 96
    assert len({tuple(epoch) for epoch in epochs}) == 4


def test_fewer_pictures_than_a_batch_are_one_batch():
    stream = _stream(train_size=10)
    assert (stream.batch, stream.steps_per_epoch) == (10, 1)
    assert sorted(stream.draw()[0].tolist()) == list(range(10))


def test_shifted_pictures_are_the_pictures_moved_with_zeros_coming_in():
    stream = _stream(augment="shift", batch=100)
    index, pictures, _ = stream.draw()
    pad = ((0, 0), (MOST_SHIFT,) * 2, (MOST_SHIFT,) * 2)
    seen = set()
    for place, picture in zip(index, pictures.numpy(), strict=True):
        wide = np.pad(DATA.train.images[place], pad) / np.float32(255)
        moves = [
            (down, right)
            for down in range(2 * MOST_SHIFT + 1)
            for right in range(2 * MOST_SHIFT + 1)
            if np.allclose(wide[:, down : down + 9, right : right + 7], picture)
        ]
        assert len(moves) == 1
        seen.add(moves[0])
    assert len(seen) > 15


def test_mirrored_pictures_are_mirrored_about_half_of_the_time():
    index, pictures, _ = _stream(augment="flip", batch=100).draw()
    plain = DATA.train.images[index] / np.float32(255)
    as_is = np.isclose(pictures.numpy(), plain).all((1, 2, 3))
    mirrored = np.isclose(pictures.numpy(), plain[..., ::-1]).all((1, 2, 3))
    assert (as_is ^ mirrored).all()
    assert 30 < mirrored.sum() < 70


def test_both_changes_at_once():
    index, pictures, _ = _stream(augment="shift_flip", batch=100).draw()
    wide = np.pad(DATA.train.images[index], ((0, 0), (0, 0), (2, 2), (2, 2))) / np.float32(255)
    found = np.zeros(100, bool)
    for down in range(5):
        for right in range(5):
            moved = wide[:, :, down : down + 9, right : right + 7]
            mirrored = wide[..., ::-1][:, :, down : down + 9, right : right + 7]
            found |= np.isclose(pictures.numpy(), moved).all((1, 2, 3))
            found |= np.isclose(pictures.numpy(), mirrored).all((1, 2, 3))
    assert found.all()


def test_validation_and_test_are_never_changed():
    _, sets = _sets(augment="shift_flip", label_noise=0.5, shuffle_labels=True, train_size=12)
    for name in ("validation", "test"):
        part = getattr(DATA, name)
        assert np.array_equal(sets[name].pixels.permute(0, 3, 1, 2), part.images)
        assert sets[name].labels.tolist() == part.labels.tolist()
    assert len(sets["train"]) == 12


def test_noise_has_its_spread_on_every_part_and_is_limited_like_a_camera_s():
    grey = Part(np.full((200, 1, 8, 8), 128, np.uint8), np.zeros(200, np.uint8))
    _, sets = _sets(Parts(grey, grey, grey), noise=0.1)
    for part in sets.values():
        values = part.pixels.double()
        assert values.mean().item() == pytest.approx(128, abs=1)
        assert values.std().item() == pytest.approx(25.5, rel=0.03)
    _, sets = _sets(Parts(grey, grey, grey), noise=1.0)
    assert {0, 255} <= set(sets["train"].pixels.unique().tolist())


def test_wrong_labels_are_as_many_as_said_and_each_other_class_as_likely():
    labels = np.repeat(np.arange(4, dtype=np.uint8), 2000)
    many = Part(np.zeros((8000, 1, 2, 2), np.uint8), labels)
    _, sets = _sets(Parts(many, many, many), label_noise=0.3)
    wrong = sets["train"].labels.numpy() != labels
    assert wrong.mean() == pytest.approx(0.3, abs=0.02)
    counts = np.bincount(sets["train"].labels.numpy()[wrong & (labels == 1)], minlength=4)
    assert counts[1] == 0
    assert counts[[0, 2, 3]].min() > 0.8 * counts[[0, 2, 3]].max()


def test_shuffled_labels_are_the_same_labels_elsewhere():
    _, sets = _sets(shuffle_labels=True)
    shuffled = sets["train"].labels.numpy()
    assert sorted(shuffled) == sorted(DATA.train.labels)
    assert (shuffled == DATA.train.labels).mean() < 0.5


def test_the_data_itself_is_left_alone():
    before = DATA.train.images.copy()
    stream = _stream(noise=0.5, augment="shift_flip")
    stream.draw()
    assert np.array_equal(DATA.train.images, before)
