"""Where there is no fork (Windows): a prestarted process, which has everything imported, waits for one job.

Started as ``python -m cnnviz.engine.processes.prestarted``; its messages go over stdin and stdout.
"""

from __future__ import annotations

import io
import os
import sys
from typing import cast

from cnnviz.engine.processes.preloader import detach_from_terminal
from cnnviz.engine.processes.worker import preload, work
from cnnviz.engine.wire.frames import Channel


def main() -> None:
    """Import all that a job needs, then do the job that arrives."""
    out = cast(io.RawIOBase, os.fdopen(os.dup(1), "wb", buffering=0))
    detach_from_terminal()  # from here on print() goes to stderr, and `out` is for messages alone
    work(Channel(cast(io.BufferedReader, sys.stdin.buffer), out, out.close), loading=preload)
    sys.stderr.flush()
    os._exit(0)  # an ordinary end would wait for the lock of stdin, which the listening thread holds


if __name__ == "__main__":
    main()
