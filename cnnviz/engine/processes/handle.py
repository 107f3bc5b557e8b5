"""What a run is trained by: the handle that the run holds, and what that needs of the run."""

from __future__ import annotations

from typing import Protocol

from cnnviz.engine.wire.frames import Message

__all__ = ["COMPUTING", "Owner", "RunHandle"]

COMPUTING = frozenset({"resume", "step", "slow", "evaluate", "pin", "state"})
"""The commands that need a turn."""


class Owner(Protocol):
    """The run that a handle works for; its methods may be called from any thread."""

    def on_message(self, message: Message) -> None:
        """Something that the session reported."""

    def on_lost(self, reason: str) -> None:
        """The process is gone without having finished; half a sentence says how."""

    def stop(self, sentence: str = "") -> None:
        """End the run."""

    def check(self, now: float) -> None:
        """End where a bound is reached; called several times a second."""


class RunHandle(Protocol):
    """What a run is trained by."""

    def start(self) -> None:
        """Start, or queue up. RefusedError where there is no place."""

    def send(self, command: Message) -> None:
        """Give the session a command, now or as soon as it exists."""

    def close(self) -> None:
        """The run is over: free what it held."""

    @property
    def queue_position(self) -> int:
        """1 for the next to compute, 0 where it does not wait."""

    @property
    def launched(self) -> bool:
        """Whether a session exists, or is about to."""

    @property
    def pid(self) -> int:
        """The process that trains, 0 where it is not known."""
