"""Large dense kernels: overlap-save with real transforms of square tiles."""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from cnnviz.core._job import Array, Bands, Job
from cnnviz.core._taps import Direct


class Tiles:
    """Each tile's spectrum times the kernel's; of the circular result the cells without wrap are kept.

    Source: the overlap-save method, e.g. A. V. Oppenheim and R. W. Schafer, "Discrete-Time Signal
    Processing", section 8.7. A tile with a NaN or an infinity in it would be spoilt whole, so such a band
    goes to the direct engine.
    """

    def __init__(self, job: Job, out: Array, offset: float, tile: int = 128) -> None:
        from scipy import fft  # a slow import, wanted only here

        self.fft: Any = fft
        self.job, self.out = job, out
        tall, wide = job.spans
        self.tile = tile
        self.step = tile - tall + 1, tile - wide + 1
        full_height, full_width = job.padded[0] - tall + 1, job.padded[1] - wide + 1
        self.full_width = full_width
        self.across = -(-full_width // self.step[1])
        plain = Job(job.image, job.weights, job.pads, job.mode, (1, 1), (1, 1))
        self.bands = Bands(plain, offset, planar=True, fill_width=(self.across - 1) * self.step[1] + tile)
        self.planes = job.image.shape[2]
        kernel = job.weights if job.summed else job.weights[:, :, None]
        spectrum = fft.rfft2(kernel, s=(tile, tile), axes=(0, 1)).conj()
        single = np.complex64 if job.dtype == np.float32 else np.complex128
        self.spectrum = np.ascontiguousarray(np.moveaxis(spectrum, 2, 0)).astype(single)
        self.band_rows = max(1, self.step[0] // job.stride[0])
        self.spare: Direct | None = None
        self.offset = offset

    def rows(self, first: int, last: int) -> None:
        """Compute output rows first … last."""
        step_y, step_x = self.job.stride
        top, count = first * step_y, (last - 1 - first) * step_y + 1
        held = min(count + self.job.spans[0] - 1, self.tile)
        band = self.bands.read(top, held)
        if not np.isfinite(np.vdot(band, band)):
            self.spare = self.spare or Direct(self.job, self.out, self.offset)
            self.spare.rows(first, last)
            return
        channels = self.out.shape[1] // self.job.outputs[1]
        target = self.out[first:last].reshape(last - first, self.job.outputs[1], channels)
        for channel in range(channels):
            filtered = self._filter(band, channel)[:count:step_y]
            target[:, :, channel] = filtered[:, : self.full_width : step_x]

    def _filter(self, band: Array, channel: int) -> NDArray[Any]:
        """All stride-1 results of a band, tiles side by side."""
        rows, columns = band.strides
        chosen = range(self.planes) if self.job.summed else (channel,)
        total: Any = 0
        for plane in chosen:
            start = band[:, plane * self.bands.length :]
            tiles = as_strided(
                start,
                (self.across, len(band), self.tile),
                (self.step[1] * columns, rows, columns),
                writeable=False,
            )
            spectrum = self.fft.rfft2(tiles, s=(self.tile, self.tile))
            spectrum *= self.spectrum[plane if self.job.summed else 0]
            total = spectrum if plane == chosen[0] else total + spectrum
        back = self.fft.irfft2(total, s=(self.tile, self.tile), overwrite_x=True)
        kept = back[:, : self.step[0], : self.step[1]]
        return kept.transpose(1, 0, 2).reshape(self.step[0], -1)
