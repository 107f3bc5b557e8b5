"""Jobs in real child processes: answers, deadlines, deaths, and nobody left behind."""

import dataclasses
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from processes import alive, eventually

from cnnviz.engine.errors import RefusedError
from cnnviz.engine.launchers import SpareLauncher
from cnnviz.engine.supervisor import Supervisor
from cnnviz.settings import Settings

LIMITS = dataclasses.replace(Settings(), max_runs=2, max_queue=1)
CONV = {"type": "conv", "channels": 8, "kernel": 511, "padding": 255}
NEVER_ENDING = {"spec": {"input": [1, 900, 900], "layers": [CONV] * 40}, "draws": 200, "seconds": 1000}


@pytest.fixture(scope="module")
def supervisor():
    one = Supervisor(limits=LIMITS)
    one.warm()
    assert one.launcher.ready.wait(150)
    yield one
    one.close()
    assert not one.launcher.pid


def child_of(ticket):
    return eventually(lambda: ticket._child and ticket._child.pid)


def test_a_job_is_done_in_a_child_on_one_thread(supervisor):
    result = supervisor.job("about", {})
    assert result.ok
    assert result.value["threads"] == 1
    assert result.value["pid"] not in (os.getpid(), supervisor.launcher.pid)
    eventually(lambda: not alive(result.value["pid"]))


def test_the_nursery_is_single_threaded(supervisor):
    assert len(list(Path(f"/proc/{supervisor.launcher.pid}/task").iterdir())) == 1


def test_the_effective_field_comes_back_as_an_array(supervisor):
    layers = [{"type": "conv", "channels": 8, "kernel": 3, "padding": 1}] * 3
    arguments = {"spec": {"input": [3, 20, 20], "layers": layers}, "layer": 2, "unit": [10, 10]}
    result = supervisor.job("effective_field", {**arguments, "weights": "uniform"})
    assert result.error == ""
    assert result.value["field"].shape == (20, 20)
    assert result.value["box"] == [7, 7, 14, 14]


@pytest.mark.parametrize(
    ("name", "arguments", "sentence"),
    [
        ("nothing", {}, "no job called 'nothing'"),
        ("effective_field", {"spec": {"input": [1, 8, 8]}}, "missing"),
        ("effective_field", {"spec": {"input": [1, 8, 8], "layers": []}, "colour": 1}, "arguments"),
        ("about", {"x": object()}, "cannot hold a object"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(supervisor, name, arguments, sentence):
    result = supervisor.job(name, arguments)
    assert sentence in result.error
    assert not result.ok


def test_a_job_that_takes_too_long_is_ended(supervisor):
    ticket = supervisor.submit("effective_field", NEVER_ENDING, timeout=0.7)
    pid = child_of(ticket)
    assert "longer than 0.7 seconds" in ticket.wait(10).error
    eventually(lambda: not alive(pid), 2)


def test_a_cancelled_job_ends_its_child(supervisor):
    ticket = supervisor.submit("effective_field", NEVER_ENDING, timeout=150)
    pid = child_of(ticket)
    assert ticket.poll() is None
    ticket.cancel()
    eventually(lambda: not alive(pid), 2)
    assert "cancelled" in ticket.wait(5).error


def test_a_child_that_is_killed_is_named(supervisor):
    ticket = supervisor.submit("effective_field", NEVER_ENDING, timeout=150)
    os.kill(child_of(ticket), signal.SIGKILL)
    assert "was ended by signal 9 (SIGKILL)" in ticket.wait(5).error


def test_memory_is_bounded(supervisor):
    supervisor._desk._megabytes, before = 40, supervisor._desk._megabytes
    layers = [{"type": "conv", "channels": 8, "kernel": 3, "padding": 1}] * 400
    arguments = {"spec": {"input": [1, 900, 900], "layers": layers}, "weights": "random"}
    result = supervisor.job("effective_field", arguments, timeout=120)
    supervisor._desk._megabytes = before
    assert "more memory" in result.error


def test_jobs_beyond_the_bound_are_refused_and_the_others_wait_their_turn(supervisor):
    tickets = [supervisor.submit("effective_field", NEVER_ENDING, timeout=150) for _ in range(4)]
    with pytest.raises(RefusedError, match="busy"):
        supervisor.submit("about", {})
    assert "busy" in supervisor.job("about", {}).error
    for ticket in tickets:
        ticket.cancel()
    for ticket in tickets:
        assert ticket.wait(5)
    eventually(lambda: supervisor.job("about", {}).ok)


def test_another_nursery_starts_by_itself_and_running_children_go_on(supervisor):
    ticket = supervisor.submit("effective_field", NEVER_ENDING, timeout=150)
    child, nursery = child_of(ticket), supervisor.launcher.pid
    os.kill(nursery, signal.SIGKILL)
    assert eventually(lambda: supervisor.launcher.pid not in (0, nursery))
    assert supervisor.job("about", {}, timeout=120).ok
    assert alive(child)
    ticket.cancel()
    eventually(lambda: not alive(child), 2)


def test_a_job_asked_of_a_dying_nursery_is_done_by_the_next(supervisor):
    os.kill(supervisor.launcher.pid, signal.SIGKILL)
    assert supervisor.job("about", {}, timeout=120).ok


def test_the_way_without_fork_gives_the_same_answers():
    one = Supervisor(SpareLauncher(), LIMITS)
    first, second = (one.job("about", {}, timeout=150) for _ in range(2))
    spare = one.launcher._spare.pid
    one.close()
    assert first.ok
    assert second.ok
    assert first.value["pid"] != second.value["pid"]
    eventually(lambda: not any(map(alive, (spare, first.value["pid"], second.value["pid"]))), 2)


SERVER = """
import sys, time
from cnnviz.engine import supervisor
ticket = supervisor.submit("effective_field", {arguments}, timeout=100)
while not (ticket._child and ticket._child.pid):
    time.sleep(0.01)
print(ticket._child.pid, supervisor.the_supervisor().launcher.pid, "torch" in sys.modules, flush=True)
{then}
"""


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT, None], ids=str)
def test_nobody_outlives_the_server(end):
    then = "time.sleep(100)" if end else ""
    code = SERVER.format(arguments=NEVER_ENDING, then=then)
    server = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    with server:
        child, nursery, torch = server.stdout.readline().split()
        assert torch == b"False"
        if end:
            server.send_signal(end)
        server.wait(10)
        assert eventually(lambda: not alive(int(child)), 2)
        assert eventually(lambda: not alive(int(nursery)), 2)
