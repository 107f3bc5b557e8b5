"""What is kept of a run: every step, and of pictures as much as fits."""

import numpy as np
import pytest

from cnnviz.engine.runs.history import History, size
from cnnviz.engine.wire.records import Finished, Maps, Started, StepBlock, Validation


def block(step, count):
    row = np.arange(step - count + 1, step + 1, dtype=np.float32)
    table = np.stack([row, 2 * row], axis=1)
    return StepBlock(step, row, row, row, row, table, table, table)


def maps(step):
    values = np.zeros(1000, np.float32)
    return Maps(step, ((10, 10, 10),), (10,), np.zeros((1, 2, 2), np.uint8), values)


def started():
    return Started(0, ("1 conv", "2 relu", "3 dense"), ((1,),) * 3, (0, 2), ("a",), 1, 1, 1, 1, "cpu")


def test_an_empty_history_has_empty_columns():
    history = History()
    assert len(history.loss) == len(history.step) == 0
    assert history.gradient_norms.shape == (0, 0)
    history.add(started())
    assert history.layers == ("1 conv", "3 dense")
    assert history.gradient_norms.shape == (0, 2)
    assert history.last_step == 0


def test_every_step_is_kept_in_order():
    history = History()
    for end in (1, 300, 301, 1000):
        history.add(block(end, end - history.last_step))
    assert history.step.tolist() == list(range(1, 1001))
    assert np.array_equal(history.loss, history.step)
    assert history.gradient_norms.shape == (1000, 2)
    assert np.array_equal(history.gradient_norms[:, 1], 2 * history.loss)


def test_arrays_that_were_handed_out_do_not_change():
    history = History()
    history.add(block(10, 10))
    before = history.loss
    history.truncate(5)
    history.add(block(6, 1))
    assert before.tolist() == list(range(1, 11))
    assert history.step.tolist() == [1, 2, 3, 4, 5, 6]
    with pytest.raises(ValueError, match="read-only"):
        before[0] = 7


def test_validations_are_told_by_split():
    history = History()
    history.add(Validation(5, "validation", 0.5, 0.9, 10))
    history.add(Validation(6, "test", 0.25, 0.75, 10))
    assert history.validation == [(5, 0.5, 0.9)]
    assert history.evaluations("test") == [(6, 0.25, 0.75)]


def test_memory_is_bounded_by_leaving_out_old_pictures_and_nothing_else():
    history = History(megabytes=20 * size(maps(0)) / 2**20)
    for step in range(1, 201):
        history.add(block(step, 1))
        history.add(maps(step))
    kept = [record.step for record in history.of(Maps)]
    assert len(kept) <= 20
    assert kept[0] == 1
    assert kept[-5:] == [196, 197, 198, 199, 200]
    assert np.diff(kept[:8]).mean() > np.diff(kept[-8:]).mean()
    assert len(history.loss) == 200
    assert history.latest(Maps).step == 200


def test_truncating_forgets_what_came_later():
    history = History()
    history.add(started())
    for step in (10, 20):
        history.add(block(step, 10))
        history.add(maps(step))
        history.add(Validation(step, "validation", 0.5, 0.9, 10))
    history.add(Finished(10, "stopped", "x", 10, 0, 0))
    history.truncate(10)
    assert history.last_step == 10
    assert [record.step for record in history.of(Maps)] == [10]
    assert [step for step, _, _ in history.validation] == [10]
    assert history.latest(Finished) is None
    assert history.started is not None


def test_the_version_rises_with_all_that_is_told_or_forgotten():
    history = History()
    seen = [history.version]
    for change in (
        lambda: history.add(started()),
        lambda: history.add(block(10, 10)),
        lambda: history.add(maps(10)),
        lambda: history.truncate(5),
    ):
        change()
        seen.append(history.version)
    assert seen == sorted(set(seen))
    assert history.last_step == 5
    assert history.version == seen[-1]
