"""A result as a table: written as Markdown for people and as JSON for the report."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks._bench import describe, environment, write_results
from benchmarks._bench import table as markdown_table

PACKAGES = ("streamlit", "numpy", "scipy", "pillow", "plotly", "playwright")


@dataclass(frozen=True)
class Table:
    """``rows`` hold plain numbers and text; ``note`` says what was measured, and how."""

    id: str
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Any]]
    note: str

    def markdown(self) -> str:
        cells = [[_cell(value) for value in row] for row in self.rows]
        return f"### {self.title}\n\n{self.note}\n\n{markdown_table(self.head, cells)}"


def _cell(value: Any) -> str:
    """Two or three significant digits are enough for a time on a busy machine."""
    if not isinstance(value, float):
        return str(value)
    if value != value:  # noqa: PLR0124
        return ""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2g}"


def load() -> float:
    """The load average of the last minute."""
    return round(os.getloadavg()[0], 1)


def save(
    name: str, tables: Sequence[Table], *, where: dict[str, object] | None = None, **versions: str
) -> None:
    """Print the tables, and write them to benchmarks/results as `name`.md and `name`.json.

    where: the environment as it was at the start; `versions` adds those of other programs.
    """
    where = where or environment(PACKAGES)
    listed = where["versions"]
    assert isinstance(listed, dict)
    listed.update(versions)
    header = f"{describe(where)} Load average at the end: {load()}."
    markdown = "\n\n".join([header, *(table.markdown() for table in tables)])
    write_results(name, {"environment": where, "tables": [asdict(table) for table in tables]}, markdown)
