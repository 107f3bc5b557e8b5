"""Decodes a scanned picture file with Pillow and converts every pixel format to 8-bit red, green and blue."""

from __future__ import annotations

import ctypes
import logging
import warnings
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms, UnidentifiedImageError, _imaging

from cnnviz.core.pictures.depth import float_levels, integer_levels, sixteen_bit_levels
from cnnviz.core.pictures.formats.scan import Scan, check_size, unread

Pixels = npt.NDArray[np.uint8]
Wide = TypeVar("Wide", bound=np.generic)

# Pillow's debug lines hold pieces of the file, and uploads must not reach a log.
logging.getLogger("PIL").setLevel(logging.CRITICAL)


def _silence_libtiff() -> None:
    """Turn off libtiff's own lines on standard error, which broken TIFFs would write into a server's log.

    Pillow has no switch for it. Its extension module links the library, so the symbols are found there; where
    a build hides them, the lines stay.
    """
    try:
        library = ctypes.CDLL(_imaging.__file__)
        library.TIFFSetErrorHandler(None)
        library.TIFFSetWarningHandler(None)
    except (OSError, AttributeError):
        return


_silence_libtiff()

_BAND = 1 << 20  # pixels converted at a time: only Pillow's picture and the result are held as a whole


def silence_pillow() -> None:
    """Turn off the warnings that Pillow's own modules give about unusual files.

    `warnings.catch_warnings` swaps a list that all threads share, so it cannot be used in a server. This adds
    one permanent filter, once. Warnings meant for callers of Pillow (deprecations) name the caller and are
    still shown.
    """
    if not any(f[0] == "ignore" and getattr(f[3], "pattern", None) == _PILLOW for f in warnings.filters):
        warnings.filterwarnings("ignore", module=_PILLOW)


_PILLOW = r"PIL\."


def decode(scan: Scan, max_pixels: int) -> tuple[Pixels, str, list[str]]:
    """(H, W, 3) pixels as stored (not rotated), the file's own mode, and a sentence for each conversion.

    Raises whatever Pillow raises on a broken file.
    """
    silence_pillow()
    with _opened(scan) as image:
        # The decoder's size counts, should it ever differ from the header's.
        check_size(*image.size, scan.format, max_pixels)
        mode = image.mode
        _free_webp_canvases(image)
        image.load()
        pixels, notes = _to_rgb(image, scan)
    return pixels, mode, [*scan.notes, *notes, *_clear_around(pixels, scan.first)]


def _opened(scan: Scan) -> Image.Image:
    try:
        return Image.open(BytesIO(scan.data), formats=[scan.format])
    except UnidentifiedImageError:
        if not scan.kind:
            raise
        raise unread(scan.format, scan.kind) from None


def _clear_around(pixels: Pixels, first: tuple[int, int, int, int] | None) -> list[str]:
    """White where the first frame of an animation leaves the canvas empty; Pillow gives it some colour."""
    height, width = pixels.shape[:2]
    if first is None or (first[0] <= 0 and first[1] <= 0 and first[2] >= width and first[3] >= height):
        return []
    left, top, right, bottom = first
    pixels[:top] = pixels[bottom:] = 255
    pixels[:, :left] = pixels[:, right:] = 255
    return ["Its first frame covers only a part of the picture; the rest is shown white."]


def _free_webp_canvases(image: Image.Image) -> None:
    """Free Pillow's WebP decoder as soon as it has returned the first frame, the only one that is read.

    It holds two pictures of full size, for animations, while Pillow makes two more from them. Where Pillow no
    longer has these attributes, nothing is freed early.
    """
    next_frame = getattr(image, "_get_next", None)
    if next_frame is None or not hasattr(image, "_decoder"):
        return

    def first_frame() -> object:
        frame = next_frame()
        image._decoder = None
        return frame

    image._get_next = first_frame  # type: ignore[attr-defined]


def _to_rgb(image: Image.Image, scan: Scan) -> tuple[Pixels, list[str]]:
    notes = []
    if scan.depth > 8 and image.mode in _EIGHT_BIT:
        notes.append(f"Its {scan.depth} bits per channel were cut to the upper 8.")
    if image.mode in _CONVERSIONS:
        sentence, convert = _CONVERSIONS[image.mode]
        notes.append(sentence)
        return _by_bands(image, (3,), lambda band: np.asarray(convert(band))), notes
    if image.mode in _ALPHA or (image.mode == "P" and "transparency" in image.info):
        if image.mode in ("P", "PA"):
            notes.append(_PALETTE)
        pixels, transparent = _on_white(image)
        return pixels, [*notes, _WHITE] if transparent else notes
    if image.mode == "P":
        return _by_bands(image, (3,), lambda band: np.asarray(band.convert("RGB"))), [*notes, _PALETTE]
    levels, level_notes = _levels(image, scan)
    return _with_transparent_colour(levels, image, scan, notes + level_notes)


def _bands(image: Image.Image) -> Iterator[tuple[slice, Image.Image]]:
    """The picture in bands of whole rows, with their slices: each conversion makes a copy or two."""
    width, height = image.size
    rows = max(1, _BAND // width)
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        yield slice(top, bottom), image.crop((0, top, width, bottom))


def _by_bands(
    image: Image.Image, channels: tuple[int, ...], values: Callable[[Image.Image], Pixels]
) -> Pixels:
    """uint8 (H, W, *channels), each band's by `values`."""
    out = np.empty((image.height, image.width, *channels), np.uint8)
    for rows, band in _bands(image):
        out[rows] = values(band)
    return out


def _read_wide(image: Image.Image, kind: type[Wide]) -> npt.NDArray[Wide]:
    """(H, W) of a picture whose one channel is wider than 8 bits."""
    out = np.empty((image.height, image.width), kind)
    for rows, band in _bands(image):
        out[rows] = np.asarray(band)
    return out


_ALPHA = {"RGBA", "LA", "PA", "La", "RGBa"}
_EIGHT_BIT = {"RGB", "RGBA", "LA", "CMYK", "L", "YCbCr"}
_PALETTE = "The colours of its palette were written out as red, green and blue."


def _from_lab(image: Image.Image) -> Image.Image:
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    converted = ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB")
    if converted is None:
        raise OSError("no picture came back from the colour conversion")
    return converted


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
        return _by_bands(image, (), lambda band: np.asarray(band.convert("L"))), [
            "Its one bit per pixel was written as 0 (black) and 255 (white)."
        ]
    if image.mode.startswith("I;16"):
        values = _read_wide(image, np.uint16)
        if scan.white_is_zero:
            np.invert(values, out=values)
        return sixteen_bit_levels(values, scan.depth)
    if image.mode == "I":
        whole = _read_wide(image, np.int32)
        return integer_levels(whole if scan.signed else whole.view(np.uint32))
    if image.mode == "F":
        return float_levels(_read_wide(image, np.float32))
    if image.mode not in ("L", "RGB"):
        raise OSError(f"unknown mode {image.mode}")
    return _by_bands(image, (3,) if image.mode == "RGB" else (), np.asarray), []


def _on_white(image: Image.Image) -> tuple[Pixels, bool]:
    """On white: (alpha · colour + (255 − alpha) · 255) / 255, rounded. And whether any is transparent."""
    transparent = False
    out = np.empty((image.height, image.width, 3), np.uint8)
    for rows, band in _bands(image):
        rgba = np.asarray(band.convert("LA" if band.mode == "La" else "RGBA").convert("RGBA"))
        if rgba[..., 3].min() == 255:
            out[rows] = rgba[..., :3]
            continue
        transparent = True
        alpha = rgba[..., 3:].astype(np.uint16)
        out[rows] = (rgba[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255
    return out, transparent


_WHITE = "Its transparent parts are shown on white."


def _with_transparent_colour(
    levels: Pixels, image: Image.Image, scan: Scan, notes: list[str]
) -> tuple[Pixels, list[str]]:
    """Red, green and blue; pixels of the one colour that the file calls transparent become white."""
    key = image.info.get("transparency")
    rgb = levels if levels.ndim == 3 else np.repeat(levels[..., None], 3, axis=2)
    if levels.ndim == 2 and image.mode == "L":
        notes = [*notes, "Its one grey channel is used for red, green and blue."]
    if not isinstance(key, int | tuple):
        return rgb, notes
    deep, transparent = image.mode.startswith("I;16"), False
    lower = _lower_bytes(scan) if scan.depth == 16 and isinstance(key, tuple) else None
    for rows, band in _bands(image):
        matches = np.asarray(band) == key if deep else _matches(levels[rows], key, scan.depth)
        if lower is not None and isinstance(key, tuple):
            matches &= _matches(lower[rows], tuple(k & 255 for k in key), 8)
        transparent |= bool(matches.any())
        rgb[rows][matches] = 255
    return rgb, [*notes, _WHITE] if transparent else notes


def _lower_bytes(scan: Scan) -> Pixels:
    """The lower halves of the 16-bit colours of a PNG, of which Pillow keeps the upper ones: it reads them as
    numbers whose bytes stand the other way round."""
    with Image.open(BytesIO(scan.data), formats=["PNG"]) as image:
        image.tile = [tile._replace(args="RGB;16L") for tile in image.tile]
        return np.asarray(image)


def _matches(levels: Pixels, key: int | tuple[int, ...], depth: int) -> npt.NDArray[np.bool_]:
    """Where the 8-bit levels equal a key that the file gives at its own depth (PNG, section 11.3.2.1)."""
    if depth < 8 and isinstance(key, int) and depth > 1:
        key = key * 255 // ((1 << depth) - 1)
    elif depth == 16:
        key = tuple(k >> 8 for k in key) if isinstance(key, tuple) else key >> 8
    same: npt.NDArray[np.bool_] = levels == np.asarray(key)
    return np.logical_and.reduce(same, axis=2) if same.ndim == 3 else same
