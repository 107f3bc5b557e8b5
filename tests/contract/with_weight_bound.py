"""What test_one_more_setting.py runs in a process whose table of settings has a bound on weights."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import apptest
import numpy as np
import pytest
import torch
from apptest import fine, linked, press
from streamlit.testing.v1 import AppTest

from cnnviz.engine import TrainConfig, start_training
from cnnviz.engine.config.controls import ConfigError
from cnnviz.engine.runs.run import Run
from cnnviz.engine.training.step import Stepper
from cnnviz.engine.wire.records import Changed
from cnnviz.ui.train import runs, settings

PAGE = "pages/network/train.py"


@pytest.fixture(autouse=True)
def implementation(monkeypatch: pytest.MonkeyPatch) -> None:
    """The code that does what the entry says."""
    learn = Stepper._learn

    def learn_within(self: Stepper, *args: Any) -> None:
        learn(self, *args)
        if bound := self.settings.weight_bound:  # type: ignore[attr-defined]
            with torch.no_grad():
                for parameter in self.meter.parameters:
                    parameter.clamp_(-bound, bound)

    monkeypatch.setattr(Stepper, "_learn", learn_within)


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Runs are threads here: a child process would read the table as it is."""
    monkeypatch.setattr(runs, "start_training", partial(start_training, in_process=True))
    yield
    runs.clear_all()


def changed(**given: Any) -> TrainConfig:
    return TrainConfig.from_dict({"train_size": 64, **given})


def largest(run: Run) -> float:
    return max(float(np.abs(weights).max()) for weights in run.weights().values())


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.02)


def open_page(**query: str) -> AppTest:
    return apptest.open_page(PAGE, query)


def value(app: AppTest) -> str:
    return str(app.select_slider(key="t_bound").value)


def test_it_is_read_written_and_bounded() -> None:
    config = changed(weight_bound=0.25)
    assert TrainConfig.from_json(config.to_json()) == config != changed()
    assert changed().to_dict()["weight_bound"] == 0.0
    with pytest.raises(ConfigError, match="'weight_bound' must be a number from 0 to 100, not -1"):
        changed(weight_bound=-1)


def test_a_run_takes_a_new_value_over_while_it_goes_on_and_after_its_end() -> None:
    run = start_training(changed(weight_bound=10.0), in_process=True, playing=False)
    run.step(1)
    assert largest(run) > 0.05
    run.set("weight_bound", 0.05)
    run.step(1)
    run.stop()
    run.wait()
    assert largest(run) <= np.float32(0.05)
    assert [(one.name, one.value) for one in run.history.of(Changed)] == [("weight_bound", 0.05)]
    run.restart_from_last(playing=False, weight_bound=0.01)
    run.step(1)
    assert largest(run) <= np.float32(0.01)
    run.stop()


@pytest.mark.parametrize("text", ["0.1", "0.037"])
def test_the_page_has_it_in_its_group_its_link_and_the_title(text: str) -> None:
    app = open_page(t_bound=text)
    assert value(app) == text
    assert any(group.label.endswith(f"Adam · weight bound {text}") for group in app.expander)
    assert "Momentum, L2 (weight decay) and Weight bound take effect at once, also while a run goes on." in {
        caption.value for caption in app.caption
    }
    assert settings.STATE.part("t_bound").to_link(float(text)) == text


def test_a_move_of_its_slider_reaches_the_run_and_what_starts_next() -> None:
    app = open_page(t_size="100")
    press(app, "t_step_1")
    visitor = runs.runs_of("test session id")
    assert visitor.first is not None
    run = visitor.first.run
    until(lambda: run.history.last_step == 1)
    app.select_slider(key="t_bound").set_value("0.01")
    fine(app.run())
    until(lambda: [one.value for one in run.history.of(Changed)] == [0.01])
    press(app, "t_stop")
    run.wait()
    press(app, "t_reset")
    press(app, "t_step_1")
    assert visitor.first is not None
    assert visitor.first.config.weight_bound == 0.01  # type: ignore[attr-defined]


def test_an_experiment_that_does_not_name_it_gives_it_its_default() -> None:
    app = open_page(t_bound="10")
    press(app, "t_try_0")
    assert value(app) == "0"
    assert linked(app, "t_bound") is None
