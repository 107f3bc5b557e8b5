"""Writes docs/measurements.md and its plots from benchmarks/results, so that no figure is typed by hand.

Run from the repository's root: ``python -m benchmarks.report``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from benchmarks._app import ROOT
from benchmarks._bench import RESULTS, describe
from benchmarks._bench import table as markdown_table
from benchmarks._svg import Points, chart
from benchmarks._table import Table

DOCS = ROOT / "docs"
INTRO = """# How fast cnnviz is: the measurements

Written by `python -m benchmarks.report` from the files in `benchmarks/results`; do not edit it by hand.
`benchmarks/README.md` says how each figure was measured. Times depend on the machine and on what else it
does: each table gives the load average, and where it is above the number of cores, the times are too long.
CPU time depends less on other programs than wall time, so both are given.
"""
# Explanations of the plots. The figures themselves are in the plots.
PIXELS = """The cost is proportional to the pixels: the lines run straight. At the left end they are
flatter, because choosing an engine and preparing the padding cost the same for every picture. Once the
picture no longer fits into the processor's caches, the cost of a pixel rises; the engines work in strips
or tiles, which keeps that bend small."""
KERNELS = """A dense kernel costs one multiplication for each of its cells, so the line climbs with the
square of the side until the plan changes to the FFT, whose cost hardly depends on the kernel: from there
it is nearly flat. A Gaussian is a column times a row, so its cost grows with the side and not with its
square. The column "Engine" in the table below says where the plan changes."""
VISITORS = """A rerun of the page is Python, and one Python process computes one thing at a time: the
waiting stays nearly level as long as the visitors together ask for less than the process can do. Beyond
that every further visitor waits for all the others, and the line turns up."""


def _results(name: str) -> dict[str, Any] | None:
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def _tables(name: str) -> dict[str, Table]:
    found = _results(name)
    return {entry["id"]: Table(**entry) for entry in found["tables"]} if found else {}


def _column(table: Table, name: str) -> int:
    return list(table.head).index(name)


def _lines(table: Table, group: str, across: str, up: str) -> dict[str, Points]:
    """One line for each value of the column `group`."""
    lines: dict[str, list[tuple[float, float]]] = {}
    for row in table.rows:
        point = float(row[_column(table, across)]), float(row[_column(table, up)])
        lines.setdefault(str(row[_column(table, group)]), []).append(point)
    return dict(lines)


def _plot(name: str, svg: str, alt: str, explanation: str) -> str:
    (DOCS / "measurements").mkdir(parents=True, exist_ok=True)
    (DOCS / "measurements" / f"{name}.svg").write_text(svg, encoding="utf-8")
    return f"![{alt}](measurements/{name}.svg)\n\n{explanation}\n"


def _growth() -> list[str]:
    """The plots of how the cost grows, as far as there are results."""
    parts = []
    growth, sessions = _tables("growth"), _tables("sessions")
    if growth:
        lines = _lines(growth["pixels"], "Kernel", "Pixels", "CPU, ms")
        svg = chart("Cost and pixels", ("pixels of the picture", "CPU time, ms"), lines, (True, True))
        parts.append(_plot("pixels", svg, "CPU time of a convolution against the pixels", PIXELS))
        lines = _lines(growth["kernels"], "Kind", "Kernel side", "CPU, ms")
        svg = chart(
            "Cost and kernel, 512²", ("side of the kernel, cells", "CPU time, ms"), lines, (False, True)
        )
        parts.append(_plot("kernels", svg, "CPU time of a convolution against the kernel's side", KERNELS))
    if sessions:
        table = sessions["sessions"]
        rows = [row for row in table.rows if str(row[0]).isdigit()]
        lines = {
            name: [(float(row[0]), float(row[_column(table, name)])) for row in rows]
            for name in ("Median, ms", "p95, ms")
        }
        titles = ("visitors, a change a second each", "waiting, ms")
        svg = chart("Waiting and visitors", titles, lines, (False, True))
        parts.append(_plot("visitors", svg, "Waiting against the number of visitors", VISITORS))
    return parts


def _section(name: str, heading: str) -> list[str]:
    """A benchmark's tables with the machine they come from."""
    found = _results(name)
    if not found:
        return []
    header = describe(found["environment"]) if "environment" in found else ""
    if "tables" in found:
        return [f"## {heading}", header, *(Table(**entry).markdown() for entry in found["tables"])]
    written = RESULTS / f"{name}.md"
    if written.exists():
        return [f"## {heading}", written.read_text(encoding="utf-8").partition("\n")[2].strip()]
    rows = [[case, f"{t['median_ms']:.1f}", f"{t['fastest_ms']:.1f}"] for case, t in found["cases"].items()]
    return [f"## {heading}", markdown_table(["Work", "Median, ms", "Fastest, ms"], rows)]


SECTIONS: Sequence[tuple[str, str]] = (
    ("latency", "What a visitor waits for"),
    ("sessions", "A class on one server"),
    ("start", "The start"),
    ("rerun", "A rerun under the profiler"),
    ("engine_start", "The start of a training run"),
    ("class_training", "A slider while a class trains"),
    ("bounds", "What must stay quick"),
    ("training", "Training with every measurement on"),
    ("convnetjs", "Compared with ConvNetJS"),
    ("mnist_accuracy", "Training time until 97 % on MNIST"),
    ("pictures", "Pictures"),
    ("convolve", "Convolution in Python"),
    ("engine_js", "Convolution in the browser, 512²"),
    ("growth", "The figures behind the plots"),
)


def write() -> None:
    """Write the report from the results that exist."""
    parts = [INTRO]
    for name, heading in SECTIONS:
        if name == "growth" and (plots := _growth()):
            parts += ["## How the cost grows", *plots]
        parts += _section(name, heading)
    DOCS.mkdir(exist_ok=True)
    (DOCS / "measurements.md").write_text(
        "\n\n".join(part.strip() for part in parts) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    write()
