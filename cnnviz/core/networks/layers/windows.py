"""The base of convolution and pooling: windows that move by a stride over a padded map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from cnnviz.core.convolution.sizes import output_size, pad_amounts, span
from cnnviz.core.networks.layers.base import Layer, Reads
from cnnviz.core.networks.layers.explain import (
    FieldFormulas,
    dimensions_text,
    window_formulas,
    window_sizes,
)
from cnnviz.core.networks.layers.receptive_field import ReceptiveField, windows_over
from cnnviz.core.networks.layers.settings import Field, Fix, LayerError, Pair, Shape, SpecError, size_text
from cnnviz.core.networks.layers.taps import Taps, repeated

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["DILATION", "KERNEL", "LARGEST", "PADDING", "STRIDE", "WindowLayer", "axis_names"]

LARGEST = 512  # cells: a kernel as large as any map that one would flatten
KERNEL = Field("kernel", "Kernel", "pair", 3, 1, LARGEST, "k", "Cells of the window.", always=True)
STRIDE = Field("stride", "Stride", "pair", 1, 1, 64, "s", "The window moves by this many cells.", always=True)
PADDING = Field(
    "padding",
    "Padding",
    "padding",
    0,
    0,
    LARGEST,
    "p",
    "Cells of zeros on each side.",
    always=True,
    card="pad {}",
)
DILATION = Field(
    "dilation", "Dilation", "pair", 1, 1, 128, "d", "Cells from one tap to the next.", always=True
)


def axis_names(axes: Sequence[int]) -> str:
    """“height”, “width” or “height and width”."""
    return " and ".join(("height", "width")[axis] for axis in axes)


class WindowLayer(Layer):
    """The arithmetic of sizes, the notice about cells that are left over, and the receptive field.

    fill:   the value in the padding.
    linear: whether the layer is a weighted sum of its window. In a linear network, one that is not is
            replaced by the mean of its window.
    """

    reads: ClassVar[Reads] = "window"
    fill: ClassVar[float] = 0.0
    linear: ClassVar[bool] = False

    if TYPE_CHECKING:
        kernel: Pair
        stride: Pair | None

    padding: Pair | str = (0, 0)
    dilation: Pair = (1, 1)
    ceil_mode: bool = False

    @property
    def steps(self) -> Pair:
        """The stride; for a pool without one, its kernel."""
        return self.kernel if self.stride is None else self.stride

    def spans(self) -> Pair:
        """Cells from a window's first tap to its last: dilation · (kernel − 1) + 1."""
        return span(self.kernel[0], self.dilation[0]), span(self.kernel[1], self.dilation[1])

    def pads(self) -> tuple[Pair, Pair]:
        """Cells of padding (before, after) along the height, then along the width."""
        rows, cols = (self._pads(axis) for axis in (0, 1))
        return rows, cols

    def _pads(self, axis: int) -> Pair:
        padding = self.padding if isinstance(self.padding, str) else self.padding[axis]
        return pad_amounts(1, self.kernel[axis], padding, self.dilation[axis])

    def sizes(self, cells: Pair) -> Pair:
        """Outputs along both axes: ⌊(n + before + after − span) / stride⌋ + 1. ValueError if none."""
        rows, cols = (self._size(cells[axis], axis) for axis in (0, 1))
        return rows, cols

    def _size(self, n: int, axis: int) -> int:
        return output_size(
            n,
            self.kernel[axis],
            stride=self.steps[axis],
            padding=self.padding if isinstance(self.padding, str) else self.padding[axis],
            dilation=self.dilation[axis],
            ceil_mode=self.ceil_mode,
        )

    def _fits(self, n: int, axis: int) -> bool:
        try:
            return self._size(n, axis) >= 1
        except ValueError:
            return False

    def channels_out(self, channels: int) -> int:
        return channels

    def output_shape(self, shape: Shape) -> Shape:
        channels, cells = self._maps(shape)
        self.check(channels, cells)
        rows, cols = self.sizes(cells)
        return self.channels_out(channels), rows, cols

    def check(self, channels: int, cells: Pair) -> None:
        """LayerError where no window fits."""
        del channels
        small = [a for a in (0, 1) if not self._fits(cells[a], a)]
        if not small:
            return
        padded = [str(cells[a] + sum(self._pads(a))) for a in small]
        spans = [str(self.spans()[a]) for a in small]
        dilated = f" with dilation {size_text(self.dilation)}" if self.dilation != (1, 1) else ""
        fixes = tuple(self.nearest(cells, exact=False))
        raise LayerError(
            f"a kernel of {size_text(self.kernel)}{dilated} spans {'×'.join(spans)} cells of the "
            f"{axis_names(small)}, but the padded input has {'×'.join(padded)}{advice(fixes)}.",
            fixes,
        )

    def left_over(self, cells: Pair) -> Pair:
        """Cells at the end of each padded axis that no window reaches; 0 in ceil mode."""
        if self.ceil_mode:
            return 0, 0
        rows, cols = ((cells[a] + sum(self._pads(a)) - self.spans()[a]) % self.steps[a] for a in (0, 1))
        return rows, cols

    def notice(self, shape: Shape) -> str:
        """Where the stride does not divide evenly: the quotient and the settings that would fit."""
        cells = self._maps(shape)[1]
        over = self.left_over(cells)
        axes = [axis for axis in (0, 1) if over[axis]]
        if not axes:
            return ""
        axis = axes[0]
        before, after = self._pads(axis)
        pads = f" + {before + after}" if before + after else ""
        room = cells[axis] + before + after - self.spans()[axis]
        quotient = f"{room / self.steps[axis] + 1:.4g}"
        lost = [max(over[a] - self._pads(a)[1], 0) for a in (0, 1)]
        return (
            f"({cells[axis]}{pads} − {self.spans()[axis]}) / {self.steps[axis]} + 1 = {quotient} is not a "
            f"whole number: it is rounded down, and {_lost(lost)}"
            f"{advice(self.nearest(cells, exact=True), 'fits')}."
        )

    def nearest(self, cells: Pair, *, exact: bool) -> list[Fix]:
        """For each setting, the nearest value that works if the others stay; `exact`: nothing left over."""
        fixes: list[Fix] = []
        for name in ("padding", "kernel", "stride", "dilation"):
            if name == "stride" and not exact:
                continue
            if any(field.name == name for field in self.fields):
                value = next(
                    (v for v in self._candidates(name, exact) if self._works(name, v, cells, exact)), None
                )
                if value is not None:
                    fixes.append({name: value})
        return fixes[:3]

    def _candidates(self, name: str, exact: bool) -> Iterator[int]:
        """Values of a setting, the nearest first; where none fits, only less kernel or dilation helps."""
        now = self.steps if name == "stride" else getattr(self, name)
        centre = 0 if isinstance(now, str) else max(now)
        field = next(field for field in self.fields if field.name == name)
        # What is left over repeats with the stride, so an exact fit is near or nowhere.
        for away in range(1, max(self.steps) + 2 if exact else LARGEST):
            both = (centre + away, centre - away) if name == "padding" else (centre - away, centre + away)
            for value in both if exact or name == "padding" else both[:1]:
                if field.low <= value <= field.high:
                    yield value

    def _works(self, name: str, value: int, cells: Pair, exact: bool) -> bool:
        try:
            other = self.changed(**{name: value})  # a stride that follows the kernel follows here too
            other.check_alone(cells)
            other.sizes(cells)
        except (ValueError, SpecError):
            return False
        return not exact or not any(other.left_over(cells))

    def check_alone(self, cells: Pair) -> None:
        """ValueError where the settings contradict each other, whatever the input."""

    def propagate(self, field: ReceptiveField, shape: Shape) -> ReceptiveField:
        output = self.output_shape(shape)
        before = self._pads(0)[0], self._pads(1)[0]
        return windows_over(field, self.spans(), self.steps, before, (output[1], output[2]))

    def taps(self, taps: Taps, before: ReceptiveField, shape: Shape) -> Taps | None:
        del shape
        return repeated(
            taps, self.kernel, (self.dilation[0] * before.jump[0], self.dilation[1] * before.jump[1])
        )

    def maps_read(self, channels: int) -> int:
        """How many of the input's maps one window reads."""
        del channels
        return 1

    def on_windows(self, x: Tensor, cells: tuple[Tensor, Tensor]) -> Tensor:
        """The output for windows that lie wholly in x (1, C, h, w), which holds its own padding.

        `cells` are the rows and the columns that count in each window: all of them, except for windows that
        hang over the padding's end in ceil mode, which read cells of `fill`.
        """
        del cells
        without_padding = {"padding": 0, "ceil_mode": False, "stride": self.steps}
        known = {field.name for field in self.fields}
        layer = self.changed(**{name: value for name, value in without_padding.items() if name in known})
        result: Tensor = layer.module(tuple(x.shape[1:]))(x)
        return result

    @property
    def field_detail(self) -> str:
        parts = [f"{self.kernel[0]}×{self.kernel[1]}"]
        parts += [f"/{size_text(self.steps)}"] if self.steps != (1, 1) else []
        parts += [f"d{size_text(self.dilation)}"] if self.dilation != (1, 1) else []
        return " ".join(parts)

    def field_formulas(self, before: ReceptiveField, after: ReceptiveField) -> FieldFormulas:
        return window_formulas(self, before, after)

    def output_text(self, shape: Shape, output: Shape) -> str:
        if len(shape) != 3:
            return dimensions_text(output)
        sizes = window_sizes(self, (shape[1], shape[2]), (output[1], output[2]))
        return f"{dimensions_text(output)}: {sizes}"

    def setting_texts(self) -> list[str]:
        parts = [f"stride {size_text(self.steps)}"] if self.steps != (1, 1) else []
        if self.padding != (0, 0):
            parts.append(
                f"padding {self.padding if isinstance(self.padding, str) else size_text(self.padding)}"
            )
        parts += [f"dilation {size_text(self.dilation)}"] if self.dilation != (1, 1) else []
        parts += ["ceil mode"] if self.ceil_mode else []
        return [*parts, *super().setting_texts()]


def _lost(lost: list[int]) -> str:
    parts = [f"{n} {name}s" if n > 1 else name for n, name in zip(lost, ("row", "column"), strict=True) if n]
    if not parts:
        return "only padding is left out"
    return f"the last {' and '.join(parts)} of the input {'is' if sum(lost) == 1 else 'are'} never read"


def advice(fixes: Sequence[Fix], verb: str = "works") -> str:
    if not fixes:
        return ""
    ways = [f"{name} {value}" for fix in fixes for name, value in fix.items()]
    return f"; {' or '.join(ways)} {verb}"
