"""Layers of windows: convolution, and what pools share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from cnnviz.core.networks.layers.modules import Call
from cnnviz.core.networks.layers.settings import Field, LayerError, Pair, Shape, size_text
from cnnviz.core.networks.layers.windows import (
    DILATION,
    KERNEL,
    LARGEST,
    PADDING,
    STRIDE,
    WindowLayer,
    advice,
)

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["CEIL_MODE", "POOL_KERNEL", "POOL_PADDING", "POOL_STRIDE", "AvgPool", "Conv", "MaxPool", "Pool"]


@dataclass(frozen=True)
class Conv(WindowLayer):
    """2-D convolution (cross-correlation), zeros as padding.

    Output c: bias_c + Σ over the input maps of its group of kernel ⋆ map. Padding "same" adds
    dilation · (kernel − 1) cells per axis, the odd one after.
    """

    type: ClassVar[str] = "conv"
    title: ClassVar[str] = "Convolution"
    about: ClassVar[str] = "Each output map is a sum of all input maps, each filtered with its own kernel."
    group: ClassVar[str] = "Convolution"
    short_name: ClassVar[str] = "conv"
    card: ClassVar[str] = "conv {kernel} · {channels}"
    icon: ClassVar[str] = "conv"
    trained: ClassVar[bool] = True
    linear: ClassVar[bool] = True
    fields: ClassVar[tuple[Field, ...]] = (
        Field("channels", "Maps", "count", 8, 1, 4096, "c", "Feature maps that come out.", always=True),
        KERNEL,
        STRIDE,
        PADDING,
        DILATION,
        Field(
            "groups",
            "Groups",
            "count",
            1,
            1,
            4096,
            "g",
            "The maps are split into groups that do not mix.",
            card="{} groups",
        ),
        Field(
            "bias",
            "Bias",
            "switch",
            True,
            short="b",
            help="One number added to each map.",
            always=True,
            card="no bias",
        ),
    )

    channels: int = 8
    kernel: Pair = (3, 3)
    stride: Pair = (1, 1)
    padding: Pair | str = (0, 0)
    dilation: Pair = (1, 1)
    groups: int = 1
    bias: bool = True

    @property
    def label(self) -> str:
        parts = [f"conv {self.kernel[0]}×{self.kernel[1]}, {self.channels}"]
        parts += [f"stride {size_text(self.stride)}"] if self.stride != (1, 1) else []
        parts += [f"dilation {size_text(self.dilation)}"] if self.dilation != (1, 1) else []
        parts += [f"{self.groups} groups"] if self.groups > 1 else []
        return ", ".join(parts)

    @property
    def drawing_title(self) -> str:
        return f"conv {self.kernel[0]}×{self.kernel[1]}"

    @property
    def explanation(self) -> str:
        if self.groups == 1:
            return self.about
        return "Each output map is a sum of the input maps of its own group, each filtered on its own."

    def setting_texts(self) -> list[str]:
        maps = "1 map" if self.channels == 1 else f"{self.channels:,} maps"
        parts = super().setting_texts()
        bias = parts.pop() if not self.bias else ""
        groups = f"{self.groups} groups" if self.groups > 1 else ""
        return [text for text in (maps, *parts, groups, bias) if text]

    def maps_read(self, channels: int) -> int:
        return channels // self.groups

    def channels_out(self, channels: int) -> int:
        del channels
        return self.channels

    def check(self, channels: int, cells: Pair) -> None:
        super().check(channels, cells)
        if channels % self.groups or self.channels % self.groups:
            fits = [
                g
                for g in range(1, min(channels, self.channels) + 1)
                if not (channels % g or self.channels % g)
            ]
            nearest = min(fits, key=lambda g: abs(g - self.groups))
            raise LayerError(
                f"{self.groups} groups do not divide {channels} input maps and {self.channels} output maps "
                f"evenly; groups {nearest} works.",
                ({"groups": nearest},),
            )

    def parameter_count(self, shape: Shape) -> int:
        weights = self.kernel[0] * self.kernel[1] * (shape[0] // self.groups) * self.channels
        return weights + self.channels * self.bias

    def parameter_formula(self, shape: Shape) -> str:
        channels = str(shape[0]) if self.groups == 1 else f"({shape[0]}/{self.groups})"
        bias = f" + {self.channels}" if self.bias else ""
        return f"{self.kernel[0]}×{self.kernel[1]}×{channels}×{self.channels}{bias}"

    def multiply_adds(self, shape: Shape) -> int:
        _, rows, cols = self.output_shape(shape)
        return rows * cols * self.kernel[0] * self.kernel[1] * (shape[0] // self.groups) * self.channels

    def calls(self, shape: Shape) -> list[Call]:
        keywords: list[tuple[str, object]] = [("kernel_size", int_or_pair(self.kernel))]
        keywords += [("stride", int_or_pair(self.stride))] if self.stride != (1, 1) else []
        (top, bottom), (left, right) = self.pads()
        even = top == bottom and left == right
        keywords += [("padding", int_or_pair((top, left)))] if even and (top or left) else []
        keywords += [("dilation", int_or_pair(self.dilation))] if self.dilation != (1, 1) else []
        keywords += [("groups", self.groups)] if self.groups > 1 else []
        keywords += [("bias", False)] if not self.bias else []
        pad = [] if even else [Call("ZeroPad2d", ((left, right, top, bottom),))]
        return [*pad, Call("Conv2d", (shape[0], self.channels), tuple(keywords))]


POOL_KERNEL = Field("kernel", "Window", "pair", 2, 1, LARGEST, "k", "Cells of the window.", always=True)
POOL_STRIDE = Field(
    "stride",
    "Stride",
    "pair",
    None,
    1,
    LARGEST,
    "s",
    "Empty: the window's size.",
    optional=True,
    always=True,
    follows="kernel",
)
POOL_PADDING = Field(
    "padding", "Padding", "padding", 0, 0, LARGEST, "p", "Cells on each side.", card="pad {}"
)
CEIL_MODE = Field(
    "ceil_mode",
    "Ceil mode",
    "switch",
    False,
    short="m",
    help="On: one more window hangs over the end.",
    card="ceil",
)


class Pool(WindowLayer):
    """The base of pools: a stride that is the kernel by default, and padding of at most half a window.

    name:        what it is called on cards and in labels.
    torch_class: of `torch.nn`; its arguments are `leading`, the kernel and what its fields say.
    """

    group: ClassVar[str] = "Pooling"
    short_name: ClassVar[str] = "pool"
    icon: ClassVar[str] = "pool"
    name: ClassVar[str]
    torch_class: ClassVar[str]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "card" not in cls.__dict__:
            cls.card = f"{cls.name} {{kernel}}"

    @property
    def label(self) -> str:
        stride = f", stride {size_text(self.steps)}" if self.steps != self.kernel else ""
        return f"{self.name} {self.kernel[0]}×{self.kernel[1]}{stride}"

    def leading(self) -> tuple[object, ...]:
        """Arguments of the torch module before the kernel."""
        return ()

    def calls(self, shape: Shape) -> list[Call]:
        before, padding = self._padding((shape[1], shape[2]))
        keywords: list[tuple[str, object]] = []
        keywords += [("stride", int_or_pair(self.steps))] if self.steps != self.kernel else []
        keywords += padding
        keywords += [("dilation", int_or_pair(self.dilation))] if self.dilation != (1, 1) else []
        keywords += [("ceil_mode", True)] if self.ceil_mode else []
        return [*before, Call(self.torch_class, (*self.leading(), int_or_pair(self.kernel)), tuple(keywords))]

    def check_alone(self, cells: Pair) -> None:
        for axis in (0, 1):
            most = self.kernel[axis] // 2
            if not isinstance(self.padding, str) and self.padding[axis] > most:
                raise ValueError(
                    f"a padding of {self.padding[axis]} is more than half of the window of "
                    f"{self.kernel[axis]}, so windows could lie in padding alone"
                )

    def check(self, channels: int, cells: Pair) -> None:
        try:
            self.check_alone(cells)
        except ValueError as error:
            fixes = tuple(self.nearest(cells, exact=False))
            raise LayerError(f"{error}{advice(fixes)}.", fixes) from error
        super().check(channels, cells)

    def _padding(self, cells: Pair) -> tuple[list[Call], list[tuple[str, object]]]:
        """Padding as an argument of torch's pool where both sides are equal, else as a layer before it."""
        (top, bottom), (left, right) = self.pads()
        if isinstance(self.padding, str):
            bottom, right = (self._padding_that_is_read(cells[axis], axis) for axis in (0, 1))
            if not (top or bottom or left or right):
                return [], []
            return [Call("ConstantPad2d", ((left, right, top, bottom), self.fill))], []
        return [], [("padding", int_or_pair((top, left)))] if top or left else []

    def _padding_that_is_read(self, n: int, axis: int) -> int:
        """Cells of padding after the map. In ceil mode those alone that a window needs which begins before
        them: torch's pool takes padding that is a layer of its own for cells, and begins windows in it."""
        before, after = self._pads(axis)
        if not self.ceil_mode:
            return after
        end = (self._size(n, axis) - 1) * self.steps[axis] + self.spans()[axis]
        return min(after, max(end - before - n, 0))


@dataclass(frozen=True)
class MaxPool(Pool):
    """The largest value of each window; padding never wins."""

    type: ClassVar[str] = "max_pool"
    title: ClassVar[str] = "Max pooling"
    about: ClassVar[str] = "Each window of each map becomes its largest value; the number of maps stays."
    name: ClassVar[str] = "max pool"
    torch_class: ClassVar[str] = "MaxPool2d"
    fill: ClassVar[float] = float("-inf")
    fields: ClassVar[tuple[Field, ...]] = (
        POOL_KERNEL,
        POOL_STRIDE,
        POOL_PADDING,
        Field("dilation", "Dilation", "pair", 1, 1, 64, "d", "Cells from one tap to the next."),
        CEIL_MODE,
    )

    kernel: Pair = (2, 2)
    stride: Pair | None = None
    padding: Pair | str = (0, 0)
    dilation: Pair = (1, 1)
    ceil_mode: bool = False

    def check_alone(self, cells: Pair) -> None:
        super().check_alone(cells)
        for axis, name in ((0, "row"), (1, "column")):
            empty = self._empty_window(cells[axis], axis)
            if empty is not None:
                raise ValueError(
                    f"with a dilation of {self.dilation[axis]}, the windows of output {name} {empty} have "
                    "no cell of the input, only padding"
                )

    def _empty_window(self, n: int, axis: int) -> int | None:
        """The first output all of whose taps lie in the padding: it has no largest value. Dilation alone,
        whose taps stand apart, makes one."""
        between = self.dilation[axis]
        if between == 1 or not self._fits(n, axis):
            return None
        for output in range(self._size(n, axis)):
            start = output * self.steps[axis] - self._pads(axis)[0]
            first = max(-(start // between), 0)  # the first tap that does not lie before the map
            if first >= self.kernel[axis] or start + first * between >= n:
                return output
        return None


@dataclass(frozen=True)
class AvgPool(Pool):
    """The mean of each window, padding counted as zeros."""

    type: ClassVar[str] = "avg_pool"
    title: ClassVar[str] = "Average pooling"
    about: ClassVar[str] = "Each window of each map becomes its mean; the number of maps stays."
    name: ClassVar[str] = "average pool"
    torch_class: ClassVar[str] = "AvgPool2d"
    linear: ClassVar[bool] = True
    fields: ClassVar[tuple[Field, ...]] = (POOL_KERNEL, POOL_STRIDE, POOL_PADDING, CEIL_MODE)

    kernel: Pair = (2, 2)
    stride: Pair | None = None
    padding: Pair | str = (0, 0)
    ceil_mode: bool = False

    @property
    def drawing_title(self) -> str:
        return f"avg pool {self.kernel[0]}×{self.kernel[1]}"

    def on_windows(self, x: Tensor, cells: tuple[Tensor, Tensor]) -> Tensor:
        """The mean over the cells that count."""
        means = super().on_windows(x, cells)
        rows, columns = (counted / of for counted, of in zip(cells, self.kernel, strict=True))
        return means / (rows[:, None] * columns[None, :])


def int_or_pair(pair: Pair) -> int | Pair:
    """A pair as a torch argument: one number where both are equal."""
    return pair[0] if pair[0] == pair[1] else pair
