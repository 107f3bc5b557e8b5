"""A network as the list of things to draw: blocks opened up, every layer with its numbers and its window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypedDict

from cnnviz.core.networks.layers import (
    Conv,
    Layer,
    LayerError,
    ReceptiveField,
    Residual,
    Shape,
)
from cnnviz.core.networks.layers.windows import WindowLayer
from cnnviz.core.networks.spec import BYTES_PER_NUMBER, NetSpec

__all__ = ["Node", "Path", "Window", "nodes_of"]

Path = tuple[int, ...]


class WindowJson(TypedDict):
    """A `Window`."""

    kernel: tuple[int, int]
    stride: tuple[int, int]
    dilation: tuple[int, int]
    before: tuple[int, int]
    after: tuple[int, int]
    maps: int


@dataclass(frozen=True)
class Window:
    """What one unit reads of the layer before: (vertical, horizontal) pairs, in cells of that layer's maps.

    maps: how many of them it reads: all (a convolution), those of its group, or one (a pool).
    """

    kernel: tuple[int, int]
    stride: tuple[int, int]
    dilation: tuple[int, int]
    before: tuple[int, int]
    after: tuple[int, int]
    maps: int

    def to_json(self) -> WindowJson:
        return {
            "kernel": self.kernel,
            "stride": self.stride,
            "dilation": self.dilation,
            "before": self.before,
            "after": self.after,
            "maps": self.maps,
        }


@dataclass(frozen=True)
class Node:
    """One layer, in the order in which numbers pass through. `output` is None from an illegal layer on.

    path:     place in the stack, as the editor counts: (2,), or (2, 0) for the first of the block there. A
              block's own node stands behind its layers: the sum, with the shortcut that it adds.
    source:   place in the list of the node that it reads, −1 for the input.
    shortcut: place of the node that a block adds, else None.
    formula:  its weights as a product and sum.
    """

    path: Path
    layer: Layer
    source: int
    input: Shape | None = None
    output: Shape | None = None
    problem: str = ""
    notice: str = ""
    parameters: int = 0
    formula: str = ""
    multiply_adds: int = 0
    window: Window | None = None
    seen: ReceptiveField | None = None
    shortcut: int | None = None
    projection: Conv | None = None

    @property
    def bytes(self) -> int:
        """Memory of the output for one picture, in float32."""
        size = BYTES_PER_NUMBER if self.output else 0
        for n in self.output or ():
            size *= n
        return size

    @property
    def title(self) -> str:
        """A few characters for the drawing."""
        return self.layer.drawing_title

    @property
    def about(self) -> str:
        """One sentence on what it does."""
        return self.layer.explanation

    @property
    def settings(self) -> str:
        """What the title leaves out, where it is not the default."""
        return ", ".join(self.layer.setting_texts())


class _Walk:
    """Goes through the layers in order, blocks included, until one cannot follow its input."""

    def __init__(self, spec: NetSpec) -> None:
        self.nodes: list[Node] = []
        self.seen = ReceptiveField((1, 1), (1, 1), (0.5, 0.5), (spec.input[1], spec.input[2]))
        self.through(spec.layers, spec.input, ())

    def through(self, layers: Sequence[Layer], shape: Shape | None, path: Path) -> Shape | None:
        for index, layer in enumerate(layers):
            here = (*path, index)
            if isinstance(layer, Residual):
                shape = self.block(layer, shape, here)
            else:
                shape = self.add(Node(here, layer, len(self.nodes) - 1), shape)
        return shape

    def add(self, node: Node, shape: Shape | None) -> Shape | None:
        if shape is None:
            self.nodes.append(node)
            return None
        layer = node.layer
        try:
            output = layer.output_shape(shape)
        except LayerError as error:
            self.nodes.append(replace(node, input=shape, problem=str(error)))
            return None
        self.seen = layer.propagate(self.seen, shape)
        self.nodes.append(
            replace(
                node,
                input=shape,
                output=output,
                notice=layer.notice(shape),
                parameters=layer.parameter_count(shape),
                formula=layer.parameter_formula(shape),
                multiply_adds=layer.multiply_adds(shape),
                window=_window(layer, shape[0]),
                seen=self.seen,
            )
        )
        return output

    def block(self, layer: Residual, shape: Shape | None, path: Path) -> Shape | None:
        start, before = len(self.nodes) - 1, self.seen
        inside = self.through(layer.layers, shape, path)
        node = Node(path, layer, len(self.nodes) - 1, shortcut=start)
        if shape is None or (inside is None and layer.layers):
            self.nodes.append(node)  # what is wrong stands at the inner layer
            return None
        try:
            output = layer.output_shape(shape)
        except LayerError as error:
            self.nodes.append(replace(node, input=inside, problem=str(error)))
            return None
        projection = layer.projection(shape, output) if layer.shortcut == "projection" else None
        self.seen = layer.propagate(before, shape)
        self.nodes.append(
            replace(
                node,
                input=inside,
                output=output,
                parameters=projection.parameter_count(shape) if projection else 0,
                formula=projection.parameter_formula(shape) if projection else "",
                multiply_adds=projection.multiply_adds(shape) if projection else 0,
                seen=self.seen,
                projection=projection,
            )
        )
        return output


def _window(layer: Layer, maps: int) -> Window | None:
    if not isinstance(layer, WindowLayer):
        return None
    (top, bottom), (left, right) = layer.pads()
    return Window(
        layer.kernel, layer.steps, layer.dilation, (top, left), (bottom, right), layer.maps_read(maps)
    )


def nodes_of(spec: NetSpec) -> list[Node]:
    """Every layer of the network, the layers of a block before the block's own sum; partial where illegal."""
    return _Walk(spec).nodes
