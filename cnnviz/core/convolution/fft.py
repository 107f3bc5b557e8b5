"""Large dense kernels: overlap-save with real transforms of tiles."""

from math import log2
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from cnnviz.core.convolution.job import Array, Bands, Job, phases
from cnnviz.core.convolution.scratch import Scratch
from cnnviz.core.convolution.taps import Direct

SIDES = (32, 40, 48, 54, 60, 64, 72, 80, 90, 96, 100, 108, 120, 128, 144, 150, 160, 180, 192, 216)
"""Lengths that transform fast and are short enough for a tile's spectra to stay in the cache."""


def tile_side(outputs: int, kernel: int) -> int:
    """The side of tiles that covers `outputs` cells with the least work: tiles · length · log(length)."""
    fit = [side for side in SIDES if side >= 2 * kernel] or [4 * kernel]
    return min(fit, key=lambda side: -(-outputs // (side - kernel + 1)) * side * log2(side))


class Tiles:
    """Each tile's spectrum times the kernel's; of the circular result the cells without wrap are kept.

    Source: the overlap-save method, e.g. A. V. Oppenheim and R. W. Schafer, "Discrete-Time Signal
    Processing", section 8.7. A tile with a NaN or an infinity in it would be spoilt whole, so such a band
    goes to the direct engine.
    """

    def __init__(self, job: Job, out: Array, offset: float, scratch: Scratch) -> None:
        from scipy import fft  # noqa: PLC0415  a slow import, wanted only here

        self.fft: Any = fft
        self.job, self.out, self.offset, self.scratch = job, out, offset, scratch
        kernel = [phases(n, 1, s)[1] + 1 for n, s in zip(job.weights.shape[:2], job.stride, strict=True)]
        self.tile = tile_side(job.outputs[0], kernel[0]), tile_side(job.outputs[1], kernel[1])
        self.step = self.tile[0] - kernel[0] + 1, self.tile[1] - kernel[1] + 1
        self.across = -(-job.outputs[1] // self.step[1])
        self.bands = Bands(
            job, offset, scratch, planar=True, length=(self.across - 1) * self.step[1] + self.tile[1]
        )
        kernels = self.bands.kernels()
        single = np.complex64 if job.dtype == np.float32 else np.complex128
        self.spectra = fft.rfft2(kernels, s=self.tile).conj().astype(single)
        self.band_rows = self.step[0]
        self.spare: Direct | None = None

    def rows(self, first: int, last: int) -> None:
        """Compute output rows first … last."""
        band = self.bands.read(first, last - first)
        if self.job.image.dtype.kind == "f" and not np.isfinite(np.vdot(band, band)):
            self.spare = self.spare or Direct(self.job, self.out, self.offset, self.scratch)
            self.spare.span_rows(first, last)
            return
        maps = self.bands.maps(band)
        for channel, parts in enumerate(maps):
            filtered = self._filter(parts)[: last - first, : self.job.outputs[1]]
            self.out[first:last, channel :: len(maps)] = filtered

    def _filter(self, parts: Array) -> Array:
        """All results of one map's band, tiles side by side."""
        rows, columns = parts.strides[1:]
        shape, strides = (self.across, parts.shape[1], self.tile[1]), (self.step[1] * columns, rows, columns)
        total: Any = None
        for part, spectrum in zip(parts, self.spectra, strict=True):
            tiles = as_strided(part, shape, strides, writeable=False)
            product = self.fft.rfft2(tiles, s=self.tile)
            product *= spectrum
            total = product if total is None else np.add(total, product, out=total)
        back: Array = self.fft.irfft2(total, s=self.tile, overwrite_x=True)
        return back[:, : self.step[0], : self.step[1]].transpose(1, 0, 2).reshape(self.step[0], -1)
