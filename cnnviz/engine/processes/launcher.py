"""Starts child processes: forked by the preloader, or prestarted where the system has no fork (Windows)."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import socket
import subprocess
import sys
import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from io import BufferedReader
from typing import Any

from cnnviz.engine.config.errors import EngineError
from cnnviz.engine.processes.preloader import REPORT_FORMAT, REQUEST_FORMAT, Report, Request
from cnnviz.engine.wire.frames import Channel, FrameError, Message
from cnnviz.settings import ROOT, child_environment

_MAX_FAILED_STARTS = 3  # of the preloader, one after the other
_NOT_STARTED = "The training process could not be started: PyTorch did not load on this server."


@dataclass(eq=False)
class Child:
    """One child process as the server sees it."""

    channel: Channel
    pid: int = 0  # 0 until it is known
    exit_code: int | None = None  # −n where signal n ended it
    ended: threading.Event = field(default_factory=threading.Event)

    def exit_reason(self) -> str:
        """Half a sentence: "was ended by signal 9 (SIGKILL)"."""
        self.ended.wait(1.0)  # the report comes a moment after the connection's end
        if self.exit_code is None:
            return "ended without a word"
        if self.exit_code >= 0:
            return f"ended by itself with code {self.exit_code}"
        with contextlib.suppress(ValueError):
            return f"was ended by signal {-self.exit_code} ({signal.Signals(-self.exit_code).name})"
        return f"was ended by signal {-self.exit_code}"


class Launcher(ABC):
    """Starts child processes."""

    @abstractmethod
    def preload(self) -> None:
        """Start what is needed ahead of the first launch; returns at once."""

    @abstractmethod
    def launch(self, order: Message) -> Child:
        """Start a child on `order`. Raises EngineError, one sentence, where there is no way to."""

    @abstractmethod
    def kill(self, child: Child) -> None:
        """End a child at once, where closing its channel was not enough."""

    @abstractmethod
    def close(self) -> None:
        """End everything that waits for work. Children end when their channels are closed."""


def default_launcher() -> Launcher:
    """Forks where the system can; else processes are prestarted."""
    return ForkLauncher() if hasattr(os, "fork") else PrestartedLauncher()


class ForkLauncher(Launcher):
    """Keeps one preloader running, and starts another one when it is gone."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._numbers = itertools.count(1)
        self._children: dict[int, Child] = {}
        self._failed_starts = 0
        self._closed = False
        self.ready = threading.Event()

    @property
    def pid(self) -> int:
        """The preloader's process id, 0 where none runs."""
        with self._lock:
            return self._process.pid if self._process else 0

    def preload(self) -> None:
        with self._lock:
            self._ensure_started()

    def launch(self, order: Message) -> Child:
        ours, theirs = socket.socketpair()
        child, number = Child(Channel.of_socket(ours)), next(self._numbers)
        with theirs, self._lock:
            self._children[number] = child
            try:
                self._request(Request.FORK, number, [theirs.fileno()])
            except OSError:  # the preloader died just now: once more with a new one
                self._on_exit(self._process)
                self._request(Request.FORK, number, [theirs.fileno()])
        return _send_order(child, order)

    def kill(self, child: Child) -> None:
        with self._lock, contextlib.suppress(OSError, EngineError):
            for number, each in self._children.items():
                if each is child:
                    self._request(Request.KILL, number, [])

    def close(self) -> None:
        with self._lock:
            self._closed = True
            process, control = self._process, self._control
            self._process = self._control = None
        if control and process:
            with contextlib.suppress(OSError):
                control.shutdown(socket.SHUT_RDWR)
            _kill_and_wait(process)

    def _request(self, what: Request, number: int, files: list[int]) -> None:
        socket.send_fds(self._ensure_started(), [REQUEST_FORMAT.pack(what, number)], files)

    def _ensure_started(self) -> socket.socket:
        if self._closed:
            raise EngineError("The server is shutting down.")
        if self._control:
            return self._control
        if self._failed_starts >= _MAX_FAILED_STARTS:
            raise EngineError(_NOT_STARTED)
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "cnnviz.engine.processes.preloader", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=child_environment(str(ROOT)),
            )
        self._control = ours
        self.ready.clear()
        threading.Thread(
            target=self._listen, args=(ours, self._process), name="cnnviz preloader", daemon=True
        ).start()
        return ours

    def _listen(self, control: socket.socket, process: subprocess.Popen[bytes]) -> None:
        with control, control.makefile("rb") as reports:
            while len(report := _read(reports)) == REPORT_FORMAT.size:
                self._on_report(*REPORT_FORMAT.unpack(report))
        self._on_exit(process)

    def _on_report(self, what: int, number: int, pid: int, code: int) -> None:
        with self._lock:
            if what == Report.READY:
                self._failed_starts = 0
                self.ready.set()
            elif what == Report.FORKED and number in self._children:
                self._children[number].pid = pid
            elif what == Report.ENDED and (child := self._children.pop(number, None)):
                child.exit_code = code
                child.ended.set()

    def _on_exit(self, process: subprocess.Popen[bytes] | None) -> None:
        """Forget a preloader that ended; its children go on, but nobody will report their end."""
        with self._lock:
            if process is None or process is not self._process:
                return
            self._failed_starts += not self.ready.is_set()
            self._process = self._control = None
            orphans, self._children = self._children, {}
            for child in orphans.values():
                child.ended.set()
        process.kill()
        process.wait()
        with contextlib.suppress(EngineError):
            self.preload()


def _send_order(child: Child, order: Message) -> Child:
    """Send the order. Where the child has ended already, the reader of its channel will see that."""
    try:
        with contextlib.suppress(OSError):
            child.channel.send(order)
    except FrameError:
        child.channel.close()
        raise
    return child


def _read(reports: BufferedReader) -> bytes:
    try:
        return reports.read(REPORT_FORMAT.size)
    except OSError:
        return b""


class PrestartedLauncher(Launcher):
    """One process waits with everything imported; a launch takes it and starts the next."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._prestarted: subprocess.Popen[bytes] | None = None
        self._running: dict[Child, subprocess.Popen[bytes]] = {}
        self._closed = False

    @property
    def pid(self) -> int:
        """The process id of the one that waits, 0 where none does."""
        with self._lock:
            return self._prestarted.pid if self._prestarted else 0

    def preload(self) -> None:
        with self._lock:
            self._ensure_started()

    def launch(self, order: Message) -> Child:
        with self._lock:
            process = self._ensure_started()
            self._prestarted = None
            child = Child(_pipe_channel(process), process.pid)
            self._running[child] = process
        threading.Thread(target=self._wait_for_exit, args=(child, process), daemon=True).start()
        with contextlib.suppress(EngineError):  # the server ends
            self.preload()
        return _send_order(child, order)

    def kill(self, child: Child) -> None:
        with self._lock:
            if process := self._running.get(child):
                process.kill()

    def close(self) -> None:
        with self._lock:
            self._closed, process, self._prestarted = True, self._prestarted, None
        if process:
            _kill_and_wait(process)
            _pipe_channel(process).close()

    def _ensure_started(self) -> subprocess.Popen[bytes]:
        if self._closed:
            raise EngineError("The server is shutting down.")
        if self._prestarted is None or self._prestarted.poll() is not None:
            self._prestarted = subprocess.Popen(
                [sys.executable, "-m", "cnnviz.engine.processes.prestarted"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=child_environment(str(ROOT)),
            )
        return self._prestarted

    def _wait_for_exit(self, child: Child, process: subprocess.Popen[bytes]) -> None:
        child.exit_code = process.wait()
        child.ended.set()
        with self._lock:
            self._running.pop(child, None)


def _pipe_channel(process: subprocess.Popen[bytes]) -> Channel:
    """Over a process's stdin and stdout. Closing stdin ends the child, which ends what we read."""
    stdin: Any = process.stdin
    stdout: Any = process.stdout
    return Channel(stdout, stdin.raw, stdin.close)


def _kill_and_wait(process: subprocess.Popen[bytes]) -> None:
    """End a process that holds nothing worth keeping."""
    process.kill()
    process.wait()
