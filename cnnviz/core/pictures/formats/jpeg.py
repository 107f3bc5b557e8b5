"""Reads the segments of a JPEG file before a decoder sees it, and keeps those that make up the picture."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from cnnviz.core.pictures.formats.scan import MAX_PROFILE, MAX_STEPS, Scan, check_size, cut_off, damaged
from cnnviz.core.pictures.identify import ImageError

MAX_SCANS = 40  # real progressive files have about 10; each needs a pass over the whole picture
MAX_SCAN_PIXELS = 300_000_000  # passes × pixels, for the same reason

_SOF = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_SOS, _EOI, _APP0, _APP1, _APP2, _APP14, _COM = 0xDA, 0xD9, 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
# In coded data a byte FF stands before 00 (it is data) or D0–D7 (a restart); else a new segment begins.
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


@dataclass
class _Jpeg:
    """The segments and sizes found so far."""

    kept: list[bytes]
    size: tuple[int, int] | None = None
    precision: int = 8
    scans: int = 0
    exif: bytes | None = None
    profile: bytes | None = None


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """(marker, content, bytes from the marker to the next one) up to the end-of-image marker."""
    at = 2
    for _ in range(MAX_STEPS):
        found = _NEXT_MARKER.search(data, at)
        if found is None:
            raise cut_off("JPEG")
        start, marker = found.end() - 2, data[found.end() - 1]
        if marker == _EOI:
            return
        if found.end() + 2 > len(data):
            raise cut_off("JPEG")
        length = int.from_bytes(data[found.end() : found.end() + 2], "big")
        at = found.end() + length
        if length < 2:
            raise damaged("JPEG")
        if at > len(data):
            raise cut_off("JPEG")
        end = at
        if marker == _SOS:
            after = _NEXT_MARKER.search(data, at)
            if after is None:
                raise cut_off("JPEG")
            end = after.start()
        yield marker, data[found.end() + 2 : at], data[start:end]
    raise ImageError(f"The JPEG file has more than {MAX_STEPS:,} parts, which no ordinary picture has.")


def scan_jpeg(data: bytes, max_pixels: int) -> Scan:
    """ITU-T T.81, annex B: segments of marker, length and content; coded data after each start of a scan."""
    found = _Jpeg(kept=[data[:2]])
    for marker, content, whole in _jpeg_segments(data):
        if marker in _SOF:
            _jpeg_frame(found, content, max_pixels)
        elif marker == _SOS:
            _jpeg_scan(found)
        elif marker == _APP1 and content.startswith(b"Exif\0\0") and found.exif is None:
            found.exif = content[6:]
        elif marker == _APP2 and content.startswith(b"ICC_PROFILE\0"):
            found.profile = (found.profile or b"")[:MAX_PROFILE] + content[14:]
        if _APP0 < marker < _APP14 or marker in (_APP14 + 1, _COM):
            continue
        found.kept.append(whole)
    if found.size is None or not found.scans:
        raise damaged("JPEG")
    found.kept.append(b"\xff\xd9")
    return Scan(
        format="JPEG",
        data=b"".join(found.kept),
        size=found.size,
        exif=found.exif,
        profile=found.profile,
        depth=found.precision,
    )


def _jpeg_frame(found: _Jpeg, content: bytes, max_pixels: int) -> None:
    if found.size is not None or len(content) < 6:
        raise damaged("JPEG")
    found.precision, height, width, channels = struct.unpack_from(">BHHB", content)
    check_size(width, height, "JPEG", max_pixels)
    if found.precision != 8:
        raise ImageError(
            f"This JPEG has {found.precision} bits per channel; only JPEGs with 8 bits can be read."
        )
    if channels not in (1, 3, 4):
        raise ImageError(f"This JPEG has {channels} channels; only those with 1, 3 or 4 can be read.")
    found.size = (width, height)


def _jpeg_scan(found: _Jpeg) -> None:
    if found.size is None:
        raise damaged("JPEG")
    found.scans += 1
    if found.scans > MAX_SCANS or found.scans * found.size[0] * found.size[1] > MAX_SCAN_PIXELS:
        raise ImageError(
            f"This JPEG is coded in {found.scans} or more passes over the picture, "
            "which takes too long to decode; save it as an ordinary JPEG."
        )
