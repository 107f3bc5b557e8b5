"""The settings of the page "Step by step": a small picture, kernels, and how they are applied."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.core.convolution.padding import OUTSIDE, PaddingMode, check_mode
from cnnviz.core.convolution.sizes import as_integer, as_pair, span
from cnnviz.core.kernels.model import LARGEST
from cnnviz.core.steps.axes import Axis, AxisSettings, convolution_axis, transposed_axis

Floats = NDArray[np.float32]
Sides = tuple[int, int, int, int]


@dataclass(frozen=True, eq=False)
class StepSettings:
    """A small picture, the kernels that slide over it, and how they are applied.

    image:      (H, W, C); (H, W) means one channel.
    kernels:    (N, kh, kw, C), one kernel for each output map; (kh, kw) and (kh, kw, C) mean one map.
    bias:       (N,), added to every cell of its map; left out or empty, it is 0.
    padding:    (top, bottom, left, right) cells; of a transposed convolution, cells cut off the output.
    mode:       how the padding is filled, see `pad`; a transposed convolution knows only "zeros".
    stride, dilation: (vertical, horizontal).
    flip:       turn every kernel by 180° before multiplying (mathematical convolution).
    transposed: transposed convolution, torch's conv_transpose2d (see `conv_transpose2d`).

    Arrays are kept as read-only float32 copies. Raises ValueError or TypeError, one sentence with the numbers
    in it, where there is nothing to compute.
    """

    image: Floats
    kernels: Floats
    bias: Floats = field(default_factory=lambda: np.zeros(0, np.float32))
    padding: Sides = (0, 0, 0, 0)
    mode: PaddingMode = "zeros"
    stride: tuple[int, int] = (1, 1)
    dilation: tuple[int, int] = (1, 1)
    flip: bool = False
    transposed: bool = False

    def __post_init__(self) -> None:
        image, kernels = _as_image(self.image), _as_kernels(self.kernels)
        bias = _finite_array(self.bias, "bias") if np.size(self.bias) else np.zeros(len(kernels), np.float32)
        for name, values in (("image", image), ("kernels", kernels), ("bias", bias)):
            values.flags.writeable = False
            object.__setattr__(self, name, values)
        if kernels.shape[3] != image.shape[2]:
            raise ValueError(
                f"The kernels have {_plural(kernels.shape[3], 'channel')}, the picture {image.shape[2]}; "
                "they must match."
            )
        if self.bias.shape != kernels.shape[:1]:
            raise ValueError(
                f"There must be one bias for each of the {_plural(len(kernels), 'map')}, "
                f"but the biases have the shape {self.bias.shape}."
            )
        if len(self.padding) != 4:
            raise ValueError(f"padding is (top, bottom, left, right), not {len(self.padding)} numbers.")
        object.__setattr__(self, "padding", tuple(as_integer(side, "padding", 0) for side in self.padding))
        object.__setattr__(self, "stride", as_pair(self.stride, "stride", 1))
        object.__setattr__(self, "dilation", as_pair(self.dilation, "dilation", 1))
        if check_mode(self.mode) != "zeros" and self.transposed:
            raise ValueError(
                f'A transposed convolution cuts its padding off the output, so the mode is "zeros", '
                f'not "{self.mode}".'
            )
        for name, axis in zip(("tall", "wide"), self.axis_settings, strict=True):
            _check_fit(axis, name, self.transposed)

    @cached_property
    def weights(self) -> Floats:
        """The kernels as they are multiplied, (N, kh, kw, C): turned by 180° where `flip` is on."""
        return self.kernels[:, ::-1, ::-1] if self.flip else self.kernels

    @property
    def axis_settings(self) -> tuple[AxisSettings, AxisSettings]:
        """The settings of the vertical and of the horizontal axis."""
        top, bottom, left, right = self.padding
        height, width = self.image.shape[:2]
        kh, kw = self.kernels.shape[1:3]
        return (
            AxisSettings(height, kh, top, bottom, self.stride[0], self.dilation[0]),
            AxisSettings(width, kw, left, right, self.stride[1], self.dilation[1]),
        )

    @cached_property
    def axes(self) -> tuple[Axis, Axis]:
        """Which input cells the outputs read, vertically and horizontally."""
        rows, columns = self.axis_settings
        if self.transposed:
            return transposed_axis(rows), transposed_axis(columns)
        return convolution_axis(rows, self.mode), convolution_axis(columns, self.mode)

    @property
    def size(self) -> tuple[int, int]:
        """(H', W') of each output map."""
        rows, columns = self.axes
        return rows.outputs, columns.outputs

    @property
    def shape_text(self) -> str:
        """Shapes in and out, as in "6×6×3 → 4×4×2"."""
        return (
            f"{'×'.join(map(str, self.image.shape))} → {'×'.join(map(str, (*self.size, len(self.kernels))))}"
        )

    def output(self) -> Floats:
        """All output maps, float32 (N, H', W').

        out[n, y, x] = Σ_c (Σ_i Σ_j weights[n, i, j, c] · input[…, c]) + bias[n], added up in float64 in this
        order and rounded once, so that `sources(…).total` is exactly this number.
        """
        return weighted_sums(self.image, self.weights, self.bias, self.axes)


def weighted_sums(image: Floats, weights: Floats, bias: Floats, axes: tuple[Axis, Axis]) -> Floats:
    """The sums that `StepSettings.output` describes, one kernel tap at a time over all maps and cells."""
    rows, columns = axes
    pixels = image.astype(np.float64)
    partial = np.zeros((len(weights), rows.outputs, columns.outputs, image.shape[2]))
    for tap in np.ndindex(weights.shape[1:3]):
        ys, xs = rows.cell[:, tap[0]], columns.cell[:, tap[1]]
        values = pixels[ys[:, None], xs]
        values[(ys == OUTSIDE)[:, None] | (xs == OUTSIDE)] = 0
        partial += weights[:, tap[0], tap[1]].astype(np.float64)[:, None, None] * values
    total = np.zeros(partial.shape[:3])
    for channel in range(partial.shape[3]):
        total += partial[..., channel]
    total += bias.astype(np.float64)[:, None, None]
    return total.astype(np.float32)


def _finite_array(values: ArrayLike, name: str) -> Floats:
    with np.errstate(over="ignore"):  # what is too large for float32 becomes infinity, refused below
        array = np.array(values, dtype=np.float32)
    if not np.isfinite(array).all():
        raise ValueError(f"The {name} must hold finite numbers; there is NaN or infinity in it.")
    return array


def _as_image(values: ArrayLike) -> Floats:
    """(H, W, C)."""
    array = _finite_array(values, "picture")
    array = array[:, :, None] if array.ndim == 2 else array
    if array.ndim != 3 or array.size == 0:
        raise ValueError(f"A picture has the shape (H, W) or (H, W, C), not {array.shape}.")
    return array


def _as_kernels(values: ArrayLike) -> Floats:
    """(N, kh, kw, C)."""
    array = _finite_array(values, "kernels")
    array = array[:, :, None] if array.ndim == 2 else array
    array = array[None] if array.ndim == 3 else array
    if array.ndim != 4 or array.size == 0:
        raise ValueError(
            f"Kernels have the shape (kh, kw), (kh, kw, C) or (N, kh, kw, C), not {array.shape}."
        )
    if max(array.shape[1:3]) > LARGEST:
        raise ValueError(
            f"The kernels are {array.shape[1]}×{array.shape[2]}, but the largest is {LARGEST}×{LARGEST}."
        )
    return array


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _check_fit(axis: AxisSettings, name: str, transposed: bool) -> None:
    """Raise where an axis would have no output."""
    reach = span(axis.k, axis.dilation)
    if transposed and axis.transposed_size < 1:
        raise ValueError(
            f"The output would be {axis.transposed_size + axis.before + axis.after} cells {name}, and the "
            f"padding cuts off {axis.before} + {axis.after}; nothing would be left."
        )
    if not transposed and axis.slack < 0:
        raise ValueError(
            f"A kernel of {axis.k} with dilation {axis.dilation} is {_plural(reach, 'cell')} {name}, "
            f"but the padded picture is only {axis.slack + reach} {name}."
        )
