"""What concerns the server as a whole. The one place that touches what Streamlit does not document."""

from __future__ import annotations

import base64
from pathlib import Path

from streamlit.runtime.pages_manager import PagesManager

_PNG = base64.b64encode((Path(__file__).resolve().parents[2] / "assets" / "icon.png").read_bytes()).decode()
# As SVG text the icon travels inside the page's own data. As a file it would become a media file, which
# Streamlit drops when a rerun is cut short, while the browser may still be asking for it.
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
    f'<image href="data:image/png;base64,{_PNG}" width="64" height="64"/></svg>'
)


def no_automatic_pages() -> None:
    """Switch off Streamlit's old automatic pages before the first visitor comes.

    They are on wherever a folder ``pages`` exists, until ``st.navigation`` has run once. The first visitor
    after a start who came by a link to a page would then be told "Page not found".
    """
    PagesManager.uses_pages_directory = False
