"""The link is the whole state: values that are no widget, kept in the URL and in the session together.

Widgets bind themselves (:mod:`.controls`). What a component reports (an own kernel, a pinned cell)
goes through :class:`Linked`. Both use the parameter's name as the session key, with a prefix per page.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from cnnviz.ui.kit.incoming import LONGEST_VALUE

T = TypeVar("T")
PAGE_IS_FRESH = "_link_page_is_fresh"
SETTLED = 1.0  # seconds after which the browser has certainly taken over what was written to the URL


class Part(Generic[T]):
    """A value that a page keeps: one parameter of the link, which is also its key in the session."""

    key: str
    default: T

    def get(self) -> T:
        """The value of now."""
        raise NotImplementedError

    def set(self, value: T) -> None:
        """Take a value, in a callback or before it is drawn."""
        raise NotImplementedError

    def hold(self, value: T) -> None:
        """Take a value in the session alone: whoever calls this writes the link, see `rewrite`."""
        self.set(value)

    def reset(self) -> None:
        """Back to the default."""
        self.set(self.default)

    def from_link(self, text: str) -> T:
        """The value of a text of the link. ValueError where it has none."""
        raise NotImplementedError

    def to_link(self, value: T) -> str | None:
        """The text of a value in the link; None for the default, which is not written there."""
        return None if value == self.default else self._text(value)

    def current_text(self, text: str) -> str | None:
        """A text of a link as it is written today; None where the parameter is better left out."""
        return text

    def _text(self, value: T) -> str:
        raise NotImplementedError


@dataclass(frozen=True)
class Linked(Part[T]):
    """One value of the link that no widget owns.

    ``parse`` turns the text of the URL into a value and raises ``ValueError`` for anything else, which then
    counts as the default. A text of more than LONGEST_VALUE characters counts as the default without parsing.
    ``text`` is its inverse. The default is not written to the URL. ``aliases`` maps texts of older links to
    those of today.
    """

    key: str
    default: T
    parse: Callable[[str], T]
    text: Callable[[T], str]
    aliases: Mapping[str, str] | None = None

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

    def hold(self, value: T) -> None:
        st.session_state[self.key] = value
        st.session_state[self._written] = (self.to_link(value), time.monotonic())

    def from_link(self, text: str) -> T:
        if len(text) > LONGEST_VALUE:
            raise ValueError(f"A value of a link has at most {LONGEST_VALUE:,} characters.")
        return self.parse(self.current_text(text))

    def current_text(self, text: str) -> str:
        return (self.aliases or {}).get(text, text)

    def _text(self, value: T) -> str:
        return self.text(value)

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
        if text is None:
            return self.default
        try:
            return self.from_link(text)
        except ValueError:
            return self.default

    def _write(self, value: T) -> None:
        text = self.to_link(value)
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


def rewrite(texts: Mapping[str, str | None]) -> None:
    """Make the link say this, as if the visitor had come by such a link; None takes a parameter out.

    In one message, which is one step of the browser's Back, and also for parameters of widgets that are drawn
    now. `st.query_params` refuses those, and a widget that is drawn for the first time would still take its
    value from the link that the browser sent.
    """
    context = get_script_run_ctx()
    if context is None:
        return
    with context.session_state.query_params() as params:
        before = params.to_dict()
        for key, text in texts.items():
            if text is None:
                params.discard_param_no_forward_msg(key)
            else:
                params.set_with_no_forward_msg(key, text)
        if params.to_dict() != before:
            params.update({})  # sends the message
        params.set_initial_query_params_from_current()
