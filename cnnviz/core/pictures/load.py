"""Decode untrusted image bytes into RGB pixels and list every conversion."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnnviz.core.pictures.decode import decode
from cnnviz.core.pictures.formats import SCANS
from cnnviz.core.pictures.formats.scan import Scan, cut_off, damaged
from cnnviz.core.pictures.formats.tiff import exif_orientation
from cnnviz.core.pictures.identify import ImageError, identify
from cnnviz.settings import settings

__all__ = ["GREY_WEIGHTS", "ImageError", "Picture", "grey", "load_image", "resize_to"]

GREY_WEIGHTS = (0.299, 0.587, 0.114)
"""Shares of red, green and blue in the grey value; they add up to 1 (ITU-R BT.601-7, section 2.5.1)."""


MAX_DECODES = 2
"""Files that this process decodes at the same time; the others wait. 24 megapixels take up to 300 MB each."""
_DECODING = threading.BoundedSemaphore(MAX_DECODES)


@dataclass(frozen=True, eq=False)
class Picture:
    """A decoded picture.

    pixels: uint8 (H, W, 3), red, green, blue, read-only, C-contiguous.
    mode:   the file's own pixel format, as Pillow names it: "RGB", "CMYK", "I;16", …
    digest: hex digest of shape and pixels: equal pictures share it, one changed pixel changes it.
    notes:  one short sentence for each conversion of the file's pixels.
    """

    pixels: npt.NDArray[np.uint8]
    mode: str
    digest: str
    notes: tuple[str, ...]

    @classmethod
    def of(cls, pixels: npt.NDArray[np.uint8], mode: str, notes: tuple[str, ...] = ()) -> Picture:
        """A picture of these pixels; they are made contiguous and read-only, and the digest is computed."""
        pixels = np.ascontiguousarray(pixels)
        pixels.flags.writeable = False
        digest = hashlib.blake2b(repr(pixels.shape).encode(), digest_size=16)
        digest.update(pixels.data)
        return cls(pixels, mode, digest.hexdigest(), notes)


def load_image(data: bytes) -> Picture:
    """Read a PNG, JPEG, WebP, GIF, BMP or TIFF file, recognised by its content.

    Parameters
    ----------
    data : bytes
        The file: PNG, JPEG, WebP, GIF, BMP or TIFF, recognised by its content.

    Returns
    -------
    Picture
        `.pixels` uint8 (H, W, 3), `.mode`, `.digest`, and `.notes`, a sentence for each conversion.

    Raises
    ------
    ImageError
        One sentence, for anything that cannot be read.

    Notes
    -----
    The size is checked before anything is decoded (limits: `cnnviz.settings`). The EXIF orientation is
    applied once; transparency is shown on white; palette, 1-bit, CMYK, L*a*b*, 16-bit and decimal pixels
    become 8-bit red, green and blue; only the first frame of an animation is read; `notes` names these.

    At most two files are decoded at once, whatever the threads; others wait.
    Writes to no disk and no log.

    Examples
    --------
    >>> import io
    >>> from PIL import Image
    >>> from cnnviz.core import load_image
    >>> file = io.BytesIO()
    >>> Image.new("L", (3, 2), 200).save(file, "PNG")
    >>> picture = load_image(file.getvalue())
    >>> picture.pixels.shape, picture.pixels[0, 0]
    ((2, 3, 3), array([200, 200, 200], dtype=uint8))
    """
    if not isinstance(data, bytes | bytearray | memoryview):
        raise ImageError(f"A picture is read from bytes, but this is {type(data).__name__}.")
    data = bytes(data)
    if not data:
        raise ImageError("The file is empty.")
    if len(data) > settings.max_upload_mb * 1_000_000:
        raise ImageError(f"The file has {len(data) / 1e6:,.1f} MB; the limit is {settings.max_upload_mb} MB.")
    name = identify(data)
    try:
        with _DECODING:
            return _load(SCANS[name](data, settings.max_pixels))
    except ImageError:
        raise
    except MemoryError:
        raise ImageError(f"The {_display_name(name)} file needs more memory than is available.") from None
    except Exception as error:  # decoders raise all kinds of errors on broken files
        raise (cut_off if "truncated" in str(error) else damaged)(_display_name(name)) from None


def _display_name(name: str) -> str:
    return {"WEBP": "WebP"}.get(name, name)


def _load(scan: Scan) -> Picture:
    pixels, mode, notes = decode(scan, settings.max_pixels)
    turn, orientation_notes = _orientation(scan)
    pixels = _oriented(pixels, turn)
    return Picture.of(pixels, mode, (*_frame_notes(scan), *orientation_notes, *notes, *_colour_notes(scan)))


def _frame_notes(scan: Scan) -> list[str]:
    if scan.frames == 1:
        return [] if scan.frames_exact else ["The first frame is shown."]
    what = "page" if scan.format == "TIFF" else "frame"
    count = f"{scan.frames:,}" if scan.frames_exact else f"at least {scan.frames:,}"
    return [f"The first of {count} {what}s is shown."]


def _colour_notes(scan: Scan) -> list[str]:
    notes = []
    profile = scan.profile or b""
    if profile and b"sRGB" not in profile and "sRGB".encode("utf-16-be") not in profile:
        notes.append("Its colour profile is not applied: the file's own numbers are used.")
    if scan.gamma is not None and abs(scan.gamma - 1 / 2.2) > 0.01:
        notes.append(f"Its gamma value ({scan.gamma:g}) is not applied: the file's own numbers are used.")
    return notes


_TURNS = {
    2: "Mirrored left to right",
    3: "Turned by 180°",
    4: "Mirrored top to bottom",
    5: "Mirrored along its main diagonal",
    6: "Turned by 90° to the right",
    7: "Mirrored along its other diagonal",
    8: "Turned by 90° to the left",
}


def _orientation(scan: Scan) -> tuple[int, list[str]]:
    """The EXIF orientation (1–8), and the sentence about it."""
    turn = scan.orientation or 1
    if scan.exif is not None:
        try:
            turn = exif_orientation(scan.exif)
        except Exception:  # the picture itself may still be good
            return 1, ["Its EXIF notes are damaged and were ignored."]
    if turn in _TURNS:
        return turn, [f"{_TURNS[turn]}, as the camera's EXIF note asks."]
    return 1, []


def _oriented(pixels: npt.NDArray[np.uint8], orientation: int) -> npt.NDArray[np.uint8]:
    """The stored pixels, rotated and mirrored as the orientation says (EXIF 2.32, section 4.6.4, tag 274)."""
    if orientation in (5, 6, 7, 8):
        pixels = pixels.transpose(1, 0, 2)
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    return pixels


def resize_to(picture: Picture, longest: int | None) -> Picture:
    """A copy whose longer side has at most `longest` pixels, to work on; None keeps the picture.

    Parameters
    ----------
    picture : Picture
        The picture.
    longest : int or None
        Pixels of the longer side at most; None keeps the picture.

    Returns
    -------
    Picture
        The copy.

    Notes
    -----
    Never enlarges; keeps the aspect ratio to the nearest pixel, at least one pixel a side. Each new pixel
    is the mean of the area that it covers (Pillow's BOX filter): a filter with negative lobes such as Lanczos
    overshoots at edges, and an edge detector would then show lines that are not in the picture.

    Examples
    --------
    >>> import numpy as np
    >>> from cnnviz.core import Picture, resize_to
    >>> picture = Picture.of(np.zeros((40, 20, 3), np.uint8), "RGB")
    >>> resize_to(picture, 10).pixels.shape
    (10, 5, 3)
    """
    height, width = picture.pixels.shape[:2]
    if longest is None or max(height, width) <= longest:
        return picture
    if longest < 1:
        raise ValueError(f"the longest side must be at least 1 pixel, not {longest}")
    scale = longest / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = Image.fromarray(picture.pixels).resize(size, Image.Resampling.BOX)
    note = f"Reduced from {width}×{height} to {size[0]}×{size[1]}."
    return Picture.of(np.asarray(small), picture.mode, (*picture.notes, note))


def grey(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Grey value Y = 0.299 R + 0.587 G + 0.114 B, not rounded; (H, W, 3) → float32 (H, W), from 0 to 255.

    Parameters
    ----------
    pixels : ndarray of uint8, (H, W, 3)
        Red, green and blue.

    Returns
    -------
    ndarray of float32, (H, W)
        Grey values from 0 to 255.

    Notes
    -----
    This is the luma of ITU-R BT.601-7, section 2.5.1, on the stored (gamma-coded) values.

    Examples
    --------
    >>> import numpy as np
    >>> from cnnviz.core import grey
    >>> grey(np.array([[[255, 0, 0], [0, 255, 0]]], np.uint8)).round(2)
    array([[ 76.24, 149.68]], dtype=float32)
    """
    values: npt.NDArray[np.float32] = pixels.astype(np.float32) @ np.asarray(GREY_WEIGHTS, np.float32)
    return values
