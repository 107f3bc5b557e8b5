"""A running app to measure: a server, a browser, and the CPU time and memory of both."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
CHROMIUM_ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def free_port() -> int:
    """A free TCP port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat from the third one on (state, parent, …)."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()


def tree(root: int) -> list[int]:
    """A process and all its descendants."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int(_stat(int(entry.name))[1])
            except (OSError, IndexError):
                continue  # the process has ended meanwhile
    tree_pids = [root]
    for pid in tree_pids:
        tree_pids += [child for child, parent in parents.items() if parent == pid]
    return tree_pids


def cpu_seconds(root: int) -> float:
    """User and system time of a process and its descendants, ended and waited-for children included."""
    total = 0
    for pid in tree(root):
        try:
            total += sum(int(ticks) for ticks in _stat(pid)[11:15])
        except (OSError, IndexError):
            continue
    return total / TICKS


def memory_mb(pid: int) -> tuple[float, float]:
    """Resident memory now and at its peak, in MB of 1,000,000 bytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    found = {name: int(kib) * 1024 / 1e6 for name, kib in re.findall(r"^(Vm\w+):\s+(\d+) kB", status, re.M)}
    return found["VmRSS"], found["VmHWM"]


@dataclass(frozen=True)
class Server:
    """A running `streamlit run app.py`; ``healthy``: seconds from its start to its first healthy answer."""

    port: int
    pid: int
    started: float
    healthy: float

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def wait_until_healthy(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Return at the first healthy answer; raise with the log when the process ends or takes too long."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1):
                return
        except OSError:
            time.sleep(0.01)
    raise RuntimeError(f"The server did not start:\n{log.read_text(encoding='utf-8', errors='replace')}")


@contextmanager
def server(*options: str) -> Iterator[Server]:
    """Start the app on a free port, wait until it is healthy, and stop it in the end."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
    command += [f"--server.port={port}", "--server.address=127.0.0.1", *options]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("wb") as out:
            started = time.perf_counter()
            process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
            try:
                wait_until_healthy(process, port, log)
                yield Server(port, process.pid, started, time.perf_counter() - started)
            finally:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium from Debian's package."""
    path = shutil.which("chromium")
    if not path:
        raise RuntimeError("These measurements need Chromium: install Debian's package chromium.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        yield browser
        browser.close()


def browser_pid() -> int:
    """The first Chromium process below this one."""
    for pid in tree(os.getpid())[1:]:
        try:
            if Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").startswith("chrom"):
                return pid
        except OSError:
            continue
    raise RuntimeError("No Chromium runs below this process.")


def quantile(values: list[float], share: float) -> float:
    """The value below which `share` of them lie, between two neighbours in proportion."""
    ordered = sorted(values)
    at = share * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)
