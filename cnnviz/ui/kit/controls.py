"""Controls, declared once as data: key, label, bounds, default. Each draws itself bound to the link.

The key is the URL parameter's name, so it carries a short prefix per page (``f_stride``). Bounds may be
narrowed when a control is drawn; a value from the link or from another setting is then clamped *before* the
widget sees it, because Streamlit would otherwise raise, or fall back to the default.

Each knows how its values are written in a link (`to_link`, `from_link`), and how older links wrote them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

import streamlit as st

from cnnviz.ui.kit.link import Part, rewrite

OnChange = Callable[[], None] | None
T = TypeVar("T")


class Bound(Part[T]):
    """What all controls have in common: the session has their value in the widget's own form."""

    def get(self) -> T:
        """The value; before the control is drawn for the first time, that of the link."""
        if self.key in st.session_state:
            return self._value(st.session_state[self.key])
        text = st.query_params.get(self.key)
        try:
            return self.default if text is None else self.from_link(text)
        except ValueError:
            return self.default

    def _value(self, held: object) -> T:
        """The value that the session holds."""
        raise NotImplementedError

    def _refresh(self) -> None:
        """Have a link that writes this control as older links did say what is written today."""
        text = st.query_params.get(self.key)
        if text is not None and (now := self.current_text(text)) != text:
            rewrite({self.key: now})


@dataclass(frozen=True)
class Choice(Bound[str]):
    """One of a few named options; ``options`` maps the id that the code uses to the label on the page.
    As a slider they stand in their order, for a scale whose steps are uneven.

    Streamlit writes the *label* into the link, so labels are short. A link may also have the id, which never
    changes: it is for links that we write ourselves. Who renames a label leaves the old one in ``aliases``,
    which maps labels of older links to ids.
    """

    key: str
    label: str
    options: Mapping[str, str]
    default: str
    help: str | None = None
    kind: Literal["segmented", "select", "slider"] = "segmented"
    aliases: Mapping[str, str] = field(default_factory=dict)

    def set(self, value: str) -> None:
        st.session_state[self.key] = self.options[value]

    def from_link(self, text: str) -> str:
        label = self.current_text(text)
        if label not in self.options.values():
            raise ValueError(f"{self.label} has no {text!r}.")
        return self._value(label)

    def current_text(self, text: str) -> str:
        """An older label, or an id, becomes the label of today."""
        if text in self.options.values():
            return text
        return self.options.get(self.aliases.get(text, text), text)

    def _value(self, held: object) -> str:
        return next((name for name, title in self.options.items() if title == held), self.default)

    def _text(self, value: str) -> str:
        return self.options[value]

    def draw(
        self, *, allowed: Sequence[str] | None = None, disabled: bool = False, on_change: OnChange = None
    ) -> str:
        self._refresh()
        names = [name for name in self.options if allowed is None or name in allowed]
        labels = [self.options[name] for name in names]
        fallback = self.options[self.default if self.default in names else names[0]]
        if st.session_state.get(self.key, fallback) not in labels:
            st.session_state[self.key] = fallback
        common: dict[str, Any] = {
            "key": self.key,
            "help": self.help,
            "bind": "query-params",
            "disabled": disabled,
            "on_change": on_change,
        }
        if self.kind == "select":
            return self._value(st.selectbox(self.label, labels, index=labels.index(fallback), **common))
        if self.kind == "slider":
            return self._value(st.select_slider(self.label, labels, value=fallback, **common))
        return self._value(
            st.segmented_control(
                self.label, labels, default=fallback, required=True, width="stretch", **common
            )
        )


@dataclass(frozen=True)
class Number(Bound[float]):
    """A whole or decimal number between two bounds, as a slider (few steps) or a number box (many)."""

    key: str
    label: str
    low: float
    high: float
    default: float
    step: float = 1
    help: str | None = None
    kind: Literal["slider", "box"] = "slider"

    @property
    def whole(self) -> bool:
        return all(float(x).is_integer() for x in (self.low, self.step, self.default))

    def legal(self, value: object, low: float | None = None, high: float | None = None) -> float:
        """The nearest legal value: inside the bounds, on a step; the default if it is no number."""
        low = self.low if low is None else max(low, self.low)
        high = self.high if high is None else min(high, self.high)
        number = float(value) if isinstance(value, int | float) and value == value else self.default  # noqa: PLR0124
        number = min(max(number, low), high)
        number = self.low + round((number - self.low) / self.step) * self.step
        number = min(max(number, low), high)
        return round(number) if self.whole else round(number, 10)

    def set(self, value: float) -> None:
        st.session_state[self.key] = self.legal(value)

    def _value(self, held: object) -> float:
        return self.legal(held)

    def _text(self, value: float) -> str:
        return str(self.legal(value))

    def from_link(self, text: str) -> float:
        number = float(text)
        if not self.low <= number <= self.high:
            raise ValueError(f"{self.label} is from {self.low:g} to {self.high:g}, not {text}.")
        return self.legal(number)

    def current_text(self, text: str) -> str | None:
        """None for an infinite number: Streamlit 1.67 cannot make a whole one of it and raises."""
        return None if _infinite(text) else text

    def draw(
        self,
        *,
        low: float | None = None,
        high: float | None = None,
        disabled: bool = False,
        on_change: OnChange = None,
    ) -> float:
        self._refresh()
        kind = int if self.whole else float
        bottom = kind(self.low if low is None else max(low, self.low))
        top = kind(self.high if high is None else min(high, self.high))
        legal = self.legal(st.session_state.get(self.key, self.default), bottom, top)
        if self.key in st.session_state and st.session_state[self.key] != legal:
            st.session_state[self.key] = kind(legal)
        if bottom >= top:  # one legal value: a slider cannot have equal ends
            st.session_state[self.key] = bottom
            st.number_input(self.label, value=bottom, disabled=True, help=self.help, key=f"{self.key}_fixed")
            return bottom
        draw = st.slider if self.kind == "slider" else st.number_input
        value = draw(
            self.label,
            bottom,
            top,
            kind(self.legal(self.default, bottom, top)),  # the value itself would be left out of the link
            kind(self.step),
            key=self.key,
            help=self.help,
            bind="query-params",
            disabled=disabled,
            on_change=on_change,
        )
        return self.legal(value, bottom, top)


def _infinite(text: str) -> bool:
    try:
        return math.isinf(float(text))
    except ValueError:
        return False


@dataclass(frozen=True)
class Switch(Bound[bool]):
    """On or off."""

    key: str
    label: str
    default: bool = False
    help: str | None = None

    def set(self, value: bool) -> None:
        st.session_state[self.key] = value

    def _value(self, held: object) -> bool:
        return bool(held)

    def _text(self, value: bool) -> str:
        return str(value).lower()

    def from_link(self, text: str) -> bool:
        if text not in ("true", "false"):
            raise ValueError(f"{self.label} is true or false.")
        return text == "true"

    def draw(self, *, disabled: bool = False, on_change: OnChange = None) -> bool:
        return bool(
            st.toggle(
                self.label,
                self.default,
                key=self.key,
                help=self.help,
                bind="query-params",
                disabled=disabled,
                on_change=on_change,
            )
        )


@dataclass(frozen=True)
class Tabs(Bound[str]):
    """Tabs of which only the open one is drawn. ``names`` stand on the page and in the link, as the labels of
    a :class:`Choice` do; ``aliases`` maps names of older links to those of today."""

    key: str
    names: tuple[str, ...]
    aliases: Mapping[str, str] = field(default_factory=dict)

    @property
    def default(self) -> str:  # type: ignore[override]
        return self.names[0]

    def set(self, value: str) -> None:
        st.session_state[self.key] = value

    def _value(self, held: object) -> str:
        return str(held)

    def _text(self, value: str) -> str:
        return value

    def from_link(self, text: str) -> str:
        name = self.current_text(text)
        if name not in self.names:
            raise ValueError(f"There is no tab {text!r}.")
        return name

    def current_text(self, text: str) -> str:
        return self.aliases.get(text, text)

    def draw(self, *parts: Callable[[], None]) -> None:
        """The row of tabs, and the one of `parts` that belongs to the open one."""
        self._refresh()
        opened = st.tabs(list(self.names), key=self.key, on_change="rerun", bind="query-params")
        for tab, part in zip(opened, parts, strict=True):
            if tab.open:
                with tab:
                    part()


Control = Choice | Number | Switch | Tabs


def largest(control: Number, fits: Callable[[int], object], low: float | None = None) -> int:
    """The upper bound of a slider of whole numbers: the largest value, from `low` on, that the core takes.

    ``fits(value)`` asks the core, and raises its ValueError for a value it refuses. Where all are refused,
    the bound is `low`, and the page says what the core says.
    """
    values = _values(control, low)
    return next((value for value in reversed(values) if _taken(fits, value)), values[0])


def smallest(control: Number, fits: Callable[[int], object]) -> int:
    """The lower bound of a slider of whole numbers, as `largest` is the upper one."""
    values = _values(control)
    return next((value for value in values if _taken(fits, value)), values[-1])


def _values(control: Number, low: float | None = None) -> range:
    first = int(control.low if low is None else max(low, control.low))
    return range(first, int(control.high) + 1, int(control.step))


def _taken(fits: Callable[[int], object], value: int) -> bool:
    try:
        fits(value)
    except ValueError:
        return False
    return True
