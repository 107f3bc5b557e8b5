"""A stack as JSON: to read, to save as a file, and to replace by pasted text or a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from cnnviz.core.networks.spec import LONGEST_JSON, NetSpec
from cnnviz.ui.kit.downloads import Download

__all__ = ["Exchange", "read_file"]


def read_file(data: bytes) -> NetSpec:
    """The stack in a file. ValueError, one sentence, for anything else."""
    if len(data) > LONGEST_JSON:
        raise ValueError(f"The file has more than {LONGEST_JSON:,} bytes: too long for a network.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError("This file is not text, so it is not a network as JSON.") from error
    return NetSpec.from_json(text)


@dataclass(frozen=True)
class Exchange:
    """The popover "JSON". `get` gives the stack; `take` gets another one, before the script runs again."""

    key: str
    get: Callable[[], NetSpec]
    take: Callable[[NetSpec], None]

    @property
    def _text(self) -> str:
        return f"{self.key}_text"

    @property
    def _file(self) -> str:
        return f"{self.key}_file"

    @property
    def _problem(self) -> str:
        return f"_{self.key}_problem"

    @property
    def _shown(self) -> str:
        return f"_{self.key}_shown"

    def draw(self) -> None:
        """The button and, while it is open, what is behind it."""
        popover = st.popover("JSON", icon=":material/data_object:", key=self.key, on_change=self._opened)
        if not popover.open:
            return
        with popover, st.container(width=440):
            self._draw_inside()

    def _opened(self) -> None:
        st.session_state.pop(self._problem, None)
        st.session_state.pop(self._shown, None)

    def _draw_inside(self) -> None:
        spec, problem = self.get(), st.session_state.get(self._problem)
        if st.session_state.get(self._shown) != spec:  # changed elsewhere: a refused text is past
            st.session_state[self._shown] = spec
            st.session_state[self._text] = spec.to_json()
            problem = None
        st.text_area(
            "The stack as JSON. Change it or paste another; it takes effect when you leave the field.",
            key=self._text,
            height=260,
            on_change=self._typed,
        )
        if problem:
            st.error(problem, icon=":material/error:")
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            st.file_uploader(
                "Open a file", ["json", "txt"], key=self._file, max_upload_size=1, on_change=self._uploaded
            )
        Download(f"{self.key}_save", "Save as a file", "network.json", spec.to_json()).draw()

    def _typed(self) -> None:
        text = str(st.session_state[self._text])
        self._try(lambda: NetSpec.from_json(text))

    def _uploaded(self) -> None:
        file = st.session_state[self._file]
        if file is not None:
            self._try(lambda: read_file(file.getvalue()))

    def _try(self, read: Callable[[], NetSpec]) -> None:
        """Take what `read` gives; where it gives a sentence instead, keep the old stack and say it."""
        try:
            spec = read()
        except ValueError as error:
            st.session_state[self._problem] = str(error)
            return
        st.session_state.pop(self._problem, None)
        st.session_state.pop(self._shown, None)
        self.take(spec)
