"""The training page's parts without a page: scales, settings and their link, desks, the status line."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from apptest import fine, run_script
from streamlit.testing.v1 import AppTest

from cnnviz.core.datasets.table import DATASETS
from cnnviz.core.networks.presets import PRESETS
from cnnviz.engine.config.errors import RefusedError
from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.engine.diagnosis.failures import FAILURES
from cnnviz.engine.wire.records import Predictions
from cnnviz.ui.train import gallery, guesses, judged, runs, settings, status
from cnnviz.ui.train.pinned import as_input
from cnnviz.ui.train.runs import Desk, Entry, Pace
from cnnviz.ui.train.scale import decades, scale

RATE = scale("x", "Rate", decades(-3, 0), 0.01, "")
SIZES = scale("x", "Size", (20, 100), None, "", all_of_them=True)


def test_decades_hold_every_step_once_and_the_end() -> None:
    assert decades(-2, 0, (1, 5)) == (0.01, 0.05, 0.1, 0.5, 1.0)


def test_labels_have_no_exponent() -> None:
    assert list(scale("x", "", decades(-5, -4, (1,)), 1e-5, "").options) == ["0.00001", "0.0001"]


def script() -> None:
    """A page that takes settings and says what its controls then make."""
    import streamlit as st

    from cnnviz.components.base import library
    from cnnviz.engine.config.train_config import TrainConfig
    from cnnviz.ui.train import groups, settings

    library()
    if "take" in st.session_state:
        settings.take(TrainConfig.from_json(st.session_state.pop("take")))
    settings.STATE.keep()
    groups.draw(lambda name: None)
    problem = groups.misfit(settings.config())
    st.text(settings.config().to_json())
    st.text(problem)


def page(**query: str) -> AppTest:
    return run_script(script, query)


def made(app: AppTest) -> TrainConfig:
    return TrainConfig.from_json(app.text[0].value)


def test_without_a_link_the_settings_can_be_trained() -> None:
    app = page()
    assert made(app) == TrainConfig(net=PRESETS["small"].spec, max_steps=1400)
    assert app.text[1].value == ""


def test_a_link_sets_every_group() -> None:
    app = page(
        t_data="MNIST",
        t_size="100",
        t_stack="dense_only",
        t_out="one node: one class against the rest",
        t_class="7",
        t_opt="AdamW",
        t_l2="0.01",
        t_rate="0.05",
        t_batch="16",
        t_seed="42",
        t_end="2",
    )
    want = TrainConfig(
        net=PRESETS["dense_only"].spec,
        dataset="mnist",
        train_size=100,
        output="binary",
        binary_class=7,
        optimizer="adamw",
        weight_decay=0.01,
        rate=0.05,
        batch=16,
        seed=42,
        max_steps=12,
    )
    assert made(app) == want


@pytest.mark.parametrize("name", FAILURES)
def test_the_controls_can_say_every_failing_run(name: str) -> None:
    """All but what a slider has only nearly: the batch, and how long it goes on."""
    app = page()
    wanted = FAILURES[name].failing
    app.session_state["take"] = wanted.to_json()
    got = made(fine(app.run()))
    nearly: dict[str, Any] = {"batch": wanted.batch, "max_steps": wanted.max_steps}
    assert got.changed(**nearly) == wanted
    assert abs(np.log2(got.batch / wanted.batch)) < 0.5


def test_other_pictures_get_a_network_that_fits() -> None:
    app = page()
    app.selectbox(key="t_data").set_value("Shapes")
    config = made(fine(app.run()))
    assert config.net.input == DATASETS["shapes"].shape
    assert not config.problems(DATASETS["shapes"].shape, 10)
    assert app.selectbox(key="t_preset").value == "small"


def test_shapes_of_another_size_and_number_get_a_network_that_fits() -> None:
    app = page()
    app.selectbox(key="t_data").set_value("Shapes")
    fine(app.run())
    app.slider(key="t_side").set_value(48)
    config = made(fine(app.run()))
    assert (config.dataset, config.net.input) == ("shapes-48x4000", (3, 48, 48))
    assert not config.problems((3, 48, 48), 10)
    app.session_state["take"] = config.changed(dataset="shapes-24x500", net=config.net).to_json()
    assert made(fine(app.run())).dataset == "shapes-24x500"


@pytest.mark.parametrize(
    ("stack", "sentence"),
    [
        ("1x32x32~flatten~dense", "set its input to that"),
        ("1x28x28~flatten~dense-u7", "end it with dense 10"),
        ("1x28x28~conv", "add a flatten and a dense layer"),
        ("1x28x28~flatten~dense-u7~relu", "end it with dense 10"),
    ],
)
def test_a_misfit_is_one_sentence_and_one_click_mends_it(stack: str, sentence: str) -> None:
    app = page(t_stack=stack)
    assert sentence in app.warning[0].value
    app.button(key="t_mend").click()
    app = fine(app.run())
    assert not app.warning
    assert not made(app).problems((1, 28, 28), 10)


def test_what_cannot_be_mended_by_the_ends_has_a_sentence_alone() -> None:
    app = page(t_stack="1x28x28~conv-s5~conv-k9~flatten~dense")
    assert len(app.warning) == 1
    assert not [button for button in app.button if button.key == "t_mend"]


def test_a_slider_takes_the_nearest_number_on_its_scale() -> None:
    assert _put(RATE, 0.04) == 0.05
    assert _put(RATE, 1e-9) == 0.001
    assert _put(RATE, 99.0) == 1.0
    assert _put(SIZES, None) is None
    assert _put(SIZES, 30.0) == 20


def _put(one: Any, value: float | None) -> float | None:
    import streamlit as st

    st.session_state.clear()
    one.put(value)
    return one.number()


class FakeRun:
    """What a desk needs of a run."""

    def __init__(self, config: TrainConfig) -> None:
        self.config, self.status, self.sentence, self.queue_position = config, "running", "", 0
        self.history = SimpleNamespace(last_step=0, started=None)
        self.told: list[str] = []
        self.last_good_step = 0

    def stop(self) -> None:
        self.told.append("stop")
        self.status = "stopped"

    def step(self, count: int, wait: float) -> None:
        self.told.append(f"step {count}")
        self.status = "paused"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[FakeRun]:
    """Runs that were started, in place of real ones."""
    made: list[FakeRun] = []

    def start(config: TrainConfig, **_: Any) -> FakeRun:
        if config.seed == 13:
            raise RefusedError("No place.")
        time.sleep(0.01)
        made.append(FakeRun(config))
        return made[-1]

    monkeypatch.setattr(runs, "start_training", start)
    return made


def test_ten_presses_of_start_are_one_run(started: list[FakeRun]) -> None:
    desk = Desk("me")
    presses = [threading.Thread(target=desk.start, args=([(TrainConfig(), "")],)) for _ in range(10)]
    for press in presses:
        press.start()
    for press in presses:
        press.join()
    assert len(started) == 1
    assert desk.moving


def test_ten_presses_of_a_failure_are_one_pair(started: list[FakeRun]) -> None:
    desk, pair = Desk("me"), gallery.pair(FAILURES["zero_start"])
    for _ in range(10):
        desk.replace(pair)
    assert len(started) == 2
    assert started[0].config.seed == started[1].config.seed


def test_a_refusal_is_a_sentence_and_leaves_nothing_running(started: list[FakeRun]) -> None:
    desk = Desk("me")
    desk.start([(TrainConfig(), "a"), (TrainConfig(seed=13), "b")])
    assert desk.sentence == "No place."
    assert desk.entries == ()
    assert [run.status for run in started] == ["stopped"]


def test_a_finding_is_tried_beside_the_run_that_it_was_read_from(started: list[FakeRun]) -> None:
    desk = Desk("me")
    desk.start([(TrainConfig(rate=1.0), "")])
    before = desk.entries[0]
    for _ in range(3):
        desk.follow(before, TrainConfig(rate=0.1), "New: rate 0.1")
    assert [entry.label for entry in desk.entries] == ["New: rate 0.1", "Before"]
    assert [run.status for run in started] == ["stopped", "running"]


def test_a_desk_looks_again_until_single_steps_are_done_and_a_little_longer(started: list[FakeRun]) -> None:
    desk = Desk("me")
    desk.start([(TrainConfig(), "")], playing=False)
    desk.step(10)
    run, entry = started[0], desk.entries[0]
    assert (desk.moving, desk.open, desk.lively) == (False, True, True)
    entry.stirred -= 60
    assert desk.lively
    run.history.last_step = 10
    assert desk.lively
    entry.stirred -= runs.SETTLES_IN
    assert not desk.lively


def test_an_ended_run_gets_no_command(started: list[FakeRun]) -> None:
    desk = Desk("me")
    desk.start([(TrainConfig(), "")])
    desk.each(lambda run: run.stop())
    desk.step(5)
    assert started[0].told == ["stop"]


def test_desks_of_those_who_left_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "_desks", {"gone": Desk("gone"), "here": Desk("here"), "new": Desk("new")})
    long_ago = time.monotonic() - runs.FORGOTTEN_AFTER - 1
    runs._desks["gone"].visited = runs._desks["here"].visited = long_ago
    monkeypatch.setattr(runs, "session_alive", lambda session: session == "here")
    runs.desk()
    assert {"here", "new"} <= set(runs._desks)
    assert "gone" not in runs._desks


def test_the_pace_is_of_the_last_readings_and_starts_anew_when_steps_go_back() -> None:
    pace = Pace()
    assert pace.at(0, now=100.0) == 0
    assert pace.at(50, now=101.0) == 50
    assert pace.at(10, now=102.0) == 0
    assert pace.at(20, now=104.0) == 5


@pytest.mark.parametrize(("seconds", "said"), [(0.2, "1 s"), (42.4, "42 s"), (300, "5 min"), (7200, "2.0 h")])
def test_a_time_left_is_said_in_its_unit(seconds: float, said: str) -> None:
    assert status.duration(seconds) == said


def test_the_line_says_the_place_in_the_queue() -> None:
    run = FakeRun(TrainConfig())
    run.status, run.queue_position = "queued", 3
    assert status.numbers(Entry(run, run.config, "")) == ["waiting, place 3 in the queue"]  # type: ignore[arg-type]


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 32, 32)])
def test_an_own_picture_gets_the_shape_of_the_network(shape: tuple[int, int, int]) -> None:
    pixels = np.zeros((90, 60, 3), np.uint8)
    pixels[15:75, :, 0] = 200  # all of the middle square is red
    got = as_input(pixels, shape)
    assert got.shape == shape
    assert got.dtype == np.uint8
    assert set(got[0].ravel().tolist()) == ({200} if shape[0] == 3 else {60})
    if shape[0] == 3:
        assert not got[1:].any()


def test_the_stream_has_the_newest_look_first() -> None:
    looks = [
        Predictions(
            step,
            "test",
            np.array([step]),
            np.array([0]),
            np.zeros((1, 3), np.int32),
            np.full((1, 3), step, np.float32),
        )
        for step in range(1, 8)
    ]
    joined = judged.recent(SimpleNamespace(of=lambda kind: looks))  # type: ignore[arg-type]
    assert joined is not None
    assert joined.indices.tolist() == [7, 6, 5, 4]
    assert joined.step == 7


def test_a_cell_of_the_link_is_held_to_the_classes() -> None:
    assert settings.CELL.parse("3-7") == (3, 7)
    assert guesses._inside((3, 7), 10) == (3, 7)
    assert guesses._inside((3, 10), 10) is None
    for text in ("3", "3-x", "-1-2", "3-4-5"):
        with pytest.raises(ValueError):
            settings.CELL.parse(text)
