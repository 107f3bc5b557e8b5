"""Small jobs in child processes: submitted now, answered later by a `concurrent.futures.Future`."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from cnnviz.engine.config.errors import EngineError, RefusedError
from cnnviz.engine.processes.launcher import Child, Launcher
from cnnviz.engine.wire.frames import FrameError, Message

__all__ = ["JobQueue", "Result", "result_if_done"]

_TOO_LONG = "This took longer than {:g} seconds and was stopped: take a smaller network."
_BUSY = "The server is busy with other visitors: try again in a few seconds."
_CANCELLED = "The job was cancelled."
_ATTEMPTS = 2  # a second one where the preloader died before it had forked the child


@dataclass(frozen=True)
class Result:
    """What came of a job: its `value`, or one sentence in `error`."""

    value: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""

    @property
    def ok(self) -> bool:
        """Whether there is a value."""
        return not self.error


def result_if_done(future: Future[Result]) -> Result | None:
    """The result, or None while there is none; what was cancelled has an error."""
    if future.cancelled():
        return Result(error=_CANCELLED)
    return future.result() if future.done() else None


@dataclass(frozen=True, eq=False)
class _Job:
    order: Message
    timeout: float
    future: Future[Result] = field(default_factory=Future)

    def finish(self, value: Mapping[str, Any] | None = None, error: str = "") -> None:
        """Give the answer, unless there is one, or nobody wants it any more."""
        with contextlib.suppress(InvalidStateError):
            self.future.set_result(Result(value or {}, error))


class JobQueue:
    """At most `workers` jobs are worked on, the others wait in the order in which they came.

    A future here is pending until it has its result, so that `cancel` always succeeds; whatever ends it
    (an answer, `cancel`, the deadline) also ends the job's child process. ThreadPoolExecutor is not used
    because the interpreter would wait for its threads, and so for their jobs, before it ends.
    """

    def __init__(self, launcher: Launcher, workers: int, capacity: int, megabytes: int) -> None:
        self._launcher, self._workers = launcher, workers
        self.capacity, self.megabytes = capacity, megabytes
        self._lock = threading.Lock()
        self._waiting: deque[_Job] = deque()
        self._running: set[_Job] = set()
        self._threads = 0

    def submit(self, name: str, arguments: Mapping[str, Any], timeout: float) -> Future[Result]:
        """Start a job, or queue it. RefusedError where too many wait already."""
        order = {"job": name, "arguments": dict(arguments), "megabytes": self.megabytes}
        job = _Job(order, timeout)
        with self._lock:
            if len(self._waiting) + len(self._running) >= self.capacity:
                raise RefusedError(_BUSY)
            self._waiting.append(job)
            if self._threads < self._workers:
                self._threads += 1
                threading.Thread(target=self._work, name="cnnviz job", daemon=True).start()
        deadline = threading.Timer(timeout, self._on_deadline, [job])
        deadline.daemon = True
        deadline.start()
        job.future.add_done_callback(lambda future: self._on_done(job, deadline))
        return job.future

    def close(self) -> None:
        """Cancel all jobs."""
        with self._lock:
            jobs = [*self._waiting, *self._running]
        for job in jobs:
            job.future.cancel()

    def _on_deadline(self, job: _Job) -> None:
        with self._lock:
            error = _BUSY if job in self._waiting else _TOO_LONG.format(job.timeout)
        job.finish(error=error)

    def _on_done(self, job: _Job, deadline: threading.Timer) -> None:
        deadline.cancel()
        with self._lock, contextlib.suppress(ValueError):  # it may be in work, or done
            self._waiting.remove(job)
        if job.future.cancelled():
            job.future.set_running_or_notify_cancel()  # wakes the threads that wait for it

    def _work(self) -> None:
        """A worker thread: one job after the other, until none waits."""
        while True:
            with self._lock:
                if not self._waiting:
                    self._threads -= 1
                    return
                job = self._waiting.popleft()
                self._running.add(job)
            try:
                self._do(job)
            except (EngineError, FrameError, OSError) as error:
                job.finish(error=str(error))
            finally:
                with self._lock:
                    self._running.discard(job)

    def _do(self, job: _Job) -> None:
        for attempt in range(1, _ATTEMPTS + 1):
            if job.future.done():
                return
            child = self._launcher.launch(job.order)
            job.future.add_done_callback(partial(_close, child))
            try:
                reply = child.channel.receive()
            finally:
                child.channel.close()
            if reply is not None:
                job.finish(reply.get("result"), str(reply.get("error", "")))
            elif not job.future.done() and (child.pid or attempt == _ATTEMPTS):
                job.finish(error=f"The process that computed this {child.exit_reason()}: try again.")


def _close(child: Child, _: Future[Result]) -> None:
    child.channel.close()
