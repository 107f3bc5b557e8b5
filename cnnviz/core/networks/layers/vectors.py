"""Layers that give a flat vector: global pools, flatten and dense."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import ClassVar

from cnnviz.core.networks.layers.base import Layer
from cnnviz.core.networks.layers.modules import Call
from cnnviz.core.networks.layers.receptive_field import ReceptiveField, whole_map
from cnnviz.core.networks.layers.settings import Field, LayerError, Shape, shape_text

__all__ = ["Dense", "Flatten", "GlobalAvgPool", "GlobalMaxPool"]


class _GlobalPool(Layer):
    """One number for each map."""

    def output_shape(self, shape: Shape) -> Shape:
        return (self._maps(shape)[0],)

    def propagate(self, field: ReceptiveField, shape: Shape) -> ReceptiveField:
        del shape
        return whole_map(field)


@dataclass(frozen=True)
class GlobalAvgPool(_GlobalPool):
    """The mean of each map: (C, H, W) → (C,)."""

    type: ClassVar[str] = "global_avg_pool"
    title: ClassVar[str] = "Global average pooling"
    about: ClassVar[str] = "Each map becomes one number, its mean, whatever its size."
    group: ClassVar[str] = "Pooling"

    @property
    def label(self) -> str:
        return "global average"

    def calls(self, shape: Shape) -> list[Call]:
        del shape
        return [Call("AdaptiveAvgPool2d", (1,)), Call("Flatten")]


@dataclass(frozen=True)
class GlobalMaxPool(_GlobalPool):
    """The largest value of each map: (C, H, W) → (C,)."""

    type: ClassVar[str] = "global_max_pool"
    title: ClassVar[str] = "Global max pooling"
    about: ClassVar[str] = "Each map becomes one number, its largest, whatever its size."
    group: ClassVar[str] = "Pooling"

    @property
    def label(self) -> str:
        return "global max"

    def calls(self, shape: Shape) -> list[Call]:
        del shape
        return [Call("AdaptiveMaxPool2d", (1,)), Call("Flatten")]


@dataclass(frozen=True)
class Flatten(Layer):
    """(C, H, W) → (C·H·W,), map by map, row by row; a flat vector stays as it is."""

    type: ClassVar[str] = "flatten"
    title: ClassVar[str] = "Flatten"
    about: ClassVar[str] = "All numbers of all maps are written one after another into a flat vector."
    group: ClassVar[str] = "Dense"

    @property
    def label(self) -> str:
        return "flatten"

    def output_shape(self, shape: Shape) -> Shape:
        return (prod(shape),)

    def calls(self, shape: Shape) -> list[Call]:
        del shape
        return [Call("Flatten")]


@dataclass(frozen=True)
class Dense(Layer):
    """y = W x + b: every output reads every input, each with a weight of its own."""

    type: ClassVar[str] = "dense"
    title: ClassVar[str] = "Dense"
    about: ClassVar[str] = "Every node reads every number of its input, each with a weight of its own."
    group: ClassVar[str] = "Dense"
    fields: ClassVar[tuple[Field, ...]] = (
        Field("units", "Nodes", "count", 10, 1, 100_000, "u", "Numbers that come out.", always=True),
        Field("bias", "Bias", "switch", True, short="b", help="One number added to each node."),
    )

    units: int = 10
    bias: bool = True

    @property
    def label(self) -> str:
        return f"dense {self.units}"

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) != 1:
            raise LayerError(
                f"a dense layer reads a flat vector, but its input is {shape_text(shape)} maps: put a "
                f"flatten ({shape_text(shape)} = {prod(shape)} numbers) or a global pool before it."
            )
        return (self.units,)

    def parameter_count(self, shape: Shape) -> int:
        return shape[0] * self.units + self.units * self.bias

    def parameter_formula(self, shape: Shape) -> str:
        return f"{shape[0]}×{self.units}" + (f" + {self.units}" if self.bias else "")

    def multiply_adds(self, shape: Shape) -> int:
        return shape[0] * self.units

    def propagate(self, field: ReceptiveField, shape: Shape) -> ReceptiveField:
        del shape
        return whole_map(field)

    def calls(self, shape: Shape) -> list[Call]:
        return [Call("Linear", (shape[0], self.units), () if self.bias else (("bias", False),))]
