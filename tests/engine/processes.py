"""Helpers for tests with real child processes."""

import time
from pathlib import Path

import pytest

NO_PROC = not Path("/proc/self/stat").exists()


def alive(pid):
    """Whether this process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2][0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def eventually(what, seconds=10.0):
    """Wait until `what()` is true, and give it back; fails after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        if found := what():
            return found
        if time.monotonic() > end:
            pytest.fail(f"did not come true within {seconds} s")
        time.sleep(0.01)
