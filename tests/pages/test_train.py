"""The page "Train" without a browser, with real workers: a whole run, its faults, and what is kept."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import apptest
import pytest
from apptest import fine, press, views
from streamlit.testing.v1 import AppTest

from cnnviz.core.networks.text import stack_text
from cnnviz.engine.checkpoints.pretrained import PRETRAINED
from cnnviz.engine.diagnosis.failures import FAILURES
from cnnviz.engine.processes import supervisor
from cnnviz.engine.wire.records import Changed
from cnnviz.ui.train import runs
from cnnviz.ui.train.experiments import EXPERIMENTS

SCRIPT = "pages/network/train.py"
PATIENCE = 60.0  # seconds; a busy machine loads torch slowly


@pytest.fixture(autouse=True)
def no_runs_left() -> Iterator[None]:
    """Every AppTest has the same session, so the visitor is cleared."""
    yield
    runs.clear_all()


@pytest.fixture(scope="module", autouse=True)
def no_workers_left() -> Iterator[None]:
    yield
    supervisor.close()


def open_page(**query: str) -> AppTest:
    return apptest.open_page(SCRIPT, query)


def view(app: AppTest, key: str) -> dict[str, Any] | None:
    return views(app).get(key)


def entry() -> runs.Entry:
    visitor = runs.runs_of("test session id")
    assert visitor.first is not None
    return visitor.first


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.02)


def enabled(app: AppTest) -> set[str]:
    return {b.key.removeprefix("t_") for b in app.button if b.key in TRANSPORT and not b.disabled}


TRANSPORT = {
    f"t_{name}" for name in ("start", "pause", "resume", "stop", "reset", "step_1", "step_2", "step_3")
}


def status(app: AppTest) -> str:
    return next(element.proto.body for element in app.get("html") if "t-status" in element.proto.body)


def test_a_whole_run() -> None:
    app = open_page(t_end="100")
    assert enabled(app) == {"start", "step_1", "step_2", "step_3"}
    press(app, "t_start")
    assert enabled(app) == {"pause", "stop", "reset"}
    until(lambda: entry().history.last_step > 3)
    press(app, "t_pause")
    assert enabled(app) == {"resume", "stop", "reset", "step_1", "step_2", "step_3"}
    here = entry().history.last_step
    press(app, "t_step_1")
    until(lambda: entry().history.last_step == here + 1)
    press(app, "t_step_2")
    until(lambda: entry().history.last_step == here + 11)
    fine(app.run())
    assert f"step {here + 11:,}" in status(app)
    curves = view(app, "t_curves")
    assert curves is not None
    assert curves["runs"][0]["count"] == here + 11
    maps = view(app, "t_maps_0")
    assert maps is not None
    assert len(maps["layers"]) == 8
    press(app, "t_resume")
    until(lambda: entry().history.last_step > here + 12)
    press(app, "t_stop")
    until(lambda: entry().run.status == "stopped")
    assert enabled(fine(app.run())) == {"start", "reset", "step_1", "step_2", "step_3"}
    press(app, "t_reset")
    assert not runs.runs_of("test session id").entries


def test_a_page_switch_and_back_finds_the_run() -> None:
    app = open_page(t_end="100")
    press(app, "t_start")
    until(lambda: entry().history.last_step > 0)
    run = entry().run
    app.switch_page("pages/explore/pooling.py")
    fine(app.run())
    before = run.history.last_step
    until(lambda: run.history.last_step > before)
    app.switch_page(SCRIPT)
    fine(app.run())
    assert entry().run is run
    curves = view(app, "t_curves")
    assert curves is not None
    assert curves["runs"][0]["count"] >= before


def test_rate_momentum_and_weight_decay_change_while_it_runs() -> None:
    app = open_page(t_opt="SGD with momentum", t_end="100")
    press(app, "t_start")
    until(lambda: entry().history.last_step > 0)
    app.select_slider(key="t_rate").set_value("0.02")
    fine(app.run())
    until(lambda: bool(entry().history.rate[-1] == pytest.approx(0.02)))
    app.select_slider(key="t_mom").set_value("0.5")
    fine(app.run())
    app.select_slider(key="t_l2").set_value("0.01")
    fine(app.run())

    def changed() -> dict[str, float]:
        return {record.name: record.value for record in entry().history.of(Changed)}

    until(lambda: changed().get("momentum") == 0.5 and changed().get("weight_decay") == 0.01)


def test_nan_is_named_and_training_goes_on_with_a_tenth_of_the_rate() -> None:
    stack = stack_text(FAILURES["rate_too_high"].failing.net)
    app = open_page(t_opt="SGD", t_rate="2", t_stack=stack)
    press(app, "t_start")
    until(lambda: entry().run.status == "diverged")
    fine(app.run())
    assert "no longer a number" in app.error[0].value
    press(app, "t_tenth_0")
    until(lambda: len(entry().history.rate) > 0 and entry().history.rate[-1] == pytest.approx(0.2))
    assert app.select_slider(key="t_rate").value == "0.2"


def test_a_killed_worker_is_one_sentence_and_nothing_is_lost() -> None:
    app = open_page(t_end="100")
    press(app, "t_start")
    until(lambda: entry().run.last_good_step > 0)
    good = entry().run.last_good_step
    os.kill(entry().run.pid, signal.SIGKILL)
    until(lambda: entry().run.status == "failed")
    fine(app.run())
    assert len(app.error) == 1
    assert entry().history.last_step >= good
    press(app, "t_go_on_0")
    until(lambda: entry().history.last_step > good)
    press(app, "t_stop")


def test_the_gallery_starts_a_pair_with_one_seed() -> None:
    app = open_page(t_tab="Gallery of failures")
    press(app, "t_fail_zero_start")
    failing, healthy = (one.config for one in runs.runs_of("test session id").entries)
    assert (failing.seed, failing.init, healthy.init) == (healthy.seed, "zeros", "kaiming")
    assert app.selectbox(key="t_init").value == "all zero"
    until(lambda: all(one.run.status == "done" for one in runs.runs_of("test session id").entries))
    app = open_page()  # as the same session, on its first tab
    flow = view(app, "t_flow_view")
    assert flow is not None
    assert len(flow["runs"]) == 2
    assert any("Not learning" in text.value for text in app.markdown)


def test_slow_motion_reports_five_parts_of_the_next_step() -> None:
    app = open_page(t_tab="Slow motion")
    press(app, "t_slow")
    until(lambda: entry().history.last_step == 1)
    fine(app.run())
    sent = view(app, "t_slow_view")
    assert sent is not None
    assert [part["stage"] for part in sent["parts"]] == ["batch", "forward", "loss", "backward", "update"]


def test_before_the_first_start_our_own_network_is_shown() -> None:
    app = open_page(t_data="MNIST")
    shown = runs.runs_of("test session id").saved_network
    assert shown is not None

    def computed() -> bool:
        shown.collect()
        return not shown.pending

    until(computed)
    fine(app.run())
    assert any(PRETRAINED["mnist"].about in text.value.replace("\\", "") for text in app.markdown)
    assert view(app, "t_maps_0") is not None
    stream = view(app, "t_stream_first")
    assert stream is not None
    assert len(stream["labels"]) == 48


def test_a_network_is_kept_shown_and_its_settings_taken() -> None:
    app = open_page(t_tab="Keep", t_seed="5")
    press(app, "t_step_1")
    until(lambda: entry().run.last_good_step == 1)
    fine(app.run())
    app.text_input(key="t_keep_name").set_value("mine [x](y)")
    press(app, "t_keep")
    (saved,) = runs.runs_of("test session id").saved_networks
    assert (saved.name, saved.step, saved.config.seed) == ("mine [x](y)", 1, 5)
    app.number_input(key="t_seed").set_value(9)
    fine(app.run())
    press(app, "t_take_0")
    assert app.number_input(key="t_seed").value == 5
    press(app, "t_show_0")
    assert not runs.runs_of("test session id").entries
    app.file_uploader(key="t_keep_file").upload("again.safetensors", saved.to_bytes())
    fine(app.run())
    assert len(runs.runs_of("test session id").saved_networks) == 2


@pytest.mark.parametrize("content", [b"", b"\x80\x04K\x01.", b"\xff" * 500, b"{}" * 100])
def test_a_wrong_file_is_one_sentence(content: bytes) -> None:
    app = open_page(t_tab="Keep")
    app.file_uploader(key="t_keep_file").upload("bad.safetensors", content)
    fine(app.run())
    assert len(app.error) == 1
    assert not runs.runs_of("test session id").saved_networks


def test_a_network_too_large_is_refused_before_it_starts() -> None:
    app = open_page(t_stack="1x28x28~flatten~dense-u4000~dense")
    assert "parameters; at most" in app.warning[0].value
    assert "start" not in enabled(app)
    assert "step_1" not in enabled(app)


def test_the_test_pictures_are_predicted_only_when_asked() -> None:
    app = open_page(t_tab="Confusion", t_split="test pictures")
    press(app, "t_step_1")
    until(lambda: entry().history.last_step == 1)
    assert not entry().history.evaluations("test")
    press(app, "t_test")
    assert len(entry().history.evaluations("test")) == 1
    matrix = view(app, "t_confusion")
    assert matrix is not None
    assert sum(map(sum, matrix["counts"])) == 2000


def test_every_experiment_can_be_started() -> None:
    app = open_page()
    for number in range(len(EXPERIMENTS)):
        press(app, f"t_try_{number}")
        assert "start" in enabled(app)
        assert not app.warning
