"""OKLab: a colour space in which equal steps look about equally large. Colour maps are built in it.

Formulas and matrices: Björn Ottosson, "A perceptual color space for image processing" (2020). sRGB transfer
function: IEC 61966-2-1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def srgb_to_linear(rgb: ArrayLike) -> Array:
    """sRGB bytes 0 … 255, any shape, to light intensities 0 … 1."""
    value = np.asarray(rgb, dtype=np.float64) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def linear_to_srgb(linear: ArrayLike) -> NDArray[np.uint8]:
    """Light intensities to sRGB bytes, clipped to 0 … 255, rounded half up."""
    value = np.clip(np.asarray(linear, dtype=np.float64), 0, 1)
    encoded = np.where(value <= 0.0031308, 12.92 * value, 1.055 * value ** (1 / 2.4) - 0.055)
    return np.floor(255 * encoded + 0.5).astype(np.uint8)


def linear_to_oklab(linear: ArrayLike) -> Array:
    """Light intensities (..., 3) to OKLab (..., 3): lightness 0 … 1, green–red axis, blue–yellow axis."""
    return np.asarray(np.cbrt(np.asarray(linear, dtype=np.float64) @ _TO_CONES.T) @ _TO_LAB.T)


def oklab_to_linear(lab: ArrayLike) -> Array:
    """The inverse; colours that a screen cannot show come out below 0 or above 1."""
    cones = (np.asarray(lab, dtype=np.float64) @ np.linalg.inv(_TO_LAB).T) ** 3
    return np.asarray(cones @ np.linalg.inv(_TO_CONES).T)


def oklch_to_linear(lightness: ArrayLike, chroma: ArrayLike, hue: ArrayLike) -> Array:
    """Lightness, chroma and hue in degrees (arrays that broadcast) to light intensities (..., 3)."""
    turn = np.radians(np.asarray(hue, dtype=np.float64))
    axes = np.broadcast_arrays(lightness, chroma * np.cos(turn), chroma * np.sin(turn))
    return oklab_to_linear(np.stack(axes, axis=-1))
