"""What all benchmark scripts share: interleaved rounds, the machine they ran on, tables and JSON."""

import json
import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from statistics import median
from typing import TypeVar

T = TypeVar("T")
RESULTS = Path(__file__).parent / "results"
# Tiny workloads, to see that a benchmark starts and ends (python -m benchmarks --smoke): writes no results.
SMOKE = os.environ.get("CNNVIZ_BENCHMARK_SMOKE") == "1"


def amount(full: T, smoke: T) -> T:
    """How much work to do: `full` for a figure, `smoke` to see that the benchmark runs."""
    return smoke if SMOKE else full


@dataclass(frozen=True)
class Timing:
    """Seconds of each round, by the process's CPU clock (all its threads) and by the wall clock."""

    cpu: list[float]
    wall: list[float]

    @property
    def median_cpu(self) -> float:
        return median(self.cpu)

    @property
    def median_wall(self) -> float:
        return median(self.wall)


def interleave(
    work: Mapping[str, Callable[[], object]], *, rounds: int = 9, least: float = 0.004
) -> dict[str, Timing]:
    """Time each piece of work once a round, in turn, so that all of them are measured under the same load.

    One timing repeats its work until about `least` seconds have passed, and gives the mean of them.
    """
    repeats = {}
    for name, call in work.items():
        call()
        start = time.perf_counter()
        call()
        repeats[name] = max(1, min(100, round(least / max(time.perf_counter() - start, 1e-7))))
    timings = {name: Timing([], []) for name in work}
    for _ in range(rounds):
        for name, call in work.items():
            cpu, wall = time.process_time(), time.perf_counter()
            for _ in range(repeats[name]):
                call()
            timings[name].cpu.append((time.process_time() - cpu) / repeats[name])
            timings[name].wall.append((time.perf_counter() - wall) / repeats[name])
    return timings


def ratio(ours: Timing, theirs: Timing) -> float:
    """Median over the rounds of our CPU time over theirs in the same round; below 1 we are faster."""
    return median(a / b for a, b in zip(ours.cpu, theirs.cpu, strict=True))


def environment(packages: Sequence[str]) -> dict[str, object]:
    """The machine and the versions of a run."""
    versions = {}
    for package in packages:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            versions[package] = "not installed"
    return {
        "date": time.strftime("%Y-%m-%d"),
        "machine": platform.machine(),
        "processor": processor(),
        "cores": os.cpu_count(),
        "load_average": [round(load, 2) for load in os.getloadavg()] if hasattr(os, "getloadavg") else None,
        "python": platform.python_version(),
        "versions": versions,
    }


def processor() -> str:
    """The processor's name from /proc/cpuinfo, or from Python."""
    listing = Path("/proc/cpuinfo")
    if listing.exists():
        for line in listing.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def describe(where: Mapping[str, object]) -> str:
    """The environment as one sentence."""
    versions = where["versions"]
    listed = ", ".join(f"{k} {v}" for k, v in versions.items()) if isinstance(versions, dict) else ""
    return (
        f"{where['date']}, {where['processor']}, {where['cores']} cores, load average at the start "
        f"{where['load_average']}, Python {where['python']}, {listed}."
    )


def write_results(name: str, data: Mapping[str, object], markdown: str) -> None:
    """Print the Markdown; write it, and the data as JSON, to benchmarks/results. A smoke run only prints."""
    print(markdown)
    text = json.dumps(data, indent=1)
    if SMOKE:
        return
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    (RESULTS / f"{name}.md").write_text(markdown + "\n", encoding="utf-8")
