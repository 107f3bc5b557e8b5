"""The far end of a run: the session in its process or thread, what is sent to it and what it reports."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Mapping

from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.engine.processes.handle import RunHandle
from cnnviz.engine.processes.process_handle import ProcessHandle
from cnnviz.engine.processes.supervisor import Supervisor
from cnnviz.engine.processes.thread_handle import ThreadHandle
from cnnviz.engine.runs.history import History
from cnnviz.engine.runs.progress import Progress, State
from cnnviz.engine.wire.frames import Message

__all__ = ["RemoteSession"]


class RemoteSession:
    """One session after the other, where a run goes on after its end. Thread-safe.

    progress: what was reported; read it, or change it, while holding `lock` where several values must fit.
    """

    def __init__(
        self, supervisor: Supervisor, in_process: bool, owner_alive: Callable[[], bool] | None = None
    ) -> None:
        self.limits = supervisor.limits
        self.progress = Progress(History(self.limits.max_history_mb))
        self.lock = threading.RLock()
        self._supervisor, self._in_process, self._owner_alive = supervisor, in_process, owner_alive
        self._changed = threading.Condition(self.lock)
        self._questions = itertools.count(1)
        self._answers: dict[int, Message | None] = {}  # None: not there yet
        self._handle: RunHandle | None = None
        self._playing, self._stopping = True, False  # what was asked of it
        self._started_at = self._owner_seen_at = 0.0

    def start(
        self,
        config: TrainConfig,
        playing: bool,
        state: State | None = None,
        changes: Mapping[str, float] | None = None,
    ) -> None:
        """Train, from `state` where there is one, with these changes. RefusedError where no place is left."""
        order: Message = {
            "job": "train",
            "config": config.to_dict(),
            "most_steps": self.limits.max_steps,
            "megabytes": self.limits.max_run_mb,
            "playing": playing,
            "changes": dict(changes or {}),
            **({"state": state} if state else {}),
        }
        with self.lock:  # what it reports waits until all of this is done
            self._started_at = self._owner_seen_at = time.monotonic()
            if self._in_process:
                handle: RunHandle = ThreadHandle(self, order)
            else:
                handle = ProcessHandle(self, order, self._supervisor.launcher, self._supervisor.scheduler)
            handle.start()
            self._handle, self._stopping = handle, False
            self._playing = self.progress.playing = playing

    @property
    def ended(self) -> str:
        """The status that the run ended with, empty before."""
        return self.progress.ended

    @property
    def status(self) -> str:
        """As `Run.status`."""
        with self.lock:
            if self.ended:
                return self.ended
            if not self._playing:
                return "paused"
            if not (self._handle and self._handle.launched):
                return "queued"
            return "running" if self.progress.started else "starting"

    @property
    def queue_position(self) -> int:
        """1 for the next run to compute, 0 for one that does not wait for its turn."""
        return self._handle.queue_position if self._handle and not self.ended else 0

    @property
    def pid(self) -> int:
        """The training process, 0 where there is none."""
        return self._handle.pid if self._handle and not self.ended else 0

    def wait(self, timeout: float | None) -> None:
        """Wait for the end, at most so many seconds."""
        with self.lock:
            self._changed.wait_for(lambda: bool(self.ended), timeout)

    def send(self, command: Message) -> None:
        """Send a command, unless the run has ended."""
        with self.lock:
            if self._handle and not self.ended:
                self._handle.send(command)

    def ask(self, command: Message, wait: float | None) -> Message | None:
        """Send a command and wait for its answer; None where the run ended or the time was up before."""
        with self.lock:
            number = next(self._questions)
            self._answers[number] = None
            self.send({**command, "answer": number})
            self._changed.wait_for(lambda: self._answers[number] is not None or bool(self.ended), wait)
            return self._answers.pop(number)

    def pause(self, wait: float) -> None:
        """As `Run.pause`."""
        with self.lock:
            if self.ended or not self._playing:
                return
            self._playing = False
            self.send({"do": "pause"})
            if self._handle and self._handle.launched:
                self._changed.wait_for(lambda: bool(self.ended) or not self.progress.playing, wait)

    def resume(self) -> None:
        """As `Run.resume`."""
        with self.lock:
            if not self.ended and not self._playing:
                self._playing = True
                self.send({"do": "resume"})

    def stop(self, sentence: str = "") -> None:
        """As `Run.stop`."""
        with self.lock:
            if self.ended or self._stopping:
                return
            self._stopping = True
            self.progress.sentence = sentence
            if self._handle and self._handle.launched:
                self._handle.send({"do": "stop"})
            else:
                self.progress.end("stopped", "Stopped before it began.")
                self._on_change()

    def on_message(self, message: Message) -> None:
        """RunHandle: the session reports something."""
        with self.lock:
            if self.ended:
                return
            self.progress.apply(message)
            if message.get("answer") in self._answers:
                self._answers[message["answer"]] = message["value"]
            self._on_change()

    def on_lost(self, reason: str) -> None:
        """RunHandle: the process is gone without having finished."""
        with self.lock:
            if self.ended:
                return
            if self._stopping:
                self.progress.end("stopped", "Stopped.")
            else:
                self.progress.lose(reason)
            self._on_change()

    def _on_change(self) -> None:
        if self.ended and self._handle:
            self._handle.close()
        self._changed.notify_all()

    def check(self, now: float) -> None:
        """RunHandle: is the owner still there, and has the run lived too long?"""
        if self._owner_alive is None or _is_alive(self._owner_alive):
            self._owner_seen_at = now
        grace, longest = self.limits.grace_seconds, self.limits.max_seconds
        if now - self._owner_seen_at > grace:
            self.stop(f"Stopped, because its visitor has been gone for {grace} seconds.")
        elif now - self._started_at > longest:
            self.stop(f"Stopped after {longest / 60:g} minutes, the longest that a run may last here.")


def _is_alive(owner_alive: Callable[[], bool]) -> bool:
    try:
        return bool(owner_alive())
    except Exception:
        return False  # an owner that cannot be asked is gone
