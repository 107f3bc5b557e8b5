"""The layer: what every type of the table knows about itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

from cnnviz.core.networks.layers.modules import Call, make, source
from cnnviz.core.networks.layers.receptive_field import ReceptiveField
from cnnviz.core.networks.layers.settings import Field, LayerError, Pair, Shape, SpecError, shape_text
from cnnviz.core.sentences import said

if TYPE_CHECKING:
    from torch import nn

__all__ = ["Layer"]


@dataclass(frozen=True)
class Layer(ABC):
    """One layer of a network; a type is a frozen dataclass whose attributes are its `fields`.

    A shape is (C, H, W) for maps or (n,) for a flat vector; the batch is never part of it.
    """

    type: ClassVar[str]
    title: ClassVar[str]
    about: ClassVar[str]
    group: ClassVar[str]
    fields: ClassVar[tuple[Field, ...]] = ()

    def __post_init__(self) -> None:
        for field in self.fields:
            object.__setattr__(self, field.name, field.parse(getattr(self, field.name), self.title.lower()))

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Self:
        """The layer that this JSON describes, defaults filled in. SpecError, one sentence, for all else."""
        known = [field.name for field in cls.fields]
        for name in given:
            if name != "type" and name not in known:
                has = ", ".join(known) or "none"
                raise SpecError(f"{cls.title} has no setting called {said(name)}; it has: {has}.")
        return cls(**{name: given[name] for name in known if name in given})

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON; settings at their default are left out, but for the ones that are always told."""
        told: dict[str, Any] = {"type": self.type}
        for field in self.fields:
            value = getattr(self, field.name)
            if value is None:
                continue
            if field.always or value != field.parse(field.default, self.title.lower()):
                told[field.name] = field.plain(value)
        return told

    def changed(self, **settings: object) -> Self:
        """The same layer with other settings."""
        return replace(self, **settings)

    @property
    def label(self) -> str:
        """A few characters for a card or a sheet."""
        return self.title

    @abstractmethod
    def output_shape(self, shape: Shape) -> Shape:
        """The shape after this layer. LayerError, one sentence with the numbers, where there is none."""

    def notice(self, shape: Shape) -> str:
        """What is legal and yet worth saying, such as cells that no window reaches; else empty."""
        del shape
        return ""

    def parameter_count(self, shape: Shape) -> int:
        """Numbers that training changes."""
        del shape
        return 0

    def parameter_formula(self, shape: Shape) -> str:
        """`parameter_count` as the product and sum that it is; empty where there is nothing to count."""
        del shape
        return ""

    def multiply_adds(self, shape: Shape) -> int:
        """Multiplications of an input with a weight, each with its addition, for one picture."""
        del shape
        return 0

    def propagate(self, field: ReceptiveField, shape: Shape) -> ReceptiveField:
        """The receptive field after this layer, from the one before it and the shape of its input."""
        del shape
        return field

    @abstractmethod
    def calls(self, shape: Shape) -> list[Call]:
        """The torch modules that make up this layer, in order."""

    def module(self, shape: Shape) -> nn.Module:
        """The layer in torch, with torch's own initialisation (it is imported only here)."""
        self.output_shape(shape)
        return make(self.calls(shape))

    def code(self, shape: Shape) -> list[str]:
        """The expressions that make the same modules."""
        return [source(call) for call in self.calls(shape)]

    def _maps(self, shape: Shape) -> tuple[int, Pair]:
        """(C, (H, W)), or a sentence where the input is no stack of maps."""
        if len(shape) != 3:
            raise LayerError(
                f"{self.title} needs maps (C×H×W), but its input is a flat vector of {shape_text(shape)}: "
                "move it before the flatten."
            )
        return shape[0], (shape[1], shape[2])
