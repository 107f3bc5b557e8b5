"""Identify an image format by its first bytes, never by a file name."""

from __future__ import annotations

import re


class ImageError(ValueError):
    """A picture that cannot be read. The message is one clear sentence for the visitor."""


SUPPORTED = "PNG, JPEG, WebP, GIF, BMP and TIFF pictures can be read"

_PICTURES: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "PNG"),
    (re.compile(rb"\xff\xd8\xff"), "JPEG"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "WEBP"),
    (re.compile(rb"GIF8[79]a"), "GIF"),
    (re.compile(rb"II[*+]\0|MM\0[*+]"), "TIFF"),
    # Two letters alone would match every text that begins with "BM": the header's length must be a known one.
    (re.compile(rb"BM.{12}[\x0c\x10\x28\x34\x38\x40\x6c\x7c]\0\0\0", re.DOTALL), "BMP"),
)

# In this order: the first match names the file. Only the beginning of the file is read.
_OTHERS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"....ftyp(avif|avis)", re.DOTALL), "an AVIF picture"),
    (re.compile(rb"....ftyp(hei|hev|mif1|msf1)", re.DOTALL), "a HEIC picture"),
    (re.compile(rb"....ftyp", re.DOTALL), "an MP4 or QuickTime film"),
    (re.compile(rb"....(moov|mdat|wide|free)", re.DOTALL), "an MP4 or QuickTime film"),
    (re.compile(rb"\x1aE\xdf\xa3"), "a Matroska or WebM film"),
    (re.compile(rb"RIFF....AVI ", re.DOTALL), "an AVI film"),
    (re.compile(rb"RIFF....WAVE|ID3|fLaC|OggS", re.DOTALL), "a sound file"),
    (re.compile(rb"%PDF-"), "a PDF document"),
    (re.compile(rb"%!PS"), "a PostScript document"),
    (re.compile(rb"PK(\x03\x04|\x05\x06|\x07\x08)"), "a ZIP archive or an office document"),
    (re.compile(rb"\x1f\x8b|BZh|\xfd7zXZ\0|7z\xbc\xaf|Rar!"), "a compressed archive"),
    (
        re.compile(rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51|\xff\x0a|\0\0\0\x0cJXL "),
        "a JPEG 2000 or JPEG XL picture",
    ),
    (re.compile(rb"8BPS"), "a Photoshop document"),
    (re.compile(rb"\0\0[\x01\x02]\0(?!\0\0).{5}\0", re.DOTALL), "an icon file"),
    (re.compile(rb"P[1-7]\s"), "a PNM picture"),
    (re.compile(rb"qoif"), "a QOI picture"),
    (re.compile(rb"\x7fELF|MZ"), "a program"),
    (re.compile(rb"\x93NUMPY"), "a NumPy array file"),
    (re.compile(rb"SQLite format 3"), "a database"),
    # TGA has no signature: its kinds of picture and colour table and its bits of a pixel must be possible.
    (
        re.compile(rb".(\0[\x02\x03\x0a\x0b]\0{5}|\x01[\x01\x09]).{4,13}?[\x08\x0f\x10\x18\x20]", re.DOTALL),
        "a TGA (Targa) picture",
    ),
)
_MARKUP: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"<svg[\s>]", re.IGNORECASE), "an SVG drawing"),
    (re.compile(rb"<!doctype html|<html[\s>]|<body[\s>]|<head[\s>]", re.IGNORECASE), "a web page (HTML)"),
    (re.compile(rb"<\?xml", re.IGNORECASE), "an XML document"),
)
_HEAD = 2048


def identify(data: bytes) -> str:
    """The format's name as Pillow spells it; else ImageError that says what the file is."""
    for pattern, name in _PICTURES:
        if pattern.match(data):
            return name
    raise ImageError(f"This is {_describe(data[:_HEAD])}; {SUPPORTED}.")


def _describe(head: bytes) -> str:
    for pattern, name in _OTHERS:
        if pattern.match(head):
            return name
    text = _as_text(head)
    if text is None:
        return "not a picture of a known format"
    for pattern, name in _MARKUP:
        if pattern.search(text):
            return name
    return "a text file"


def _as_text(head: bytes) -> bytes | None:
    """The bytes as UTF-8 where they are text, else None."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.replace(b"\0", b"")
    text = head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="ignore").encode()
    control = sum(byte < 32 and byte not in b"\t\n\f\r" for byte in text)
    return text if not control and len(text) >= 0.97 * len(head) else None
