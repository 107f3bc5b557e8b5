"""The pages that app.py declares, found by running it: a new page is tested without being listed here."""

from __future__ import annotations

import itertools
import runpy
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock, patch

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class AppPage:
    """One ``st.Page(...)`` of app.py. ``path`` stands behind the server's address; "" is the start page."""

    script: str
    title: str
    path: str

    def __str__(self) -> str:
        return self.path or "start"


def _declared(script: str | Path, *, title: str, url_path: str, default: bool = False, **_: Any) -> AppPage:
    file = Path(script)
    name = str(file.relative_to(ROOT) if file.is_absolute() else file)
    return AppPage(name, title, "" if default else url_path)


def pages() -> list[AppPage]:
    """All pages that app.py gives to ``st.navigation``, the start page first."""
    with (
        patch("streamlit.Page", _declared),
        patch("streamlit.navigation", MagicMock()) as navigation,
        patch("streamlit.set_page_config"),
    ):
        runpy.run_path(str(ROOT / "app.py"), run_name="__main__")
    given = navigation.call_args.args[0]
    found = list(itertools.chain(*given.values())) if isinstance(given, dict) else list(given)
    assert found, "app.py declares no page with st.Page(...)."
    return sorted(found, key=lambda page: page.path != "")


PAGES = pages()
