"""What can go wrong with processes, each with real ones: nothing is lost that the visitor had."""

import dataclasses
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from processes import NET, QUICK, alive, eventually

from cnnviz.engine import start_training
from cnnviz.engine.config.errors import RefusedError
from cnnviz.engine.processes.launcher import Child, Launcher
from cnnviz.engine.processes.supervisor import Supervisor
from cnnviz.engine.wire.frames import Channel
from cnnviz.engine.wire.records import Finished

pytestmark = pytest.mark.processes
ROOT = Path(__file__).resolve().parents[3]

SLOW_CONV = {"type": "conv", "channels": 64, "kernel": 3, "padding": 1}
SLOW = QUICK.changed(
    net={**NET, "layers": [SLOW_CONV, SLOW_CONV, {"type": "max_pool", "kernel": 28}, *NET["layers"][2:]]},
    batch=100,
)


@pytest.fixture
def start(supervisor):
    """Starts runs, and ends them after the test."""
    runs = []

    def begin(config=QUICK, **options):
        runs.append(start_training(config, **{"supervisor": supervisor} | options))
        return runs[-1]

    yield begin
    for run in runs:
        run.stop()
    for run in runs:
        run.wait(10)
    eventually(lambda: not supervisor.scheduler.runs())


def test_a_worker_killed_in_mid_step_loses_nothing(start):
    run = start(QUICK.changed(train_size=None))
    eventually(lambda: run.last_good_step > 0, 30)
    os.kill(run.pid, signal.SIGKILL)
    assert run.wait(10) == "failed"
    good, before = run.last_good_step, run.history.loss
    assert run.sentence == (
        f"The training process was ended by signal 9 (SIGKILL); history and the weights of step {good:,} are "
        "kept: go on from there."
    )
    assert len(before) >= good
    assert all(np.isfinite(value).all() for value in run.weights().values())
    assert run.evaluate("test")["count"] == 2000
    run.restart_from_last(playing=False)
    run.step(3, wait=30)
    assert run.history.step.tolist() == list(range(1, good + 4))
    assert np.array_equal(run.history.loss[:good], before[:good])


def test_a_stopped_worker_ends_within_two_seconds_however_long_a_step_lasts(start):
    run = start(SLOW)
    eventually(lambda: run.history.last_step, 60)
    pid, steps = run.pid, run.history.last_step
    run.stop()
    assert run.wait(10) == "stopped"
    assert eventually(lambda: not alive(pid), 3)
    assert run.history.last_step <= steps + 1


def test_the_preloader_killed_and_the_run_goes_on(supervisor, start):
    run = start()
    step = eventually(lambda: run.history.last_step, 60)
    os.kill(supervisor.launcher.pid, signal.SIGKILL)
    another = start(QUICK.changed(max_steps=20))  # asked of the one that is dying, or of the next
    eventually(lambda: run.history.last_step > step + 10, 30)
    assert run.status == "running"
    assert another.wait(150) == "done"
    run.stop()
    assert run.wait(10) == "stopped"


SERVER = """
import sys, time
from cnnviz.engine import TrainConfig, start_training
from cnnviz.engine.processes import supervisor
run = start_training(TrainConfig.from_json(sys.argv[1]))
while not run.history.last_step:
    time.sleep(0.01)
print(run.pid, supervisor.default_supervisor().launcher.pid, "torch" in sys.modules, flush=True)
time.sleep(100)
"""


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL], ids=str)
def test_nobody_outlives_the_server_and_torch_stays_out_of_it(end):
    command = [sys.executable, "-c", SERVER, SLOW.to_json()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        child, preloader, torch = server.stdout.readline().split()
        assert torch == b"False"
        server.send_signal(end)
        server.wait(10)
        assert eventually(lambda: not alive(int(child)) and not alive(int(preloader)), 2)


def test_a_run_ends_when_its_visitor_has_been_gone_for_the_grace_time_and_not_before(start):
    here = True
    run = start(owner_alive=lambda: here)
    eventually(lambda: run.history.last_step, 60)
    here = False
    time.sleep(1)  # a dropped connection
    assert run.status == "running"
    here = True
    time.sleep(1.5)
    assert run.status == "running"
    here = False
    assert run.wait(10) == "stopped"
    assert run.sentence == "Stopped, because its visitor has been gone for 2 seconds."
    assert len(run.history.loss)


def test_a_visitor_who_cannot_be_asked_is_gone(start):
    run = start(owner_alive=lambda: 1 / 0)
    assert run.wait(20) == "stopped"
    assert "gone" in run.sentence


def test_start_pressed_ten_times_fast(supervisor, start):
    runs = [start() for _ in range(10)]
    for run in runs[:-1]:
        run.stop()
    eventually(lambda: runs[-1].history.last_step > 5, 60)
    assert [run.wait(10) for run in runs[:-1]] == ["stopped"] * 9
    assert supervisor.scheduler.runs() == [runs[-1]._session._handle]
    pids = {run.pid for run in runs} - {0}
    assert pids == {runs[-1].pid}


def test_more_runs_than_slots_take_turns_and_see_their_place(start):
    runs = [start() for _ in range(5)]
    assert eventually(lambda: sorted(run.queue_position for run in runs) == [0, 0, 1, 2, 3])
    assert runs[-1].status in ("queued", "starting", "running")
    eventually(lambda: all(run.history.last_step > 3 for run in runs), 60)
    steps = [run.history.last_step for run in runs]
    eventually(lambda: all(run.history.last_step > s + 3 for run, s in zip(runs, steps, strict=True)), 60)
    assert {run.status for run in runs} == {"running"}


def test_a_paused_run_takes_no_turn_and_a_step_gets_one(start):
    paused = start(playing=False)
    busy = [start() for _ in range(3)]
    eventually(lambda: all(run.history.last_step > 3 for run in busy), 60)
    assert paused.status == "paused"
    assert paused.queue_position == 0
    assert paused.history.last_step == 0
    paused.step(2, wait=30)
    assert paused.history.last_step == 2
    assert paused.evaluate("test")["count"] == 2000


def test_a_full_server_says_so_and_a_place_is_free_when_a_run_has_ended(supervisor, start):
    runs = [start(playing=False) for _ in range(supervisor.limits.max_queue)]
    with pytest.raises(RefusedError, match="All 12 places for runs on this server are taken"):
        start()
    runs[0].stop()
    runs[0].wait(10)
    start(playing=False)


def test_a_run_that_finds_no_place_to_go_on_stays_as_it_ended(supervisor, start):
    ended = start(playing=False)
    ended.step(3)
    ended.stop()
    ended.wait(10)
    eventually(lambda: not supervisor.scheduler.runs())
    others = [start(playing=False) for _ in range(supervisor.limits.max_queue)]
    with pytest.raises(RefusedError, match="places for runs"):
        ended.restart_from_last(rate=0.5)
    assert (ended.status, ended.sentence, ended.config.rate) == ("stopped", "Stopped.", 1e-3)
    assert ended.history.latest(Finished) is not None
    others[0].stop()
    others[0].wait(10)
    ended.restart_from_last(playing=False)
    ended.step(1)
    assert ended.history.step.tolist() == [1, 2, 3, 4]


SCRIPT = """
from cnnviz.engine import TrainConfig, start_training
runs = [start_training(TrainConfig(batch=256), in_process=True) for _ in range(2)]
while not all(run.history.last_step for run in runs):
    runs[0].wait(0.01)
"""


def test_a_script_that_forgets_to_stop_its_threads_ends_well(tmp_path):
    script = tmp_path / "forgets.py"
    script.write_text(SCRIPT, encoding="utf-8")
    there = {"cwd": tmp_path, "env": {**os.environ, "PYTHONPATH": str(ROOT)}, "timeout": 60}
    ended = subprocess.run([sys.executable, "-W", "error", script], capture_output=True, check=False, **there)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")


def test_a_run_that_lives_too_long_is_ended(supervisor, start, monkeypatch):
    monkeypatch.setattr(supervisor, "limits", dataclasses.replace(supervisor.limits, max_seconds=1))
    run = start(playing=False)
    assert run.wait(10) == "stopped"
    assert run.sentence == "Stopped after 0.0166667 minutes, the longest that a run may last here."


def test_a_run_that_needs_too_much_memory_says_so(supervisor, start, monkeypatch):
    monkeypatch.setattr(supervisor, "limits", dataclasses.replace(supervisor.limits, max_run_mb=30))
    run = start(SLOW.changed(batch=90))
    assert run.wait(60) == "failed"
    assert "needs more memory than one run may take" in run.sentence


def test_a_broken_message_ends_the_worker_and_not_the_server(start):
    run = start()
    eventually(lambda: run.history.last_step, 60)
    run._session._handle._child.channel._writer.write(b"GET / HTTP/1.1\r\n\r\n")
    assert run.wait(10) == "failed"
    assert "ended by itself with code 4" in run.sentence
    assert len(run.history.loss)


NONSENSE = [
    b"GET / HTTP/1.1\r\n\r\n",
    {"records": [["step_block", {}, {}]]},
    {"records": [["nothing", {}, {}]]},
    {"records": 7},
    {"turn": "idle"},
]


class Liar(Launcher):
    """Gives every run a child that says one thing."""

    def __init__(self, says):
        self.says, self.ends = says, []

    def launch(self, order):
        ours, theirs = socket.socketpair()
        if isinstance(self.says, bytes):
            theirs.sendall(self.says)
        else:
            Channel.of_socket(theirs).send(self.says)
        self.ends.append(theirs)
        child = Child(Channel.of_socket(ours), pid=1, exit_code=0)
        child.ended.set()
        return child

    def preload(self):
        """Nothing to do."""

    def kill(self, child):
        """There is no process."""

    def close(self):
        for end in self.ends:
            end.close()


@pytest.mark.parametrize("says", NONSENSE, ids=str)
def test_a_worker_that_talks_nonsense_is_ended_and_its_run_says_so(supervisor, says):
    one = Supervisor(Liar(says), supervisor.limits)
    run = start_training(QUICK, supervisor=one)
    assert run.wait(10) == "failed"
    assert "sent something that is no message of a run" in run.sentence
    one.close()


NOISY = """
import cnnviz.engine.processes.worker as worker
worker.preload = lambda: print("noise on stdout", flush=True)
from cnnviz.engine.processes import prestarted
prestarted.main()
"""


def test_what_a_worker_prints_does_not_corrupt_its_messages():
    with subprocess.Popen(
        [sys.executable, "-c", NOISY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        channel = Channel(process.stdout, process.stdin.raw, process.stdin.close)
        channel.send({"job": "nothing", "arguments": {}})
        assert channel.receive() == {"error": "There is no job called 'nothing'."}
        channel.close()
        assert b"noise on stdout" in process.stderr.read()


class Slow(Launcher):
    """Another launcher that takes its time, as on a server that has just been started."""

    def __init__(self, other):
        self.other = other

    def launch(self, order):
        time.sleep(0.7)
        return self.other.launch(order)

    def preload(self):
        """It is the other one's."""

    def kill(self, child):
        self.other.kill(child)

    def close(self):
        """It is the other one's."""


def test_turns_given_while_a_worker_starts_are_not_lost(supervisor):
    """More runs than slots: whoever is told to hold before it exists makes room all the same."""
    one = Supervisor(Slow(supervisor.launcher), supervisor.limits, slice_seconds=0.1)
    runs = [start_training(QUICK, supervisor=one) for _ in range(4)]
    runs[0].pause(wait=0)
    runs[0].stop()
    eventually(lambda: all(run.history.last_step > 3 for run in runs[1:]), 60)
    workers = [run.pid for run in runs[1:]]
    assert all(workers)
    one.close()
    assert [run.wait(10) for run in runs] == ["stopped"] * 4
    assert eventually(lambda: not any(map(alive, workers)), 3)
