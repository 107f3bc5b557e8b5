"""Files to take away, and the link: one row of buttons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

import streamlit as st

from cnnviz.components.copy_link import copy_link

__all__ = ["Download", "downloads"]

MIMES = {
    ".png": "image/png",
    ".gif": "image/gif",
    ".json": "application/json",
    ".py": "text/x-python",
}


@dataclass(frozen=True)
class Download:
    """One file. Bytes that take time to make are given as a function, which is called at the click."""

    key: str
    label: str
    file: str
    data: bytes | str | Callable[[], bytes | str]
    icon: str = "download"

    def draw(self) -> None:
        st.download_button(
            self.label,
            self.data,
            self.file,
            MIMES.get(PurePath(self.file).suffix, "application/octet-stream"),
            on_click="ignore",
            icon=f":material/{self.icon}:",
            key=self.key,
        )


def downloads(*files: Download, link: str) -> None:
    """The files and, with this key, the button that copies the link."""
    with st.container(horizontal=True, vertical_alignment="center"):
        for file in files:
            file.draw()
        copy_link(key=link)
