"""Jobs that a child process does while the server waits, or comes back for the answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cnnviz.engine.config.errors import EngineError, RefusedError
from cnnviz.engine.processes.launcher import Child, Launcher
from cnnviz.engine.wire.frames import FrameError, Message

_TOO_LONG = "This took longer than {:g} seconds and was stopped: take a smaller network."
_BUSY = "The server is busy with other visitors: try again in a few seconds."


@dataclass(frozen=True)
class Result:
    """What came of a job: its `value`, or one sentence in `error`."""

    value: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""
    seconds: float = 0.0  # from asking to the answer

    @property
    def ok(self) -> bool:
        """Whether there is a value."""
        return not self.error


class Ticket:
    """A job that was submitted."""

    def __init__(self, timeout: float) -> None:
        self._asked = time.monotonic()
        self._timeout = timeout
        self._done = threading.Event()
        self._result = Result(error="The job was cancelled.")
        self._lock = threading.Lock()
        self._cancelled = False
        self._child: Child | None = None

    @property
    def left(self) -> float:
        """Seconds until the deadline."""
        return max(self._asked + self._timeout - time.monotonic(), 0.0)

    def poll(self) -> Result | None:
        """The result, or None while there is none."""
        return self._result if self._done.is_set() else None

    def wait(self, timeout: float | None = None) -> Result | None:
        """As `poll`, after at most so many seconds; the job's own deadline bounds it too."""
        self._done.wait(timeout)
        return self.poll()

    def cancel(self) -> None:
        """Nobody wants the answer any more: the child ends at once."""
        with self._lock:
            self._cancelled = True
            child = self._child
        if child:
            child.channel.close()

    def attach(self, child: Child) -> None:
        """The child that works on it."""
        with self._lock:
            self._child = child
            cancelled = self._cancelled
        if cancelled:
            child.channel.close()

    def cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._cancelled

    def finish(self, value: Mapping[str, Any] | None = None, error: str = "") -> None:
        """Give the answer."""
        self._result = Result(value or {}, error, time.monotonic() - self._asked)
        self._done.set()


class Desk:
    """Takes jobs; at most `at_once` are worked on, the others wait in the order in which they came."""

    def __init__(self, launcher: Launcher, at_once: int, most: int, megabytes: int) -> None:
        self._launcher, self._most, self._megabytes = launcher, most, megabytes
        self._places = threading.Semaphore(at_once)
        self._lock = threading.Lock()
        self._open: set[Ticket] = set()

    def submit(self, name: str, arguments: Mapping[str, Any], timeout: float) -> Ticket:
        """Start a job, or queue it. RefusedError where too many wait already."""
        ticket = Ticket(timeout)
        with self._lock:
            if len(self._open) >= self._most:
                raise RefusedError(_BUSY)
            self._open.add(ticket)
        order = {"job": name, "arguments": dict(arguments), "megabytes": self._megabytes}
        threading.Thread(target=self._see_to, args=(ticket, order), name="cnnviz job", daemon=True).start()
        return ticket

    def close(self) -> None:
        """Cancel all jobs."""
        with self._lock:
            tickets = list(self._open)
        for ticket in tickets:
            ticket.cancel()

    def _see_to(self, ticket: Ticket, order: Message) -> None:
        try:
            if not self._places.acquire(timeout=ticket.left):
                ticket.finish(error=_BUSY)
                return
            try:
                self._do(ticket, order)
            finally:
                self._places.release()
        except (EngineError, FrameError) as error:
            ticket.finish(error=str(error))
        finally:
            with self._lock:
                self._open.discard(ticket)

    def _do(self, ticket: Ticket, order: Message) -> None:
        """One attempt; a second one where the nursery died before it had forked the child."""
        for _ in range(2):
            if ticket.cancelled():
                return ticket.finish(error="The job was cancelled.")
            child = self._launcher.launch(order)
            ticket.attach(child)
            reply = _reply(child, ticket.left)
            if reply is not None:
                return ticket.finish(reply.get("result"), str(reply.get("error", "")))
            if ticket.cancelled():
                return ticket.finish(error="The job was cancelled.")
            if ticket.left <= 0:
                return ticket.finish(error=_TOO_LONG.format(ticket._timeout))
            if child.pid:
                break
        return ticket.finish(error=f"The process that computed this {child.why_it_ended()}: try again.")


def _reply(child: Child, seconds: float) -> Message | None:
    """The child's one message; None where it ended without, or the time was up."""
    alarm = threading.Timer(seconds, child.channel.close)
    alarm.daemon = True
    alarm.start()
    try:
        return child.channel.receive()
    finally:
        alarm.cancel()
        child.channel.close()
