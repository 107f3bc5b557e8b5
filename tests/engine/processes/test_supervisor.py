"""Jobs in real child processes: answers, deadlines, deaths, and nobody left behind."""

import os
import signal
from pathlib import Path

import pytest
from processes import alive, eventually

from cnnviz.engine.config.errors import RefusedError

CONV = {"type": "conv", "channels": 8, "kernel": 511, "padding": 255}
NEVER_ENDING = {"spec": {"input": [1, 900, 900], "layers": [CONV] * 40}, "draws": 200, "work": 10**18}


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
    supervisor._desk._most, before = 4, supervisor._desk._most
    tickets = [supervisor.submit("effective_field", NEVER_ENDING, timeout=150) for _ in range(4)]
    with pytest.raises(RefusedError, match="busy"):
        supervisor.submit("about", {})
    assert "busy" in supervisor.job("about", {}).error
    supervisor._desk._most = before
    for ticket in tickets:
        ticket.cancel()
    for ticket in tickets:
        assert ticket.wait(5)
    eventually(lambda: supervisor.job("about", {}).ok)


def test_another_nursery_starts_by_itself_and_running_children_go_on(supervisor):
    ticket = supervisor.submit("effective_field", NEVER_ENDING, timeout=150)
    child, nursery = child_of(ticket), supervisor.launcher.pid
    os.kill(nursery, signal.SIGKILL)
    assert supervisor.job("about", {}, timeout=150).ok  # asked of the dying one, done by the next
    assert supervisor.launcher.pid not in (0, nursery)
    assert alive(child)
    ticket.cancel()
    assert eventually(lambda: not alive(child), 2)
