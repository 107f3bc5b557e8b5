"""A run that is trained by a thread of this process, for notebooks and tests. It takes no turns."""

from __future__ import annotations

import atexit
import os
import threading
from queue import SimpleQueue

from cnnviz.engine.processes.handle import COMPUTING, Owner
from cnnviz.engine.wire.frames import Message

__all__ = ["ThreadHandle"]

_EXIT_SECONDS = 10.0  # for the step under way, where the interpreter ends


class ThreadHandle:
    """A `RunHandle` whose session runs in a thread."""

    queue_position = 0
    launched = True
    pid = os.getpid()

    def __init__(self, owner: Owner, order: Message) -> None:
        from cnnviz.engine.training.session import Session  # noqa: PLC0415  # imports torch

        self._commands: SimpleQueue[Message] = SimpleQueue()
        self._session = Session(order, self._deliver, self._commands)
        self._owner = owner
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="cnnviz training", daemon=True)

    def start(self) -> None:
        atexit.register(self._at_exit)
        self._thread.start()

    def _at_exit(self) -> None:
        """The interpreter ends: a thread that is inside torch then would take the whole process down."""
        self.close()
        self._thread.join(_EXIT_SECONDS)

    def send(self, command: Message) -> None:
        self._commands.put(command)
        if command["do"] in COMPUTING:
            self._commands.put({"do": "go"})

    def close(self) -> None:
        self._closed = True
        self._commands.put({"do": "stop"})

    def _deliver(self, message: Message) -> None:
        if not self._closed and "turn" not in message:
            self._owner.on_message(message)

    def _run(self) -> None:
        try:
            self._session.run()
        except BaseException as error:
            self._owner.on_lost(f"ended with {type(error).__name__}")
            raise
        finally:
            atexit.unregister(self._at_exit)
