"""The optional compiled engine: the loop of `_loops`, compiled by numba where numba is installed."""

import importlib
import logging
import threading
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np

from cnnviz.core._job import Array, Bands, Job
from cnnviz.core._loops import AddTaps, add_taps
from cnnviz.core._scratch import Scratch
from cnnviz.core._taps import rows_of
from cnnviz.settings import settings

STEPS = (1, 2)
"""Column strides with a loop of their own; a larger stride's columns are picked out before the loop."""

BAND_BYTES = 128 * 1024

_lock = threading.Lock()
_loops: dict[int, AddTaps] = {}
_thread: threading.Thread | None = None


@cache
def wanted() -> bool:
    """Whether numba is installed and `CNNVIZ_COMPILED` does not say off. Imports nothing."""
    return settings.compiled != "off" and find_spec("numba") is not None


def ready() -> bool:
    """Whether the loops are compiled. The first call starts that, in the background, and answers False."""
    if len(_loops) == len(STEPS):
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
    return len(_loops) == len(STEPS)


def _compile() -> None:
    """Fill `_loops`; where numba fails (a version that does not fit, say), the other engines just go on."""
    try:
        _loops.update(_machine_code())
    except Exception:
        logging.getLogger(__name__).warning("numba could not compile the loops", exc_info=True)


def _machine_code() -> dict[int, AddTaps]:
    """The loops, compiled, or loaded from what an earlier process left in numba's cache.

    Of the fast-math liberties only contraction is taken (a · b + c rounded once): the order of the sums,
    NaN and infinity stay as written.
    """
    numba: Any = importlib.import_module("numba")
    single, whole = numba.float32, numba.int64
    band = numba.types.Array(single, 1, "C", readonly=True)
    places = numba.types.Array(whole, 1, "C", readonly=True)
    signature = numba.void(band, places, band, whole, single[:, ::1])
    compiler = numba.njit(signature, nogil=True, cache=True, fastmath={"contract"})
    return {step: compiler(add_taps(step)) for step in STEPS}


class Compiled:
    """Every non-zero tap once, row by row in the compiled loop; float32 only."""

    def __init__(self, job: Job, out: Array, offset: float, scratch: Scratch) -> None:
        self.job, self.out = job, out
        channels = job.image.shape[2]
        single = channels == 1 or job.summed
        self.step = job.stride[1] if single and job.stride[1] in STEPS else 1
        columns = job.stride[1] // self.step
        self.bands = Bands(replace(job, stride=(job.stride[0], columns)), offset, scratch)
        weights = job.weights if job.summed else job.weights[:, :, None]
        self.taps = np.argwhere(weights).tolist()
        self.weights = weights[weights != 0].astype(np.float32)
        self.band_rows = job.outputs[0] if self.bands.in_place else rows_of(BAND_BYTES, self.bands)
        self.places: dict[int, Array] = {}

    def rows(self, first: int, last: int) -> None:
        """Compute output rows first … last."""
        count, pitch, step = last - first, self.bands.pitch, self.job.stride[0]
        if self.bands.in_place:
            band, pitch = self.job.image[first * step :].reshape(-1), pitch * step
        else:
            band = self.bands.read(first, count).reshape(-1)
        if count not in self.places:
            self.places[count] = self._places(count)
        _loops[self.step](band, self.places[count], self.weights, pitch, self.out[first:last])

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
