"""Layers of windows: convolution and the two pools."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

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

__all__ = ["AvgPool", "Conv", "MaxPool"]


@dataclass(frozen=True)
class Conv(WindowLayer):
    """2-D convolution (cross-correlation), zeros as padding.

    Output c: bias_c + Σ over the input maps of its group of kernel ⋆ map. Padding "same" adds
    dilation · (kernel − 1) cells per axis, the odd one after.
    """

    type: ClassVar[str] = "conv"
    title: ClassVar[str] = "Convolution"
    about: ClassVar[str] = (
        "Each output map is a sum of all input maps, each filtered with a kernel of its own."
    )
    group: ClassVar[str] = "Convolution"
    fields: ClassVar[tuple[Field, ...]] = (
        Field("channels", "Maps", "count", 8, 1, 4096, "c", "Feature maps that come out.", always=True),
        KERNEL,
        STRIDE,
        PADDING,
        DILATION,
        Field(
            "groups", "Groups", "count", 1, 1, 4096, "g", "The maps are split into groups that do not mix."
        ),
        Field("bias", "Bias", "switch", True, short="b", help="One number added to each map.", always=True),
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
        named: list[tuple[str, object]] = [("kernel_size", _plain(self.kernel))]
        named += [("stride", _plain(self.stride))] if self.stride != (1, 1) else []
        (top, bottom), (left, right) = self.pads()
        even = top == bottom and left == right
        named += [("padding", _plain((top, left)))] if even and (top or left) else []
        named += [("dilation", _plain(self.dilation))] if self.dilation != (1, 1) else []
        named += [("groups", self.groups)] if self.groups > 1 else []
        named += [("bias", False)] if not self.bias else []
        pad = [] if even else [Call("ZeroPad2d", ((left, right, top, bottom),))]
        return [*pad, Call("Conv2d", (shape[0], self.channels), tuple(named))]


class _Pool(WindowLayer):
    """What the pools share: a stride that is the kernel by default, and padding of at most half a window."""

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

    def _padding(self, fill: float) -> tuple[list[Call], list[tuple[str, object]]]:
        """Padding as an argument of torch's pool where it is even, else as a layer before it."""
        (top, bottom), (left, right) = self.pads()
        if isinstance(self.padding, str):
            if not (top or bottom or left or right):
                return [], []
            return [Call("ConstantPad2d", ((left, right, top, bottom), fill))], []
        return [], [("padding", _plain((top, left)))] if top or left else []


_POOL_KERNEL = Field("kernel", "Window", "pair", 2, 1, LARGEST, "k", "Cells of the window.", always=True)
_POOL_STRIDE = Field(
    "stride", "Stride", "pair", None, 1, LARGEST, "s", "Empty: the window's size.", optional=True, always=True
)
_POOL_PADDING = Field("padding", "Padding", "padding", 0, 0, LARGEST, "p", "Cells on each side.")
_CEIL = Field(
    "ceil_mode", "Ceil mode", "switch", False, short="m", help="On: one more window hangs over the end."
)


@dataclass(frozen=True)
class MaxPool(_Pool):
    """The largest value of each window; padding never wins."""

    type: ClassVar[str] = "max_pool"
    title: ClassVar[str] = "Max pooling"
    about: ClassVar[str] = "Each window of each map becomes its largest value; the number of maps stays."
    group: ClassVar[str] = "Pooling"
    fields: ClassVar[tuple[Field, ...]] = (
        _POOL_KERNEL,
        _POOL_STRIDE,
        _POOL_PADDING,
        Field("dilation", "Dilation", "pair", 1, 1, 64, "d", "Cells from one tap to the next."),
        _CEIL,
    )

    kernel: Pair = (2, 2)
    stride: Pair | None = None
    padding: Pair | str = (0, 0)
    dilation: Pair = (1, 1)
    ceil_mode: bool = False

    @property
    def label(self) -> str:
        return _pool_label("max pool", self)

    def calls(self, shape: Shape) -> list[Call]:
        del shape
        before, padding = self._padding(float("-inf"))
        dilation = [("dilation", _plain(self.dilation))] if self.dilation != (1, 1) else []
        return [
            *before,
            Call("MaxPool2d", (_plain(self.kernel),), (*_moves(self), *padding, *dilation, *_ceil(self))),
        ]


@dataclass(frozen=True)
class AvgPool(_Pool):
    """The mean of each window, padding counted as zeros."""

    type: ClassVar[str] = "avg_pool"
    title: ClassVar[str] = "Average pooling"
    about: ClassVar[str] = "Each window of each map becomes its mean; the number of maps stays."
    group: ClassVar[str] = "Pooling"
    fields: ClassVar[tuple[Field, ...]] = (_POOL_KERNEL, _POOL_STRIDE, _POOL_PADDING, _CEIL)

    kernel: Pair = (2, 2)
    stride: Pair | None = None
    padding: Pair | str = (0, 0)
    ceil_mode: bool = False

    @property
    def label(self) -> str:
        return _pool_label("average pool", self)

    def calls(self, shape: Shape) -> list[Call]:
        del shape
        before, padding = self._padding(0.0)
        return [*before, Call("AvgPool2d", (_plain(self.kernel),), (*_moves(self), *padding, *_ceil(self)))]


def _plain(pair: Pair) -> int | Pair:
    return pair[0] if pair[0] == pair[1] else pair


def _moves(pool: WindowLayer) -> list[tuple[str, object]]:
    return [("stride", _plain(pool.steps))] if pool.steps != pool.kernel else []


def _ceil(pool: WindowLayer) -> list[tuple[str, object]]:
    return [("ceil_mode", True)] if pool.ceil_mode else []


def _pool_label(name: str, pool: WindowLayer) -> str:
    stride = f", stride {size_text(pool.steps)}" if pool.steps != pool.kernel else ""
    return f"{name} {pool.kernel[0]}×{pool.kernel[1]}{stride}"
