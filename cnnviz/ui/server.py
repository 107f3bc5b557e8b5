"""What concerns the server as a whole. The one place that touches what Streamlit does not document."""

from __future__ import annotations

from pathlib import Path

from streamlit.runtime.pages_manager import PagesManager

ICON = str(Path(__file__).resolve().parents[2] / "assets" / "icon.png")


def no_automatic_pages() -> None:
    """Switch off Streamlit's old automatic pages before the first visitor comes.

    They are on wherever a folder ``pages`` exists, until ``st.navigation`` has run once. The first visitor
    after a start who came by a link to a page would then be told "Page not found".
    """
    PagesManager.uses_pages_directory = False
