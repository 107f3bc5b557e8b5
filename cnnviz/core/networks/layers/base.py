"""The base class of all layer types."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from cnnviz.core.networks.layers.explain import FieldFormulas, dimensions_text, size_change
from cnnviz.core.networks.layers.modules import Call, make, source
from cnnviz.core.networks.layers.receptive_field import ReceptiveField, whole_map
from cnnviz.core.networks.layers.settings import Field, LayerError, Pair, Shape, SpecError, shape_text
from cnnviz.core.networks.layers.taps import Taps, repeated
from cnnviz.core.sentences import short_repr

if TYPE_CHECKING:
    from torch import nn

__all__ = ["Layer", "Reads"]

Reads = Literal["cell", "window", "map", "branches"]


@dataclass(frozen=True)
class Layer(ABC):
    """One layer of a network; a type is a frozen dataclass whose attributes are its `fields`.

    A shape is (C, H, W) for maps or (n,) for a flat vector; the batch is never part of it. What the views
    need to know about a type are attributes of its class:

    group:      its heading in the editor's menu.
    short_name: what it is called on the page Receptive field; its title where empty.
    card:       text of its card in the editor, with settings in braces: "conv {kernel} · {channels}"; its
                title where empty.
    icon:       which of the editor's icons stands for it.
    trained:    whether it has weights.
    reads:      what one unit reads of the input: the same cell, a window, all of it, or several branches.
    pointwise:  each number is changed by itself; drawn as a mark at the layer before it.
    unit_name:  the name of one number of its output where that is a flat vector.
    """

    type: ClassVar[str]
    title: ClassVar[str]
    about: ClassVar[str]
    group: ClassVar[str]
    fields: ClassVar[tuple[Field, ...]] = ()
    short_name: ClassVar[str] = ""
    card: ClassVar[str] = ""
    icon: ClassVar[str] = "bend"
    trained: ClassVar[bool] = False
    reads: ClassVar[Reads] = "cell"
    pointwise: ClassVar[bool] = False
    unit_name: ClassVar[str] = "Number"

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
                raise SpecError(f"{cls.title} has no setting called {short_repr(name)}; it has: {has}.")
        return cls(**{name: given[name] for name in known if name in given})

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON; settings at their default are left out, but for the ones that are always written."""
        data: dict[str, Any] = {"type": self.type}
        for field in self.fields:
            value = getattr(self, field.name)
            if value is None:
                continue
            if field.always or value != field.parse(field.default, self.title.lower()):
                data[field.name] = field.to_json_value(value)
        return data

    def changed(self, **settings: object) -> Self:
        """The same layer with other settings."""
        return replace(self, **settings)

    @property
    def label(self) -> str:
        """A short name for a card or a table."""
        return self.title

    @property
    def drawing_title(self) -> str:
        """An even shorter name, for the drawing."""
        return self.label.split(",")[0]

    @property
    def explanation(self) -> str:
        """One sentence on what it does with these settings."""
        return self.about

    def setting_texts(self) -> list[str]:
        """Settings that the drawing's title leaves out, where they are not the default."""
        return ["no bias"] if getattr(self, "bias", True) is False else []

    @property
    def field_detail(self) -> str:
        """The settings that matter to the receptive field, as a short text."""
        return "sees all" if self.reads == "map" else ""

    @abstractmethod
    def output_shape(self, shape: Shape) -> Shape:
        """The shape after this layer. LayerError, one sentence with the numbers, where there is none."""

    def notice(self, shape: Shape) -> str:
        """A remark on a legal layer, such as cells that no window reaches; else empty."""
        del shape
        return ""

    def parameter_count(self, shape: Shape) -> int:
        """Numbers that training changes."""
        del shape
        return 0

    def parameter_formula(self, shape: Shape) -> str:
        """`parameter_count` written out as products and sums; empty where it is 0."""
        del shape
        return ""

    def multiply_adds(self, shape: Shape) -> int:
        """Multiplications of an input with a weight, each with its addition, for one picture."""
        del shape
        return 0

    def propagate(self, field: ReceptiveField, shape: Shape) -> ReceptiveField:
        """The receptive field after this layer, from the one before it and the shape of its input."""
        del shape
        return whole_map(field) if self.reads == "map" else field

    def taps(self, taps: Taps, before: ReceptiveField, shape: Shape) -> Taps | None:
        """Which pixels of its box a unit reads, from those of the layer before; None where not known."""
        del shape
        return repeated(taps, before.output, before.jump) if self.reads == "map" else taps

    def field_formulas(self, before: ReceptiveField, after: ReceptiveField) -> FieldFormulas:
        """The arithmetic of `propagate`, written out."""
        change = size_change(before, after)
        if self.reads == "map":
            return FieldFormulas(
                "one place",
                "there is no neighbour",
                f"{change}, all units before it together",
                "middle of all of them",
            )
        given = "as the layer gives it"
        return FieldFormulas(given, given, change, given)

    def output_text(self, shape: Shape, output: Shape) -> str:
        """The shape of the output and where it comes from, for an input of this shape."""
        text = dimensions_text(output)
        return f"{text}, as before" if output == shape else f"{text}, from {dimensions_text(shape)}"

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
        """(C, (H, W)); LayerError where the input is a flat vector."""
        if len(shape) != 3:
            raise LayerError(
                f"{self.title} needs maps (C×H×W), but its input is a flat vector of {shape_text(shape)}: "
                "move it before the flatten."
            )
        return shape[0], (shape[1], shape[2])
