"""The link is the whole state: values that are no widget, kept in the URL and in the session together.

Widgets bind themselves (:mod:`.controls`). What a component reports (an own kernel, a pinned cell)
goes through :class:`Linked`. Both use the parameter's name as the session key, with a prefix per page.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import streamlit as st

from cnnviz.ui.kit.incoming import LONGEST_VALUE

T = TypeVar("T")
PAGE_IS_FRESH = "_link_page_is_fresh"
SETTLED = 1.0  # seconds after which the browser has certainly taken over what was written to the URL


@dataclass(frozen=True)
class Linked(Generic[T]):
    """One value of the link that no widget owns.

    ``parse`` turns the text of the URL into a value and raises ``ValueError`` for anything else, which then
    counts as the default; it never sees a text of more than LONGEST_VALUE characters, which is none either.
    ``text`` is its inverse. The default is not written to the URL.
    """

    key: str
    default: T
    parse: Callable[[str], T]
    text: Callable[[T], str]

    @property
    def _written(self) -> str:
        return f"_link_{self.key}"

    def get(self) -> T:
        """The current value. The first visit, a link and Back in the browser take it from the URL."""
        in_url = st.query_params.get(self.key)
        if self.key not in st.session_state or self._moved(in_url):
            st.session_state[self.key] = self._parsed(in_url)
        value: T = st.session_state[self.key]
        self._write(value)
        return value

    def set(self, value: T) -> None:
        """Take a new value, in the session and in the URL."""
        st.session_state[self.key] = value
        self._write(value)

    def reset(self) -> None:
        self.set(self.default)

    def _moved(self, in_url: str | None) -> bool:
        """Whether the visitor changed the URL. A page switch drops the parameter, and a message that was
        already on its way when we wrote it still carries the old one: neither counts."""
        written = st.session_state.get(self._written)
        if written is None or in_url == written[0]:
            return False
        if in_url is None and st.session_state.get(PAGE_IS_FRESH, True):
            return False
        return bool(time.monotonic() - written[1] > SETTLED)

    def _parsed(self, text: str | None) -> T:
        if text is None or len(text) > LONGEST_VALUE:
            return self.default
        try:
            return self.parse(text)
        except ValueError:
            return self.default

    def _write(self, value: T) -> None:
        text = None if value == self.default else self.text(value)
        written = st.session_state.get(self._written)
        if written is None or written[0] != text:
            st.session_state[self._written] = (text, time.monotonic())
        if text is None:
            if self.key in st.query_params:
                del st.query_params[self.key]
        elif st.query_params.get(self.key) != text:
            st.query_params[self.key] = text


def enter_page(name: str) -> None:
    """Note which page is being drawn, so that a page switch is told from Back in the browser."""
    st.session_state[PAGE_IS_FRESH] = st.session_state.get("_link_page") != name
    st.session_state["_link_page"] = name


def cell(most: int = 1_000_000) -> Callable[[str], tuple[int, int]]:
    """What reads "row,column" from a link: both from 0 to `most`."""

    def parse(text: str) -> tuple[int, int]:
        row, column = (int(part) for part in text.split(","))
        if not (0 <= row <= most and 0 <= column <= most):
            raise ValueError(f"A row and a column are from 0 to {most}.")
        return row, column

    return parse


def commas(values: tuple[object, ...] | None) -> str:
    """The inverse of :func:`cell`, and of any list of values; nothing for none."""
    return ",".join(map(str, values or ()))
