"""Messages that one thread leaves for another, in order."""

from __future__ import annotations

import threading
from collections import deque

from cnnviz.engine.wire.frames import Message

__all__ = ["Mailbox"]


class Mailbox:
    """A queue of messages; `put` from any thread, `take` from the one that works."""

    def __init__(self) -> None:
        self._messages: deque[Message] = deque()
        self._bell = threading.Condition()

    def put(self, message: Message) -> None:
        """Leave a message."""
        with self._bell:
            self._messages.append(message)
            self._bell.notify()

    def take(self) -> Message | None:
        """The next message, None where there is none now."""
        with self._bell:
            return self._messages.popleft() if self._messages else None

    def wait(self) -> Message:
        """The next message, whenever it comes."""
        with self._bell:
            self._bell.wait_for(lambda: len(self._messages) > 0)
            return self._messages.popleft()
