"""Makes the files in assets/samples: draws our own pictures, copies photographs from scikit-image's wheel.

Run it from the repository's root with `python -m assets.make_samples`; the development requirements have
scikit-image. The drawn pictures come out with the same pixels every time: shapes are formulas on a fine grid
(`FINE` × `FINE` points per pixel, averaged), without fonts and random numbers.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

SAMPLES = Path(__file__).parent / "samples"
FINE = 4

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]

PHOTOS = {
    "cat": "chelsea.png",
    "coffee": "coffee.png",
    "camera": "camera.png",
    "astronaut": "astronaut.png",
    "rocket": "rocket.jpg",
    "brick": "brick.png",
}


class Canvas:
    """A square of one colour, `side` pixels wide, on which shapes are painted one over the other.

    Coordinates are in pixels, x to the right and y down, (0, 0) at the upper left corner of the picture.
    """

    def __init__(self, side: int, ground: str) -> None:
        at = (np.arange(side * FINE) + 0.5) / FINE
        self.side = side
        self.x, self.y = np.meshgrid(at, at)
        self.colours = np.empty((side * FINE, side * FINE, 3))
        self.colours[:] = _rgb(ground)

    def paint(self, shape: Mask, colour: str) -> None:
        """Give the points of the shape a colour."""
        self.colours[shape] = _rgb(colour)

    def pixels(self) -> Pixels:
        """Each pixel is the mean of its points, rounded."""
        means = self.colours.reshape(self.side, FINE, self.side, FINE, 3).mean(axis=(1, 3))
        return np.rint(means).astype(np.uint8)

    def disc(self, x: float, y: float, radius: float) -> Mask:
        """All points nearer to (x, y) than the radius."""
        return (self.x - x) ** 2 + (self.y - y) ** 2 < radius**2

    def box(self, x: float, y: float, width: float, height: float, corner: float = 0) -> Mask:
        """A box from its upper left corner (x, y), with rounded corners."""
        across = np.abs(self.x - x - width / 2) - width / 2 + corner
        down = np.abs(self.y - y - height / 2) - height / 2 + corner
        outside = np.hypot(np.maximum(across, 0), np.maximum(down, 0))
        return outside + np.minimum(np.maximum(across, down), 0) < corner

    def stroke(self, points: list[tuple[float, float]], width: float) -> Mask:
        """A line through the points with round ends."""
        shape = np.zeros(self.x.shape, bool)
        for (x0, y0), (x1, y1) in pairwise(points):
            dx, dy = x1 - x0, y1 - y0
            along = np.clip(((self.x - x0) * dx + (self.y - y0) * dy) / (dx * dx + dy * dy), 0, 1)
            shape |= np.hypot(self.x - x0 - along * dx, self.y - y0 - along * dy) < width / 2
        return shape

    def polygon(self, corners: list[tuple[float, float]]) -> Mask:
        """Points inside the corners' outline, by the even–odd rule."""
        inside = np.zeros(self.x.shape, bool)
        for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], corners[0]], strict=True):
            if y0 != y1:
                crosses = (y0 > self.y) != (y1 > self.y)
                inside ^= crosses & (self.x < x0 + (self.y - y0) / (y1 - y0) * (x1 - x0))
        return inside


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour.removeprefix("#")))


def letter_a() -> Pixels:
    """A capital A, 264 × 264: two legs and a bar, from straight edges only."""
    canvas = Canvas(264, "#ffffff")
    outer = [(108, 30), (156, 30), (244, 234), (196, 234), (132, 78), (68, 234), (20, 234)]
    canvas.paint(canvas.polygon(outer), "#000000")
    canvas.paint(canvas.box(84, 158, 96, 38), "#000000")
    return canvas.pixels()


def checkerboard() -> Pixels:
    """8 × 8 squares of 32 pixels, black at the upper left."""
    y, x = np.indices((256, 256)) // 32
    return _grey((x + y) % 2 * 255.0)


def rings() -> Pixels:
    """Concentric rings and four discs, 320 × 320."""
    canvas = Canvas(320, "#f2f2f2")
    for radius, width in [(112, 24), (72, 12), (44, 6), (22, 3)]:
        ring = canvas.disc(160, 160, radius) & ~canvas.disc(160, 160, radius - width)
        canvas.paint(ring, "#202020")
    canvas.paint(canvas.disc(160, 160, 8), "#202020")
    corners = [(34, 34, "#202020"), (286, 34, "#606060"), (34, 286, "#909090"), (286, 286, "#c0c0c0")]
    for x, y, colour in corners:
        canvas.paint(canvas.disc(x, y, 24), colour)
    return canvas.pixels()


def stripes() -> Pixels:
    """Four bands of 80 rows, 320 × 320: narrowing stripes, a stair, slanted stripes, single lines."""
    picture = np.full((320, 320), 255.0)
    start = 0
    for width in [40, 32, 24, 16, 12, 8, 6, 5, 4, 3, 2, 2, 1, 1, 1, 1, 1, 1]:
        picture[:80, start : start + width] = 0
        start += 2 * width
    picture[80:160] = np.repeat(np.linspace(0, 255, 8), 40)
    y, x = np.indices((80, 320))
    picture[160:240] = 255.0 * ((x + y) // 20 % 2)
    for number in range(8):
        left = 18 + 38 * number
        picture[248:312, left : left + number + 1] = 0
    return _grey(picture)


def gradient() -> Pixels:
    """256 × 256; the value of a pixel is the number of its column."""
    return _grey(np.tile(np.arange(256.0), (256, 1)))


def zone_plate() -> Pixels:
    """127.5 + 127.5 cos(k r²), 320 × 320, with k = π / side.

    The wave's local frequency along the radius is the derivative of k r² / 2π: r / side cycles a pixel.
    It reaches 1/2, the highest that pixels can hold (the Nyquist limit), at the middle of each side. In the
    corners it is higher, and false rings appear there: aliasing.
    """
    side = 320
    at = np.arange(side) - (side - 1) / 2
    square = at[None] ** 2 + at[:, None] ** 2
    return _grey(127.5 + 127.5 * np.cos(math.pi / side * square))


def robot() -> Pixels:
    """A robot's head, drawn for this project, 264 × 264."""
    canvas = Canvas(264, "#fbe9c6")
    canvas.paint(canvas.disc(132, 150, 122), "#f7d48b")
    _robot_antenna(canvas)
    _robot_head(canvas)
    for x, iris in [(94, "#2b6cb0"), (170, "#2b6cb0")]:
        _robot_eye(canvas, x, 128, iris)
    _robot_mouth(canvas)
    return canvas.pixels()


_INK, _STEEL, _SHADE, _RED, _CREAM = "#23304a", "#7fb7be", "#5e979f", "#e4572e", "#fffaf0"


def _robot_antenna(canvas: Canvas) -> None:
    spring = [(132, 78), (120, 70), (144, 62), (120, 54), (144, 46), (132, 38)]
    canvas.paint(canvas.stroke(spring, 5), _INK)
    canvas.paint(canvas.disc(132, 28, 15), _INK)
    canvas.paint(canvas.disc(132, 28, 11), _RED)
    canvas.paint(canvas.disc(128, 24, 3), _CREAM)


def _robot_head(canvas: Canvas) -> None:
    canvas.paint(canvas.box(96, 214, 72, 60, 6), _INK)
    for top in (224, 236, 248):
        canvas.paint(canvas.box(101, top, 62, 7, 3), _SHADE)
    for left in (22, 210):
        canvas.paint(canvas.box(left, 116, 32, 56, 10), _INK)
        canvas.paint(canvas.box(left + 5, 121, 22, 46, 6), _RED)
    canvas.paint(canvas.box(40, 72, 184, 152, 30), _INK)
    canvas.paint(canvas.box(46, 78, 172, 140, 25), _STEEL)
    canvas.paint(canvas.box(46, 78, 172, 140, 25) & (canvas.y > 176), _SHADE)
    for x in (60, 204):
        for y in (92, 204):
            canvas.paint(canvas.disc(x, y, 5), _INK)
    for x in (64, 200):
        canvas.paint(canvas.disc(x, 162, 10), "#f2a48a")


def _robot_eye(canvas: Canvas, x: float, y: float, iris: str) -> None:
    canvas.paint(canvas.disc(x, y, 32), _INK)
    canvas.paint(canvas.disc(x, y, 27), _CREAM)
    canvas.paint(canvas.disc(x + 3, y + 3, 16), iris)
    canvas.paint(canvas.disc(x + 3, y + 3, 8), _INK)
    canvas.paint(canvas.disc(x - 4, y - 5, 5), _CREAM)


def _robot_mouth(canvas: Canvas) -> None:
    canvas.paint(canvas.box(84, 174, 96, 32, 12), _INK)
    canvas.paint(canvas.box(89, 179, 86, 22, 8), _CREAM)
    for x in (106, 123, 140, 157):
        canvas.paint(canvas.box(x - 1.5, 179, 4, 22), _INK)
    canvas.paint(canvas.box(89, 188.5, 86, 3), _INK)


def _grey(values: Array) -> Pixels:
    return np.rint(values).astype(np.uint8)


DRAWN: dict[str, Callable[[], Pixels]] = {
    "robot": robot,
    "letter_a": letter_a,
    "checkerboard": checkerboard,
    "rings": rings,
    "stripes": stripes,
    "gradient": gradient,
    "zone_plate": zone_plate,
}


def photo(name: str) -> bytes:
    """The file of a photograph in scikit-image's package."""
    return (files("skimage") / "data" / PHOTOS[name]).read_bytes()


def table() -> str:
    """The provenance and licence table of README.md, from samples.toml."""
    entries = tomllib.loads((SAMPLES / "samples.toml").read_text(encoding="utf-8"))["sample"]
    rows = []
    for entry in entries:
        with Image.open(SAMPLES / entry["file"]) as image:
            size = f"{image.width}×{image.height}"
        rows.append(f"| `{entry['file']}` | {size} | {entry['source']} | {entry['licence']} |")
    return "\n".join(["| File | Size | Where it comes from | Licence |", "|---|---|---|---|", *rows])


def main() -> None:
    """Write every file, then the table."""
    for name, draw in DRAWN.items():
        Image.fromarray(draw()).save(SAMPLES / f"{name}.png", optimize=True)
    for name, original in PHOTOS.items():
        (SAMPLES / name).with_suffix(Path(original).suffix).write_bytes(photo(name))
    readme = SAMPLES / "README.md"
    before, _, after = readme.read_text(encoding="utf-8").partition("<!-- table -->")
    after = after.partition("<!-- end of table -->")[2]
    readme.write_text(f"{before}<!-- table -->\n{table()}\n<!-- end of table -->{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
