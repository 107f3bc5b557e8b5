"""Limits and switches from the environment. The only module that reads it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Settings:
    """What the owner of a server may change without touching code.

    Each field is read from the variable named beside it; an unset or empty one keeps the default.
    """

    max_pixels: int = 24_000_000  # CNNVIZ_MAX_PIXELS: the largest picture taken, in pixels
    max_upload_mb: int = 20  # CNNVIZ_MAX_UPLOAD_MB: the largest file taken, in MB of 1,000,000 bytes
    compiled: str = "auto"  # CNNVIZ_COMPILED: auto uses numba where it is installed, off never does

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read every field from `environ` (the process's own by default).

        Raises ValueError, one sentence with the variable and its value, where that is no whole number ≥ 1
        or, for a switch, none of its words.
        """
        source = os.environ if environ is None else environ
        given: dict[str, Any] = {
            field.name: _SWITCHES.get(field.name, _whole_number)(name, source[name])
            for field in fields(cls)
            if source.get(name := f"CNNVIZ_{field.name.upper()}", "").strip()
        }
        return cls(**given)


def _whole_number(name: str, text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value < 1:
        raise ValueError(f"{name} must be a whole number of at least 1, but it is {text!r}.")
    return value


def _auto_or_off(name: str, text: str) -> str:
    word = text.strip().lower()
    if word not in ("auto", "off"):
        raise ValueError(f'{name} must be "auto" or "off", but it is {text!r}.')
    return word


_SWITCHES = {"compiled": _auto_or_off}

settings = Settings.from_env()
