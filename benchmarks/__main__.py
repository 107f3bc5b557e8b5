"""Runs the benchmarks: ``python -m benchmarks [name …]``, or all of them; then writes the report."""

from __future__ import annotations

import subprocess
import sys

from benchmarks._app import ROOT
from benchmarks._bench import RESULTS
from benchmarks.report import write

ARGUMENTS = {"engine_js": [str(RESULTS / "engine_js.json")]}
ALL = (
    "convolve",
    "engine_js",
    "latency",
    "sessions",
    "start",
    "pictures",
    "growth",
    "rerun",
    "engine_start",
    "training",
    "convnetjs",
    "mnist_accuracy",
    "class_training",
    "bounds",
)


def main() -> int:
    """Each benchmark in a process of its own; one that fails is named, and the others still run."""
    names = sys.argv[1:] or list(ALL)
    unknown = [name for name in names if name not in ALL]
    if unknown:
        print(f"There is no benchmark called {', '.join(unknown)}; there are {', '.join(ALL)}.")
        return 2
    RESULTS.mkdir(exist_ok=True)
    failed = []
    for name in names:
        print(f"\n## {name}\n", flush=True)
        command = [sys.executable, "-m", f"benchmarks.{name}", *ARGUMENTS.get(name, [])]
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            failed.append(name)
    write()
    if failed:
        print(f"These did not finish: {', '.join(failed)}.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
