"""The colour maps, each built by a formula in OKLab; no table is copied from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.colour.oklab import linear_to_srgb, oklch_to_linear

Lut = NDArray[np.uint8]
MapKind = Literal["diverging", "sequential", "grey", "cyclic"]
# Index 128 is where a signed value of exactly 0 lands, so it is the middle of a diverging map.
MIDDLE = 128


@dataclass(frozen=True)
class ColourMap:
    """256 colours, uint8 (256, 3), read-only, for the indices 0 … 255, and what they are for."""

    id: str
    title: str
    kind: MapKind
    lut: Lut
    about: str


def _to_lut(linear: NDArray[np.float64]) -> Lut:
    if linear.min() < -0.01 or linear.max() > 1.01:
        raise ValueError(f"No screen can show this map: {linear.min():.3f} to {linear.max():.3f}.")
    lut = linear_to_srgb(linear)
    lut.flags.writeable = False
    return lut


def _diverging(middle: float, end: float, chroma: float, hues: tuple[float, float]) -> Lut:
    """Lightness goes evenly from `middle` at index 128 to `end` on both sides, chroma from 0 to `chroma`.

    s = (i − 128) / 128 below and (i − 128) / 127 above the middle; L = middle + (end − middle)·|s|;
    C = chroma·|s|; the hue is the first one where s < 0 and the second one where s > 0.
    """
    index = np.arange(256) - float(MIDDLE)
    s = np.where(index < 0, index / 128, index / 127)
    hue = np.where(s < 0, hues[0], hues[1])
    return _to_lut(oklch_to_linear(middle + (end - middle) * np.abs(s), chroma * np.abs(s), hue))


def _sequential(lightness: tuple[float, float], chroma: tuple[float, ...], hue: tuple[float, float]) -> Lut:
    """Lightness and hue go evenly from the first to the last index; chroma runs through the given values."""
    t = np.linspace(0, 1, 256)
    along = np.interp(t, np.linspace(0, 1, len(chroma)), chroma)
    turned = hue[0] + (hue[1] - hue[0]) * t
    return _to_lut(oklch_to_linear(lightness[0] + (lightness[1] - lightness[0]) * t, along, turned))


def _cyclic(lightness: float, chroma: float, start: float) -> Lut:
    """One turn of hue at one lightness and chroma; index 256 would be index 0 again."""
    return _to_lut(oklch_to_linear(lightness, chroma, start + np.arange(256) * 360 / 256))


def _grey() -> Lut:
    lut = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    lut.flags.writeable = False
    return lut


_ENTRIES = (
    ColourMap(
        "grey", "Grey", "grey", _grey(), "The index is the grey level itself: 0 is black and 255 is white."
    ),
    ColourMap(
        "blue_orange",
        "Blue – white – orange",
        "diverging",
        _diverging(0.97, 0.56, 0.13, (255, 58)),
        "Blue below 0, near-white at 0 and orange above; both sides darken equally, and colour-blind people "
        "can tell them apart.",
    ),
    ColourMap(
        "blue_orange_dark",
        "Blue – black – orange",
        "diverging",
        _diverging(0.16, 0.76, 0.125, (250, 65)),
        "Blue below 0, near-black at 0 and orange above, for dark rooms and the dark theme.",
    ),
    ColourMap(
        "ink",
        "Ink – teal – yellow",
        "sequential",
        _sequential((0.16, 0.94), (0.05, 0.075, 0.08, 0.095, 0.11, 0.09), (275, 95)),
        "From dark blue through teal to yellow in even steps of lightness.",
    ),
    ColourMap(
        "ember",
        "Plum – red – cream",
        "sequential",
        _sequential((0.14, 0.96), (0.04, 0.12, 0.16, 0.15, 0.11, 0.05), (-50, 92)),
        "From dark plum through red to cream in even steps of lightness.",
    ),
    ColourMap(
        "hue",
        "Hue wheel",
        "cyclic",
        _cyclic(0.74, 0.12, 25),
        "One turn of hue at the same lightness and strength, for directions, which have no first or last.",
    ),
)

COLOUR_MAPS: Mapping[str, ColourMap] = MappingProxyType({entry.id: entry for entry in _ENTRIES})
