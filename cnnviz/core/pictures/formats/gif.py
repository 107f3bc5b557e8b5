"""Walks over the blocks of a GIF file before a decoder sees it, and counts its frames."""

from __future__ import annotations

import struct

from cnnviz.core.pictures.formats.scan import MAX_STEPS, Scan, check_size, cut_off, damaged

__all__ = ["scan_gif"]


def _colour_table_bytes(flags: int) -> int:
    """Length of the colour table that the flags announce, in bytes."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def scan_gif(data: bytes, max_pixels: int) -> Scan:
    """GIF89a specification: a screen, then blocks; frames are counted by skipping from block to block."""
    if len(data) < 13:
        raise cut_off("GIF")
    screen = struct.unpack_from("<HH", data, 6)
    at = 13 + _colour_table_bytes(data[10])
    frames, exact, width, height = 0, True, *screen
    first = (0, 0, width, height)
    for _ in range(MAX_STEPS):
        kind = data[at : at + 1]
        if kind == b";" or (not kind and frames):  # nobody needs the last byte of a file
            exact = bool(kind) or frames == 1
            break
        if not kind:
            raise cut_off("GIF")
        if kind in (b"!", b"\0"):  # an empty block too many is one that all readers pass over
            at += 2 if kind == b"!" else 0
        elif kind == b",":
            if at + 11 > len(data):
                raise cut_off("GIF")
            x, y, w, h, flags = struct.unpack_from("<HHHHB", data, at + 1)
            if frames == 0:
                width, height = max(width, x + w), max(height, y + h)
                check_size(width, height, "GIF", max_pixels)
                first = (x, y, x + w, y + h)
            frames += 1
            at += 11 + _colour_table_bytes(flags)
        else:
            raise damaged("GIF")
        at, exact = _skip_blocks(data, at)
        if not exact:
            break
    else:
        exact = False
    if not frames:
        raise damaged("GIF")
    return Scan(format="GIF", data=data, size=(width, height), frames=frames, frames_exact=exact, first=first)


def _skip_blocks(data: bytes, at: int) -> tuple[int, bool]:
    """Where the sub-blocks from `at` end, and whether the end was reached."""
    for _ in range(MAX_STEPS):
        if at >= len(data):
            raise cut_off("GIF")
        length = data[at]
        at += 1 + length
        if not length:
            return at, True
    return at, False
