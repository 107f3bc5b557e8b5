"""Walks over the chunks of a WebP file before a decoder sees it."""

from __future__ import annotations

import struct

from cnnviz.core.pictures.formats.scan import MAX_PROFILE, MAX_STEPS, Scan, check_size, cut_off, damaged

__all__ = ["scan_webp"]


def scan_webp(data: bytes, max_pixels: int) -> Scan:
    """RFC 9649: RIFF chunks; the canvas stands in VP8X, else in the one coded frame."""
    end = int.from_bytes(data[4:8], "little") + 8
    if end > len(data) or len(data) < 30:
        raise cut_off("WebP")
    canvas = _webp_canvas(data)
    check_size(*canvas, "WebP", max_pixels)
    notes: dict[bytes, bytes] = {}
    frames, exact, at, first = 0, False, 12, None
    for _ in range(MAX_STEPS):
        if at + 8 > end:
            exact = True
            break
        name, length = struct.unpack_from("<4sI", data, at)
        if name == b"ANMF":
            first = first or _frame(data[at + 8 : at + 20])
            frames += 1
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
        first=first,
    )


def _frame(header: bytes) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a frame of an animation (RFC 9649, section 2.7.1.1)."""
    x, y, w, h = (int.from_bytes(header[at : at + 3], "little") for at in (0, 3, 6, 9))
    return 2 * x, 2 * y, 2 * x + w + 1, 2 * y + h + 1


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
