"""Run a stack of map layers only where one region of its output depends on the input: the cone under it.

A region is ((first row, last row + 1), (first column, last column + 1)). What reaches beyond a map is
padding. The values are those of the whole network, at the cost of the cone alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812  # the field's name for it

from cnnviz.core.networks.layers import Conv, Layer, Residual, Shape
from cnnviz.core.networks.layers.windows import WindowLayer
from cnnviz.engine.config.errors import EngineError

Span = tuple[int, int]
Region = tuple[Span, Span]


class Rules(Protocol):
    """What the layers of a cone compute; asked in the stack's order, a block's layers before its shortcut."""

    averages: bool  # a pool that is no weighted sum gives the mean of its window

    def convolve(self, conv: Conv, x: Tensor) -> Tensor:
        """The convolution of x (1, C, h, w), padding included in x."""
        ...

    def pointwise(self, layer: Layer, x: Tensor) -> Tensor:
        """What a layer that keeps its shape does to x (1, C, h, w)."""
        ...


def needed(layers: Sequence[Layer], shape: Shape, wanted: Region) -> Region:
    """The part of the input, an array of this (C, H, W), that `wanted` of the stack's output depends on."""
    return _regions(layers, _shapes(layers, shape), wanted)[0]


def run(layers: Sequence[Layer], shape: Shape, x: Tensor, wanted: Region, rules: Rules) -> Tensor:
    """`wanted` of the stack's output, (1, C, rows, columns), from x = `needed(layers, shape, wanted)` of the
    input.
    """
    shapes = _shapes(layers, shape)
    regions = _regions(layers, shapes, wanted)
    for number, layer in enumerate(layers):
        x = _apply(layer, shapes[number], x, regions[number + 1], rules)
    return x


def work(layers: Sequence[Layer], shape: Shape, wanted: Region, most_maps: int) -> int:
    """Multiply-adds of `run`, where no layer has more than so many maps; a pool counts its windows' cells."""
    shapes = _shapes(layers, shape)
    regions = _regions(layers, shapes, wanted)
    return sum(
        _work(layer, before, region, most_maps)
        for layer, before, region in zip(layers, shapes, regions[1:], strict=False)
    )


def _work(layer: Layer, shape: Shape, wanted: Region, most_maps: int) -> int:
    if isinstance(layer, Residual):
        return sum(work(branch, shape, wanted, most_maps) for branch in (layer.layers, _path(layer, shape)))
    cells = math.prod(stop - start for start, stop in wanted) * min(shape[0], most_maps)
    if isinstance(layer, WindowLayer):
        cells *= math.prod(layer.kernel)
    return cells * min(layer.channels, most_maps) if isinstance(layer, Conv) else cells


def _regions(layers: Sequence[Layer], shapes: Sequence[Shape], wanted: Region) -> list[Region]:
    """The part of the input and of every layer's output that `wanted` of the last one depends on."""
    regions = [wanted]
    for layer, before in zip(reversed(layers), reversed(shapes[: len(layers)]), strict=True):
        regions.append(_needed_by(layer, before, regions[-1]))
    return regions[::-1]


def _shapes(layers: Sequence[Layer], shape: Shape) -> list[Shape]:
    shapes = [shape]
    for layer in layers:
        shapes.append(layer.output_shape(shapes[-1]))
    return shapes


def _needed_by(layer: Layer, shape: Shape, wanted: Region) -> Region:
    if isinstance(layer, WindowLayer):
        return _clip(_reach(layer, wanted), shape)
    if isinstance(layer, Residual):
        path = _path(layer, shape)
        return _union(needed(layer.layers, shape, wanted), needed(path, shape, wanted))
    if layer.reads != "cell":
        raise EngineError(f"The effective field of {layer.title.lower()} is not known.")
    return wanted


def _path(block: Residual, shape: Shape) -> list[Layer]:
    """The shortcut as a stack; an empty one is the identity."""
    if block.shortcut == "identity":
        return []
    path = block.projection(shape, block.output_shape(shape))
    return [path] if path else []


def _apply(layer: Layer, shape: Shape, x: Tensor, wanted: Region, rules: Rules) -> Tensor:
    if isinstance(layer, WindowLayer):
        return _windows(layer, shape, x, wanted, rules)
    if isinstance(layer, Residual):
        have = _needed_by(layer, shape, wanted)
        return _block(layer, shape, x, have, wanted, rules)
    return rules.pointwise(layer, x)


def _block(block: Residual, shape: Shape, x: Tensor, have: Region, wanted: Region, rules: Rules) -> Tensor:
    def branch(layers: Sequence[Layer]) -> Tensor:
        (top, bottom), (left, right) = needed(layers, shape, wanted)
        part = x[..., top - have[0][0] : bottom - have[0][0], left - have[1][0] : right - have[1][0]]
        return run(layers, shape, part, wanted, rules)

    return branch(block.layers) + branch(_path(block, shape))


def _windows(layer: WindowLayer, shape: Shape, x: Tensor, wanted: Region, rules: Rules) -> Tensor:
    """A layer of windows on exactly the cells that they cover, so without padding of its own."""
    rows, columns = _reach(layer, wanted)
    (top, bottom), (left, right) = _clip((rows, columns), shape)
    around = (left - columns[0], columns[1] - right, top - rows[0], rows[1] - bottom)
    averaged = rules.averages and not layer.linear
    x = F.pad(x, around, value=0.0 if averaged else layer.fill)
    if isinstance(layer, Conv):
        return rules.convolve(layer, x)
    if averaged:
        even = x.new_full((x.shape[1], 1, *layer.kernel), 1 / math.prod(layer.kernel))
        return F.conv2d(x, even, None, layer.steps, 0, layer.dilation, x.shape[1])
    rows_that_count, columns_that_count = (_cells(layer, a, shape[a + 1], wanted[a]) for a in (0, 1))
    return layer.on_windows(x, (rows_that_count, columns_that_count))


def _cells(layer: WindowLayer, axis: int, n: int, wanted: Span) -> Tensor:
    """How many cells of each window along an axis count: in ceil mode one may hang over the padding's end."""
    before, after = layer.pads()[axis]
    offsets = torch.arange(layer.kernel[axis]) * layer.dilation[axis]
    first = torch.arange(*wanted) * layer.steps[axis] - before
    return (first[:, None] + offsets[None, :] < n + after).sum(dim=1)


def _reach(layer: WindowLayer, wanted: Region) -> Region:
    """Cells under the windows of `wanted`: from a·s − before to (b − 1)·s − before + span."""
    return _both(
        lambda a: (
            wanted[a][0] * layer.steps[a] - layer.pads()[a][0],
            (wanted[a][1] - 1) * layer.steps[a] - layer.pads()[a][0] + layer.spans()[a],
        )
    )


def _clip(region: Region, shape: Shape) -> Region:
    clipped = _both(lambda a: (max(region[a][0], 0), min(region[a][1], shape[a + 1])))
    if clipped[0][0] >= clipped[0][1] or clipped[1][0] >= clipped[1][1]:
        raise EngineError("This unit lies in the padding alone: no pixel reaches it.")
    return clipped


def _union(one: Region, other: Region) -> Region:
    return _both(lambda a: (min(one[a][0], other[a][0]), max(one[a][1], other[a][1])))


def _both(rule: Callable[[int], Span]) -> Region:
    return rule(0), rule(1)
