"""The optional compiled engine: the loops of `_loops`, compiled by numba where numba is installed."""

import importlib
import logging
import threading
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np

from cnnviz.core.convolution.job import Array, Bands, Job
from cnnviz.core.convolution.loops import AddTaps, Split, add_taps, split
from cnnviz.core.convolution.scratch import Scratch
from cnnviz.core.convolution.taps import rows_of
from cnnviz.settings import settings

BAND_BYTES = 256 * 1024
"""Output rows of about this size at a time: what is read for them stays in the second-level cache."""

_lock = threading.Lock()
_loops: list[tuple[AddTaps, Split]] = []
_thread: threading.Thread | None = None


@cache
def wanted() -> bool:
    """Whether numba is installed and `CNNVIZ_COMPILED` does not say off. Imports nothing."""
    return settings.compiled != "off" and find_spec("numba") is not None


def ready() -> bool:
    """Whether the loops are compiled. The first call starts that, in the background, and answers False."""
    if _loops:
        return True
    if wanted() and _thread is None:
        start()
    return False


def start() -> None:
    """Begin to compile in a thread of its own, once, while the other engines answer."""
    global _thread  # noqa: PLW0603  one engine for the process
    with _lock:
        if _thread is None:
            _thread = threading.Thread(target=_compile, name="cnnviz-compile", daemon=True)
            _thread.start()


def wait(seconds: float | None = None) -> bool:
    """Start if need be, wait until the loops are compiled, and tell whether they are."""
    if wanted():
        start()
        if _thread is not None:
            _thread.join(seconds)
    return bool(_loops)


def _compile() -> None:
    """Fill `_loops`; where numba fails (a version that does not fit, say), the other engines just go on."""
    try:
        _loops.append(_machine_code())
    except Exception:
        logging.getLogger(__name__).warning("numba could not compile the loops", exc_info=True)


def _machine_code() -> tuple[AddTaps, Split]:
    """The loops, compiled, or loaded from what an earlier process left in numba's cache.

    Of the fast-math liberties only contraction is taken (a · b + c rounded once): the order of the sums,
    NaN and infinity stay as written.
    """
    numba: Any = importlib.import_module("numba")
    single, whole, read_only = numba.float32, numba.int64, {"readonly": True}
    band, places = (numba.types.Array(kind, 1, "C", **read_only) for kind in (single, whole))
    pictures = (numba.types.Array(kind, 2, "C", **read_only) for kind in (single, numba.uint8))
    options = {"nogil": True, "cache": True, "fastmath": {"contract"}}
    adding = numba.void(band, places, band, whole, single[:, ::1])
    splitting = [
        numba.void(picture, places, places, whole, whole, whole, single[:, :, :, ::1]) for picture in pictures
    ]
    return numba.njit(adding, **options)(add_taps), numba.njit(splitting, **options)(split)


class Compiled:
    """Every non-zero tap once, row by row in a compiled loop; float32 only."""

    def __init__(self, job: Job, out: Array, offset: float, scratch: Scratch) -> None:
        self.job, self.out = job, out
        self.bands = Bands(job, offset, scratch)
        weights = job.weights if job.summed else job.weights[:, :, None]
        self.taps = np.argwhere(weights).tolist()
        self.weights = weights[weights != 0].astype(np.float32)
        self.splits = self._can_split()
        self.band_rows = job.outputs[0] if self.bands.in_place else rows_of(BAND_BYTES, self.bands)
        self.places: dict[int, Array] = {}

    def rows(self, first: int, last: int) -> None:
        """Compute output rows first … last."""
        count, pitch, step = last - first, self.bands.pitch, self.job.stride[0]
        if self.bands.in_place:
            band, pitch = self.job.image[first * step :].reshape(-1), pitch * step
        else:
            band = self._split(first, count) if self.splits else self.bands.read(first, count)
            band = band.reshape(-1)
        if count not in self.places:
            self.places[count] = self._places(count)
        _loops[0][0](band, self.places[count], self.weights, pitch, self.out[first:last])

    def _can_split(self) -> bool:
        """Whether the loop reads the picture as it stands: no padding, no offset, channels kept together."""
        image, bands = self.job.image, self.bands
        simple = image.dtype in (np.float32, np.uint8) and image.flags.c_contiguous and image.flags.aligned
        return simple and not any(self.job.pads) and bands.offset == 0 and bands.planes == 1

    def _split(self, first: int, count: int) -> Array:
        """The band for output rows first … first + count, as `Bands.read` would give it."""
        bands, (down, across) = self.bands, self.job.stride
        shape = len(bands.row_phases), len(bands.phases), count + bands.more_rows, bands.pitch
        band = bands.empty(shape)
        picture = self.job.image.reshape(len(self.job.image), -1)
        tops = np.array(bands.row_phases) + first * down
        _loops[0][1](picture, tops, np.array(bands.phases), down, across, bands.group, band)
        return band

    def _places(self, count: int) -> Array:
        """Where each tap starts in the flat picture, or in a flat band for `count` output rows."""
        bands, (reach, across) = self.bands, self.job.dilation
        if bands.in_place:
            places = [ky * reach * bands.pitch + kx * across * bands.group for ky, kx, _ in self.taps]
        else:
            size = (count + bands.more_rows) * bands.pitch
            blocks = len(bands.phases) * bands.planes
            found = [bands.tap(*tap) for tap in self.taps]
            places = [(phase * blocks + block) * size + place for phase, block, place in found]
        return np.array(places, np.int64)
