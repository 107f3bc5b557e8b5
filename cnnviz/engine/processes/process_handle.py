"""A run's child process: queued, launched, talked to, stopped. It takes turns with those of other runs."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from cnnviz.engine.config.errors import EngineError
from cnnviz.engine.processes.handle import COMPUTING, Owner
from cnnviz.engine.processes.launcher import Child, Launcher
from cnnviz.engine.processes.lifecycle import TABLE, Action, Event, State
from cnnviz.engine.processes.scheduler import Scheduler
from cnnviz.engine.wire.frames import Message

__all__ = ["ProcessHandle"]

_STOP_SECONDS = 2.0  # from asking a child to stop to ending it
_ATTEMPTS = 3  # where the preloader dies before it has forked
_TellOwner = Callable[[], None]


class ProcessHandle:
    """A child process, launched when the run's first turn comes.

    `lifecycle.TABLE` says what each event does in each state. The state changes under a lock; the owner,
    which has a lock of its own, is told after that lock was given back.
    """

    def __init__(self, owner: Owner, order: Message, launcher: Launcher, scheduler: Scheduler) -> None:
        self._owner, self._order = owner, order
        self._launcher, self._scheduler = launcher, scheduler
        self._lock = threading.RLock()
        self.state = State.QUEUED
        self._child: Child | None = None
        self._unconfirmed: list[Message] = []  # commands from before the child's first message
        self._number = self._computing = 0  # of the last command, and of the last one that needs a turn
        self._stop_by = float("inf")
        self._actions: dict[Action, Callable[[Any], _TellOwner | None]] = {
            Action.IGNORE: lambda _: None,
            Action.KEEP: self._keep,
            Action.WITHDRAW: lambda _: self._report_loss("was not needed any more"),
            Action.LAUNCH: self._launch,
            Action.CONNECT: self._connect,
            Action.SEND: self._send,
            Action.DELIVER: self._deliver,
            Action.FORGET: self._forget,
            Action.GIVE_UP: self._give_up,
            Action.REPORT_LOSS: self._report_loss,
            Action.KILL: self._kill,
            Action.DISCONNECT: self._disconnect,
        }

    def on(self, event: Event, given: object = None) -> None:
        """Something happened; `given` is what the event brings: a command, a message, a child, a reason."""
        if tell_owner := self._step(event, given):
            tell_owner()

    def _step(self, event: Event, given: object) -> _TellOwner | None:
        with self._lock:
            self.state, action = TABLE[self.state, event]
            return self._actions[action](given)

    def start(self) -> None:
        self._scheduler.add(self)
        if self._order.get("playing", True):
            self._scheduler.request_turn(self)

    @property
    def queue_position(self) -> int:
        return self._scheduler.position(self)

    @property
    def launched(self) -> bool:
        return self.state is not State.QUEUED

    @property
    def pid(self) -> int:
        """The child's process id, 0 where it is not known (yet)."""
        return self._child.pid if self._child else 0

    def send(self, command: Message) -> None:
        needs_turn = command["do"] in COMPUTING
        with self._lock:
            self._number += 1
            if needs_turn:
                self._computing = self._number
            event = Event.STOP if command["do"] == "stop" else Event.COMMAND
            tell_owner = self._step(event, {**command, "number": self._number})
        if needs_turn:
            self._scheduler.request_turn(self)
        if tell_owner:
            tell_owner()

    def close(self) -> None:
        self.on(Event.CLOSE)

    def on_go(self) -> None:
        """Scheduler: it is this run's turn."""
        self.on(Event.GO, {"do": "go"})

    def on_hold(self) -> None:
        """Scheduler: it is another run's turn."""
        self.on(Event.HOLD, {"do": "hold"})

    def check(self, now: float) -> None:
        """Scheduler: end what is beyond its bounds."""
        self._owner.check(now)
        if now > self._stop_by:
            self.on(Event.OVERDUE)

    def shut_down(self) -> None:
        """Scheduler: the server ends."""
        self._owner.stop("Stopped, because the server was stopped.")
        self.on(Event.OVERDUE)

    def _work(self) -> None:
        """Thread: start the child and receive what it sends, to its end."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                child = self._launcher.launch(self._order)
            except (EngineError, OSError, ValueError) as error:
                self.on(Event.NOT_LAUNCHED, str(error))
                return
            self.on(Event.LAUNCHED, child)
            reason = self._listen(child)
            if child.pid or attempt == _ATTEMPTS or self.state is not State.LAUNCHING:
                self.on(Event.LOST, reason)
                return
            self.on(Event.NOT_FORKED)

    def _listen(self, child: Child) -> str:
        """Receive until the child ends; half a sentence says how it ended."""
        try:
            while message := child.channel.receive():
                self.on(Event.MESSAGE, message)
        except (ValueError, LookupError, TypeError) as error:  # FrameError, RecordError and other nonsense
            self._launcher.kill(child)
            return f"sent something that is no message of a run ({error})"
        finally:
            child.channel.close()
        return child.exit_reason()

    # What TABLE names; under the lock. What is returned is called after it.

    def _keep(self, command: Message) -> None:
        self._unconfirmed.append(command)
        if command["do"] == "pause":
            self._order = {**self._order, "playing": False}  # it begins with no step of its own accord
            self._scheduler.set_idle(self)

    def _launch(self, _: object) -> None:
        threading.Thread(target=self._work, name="cnnviz run", daemon=True).start()

    def _connect(self, child: Child) -> None:
        self._child = child
        for command in self._unconfirmed:
            self._write(command)

    def _send(self, command: Message) -> None:
        if command["do"] == "stop":
            self._stop_by = time.monotonic() + _STOP_SECONDS
        numbered = {"number": self._number, **command}
        if self.state is not State.TALKING:
            self._unconfirmed.append(numbered)
        self._write(numbered)

    def _write(self, command: Message) -> None:
        if self._child:
            with contextlib.suppress(OSError, ValueError):  # gone: the thread that listens sees it too
                self._child.channel.send(command)

    def _deliver(self, message: Message) -> _TellOwner | None:
        self._unconfirmed.clear()
        if "turn" not in message:
            return partial(self._owner.on_message, message)
        idle = message["turn"] == "idle" and int(message["number"]) >= self._computing
        if idle:
            self._scheduler.set_idle(self)
        elif self._scheduler.yield_turn(self):
            self._send({"do": "go"})
        return None

    def _forget(self, _: object) -> None:
        self._child = None

    def _give_up(self, reason: str) -> _TellOwner:
        self._scheduler.remove(self)
        return partial(self._owner.on_message, {"failed": reason})

    def _report_loss(self, reason: str) -> _TellOwner:
        self._scheduler.remove(self)
        return partial(self._owner.on_lost, reason)

    def _kill(self, _: object) -> None:
        if self._child:
            self._stop_by = float("inf")
            self._child.channel.close()
            self._launcher.kill(self._child)

    def _disconnect(self, late: Child | None) -> None:
        self._scheduler.remove(self)
        if child := late or self._child:
            child.channel.close()
