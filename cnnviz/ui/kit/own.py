"""A choice between named things and one's own, both in the link: kernels of the library, or own numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import streamlit as st

from cnnviz.ui.kit.controls import Choice
from cnnviz.ui.kit.link import Linked, Part

__all__ = ["OWN", "NamedOrOwn", "checked"]

OWN = "own"
T = TypeVar("T")


class NamedOrOwn(Generic[T]):
    """Which one is in use.

    which: the id of a named one, or `OWN`; a menu, or a value that a gallery sets.
    own:   the text of one's own, which stays while a named one is in use.
    named: makes the one of an id.
    read:  makes one's own from its text. ValueError, one sentence, for a text that it cannot read.
    """

    def __init__(
        self,
        which: Choice | Linked[str],
        own: Linked[str],
        named: Callable[[str], T],
        read: Callable[[str], T],
    ) -> None:
        self.which, self.own, self.named, self.read = which, own, named, read

    @property
    def parts(self) -> tuple[Part[Any], ...]:
        return self.which, self.own

    def get(self) -> T:
        """The one in use; draws nothing."""
        name = self.which.get()
        return self.read(self.own.get()) if name == OWN else self.named(name)

    def choose(self, name: str) -> None:
        """Use a named one; in a callback."""
        self.which.set(name)

    def take(self, text: str) -> None:
        """Use one's own; in a callback. A text that cannot be read is not taken, and `problem` says why."""
        try:
            self.read(text)
        except ValueError as error:
            st.session_state[self._problem] = str(error)
            return
        self.own.set(text)
        self.which.set(OWN)

    def problem(self) -> str:
        """Why the last text was not taken, once; else empty."""
        return str(st.session_state.pop(self._problem, ""))

    @property
    def _problem(self) -> str:
        return f"_{self.own.key}_problem"


def checked(read: Callable[[str], object]) -> Callable[[str], str]:
    """Reads a text of the link that `read` can make something of, and leaves it as it is."""

    def parse(text: str) -> str:
        read(text)
        return text

    return parse
