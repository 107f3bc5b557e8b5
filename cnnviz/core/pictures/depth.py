"""Pixel values wider than 8 bits, scaled to 0–255. A sentence names each rule that is applied."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Levels = npt.NDArray[np.uint8]
_BAND = 1 << 20  # values converted at a time, so that wide intermediate numbers need little memory


def sixteen_bit_levels(values: npt.NDArray[np.uint16], depth: int) -> tuple[Levels, list[str]]:
    """Divide by 257 (65535 / 255) and round to the nearest: 0 → 0, 65535 → 255, nothing is clipped.

    Files of 10 to 15 bits are divided by their own (2^depth − 1) / 255.
    """
    full = (1 << depth) - 1 if 8 < depth < 16 else 65535
    divisor = "257" if full == 65535 else f"{full}/255"
    out = np.empty(values.shape, np.uint8)
    flat, into = values.reshape(-1), out.reshape(-1)
    for start in range(0, flat.size, _BAND):
        wide = np.minimum(flat[start : start + _BAND], full).astype(np.uint32)
        into[start : start + _BAND] = (wide * 255 + full // 2) // full
    return out, [
        f"Its {depth if full != 65535 else 16}-bit grey values were divided by {divisor} and rounded."
    ]


def integer_levels(values: npt.NDArray[np.int32] | npt.NDArray[np.uint32]) -> tuple[Levels, list[str]]:
    """32-bit (or signed 16-bit) whole numbers: divided by 257 where they lie in 0…65535, else stretched."""
    low, high = int(values.min()), int(values.max())
    if low >= 0 and high <= 65535:
        levels, _ = sixteen_bit_levels(values.astype(np.uint16), 16)
        return levels, ["Its whole numbers lie between 0 and 65535; they were divided by 257 and rounded."]
    levels = _stretch(values, low, high)
    return levels, [f"Its whole numbers, from {low:,} to {high:,}, were stretched to 0–255."]


def float_levels(values: npt.NDArray[np.float32]) -> tuple[Levels, list[str]]:
    """Floating-point values: 0…1 is multiplied by 255, 0…255 stays, any other range is stretched to 0–255.

    NaN and −∞ become black, +∞ white; the range is that of the other values.
    """
    finite = np.isfinite(values)
    has_finite = bool(finite.any())
    low = float(values.min(where=finite, initial=np.inf)) if has_finite else 0.0
    high = float(values.max(where=finite, initial=-np.inf)) if has_finite else 0.0
    notes = []
    if low >= 0 and high <= 1:
        levels = _stretch(values, 0, 1)
        notes.append("Its decimal values lie between 0 and 1; they were multiplied by 255 and rounded.")
    elif low >= 0 and high <= 255:
        levels = _stretch(values, 0, 255)
        notes.append("Its decimal values lie between 0 and 255; they were rounded.")
    else:
        levels = _stretch(values, low, high)
        notes.append(f"Its decimal values, from {low:g} to {high:g}, were stretched to 0–255.")
    if not finite.all():
        count = values.size - int(np.count_nonzero(finite))
        notes.append(
            f"{count:,} of its values are not finite numbers: +∞ is shown white, −∞ and “not a number” black."
        )
    return levels, notes


def _stretch(values: npt.NDArray[np.generic], low: float, high: float) -> Levels:
    """round(255 · (v − low) / (high − low)); all 0 where low = high. +∞ → 255, −∞ and NaN → 0."""
    out = np.empty(values.shape, np.uint8)
    flat, into = values.reshape(-1), out.reshape(-1)
    scale = 255.0 / (high - low) if high > low else 0.0
    for start in range(0, flat.size, _BAND):
        wide = flat[start : start + _BAND].astype(np.float64)
        np.nan_to_num(wide, copy=False, nan=low, posinf=high, neginf=low)
        into[start : start + _BAND] = np.rint((wide - low) * scale)
    return out
