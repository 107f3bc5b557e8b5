"""Any value as a short text for a sentence: on one line and in bounded time, whatever the value."""

from __future__ import annotations

from reprlib import Repr

__all__ = ["short_repr"]

_LONGEST = 40
_SHORT = Repr()
_SHORT.maxlevel, _SHORT.maxstring, _SHORT.maxother = 3, 2 * _LONGEST, 2 * _LONGEST


def short_repr(value: object) -> str:
    """`value` as Python writes it, cut to 40 characters; long or nested values are not written in full."""
    try:
        text = repr(value[: 2 * _LONGEST]) if isinstance(value, str) else _SHORT.repr(value)
    except ValueError:  # a whole number of thousands of digits has no decimal form
        return "such a long number"
    text = " ".join(text.split())  # numpy writes arrays in lines
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}…"
