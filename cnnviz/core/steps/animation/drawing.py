"""Drawing one step of a convolution as a picture: input, kernel and output as numbers and colours."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from cnnviz.core.colour.displays import ROLES, format_value, to_rgb, value_range
from cnnviz.core.convolution.padding import pad
from cnnviz.core.steps.animation.layout import FOOTER, MARGIN, Box, Grid, Layout, layout
from cnnviz.core.steps.sums import Sources, StepSettings, dropped_cells, sources
from cnnviz.settings import ROOT

# The app's own font: Pillow's has no minus and no multiplication sign.
FONT = ROOT / "static/fonts/atkinson-hyperlegible-mono-latin-wght-normal.woff2"
WEIGHT = 550
ADVANCE = 0.632  # width of a character ÷ its size; checked by a test
SMALLEST_TEXT = 7  # pixels; smaller numbers cannot be read and are left out
GROUND = {"light": "#ffffff", "dark": "#10131a"}
INK = {"light": "#14171f", "dark": "#eceff5"}
FAINT = {"light": "#8b93a3", "dark": "#77809a"}
SIGNED_MAP = {"light": "blue_orange", "dark": "blue_orange_dark"}


@lru_cache(maxsize=64)
def font(size: int) -> ImageFont.FreeTypeFont:
    face = ImageFont.truetype(str(FONT), size)
    face.set_variation_by_axes([WEIGHT])
    return face


def text_width(text: str, size: int) -> float:
    """All characters of the font are equally wide."""
    return len(text) * ADVANCE * size


@dataclass(frozen=True, eq=False)
class Shade:
    """How a group of values is coloured: signed around 0, or grey from 0 where no value is negative."""

    signed: bool
    range: tuple[float, float]
    theme: str

    @classmethod
    def of(cls, values: NDArray[np.float32], theme: str) -> Shade:
        signed = bool((values < 0).any())
        most = value_range(values, "absolute")[1]
        return cls(signed, (-most if signed else 0.0, most), theme)

    def rgb(self, values: NDArray[np.float32]) -> NDArray[np.uint8]:
        if self.signed:
            return to_rgb(values, "signed", SIGNED_MAP[self.theme], self.range)
        return to_rgb(values, "stretch", "grey", self.range)

    @property
    def words(self) -> str:
        low, high = (format_value(end) for end in self.range)
        return f"{low} blue to {high} orange" if self.signed else f"{low} black to {high} white"


class Slide:
    """Draws the steps of one convolution; the parts that no step changes are drawn once."""

    def __init__(self, settings: StepSettings, theme: str, width: int, height: int) -> None:
        self.settings = settings
        self.theme = theme
        self.layout: Layout = layout(settings, width, height)
        self.output = settings.output()
        sides = (0, 0, 0, 0) if settings.transposed else settings.padding
        self.padded = pad(settings.image, sides, settings.mode)
        self.offset = sides[0], sides[2]
        self.shades = {
            "input": Shade.of(self.padded, theme),
            "kernel": Shade.of(settings.weights, theme),
            "output": Shade.of(self.output, theme),
        }
        self.text_sizes = {
            group: _text_size([format_value(value) for value in values.ravel().tolist()], self.layout.cell)
            for group, values in (
                ("input", self.padded),
                ("kernel", settings.weights),
                ("output", self.output),
            )
        }
        self.base = self._draw_base()
        self._drawn_cells, self._canvas = 0, self.base.copy()

    @property
    def steps(self) -> int:
        return self.output.size

    def role(self, name: str) -> str:
        colour: str = getattr(ROLES[name], self.theme)
        return colour

    def draw(self, step: int) -> Image.Image:
        """The picture after `step` + 1 output cells, with the newest and the cells that it reads marked."""
        n, y, x = (int(index) for index in np.unravel_index(step, self.output.shape))
        found = sources(self.settings, n, y, x)
        picture = self._with_outputs(step + 1).copy()
        pen = ImageDraw.Draw(picture)
        self._kernel(pen, n)
        line = max(2, self.layout.cell // 14)
        for term in found.terms:
            grid = self.layout.inputs[term.channel]
            place = grid.box(term.input_y + self.offset[0], term.input_x + self.offset[1])
            pen.rectangle(place, outline=self.role("kernel"), width=line)
            row, column = self._tap(term.row, term.column)
            pen.rectangle(
                self.layout.kernel[term.channel].box(row, column), outline=self.role("kernel"), width=line
            )
        pen.rectangle(self.layout.outputs[n].box(y, x), outline=self.role("output"), width=line + 1)
        self._footer(pen, step, found, (n, y, x))
        return picture

    def _draw_base(self) -> Image.Image:
        picture = Image.new("RGB", (self.layout.width, self.layout.height), GROUND[self.theme])
        pen = ImageDraw.Draw(picture)
        height, width = self.settings.image.shape[:2]
        rows, columns = dropped_cells(self.settings)
        for channel, grid in enumerate(self.layout.inputs):
            self._cells(pen, grid, self.padded[:, :, channel], "input")
            for row in range(grid.rows):
                for column in range(grid.columns):
                    y, x = row - self.offset[0], column - self.offset[1]
                    if not (0 <= y < height and 0 <= x < width):
                        self._mark_padding(pen, grid.box(row, column))
                    if y in rows or x in columns:
                        self._hatch(pen, grid.box(row, column))
            pen.rectangle(grid.box(*self.offset, height, width), outline=self.role("input"), width=3)
        for grid in self.layout.outputs:
            for row, column in np.ndindex(grid.rows, grid.columns):  # empty until they are computed
                pen.rectangle(grid.box(row, column), outline=FAINT[self.theme])
            pen.rectangle(grid.outline, outline=self.role("output"), width=2)
        self._titles(pen)
        return picture

    def _titles(self, pen: ImageDraw.ImageDraw) -> None:
        before, after = self.settings.shape_text.split(" → ")
        kernel = "×".join(map(str, self.settings.kernels.shape[1:]))
        self._title(pen, "input", f"input {before}", self.layout.inputs)
        self._title(pen, "kernel", f"kernel {kernel}", self.layout.kernel)
        self._title(pen, "output", f"output {after}", self.layout.outputs)

    def _title(self, pen: ImageDraw.ImageDraw, role: str, text: str, grids: tuple[Grid, ...]) -> None:
        """Above its grids, as large as the column allows."""
        left, right = grids[0].outline[0], grids[-1].outline[2]
        room = max(right - left + self.layout.cell, 5 * SMALLEST_TEXT)
        size = next((s for s in range(20, SMALLEST_TEXT, -1) if text_width(text, s) <= room), SMALLEST_TEXT)
        top = min(grid.top for grid in grids) - 8
        pen.text((left, top), text, font=font(size), fill=self.role(role), anchor="ls")

    def _kernel(self, pen: ImageDraw.ImageDraw, n: int) -> None:
        """The weights as they are multiplied, so that each lies as on the input."""
        for channel, grid in enumerate(self.layout.kernel):
            self._cells(pen, grid, self.settings.weights[n, :, :, channel], "kernel")
            pen.rectangle(grid.outline, outline=self.role("kernel"), width=1)

    def _tap(self, row: int, column: int) -> tuple[int, int]:
        kh, kw = self.settings.kernels.shape[1:3]
        return (kh - 1 - row, kw - 1 - column) if self.settings.flip else (row, column)

    def _with_outputs(self, count: int) -> Image.Image:
        """The picture with the first `count` output cells; an animation adds to the frame before."""
        if count < self._drawn_cells:
            self._drawn_cells, self._canvas = 0, self.base.copy()
        pen = ImageDraw.Draw(self._canvas)
        colours = self.shades["output"].rgb(self.output.reshape(len(self.output), -1))
        for step in range(self._drawn_cells, count):
            n, y, x = (int(index) for index in np.unravel_index(step, self.output.shape))
            colour = colours[n, y * self.output.shape[2] + x]
            self._cell(pen, self.layout.outputs[n].box(y, x), float(self.output[n, y, x]), colour, "output")
        self._drawn_cells = count
        return self._canvas

    def _cells(self, pen: ImageDraw.ImageDraw, grid: Grid, values: NDArray[np.float32], group: str) -> None:
        """A grid of numbers on their colours."""
        colours = self.shades[group].rgb(values)
        for row, column in np.ndindex(values.shape):
            self._cell(pen, grid.box(row, column), float(values[row, column]), colours[row, column], group)

    def _cell(
        self, pen: ImageDraw.ImageDraw, box: Box, value: float, colour: NDArray[np.uint8], group: str
    ) -> None:
        """One cell with its colour and, where it can be read, its number."""
        red, green, blue = (int(part) for part in colour)
        pen.rectangle(box, fill=(red, green, blue), outline=FAINT[self.theme])
        if size := self.text_sizes[group]:
            ink = "#000000" if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else "#ffffff"
            centre = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
            pen.text(centre, format_value(value), font=font(size), fill=ink, anchor="mm")

    def _mark_padding(self, pen: ImageDraw.ImageDraw, box: Box) -> None:
        """A triangle in the corner: this cell is padding."""
        third = max(3, (box[2] - box[0]) // 3)
        corner = [(box[0], box[1]), (box[0] + third, box[1]), (box[0], box[1] + third)]
        pen.polygon(corner, fill=FAINT[self.theme])

    def _hatch(self, pen: ImageDraw.ImageDraw, box: Box) -> None:
        """No window reaches this cell."""
        left, top, right, bottom = box
        step = max(4, (right - left) // 4)
        for shift in range(step, right - left, step):
            pen.line([(left + shift, top), (left, top + shift)], fill=self.role("gradient"))
            pen.line([(right, top + shift), (left + shift, bottom)], fill=self.role("gradient"))

    def _footer(
        self, pen: ImageDraw.ImageDraw, step: int, found: Sources, cell: tuple[int, int, int]
    ) -> None:
        """The sum in numbers, the number of the step, and what the colours mean."""
        n, y, x = cell
        top = self.layout.height - FOOTER + 18
        of_map = f" of map {n}" if len(self.output) > 1 else ""
        head = f"row {y}, column {x}{of_map}: "
        value = format_value(self.output[cell])
        room = self.layout.width - 2 * MARGIN
        pen.text((MARGIN, top), _sum_text(head, found, value, room), font=font(17), fill=INK[self.theme])
        legend = "; ".join(f"{name} {shade.words}" for name, shade in self.shades.items())
        size = next((s for s in range(13, SMALLEST_TEXT, -1) if text_width(legend, s) <= room), SMALLEST_TEXT)
        count = f"step {step + 1} of {self.steps}"
        pen.text((MARGIN, top + 28), count, font=font(14), fill=FAINT[self.theme])
        pen.text((MARGIN, top + 50), legend, font=font(size), fill=FAINT[self.theme])


def _text_size(texts: list[str], cell: int) -> int:
    """The largest size at which every text fits into a cell; 0 where it would be too small to read."""
    size = min(cell * 0.42, 0.86 * cell / text_width(max(texts, key=len), 1))
    return int(size) if size >= SMALLEST_TEXT else 0


def _sum_text(head: str, found: Sources, value: str, room: float) -> str:
    """The sum with as many of its terms as there is room for."""
    products = [f"{_bracketed(term.value)}×{_bracketed(term.weight)}" for term in found.terms]
    bias = [f"bias {_bracketed(found.bias)}"] if found.bias else []
    for count in range(len(products), -1, -1):
        cut = ["…"] if count < len(products) else []
        text = f"{head}{' + '.join([*products[:count], *cut, *bias]) or '0'} = {value}"
        if text_width(text, 17) <= room:
            return text
    return f"{head}{value}"


def _bracketed(value: float) -> str:
    text = format_value(value)
    return f"({text})" if text.startswith("−") else text
