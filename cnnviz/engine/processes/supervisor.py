"""The server's side of the child processes. Thread-safe; never imports torch.

A script thread calls `job` (or `submit` and later `poll`), and `engine.runs.run` calls the rest. There is
one supervisor per server process, made when it is first used and closed when the process ends.
"""

from __future__ import annotations

import atexit
import threading
from collections.abc import Mapping
from typing import Any

from cnnviz.engine.config.errors import EngineError
from cnnviz.engine.processes.launcher import Launcher, best_launcher
from cnnviz.engine.processes.scheduler import SLICE, Scheduler
from cnnviz.engine.processes.tickets import Desk, Result, Ticket
from cnnviz.settings import Settings, settings

__all__ = ["Result", "Supervisor", "Ticket", "close", "job", "submit", "the_supervisor", "warm"]


class Supervisor:
    """Owns the preloaded parent, the jobs and the runs of one server."""

    def __init__(
        self, launcher: Launcher | None = None, limits: Settings = settings, slice_seconds: float = SLICE
    ) -> None:
        self.limits = limits
        self.launcher = launcher or best_launcher()
        self.scheduler = Scheduler(limits, slice_seconds)
        self._desk = Desk(self.launcher, limits.max_runs, 4 * limits.max_queue, limits.max_run_mb)

    def warm(self) -> None:
        """Start the preloaded parent now, so that the first job does not wait for it. Returns at once."""
        self.launcher.warm()

    def submit(self, name: str, arguments: Mapping[str, Any], timeout: float = 10.0) -> Ticket:
        """Have a child process do a job of `jobs.JOBS`. RefusedError where the server is full."""
        return self._desk.submit(name, arguments, timeout)

    def job(self, name: str, arguments: Mapping[str, Any], timeout: float = 10.0) -> Result:
        """As `submit`, and wait for the result. Never raises: what went wrong is a sentence in it."""
        try:
            ticket = self.submit(name, arguments, timeout)
        except EngineError as error:
            return Result(error=str(error))
        return ticket.wait(timeout + 5) or Result(error="The job did not end in time.")

    def close(self) -> None:
        """End all child processes."""
        for run in self.scheduler.runs():
            run.stop_now()
        self._desk.close()
        self.launcher.close()


_lock = threading.Lock()
_the_one: Supervisor | None = None


def the_supervisor() -> Supervisor:
    """The supervisor of this process."""
    global _the_one  # noqa: PLW0603
    with _lock:
        if _the_one is None:
            _the_one = Supervisor()
            atexit.register(_the_one.close)
        return _the_one


def warm() -> None:
    """`Supervisor.warm` of this process's supervisor."""
    the_supervisor().warm()


def job(name: str, arguments: Mapping[str, Any], timeout: float = 10.0) -> Result:
    """`Supervisor.job` of this process's supervisor."""
    return the_supervisor().job(name, arguments, timeout)


def submit(name: str, arguments: Mapping[str, Any], timeout: float = 10.0) -> Ticket:
    """`Supervisor.submit` of this process's supervisor."""
    return the_supervisor().submit(name, arguments, timeout)


def close() -> None:
    """End this process's supervisor and all its children; the next use starts afresh."""
    global _the_one
    with _lock:
        ending, _the_one = _the_one, None
    if ending:
        atexit.unregister(ending.close)
        ending.close()
