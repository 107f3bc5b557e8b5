"""Jobs in real child processes: answers, deadlines, deaths, and nobody left behind."""

import os
import signal
import threading
from concurrent.futures import wait
from pathlib import Path

import pytest
from processes import alive, children, eventually

from cnnviz.engine.config.errors import RefusedError
from cnnviz.engine.processes.job_queue import JobQueue, result_if_done

pytestmark = pytest.mark.processes
CONV = {"type": "conv", "channels": 8, "kernel": 511, "padding": 255}
NEVER_ENDING = {"spec": {"input": [1, 900, 900], "layers": [CONV] * 40}, "draws": 200, "work": 10**18}


@pytest.fixture
def submit(supervisor):
    """Submits jobs that would never end, and cancels them after the test; gives the future and the child."""
    futures = []

    def begin(timeout=150):
        before = children(supervisor.launcher.pid)
        futures.append(supervisor.submit("effective_field", NEVER_ENDING, timeout))
        (child,) = eventually(lambda: children(supervisor.launcher.pid) - before)
        return futures[-1], child

    yield begin
    for future in futures:
        future.cancel()
    eventually(lambda: not children(supervisor.launcher.pid))


def test_a_job_is_done_in_a_child_on_one_thread(supervisor):
    result = supervisor.job("about", {})
    assert result.ok
    assert result.value["threads"] == 1
    assert result.value["pid"] not in (os.getpid(), supervisor.launcher.pid)
    eventually(lambda: not alive(result.value["pid"]))


def test_the_preloader_is_single_threaded(supervisor):
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


def test_a_job_that_takes_too_long_is_ended(submit):
    future, child = submit(timeout=0.7)
    assert "longer than 0.7 seconds" in future.result(10).error
    eventually(lambda: not alive(child), 2)


def test_a_cancelled_job_ends_its_child(submit):
    future, child = submit()
    assert result_if_done(future) is None
    assert future.cancel()
    eventually(lambda: not alive(child), 2)
    assert "cancelled" in result_if_done(future).error


def test_whoever_waits_for_a_job_learns_that_it_was_cancelled(submit):
    future, _ = submit()
    threading.Timer(0.1, future.cancel).start()
    assert wait([future], 10).done == {future}


def test_a_child_that_is_killed_is_named(submit):
    future, child = submit()
    os.kill(child, signal.SIGKILL)
    assert "was ended by signal 9 (SIGKILL)" in future.result(5).error


def test_memory_is_bounded(supervisor):
    supervisor.jobs.megabytes, before = 40, supervisor.jobs.megabytes
    layers = [{"type": "conv", "channels": 8, "kernel": 3, "padding": 1}] * 400
    arguments = {"spec": {"input": [1, 900, 900], "layers": layers}, "weights": "random"}
    result = supervisor.job("effective_field", arguments, timeout=120)
    supervisor.jobs.megabytes = before
    assert "more memory" in result.error


def test_jobs_beyond_the_bound_are_refused_and_the_others_wait_their_turn(supervisor, monkeypatch):
    with monkeypatch.context() as bound:
        bound.setattr(supervisor.jobs, "capacity", 4)
        futures = [supervisor.submit("effective_field", NEVER_ENDING, timeout=150) for _ in range(4)]
        with pytest.raises(RefusedError, match="busy"):
            supervisor.submit("about", {})
        assert "busy" in supervisor.job("about", {}).error
    eventually(lambda: len(children(supervisor.launcher.pid)) == supervisor.limits.max_runs)
    waiting = supervisor.submit("about", {}, timeout=0.3)
    assert "busy" in waiting.result(5).error  # it was never begun
    for future in futures:
        assert future.cancel()
    eventually(lambda: supervisor.job("about", {}).ok)
    eventually(lambda: not children(supervisor.launcher.pid))


def test_jobs_are_done_in_the_order_in_which_they_came(supervisor):
    """One at a time: each begins when the one before it is done, and none is left out."""
    one = JobQueue(supervisor.launcher, 1, 40, 1024)
    ended = []
    futures = [one.submit("about", {}, 150) for _ in range(5)]
    for number, future in enumerate(futures):
        future.add_done_callback(lambda _, number=number: ended.append(number))
    futures[2].cancel()
    assert all(future.result(150).ok for future in futures[:2] + futures[3:])
    assert ended == [2, 0, 1, 3, 4]


def test_closing_a_queue_cancels_what_waits_and_what_is_in_work(supervisor):
    one = JobQueue(supervisor.launcher, 1, 40, 1024)
    futures = [one.submit("effective_field", NEVER_ENDING, 150) for _ in range(3)]
    eventually(lambda: len(children(supervisor.launcher.pid)) == 1)
    one.close()
    assert all(future.cancelled() for future in futures)
    eventually(lambda: not children(supervisor.launcher.pid))


def test_another_preloader_starts_by_itself_and_running_children_go_on(supervisor, submit):
    future, child = submit()
    preloader = supervisor.launcher.pid
    os.kill(preloader, signal.SIGKILL)
    assert supervisor.job("about", {}, timeout=150).ok  # asked of the dying one, done by the next
    assert supervisor.launcher.pid not in (0, preloader)
    assert alive(child)
    future.cancel()
    assert eventually(lambda: not alive(child), 2)
