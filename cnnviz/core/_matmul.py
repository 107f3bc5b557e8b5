"""Dense kernels of middle size: matrix products, which reach a core's full arithmetic speed."""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from cnnviz.core._job import Array, Bands, Job
from cnnviz.core._scratch import Scratch
from cnnviz.core._taps import Direct

STRIP_BYTES = 192 * 1024
"""Size of the strips of one band: they stay in the second-level cache while every product reads them."""

TALLEST = 512
"""Output rows in a band: tall products run faster than flat ones."""

ONE_THREAD = 200_000
"""Multiplications in one product below which OpenBLAS does not start its threads."""


class Banded:
    """Columns are cut into blocks of `block` outputs; a block's strip of the picture times a banded matrix.

    A strip holds the columns that a block needs, rows one after the other, so `tall` rows of it are one
    contiguous row of K numbers, and every tall-th row of outputs is one product (rows, K) @ (K, block) with
    the matrix that holds the kernel once for each output, one column further each time. Nothing is copied
    but the overlap of neighbouring strips. Phases of a stride and channels that are summed only make the
    strip's rows longer.
    """

    def __init__(self, job: Job, out: Array, offset: float, scratch: Scratch, block: int = 16) -> None:
        self.job, self.out, self.offset, self.scratch = job, out, offset, scratch
        self.bands = Bands(job, offset, scratch, planar=True)
        self.columns = job.outputs[1]
        self.block = min(block, self.columns)
        self.wide = self.block + self.bands.more_columns
        self.tall = self.bands.more_rows + 1
        self.matrix = self._matrix()
        product = self.tall * (ONE_THREAD // self.matrix.size)
        self.band_rows = min(max(self.tall, min(product, TALLEST)), job.outputs[0])
        strip = (self.band_rows + self.bands.more_rows) * self.bands.parts * self.wide
        self.together = max(1, min(STRIP_BYTES // (strip * out.itemsize), self.columns // self.block))
        self.strips = scratch.take(self.together * strip, job.dtype)
        self.spare: Direct | None = None

    def _matrix(self) -> Array:
        """The banded matrix (tall · parts · wide, block)."""
        kernels = self.bands.kernels().transpose(1, 0, 2)
        matrix = np.zeros((*kernels.shape[:2], self.wide, self.block), self.job.dtype)
        for output in range(self.block):
            matrix[:, :, output : output + kernels.shape[2], output] = kernels
        return matrix.reshape(-1, self.block)

    def rows(self, first: int, last: int) -> None:
        """Compute output rows first … last."""
        count = last - first
        band = self.bands.read(first, count)
        if self.job.image.dtype.kind == "f" and not np.isfinite(np.vdot(band, band)):
            self.spare = self.spare or Direct(self.job, self.out, self.offset, self.scratch)
            self.spare.span_rows(first, last)
            return
        maps = self.bands.maps(band)
        if len(maps) == 1:
            self._products(maps[0], self.out[first:last])
            return
        target = np.empty((count, self.columns), self.job.dtype)
        for channel, parts in enumerate(maps):
            self._products(parts, target)
            self.out[first:last, channel :: len(maps)] = target

    def _products(self, parts: Array, target: NDArray[Any]) -> None:
        """All blocks of one map; a last block that would stand over starts earlier, on columns done twice."""
        whole = self.columns // self.block
        size, (number, held, _), (jump, down, _) = parts.itemsize, parts.shape, parts.strides
        shape, strides = (whole, held, number, self.wide), (self.block * size, down, jump, size)
        views = as_strided(parts, shape, strides, writeable=False)
        for start in range(0, whole, self.together):
            stop = min(start + self.together, whole)
            self._blocks(views[start:stop], target[:, start * self.block : stop * self.block])
        if self.columns % self.block:
            last = parts[:, :, self.columns - self.block :].transpose(1, 0, 2)[None, ..., : self.wide]
            self._blocks(last, target[:, self.columns - self.block :])

    def _blocks(self, views: Array, target: NDArray[Any]) -> None:
        """Some blocks side by side: copy their strips together, then one product for each row modulo tall."""
        across, count = len(views), len(target)
        strips = self.strips[: views.size].reshape(views.shape)
        np.copyto(strips, views)
        for start in range(min(self.tall, count)):
            height = -(-(count - start) // self.tall)
            rows = strips[:, start : start + height * self.tall].reshape(across, height, -1)
            results = target[start :: self.tall].reshape(height, across, self.block).transpose(1, 0, 2)
            np.matmul(rows, self.matrix, out=results)
