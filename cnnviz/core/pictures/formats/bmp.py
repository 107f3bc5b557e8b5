"""Reads the headers of a BMP file before a decoder sees it."""

from __future__ import annotations

import struct

from cnnviz.core.pictures.formats.scan import Scan, check_size, cut_off
from cnnviz.core.pictures.identify import ImageError

__all__ = ["scan_bmp"]

MAX_RLE_PIXELS, MAX_RLE_BYTES = 2_000_000, 500_000  # Pillow unpacks run-length coded BMPs in Python, slowly


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
