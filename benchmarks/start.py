"""How long the app takes to start: imports, the server, the first page, and a second `make run`.

Run from the repository's root: ``python -m benchmarks.start [rounds]``.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from typing import Any

from benchmarks._app import ROOT, chromium, cpu_seconds, memory_mb, quantile, server
from benchmarks._bench import amount, environment
from benchmarks._table import PACKAGES, Table, load, save

ROUNDS = amount(3, 1)
IMPORTS = {
    "cnnviz.core": "import cnnviz.core",
    "the app, without its pages": (
        "import streamlit; from cnnviz.ui.kit.server import disable_automatic_pages"
    ),
    "the filter page's imports": (
        "import streamlit, cnnviz.ui.picture.picker; from cnnviz.components import filter_view; "
        "from cnnviz.ui.filter import experiments, sections, settings"
    ),
}
_LINE = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \| (\s*)(\S+)")
FILTER_IS_PAINTED = "[data-view=filter_view][data-painted]"


def import_times(statement: str) -> tuple[float, dict[str, float]]:
    """Milliseconds of all imports of a statement, and of each package's own modules."""
    command = [sys.executable, "-X", "importtime", "-c", statement]
    output = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stderr
    packages: dict[str, float] = {}
    for alone, _, _, name in _LINE.findall(output):
        package = ".".join(name.split(".")[: 2 if name.startswith("cnnviz") else 1])
        packages[package] = packages.get(package, 0.0) + int(alone) / 1000
    return sum(packages.values()), packages


def imports_table(rounds: int) -> Table:
    """The ten packages that cost most, of the fastest of the rounds."""
    rows: list[list[Any]] = []
    for name, statement in amount([*IMPORTS.items()], [*IMPORTS.items()][:1]):
        total, packages = min((import_times(statement) for _ in range(rounds)), key=lambda found: found[0])
        rows.append([name, "in all", total])
        most = sorted(packages.items(), key=lambda item: -item[1])[:10]
        rows += [[name, package, cost] for package, cost in most]
    note = f"`python -X importtime`, the time of a package's own modules, the fastest of {rounds} rounds."
    return Table("imports", "What importing costs", ["Import", "Package", "ms"], rows, note)


def one_start(path: str, ready: str) -> list[float]:
    """Server healthy, first page ready, its second visit: seconds; CPU seconds and memory of the server."""
    with chromium() as browser, server() as running:
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.goto(f"{running.url}/{path}", wait_until="commit")
        page.wait_for_selector(ready, state="attached", timeout=60_000)
        first = time.perf_counter() - running.started
        cpu, memory = cpu_seconds(running.pid), memory_mb(running.pid)[0]
        again = time.perf_counter()
        page.reload(wait_until="commit")
        page.wait_for_selector(ready, state="attached", timeout=60_000)
        return [running.healthy, first, time.perf_counter() - again, cpu, memory]


def start_table(rounds: int) -> Table:
    """Fresh servers, fresh browsers; the pages in turn."""
    pages = {
        "home": ("", "[data-testid=stMainBlockContainer] .cnnviz-root canvas"),
        "filter": ("filter", FILTER_IS_PAINTED),
    }
    pages = amount(pages, {"filter": pages["filter"]})
    found: dict[str, list[list[float]]] = {name: [] for name in pages}
    loads = []
    for _ in range(rounds):
        for name, (path, ready) in pages.items():
            loads.append(load())
            found[name].append(one_start(path, ready))
    rows = [
        [
            name,
            *(quantile([start[i] for start in each], 0.5) for i in range(3)),
            min(start[1] for start in each),
        ]
        + [quantile([start[i] for start in each], 0.5) for i in (3, 4)]
        for name, each in found.items()
    ]
    head = ["First page", "Server healthy, s", "Page painted, s", "Painted again after reload, s"]
    head += ["Painted, fastest, s", "Server CPU, s", "Server memory, MB"]
    note = (
        "From the start of the server's process, medians of fresh servers and browsers with empty caches, "
        f"{rounds} rounds. The browser itself runs already. Load average: {min(loads)} to {max(loads)}."
    )
    return Table("start", "From `make run` to the first picture", head, rows, note)


def make_table() -> Table:
    """What `make run` adds before the server starts, when everything is installed."""
    start = time.perf_counter()
    output = subprocess.run(
        ["make", "-n", "run"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    took = time.perf_counter() - start
    installs = "install" in output
    rows = [["yes" if installs else "no", took]]
    note = "The commands that a second `make run` would give, and how long make takes to find them."
    return Table("make", "A second `make run`", ["Installs anything", "make itself, s"], rows, note)


def main() -> None:
    """Measure, print the tables and write them to benchmarks/results."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    where = environment(PACKAGES)
    save("start", [start_table(rounds), make_table(), imports_table(rounds)], where=where)


if __name__ == "__main__":
    main()
