"""A slider over numbers whose steps may be uneven, which can hold every legal number besides."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

import numpy as np
import streamlit as st

from cnnviz.ui.kit.controls import Bound, OnChange

__all__ = ["Scale"]


@dataclass(frozen=True)
class Scale(Bound[float | None]):
    """A slider that stops at certain numbers.

    A number between them, from a link or from settings that the page takes over, is one more stop as long as
    it is the value: the control shows what is trained.

    stops:     in rising order.
    low, high: the bounds of all numbers, both included.
    whole:     whether the numbers are whole.
    without:   where None is a value too, its label, after the largest number.
    """

    key: str
    label: str
    stops: tuple[float, ...]
    default: float | None
    low: float
    high: float
    help: str | None = None
    whole: bool = False
    without: str = ""

    def set(self, value: float | None) -> None:
        st.session_state[self.key] = self._text(value)

    def from_link(self, text: str) -> float | None:
        if self.without and text == self.without:
            return None
        number = float(text)
        if not self.low <= number <= self.high or (self.whole and not number.is_integer()):
            kind = "a whole number" if self.whole else "a number"
            raise ValueError(f"{self.label} is {kind} from {self.low:g} to {self.high:g}, not {text}.")
        return int(number) if self.whole else number

    def current_text(self, text: str) -> str:
        """Other ways to write a number become the one of the slider."""
        try:
            return self._text(self.from_link(text))
        except ValueError:
            return text

    def _value(self, held: object) -> float | None:
        try:
            return self.from_link(str(held))
        except ValueError:
            return self.default

    def _text(self, value: float | None) -> str:
        """Without an exponent: 0.00001, not 1e-05."""
        return self.without if value is None else np.format_float_positional(value, trim="-")

    def _labels(self) -> list[str]:
        """What the slider stops at now: with the default, and with the value and that of the link."""
        found = {*self.stops, self.default, self.get()}
        with contextlib.suppress(ValueError):  # a text that has no value here
            found.add(self.from_link(st.query_params.get(self.key, "")))
        numbers = sorted(number for number in found if number is not None)
        return [*map(self._text, numbers), *([self.without] if self.without else [])]

    def draw(self, *, on_change: OnChange = None) -> float | None:
        self._refresh()
        labels, start = self._labels(), self._text(self.default)
        if st.session_state.get(self.key, start) not in labels:
            st.session_state[self.key] = start
        label = st.select_slider(
            self.label,
            labels,
            value=start,
            key=self.key,
            help=self.help,
            bind="query-params",
            on_change=on_change,
        )
        return self._value(label)
