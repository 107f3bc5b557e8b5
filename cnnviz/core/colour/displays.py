"""How values become colours, in one place; the browser's twin is components/shared/maths/colour.js.

For every display t = (v − low) / (high − low), clamped to 0 … 1, and index = floor(t·255 + 0.5), all in
float64 and in this order, so that JavaScript gives the same bytes. "absolute" takes |v| for v. Where
high ≤ low the divisor is 1. NaN and infinities have no index and are shown in the colour NOT_FINITE.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.core.colour.maps import COLOUR_MAPS, ColourMap

__all__ = [
    "COLOUR_MAPS",
    "DISPLAYS",
    "NOT_FINITE",
    "NOT_FINITE_NAME",
    "ROLES",
    "ColourMap",
    "Display",
    "RoleColour",
    "describe",
    "direction_index",
    "direction_to_rgb",
    "format_value",
    "to_index",
    "to_rgb",
    "value_range",
]

NOT_FINITE = (255, 0, 255)
NOT_FINITE_NAME = "magenta"
_TAU = 2 * np.pi


@dataclass(frozen=True)
class Display:
    """A way to map values to the 256 places of a colour map."""

    id: str
    title: str
    about: str


DISPLAYS: Mapping[str, Display] = MappingProxyType(
    {
        display.id: display
        for display in (
            Display(
                "signed",
                "Signed",
                "0 is the middle colour, and the largest |value| is the end on both sides.",
            ),
            Display("absolute", "Absolute value", "The sign is dropped; 0 is the first colour."),
            Display(
                "clip", "Clip to 0–255", "Grey levels as they are; below 0 shows as 0, above 255 as 255."
            ),
            Display("shift", "Add 128", "128 is added, then it is clipped to 0–255; 0 shows as middle grey."),
            Display(
                "stretch", "Stretch", "The smallest value is the first colour and the largest one the last."
            ),
        )
    }
)


@dataclass(frozen=True)
class RoleColour:
    """One role's colour as text or line on the light background #ffffff and on the dark one #10131a."""

    light: str
    dark: str


ROLES: Mapping[str, RoleColour] = MappingProxyType(
    {
        "input": RoleColour("#066cae", "#3f8ffd"),
        "kernel": RoleColour("#7d3a00", "#eda116"),
        "output": RoleColour("#1c7f5c", "#7cf0d4"),
        "gradient": RoleColour("#622363", "#d4588f"),
    }
)


def value_range(values: ArrayLike, display: str) -> tuple[float, float]:
    """(low, high), the range of values that a display shows.

    Parameters
    ----------
    values : array_like
        Values of any shape; NaN and infinities do not count.
    display : str
        A name of `DISPLAYS`.

    Returns
    -------
    (float, float)
        (low, high).

    Raises
    ------
    ValueError
        For a display that does not exist.

    Notes
    -----
    signed (−m, m) and absolute (0, m) with m = max |v|, or 1 where all are 0; clip (0, 255);
    shift (−128, 127); stretch (min v, max v), with high = low + 1 where all are equal. Without any
    finite value the range is that of a single 0.

    Examples
    --------
    >>> from cnnviz.core import value_range
    >>> value_range([-2, 1], "signed")
    (-2.0, 2.0)
    """
    _check_display(display)
    if display == "clip":
        return 0.0, 255.0
    if display == "shift":
        return -128.0, 127.0
    low, high = _extremes(np.asarray(values))
    if display == "stretch":
        return low, high if high > low else low + 1
    most = max(-low, high) or 1.0
    return (-most, most) if display == "signed" else (0.0, most)


def to_index(values: ArrayLike, display: str, low: float, high: float) -> NDArray[np.uint8]:
    """The place 0 … 255 of each value, same shape: floor(t·255 + 0.5), t = (v − low) / (high − low) in 0 … 1.

    Parameters
    ----------
    values : array_like
        Values of any shape.
    display : str
        A name of `DISPLAYS`.
    low : float
        The value of place 0.
    high : float
        The value of place 255.

    Returns
    -------
    ndarray of uint8
        Places, same shape.

    Raises
    ------
    ValueError
        For a display that does not exist.

    Notes
    -----
    "signed" with low = −high puts 0 at exactly 128, the middle of a diverging map; "clip" with 0 and 255
    gives v rounded. Values that are not finite have no place (NaN gives 0 here); to_rgb shows them
    in NOT_FINITE.

    Examples
    --------
    >>> from cnnviz.core import to_index
    >>> to_index([-1, 0, 1], "signed", -1, 1)
    array([  0, 128, 255], dtype=uint8)
    """
    _check_display(display)
    t = np.array(values, dtype=np.float64)
    if display == "absolute":
        np.abs(t, out=t)
    t -= low
    t /= high - low if high > low else 1.0
    # fmax and fmin take the number where the other side is NaN.
    np.fmin(np.fmax(t, 0, out=t), 1, out=t)
    t *= 255
    t += 0.5
    return t.astype(np.uint8)  # which truncates: floor, as t is not negative


def to_rgb(
    values: ArrayLike, display: str, colour_map: str = "grey", range: tuple[float, float] | None = None
) -> NDArray[np.uint8]:
    """Values (H, W) through a colour map, or channels (H, W, 3) as red, green and blue: uint8 (H, W, 3).

    Parameters
    ----------
    values : array_like, (H, W) or (H, W, 3)
        Values, or channels as red, green and blue.
    display : str
        A name of `DISPLAYS`.
    colour_map : str
        A name of `COLOUR_MAPS`.
    range : (float, float), optional
        (low, high), for pictures that share one; `value_range` of the values where it is left out.

    Returns
    -------
    ndarray of uint8, (H, W, 3)
        The picture.

    Raises
    ------
    ValueError
        For other shapes or unknown names.

    Notes
    -----
    Three channels share one range and each index is that channel's brightness, so "signed" shows v as
    floor(128 + 127.5·v/m) and 0 as 128; `colour_map` does not apply to them. `range` (low, high) serves
    pictures that share one; else it is value_range's. A pixel with a value that is not finite is NOT_FINITE.

    Examples
    --------
    >>> from cnnviz.core import to_rgb
    >>> to_rgb([[0, 128, 300]], "clip")[0, :, 0]
    array([  0, 128, 255], dtype=uint8)
    """
    array = np.asarray(values)
    if array.ndim not in {2, 3} or (array.ndim == 3 and array.shape[2] != 3):
        raise ValueError(f"Colours need values of shape (H, W) or (H, W, 3), not {array.shape}.")
    if colour_map not in COLOUR_MAPS:
        raise ValueError(f"There is no colour map {colour_map!r}; there are {', '.join(COLOUR_MAPS)}.")
    low, high = value_range(array, display) if range is None else range
    index = to_index(array, display, low, high)
    rgb = index if array.ndim == 3 else COLOUR_MAPS[colour_map].lut.take(index, axis=0)
    finite = np.isfinite(array)
    if not finite.all():
        rgb[~(finite.all(axis=2) if array.ndim == 3 else finite)] = NOT_FINITE
    return rgb


def direction_index(radians: ArrayLike) -> NDArray[np.uint8]:
    """The place of a direction on a cyclic map: floor(256·f + 0.5) mod 256 with f = θ/2π − floor(θ/2π)."""
    turns = np.asarray(radians, dtype=np.float64) / _TAU
    finite = np.nan_to_num(turns, nan=0.0, posinf=0.0, neginf=0.0)
    return (np.floor((finite - np.floor(finite)) * 256 + 0.5).astype(np.int64) % 256).astype(np.uint8)


def direction_to_rgb(
    radians: ArrayLike, strength: ArrayLike | None = None, high: float | None = None
) -> NDArray[np.uint8]:
    """Directions (H, W) as hue, uint8 (H, W, 3); with `strength` (H, W), weak ones fade to black.

    Parameters
    ----------
    radians : array_like, (H, W)
        Directions.
    strength : array_like, (H, W), optional
        The strength of each.
    high : float, optional
        The strength at full brightness; the largest where it is left out.

    Returns
    -------
    ndarray of uint8, (H, W, 3)
        Red, green and blue.

    Notes
    -----
    colour = floor(hue·(s/255) + 0.5), s = to_index(strength, "absolute", 0, high), so a flat area, which has
    no direction, is black. `high` is the largest strength unless given. Directions that are not
    finite are NOT_FINITE.

    Examples
    --------
    >>> from cnnviz.core import direction_to_rgb
    >>> direction_to_rgb([[0.0, 0.0]], [[0.0, 1.0]])[0, 0]
    array([0, 0, 0], dtype=uint8)
    """
    rgb = COLOUR_MAPS["hue"].lut[direction_index(radians)]
    if strength is not None:
        top = value_range(strength, "absolute")[1] if high is None else high
        share = to_index(strength, "absolute", 0.0, top)[..., None]
        rgb = np.floor(rgb * (share / 255) + 0.5).astype(np.uint8)
    rgb[~np.isfinite(np.asarray(radians, dtype=np.float64))] = NOT_FINITE
    return rgb


def format_value(value: float) -> str:
    """A value as text: up to four significant digits, a real minus sign, never −0."""
    if not np.isfinite(value):
        return "not a finite number"
    text = f"{value:.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return text.replace("-", "−") if float(text) else "0"


def describe(display: str, low: float, high: float, not_finite: int = 0) -> str:
    """The caption beside a picture: one sentence that names the mapping and its range.

    Parameters
    ----------
    display : str
        A name of `DISPLAYS`.
    low : float
        The value that is shown darkest.
    high : float
        The value that is shown brightest.
    not_finite : int
        How many values are NaN or infinite.

    Returns
    -------
    str
        One sentence.

    Examples
    --------
    >>> from cnnviz.core import describe
    >>> describe("clip", 0, 255)
    'Clipped: 0 or less is the darkest, 255 or more the brightest.'
    """
    _check_display(display)
    least, most = format_value(low), format_value(high)
    captions = {
        "signed": f"Signed: {least} to {most}, with 0 in the middle of the colours",
        "absolute": f"Absolute value: {least} to {most}, the sign is not shown",
        "clip": f"Clipped: {least} or less is the darkest, {most} or more the brightest",
        "shift": f"Shifted by 128: {least} or less is the darkest, 0 the middle, {most} or more brightest",
        "stretch": f"Stretched: {least} is the first colour and {most} the last",
    }
    if not not_finite:
        return f"{captions[display]}."
    values = "value is not a finite number" if not_finite == 1 else "values are not finite numbers"
    return f"{captions[display]}; {not_finite} {values} ({NOT_FINITE_NAME})."


def _extremes(array: NDArray[Any]) -> tuple[float, float]:
    """The smallest and the largest finite value; 0 and 0 where there is none."""
    if array.size:
        low, high = float(array.min()), float(array.max())
        if np.isfinite(low) and np.isfinite(high):  # min and max are NaN where a value is
            return low, high
    finite = array[np.isfinite(array)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)


def _check_display(display: str) -> None:
    if display not in DISPLAYS:
        raise ValueError(f"There is no display {display!r}; there are {', '.join(DISPLAYS)}.")
