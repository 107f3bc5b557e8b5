"""A button that copies the address of this page, settings and all."""

from __future__ import annotations

from typing import TypedDict

from cnnviz.components.base import view

__all__ = ["CopyLinkData", "copy_link", "link_data"]

WIDTH = 150  # pixels; a row of buttons without room for them goes on below


class CopyLinkData(TypedDict):
    """What the button says."""

    label: str


def link_data() -> CopyLinkData:
    """What the view reads."""
    return {"label": "Copy the link"}


def copy_link(*, key: str = "copy_link") -> None:
    """Mount the button; where the browser allows no clipboard (plain http elsewhere) it shows the address."""
    view("copy_link")(key=key, data=link_data(), width=WIDTH)
