"""The shift test: what happens to a map, and to four ways of making it smaller, when the picture moves.

The map is looked at through a fixed frame while it moves below by whole cells, so that real cells come in at
the border and no value has to be made up. Every reduction takes one number per s × s cells,
so a cell of the result can move only by s cells at a time: a shift that is not a multiple of s puts other
cells into each window. R. Zhang, "Making Convolutional Networks Shift-Invariant Again" (2019) tests networks
like this.
"""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.core.convolution.convolve import convolve2d
from cnnviz.core.pooling.pool import pool2d

Reduction = Literal["map", "max", "average", "stride", "blur"]
Values = NDArray[np.float32]
Shift = tuple[int, int]

MOST_SHIFT = 8
MOST_CELLS = 480
LEAST_OUTPUTS = 4


@dataclass(frozen=True)
class Frame:
    """The part of the map (H, W) that is looked at: `rows` × `cols` cells from (`top`, `left`).

    limit: the largest shift, in cells, at which every window still lies on the map.
    """

    top: int
    left: int
    rows: int
    cols: int
    limit: int


@dataclass(frozen=True, eq=False)
class ShiftResult:
    """One reduction before and after a shift, both (rows / s, cols / s).

    stay: after − before, cell by cell: 0 where the shift changed nothing (invariance).
    along: after − (before moved with the picture), (rows, cols), each number drawn over its s × s cells:
    0 where the result moves exactly as the picture does (equivariance).
    spread: standard deviation of `before`, the unit for the differences.
    """

    before: Values
    after: Values
    stay: Values
    along: Values
    spread: float

    @property
    def moved(self) -> float:
        """Mean |along|."""
        return float(np.abs(self.along).mean(dtype=np.float64))

    @property
    def changed(self) -> float:
        """Mean |stay|."""
        return float(np.abs(self.stay).mean(dtype=np.float64))

    @property
    def unchanged_share(self) -> float:
        """The share of cells, 0 … 1, that have exactly the value they had."""
        return float((self.stay == 0).mean())


def frame_for(shape: tuple[int, int], size: int, stride: int) -> Frame:
    """The largest frame of whole s × s blocks in the middle of a map (H, W), at most 480 cells a side.

    Raises ValueError with the numbers in it where the map is too small for a shift by one cell.
    """
    least = 2 * (1 + size + stride) + LEAST_OUTPUTS * stride
    if min(shape) < least:
        raise ValueError(
            f"a shift test with a window of {size} and a stride of {stride} needs a map of at least "
            f"{least}×{least} cells; this one has {shape[0]}×{shape[1]}"
        )
    limit = min(MOST_SHIFT, 1 + (min(shape) - least) // 2)
    margin = limit + size + stride
    rows, cols = (min(n - 2 * margin, MOST_CELLS) // stride * stride for n in shape)
    return Frame((shape[0] - rows) // 2, (shape[1] - cols) // 2, rows, cols, limit)


def triangle_kernel(stride: int) -> NDArray[np.float64]:
    """The blur before taking every s-th cell: a box of s cells averaged twice, (2s − 1) × (2s − 1), sum 1.

    For s = 2 it is the binomial kernel (1, 2, 1)/4 in both directions.
    """
    line = np.convolve(np.ones(stride), np.ones(stride)) / stride**2
    return np.outer(line, line)


def reduce_map(
    values: ArrayLike, frame: Frame, reduction: Reduction, size: int, stride: int, shift: Shift = (0, 0)
) -> Values:
    """The result on the map moved by `shift` (down, right): float32 (rows / s, cols / s).

    Cell (i, j) reads the map from cell (top + s·i − down, left + s·j − right) on: "max" and "average" pool
    the size × size window that begins there, "stride" takes that cell alone, "blur" the mean around it
    weighted by `triangle_kernel`. "map" is the map itself, s = 1.
    """
    return _block(values, frame, reduction, size, stride, (-shift[0], -shift[1]), (0, 0))


def shift_test(
    values: ArrayLike, frame: Frame, reduction: Reduction, size: int, stride: int, shift: Shift
) -> ShiftResult:
    """A reduction before and after the map moves by `shift` (down, right), and both differences.

    Raises ValueError where the shift is beyond the frame's limit or the reduction does not exist.
    """
    if max(abs(shift[0]), abs(shift[1])) > frame.limit:
        raise ValueError(f"a shift of {shift[0]} and {shift[1]} is beyond the limit of {frame.limit} cells")
    step = 1 if reduction == "map" else stride
    before = reduce_map(values, frame, reduction, size, stride)
    after = reduce_map(values, frame, reduction, size, stride, shift)
    # Which cell of `before` lies under each cell of the frame once it has moved along; some are outside it.
    rows = (np.arange(frame.rows) - shift[0]) // step
    cols = (np.arange(frame.cols) - shift[1]) // step
    first = int(rows[0]), int(cols[0])
    extra = int(rows[-1]) + 1 - first[0], int(cols[-1]) + 1 - first[1]
    wider = _block(values, frame, reduction, size, stride, (step * first[0], step * first[1]), extra)
    moved = wider[np.ix_(rows - first[0], cols - first[1])]
    enlarged = np.repeat(np.repeat(after, step, axis=0), step, axis=1)
    return ShiftResult(before, after, after - before, enlarged - moved, float(before.std(dtype=np.float64)))


def _block(
    values: ArrayLike,
    frame: Frame,
    reduction: Reduction,
    size: int,
    stride: int,
    offset: Shift,
    shape: tuple[int, int],
) -> Values:
    """Cells of the result whose first window begins `offset` cells from the frame's corner; a shape of
    (0, 0) means as many as the frame has."""
    if reduction not in get_args(Reduction):
        names = ", ".join(f'"{name}"' for name in get_args(Reduction))
        raise ValueError(f"reduction must be one of {names}, not {reduction!r}")
    step = 1 if reduction == "map" else stride
    rows, cols = shape if shape != (0, 0) else (frame.rows // step, frame.cols // step)
    reach = size if reduction in ("max", "average") else 1
    border = stride - 1 if reduction == "blur" else 0
    top, left = frame.top + offset[0] - border, frame.left + offset[1] - border
    tall, wide = ((n - 1) * step + reach + 2 * border for n in (rows, cols))
    part = np.asarray(values)[top : top + tall, left : left + wide]
    if reduction in ("max", "average"):
        return pool2d(part, size, stride=step, mode="max" if reduction == "max" else "average")
    if reduction == "blur":
        return convolve2d(part, triangle_kernel(stride), padding="valid", stride=step)
    return np.ascontiguousarray(part[::step, ::step], dtype=np.float32)
