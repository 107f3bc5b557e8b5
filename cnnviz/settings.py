"""Limits and switches from the environment. The only module that reads it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Settings:
    """What the owner of a server may change without touching code.

    Each field is read from the variable named beside it; an unset or empty one keeps the default.
    """

    max_pixels: int = 24_000_000  # CNNVIZ_MAX_PIXELS: the largest picture taken, in pixels
    max_upload_mb: int = 20  # CNNVIZ_MAX_UPLOAD_MB: the largest file taken, in MB of 1,000,000 bytes

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read every field from `environ` (the process's own by default).

        Raises ValueError, one sentence with the variable and its value, where that is no whole number ≥ 1.
        """
        source = os.environ if environ is None else environ
        given = {
            field.name: _whole_number(name, source[name])
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


settings = Settings.from_env()
