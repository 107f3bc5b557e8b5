"""Every benchmark starts and comes to its end, with a tiny workload and without writing results."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import ALL

ROOT = Path(__file__).resolve().parents[1]
# With a browser, a server, or torch and a data set: these have their place in the long part of the suite.
LONG = {
    *("engine_js", "latency", "latency_quick", "sessions", "start", "rerun", "class_training"),
    *("engine_start", "training", "convnetjs", "mnist_accuracy"),
}
NOT_IN_ALL = {"latency_quick"}  # the one-minute version of another
NOT_BENCHMARKS = {"report"}
NAMES = [*ALL, *sorted(NOT_IN_ALL)]


def results() -> dict[str, int]:
    """What a benchmark could have written, and when."""
    folders = [ROOT / "benchmarks" / "results", ROOT / "docs"]
    return {str(path): path.stat().st_mtime_ns for folder in folders for path in folder.rglob("*.*")}


def run(*command: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    told = {**os.environ, "CNNVIZ_BENCHMARK_SMOKE": "1"}
    return subprocess.run(
        [sys.executable, *command], cwd=cwd, env=told, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.browser if name in LONG else pytest.mark.processes)
        for name in NAMES
    ],
)
def test_a_benchmark_runs(name: str) -> None:
    before = results()
    done = run("-m", f"benchmarks.{name}")
    assert done.returncode == 0, done.stderr[-4000:]
    assert "|" in done.stdout or "median" in done.stdout  # a table, or one line of figures
    assert results() == before


def test_all_of_them_are_in_the_list() -> None:
    scripts = (
        path for path in (ROOT / "benchmarks").glob("[!_]*.py") if "def main(" in path.read_text("utf-8")
    )
    assert sorted(path.stem for path in scripts) == sorted(set(NAMES) - NOT_BENCHMARKS)


def test_they_start_from_another_folder(tmp_path: Path) -> None:
    done = run(str(ROOT / "benchmarks"), "--smoke", "growth", cwd=tmp_path)
    assert done.returncode == 0, done.stderr[-4000:]
    assert "Cost and pixels" in done.stdout


def test_a_benchmark_that_does_not_exist_is_named() -> None:
    done = run("-m", "benchmarks", "none")
    assert done.returncode == 2
    assert "There is no benchmark called none" in done.stdout
