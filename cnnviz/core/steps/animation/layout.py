"""The positions of the grids on a slide, and the size of their cells."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from cnnviz.core.steps.sums import StepSettings

Box = tuple[int, int, int, int]

TITLE = 34  # pixels above the grids
FOOTER = 96  # pixels below them, for the sum and the legend
MARGIN = 20
GAP = 1.2  # cells between the columns
SMALL_GAP = 0.45  # and between the channels of one
LARGEST_CELL = 58
SMALLEST_CELL = 4


@dataclass(frozen=True)
class Grid:
    """One grid of cells: its upper left corner and the side of a cell in pixels."""

    left: int
    top: int
    rows: int
    columns: int
    cell: int

    def box(self, row: int, column: int, rows: int = 1, columns: int = 1) -> Box:
        """(left, top, right, bottom) of a cell or a block of cells, both ends included."""
        left, top = self.left + column * self.cell, self.top + row * self.cell
        return left, top, left + columns * self.cell, top + rows * self.cell

    @property
    def outline(self) -> Box:
        return self.box(0, 0, self.rows, self.columns)


@dataclass(frozen=True)
class Layout:
    """The grids of the input (one for each channel, with its padding), of the kernel and of the maps."""

    width: int
    height: int
    cell: int
    inputs: tuple[Grid, ...]
    kernel: tuple[Grid, ...]
    outputs: tuple[Grid, ...]


@dataclass(frozen=True)
class _Column:
    """Some equal grids, below each other or side by side."""

    count: int
    rows: int
    columns: int
    side_by_side: bool

    @property
    def size(self) -> tuple[float, float]:
        """(wide, tall) in cells."""
        spread = (self.count - 1) * SMALL_GAP
        if self.side_by_side:
            return self.count * self.columns + spread, float(self.rows)
        return float(self.columns), self.count * self.rows + spread

    def grids(self, left: float, top: float, cell: int) -> tuple[Grid, ...]:
        step = ((self.columns if self.side_by_side else self.rows) + SMALL_GAP) * cell
        return tuple(
            Grid(
                round(left + step * i * self.side_by_side),
                round(top + step * i * (not self.side_by_side)),
                self.rows,
                self.columns,
                cell,
            )
            for i in range(self.count)
        )


def layout(settings: StepSettings, width: int, height: int) -> Layout:
    """The layout within width × height pixels whose cells are largest."""
    return max(
        (_arrange(columns, width, height) for columns in _choices(settings)), key=lambda layout: layout.cell
    )


def _choices(settings: StepSettings) -> list[tuple[_Column, _Column, _Column]]:
    """Every way to stack the three columns."""
    maps, kh, kw, channels = settings.kernels.shape
    top, bottom, left, right = (0, 0, 0, 0) if settings.transposed else settings.padding
    rows, columns = settings.image.shape[0] + top + bottom, settings.image.shape[1] + left + right
    return [
        (
            _Column(channels, rows, columns, directions[0]),
            _Column(channels, kh, kw, directions[1]),
            _Column(maps, *settings.size, directions[2]),
        )
        for directions in product((False, True), repeat=3)
    ]


def _arrange(columns: tuple[_Column, ...], width: int, height: int) -> Layout:
    wide = sum(column.size[0] for column in columns) + 2 * GAP
    tall = max(column.size[1] for column in columns)
    room = width - 2 * MARGIN, height - 2 * MARGIN - TITLE - FOOTER
    cell = max(SMALLEST_CELL, min(LARGEST_CELL, int(room[0] / wide), int(room[1] / tall)))
    left, placed = float(MARGIN), []
    for column in columns:
        top = MARGIN + TITLE + (tall - column.size[1]) * cell / 2
        placed.append(column.grids(left, top, cell))
        left += (column.size[0] + GAP) * cell
    total = max(round(left - GAP * cell + MARGIN), min(width, 640))
    return Layout(total, round(MARGIN + TITLE + tall * cell + FOOTER), cell, *placed)
