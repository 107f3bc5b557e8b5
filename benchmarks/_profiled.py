"""The app's server with a profiler around every run of a script; ``python -m benchmarks._profiled OUT …``.

Not for timing: the profiler takes more time than the cheap functions that it measures.
"""

from __future__ import annotations

import cProfile
import sys
import threading
import time
from typing import Any

from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.web import cli

SKIP = 3  # the first runs import and fill caches


def main() -> None:
    """Serve the app; after each script run write the profile of all runs so far to OUT."""
    out, sys.argv = sys.argv[1], ["streamlit", *sys.argv[2:]]
    profiler, lock = cProfile.Profile(time.thread_time), threading.Lock()
    runs = 0
    run_script = ScriptRunner._run_script

    def profiled(self: ScriptRunner, data: Any) -> None:
        nonlocal runs
        with lock:
            runs += 1
            if runs <= SKIP:
                run_script(self, data)
                return
            profiler.enable()
            try:
                run_script(self, data)
            finally:
                profiler.disable()
            profiler.dump_stats(out)

    ScriptRunner._run_script = profiled  # type: ignore[method-assign]
    cli.main()


if __name__ == "__main__":
    main()
