"""The outer structure of a picture file, read before any decoder sees it: one module per format.

Each `scan_…` walks the file's chunks or blocks once, in bounded time, and gives a `Scan`: size, number of
frames, the EXIF and colour notes, and the bytes that a decoder needs. Comments, thumbnails and other
metadata of PNG, JPEG and TIFF files are left out of those bytes, so that nothing hidden in them can cost
time or memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from cnnviz.core.pictures.formats.bmp import scan_bmp
from cnnviz.core.pictures.formats.gif import scan_gif
from cnnviz.core.pictures.formats.jpeg import scan_jpeg
from cnnviz.core.pictures.formats.png import scan_png
from cnnviz.core.pictures.formats.scan import Scan
from cnnviz.core.pictures.formats.tiff import scan_tiff
from cnnviz.core.pictures.formats.webp import scan_webp

__all__ = ["SCANS", "Scan"]

SCANS: Mapping[str, Callable[[bytes, int], Scan]] = MappingProxyType(
    {
        "PNG": scan_png,
        "JPEG": scan_jpeg,
        "GIF": scan_gif,
        "WEBP": scan_webp,
        "BMP": scan_bmp,
        "TIFF": scan_tiff,
    }
)
"""The walk over a file's structure, by the format's name as Pillow spells it."""
