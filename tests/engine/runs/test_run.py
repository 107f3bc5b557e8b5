"""A whole run, in a child process and in a thread: the same commands, the same numbers."""

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from processes import NET, QUICK, alive, eventually

from cnnviz.engine import start_training
from cnnviz.engine.config.errors import EngineError, RefusedError
from cnnviz.engine.processes.launcher import ForkLauncher, PrestartedLauncher, default_launcher
from cnnviz.engine.wire.records import (
    Changed,
    Confusion,
    Filters,
    Finished,
    Maps,
    Started,
    StepBlock,
    SubStep,
)

pytestmark = pytest.mark.processes
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(params=["child", "thread"])
def start(request, supervisor):
    """Starts runs, in a child process or in a thread, and ends them after the test."""
    runs = []

    def begin(config=QUICK, **options):
        runs.append(start_training(config, request.param == "thread", supervisor=supervisor, **options))
        return runs[-1]

    yield begin
    for run in runs:
        run.stop()
        run.wait(10)
        assert not run.pid
    eventually(lambda: not supervisor.scheduler.runs())


def test_a_run_from_start_to_end(start):
    run = start(QUICK.changed(max_steps=60))
    records = []
    eventually(lambda: records.extend(run.poll()) or run.status == "done", 60)
    assert [type(records[0]), type(records[-1])] == [Started, Finished]
    assert run.sentence == "All steps are done."
    history = run.history
    assert history.step.tolist() == list(range(1, 61))
    assert len(history.loss) == 60
    assert history.layers == ("1 conv 3×3, 4, stride 2", "4 dense 10")
    assert history.gradient_norms.shape == (60, 2)
    assert (history.gradient_norms > 0).all()
    assert history.validation[-1][0] == 60
    assert {Maps, Filters, Confusion} <= {type(record) for record in records}
    assert sum(len(one.loss) for one in records if isinstance(one, StepBlock)) == 60
    assert run.poll() == []
    assert run.last_good_step == 60


def test_child_and_thread_give_the_same_curve_bit_for_bit(supervisor):
    runs = [
        start_training(QUICK.changed(max_steps=40), here, supervisor=supervisor) for here in (True, False)
    ]
    assert [run.wait(60) for run in runs] == ["done", "done"]
    one, other = (run.history for run in runs)
    assert np.array_equal(one.loss, other.loss)
    assert np.array_equal(one.gradient_norms, other.gradient_norms)
    for name, value in runs[0].weights().items():
        assert np.array_equal(value, runs[1].weights()[name])


def test_pause_holds_step_adds_and_resume_goes_on(start):
    run = start()
    eventually(lambda: run.history.last_step > 3, 30)
    run.pause()
    assert run.status == "paused"
    held = run.history.last_step
    assert run.last_good_step == held
    run.step(1, wait=30)
    assert run.history.last_step == held + 1
    run.step(10, wait=30)
    assert run.history.last_step == held + 11
    assert run.status == "paused"
    assert run.last_good_step == held + 11
    run.resume()
    assert run.status == "running"
    eventually(lambda: run.history.last_step > held + 20, 30)
    run.stop()
    assert run.wait(10) == "stopped"
    assert run.sentence == "Stopped."


def test_a_pause_before_it_has_begun_is_a_beginning_in_a_pause(start):
    run = start()
    run.pause()
    run.step(5)  # waits for the process, however long it takes to start
    assert run.history.step.tolist() == [1, 2, 3, 4, 5]
    assert run.status == "paused"
    run.step(0)
    assert run.history.last_step == 5
    run.step(np.int64(130))
    assert run.history.last_step == 135
    for count in (-1, 1.5, "x", None, True, float("nan"), 10.0):
        with pytest.raises(RefusedError, match="whole number of steps"):
            run.step(count)
    assert run.history.last_step == 135


@pytest.mark.parametrize("count", [12, 25, 10**400])
def test_steps_end_with_the_run(start, count):
    run = start(QUICK.changed(max_steps=12), playing=False)
    run.step(count)
    assert run.status == "done"
    assert run.history.last_step == 12


def test_settings_change_while_it_runs(start):
    run = start(playing=False)
    run.step(2, wait=30)
    run.set_rate(0.05)
    run.set("momentum", 0.5)
    run.set("weight_decay", 0.01)
    run.step(2, wait=30)
    assert run.history.rate.tolist() == pytest.approx([0.001, 0.001, 0.05, 0.05])
    told = [(one.name, one.value) for one in run.history.of(Changed)]
    assert told == [("rate", 0.05), ("momentum", 0.5), ("weight_decay", 0.01)]
    for name, value in (("rate", -1), ("rate", float("nan")), ("momentum", 2), ("batch", 3)):
        with pytest.raises(ValueError, match=name):
            run.set(name, value)


def test_a_step_in_slow_motion(start):
    run = start(playing=False)
    run.slow_step(wait=30)
    eventually(lambda: run.history.last_step == 1)
    stages = [one.stage for one in run.history.of(SubStep)]
    assert stages == ["batch", "forward", "loss", "backward", "update"]


def test_evaluation_while_it_runs_and_after_its_end(start):
    run = start(QUICK.changed(max_steps=100))
    early = run.evaluate("test")
    assert early["count"] == 2000
    assert 0 <= early["accuracy"] <= 1
    assert run.wait(60) == "done"
    late = run.evaluate("test")
    assert late["accuracy"] > 0.4
    assert run.history.evaluations("test")[-1] == (100, late["loss"], late["accuracy"])
    assert run.history.latest(Confusion).counts.sum() == 2000
    with pytest.raises(RefusedError, match="splits are"):
        run.evaluate("all")


def test_the_model_gives_what_the_run_measured(start):
    from cnnviz.core.datasets.table import DATASETS

    run = start(QUICK.changed(max_steps=30))
    run.wait(60)
    test = DATASETS["fashion"].load().test
    with torch.inference_mode():
        logits = run.model()(torch.tensor(test.images, dtype=torch.float32) / 255)
    right = float((logits.argmax(1).numpy() == test.labels).mean())
    assert right == pytest.approx(run.evaluate("test")["accuracy"], abs=0.002)


def test_a_pinned_picture_is_the_one_whose_maps_are_shown(start):
    run = start(playing=False)
    picture = np.arange(784, dtype=np.uint8).reshape(1, 28, 28)
    run.pin(picture)
    eventually(lambda: (found := run.history.latest(Maps)) and np.array_equal(found.picture, picture), 30)
    with pytest.raises(RefusedError, match="picture must be uint8"):
        run.pin(picture[:, :5])


def test_a_loss_that_is_no_number_ends_the_run_and_the_last_good_state_is_kept(start):
    run = start(QUICK.changed(optimizer="sgd", output="one_hot_mse", max_steps=2000))
    eventually(lambda: run.history.last_step > 60, 30)
    run.set_rate(1e4)
    assert run.wait(60) == "diverged"
    assert "the loss was no longer a number" in run.sentence
    assert not np.isfinite(run.history.loss[-1])
    assert run.history.latest(Finished).good_step == run.last_good_step
    assert all(np.isfinite(value).all() for value in run.weights().values())
    before, good = run.history.loss, run.last_good_step
    run.restart_from_last(rate=1e-3, playing=False)
    run.step(5, wait=30)
    assert run.history.step.tolist() == list(range(1, good + 6))
    assert np.array_equal(run.history.loss[:good], before[:good])
    assert np.isfinite(run.history.loss).all()


def test_a_run_that_goes_on_from_its_last_state_goes_on_bit_for_bit(start):
    whole = start(QUICK.changed(max_steps=40))
    parts = start(playing=False)
    parts.step(25, wait=30)
    parts.stop()
    parts.wait(10)
    assert parts.last_good_step == 25
    parts.restart_from_last(playing=False)
    parts.step(15, wait=30)
    assert whole.wait(60) == "done"
    assert np.array_equal(whole.history.loss, parts.history.loss)


def test_a_run_that_is_done_goes_on_where_it_gets_more_steps(start):
    run = start(QUICK.changed(max_steps=10))
    assert run.wait(60) == "done"
    loss = run.history.loss
    for changes in ({}, {"rate": 0.1}, {"max_steps": 10}):
        with pytest.raises(RefusedError, match=r"All 10 steps are done: restart_from_last\(max_steps=20\)"):
            run.restart_from_last(**changes)
    assert (run.status, run.sentence, run.config.max_steps) == ("done", "All steps are done.", 10)
    with pytest.raises(RefusedError, match="'batch' does not change"):
        run.restart_from_last(batch=3)
    run.restart_from_last(max_steps=15)
    assert run.wait(60) == "done"
    assert run.history.step.tolist() == list(range(1, 16))
    assert np.array_equal(run.history.loss[:10], loss)


def test_a_run_that_has_ended_refuses_commands_and_says_what_goes_on(start):
    run = start(playing=False)
    run.step(2)
    run.stop()
    run.wait(10)
    picture = np.zeros((1, 28, 28), np.uint8)
    commands = [
        run.resume,
        run.step,
        lambda: run.step(0),
        run.slow_step,
        lambda: run.set_rate(0.1),
        lambda: run.set("momentum", 0.5),
        lambda: run.pin(picture),
    ]
    for command in commands:
        with pytest.raises(RefusedError, match=r"ended \(stopped\).*restart_from_last\(\) trains on"):
            command()
    run.pause()
    run.stop()
    assert (run.status, run.sentence, run.history.last_step) == ("stopped", "Stopped.", 2)


def test_cuda_where_there_is_none_is_refused_before_anything_starts(supervisor):
    cuda = QUICK.changed(device="cuda")
    if torch.cuda.is_available():
        pytest.skip("there is CUDA here")
    for in_process in (True, False):
        with pytest.raises(RefusedError, match="no CUDA device here"):
            start_training(cuda, in_process, supervisor=supervisor)
    assert not supervisor.scheduler.runs()


def test_no_run_makes_more_steps_than_the_bound(supervisor, start, monkeypatch):
    monkeypatch.setattr(supervisor, "limits", dataclasses.replace(supervisor.limits, max_steps=30))
    run = start()
    assert run.wait(60) == "done"
    assert run.history.last_step == 30
    assert "30 steps are done, the most that a run may have here" in run.sentence
    with pytest.raises(RefusedError, match="30 steps are done, the most that a run may have here"):
        run.restart_from_last(max_steps=100)


BAD = [
    ({"dataset": "nothing"}, "no data set 'nothing'"),
    ({"net": {**NET, "layers": NET["layers"][:-1]}}, "end it with dense 10"),
    ({"net": {**NET, "input": [3, 8, 8]}}, "pictures of 3×8×8"),
    (
        {
            "net": {
                **NET,
                "layers": [*NET["layers"][:3], {"type": "dense", "units": 90000}, *NET["layers"][3:]],
            }
        },
        "at most",
    ),
    ({"rate": -1}, "rate"),
    ({"colour": 1}, "no setting"),
]


@pytest.mark.parametrize(("settings", "sentence"), BAD, ids=[sentence for _, sentence in BAD])
def test_what_cannot_be_trained_is_refused_before_anything_starts(supervisor, settings, sentence):
    with pytest.raises(ValueError, match=sentence):
        start_training({"net": NET, **settings}, supervisor=supervisor)
    assert not supervisor.scheduler.runs()


def test_a_stopped_run_without_weights_says_so(supervisor):
    run = start_training(QUICK, playing=False, supervisor=supervisor)
    run.stop()
    assert run.wait(10) == "stopped"
    with pytest.raises(EngineError, match="no weights"):
        run.evaluate()


WITHOUT_FORK = """
import os, signal, socket
for name in ("fork", "nice"):
    delattr(os, name)
del socket.send_fds, socket.recv_fds, signal.SIGCHLD
"""
ON_WINDOWS = """
import sys
from cnnviz.engine import TrainConfig, start_training
from cnnviz.engine.processes import supervisor
run = start_training(TrainConfig.from_json(sys.argv[1]))
while not run.history.last_step:
    run.wait(0.01)
child = run.pid
job = supervisor.job("about", {}, timeout=150)
launcher = supervisor.default_supervisor().launcher
waiting = launcher.pid
print(type(launcher).__name__, run.wait(150), len(run.history.loss), job.ok, "torch" in sys.modules)
supervisor.close()
print(child, job.value["pid"], waiting, flush=True)
"""


def test_the_way_without_fork_does_jobs_and_trains(tmp_path):
    """As on Windows: what Python lacks there is taken away, from the server and from its children."""
    (tmp_path / "sitecustomize.py").write_text(WITHOUT_FORK, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    command = [sys.executable, "-c", ON_WINDOWS, QUICK.changed(max_steps=20).to_json()]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=170)
    result, pids = ended.stdout.splitlines()
    assert result == "PrestartedLauncher done 20 True False"
    child, worker, waiting = map(int, pids.split())
    assert 0 not in (child, worker, waiting)
    assert len({child, worker, waiting}) == 3
    assert eventually(lambda: not any(map(alive, (child, worker, waiting))), 5)


def test_processes_are_prestarted_only_where_there_is_no_fork(monkeypatch):
    assert isinstance(default_launcher(), ForkLauncher)
    monkeypatch.delattr(os, "fork")
    assert isinstance(default_launcher(), PrestartedLauncher)
