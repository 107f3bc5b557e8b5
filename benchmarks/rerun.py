"""Where the time of one rerun of the filter page goes: a profile of the real server's script runs.

Run from the repository's root: ``python -m benchmarks.rerun [reruns]``. A profiler makes everything slower,
and cheap functions more than others: the shares say where the time goes, the milliseconds are too long.
"""

from __future__ import annotations

import asyncio
import pstats
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks._app import ROOT, Server, free_port, wait_until_healthy
from benchmarks._bench import amount, environment
from benchmarks._table import PACKAGES, Table, save
from benchmarks.sessions import visit

RERUNS = amount(40, 3)
PARTS = {  # function name and the end of its file's path → what it does, in words
    ("histogram", "core/colour/histogram.py"): "counting the histogram",
    ("histogram_view", "histogram_view/__init__.py"): "the histogram's message",
    ("apply", "core/convolution/filtering.py"): "the convolution",
    ("choose_picture", "ui/picture/picker.py"): "picture picker and picture store",
    ("filter_view", "filter_view/__init__.py"): "the view's message",
    ("library", "components/base.py"): "the library of views",
    ("draw", "filter/settings.py"): "the controls of the convolution",
    ("try_this", "ui/kit/page.py"): "the experiments",
    ("calc_hash", "streamlit/util.py"): "Streamlit: hashing messages and ids",
    ("enqueue", "script_run_context.py"): "Streamlit: hashing and queueing messages",
    ("deepcopy", "copy.py"): "copying Python objects",
    ("_run_script", "script_runner.py"): "all",
}


def profile(reruns: int) -> pstats.Stats:
    """The script runs of a server with one visitor who changes the stride; the first runs are left out."""
    with tempfile.TemporaryDirectory() as folder:
        out, log, port = Path(folder) / "profile", Path(folder) / "log", free_port()
        command = [sys.executable, "-m", "benchmarks._profiled", str(out), "run", "app.py"]
        command += ["--server.headless=true", f"--server.port={port}", "--server.address=127.0.0.1"]
        with log.open("wb") as output:
            process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
        try:
            wait_until_healthy(process, port, log)
            asyncio.run(_visit(Server(port, process.pid, 0, 0), reruns))
            time.sleep(1)
        finally:
            process.terminate()
            process.wait(10)
        return pstats.Stats(str(out))


async def _visit(where: Server, reruns: int) -> None:
    client, _ = await visit(where)
    for _ in range(reruns):
        await client.rerun()


def parts_table(stats: pstats.Stats) -> Table:
    """The parts of a rerun, the most expensive first; a part may contain another."""
    found: dict[str, tuple[float, int]] = {}
    for (file, _, function), (_, calls, _, whole, _) in stats.stats.items():  # type: ignore[attr-defined]
        for (name, ending), words in PARTS.items():
            if function == name and file.endswith(ending):
                found[words] = (found.get(words, (0, 0))[0] + whole, calls)
    everything, runs = found["all"]
    rows: list[list[Any]] = [
        [words, 1000 * whole / runs, f"{100 * whole / everything:.0f} %"]
        for words, (whole, _) in sorted(found.items(), key=lambda item: -item[1][0])
    ]
    note = (
        f"CPU time of the script's thread under Python's profiler, mean of {runs} reruns, each with another"
        " stride, at 512² with the tab Values open. A part may be inside another."
    )
    return Table("rerun", "Where a rerun's time goes", ["Part", "CPU, ms a rerun", "Share"], rows, note)


def functions_table(stats: pstats.Stats) -> Table:
    """The functions whose own bodies cost most."""
    runs = next(
        calls for (_, _, name), (_, calls, *_) in stats.stats.items() if name == "_run_script"  # type: ignore[attr-defined]
    )  # fmt: skip
    costliest = sorted(stats.stats.items(), key=lambda item: -item[1][2])[:12]  # type: ignore[attr-defined]
    rows = []
    for (file, _, name), (_, calls, alone, _, _) in costliest:
        where = "/".join(Path(file).parts[-2:]) if file != "~" else "built in"
        rows.append([f"`{name}`", where, calls / runs, 1000 * alone / runs])
    head = ["Function", "File", "Calls a rerun", "Own CPU, ms a rerun"]
    return Table("functions", "The most expensive functions", head, rows, "From the same profile.")


def main() -> None:
    """Profile, print the tables and write them to benchmarks/results."""
    reruns = int(sys.argv[1]) if len(sys.argv) > 1 else RERUNS
    where = environment(PACKAGES)
    stats = profile(reruns)
    save("rerun", [parts_table(stats), functions_table(stats)], where=where)


if __name__ == "__main__":
    main()
