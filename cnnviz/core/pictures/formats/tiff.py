"""Walks TIFF directories, in TIFF pictures and in the EXIF notes of other files, in bounded time."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from math import ceil

from cnnviz.core.pictures.formats.scan import Scan, check_size, cut_off, damaged, unread
from cnnviz.core.pictures.identify import ImageError

ORIENTATION = 274
_SIZES = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    16: 8,
    17: 8,
    18: 8,
}
_INTEGERS = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 13: "I", 16: "Q"}

MAX_PAGES = 1000  # counted; beyond that "at least"
MAX_VALUES = 200_000  # of one number tag: strips of a picture, colours of a palette
MAX_TAGS = 20_000  # tags, strips and tiles of further pages, read before the counting stops
MAX_CELLS = 20_000  # strips or tiles of a page: each one starts a decoder
MAX_CELL = 64_000_000  # bytes of one unpacked tile or strip that the decoder has to hold
# Hidden from Pillow, which would apply or parse them itself (orientation, XMP, IPTC, Photoshop, EXIF, GPS …).
_HIDDEN_TAGS = {ORIENTATION, 330, 700, 33723, 34377, 34665, 34853, 40965, 37724}
_UNUSED = 65_534
_CELLS = {273, 279, 324, 325}


@dataclass(frozen=True)
class Entry:
    """One tag of a directory: where its entry and its values stand in the file."""

    at: int
    type: int
    count: int
    offset: int


@dataclass(frozen=True)
class Directory:
    """One directory (a page of a TIFF, or a block of EXIF notes)."""

    tags: dict[int, Entry]
    next: int


@dataclass(frozen=True)
class Layout:
    """Byte order and width of the offsets: TIFF 6.0, or BigTIFF with 64-bit offsets."""

    order: str
    big: bool
    first: int

    @classmethod
    def of(cls, data: bytes) -> Layout:
        order = {b"II": "<", b"MM": ">"}[data[:2]]
        (magic,) = struct.unpack_from(order + "H", data, 2)
        if magic not in (42, 43):
            raise ValueError("no TIFF header")
        big = magic == 43
        (first,) = struct.unpack_from(order + ("Q" if big else "I"), data, 8 if big else 4)
        return cls(order, big, first)

    def directory(self, data: bytes, at: int) -> Directory:
        """The directory at byte `at`; struct.error where the file ends inside it."""
        head, entry = ("Q", "HHQ") if self.big else ("H", "HHI")
        step, inline = (20, 8) if self.big else (12, 4)
        (count,) = struct.unpack_from(self.order + head, data, at)
        at += struct.calcsize("=" + head)
        if count > 4096:
            raise ValueError("too many tags")
        tags: dict[int, Entry] = {}
        for here in range(at, at + count * step, step):
            tag, kind, values = struct.unpack_from(self.order + entry, data, here)
            offset = here + step - inline
            if values * _SIZES.get(kind, 1) > inline:
                (offset,) = struct.unpack_from(self.order + ("Q" if self.big else "I"), data, offset)
            tags.setdefault(tag, Entry(here, kind, values, offset))
        (following,) = struct.unpack_from(self.order + ("Q" if self.big else "I"), data, at + count * step)
        return Directory(tags, following)

    def numbers(self, data: bytes, entry: Entry | None, default: tuple[int, ...]) -> tuple[int, ...]:
        """The whole numbers of a tag, or the default where it is absent or not of whole numbers."""
        if entry is None or entry.type not in _INTEGERS:
            return default
        if entry.count > MAX_VALUES:
            raise ValueError("too many values")
        return struct.unpack_from(f"{self.order}{entry.count}{_INTEGERS[entry.type]}", data, entry.offset)


def exif_orientation(exif: bytes) -> int:
    """The orientation (EXIF 2.32, section 4.6.4) that EXIF notes ask for; 1 where it says nothing.

    Raises ValueError, KeyError, IndexError or struct.error where the block is damaged.
    """
    exif = exif.removeprefix(b"Exif\0\0")
    layout = Layout.of(exif)
    entry = layout.directory(exif, layout.first).tags.get(ORIENTATION)
    return layout.numbers(exif, entry, (1,))[0]


def scan_tiff(data: bytes, max_pixels: int) -> Scan:
    """TIFF 6.0: a header, then a chain of directories, one a page. Only the first page is read."""
    try:
        layout = Layout.of(data)
        page = layout.directory(data, layout.first)
    except struct.error:
        raise cut_off("TIFF") from None

    def number(tag: int, default: int) -> int:
        return layout.numbers(data, page.tags.get(tag), (default,))[0]

    width, height = number(256, 0), number(257, 0)
    check_size(width, height, "TIFF", max_pixels)
    for tag, entry in page.tags.items():
        if entry.type not in (1, 2, 6, 7) and entry.count > MAX_VALUES and tag not in _HIDDEN_TAGS:
            raise damaged("TIFF")
    bits = layout.numbers(data, page.tags.get(258), (1,))
    samples = number(277, 1)
    if samples > 6:
        raise ImageError(f"This TIFF has {samples} channels; at most 6 can be read.")
    _check_cells(data, layout, page, (width, height), max(bits) * samples)
    kind = _kind(samples, max(bits), decimal=number(339, 1) == 3)
    if number(284, 1) == 2 and samples > 1 and max(bits) > 8:  # Pillow takes the bytes for pixels of 8 bits
        raise unread("TIFF", f"{kind} in separate planes")
    frames, exact = _count_pages(data, layout, page)
    profile = page.tags.get(34675)
    return Scan(
        format="TIFF",
        data=_without_hidden_tags(data, layout, page),
        size=(width, height),
        frames=frames,
        frames_exact=exact,
        orientation=number(ORIENTATION, 1),
        profile=None
        if profile is None
        else data[profile.offset : profile.offset + min(profile.count, 1_000_000)],
        depth=max(bits),
        signed=number(339, 1) == 2,
        white_is_zero=number(262, 1) == 0,
        kind=kind,
    )


def _kind(samples: int, bits: int, *, decimal: bool) -> str:
    """In words, where programs that write TIFFs do make such files and the decoder may not know them."""
    rare = (decimal and (bits != 32 or samples > 1)) or bits in {24, 64} or (bits > 8 and samples > 1)
    if bits not in {8, 16, 24, 32, 64} or not (rare or samples not in {1, 3, 4}):
        return ""
    numbers = f"{bits}-bit {'decimal' if decimal else 'whole'} numbers"
    return f"{samples} channel{'s' if samples > 1 else ''} of {numbers}"


def _check_cells(data: bytes, layout: Layout, page: Directory, size: tuple[int, int], bits: int) -> None:
    """Refuse strips and tiles that do not lie in the file, or that a decoder could not hold."""
    tiled = 324 in page.tags
    width, height = size
    if tiled:
        width = layout.numbers(data, page.tags.get(322), (0,))[0]
        height = layout.numbers(data, page.tags.get(323), (0,))[0]
        if width < 1 or height < 1 or width * height * bits // 8 > MAX_CELL:
            raise damaged("TIFF")
    cells = _check_ends(data, layout, page)
    if not 0 < cells <= MAX_CELLS or cells > ceil(size[0] / width) * size[1] * 6:
        raise damaged("TIFF")


def _check_ends(data: bytes, layout: Layout, page: Directory) -> int:
    """The number of strips or tiles of a page, all of which lie in the file."""
    tiled = 324 in page.tags
    offsets = layout.numbers(data, page.tags.get(324 if tiled else 273), ())
    counts = layout.numbers(data, page.tags.get(325 if tiled else 279), ())
    ends = [at + n for at, n in zip(offsets, counts or (0,) * len(offsets), strict=False)]
    if max(ends, default=0) > len(data):
        raise cut_off("TIFF")
    return len(offsets)


def _count_pages(data: bytes, layout: Layout, page: Directory) -> tuple[int, bool]:
    """How many pages follow one another, and whether all were counted; a chain that loops ends there."""
    seen, tags = {layout.first}, len(page.tags)
    while page.next and page.next not in seen:
        if len(seen) >= MAX_PAGES or tags > MAX_TAGS:
            return len(seen), False
        try:
            following = layout.directory(data, page.next)
            _check_ends(data, layout, following)
        except (struct.error, ValueError):
            raise cut_off("TIFF") from None
        seen.add(page.next)
        tags += len(following.tags) + sum(following.tags[t].count for t in _CELLS & following.tags.keys())
        page = following
    return len(seen), True


def _without_hidden_tags(data: bytes, layout: Layout, page: Directory) -> bytes:
    """The file with the tags that are not part of the picture renamed to an unused number."""
    changed = bytearray(data)
    for tag in _HIDDEN_TAGS & page.tags.keys():
        struct.pack_into(layout.order + "H", changed, page.tags[tag].at, _UNUSED)
    return bytes(changed)
