"""Decodes a scanned picture file with Pillow and turns every kind of pixel into 8-bit red, green and blue."""

from __future__ import annotations

import ctypes
import logging
import warnings
from collections.abc import Callable
from io import BytesIO

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms, _imaging

from cnnviz.core.pictures.depth import float_levels, integer_levels, sixteen_bit_levels
from cnnviz.core.pictures.scanned import Scan, check_size

Pixels = npt.NDArray[np.uint8]

# Pillow's debug lines hold pieces of the file, and uploads must not reach a log.
logging.getLogger("PIL").setLevel(logging.CRITICAL)


def _quiet_libtiff() -> None:
    """Turn off libtiff's own lines on standard error, which broken TIFFs would write into a server's log.

    Pillow has no switch for it. Its extension module knows the library, so the symbols are found there; where
    they are not (a build that hides them), the lines stay, and nothing else changes.
    """
    try:
        library = ctypes.CDLL(_imaging.__file__)
        library.TIFFSetErrorHandler(None)
        library.TIFFSetWarningHandler(None)
    except (OSError, AttributeError):
        return


_quiet_libtiff()

_BAND = 1 << 20  # pixels worked on at once, so that wide intermediate numbers stay small in memory


def quiet_pillow() -> None:
    """Turn off the remarks that Pillow's own modules make about odd files.

    `warnings.catch_warnings` swaps a list that all threads share, so it is no use in a server. This adds one
    lasting filter, once. Warnings meant for callers of Pillow (deprecations) name the caller and still show.
    """
    if not any(f[0] == "ignore" and getattr(f[3], "pattern", None) == _PILLOW for f in warnings.filters):
        warnings.filterwarnings("ignore", module=_PILLOW)


_PILLOW = r"PIL\."


def decode(scan: Scan, max_pixels: int) -> tuple[Pixels, str, list[str]]:
    """(H, W, 3) pixels as stored (not turned), the file's own mode, and a sentence for each thing done.

    Raises whatever Pillow raises on a broken file.
    """
    quiet_pillow()
    with Image.open(BytesIO(scan.data), formats=[scan.format]) as image:
        # The decoder's idea of the size counts, should it ever differ from the header's.
        check_size(*image.size, scan.format, max_pixels)
        mode = image.mode
        image.load()
        pixels, notes = _to_rgb(image, scan)
    return pixels, mode, notes


def _to_rgb(image: Image.Image, scan: Scan) -> tuple[Pixels, list[str]]:
    notes = []
    if scan.depth > 8 and image.mode in _EIGHT_BIT:
        notes.append(f"Its {scan.depth} bits per channel were cut to the upper 8.")
    if image.mode in _CONVERSIONS:
        sentence, convert = _CONVERSIONS[image.mode]
        notes.append(sentence)
        return np.asarray(convert(image)), notes
    if image.mode in _ALPHA or (image.mode == "P" and "transparency" in image.info):
        if image.mode in ("P", "PA"):
            notes.append(_PALETTE)
        return _on_white(
            np.asarray(image.convert("LA" if image.mode == "La" else "RGBA").convert("RGBA")), notes
        )
    if image.mode == "P":
        return np.asarray(image.convert("RGB")), [*notes, _PALETTE]
    levels, said = _levels(image, scan)
    return _with_clear_colour(levels, image, scan, notes + said)


_ALPHA = {"RGBA", "LA", "PA", "La", "RGBa"}
_EIGHT_BIT = {"RGB", "RGBA", "LA", "CMYK", "L", "YCbCr"}
_PALETTE = "The colours of its palette were written out as red, green and blue."


def _from_lab(image: Image.Image) -> Image.Image:
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    turned = ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB")
    if turned is None:
        raise OSError("no picture came back from the colour conversion")
    return turned


def _to_rgb_by_pillow(image: Image.Image) -> Image.Image:
    return image.convert("RGB")


_CONVERSIONS: dict[str, tuple[str, Callable[[Image.Image], Image.Image]]] = {
    "CMYK": (
        "Its printing inks (CMYK) were turned into red, green and blue as (255 − ink) × (255 − black) / 255.",
        _to_rgb_by_pillow,
    ),
    "YCbCr": (
        "Its brightness and colour-difference channels (YCbCr) were turned into red, green and blue.",
        _to_rgb_by_pillow,
    ),
    "LAB": ("Its CIE L*a*b* colours were turned into red, green and blue (sRGB).", _from_lab),
}


def _levels(image: Image.Image, scan: Scan) -> tuple[npt.NDArray[np.uint8], list[str]]:
    """8-bit levels (H, W) or (H, W, 3) of a picture without alpha or palette."""
    if image.mode == "1":
        return np.asarray(image.convert("L")), [
            "Its one bit per pixel was written as 0 (black) and 255 (white)."
        ]
    if image.mode.startswith("I;16"):
        values = np.asarray(image)
        if scan.white_is_zero:
            values = np.invert(values)
        return sixteen_bit_levels(values, scan.depth)
    if image.mode == "I":
        values = np.asarray(image)
        return integer_levels(values if scan.signed else values.view(np.uint32))
    if image.mode == "F":
        return float_levels(np.asarray(image))
    if image.mode not in ("L", "RGB"):
        raise OSError(f"unknown mode {image.mode}")
    return np.asarray(image), []


def _on_white(rgba: Pixels, notes: list[str]) -> tuple[Pixels, list[str]]:
    """Composite (H, W, 4) on white: (alpha · colour + (255 − alpha) · 255) / 255, rounded."""
    if rgba[..., 3].min() == 255:
        return np.ascontiguousarray(rgba[..., :3]), notes
    flat = rgba.reshape(-1, 4)
    out = np.empty((len(flat), 3), np.uint8)
    for start in range(0, len(flat), _BAND):
        band = flat[start : start + _BAND].astype(np.uint16)
        alpha = band[:, 3:]
        out[start : start + _BAND] = (band[:, :3] * alpha + 255 * (255 - alpha) + 127) // 255
    return out.reshape(*rgba.shape[:2], 3), [*notes, _WHITE]


_WHITE = "Its transparent parts are shown on white."


def _with_clear_colour(
    levels: Pixels, image: Image.Image, scan: Scan, notes: list[str]
) -> tuple[Pixels, list[str]]:
    """Red, green and blue; pixels of the one colour that the file calls transparent become white."""
    key = image.info.get("transparency")
    rgb = levels if levels.ndim == 3 else np.repeat(levels[..., None], 3, axis=2)
    if levels.ndim == 2 and image.mode == "L":
        notes = [*notes, "Its one grey channel stands in red, green and blue alike."]
    if not isinstance(key, int | tuple):
        return rgb, notes
    deep = image.mode.startswith("I;16")
    clear = np.asarray(image) == key if deep else _matches(levels, key, scan.depth)
    if not clear.any():
        return rgb, notes
    rgb = rgb.copy()
    rgb[clear] = 255
    return rgb, [*notes, _WHITE]


def _matches(levels: Pixels, key: int | tuple[int, ...], depth: int) -> npt.NDArray[np.bool_]:
    """Where the 8-bit levels equal a key that the file gives at its own depth (PNG, section 11.3.2.1)."""
    if depth < 8 and isinstance(key, int) and depth > 1:
        key = key * 255 // ((1 << depth) - 1)
    elif depth == 16:
        key = tuple(k >> 8 for k in key) if isinstance(key, tuple) else key >> 8
    same: npt.NDArray[np.bool_] = levels == np.asarray(key)
    return np.logical_and.reduce(same, axis=2) if same.ndim == 3 else same
