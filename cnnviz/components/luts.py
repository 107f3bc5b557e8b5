"""Colour tables for the browser: 768 bytes each (256 × RGB), as base64 text."""

from __future__ import annotations

from functools import cache
from typing import TypedDict

from cnnviz.components.packing import packed
from cnnviz.core.colour.displays import COLOUR_MAPS

# The diverging map whose middle is the page's own background, by theme.
SIGNED_MAPS = {"light": "blue_orange", "dark": "blue_orange_dark"}


class ThemedLut(TypedDict):
    """A colour table for each theme."""

    light: str
    dark: str


class StandardLuts(TypedDict):
    """Tables of views that show maps of both signs, maps without negative values, and pictures."""

    signed: ThemedLut
    plain: str
    grey: str


@cache
def lut_text(colour_map: str) -> str:
    """The table of one colour map of :data:`cnnviz.core.colour.displays.COLOUR_MAPS`.

    :raises ValueError: for a map that does not exist.
    """
    if colour_map not in COLOUR_MAPS:
        raise ValueError(f"There is no colour map {colour_map!r}; there are {', '.join(COLOUR_MAPS)}.")
    return packed(COLOUR_MAPS[colour_map].lut)


def themed_lut(colour_map: str | None) -> ThemedLut:
    """The map asked for in both, or each theme's own diverging map."""
    light, dark = (lut_text(colour_map or default) for default in SIGNED_MAPS.values())
    return {"light": light, "dark": dark}


def standard_luts() -> StandardLuts:
    """The theme's diverging map, "ink", and "grey"."""
    return {"signed": themed_lut(None), "plain": lut_text("ink"), "grey": lut_text("grey")}
