"""What convolution and pooling share: windows of a size that move by a stride over a padded map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from cnnviz.core.convolution.sizes import output_size, pad_amounts, span
from cnnviz.core.networks.layers.base import Layer
from cnnviz.core.networks.layers.receptive_field import ReceptiveField, windows_over
from cnnviz.core.networks.layers.settings import Field, Fix, LayerError, Pair, Shape, SpecError, size_text

__all__ = ["DILATION", "KERNEL", "LARGEST", "PADDING", "STRIDE", "WindowLayer", "axis_names"]

LARGEST = 512  # cells: a kernel as large as any map that one would flatten
KERNEL = Field("kernel", "Kernel", "pair", 3, 1, LARGEST, "k", "Cells of the window.", always=True)
STRIDE = Field("stride", "Stride", "pair", 1, 1, 64, "s", "The window moves by this many cells.", always=True)
PADDING = Field(
    "padding", "Padding", "padding", 0, 0, LARGEST, "p", "Cells of zeros on each side.", always=True
)
DILATION = Field(
    "dilation", "Dilation", "pair", 1, 1, 128, "d", "Cells from one tap to the next.", always=True
)


def axis_names(axes: Sequence[int], one: tuple[str, str] = ("height", "width")) -> str:
    """“height”, “width” or “height and width”."""
    return " and ".join(one[axis] for axis in axes)


class WindowLayer(Layer):
    """The arithmetic of sizes, the notice about cells that are left over, and the receptive field."""

    if TYPE_CHECKING:
        kernel: Pair
        stride: Pair | None
        padding: Pair | str
        dilation: Pair

    ceil_mode: bool = False

    @property
    def steps(self) -> Pair:
        """The stride; for a pool without one, its kernel."""
        return self.kernel if self.stride is None else self.stride

    @property
    def gaps(self) -> Pair:
        return getattr(self, "dilation", (1, 1))

    def spans(self) -> Pair:
        """Cells from a window's first tap to its last: dilation · (kernel − 1) + 1."""
        return span(self.kernel[0], self.gaps[0]), span(self.kernel[1], self.gaps[1])

    def pads(self) -> tuple[Pair, Pair]:
        """Cells of padding (before, after) along the height, then along the width."""
        rows, cols = (self._pads(axis) for axis in (0, 1))
        return rows, cols

    def _pads(self, axis: int) -> Pair:
        padding = self.padding if isinstance(self.padding, str) else self.padding[axis]
        return pad_amounts(1, self.kernel[axis], padding, self.gaps[axis])

    def sizes(self, cells: Pair) -> Pair:
        """Outputs along both axes: ⌊(n + before + after − span) / stride⌋ + 1. ValueError if none."""
        rows, cols = (self._size(cells[axis], axis) for axis in (0, 1))
        return rows, cols

    def _size(self, n: int, axis: int) -> int:
        common = {"stride": self.steps[axis], "dilation": self.gaps[axis], "ceil_mode": self.ceil_mode}
        if isinstance(self.padding, str):  # the padding is put on first, so the whole of it counts as cells
            padded = n + sum(self._pads(axis))
            return output_size(padded, self.kernel[axis], **common)  # type: ignore[arg-type]
        return output_size(n, self.kernel[axis], padding=self.padding[axis], **common)  # type: ignore[arg-type]

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
        dilated = f" with dilation {size_text(self.gaps)}" if self.gaps != (1, 1) else ""
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
        """Half-pixels: where the stride does not divide the room, what is left over and what would fit."""
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
            f"({cells[axis]}{pads} − {self.spans()[axis]}) / {self.steps[axis]} + 1 = {quotient} is no whole "
            f"number: it is rounded down, and {_lost(lost)}"
            f"{advice(self.nearest(cells, exact=True), 'fits')}."
        )

    def nearest(self, cells: Pair, *, exact: bool) -> list[Fix]:
        """For each setting the nearest change of it alone that works; `exact`: with nothing left over."""
        found: list[Fix] = []
        for name in ("padding", "kernel", "stride", "dilation"):
            if name == "stride" and not exact:
                continue
            if any(field.name == name for field in self.fields):
                value = next(
                    (v for v in self._candidates(name, exact) if self._works(name, v, cells, exact)), None
                )
                if value is not None:
                    found.append({name: value})
        return found[:3]

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
        settings: dict[str, Any] = {name: value}
        if name == "kernel" and self.stride is None:
            settings["stride"] = self.steps
        try:
            other = self.changed(**settings)
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
