"""The pages that app.py declares, read from its own text: a new page is tested without being listed here."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class AppPage:
    """One ``st.Page(...)`` of app.py. ``path`` stands behind the server's address; "" is the start page."""

    script: str
    title: str
    path: str

    def __str__(self) -> str:
        return self.path or "start"


def _page(call: ast.Call) -> AppPage:
    given = {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords}
    script = ast.literal_eval(call.args[0])
    path = "" if given.get("default") else given.get("url_path", Path(script).stem)
    return AppPage(script, given["title"], path)


def pages() -> list[AppPage]:
    """All of them, in the order of app.py. Their arguments have to be written out as literals there."""
    tree = ast.parse((ROOT / "app.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    found = [_page(c) for c in calls if isinstance(c.func, ast.Attribute) and c.func.attr == "Page"]
    assert found, "app.py declares no page with st.Page(...)."
    return sorted(found, key=lambda page: page.path != "")


PAGES = pages()
