"""Pictures of coloured shapes, drawn from formulas: the class is the shape, everything else is a distractor.

Each shape is a signed distance d(u, v): negative inside, positive outside, about 1 steep at the outline, in a
frame where the shape fits the unit disc. The part of a pixel that the shape covers is then 1/2 − d (in
pixels), clipped to 0…1: antialiasing without drawing anything larger. Unions are minima and intersections
maxima of distances, as in "Distance functions" by Inigo Quilez.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["DISTRACTORS", "SHAPES", "ShapeOptions", "draw_shapes"]

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Labels = NDArray[np.int64]
Plane = Any  # float32 (n, H, W) throughout; numpy's types lose that at the first ufunc
Distance = Callable[[Plane, Plane], Plane]

DISTRACTORS = ("colour", "texture", "position", "size", "rotation", "background")
SMALLEST, LARGEST = 16, 128
MOST_PIXELS = 66_000_000
"""The most pixels that are drawn to train on: 64,453 pictures of 32×32, 4,028 of 128×128."""
_PIXELS_PER_CHUNK = 1 << 18  # few enough to stay in the cache; 2 or 4 times more is slower


@dataclass(frozen=True)
class ShapeOptions:
    """What to draw: `number` training pictures (and a fifth as many for validation and for the test) of
    `size` × `size` pixels; `distractors`, of DISTRACTORS, say what varies besides the shape.
    """

    number: int = 4_000
    size: int = 32
    distractors: tuple[str, ...] = DISTRACTORS
    seed: int = 0

    def problem(self) -> str:
        """One sentence on why this cannot be drawn, or ""."""
        if not SMALLEST <= self.size <= LARGEST:
            return f"The shapes are drawn {SMALLEST} to {LARGEST} pixels wide, not {self.size}."
        most = MOST_PIXELS // self.size**2
        if not len(SHAPES) <= self.number <= most:
            return (
                f"{len(SHAPES)} to {most:,} training pictures of {self.size}×{self.size} can be drawn, "
                f"not {self.number:,}."
            )
        unknown = sorted(set(self.distractors) - set(DISTRACTORS))
        if unknown:
            return f"There is no distractor {unknown[0]!r}; there are {', '.join(DISTRACTORS)}."
        return "" if self.seed >= 0 else f"A seed is 0 or more, not {self.seed}."


def _disc(u: Plane, v: Plane) -> Plane:
    return np.hypot(u, v) - 0.9


def _ring(u: Plane, v: Plane) -> Plane:
    return np.abs(np.hypot(u, v) - 0.72) - 0.25


def _half_disc(u: Plane, v: Plane) -> Plane:
    return np.maximum(np.hypot(u, v - 0.45) - 1, v - 0.45)


def _crescent(u: Plane, v: Plane) -> Plane:
    return np.maximum(np.hypot(u, v) - 1, 0.85 - np.hypot(u - 0.5, v))


def _box(u: Plane, v: Plane, half_width: float, half_height: float) -> Plane:
    return np.maximum(np.abs(u) - half_width, np.abs(v) - half_height)


def _square(u: Plane, v: Plane) -> Plane:
    return _box(u, v, 0.75, 0.75)


def _triangle(u: Plane, v: Plane) -> Plane:
    slanted = math.sqrt(0.75) * np.abs(u) - 0.5 * v
    return np.maximum(v, slanted) - 0.5


def _cross(u: Plane, v: Plane) -> Plane:
    return np.minimum(_box(u, v, 0.95, 0.3), _box(u, v, 0.3, 0.95))


def _star(u: Plane, v: Plane) -> Plane:
    """Five points: the angle is folded into one half of a point, whose side is one straight line."""
    sector, inner = 2 * math.pi / 5, 0.42
    angle = np.abs(np.mod(np.arctan2(u, -v) + sector / 2, sector) - sector / 2)
    radius = np.hypot(u, v)
    x, y = radius * np.cos(angle), radius * np.sin(angle)
    side_x, side_y = inner * math.cos(sector / 2) - 1, inner * math.sin(sector / 2)
    return ((x - 1) * side_y - y * side_x) / math.hypot(side_x, side_y)


def _heart(u: Plane, v: Plane) -> Plane:
    """A square on its corner with a disc at the middle of each upper side."""
    half = 0.5
    x, y = (u - v - 0.1) * math.sqrt(0.5), (-u - v - 0.1) * math.sqrt(0.5)
    discs = np.minimum(np.hypot(x - half, y), np.hypot(x, y - half)) - half
    return np.minimum(np.maximum(np.abs(x), np.abs(y)) - half, discs)


def _arrow(u: Plane, v: Plane) -> Plane:
    head = np.maximum(0.1 - u, (0.8 * (u - 1) + 0.9 * np.abs(v)) / math.hypot(0.8, 0.9))
    return np.minimum(head, _box(u + 0.4, v, 0.55, 0.2))


SHAPES: Mapping[str, Distance] = MappingProxyType(
    {
        "circle": _disc,
        "ring": _ring,
        "half disc": _half_disc,
        "crescent": _crescent,
        "square": _square,
        "triangle": _triangle,
        "star": _star,
        "cross": _cross,
        "heart": _heart,
        "arrow": _arrow,
    }
)
"""Signed distance by name; the place of a name is the number of its class."""


def draw_shapes(number: int, options: ShapeOptions, seed: Iterable[int]) -> tuple[Bytes, Labels]:
    """`number` pictures uint8 (number, 3, size, size) and their classes int64 (number,), as equal as can be.

    The same numbers in `seed` draw the same pictures. Raises ValueError where the options have a problem.
    """
    if problem := options.problem():
        raise ValueError(problem)
    rng = np.random.default_rng(list(seed))
    labels = rng.permutation(np.arange(number) % len(SHAPES)).astype(np.int64)
    images = np.empty((number, 3, options.size, options.size), np.uint8)
    chunk = max(1, _PIXELS_PER_CHUNK // options.size**2)
    for start in range(0, number, chunk):
        part = slice(start, start + chunk)
        images[part] = _draw(labels[part], options, rng)
    return images, labels


def _draw(labels: Labels, options: ShapeOptions, rng: np.random.Generator) -> Bytes:
    """One chunk. Every distractor draws its random numbers whether it is on or off, so that switching one
    does not change the others.
    """
    count, varied = len(labels), set(options.distractors)
    radius, u, v = _frame(count, options.size, varied, rng)
    cover = np.empty(u.shape, np.float32)
    for label, distance in enumerate(SHAPES.values()):
        members = np.flatnonzero(labels == label)
        cover[members] = 0.5 - distance(u[members], v[members]) * radius[members]
    np.clip(cover, 0, 1, out=cover)
    shape, ground = _colours(count, "colour" in varied, rng)
    texture = _pattern(count, options.size, rng) * np.float32(0.3 * ("texture" in varied))
    behind = _pattern(count, options.size, rng) * np.float32(0.25 * ("background" in varied))
    shading = rng.standard_normal(u.shape, np.float32) * np.float32(0.02 * ("background" in varied))
    inside, outside = cover * (1 + texture), (1 - cover) * (1 + behind)
    images = np.empty((count, 3, options.size, options.size), np.uint8)
    for channel in range(3):
        value = inside * shape[:, channel] + outside * ground[:, channel] + shading
        images[:, channel] = np.clip(value * 255 + 0.5, 0, 255)
    return images


def _column(values: NDArray[np.float64]) -> Floats:
    return values.astype(np.float32)[:, None, None]


def _frame(
    count: int, size: int, varied: set[str], rng: np.random.Generator
) -> tuple[Floats, Floats, Floats]:
    """Radius in pixels (count, 1, 1), and each pixel's place (u, v) in the shape's frame (count, size, size).

    A shape of fixed position and size is still moved by up to half a pixel and scaled by up to 2 %: otherwise
    all pictures of a class would be the same.
    """
    low, high = (0.24, 0.42) if "size" in varied else (0.33, 0.337)
    radius = rng.uniform(low, high, count) * size
    reach = (size / 2 - radius) * 0.9 if "position" in varied else np.full(count, 0.5)
    x, y = (size / 2 + rng.uniform(-1, 1, (2, count)) * reach)[..., None, None].astype(np.float32)
    angle = rng.uniform(0, 2 * math.pi, count) * ("rotation" in varied)
    at = np.arange(size, dtype=np.float32) + np.float32(0.5)
    across, down = at[None, None, :] - x, at[None, :, None] - y
    cos, sin = _column(np.cos(angle) / radius), _column(np.sin(angle) / radius)
    return _column(radius), across * cos + down * sin, down * cos - across * sin


def _colours(count: int, varied: bool, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Colours 0…1 (count, 3, 1, 1) of shape and ground, at least 0.3 apart in red, in green and in blue."""
    ground = rng.uniform(0, 1, (count, 3))
    shape = np.mod(ground + rng.uniform(0.3, 0.7, (count, 3)), 1)
    if not varied:
        ground, shape = np.full((count, 3), 0.15), np.full((count, 3), 0.85)
    return tuple((0.1 + 0.8 * c[..., None, None]).astype(np.float32) for c in (shape, ground))  # type: ignore[return-value]


def _pattern(count: int, size: int, rng: np.random.Generator) -> Floats:
    """Uniform, stripes, checks or a gradient, −1…1 (count, size, size), in any direction."""
    kind = rng.integers(0, 4, count)
    angle, phase = rng.uniform(0, 2 * math.pi, (2, count))
    waves = rng.uniform(0.8, 1.8, count) * 2 * math.pi / 8  # a wave is about 4 to 10 pixels long
    at = np.arange(size, dtype=np.float32) - np.float32(size / 2)
    pattern = np.zeros((count, size, size), np.float32)
    for number in (1, 2, 3):
        members = np.flatnonzero(kind == number)
        cos, sin = np.cos(angle[members]), np.sin(angle[members])
        along = at * _column(cos) + at[:, None] * _column(sin)
        if number == 3:
            pattern[members] = along * np.float32(math.sqrt(2) / size)
            continue
        pattern[members] = np.sin(along * _column(waves[members]) + _column(phase[members]))
        if number == 2:
            other = at[:, None] * _column(cos) - at * _column(sin)
            pattern[members] *= np.sin(other * _column(waves[members]))
    return pattern
