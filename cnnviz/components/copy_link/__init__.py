"""A button that copies the address of this page, settings and all."""

from __future__ import annotations

from cnnviz.components.base import view


def copy_link(*, key: str = "copy_link") -> None:
    """Mount the button; where the browser allows no clipboard (plain http elsewhere) it shows the address."""
    view("copy_link")(key=key, data={"label": "Copy the link"})
