"""The time from Start to the first step: in a child forked by the preloader, and in a new process.

Run from the repository's root: ``python -m benchmarks.engine_start [rounds]``.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from statistics import median

from benchmarks._bench import amount, describe, environment, table, write_results
from cnnviz.engine import TrainConfig, start_training
from cnnviz.engine.processes.launcher import PrestartedLauncher
from cnnviz.engine.processes.supervisor import Supervisor
from cnnviz.engine.wire.records import Started, StepBlock

ROUNDS = amount(7, 1)
LATER = amount(1.5, 0.2)  # seconds of training before memory is read


class ColdLauncher(PrestartedLauncher):
    """A new process for each run, started when Start is pressed."""

    def preload(self) -> None:
        """No process is prestarted."""


def one_start(supervisor: Supervisor, seed: int) -> dict[str, float]:
    """Seconds from Start to each stage, and the child's memory in MB."""
    config = TrainConfig(dataset="fashion", seed=seed)
    started_at = time.perf_counter()
    run = start_training(config, supervisor=supervisor)
    found: dict[str, float] = {}
    kinds: set[str] = set()
    while not {"started", "step_block", "maps", "validation"} <= kinds:
        for record in run.poll():
            now = time.perf_counter() - started_at
            kinds.add(record.kind)
            if isinstance(record, Started):
                found["Start to the first record"] = now
            elif isinstance(record, StepBlock):
                found.setdefault("Start to the first step received", now)
            elif record.kind == "maps":
                found.setdefault("Start to the first feature maps", now)
        if time.perf_counter() - started_at > 120:
            raise TimeoutError(f"no pictures after 120 s: {run.status} {run.sentence}")
        time.sleep(0.001)
    time.sleep(LATER)
    found["private memory, MB"] = private_mb(run.pid)
    run.stop()
    run.wait(10)
    return found


def private_mb(pid: int) -> float:
    """Memory that this process shares with no other."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024


def main() -> None:
    """Interleaved rounds; medians, and the medians of the ratios within each round."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    where = environment(["torch", "numpy"])
    forked, cold = Supervisor(), Supervisor(ColdLauncher())
    started_at = time.perf_counter()
    forked.preload()
    forked.launcher.ready.wait(120)  # type: ignore[attr-defined]
    ready = time.perf_counter() - started_at
    results: dict[str, list[dict[str, float]]] = {"forked": [], "cold": []}
    for number in range(rounds + 1):
        pair = {"forked": one_start(forked, number), "cold": one_start(cold, number)}
        if number:  # the first pair reads files into the system's cache
            for name, found in pair.items():
                results[name].append(found)
    forked.close()
    cold.close()
    rows = []
    for stage in results["forked"][0]:
        ours, theirs = ([found[stage] for found in results[name]] for name in ("forked", "cold"))
        ratios = [b / a for a, b in zip(ours, theirs, strict=True)]
        rows.append(
            [
                stage,
                f"{median(ours):.3f}",
                f"{max(ours):.3f}",
                f"{median(theirs):.3f}",
                f"{median(ratios):.1f}",
            ]
        )
    header = ["", "forked, median", "forked, worst", "new process, median", "ratio"]
    markdown = "\n\n".join(
        [
            "### Start",
            table(header, rows),
            f"Seconds unless said, {rounds} rounds, in turn. The preloader itself was ready "
            f"{ready:.1f} s after it was started, once per server. {describe(where)}",
        ]
    )
    write_results("engine_start", {"environment": where, "ready": ready, "rounds": results}, markdown)


if __name__ == "__main__":
    main()
