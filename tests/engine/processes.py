"""Helpers for tests with real child processes."""

import time
from pathlib import Path

import pytest

from cnnviz.engine import TrainConfig

NET = {
    "input": [1, 28, 28],
    "layers": [
        {"type": "conv", "channels": 4, "kernel": 3, "stride": 2},
        {"type": "relu"},
        {"type": "flatten"},
        {"type": "dense", "units": 10},
    ],
}
QUICK = TrainConfig(net=NET, dataset="fashion", train_size=512, batch=32)
NO_PROC = not Path("/proc/self/stat").exists()


def alive(pid):
    """Whether this process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2][0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def children(pid):
    """The processes that this one has forked."""
    found = set()
    for thread in Path(f"/proc/{pid}/task").iterdir():
        found |= set(map(int, (thread / "children").read_text(encoding="ascii").split()))
    return found


def eventually(what, seconds=10.0):
    """Wait until `what()` is true, and give it back; fails after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        if found := what():
            return found
        if time.monotonic() > end:
            pytest.fail(f"did not come true within {seconds} s")
        time.sleep(0.01)
