"""Gives turns to the runs of a server, and has each check its own bounds several times a second."""

from __future__ import annotations

import threading
import time
from typing import Protocol

from cnnviz.engine.processes.fair_queue import FairQueue
from cnnviz.settings import Settings

__all__ = ["Scheduled", "Scheduler"]

SLICE = 1.0  # seconds that a run computes while others wait
POLL_CONTENDED, POLL_IDLE = 0.05, 0.25  # seconds between two rounds, with and without a run that waits


class Scheduled(Protocol):
    """What the scheduler needs of a run."""

    def __hash__(self) -> int: ...

    def on_go(self) -> None:
        """Compute until told to hold."""

    def on_hold(self) -> None:
        """Stop computing, and say so by `Scheduler.yield_turn`."""

    def check(self, now: float) -> None:
        """End by itself where a bound is reached; called several times a second."""

    def shut_down(self) -> None:
        """End at once: the server ends."""


class Scheduler:
    """One thread for all runs; it exists only while there are any."""

    def __init__(self, limits: Settings, slice_seconds: float = SLICE) -> None:
        self._queue: FairQueue[Scheduled] = FairQueue(limits.max_runs, slice_seconds, limits.max_queue)
        self._runs: list[Scheduled] = []
        self._changed = threading.Condition(threading.RLock())
        self._dirty = False  # something changed since the last round
        self._thread: threading.Thread | None = None

    def add(self, run: Scheduled) -> None:
        """Add a run. RefusedError, one sentence, where the server is full."""
        with self._changed:
            self._queue.add(run)
            self._runs.append(run)
            if self._thread is None:
                self._thread = threading.Thread(target=self._loop, name="cnnviz scheduler", daemon=True)
                self._thread.start()

    def remove(self, run: Scheduled) -> None:
        """A run has ended."""
        with self._changed:
            if run in self._queue:
                self._queue.remove(run)
                self._runs.remove(run)
            self._notify()

    def request_turn(self, run: Scheduled) -> None:
        """A run has something to compute."""
        with self._changed:
            self._queue.request(run)
            self._notify()

    def set_idle(self, run: Scheduled) -> None:
        """A run has nothing to compute."""
        with self._changed:
            self._queue.set_idle(run)
            self._notify()

    def yield_turn(self, run: Scheduled) -> bool:
        """A run has stopped computing, but has more to do; True where it is still its turn."""
        with self._changed:
            if self._queue.state(run) == "computing":
                return True
            self._queue.yielded(run)
            self._notify()
            return False

    def position(self, run: Scheduled) -> int:
        """1 for the next to compute, 0 for a run that does not wait."""
        with self._changed:
            return self._queue.position(run)

    def runs(self) -> list[Scheduled]:
        """All unfinished runs."""
        with self._changed:
            return list(self._runs)

    def _notify(self) -> None:
        self._dirty = True
        self._changed.notify()

    def _loop(self) -> None:
        checked = 0.0
        while True:
            with self._changed:
                if not self._runs:
                    self._thread = None
                    return
                commands = self._queue.tick(time.monotonic())
                runs = list(self._runs)
            for run, command in commands:
                if command == "go":
                    run.on_go()
                else:
                    run.on_hold()
            if (now := time.monotonic()) - checked >= POLL_IDLE:
                checked = now
                for run in runs:
                    run.check(now)
            with self._changed:
                if not commands and not self._dirty:
                    self._changed.wait(POLL_CONTENDED if self._queue.contended else POLL_IDLE)
                self._dirty = False
