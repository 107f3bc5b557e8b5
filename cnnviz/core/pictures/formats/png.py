"""Reads the chunks of a PNG file before a decoder sees it, and keeps those that make up the picture."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from cnnviz.core.pictures.formats.scan import MAX_PROFILE, MAX_STEPS, Scan, check_size, cut_off, damaged
from cnnviz.core.pictures.identify import ImageError

_PICTURE_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """(name, content, whole chunk) of every chunk up to IEND; checks the checksums of those that are kept."""
    at = 8
    for _ in range(MAX_STEPS):
        if at + 12 > len(data):
            raise cut_off("PNG")
        length, name = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if not name.isalpha():
            raise damaged("PNG")
        if end > len(data):
            raise cut_off("PNG")
        content = data[at + 8 : end - 4]
        if (
            name in _PICTURE_CHUNKS
            and zlib.crc32(name + content) != struct.unpack_from(">I", data, end - 4)[0]
        ):
            raise damaged("PNG")
        yield name, content, data[at:end]
        if name == b"IEND":
            return
        at = end
    raise ImageError(f"The PNG file has more than {MAX_STEPS:,} parts, which no ordinary picture has.")


def scan_png(data: bytes, max_pixels: int) -> Scan:
    """Portable Network Graphics, third edition, section 5: a signature, then chunks."""
    first: dict[bytes, bytes] = {}
    chunks, rows, unpacked = [data[:8]], 0, _Unpacked()
    for name, content, chunk in _png_chunks(data):
        if not first and name != b"IHDR":
            raise damaged("PNG")
        if name == b"IHDR":
            if b"IHDR" in first or len(content) != 13:
                raise damaged("PNG")
            width, height = struct.unpack_from(">II", content)
            check_size(width, height, "PNG", max_pixels)
        if name in _PICTURE_CHUNKS:
            chunks.append(chunk)
        first.setdefault(name, content if name != b"IDAT" else b"")
        rows += unpacked.count(content) if name == b"IDAT" else 0
    if b"IDAT" not in first:
        raise damaged("PNG")
    header = first[b"IHDR"]
    if rows < _bytes_of_rows(header):
        raise cut_off("PNG")
    frames = struct.unpack_from(">I", first[b"acTL"])[0] if len(first.get(b"acTL", b"")) >= 8 else 1
    notes: tuple[str, ...] = ()
    names = list(first)
    if b"acTL" in first and (b"fcTL" not in first or names.index(b"fcTL") > names.index(b"IDAT")):
        notes = ("Its still picture is shown, which is no part of its animation.",)
        frames = 1
    return Scan(
        format="PNG",
        data=b"".join(chunks),
        size=struct.unpack_from(">II", header),
        frames=max(1, frames),
        exif=first.get(b"eXIf"),
        profile=_png_profile(first.get(b"iCCP")),
        gamma=_png_gamma(first),
        depth=header[8],
        notes=notes,
    )


class _Unpacked:
    """Counts the bytes that the picture's data unpack to, without holding them."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj()

    def count(self, content: bytes) -> int:
        """Of one chunk more. Where the data are damaged, the decoder will say so: they count as enough."""
        total = 0
        try:
            while content and not self._stream.eof:
                total += len(self._stream.decompress(content, _PIECE))
                content = self._stream.unconsumed_tail
        except zlib.error:
            return 1 << 62
        return total


_PIECE = 1 << 18  # bytes unpacked at once
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
# Adam7: first column and row of each pass, and its steps (PNG, section 8.2).
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def _bytes_of_rows(header: bytes) -> int:
    """Bytes of all rows with their filter bytes (PNG, section 9.2)."""
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    bits = depth * _CHANNELS.get(colour, 1)
    passes = _PASSES if interlaced else ((0, 0, 1, 1),)
    sizes = ((-(-(width - x) // dx), -(-(height - y) // dy)) for x, y, dx, dy in passes)
    return sum(h * (1 + -(-w * bits // 8)) for w, h in sizes if w > 0 and h > 0)


def _png_gamma(first: dict[bytes, bytes]) -> float | None:
    content = first.get(b"gAMA", b"")
    if b"sRGB" in first or b"iCCP" in first or len(content) < 4:
        return None
    return int.from_bytes(content[:4], "big") / 100_000


def _png_profile(content: bytes | None) -> bytes | None:
    if content is None:
        return None
    _, _, packed = content.partition(b"\0")
    try:
        return zlib.decompressobj().decompress(packed[1:], MAX_PROFILE)
    except zlib.error:
        return b""
