"""The formulas behind the kernels that have parameters. Every function gives float64 weights (kh, kw).

Axes: x to the right, y down, both 0 at the centre cell. Angles are in degrees and turn clockwise on the
screen, because y points down: 0° is right, 90° is down, as for the gradient direction atan2(gy, gx).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SOBEL_X: Array = np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
SOBEL_Y: Array = SOBEL_X.T
# The eight cells around the centre of a 3 × 3 kernel, clockwise from the top left.
RING = ((0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0))


def grid(size: int) -> tuple[Array, Array]:
    """x and y of every cell of a size × size kernel, 0 at the centre."""
    axis = np.arange(size) - (size - 1) / 2
    return np.meshgrid(axis, axis)


def delta(size: int) -> Array:
    """1 in the centre cell and 0 elsewhere; size is odd."""
    weights = np.zeros((size, size))
    weights[size // 2, size // 2] = 1
    return weights


def shift(dx: int, dy: int) -> Array:
    """Picks the pixel that lies dx to the left and dy above, so the picture moves dx right and dy down."""
    weights = np.zeros((2 * abs(dy) + 1, 2 * abs(dx) + 1))
    weights[abs(dy) - dy, abs(dx) - dx] = 1
    return weights


def echo(dx: int, dy: int) -> Array:
    """The mean of the picture and its copy moved by (dx, dy)."""
    moved = shift(dx, dy)
    moved[abs(dy), abs(dx)] += 1
    return moved / 2


def box(size: int) -> Array:
    return np.full((size, size), 1 / size**2)


def mean_row(length: int) -> Array:
    return np.full((1, length), 1 / length)


def mean_column(length: int) -> Array:
    return np.full((length, 1), 1 / length)


def gaussian(sigma: float, size: int) -> Array:
    """exp(−(x² + y²) / 2σ²), divided by its sum."""
    x, y = grid(size)
    weights = np.exp(-(x**2 + y**2) / (2 * sigma**2))
    return np.asarray(weights / weights.sum())


def binomial(order: int) -> Array:
    """Rows and columns of Pascal's triangle: w[i, j] = C(n, i) C(n, j) / 4ⁿ."""
    row = np.array([math.comb(order, i) for i in range(order + 1)], dtype=float)
    return np.outer(row, row) / 4.0**order


def disc(radius: float) -> Array:
    """The share of each cell that a disc covers (found on 16 × 16 points a cell), divided by the sum."""
    half = math.ceil(radius - 0.5)
    points = (np.arange((2 * half + 1) * 16) + 0.5) / 16 - half - 0.5
    inside = points[:, None] ** 2 + points**2 <= radius**2
    covered = inside.reshape(2 * half + 1, 16, 2 * half + 1, 16).sum(axis=(1, 3)).astype(float)
    return np.asarray(covered / covered.sum())


def motion(length: int, angle: float) -> Array:
    """`length` points one pixel apart on a line through the centre, each shared among its four nearest
    cells; divided by `length`."""
    half = math.ceil((length - 1) / 2)
    weights = np.zeros((2 * half + 1, 2 * half + 1))
    step_x, step_y = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    for i in range(length):
        # Rounded so that cos 90°, which is 6e-17 in floating point, counts as the 0 it is.
        x, y = (round(half + (i - (length - 1) / 2) * step, 9) for step in (step_x, step_y))
        column, row = math.floor(x), math.floor(y)
        for cell_y, share_y in ((row, 1 - (y - row)), (row + 1, y - row)):
            for cell_x, share_x in ((column, 1 - (x - column)), (column + 1, x - column)):
                if share_x * share_y > 0:
                    weights[cell_y, cell_x] += share_x * share_y
    return weights / length


def sharpen(amount: float) -> Array:
    """δ minus amount × the four-neighbour Laplacian."""
    return delta(3) - amount * np.array([[0.0, 1, 0], [1, -4, 1], [0, 1, 0]])


def unsharp(amount: float, sigma: float, size: int) -> Array:
    return (1 + amount) * delta(size) - amount * gaussian(sigma, size)


def high_pass(size: int) -> Array:
    return delta(size) - box(size)


def sobel_rotated(angle: float) -> Array:
    radians = math.radians(angle)
    return math.cos(radians) * SOBEL_X + math.sin(radians) * SOBEL_Y


def ring_rotated(weights: Array, angle: int) -> Array:
    """A 3 × 3 kernel whose eight outer cells are rotated clockwise by angle / 45° places."""
    rotated = weights.copy()
    for place, cell in enumerate(RING):
        rotated[RING[(place + angle // 45) % 8]] = weights[cell]
    return rotated


def log(sigma: float, size: int) -> Array:
    """The Laplacian of a Gaussian, sampled; its mean is subtracted so that a flat area gives exactly 0."""
    x, y = grid(size)
    square = x**2 + y**2
    weights = (square - 2 * sigma**2) / sigma**4 * np.exp(-square / (2 * sigma**2)) / (2 * math.pi * sigma**2)
    return np.asarray(weights - weights.mean())


def dog(sigma: float, ratio: float, size: int) -> Array:
    return gaussian(sigma, size) - gaussian(ratio * sigma, size)


def gabor(wavelength: float, angle: float, sigma: float, phase: float, size: int) -> Array:
    """A cosine wave under a Gaussian, less as much of the Gaussian as makes the sum 0; scaled to Σ|w| = 1."""
    x, y = grid(size)
    radians = math.radians(angle)
    along = x * math.cos(radians) + y * math.sin(radians)
    across = -x * math.sin(radians) + y * math.cos(radians)
    envelope = np.exp(-(along**2 + across**2 / 4) / (2 * sigma**2))
    wave = envelope * np.cos(2 * math.pi * along / wavelength + math.radians(phase))
    wave -= envelope * (wave.sum() / envelope.sum())
    return np.asarray(wave / np.abs(wave).sum())


def corner(corner: int) -> Array:
    """3 in one quarter of a 4 × 4 kernel and −1 in the rest; 0 top left, then clockwise."""
    weights = np.full((4, 4), -1.0)
    rows = slice(0, 2) if corner in {0, 1} else slice(2, 4)
    columns = slice(0, 2) if corner in {0, 3} else slice(2, 4)
    weights[rows, columns] = 3
    return weights


def halves(size: int) -> Array:
    """−1 in the upper half and +1 in the lower half of an even square, divided by the cells of one half."""
    weights = np.ones((size, size))
    weights[: size // 2] = -1
    return weights * 2 / size**2


def random(seed: int, size: int) -> Array:
    """size² numbers of the normal distribution with mean 0 and standard deviation 1 / size."""
    # NumPy promises that this older generator's stream never changes, so a link with a seed keeps its kernel.
    generator = np.random.RandomState(seed)
    return generator.standard_normal((size, size)) / size
