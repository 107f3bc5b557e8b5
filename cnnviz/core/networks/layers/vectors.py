"""Layers that give a flat vector: global pools, flatten and dense."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import ClassVar

from cnnviz.core.networks.layers.base import Layer, Reads
from cnnviz.core.networks.layers.explain import dimensions_text
from cnnviz.core.networks.layers.modules import Call
from cnnviz.core.networks.layers.settings import Field, LayerError, Shape, shape_text

__all__ = ["Dense", "Flatten", "GlobalAvgPool", "GlobalMaxPool"]


class _GlobalPool(Layer):
    """One number for each map."""

    group: ClassVar[str] = "Pooling"
    short_name: ClassVar[str] = "global pool"
    icon: ClassVar[str] = "whole"
    reads: ClassVar[Reads] = "map"

    def output_shape(self, shape: Shape) -> Shape:
        return (self._maps(shape)[0],)

    def output_text(self, shape: Shape, output: Shape) -> str:
        return f"{dimensions_text(output)} numbers, one for each map of {dimensions_text(shape[1:])}"


@dataclass(frozen=True)
class GlobalAvgPool(_GlobalPool):
    """The mean of each map: (C, H, W) → (C,)."""

    type: ClassVar[str] = "global_avg_pool"
    title: ClassVar[str] = "Global average pooling"
    about: ClassVar[str] = "Each map becomes one number, its mean, whatever its size."
    card: ClassVar[str] = "global average"

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
    card: ClassVar[str] = "global max"

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
    card: ClassVar[str] = "flatten"
    icon: ClassVar[str] = "flat"

    @property
    def label(self) -> str:
        return "flatten"

    def output_shape(self, shape: Shape) -> Shape:
        return (prod(shape),)

    def output_text(self, shape: Shape, output: Shape) -> str:
        if len(shape) == 1:
            return super().output_text(shape, output)
        numbers = dimensions_text(output)
        return f"{dimensions_text(shape)} written one after another: {numbers} numbers"

    def calls(self, shape: Shape) -> list[Call]:
        del shape
        return [Call("Flatten")]


@dataclass(frozen=True)
class Dense(Layer):
    """y = W x + b: every output reads every input, each with its own weight."""

    type: ClassVar[str] = "dense"
    title: ClassVar[str] = "Dense"
    about: ClassVar[str] = "Every node reads every number of its input, each with its own weight."
    group: ClassVar[str] = "Dense"
    short_name: ClassVar[str] = "dense"
    card: ClassVar[str] = "dense · {units}"
    icon: ClassVar[str] = "dense"
    trained: ClassVar[bool] = True
    reads: ClassVar[Reads] = "map"
    unit_name: ClassVar[str] = "Node"
    fields: ClassVar[tuple[Field, ...]] = (
        Field("units", "Nodes", "count", 10, 1, 100_000, "u", "Numbers that come out.", always=True),
        Field(
            "bias", "Bias", "switch", True, short="b", help="One number added to each node.", card="no bias"
        ),
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

    def output_text(self, shape: Shape, output: Shape) -> str:
        plural = "" if output[0] == 1 else "s"
        return f"{dimensions_text(output)} number{plural}, each from all {shape[0]:,} before"

    def calls(self, shape: Shape) -> list[Call]:
        return [Call("Linear", (shape[0], self.units), () if self.bias else (("bias", False),))]
