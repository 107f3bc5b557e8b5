"""What a run knows about itself: its status, its history, its last weights, and how these come in."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray

from cnnviz.engine.config.errors import EngineError
from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.engine.processes.handles import ChildCrew, Crew, ThreadCrew
from cnnviz.engine.processes.supervisor import Supervisor, the_supervisor
from cnnviz.engine.runs.history import PICTURES, History
from cnnviz.engine.wire.frames import Message
from cnnviz.engine.wire.records import Finished, Record, Started, SubStep, record_from_message
from cnnviz.engine.wire.records import Message as RecordMessage

__all__ = ["ENDED", "RunBase", "State"]

ENDED = ("done", "stopped", "failed", "diverged")
_MOST_NEW = 2000  # records that wait for `poll`
State = dict[str, NDArray[Any]]


class RunBase:
    """Status, history and what arrives; see `cnnviz.engine.runs.run.Run`."""

    _ids = itertools.count(1)

    def __init__(
        self,
        config: TrainConfig,
        in_process: bool = False,
        owner_alive: Callable[[], bool] | None = None,
        supervisor: Supervisor | None = None,
    ) -> None:
        self.id = next(RunBase._ids)
        self.config = config
        self.sentence = ""
        self._supervisor = supervisor or the_supervisor()
        self._limits = self._supervisor.limits
        self.history = History(self._limits.max_history_mb)
        self._in_process, self._owner_alive = in_process, owner_alive
        self._changed = threading.Condition(threading.RLock())
        self._new: list[Record] = []
        self._state: State = {}
        self._state_step = 0
        self._questions = itertools.count(1)
        self._answers: dict[int, Message | None] = {}  # None: not there yet
        self._crew: Crew | None = None
        self._end = ""  # one of ENDED

    def begin(self, playing: bool, more: Message | None = None) -> None:
        """Start a worker. RefusedError where there is no place."""
        order: Message = {
            "job": "train",
            "config": self.config.to_dict(),
            "most_steps": self._limits.max_steps,
            "megabytes": self._limits.max_run_mb,
            "playing": playing,
            **(more or {}),
        }
        ended, self._end = self._end, ""
        self._started = self._stopping = False
        self._playing = self._playing_told = playing
        self._born = self._seen = time.monotonic()
        if self._in_process:
            self._crew = ThreadCrew(self, order)
        else:
            self._crew = ChildCrew(self, order, self._supervisor.launcher, self._supervisor.scheduler)
        try:
            self._crew.begin()
        except EngineError:
            self._end = ended
            raise

    @property
    def status(self) -> str:
        """One of "queued", "starting", "running", "paused", "done", "stopped", "failed", "diverged"."""
        with self._changed:
            if self._end:
                return self._end
            if not self._playing:
                return "paused"
            if not (self._crew and self._crew.launched):
                return "queued"
            return "running" if self._started else "starting"

    @property
    def place(self) -> int:
        """The place among those who wait for their turn, 1 for the next; 0 while it computes."""
        return self._crew.place if self._crew and not self._end else 0

    @property
    def pid(self) -> int:
        """The training process, 0 where there is none."""
        return self._crew.pid if self._crew and not self._end else 0

    @property
    def last_good_step(self) -> int:
        """The step of the weights that would survive the end of the process now."""
        return self._state_step

    def poll(self) -> list[Record]:
        """What is new since the last call: every step and validation, but only the newest pictures."""
        with self._changed:
            new, self._new = self._new, []
        return new

    def wait(self, timeout: float | None = None) -> str:
        """Wait for the end of the run, at most so many seconds; returns the status."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._end), timeout)
        return self.status

    def _send(self, command: Message) -> None:
        with self._changed:
            if not self._end and self._crew:
                self._crew.send(command)

    def _ask(self, command: Message, wait: float | None) -> Message | None:
        """Send a command and wait for its answer; None where the run ended or the time was up before."""
        with self._changed:
            number = next(self._questions)
            self._answers[number] = None
            self._send({**command, "answer": number})
            self._changed.wait_for(lambda: self._answers[number] is not None or bool(self._end), wait)
            return self._answers.pop(number)

    def on_message(self, message: Message) -> None:
        """Crew: the session told something."""
        with self._changed:
            if self._end:
                return
            if "records" in message:
                for kind, plain, arrays in message["records"]:
                    self._add(record_from_message(RecordMessage(kind, plain, arrays)))
            if "state" in message:
                self._state, self._state_step = message["state"], int(message["step"])
            if "playing" in message:
                self._playing_told = bool(message["playing"])
            if "answer" in message and message["answer"] in self._answers:
                self._answers[message["answer"]] = message["value"]
            if "failed" in message:
                self._fails("failed", str(message["failed"]))
            self._changed.notify_all()

    def _add(self, record: Record) -> None:
        """Keep a record, and have it for `poll`: of pictures that nobody has fetched only the newest."""
        self.history.add(record)
        if isinstance(record, PICTURES) and not isinstance(record, SubStep):
            self._new = [one for one in self._new if type(one) is not type(record)]
        self._new = [*self._new[-_MOST_NEW:], record]
        if isinstance(record, Started):
            self._started = True
        if isinstance(record, Finished):
            self._ends(record.status, record.sentence)

    def on_lost(self, why: str) -> None:
        """Crew: the worker is gone without having finished."""
        with self._changed:
            if self._end:
                return
            if self._stopping:
                self._fails("stopped", "Stopped.")
                return
            kept = (
                f"history and the weights of step {self._state_step:,} are kept: go on from there"
                if self._state
                else "its history is kept: start it again"
            )
            self._fails("failed", f"The training process {why}; {kept}.")

    def _fails(self, status: str, sentence: str) -> None:
        """End without a last word from the session."""
        self._add(Finished(self.history.last_step, status, sentence, self._state_step, 0.0, 0.0))

    def _ends(self, status: str, sentence: str) -> None:
        self.sentence = self.sentence or sentence
        self._end = status
        if self._crew:
            self._crew.leave()
        self._changed.notify_all()

    def check(self, now: float) -> None:
        """Crew: is the owner still there, and has the run lived too long?"""
        if self._owner_alive is None or self._is_alive(self._owner_alive):
            self._seen = now
        grace, longest = self._limits.grace_seconds, self._limits.max_seconds
        if now - self._seen > grace:
            self.stop(f"Stopped, because its visitor has been gone for {grace} seconds.")
        elif now - self._born > longest:
            self.stop(f"Stopped after {longest / 60:g} minutes, the longest that a run may last here.")

    @staticmethod
    def _is_alive(owner_alive: Callable[[], bool]) -> bool:
        try:
            return bool(owner_alive())
        except Exception:
            return False  # whoever cannot be asked is gone

    def stop(self, sentence: str = "") -> None:
        """End the run. Its history and its last weights stay."""
        with self._changed:
            if self._end or self._stopping:
                return
            self._stopping = True
            self.sentence = sentence
            if self._crew and self._crew.launched:
                self._crew.send({"do": "stop"})
            else:
                self._fails("stopped", sentence or "Stopped before it began.")
