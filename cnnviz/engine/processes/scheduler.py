"""Gives turns to the runs of a server and watches over them: who computes, who waits, who has to end."""

from __future__ import annotations

import threading
import time
from typing import Protocol

from cnnviz.engine.processes.fair_queue import FairQueue
from cnnviz.settings import Settings

__all__ = ["Scheduled", "Scheduler"]

SLICE = 1.0  # seconds that a run computes while others wait
CONTENDED, RELAXED = 0.05, 0.25  # seconds between two looks, with and without somebody waiting


class Scheduled(Protocol):
    """What the scheduler needs of a run."""

    def __hash__(self) -> int: ...

    def on_go(self) -> None:
        """Compute until told to hold."""

    def on_hold(self) -> None:
        """Stop computing, and say so by `Scheduler.held`."""

    def check(self, now: float) -> None:
        """End by itself where a bound is reached; called several times a second."""

    def stop_now(self) -> None:
        """End at once: the server ends."""


class Scheduler:
    """One thread for all runs; it exists only while there are any."""

    def __init__(self, limits: Settings, slice_seconds: float = SLICE) -> None:
        self._queue: FairQueue[Scheduled] = FairQueue(limits.max_runs, slice_seconds, limits.max_queue)
        self._runs: list[Scheduled] = []
        self._bell = threading.Condition(threading.RLock())
        self._rung = False  # something changed since the last look
        self._thread: threading.Thread | None = None

    def enter(self, run: Scheduled) -> None:
        """Take up a run. RefusedError, one sentence, where the server is full."""
        with self._bell:
            self._queue.enter(run)
            self._runs.append(run)
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="cnnviz scheduler", daemon=True)
                self._thread.start()

    def leave(self, run: Scheduled) -> None:
        """A run has ended."""
        with self._bell:
            if run in self._queue:
                self._queue.leave(run)
                self._runs.remove(run)
            self._ring()

    def want(self, run: Scheduled) -> None:
        """A run has something to compute."""
        with self._bell:
            self._queue.want(run)
            self._ring()

    def rest(self, run: Scheduled) -> None:
        """A run has nothing to compute."""
        with self._bell:
            self._queue.rest(run)
            self._ring()

    def held(self, run: Scheduled) -> None:
        """A run has stopped computing, as it was told."""
        with self._bell:
            self._queue.held(run)
            self._ring()

    def stopped(self, run: Scheduled) -> bool:
        """A run has stopped computing, but wants to go on; True where it is still its turn."""
        with self._bell:
            if self._queue.state(run) == "computing":
                return True
            self.held(run)
            return False

    def place(self, run: Scheduled) -> int:
        """How many runs begin before it, itself counted; 0 where it does not wait."""
        with self._bell:
            return self._queue.place(run)

    def runs(self) -> list[Scheduled]:
        """All unfinished runs."""
        with self._bell:
            return list(self._runs)

    def _ring(self) -> None:
        self._rung = True
        self._bell.notify()

    def _watch(self) -> None:
        checked = 0.0
        while True:
            with self._bell:
                if not self._runs:
                    self._thread = None
                    return
                told = self._queue.tick(time.monotonic())
                runs = list(self._runs)
            for run, word in told:
                if word == "go":
                    run.on_go()
                else:
                    run.on_hold()
            if (now := time.monotonic()) - checked >= RELAXED:
                checked = now
                for run in runs:
                    run.check(now)
            with self._bell:
                if not told and not self._rung:
                    self._bell.wait(CONTENDED if self._queue.contended else RELAXED)
                self._rung = False
