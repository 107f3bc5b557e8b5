"""How the cost of a convolution grows: with the pixels of the picture and with the cells of the kernel.

Run from the repository's root: ``python -m benchmarks.growth``. One thread. The sizes of a series are
measured in turn, so that a busy moment of the machine falls on all of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks._bench import amount, environment, interleave
from benchmarks._table import PACKAGES, Table, load, save
from cnnviz.core.convolution.convolve import convolve2d
from cnnviz.core.convolution.planning import plan

SIDES = amount((100, 178, 316, 562, 1000, 1778, 3162, 3550), (40, 60))  # 10⁴ to 10⁷·¹ pixels
KERNELS = amount((1, 2, 3, 5, 7, 9, 11, 13, 15, 19, 23, 27, 31), (1, 3))
ROUNDS = amount(5, 1)
RNG = np.random.default_rng(0)


def dense(side: int) -> NDArray[np.float32]:
    """A kernel without zeros that is no product of a column and a row."""
    return RNG.normal(size=(side, side)).astype(np.float32)


def gaussian(side: int) -> NDArray[np.float32]:
    """A kernel that is the product of a column and a row."""
    line = np.exp(-((np.arange(side) - side // 2) ** 2) / side)
    return np.outer(line, line).astype(np.float32)


def picture(side: int) -> NDArray[np.float32]:
    return RNG.uniform(0, 255, (side, side)).astype(np.float32)


def pixels_table() -> Table:
    """Sobel, a dense 5×5 and a dense 15×15 on ever larger pictures."""
    sobel = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]], np.float32)
    kernels = {"Sobel 3×3": sobel, "dense 5×5": dense(5), "dense 15×15": dense(15)}
    rows = []
    before = load()
    for name, kernel in kernels.items():
        work = {}
        for side in SIDES:
            image = picture(side)
            work[str(side)] = lambda image=image, kernel=kernel: convolve2d(image, kernel, padding="same")
        times = interleave(work, rounds=ROUNDS)
        for side in SIDES:
            cpu = 1000 * min(times[str(side)].cpu)
            rows.append([name, side * side, cpu, 1000 * min(times[str(side)].wall), 1e6 * cpu / side**2])
    head = ["Kernel", "Pixels", "CPU, ms", "Wall, ms", "CPU, ns a pixel"]
    note = (
        f"Padding same, zeros, float32; the fastest of {ROUNDS} rounds. Load average at the start: {before}."
    )
    return Table("pixels", "Cost and pixels", head, rows, note)


def kernels_table() -> Table:
    """Dense and separable kernels of ever more cells on a 512² picture."""
    image = picture(512)
    before = load()
    rows = []
    for name, make in (("dense", dense), ("Gaussian", gaussian)):
        kernels = {side: make(side) for side in KERNELS}
        work = {
            str(side): lambda kernel=kernel: convolve2d(image, kernel, padding="same")
            for side, kernel in kernels.items()
        }
        times = interleave(work, rounds=ROUNDS)
        for side, kernel in kernels.items():
            cpu = 1000 * min(times[str(side)].cpu)
            rows.append([name, side, plan(kernel).engine, cpu, 1000 * min(times[str(side)].wall)])
    head = ["Kind", "Kernel side", "Engine", "CPU, ms", "Wall, ms"]
    note = f"512² float32; the fastest of {ROUNDS} rounds. Load average at the start: {before}."
    return Table("kernels", "Cost and kernel", head, rows, note)


def main() -> None:
    """Measure, print the tables and write them to benchmarks/results."""
    where = environment(PACKAGES)
    save("growth", [pixels_table(), kernels_table()], where=where)


if __name__ == "__main__":
    main()
