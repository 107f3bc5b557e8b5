"""The training page's parts without a page: scales, settings and their link, visitors, the status line."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from apptest import fine, linked, run_script
from streamlit.testing.v1 import AppTest

from cnnviz.core.datasets.table import DATASETS
from cnnviz.core.networks.presets import PRESETS
from cnnviz.engine.config.errors import RefusedError
from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.engine.diagnosis.failures import FAILURES
from cnnviz.engine.wire.records import Predictions
from cnnviz.ui.train import confusion, gallery, predictions, runs, settings, status
from cnnviz.ui.train.pinned_picture import as_input
from cnnviz.ui.train.runs import Entry, Pace, VisitorRuns


def test_labels_have_no_exponent() -> None:
    assert settings.CONTROLS["rate"].to_link(1e-5) == "0.00001"  # type: ignore[arg-type]


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


def take(app: AppTest, given: TrainConfig) -> TrainConfig:
    """What the controls make after they were set to these settings."""
    app.session_state["take"] = given.to_json()
    return made(fine(app.run()))


@pytest.mark.parametrize("name", FAILURES)
def test_the_controls_show_what_a_failure_trains(name: str) -> None:
    app = page()
    runs_of_it = gallery.pair(FAILURES[name])
    for wanted, _ in (*runs_of_it, runs_of_it[0]):
        assert take(app, wanted) == wanted
    assert made(page(**link(app))) == runs_of_it[0][0]


def link(app: AppTest) -> dict[str, str]:
    return {name: str(linked(app, name)) for name in app.query_params}


UNEVEN = {
    "train_size": 137,
    "noise": 0.333,
    "label_noise": 0.01,
    "momentum": 0.999,
    "weight_decay": 0.05,
    "l1": 0.00037,
    "drop": 0.123,
    "rate": 0.0004,
    "batch": 25,
    "seed": 2**31 - 1,
    "max_steps": 77,
}


def test_the_controls_show_numbers_that_no_slider_stops_at() -> None:
    app = page()
    wanted = TrainConfig(net=PRESETS["small"].spec, **UNEVEN)  # type: ignore[arg-type]
    assert take(app, wanted) == wanted
    assert app.select_slider(key="t_batch").value == "25"
    app.select_slider(key="t_batch").set_value("32")
    assert made(fine(app.run())).batch == 32


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("t_mom", "0.9", 0.9),
        ("t_noise", "1.0", 1.0),
        ("t_wrong", "0.05", 0.05),
        ("t_drop", "0.95", 0.95),
        ("t_side", "48", 48),
        ("t_drawn", "8000", 8000),
        ("t_size", "all", None),
        ("t_l1", "0.000001", 1e-6),
        ("t_l2", "0.3", 0.3),
        ("t_rate", "100", 100.0),
        ("t_batch", "512", 512),
        ("t_end", "20", 20),
        ("t_seed", "9999", 9999),
    ],
)
def test_a_number_in_an_old_link_means_what_it_meant(key: str, text: str, value: float | None) -> None:
    assert settings.STATE.part(key).from_link(text) == value


@pytest.mark.parametrize("text", ["0", "1025", "2.5", "nan", "inf", "many", ""])
def test_a_link_with_no_legal_number_means_the_default(text: str) -> None:
    assert made(page(t_batch=text)).batch == 64


def test_other_ways_to_write_a_number_in_a_link_mean_the_same() -> None:
    config = made(page(t_rate="4e-3", t_noise="0.50", t_batch="25.0"))
    assert (config.rate, config.noise, config.batch) == (0.004, 0.5, 25)


def test_the_title_of_a_closed_group_says_what_is_in_it() -> None:
    app = page(t_drop="0.5", t_shuffle="true", t_end="2")
    titles = [group.label for group in app.expander]
    assert titles[0] == f"Data: {DATASETS['fashion'].title} · shuffle all labels"
    assert titles[3:] == [
        "**3** Method: Adam · dropout p 0.5",
        "**4** Hyper-parameters: learning rate 0.001 · batch 64 · 2 epochs",
    ]


def test_each_group_says_which_settings_take_effect_at_once() -> None:
    found = [caption.value for caption in page().caption if "at once" in caption.value]
    assert found == [
        "Momentum and L2 (weight decay) take effect at once, also while a run goes on.",
        "Learning rate takes effect at once, also while a run goes on.",
    ]


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
    app.select_slider(key="t_side").set_value("48")
    config = made(fine(app.run()))
    assert (config.dataset, config.net.input) == ("shapes-48x4000", (3, 48, 48))
    assert not config.problems((3, 48, 48), 10)
    app.session_state["take"] = config.changed(dataset="shapes-20x300", net=config.net).to_json()
    assert made(fine(app.run())).dataset == "shapes-20x300"


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


class FakeRun:
    """What a visitor needs of a run."""

    def __init__(self, config: TrainConfig) -> None:
        self.config, self.status, self.sentence, self.queue_position = config, "running", "", 0
        self.history = SimpleNamespace(last_step=0, started=None)
        self.commands: list[str] = []
        self.last_good_step = 0

    def stop(self) -> None:
        self.commands.append("stop")
        self.status = "stopped"

    def step(self, count: int, wait: float) -> None:
        self.commands.append(f"step {count}")
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
    visitor = VisitorRuns("me")
    presses = [threading.Thread(target=visitor.start, args=([(TrainConfig(), "")],)) for _ in range(10)]
    for press in presses:
        press.start()
    for press in presses:
        press.join()
    assert len(started) == 1
    assert visitor.moving


def test_ten_presses_of_a_failure_are_one_pair(started: list[FakeRun]) -> None:
    visitor, pair = VisitorRuns("me"), gallery.pair(FAILURES["zero_start"])
    for _ in range(10):
        visitor.replace(pair)
    assert len(started) == 2
    assert started[0].config.seed == started[1].config.seed


def test_a_refusal_is_a_sentence_and_leaves_nothing_running(started: list[FakeRun]) -> None:
    visitor = VisitorRuns("me")
    visitor.start([(TrainConfig(), "a"), (TrainConfig(seed=13), "b")])
    assert visitor.sentence == "No place."
    assert visitor.entries == ()
    assert [run.status for run in started] == ["stopped"]


def test_a_finding_is_tried_beside_the_run_that_it_was_read_from(started: list[FakeRun]) -> None:
    visitor = VisitorRuns("me")
    visitor.start([(TrainConfig(rate=1.0), "")])
    before = visitor.entries[0]
    for _ in range(3):
        visitor.follow(before, TrainConfig(rate=0.1), "New: rate 0.1")
    assert [entry.label for entry in visitor.entries] == ["New: rate 0.1", "Before"]
    assert [run.status for run in started] == ["stopped", "running"]


def test_the_page_polls_until_single_steps_are_done_and_a_little_longer(started: list[FakeRun]) -> None:
    visitor = VisitorRuns("me")
    visitor.start([(TrainConfig(), "")], playing=False)
    visitor.step(10)
    run, entry = started[0], visitor.entries[0]
    assert (visitor.moving, visitor.open, visitor.needs_refresh) == (False, True, True)
    entry.last_change -= 60
    assert visitor.needs_refresh
    run.history.last_step = 10
    assert visitor.needs_refresh
    entry.last_change -= runs.REFRESHED_FOR
    assert not visitor.needs_refresh


def test_an_ended_run_gets_no_command(started: list[FakeRun]) -> None:
    visitor = VisitorRuns("me")
    visitor.start([(TrainConfig(), "")])
    visitor.each(lambda run: run.stop())
    visitor.step(5)
    assert started[0].commands == ["stop"]


def test_desks_of_those_who_left_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    gone, here, new = (runs.runs_of(session) for session in ("gone", "here", "new"))
    gone.visited = here.visited = time.monotonic() - runs.FORGOTTEN_AFTER - 1
    monkeypatch.setattr(runs, "session_alive", lambda session: session == "here")
    assert runs.runs_of("here") is here
    assert runs.runs_of("new") is new
    assert runs.runs_of("gone") is not gone
    runs.clear_all()


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


def test_the_stream_has_the_newest_sample_first() -> None:
    samples = [
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
    joined = predictions.recent(SimpleNamespace(of=lambda kind: samples))  # type: ignore[arg-type]
    assert joined is not None
    assert joined.indices.tolist() == [7, 6, 5, 4]
    assert joined.step == 7


def test_a_cell_of_the_link_is_held_to_the_classes() -> None:
    assert settings.CELL.parse("3-7") == (3, 7)
    assert confusion.held_to_classes((3, 7), 10) == (3, 7)
    assert confusion.held_to_classes((3, 10), 10) is None
    for text in ("3", "3-x", "-1-2", "3-4-5"):
        with pytest.raises(ValueError):
            settings.CELL.parse(text)
