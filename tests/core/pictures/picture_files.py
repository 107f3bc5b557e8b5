"""Picture files for the tests: pixels, and ways to write them."""

import io
import struct
import zlib

import numpy as np
from PIL import Image

RNG = np.random.default_rng(1)
COLOURS = RNG.integers(0, 256, (37, 53, 3), dtype=np.uint8)
GREYS = RNG.integers(0, 256, (37, 53), dtype=np.uint8)
LOSSLESS = [
    ("PNG", {}),
    ("BMP", {}),
    ("WEBP", {"lossless": True}),
    ("TIFF", {}),
    ("TIFF", {"compression": "tiff_lzw"}),
]


def encode(image, format="PNG", **options) -> bytes:
    """The bytes of a picture (an array or a PIL image) in a format."""
    image = image if isinstance(image, Image.Image) else Image.fromarray(image)
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def png_chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def raw_png(width, height, depth, kind, rows: bytes, *extra: bytes) -> bytes:
    """A PNG from filtered rows, for kinds that Pillow cannot write."""
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0))
    body = png_chunk(b"IDAT", zlib.compress(rows)) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(extra) + body


def oriented(format, orientation) -> bytes:
    exif = Image.Exif()
    exif[274] = orientation
    options = {"lossless": True} if format == "WEBP" else {}
    return encode(COLOURS, format, exif=exif, **options)
