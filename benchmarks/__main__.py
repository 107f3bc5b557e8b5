"""Runs the benchmarks: ``python -m benchmarks [--smoke] [name …]``, or all of them; then writes the report.

From another folder: ``python path/to/benchmarks``. ``--smoke``: tiny workloads, and nothing is written.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:] = [str(ROOT), *(path for path in sys.path if path != str(ROOT / "benchmarks"))]

from benchmarks._bench import RESULTS  # noqa: E402
from benchmarks.report import write  # noqa: E402

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
    smoke = "--smoke" in sys.argv
    names = [name for name in sys.argv[1:] if name != "--smoke"] or list(ALL)
    unknown = [name for name in names if name not in ALL]
    if unknown:
        print(f"There is no benchmark called {', '.join(unknown)}; there are {', '.join(ALL)}.")
        return 2
    RESULTS.mkdir(exist_ok=True)
    env = {**os.environ, "CNNVIZ_BENCHMARK_SMOKE": "1"} if smoke else None
    failed = []
    for name in names:
        print(f"\n## {name}\n", flush=True)
        command = [sys.executable, "-m", f"benchmarks.{name}", *ARGUMENTS.get(name, [])]
        if subprocess.run(command, cwd=ROOT, env=env, check=False).returncode:
            failed.append(name)
    if not smoke:
        write()
    if failed:
        print(f"These did not finish: {', '.join(failed)}.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
