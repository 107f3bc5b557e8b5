"""What a run has reported so far, and how a message changes it. No threads and no processes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from cnnviz.engine.runs.history import PICTURES, History
from cnnviz.engine.wire.frames import Message
from cnnviz.engine.wire.records import (
    Finished,
    Record,
    RecordMessage,
    Started,
    SubStep,
    record_from_message,
)

__all__ = ["ENDED", "Progress", "State"]

ENDED = ("done", "stopped", "failed", "diverged")
_MAX_UNREAD = 2000  # records that wait for `Run.poll`
State = dict[str, NDArray[Any]]


@dataclass(eq=False)
class Progress:
    """state: the last good state, arrays by name, of step `state_step`; empty before the first.

    ended: one of ENDED, empty before. playing: what the session last said. started: whether it said anything.
    """

    history: History
    state: State = field(default_factory=dict)
    state_step: int = 0
    started: bool = False
    playing: bool = True
    ended: str = ""
    sentence: str = ""  # why it ended
    unread: list[Record] = field(default_factory=list)

    def apply(self, message: Message) -> None:
        """Take over what the session reports; ValueError, TypeError or LookupError for what is no report."""
        for kind, plain, arrays in message.get("records", ()):
            self.add(record_from_message(RecordMessage(kind, plain, arrays)))
        if "state" in message:
            self.state, self.state_step = message["state"], int(message["step"])
        if "playing" in message:
            self.playing = bool(message["playing"])
        if "failed" in message:
            self.end("failed", str(message["failed"]))

    def add(self, record: Record) -> None:
        """Keep a record, and have it for `Run.poll`: of pictures that nobody has fetched only the newest."""
        self.history.add(record)
        if isinstance(record, PICTURES) and not isinstance(record, SubStep):
            self.unread = [one for one in self.unread if type(one) is not type(record)]
        self.unread = [*self.unread[-_MAX_UNREAD:], record]
        if isinstance(record, Started):
            self.started = True
        if isinstance(record, Finished):
            self.ended, self.sentence = record.status, self.sentence or record.sentence

    def end(self, status: str, sentence: str) -> None:
        """The end, where the session did not report it itself."""
        self.add(Finished(self.history.last_step, status, sentence, self.state_step, 0.0, 0.0))

    def lose(self, reason: str) -> None:
        """The process is gone without a last report; half a sentence says how."""
        kept = (
            f"history and the weights of step {self.state_step:,} are kept: go on from there"
            if self.state
            else "its history is kept: start it again"
        )
        self.end("failed", f"The training process {reason}; {kept}.")

    def rewind(self) -> None:
        """Back to the last good state, to go on from there."""
        self.history.truncate(self.state_step if self.state else 0)
        self.ended, self.sentence, self.unread, self.started = "", "", [], False
