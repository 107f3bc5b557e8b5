"""The gallery, trained for real: each failure is diagnosed as what it is, and its twin does better."""

import numpy as np
import pytest

from cnnviz.core.datasets.table import DATASETS
from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.engine.diagnosis.diagnose import diagnose
from cnnviz.engine.diagnosis.failures import FAILURES
from cnnviz.engine.diagnosis.findings import TITLES
from cnnviz.engine.runs.history import History
from cnnviz.engine.training.trainer import Trainer
from cnnviz.engine.wire.records import LayerStats

pytestmark = pytest.mark.processes
_RUNS: dict[TrainConfig, tuple[History, Trainer]] = {}


def _run(config: TrainConfig, steps: int) -> tuple[History, Trainer]:
    """The run, validated every 50 steps (not when a clock says so); equal settings are trained once."""
    if config not in _RUNS:
        dataset = DATASETS[config.dataset]
        trainer, history = Trainer(config, dataset.load(), dataset.classes), History()
        history.add(trainer.started())
        while trainer.status == "running" and trainer.step_count < steps:
            trainer.sampler.stats.spent(0, 0)  # statistics of the first step of each piece
            trainer.sampler.stats._next = 0
            for record in [*trainer.step(50), *trainer.sample()]:
                history.add(record)
        _RUNS[config] = history, trainer
    return _RUNS[config]


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_it_fails_as_it_says_and_the_twin_does_not(failure):
    bad, failed = _run(failure.failing, failure.steps)
    good, healthy = _run(failure.healthy, failure.steps)
    assert failure.rule in [finding.rule for finding in diagnose(bad, failure.failing)]
    assert failure.rule not in [finding.rule for finding in diagnose(good, failure.healthy)]
    assert np.isfinite(good.loss).all()
    assert good.validation[-1][2] > 0.55
    if failure.rule == "not_a_number":
        assert failed.status == "diverged"
        failed.recover()
        assert 0 < failed.step_count < failure.steps
        assert np.isfinite(failed.evaluate("validation").loss)
    else:
        assert good.validation[-1][1] < bad.validation[-1][1] * 0.8
    assert healthy.status == "running"
    assert bad.latest(LayerStats) is not None


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_the_twins_differ_in_one_thing(failure):
    one, other = failure.failing.to_dict(), failure.healthy.to_dict()
    assert len([name for name in one if one[name] != other[name]]) == 1
    assert failure.failing.seed == failure.healthy.seed
    assert failure.rule in TITLES
    dataset = DATASETS[failure.failing.dataset]
    for config in (failure.failing, failure.healthy):
        assert config.problems(tuple(dataset.shape), len(dataset.classes)) == []


def test_what_is_suggested_helps():
    """The button of the sigmoid stack's finding starts a run that learns."""
    failure = FAILURES["deep_sigmoid"]
    history, _ = _run(failure.failing, failure.steps)
    (finding,) = (each for each in diagnose(history, failure.failing) if each.rule == "vanishing")
    better, _ = _run(failure.failing.changed(**finding.change), failure.steps)
    assert better.validation[-1][2] > 0.6
