"""Where a run is trained: in a child process that takes turns with others, or in a thread of this process."""

from __future__ import annotations

import atexit
import contextlib
import os
import threading
import time
from typing import Any, Protocol

from cnnviz.engine.config.errors import EngineError
from cnnviz.engine.processes.launcher import Child, Launcher
from cnnviz.engine.processes.scheduler import Scheduler
from cnnviz.engine.wire.frames import Message
from cnnviz.engine.wire.mailbox import Mailbox

__all__ = ["ChildCrew", "Crew", "Owner", "ThreadCrew"]

_COMPUTING = ("resume", "step", "slow", "evaluate", "pin", "look", "state")
_PATIENCE = 2.0  # seconds from asking a child to stop to ending it
_PATIENCE_AT_EXIT = 10.0  # seconds for the step under way, where the training thread is in this process
_ATTEMPTS = 3  # where the preloaded parent dies before it has forked


class Owner(Protocol):
    """The run that a crew works for; its methods may be called from any thread."""

    def on_message(self, message: Message) -> None:
        """Something that the session told."""

    def on_lost(self, why: str) -> None:
        """The worker is gone without having finished; half a sentence says how."""

    def stop(self, sentence: str = "") -> None:
        """End the run."""

    def check(self, now: float) -> None:
        """A moment to look at the run's own bounds; several times a second."""


class Crew(Protocol):
    """What a run is trained by."""

    def begin(self) -> None:
        """Start, or queue up. RefusedError where there is no place."""

    def send(self, command: Message) -> None:
        """Give the session a command, now or as soon as it exists."""

    def leave(self) -> None:
        """The run is over: free what it held."""

    @property
    def place(self) -> int:
        """The place in the queue, 0 where it does not wait."""

    @property
    def launched(self) -> bool:
        """Whether a session exists, or is about to."""

    @property
    def pid(self) -> int:
        """The process that trains, 0 where it is not known."""


class ChildCrew:
    """A child process, launched when the run's first turn comes."""

    def __init__(self, owner: Owner, order: Message, launcher: Launcher, scheduler: Scheduler) -> None:
        self._owner, self._order = owner, order
        self._launcher, self._scheduler = launcher, scheduler
        self._lock = threading.RLock()
        self._child: Child | None = None
        self._early: list[Message] = []  # commands that came before the child said its first word
        self._heard = False
        self._number = self._computing = 0
        self._attempts = 0
        self._stop_by = float("inf")
        self._left = self._stopping = False

    def begin(self) -> None:
        self._scheduler.enter(self)
        if self._order.get("playing", True):
            self._scheduler.want(self)

    @property
    def place(self) -> int:
        return self._scheduler.place(self)

    @property
    def launched(self) -> bool:
        return self._attempts > 0

    @property
    def pid(self) -> int:
        """The child's process id, 0 where it is not known (yet)."""
        return self._child.pid if self._child else 0

    def send(self, command: Message) -> None:
        with self._lock:
            self._number += 1
            numbered = {**command, "number": self._number}
            if command["do"] in _COMPUTING:
                self._computing = self._number
            if command["do"] == "stop":
                self._stopping, self._stop_by = True, time.monotonic() + _PATIENCE
            self._write(numbered)
            if command["do"] == "pause" and not self._attempts:
                self._order = {**self._order, "playing": False}  # it begins with no step of its own accord
                self._scheduler.rest(self)
        if command["do"] in _COMPUTING:
            self._scheduler.want(self)

    def _write(self, command: Message) -> None:
        """Now, and again to the next child where this one dies before it was heard."""
        if not self._heard:
            self._early.append(command)
        if self._child:
            with contextlib.suppress(OSError, ValueError):  # gone: the reading thread sees it too
                self._child.channel.send(command)

    def on_go(self) -> None:
        """Scheduler: it is this run's turn."""
        with self._lock:
            if self._attempts:
                self._write({"do": "go", "number": self._number})
            else:
                self._attempts = 1
                threading.Thread(target=self._work, name="cnnviz run", daemon=True).start()

    def on_hold(self) -> None:
        """Scheduler: it is another run's turn."""
        with self._lock:
            self._write({"do": "hold", "number": self._number})

    def check(self, now: float) -> None:
        """Scheduler: a moment to look at bounds."""
        self._owner.check(now)
        if now > self._stop_by and self._child:
            self._stop_by = float("inf")
            self._child.channel.close()
            self._launcher.kill(self._child)

    def _work(self) -> None:
        """Launch the child and hear it to its end."""
        try:
            heard, why = self._hear_one()
            while not heard and self._attempts < _ATTEMPTS and not (self._left or self._stopping):
                self._attempts += 1  # the preloaded parent died before it could fork: ask the next one
                heard, why = self._hear_one()
        except (EngineError, OSError, ValueError) as error:
            self._owner.on_message({"failed": str(error)})
            return
        self._scheduler.leave(self)
        if not self._left:
            self._owner.on_lost(why)

    def _hear_one(self) -> tuple[bool, str]:
        """Whether a child existed, and how it ended."""
        child, why = self._launcher.launch(self._order), ""
        with self._lock:
            self._child = child
            early, self._early = self._early, []
            for command in early:
                self._write(command)
            if self._left:
                child.channel.close()
        try:
            while message := child.channel.receive():
                self._heard = True
                if "turn" in message:
                    self._turn(message)
                else:
                    self._owner.on_message(message)
        except (ValueError, LookupError, TypeError) as error:  # FrameError, RecordError and other nonsense
            why = f"sent something that is no message of a run ({error})"
            self._launcher.kill(child)
        child.channel.close()
        return self._heard or child.pid > 0, why or child.why_it_ended()

    def stop_now(self) -> None:
        """Scheduler: the server ends."""
        self._owner.stop("Stopped, because the server was stopped.")
        if self._child:
            self._child.channel.close()

    def _turn(self, message: Message) -> None:
        """The child has stopped computing: for want of work, or because it was told to hold."""
        with self._lock:
            idle = message["turn"] == "idle" and int(message["number"]) >= self._computing
            if idle:
                self._scheduler.rest(self)
            elif self._scheduler.stopped(self):
                self._write({"do": "go", "number": self._number})

    def leave(self) -> None:
        with self._lock:
            self._left, child = True, self._child
        self._scheduler.leave(self)
        if child:
            child.channel.close()


class ThreadCrew:
    """A thread of this process, for notebooks and tests. It takes no turns."""

    def __init__(self, owner: Owner, order: Message) -> None:
        from cnnviz.engine.training.session import Session  # noqa: PLC0415  # imports torch

        self._mailbox = Mailbox()
        self._session = Session(order, self._hear, self._mailbox)
        self._owner = owner
        self._over = False
        self._thread = threading.Thread(target=self._run, name="cnnviz training", daemon=True)

    place = 0
    launched = True
    pid = os.getpid()

    def begin(self) -> None:
        atexit.register(self._at_exit)
        self._thread.start()

    def _at_exit(self) -> None:
        """The interpreter ends: a thread that is inside torch then would take the whole process down."""
        self.leave()
        self._thread.join(_PATIENCE_AT_EXIT)

    def send(self, command: Message) -> None:
        self._mailbox.put(command)
        if command["do"] in _COMPUTING:
            self._mailbox.put({"do": "go"})

    def leave(self) -> None:
        self._over = True
        self._mailbox.put({"do": "stop"})

    def _hear(self, message: dict[str, Any]) -> None:
        if not self._over and "turn" not in message:
            self._owner.on_message(message)

    def _run(self) -> None:
        try:
            self._session.run()
        except BaseException as error:
            self._owner.on_lost(f"ended with {type(error).__name__}")
            raise
        finally:
            atexit.unregister(self._at_exit)
