"""The child process: does one job for the server, over one connection, and ends with it."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable
from importlib import import_module

from cnnviz.engine.processes.jobs import JOBS, bound_memory, run_job
from cnnviz.engine.wire.frames import Channel, FrameError, Message
from cnnviz.engine.wire.mailbox import Mailbox

EXIT_GONE = 3  # the server closed the connection
EXIT_BROKEN = 4  # what arrived was no message
FIRST_IMPRESSION = 0.5  # seconds of a run at ordinary priority: until its first points are on the chart
NICE = 19  # from then on visitors' clicks come first
NICE_JOB = 5  # a job is short, and somebody waits for it: behind clicks, before training


def preload() -> None:
    """Import torch, on one thread, with all that a first step needs."""
    import torch  # noqa: PLC0415

    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    from cnnviz.engine.training.data import SHIPPED, load_data  # noqa: PLC0415

    torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    for place in JOBS.values():
        import_module(place.partition(":")[0])
    import_module("cnnviz.engine.training.session")
    for name in SHIPPED:
        with contextlib.suppress(ValueError, OSError):  # who asks for it will be told
            load_data(name)


def work(channel: Channel, loading: Callable[[], None] | None = None) -> None:
    """Do the job that the first message asks for, after `loading`. Ends when the connection ends."""
    mailbox = Mailbox()
    threading.Thread(target=listen, args=(channel, mailbox.put), daemon=True).start()
    if loading:
        loading()
    order = mailbox.wait()
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the server has gone
        if order.get("job") == "train":
            train(channel, order, mailbox)
        else:
            give_way(NICE_JOB)
            channel.send(run_job(order))


def train(channel: Channel, order: Message, mailbox: Mailbox) -> None:
    """A whole training run."""
    import torch  # noqa: PLC0415

    from cnnviz.engine.training.session import Session  # noqa: PLC0415  # torch

    # CUDA maps far more addresses than it uses, so its runs go without this bound.
    if order["config"].get("device") == "cpu" or not torch.cuda.is_available():
        bound_memory(order.get("megabytes"))
    begun, polite = time.monotonic(), False

    def emit(message: Message) -> None:
        nonlocal polite
        channel.send(message)
        if not polite and time.monotonic() - begun > FIRST_IMPRESSION:
            polite = True
            give_way(NICE)

    Session(order, emit, mailbox).run()


def give_way(nice: int) -> None:
    """Let others go first: on Linux in this thread alone, so that the one that listens stays quick."""
    if hasattr(os, "nice"):  # there is none on Windows
        os.nice(nice)


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
