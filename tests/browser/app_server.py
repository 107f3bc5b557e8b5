"""The app as a visitor meets it: `streamlit run app.py` in a process of its own, on a free port."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from app_pages import ROOT

STARTS_WITHIN = 60.0  # seconds; a busy machine with two cores needs up to 15


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class AppServer:
    """One running app. ``url`` ends with a slash; ``log`` has everything that it printed.

    ``options``: of Streamlit's section "server"; ``environment``: variables beside this process's own.
    """

    def __init__(
        self,
        log: Path,
        options: Mapping[str, str] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.log_file = log
        port = free_port()
        self.url = f"http://127.0.0.1:{port}/"
        command = [sys.executable, "-m", "streamlit", "run", "app.py"]
        where = {"address": "127.0.0.1"} if options is None else options
        for name, value in {"headless": "true", "port": str(port), **where}.items():
            command += [f"--server.{name}", value]
        variables = {**os.environ, **(environment or {})}
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, env=variables
            )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    @property
    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    def _wait(self) -> None:
        deadline = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < deadline:
            assert self.process.poll() is None, f"The app ended while it started:\n{self.log}"
            try:
                with urllib.request.urlopen(f"{self.url}_stcore/health", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise AssertionError(f"The app did not answer within {STARTS_WITHIN} s:\n{self.log}")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
