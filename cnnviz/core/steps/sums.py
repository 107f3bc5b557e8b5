"""Convolution one step at a time, on pictures small enough to read every number.

Everything that is shown about a step comes from one table (:mod:`.axes`): which weight multiplies which input
cell for which output cell. `sources`, `uses_of_input` and `uses_of_weight` list its terms by output cell, by
input cell and by weight, and `StepSettings.output` adds up the same products in the same order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.convolution.padding import OUTSIDE
from cnnviz.core.steps.settings import StepSettings
from cnnviz.core.steps.stamps import conv_transpose2d, stamp

__all__ = [
    "Sources",
    "StepSettings",
    "Term",
    "conv_transpose2d",
    "dropped_cells",
    "sources",
    "stamp",
    "unread_cells",
    "uses_of_input",
    "uses_of_weight",
]


@dataclass(frozen=True)
class Term:
    """One multiplication: an input cell, a weight, and the output cell that their product goes into.

    map, y, x:            the output cell.
    row, column, channel: the weight's place in `settings.kernels[map]`, as the kernel is written.
    input_y, input_x:     where the weight lies on the input; outside the picture in the padding.
    inside:               whether that place is on the picture.
    cell:                 the input cell whose value stands there; None for a zero of the padding.
    value, weight, product: the numbers.
    """

    map: int
    y: int
    x: int
    row: int
    column: int
    channel: int
    input_y: int
    input_x: int
    inside: bool
    cell: tuple[int, int] | None
    value: float
    weight: float
    product: float


@dataclass(frozen=True)
class Sources:
    """The terms of one output cell: total = Σ partial + bias, partial[c] = Σ of the channel's products.

    `total` is float64; rounded to float32 it is the cell of `StepSettings.output`.
    """

    terms: tuple[Term, ...]
    partial: tuple[float, ...]
    bias: float
    total: float


def _term(settings: StepSettings, n: int, y: int, x: int, row: int, column: int, channel: int) -> Term:
    """The multiplication that tap (row, column) of the weights as they are multiplied does for (y, x)."""
    rows, columns = settings.axes
    height, width = settings.image.shape[:2]
    in_y, in_x = int(rows.position[y, row]), int(columns.position[x, column])
    at_y, at_x = int(rows.cell[y, row]), int(columns.cell[x, column])
    outside = OUTSIDE in (at_y, at_x)
    value = 0.0 if outside else float(settings.image[at_y, at_x, channel])
    weight = float(settings.weights[n, row, column, channel])
    written = _as_written(settings, row, column)
    return Term(
        map=n,
        y=y,
        x=x,
        row=written[0],
        column=written[1],
        channel=channel,
        input_y=in_y,
        input_x=in_x,
        inside=0 <= in_y < height and 0 <= in_x < width,
        cell=None if outside else (at_y, at_x),
        value=value,
        weight=weight,
        product=value * weight,
    )


def _as_written(settings: StepSettings, row: int, column: int) -> tuple[int, int]:
    """A place in the weights as multiplied → in the kernel as written; it is its own inverse."""
    kh, kw = settings.kernels.shape[1:3]
    return (kh - 1 - row, kw - 1 - column) if settings.flip else (row, column)


def sources(settings: StepSettings, n: int, y: int, x: int) -> Sources:
    """Every multiplication behind output cell (y, x) of map `n`, by channel and then by tap.

    Raises IndexError with the numbers where there is no such cell.
    """
    _check_index(n, len(settings.kernels), "map")
    _check_index(y, settings.size[0], "output row")
    _check_index(x, settings.size[1], "output column")
    rows, columns = settings.axes
    terms, partial = [], []
    for channel in range(settings.image.shape[2]):
        part = [
            _term(settings, n, y, x, row, column, channel)
            for row in rows.taps_of(y)
            for column in columns.taps_of(x)
        ]
        terms += part
        partial.append(_sum_in_order([term.product for term in part]))
    bias = float(settings.bias[n])
    return Sources(tuple(terms), tuple(partial), bias, _sum_in_order(partial) + bias)


def uses_of_input(settings: StepSettings, y: int, x: int, channel: int | None = None) -> tuple[Term, ...]:
    """Every multiplication that input cell (y, x) takes part in, also through its copies in the padding.

    All channels unless one is named. Raises IndexError with the numbers where there is no such cell.
    """
    height, width, channels = settings.image.shape
    _check_index(y, height, "input row")
    _check_index(x, width, "input column")
    if channel is not None:
        _check_index(channel, channels, "channel")
    rows, columns = settings.axes
    return tuple(
        _term(settings, n, out_y, out_x, row, column, each)
        for n in range(len(settings.kernels))
        for each in (range(channels) if channel is None else (channel,))
        for out_y, row in rows.readers_of(y)
        for out_x, column in columns.readers_of(x)
    )


def uses_of_weight(settings: StepSettings, n: int, row: int, column: int, channel: int) -> tuple[Term, ...]:
    """Every multiplication that one weight does, (row, column) in the kernel of map `n` as it is written.

    One for each output cell; fewer in a transposed convolution, where the padding cuts some off.
    Raises IndexError with the numbers where there is no such weight.
    """
    maps, kh, kw, channels = settings.kernels.shape
    for index, count, name in (
        (n, maps, "map"),
        (row, kh, "kernel row"),
        (column, kw, "kernel column"),
        (channel, channels, "channel"),
    ):
        _check_index(index, count, name)
    tap_y, tap_x = _as_written(settings, row, column)
    rows, columns = settings.axes
    return tuple(
        _term(settings, n, y, x, tap_y, tap_x, channel)
        for y in rows.outputs_of(tap_y)
        for x in columns.outputs_of(tap_x)
    )


def dropped_cells(settings: StepSettings) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The last rows and columns of the padded picture that no window reaches, because the stride does not
    divide evenly: input coordinates, past the last cell in the padding. A transposed convolution has none.
    """
    if settings.transposed:
        return (), ()
    last = [axis.slack % axis.stride for axis in settings.axis_settings]
    ends = [axis.n + axis.after for axis in settings.axis_settings]
    rows, columns = (tuple(range(end - count, end)) for end, count in zip(ends, last, strict=True))
    return rows, columns


def unread_cells(settings: StepSettings) -> NDArray[np.bool_]:
    """True for each cell of the padded picture (H + top + bottom, W + left + right) that no weight reads.

    Besides `dropped_cells` these are the gaps that a stride larger than the kernel, or a dilation, leaves.
    For a transposed convolution: the input cells all of whose products are cut off, (H, W).
    """
    read = []
    for given, axis in zip(settings.axis_settings, settings.axes, strict=True):
        before, after = (0, 0) if settings.transposed else (given.before, given.after)
        touched = np.zeros(given.n + before + after, dtype=bool)
        touched[axis.position[axis.connected] + before] = True
        read.append(touched)
    return ~np.logical_and.outer(*read)


def _sum_in_order(numbers: list[float]) -> float:
    """Added up one after the other, as `output` does it (`sum` compensates for rounding from Python 3.12)."""
    total = 0.0
    for number in numbers:
        total += number
    return total


def _check_index(index: int, count: int, name: str) -> None:
    if not 0 <= index < count:
        raise IndexError(f"There is no {name} {index}; they go from 0 to {count - 1}.")
