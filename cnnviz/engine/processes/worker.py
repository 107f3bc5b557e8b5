"""The child process: does one job for the server, over one connection, and ends with it."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable
from importlib import import_module
from queue import SimpleQueue

from cnnviz.engine.processes.jobs import JOBS, bound_memory, run_job
from cnnviz.engine.wire.frames import Channel, FrameError, Message

EXIT_DISCONNECTED = 3  # the server closed the connection
EXIT_BAD_MESSAGE = 4  # what arrived was no message
FULL_PRIORITY_SECONDS = 0.5  # of a run, until its first points are on the chart
NICE_TRAINING = 19  # from then on visitors' clicks come first
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
        with contextlib.suppress(ValueError, OSError):  # a run that asks for it reports the error
            load_data(name)


def work(channel: Channel, loading: Callable[[], None] | None = None) -> None:
    """Do the job that the first message asks for, after `loading`. Ends when the connection ends."""
    messages: SimpleQueue[Message] = SimpleQueue()
    threading.Thread(target=listen, args=(channel, messages.put), daemon=True).start()
    if loading:
        loading()
    order = messages.get()
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the server has gone
        if order.get("job") == "train":
            train(channel, order, messages)
        else:
            lower_priority(NICE_JOB)
            channel.send(run_job(order))


def train(channel: Channel, order: Message, commands: SimpleQueue[Message]) -> None:
    """A whole training run."""
    import torch  # noqa: PLC0415

    from cnnviz.engine.training.session import Session  # noqa: PLC0415  # torch

    # CUDA maps far more addresses than it uses, so its runs go without this bound.
    if order["config"].get("device") == "cpu" or not torch.cuda.is_available():
        bound_memory(order.get("megabytes"))
    begun, lowered = time.monotonic(), False

    def emit(message: Message) -> None:
        nonlocal lowered
        channel.send(message)
        if not lowered and time.monotonic() - begun > FULL_PRIORITY_SECONDS:
            lowered = True
            lower_priority(NICE_TRAINING)

    Session(order, emit, commands).run()


def lower_priority(nice: int) -> None:
    """Let others compute first: on Linux in this thread alone, so that the listening one stays quick."""
    if hasattr(os, "nice"):  # there is none on Windows
        os.nice(nice)


def listen(channel: Channel, deliver: Callable[[Message], None]) -> None:
    """Deliver what arrives. Ends the whole process when the connection ends, however long a step lasts."""
    while True:
        try:
            message = channel.receive()
        except FrameError:
            os._exit(EXIT_BAD_MESSAGE)
        if message is None:
            os._exit(EXIT_DISCONNECTED)
        deliver(message)
