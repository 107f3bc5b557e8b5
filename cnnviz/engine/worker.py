"""The child process: does one job for the server, over one connection, and ends with it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from importlib import import_module
from queue import SimpleQueue

from cnnviz.engine.frames import Channel, FrameError, Message
from cnnviz.engine.jobs import JOBS, run_job

EXIT_GONE = 3  # the server closed the connection
EXIT_BROKEN = 4  # what arrived was no message


def preload() -> None:
    """Import torch, on one thread, with all that a first step needs."""
    import torch  # noqa: PLC0415

    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    for place in JOBS.values():
        import_module(place.partition(":")[0])


def work(channel: Channel, loading: Callable[[], None] | None = None) -> None:
    """Do the job that the first message asks for, after `loading`. Ends when the connection ends."""
    inbox: SimpleQueue[Message] = SimpleQueue()
    threading.Thread(target=listen, args=(channel, inbox.put), daemon=True).start()
    if loading:
        loading()
    channel.send(run_job(inbox.get()))


def listen(channel: Channel, deliver: Callable[[Message], None]) -> None:
    """Deliver what arrives. Ends the whole process when the connection ends, however long a step lasts."""
    while True:
        try:
            message = channel.receive()
        except FrameError:
            os._exit(EXIT_BROKEN)
        if message is None:
            os._exit(EXIT_GONE)
        deliver(message)
