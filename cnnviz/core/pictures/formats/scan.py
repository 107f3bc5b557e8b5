"""The result of scanning a file, and the errors for files that cannot be read."""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.core.pictures.identify import ImageError

MAX_STEPS = 100_000  # blocks or chunks of a file: far more than real files have, and still scanned quickly
MAX_PROFILE = 1_000_000  # bytes of an unpacked colour profile


@dataclass(frozen=True)
class Scan:
    """A picture file before decoding."""

    format: str  # as Pillow spells it
    data: bytes  # what the decoder needs
    size: tuple[int, int]  # width, height in pixels, before any turning
    frames: int = 1
    frames_exact: bool = True  # False: counting stopped early, there are at least this many
    exif: bytes | None = None
    orientation: int | None = None  # where the format itself says it (TIFF)
    profile: bytes | None = None  # ICC colour profile
    gamma: float | None = None
    depth: int = 8  # bits per channel in the file
    signed: bool = False  # whole numbers with a sign (TIFF)
    white_is_zero: bool = False  # TIFF's photometric interpretation 0
    first: tuple[int, int, int, int] | None = None  # left, top, right, bottom of the first frame (GIF, WebP)
    kind: str = ""  # its channels in words, where the decoder may not know them (TIFF)
    notes: tuple[str, ...] = ()  # sentences about what is not decoded


def cut_off(name: str) -> ImageError:
    """The error for a file whose end is missing."""
    return ImageError(f"The {name} file is cut off: its end is missing.")


def damaged(name: str) -> ImageError:
    """The error for a file that breaks its format's rules."""
    return ImageError(f"The {name} file is damaged and cannot be read.")


def unread(name: str, kind: str) -> ImageError:
    """The error for a sound file of a kind that is not decoded."""
    return ImageError(f"This kind of {name} ({kind}) is not read here; saved as 8-bit RGB it is.")


def check_size(width: int, height: int, name: str, max_pixels: int) -> None:
    """Refuse an empty picture, and one with more pixels than the limit."""
    if width < 1 or height < 1:
        raise ImageError(
            f"The {name} file says its picture is {width}×{height} pixels: there is nothing to show."
        )
    if width * height > max_pixels:
        amount = f"{width:,}×{height:,} = {_mega(width * height)} megapixels"
        raise ImageError(f"The picture has {amount}; the limit is {_mega(max_pixels)}.")


def _mega(pixels: int) -> str:
    """Megapixels without trailing zeros: 24, 24.1, 225."""
    return f"{pixels / 1e6:,.6f}".rstrip("0").rstrip(".")
