"""Reads the outer structure of a picture file, before any decoder sees it.

Each `scan_…` walks the file's own chunks or blocks once, in bounded time, and gives a `Scan`: size, number of
frames, the EXIF and colour notes, and the bytes that a decoder needs. Comments, thumbnails and other
passengers of PNG, JPEG and TIFF files are left out of those bytes, so that nothing hidden in them can cost
time or memory.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from cnnviz.core.pictures.formats.jpeg import scan_jpeg
from cnnviz.core.pictures.formats.png import scan_png
from cnnviz.core.pictures.formats.tiff import scan_tiff
from cnnviz.core.pictures.identify import ImageError
from cnnviz.core.pictures.scanned import MAX_PROFILE, MAX_STEPS, Scan, check_size, cut_off, damaged

MAX_RLE_PIXELS, MAX_RLE_BYTES = 2_000_000, 500_000  # Pillow unpacks run-length coded BMPs in Python, slowly


def _gif_colours(flags: int) -> int:
    """Length of the colour table that the flags announce, in bytes."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def scan_gif(data: bytes, max_pixels: int) -> Scan:
    """GIF89a specification: a screen, then blocks; frames are counted by skipping from block to block."""
    if len(data) < 13:
        raise cut_off("GIF")
    screen = struct.unpack_from("<HH", data, 6)
    at = 13 + _gif_colours(data[10])
    frames, exact, width, height = 0, True, *screen
    for _ in range(MAX_STEPS):
        kind = data[at : at + 1]
        if not kind:
            raise cut_off("GIF")
        if kind == b";":
            break
        if kind == b"!":
            at += 2
        elif kind == b",":
            if at + 11 > len(data):
                raise cut_off("GIF")
            x, y, w, h, flags = struct.unpack_from("<HHHHB", data, at + 1)
            if frames == 0:
                width, height = max(width, x + w), max(height, y + h)
                check_size(width, height, "GIF", max_pixels)
            frames += 1
            at += 11 + _gif_colours(flags)
        else:
            raise damaged("GIF")
        at, exact = _gif_skip(data, at)
        if not exact:
            break
    else:
        exact = False
    if not frames:
        raise damaged("GIF")
    return Scan(format="GIF", data=data, size=(width, height), frames=frames, frames_exact=exact)


def _gif_skip(data: bytes, at: int) -> tuple[int, bool]:
    """Where the row of sub-blocks from `at` ends, and whether the walk got that far."""
    for _ in range(MAX_STEPS):
        if at >= len(data):
            raise cut_off("GIF")
        length = data[at]
        at += 1 + length
        if not length:
            return at, True
    return at, False


def scan_webp(data: bytes, max_pixels: int) -> Scan:
    """RFC 9649: RIFF chunks; the canvas stands in VP8X, else in the one coded frame."""
    end = int.from_bytes(data[4:8], "little") + 8
    if end > len(data) or len(data) < 30:
        raise cut_off("WebP")
    canvas = _webp_canvas(data)
    check_size(*canvas, "WebP", max_pixels)
    notes: dict[bytes, bytes] = {}
    frames, exact, at = 0, False, 12
    for _ in range(MAX_STEPS):
        if at + 8 > end:
            exact = True
            break
        name, length = struct.unpack_from("<4sI", data, at)
        frames += name == b"ANMF"
        if name in (b"EXIF", b"ICCP"):
            notes.setdefault(name, data[at + 8 : at + 8 + min(length, MAX_PROFILE)])
        at += 8 + length + (length & 1)
    if at > end + 1:
        raise cut_off("WebP")
    return Scan(
        format="WEBP",
        data=data[:end],
        size=canvas,
        frames=max(1, frames),
        frames_exact=exact,
        exif=notes.get(b"EXIF"),
        profile=notes.get(b"ICCP"),
    )


def _webp_canvas(data: bytes) -> tuple[int, int]:
    name = data[12:16]
    if name == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if name == b"VP8L" and data[20] == 0x2F:
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if name == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise damaged("WebP")


def scan_bmp(data: bytes, max_pixels: int) -> Scan:
    """Windows and OS/2 bitmaps: a file header of 14 bytes, then an information header."""
    if len(data) < 26:
        raise cut_off("BMP")
    start, length = struct.unpack_from("<II", data, 10)
    if length == 12:
        width, height, _, bits = struct.unpack_from("<HHHH", data, 18)
        packing = 0
    else:
        if len(data) < 34:
            raise cut_off("BMP")
        width, height, _, bits, packing = struct.unpack_from("<iiHHI", data, 18)
    width, height = abs(width), abs(height)
    check_size(width, height, "BMP", max_pixels)
    if packing in (1, 2):
        if width * height > MAX_RLE_PIXELS or len(data) > MAX_RLE_BYTES:
            raise ImageError("This run-length coded BMP is too large to unpack quickly; save it as PNG.")
    elif start + (width * bits + 31) // 32 * 4 * height > len(data):
        raise cut_off("BMP")
    return Scan(format="BMP", data=data, size=(width, height), depth=min(bits, 8))


SCANS: dict[str, Callable[[bytes, int], Scan]] = {
    "PNG": scan_png,
    "JPEG": scan_jpeg,
    "GIF": scan_gif,
    "WEBP": scan_webp,
    "BMP": scan_bmp,
    "TIFF": scan_tiff,
}
