"""The server's side of the child processes. Thread-safe; never imports torch.

A script thread calls `job`, or `submit` and later polls the future; `engine.runs` calls the rest. There is
one supervisor per server process, made when it is first used and closed when the process ends.
"""

from __future__ import annotations

import atexit
import threading
from collections.abc import Mapping
from concurrent.futures import Future, wait
from typing import Any

from cnnviz.engine.config.errors import EngineError
from cnnviz.engine.processes.job_queue import JobQueue, Result, result_if_done
from cnnviz.engine.processes.launcher import Launcher, default_launcher
from cnnviz.engine.processes.scheduler import SLICE, Scheduler
from cnnviz.settings import Settings, settings

__all__ = ["Result", "Supervisor", "close", "default_supervisor", "job", "preload", "submit"]


class Supervisor:
    """Owns the preloader, the jobs and the runs of one server."""

    def __init__(
        self, launcher: Launcher | None = None, limits: Settings = settings, slice_seconds: float = SLICE
    ) -> None:
        self.limits = limits
        self.launcher = launcher or default_launcher()
        self.scheduler = Scheduler(limits, slice_seconds)
        self.jobs = JobQueue(self.launcher, limits.max_runs, 4 * limits.max_queue, limits.max_run_mb)

    def preload(self) -> None:
        """Start what the first job would wait for: the import of torch. Returns at once."""
        self.launcher.preload()

    def submit(self, name: str, arguments: Mapping[str, Any], timeout: float = 10.0) -> Future[Result]:
        """Have a child process do a job of `jobs.JOBS`. RefusedError where the server is full."""
        return self.jobs.submit(name, arguments, timeout)

    def job(self, name: str, arguments: Mapping[str, Any], timeout: float = 10.0) -> Result:
        """As `submit`, and wait for the result. Never raises: what went wrong is a sentence in it."""
        try:
            future = self.submit(name, arguments, timeout)
        except EngineError as error:
            return Result(error=str(error))
        wait([future], timeout + 5)
        return result_if_done(future) or Result(error="The job did not end in time.")

    def close(self) -> None:
        """End all child processes."""
        for run in self.scheduler.runs():
            run.shut_down()
        self.jobs.close()
        self.launcher.close()


_lock = threading.Lock()
_default: Supervisor | None = None


def default_supervisor() -> Supervisor:
    """The supervisor of this process."""
    global _default  # noqa: PLW0603
    with _lock:
        if _default is None:
            _default = Supervisor()
            atexit.register(_default.close)
        return _default


def preload() -> None:
    """`Supervisor.preload` of this process's supervisor."""
    default_supervisor().preload()


def job(name: str, arguments: Mapping[str, Any], timeout: float = 10.0) -> Result:
    """`Supervisor.job` of this process's supervisor."""
    return default_supervisor().job(name, arguments, timeout)


def submit(name: str, arguments: Mapping[str, Any], timeout: float = 10.0) -> Future[Result]:
    """`Supervisor.submit` of this process's supervisor."""
    return default_supervisor().submit(name, arguments, timeout)


def close() -> None:
    """End this process's supervisor and all its children; the next use starts afresh."""
    global _default
    with _lock:
        ending, _default = _default, None
    if ending:
        atexit.unregister(ending.close)
        ending.close()
