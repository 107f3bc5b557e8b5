"""All that a page keeps in its link, in one place: reset, keep, the link for given values, and a link opened.

A page's settings declare their controls and linked values, and one :class:`PageState` holds them::

    STATE = PageState("f", CHANNELS, PADDING, PIN, TABS)

What consists of several (a stack of layers, a kernel with its own text) has them as its ``parts``.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any, Protocol, runtime_checkable

import streamlit as st

from cnnviz.ui.kit.link import Linked, Part, rewrite

__all__ = ["OPENED_AT", "PageState", "Part", "Parts"]

OPENED_AT = "_page_opened_at"
"""When the page itself last set its controls: for a moment the browser may still send the old values."""


@runtime_checkable
class Parts(Protocol):
    """What consists of several parts, in the order in which they are read."""

    @property
    def parts(self) -> tuple[Part[Any], ...]: ...


class PageState:
    """The settings of one page.

    prefix: of the page's parameters, without the underscore; its buttons have it in their keys too.
    items:  its parts. A later one may depend on an earlier one, as a network depends on the data set.
    shared: parts that other pages have too, such as the picture: a link sets them, `reset` leaves them.
    """

    def __init__(self, prefix: str, *items: Part[Any] | Parts, shared: tuple[Part[Any], ...] = ()) -> None:
        self.prefix, self.shared, self._items = prefix, shared, items

    @property
    def parts(self) -> Iterator[Part[Any]]:
        """The page's own parts, one by one: a stack's default may depend on the parts before it."""
        for item in self._items:
            yield from item.parts if isinstance(item, Parts) else (item,)

    def part(self, key: str) -> Part[Any]:
        """The part of this link parameter. KeyError where there is none."""
        for part in self.all_parts():
            if part.key == key:
                return part
        raise KeyError(key)

    def reset(self) -> None:
        """All settings back to their defaults; call it in a callback, before the page draws."""
        self.open({})

    def open(self, params: Mapping[str, str]) -> None:
        """As if the visitor had come by a link with these parameters; in a callback, before the page draws.

        What they do not name gets its default, save for what the pages share. KeyError for a parameter that
        this page does not have, ValueError for a text that has no value.
        """
        texts: dict[str, str | None] = {}
        if unknown := set(params) - {part.key for part in self.all_parts()}:
            raise KeyError(f"This page has no parameter {min(unknown)!r}.")
        shared = {part.key for part in self.shared}
        for part in self.all_parts():
            text = params.get(part.key)
            if text is None and part.key in shared:
                continue
            value = part.default if text is None else part.from_link(text)
            part.hold(value)
            texts[part.key] = part.to_link(value)
        rewrite(texts)
        st.session_state[OPENED_AT] = time.monotonic()

    def all_parts(self) -> Iterator[Part[Any]]:
        """The shared parts and the page's own."""
        yield from self.shared
        yield from self.parts

    def keep(self) -> None:
        """Read every linked value, at the start of each run: a page switch takes them out of the link."""
        for part in self.all_parts():
            if isinstance(part, Linked):
                part.get()

    def refresh(self) -> None:
        """Have an older link say what is written today, all of it at once."""
        texts = {}
        for part in self.all_parts():
            text = st.query_params.get(part.key)
            if text is not None and (now := part.current_text(text)) != text:
                texts[part.key] = now
        if texts:
            rewrite(texts)

    def link(self, values: Mapping[str, Any] | None = None) -> dict[str, str]:
        """The parameters of the link for these values, by key; without any, for the values of now."""
        if values is None:
            found = {part.key: part.to_link(part.get()) for part in self.all_parts()}
        else:
            found = {key: self.part(key).to_link(value) for key, value in values.items()}
        return {key: text for key, text in found.items() if text is not None}
