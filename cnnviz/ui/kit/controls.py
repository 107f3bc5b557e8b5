"""Controls, declared once as data: key, label, bounds, default. Each draws itself bound to the link.

The key is the URL parameter's name, so it carries a short prefix per page (``f_stride``). Bounds may be
narrowed when a control is drawn; a value from the link or from another setting is then clamped *before* the
widget sees it, because Streamlit would otherwise raise, or fall back to the default.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

OnChange = Callable[[], None] | None


@dataclass(frozen=True)
class Choice:
    """One of a few named options; ``options`` maps the id that the code uses to the label on the page.
    As a slider they stand in their order, for a scale whose steps are uneven.

    Streamlit writes the *label* into the link, so labels are short, and renaming one breaks old links.
    """

    key: str
    label: str
    options: Mapping[str, str]
    default: str
    help: str | None = None
    kind: Literal["segmented", "select", "slider"] = "segmented"

    def get(self) -> str:
        return self._id(st.session_state.get(self.key))

    def set(self, value: str) -> None:
        st.session_state[self.key] = self.options[value]

    def reset(self) -> None:
        self.set(self.default)

    def _id(self, label: object) -> str:
        return next((name for name, title in self.options.items() if title == label), self.default)

    def draw(
        self, *, allowed: Sequence[str] | None = None, disabled: bool = False, on_change: OnChange = None
    ) -> str:
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
            return self._id(st.selectbox(self.label, labels, index=labels.index(fallback), **common))
        if self.kind == "slider":
            return self._id(st.select_slider(self.label, labels, value=fallback, **common))
        return self._id(
            st.segmented_control(
                self.label, labels, default=fallback, required=True, width="stretch", **common
            )
        )


@dataclass(frozen=True)
class Number:
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

    def get(self) -> float:
        return self.legal(st.session_state.get(self.key, self.default))

    def set(self, value: float) -> None:
        st.session_state[self.key] = self.legal(value)

    def reset(self) -> None:
        self.set(self.default)

    def _came_infinite(self) -> bool:
        """Whether the visitor's link had an infinite number here. Streamlit 1.67 cannot make a whole one of
        it, and tries again at every run, so the control is then left out of the link."""
        if self.key not in st.session_state and _infinite(st.query_params.get(self.key, "")):
            st.session_state[f"_{self.key}_infinite"] = True
            del st.query_params[self.key]
        return f"_{self.key}_infinite" in st.session_state

    def draw(
        self,
        *,
        low: float | None = None,
        high: float | None = None,
        disabled: bool = False,
        on_change: OnChange = None,
    ) -> float:
        bind: Literal["query-params"] | None = None if self._came_infinite() else "query-params"
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
            bind=bind,
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
class Switch:
    """On or off."""

    key: str
    label: str
    default: bool = False
    help: str | None = None

    def get(self) -> bool:
        return bool(st.session_state.get(self.key, self.default))

    def set(self, value: bool) -> None:
        st.session_state[self.key] = value

    def reset(self) -> None:
        self.set(self.default)

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


Control = Choice | Number | Switch


def reset_all(controls: Sequence[Control]) -> None:
    """Back to the defaults; call it in a callback, before the widgets are drawn."""
    for control in controls:
        control.reset()


def keep_all(controls: Sequence[Control]) -> None:
    """Let the values of controls that are not drawn now live on; Streamlit would forget them."""
    for control in controls:
        if control.key in st.session_state:
            st.session_state[control.key] = st.session_state[control.key]
