"""The preloader: a fork server. It imports torch once, then forks a child for each job.

Started as ``python -m cnnviz.engine.processes.preloader``.
A new interpreter needs 2 to 3 s before its first step, nearly all of it for importing torch; a fork of this
process needs some 10 ms and shares the memory. It must be a process of its own, single-threaded: forking the
web server would copy its threads' locks in whatever state they are.

Why not `multiprocessing`'s fork server: it imports the server's ``__main__`` again in each child, which is
Streamlit's command line or somebody's notebook, and that takes 1.3 to 4.4 s a child.

The control connection (a Unix socket pair, inherited from the server) carries requests in, each with the
child's end of the job's own connection, and reports out. When it ends the preloader ends; children live on
their own connections and end with those.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import socket
import struct
import sys
import threading
from collections.abc import Iterator
from enum import IntEnum
from pathlib import Path

from cnnviz.engine.wire.frames import Channel

REQUEST_FORMAT = struct.Struct(">Bq")  # what, job
REPORT_FORMAT = struct.Struct(">Bqqi")  # what, job, process id, exit code (−signal where one ended it)


class Request(IntEnum):
    """What the server asks for; FORK carries the child's end of the job's connection."""

    FORK = 1
    KILL = 2


class Report(IntEnum):
    """What the preloader reports."""

    READY = 1
    FORKED = 2
    ENDED = 3


class Preloader:
    """The loop of the fork server: fork on request, report each child's end."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._jobs: dict[int, int] = {}  # process id -> job
        self._woken, waker = os.pipe()
        for end in (self._woken, waker):
            os.set_blocking(end, False)
        self._waker = waker
        # A child's end must wake the select() below: Python writes a byte here for each signal that arrives.
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(waker)

    def serve(self) -> None:
        """Answer requests until the control connection ends."""
        self._report(Report.READY)
        while True:
            control = self._control.fileno()
            ready, _, _ = select.select([control, self._woken], [], [])
            if self._woken in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(self._woken, 4096)
                self._reap()
            if control in ready and not self._answer():
                return

    def _answer(self) -> bool:
        content, files, _, _ = socket.recv_fds(self._control, REQUEST_FORMAT.size, 1)
        if len(content) < REQUEST_FORMAT.size:
            return False
        what, job = REQUEST_FORMAT.unpack(content)
        if what == Request.FORK and files:
            self._fork(job, files[0])
        elif what == Request.KILL:
            for pid in [pid for pid, of in self._jobs.items() if of == job]:
                os.kill(pid, signal.SIGKILL)  # not reaped yet, so the number is still this child's
        for file in files:
            os.close(file)
        return True

    def _fork(self, job: int, file: int) -> None:
        pid = os.fork()
        if pid == 0:
            self._become_child(file)
        self._jobs[pid] = job
        self._report(Report.FORKED, job, pid)

    def _become_child(self, file: int) -> None:
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.close(self._woken)
            os.close(self._waker)
            self._control.close()
            _raise_oom_score()
            from cnnviz.engine.processes.worker import work  # noqa: PLC0415

            work(Channel.of_socket(socket.socket(fileno=file)))
            code = 0
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:  # never back into the parent's loop
            with contextlib.suppress(Exception):
                sys.stderr.flush()
            os._exit(code)

    def _reap(self) -> None:
        while self._jobs:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            self._report(Report.ENDED, self._jobs.pop(pid, 0), pid, os.waitstatus_to_exitcode(status))

    def _report(self, what: Report, job: int = 0, pid: int = 0, code: int = 0) -> None:
        with contextlib.suppress(OSError):  # the server has gone: the next select() sees it
            self._control.sendall(REPORT_FORMAT.pack(what, job, pid, code))


def _raise_oom_score() -> None:
    """Where the machine runs out of memory, Linux should end a run and not the server."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("800", encoding="ascii")


def preload() -> None:
    """Import what children need. The first optimizer alone imports some 800 modules."""
    from cnnviz.engine.processes import worker  # noqa: PLC0415

    worker.preload()
    gc.collect()
    gc.freeze()  # the collector leaves these objects alone, so that children keep sharing their memory


def detach_from_terminal() -> None:
    """Ignore Ctrl-C, which goes to the whole process group: the server ends the runs. Prints go to stderr."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.dup2(2, 1)


def main() -> None:
    """Serve on the inherited control socket whose file number is the first argument."""
    detach_from_terminal()
    with socket.socket(fileno=int(sys.argv[1])) as control:
        with _exit_with_server(control):
            preload()
        Preloader(control).serve()
    os._exit(0)  # at once: an orderly end would spend a second on unloading torch


@contextlib.contextmanager
def _exit_with_server(control: socket.socket) -> Iterator[None]:
    """End this process if the server ends during the imports; the polling thread is gone afterwards."""
    loaded = threading.Event()

    def poll() -> None:
        while not loaded.wait(0.1):
            with contextlib.suppress(BlockingIOError):
                if not control.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT):
                    os._exit(0)

    thread = threading.Thread(target=poll, daemon=True)
    thread.start()
    yield
    loaded.set()
    thread.join()


if __name__ == "__main__":
    main()
