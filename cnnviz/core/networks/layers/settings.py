"""A setting of a layer type: its name, kind, bounds and default, declared once for editor, JSON and links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypedDict

from cnnviz.core.setting import Kind as SettingKind
from cnnviz.core.setting import Setting

__all__ = [
    "Field",
    "Fix",
    "LayerError",
    "LayerFieldJson",
    "Pair",
    "Shape",
    "SpecError",
    "shape_text",
    "size_text",
]

Pair = tuple[int, int]
Shape = tuple[int, ...]
Fix = Mapping[str, Any]
Kind = SettingKind | Literal["layers"]


class SpecError(ValueError):
    """A description of a network that cannot be read; the message is one sentence."""


class LayerError(ValueError):
    """A layer that cannot follow its input; the message is one sentence with the numbers.

    `fixes` are the nearest changes of the layer's own settings that work, each a mapping of field to value.
    """

    def __init__(self, sentence: str, fixes: tuple[Fix, ...] = ()) -> None:
        super().__init__(sentence)
        self.fixes = fixes


def size_text(pair: Pair) -> str:
    """“3” for (3, 3), “3×5” for (3, 5)."""
    return str(pair[0]) if pair[0] == pair[1] else f"{pair[0]}×{pair[1]}"


def shape_text(shape: Shape) -> str:
    """“8×28×28” for maps, “576 numbers” for a flat vector."""
    return "×".join(map(str, shape)) if len(shape) > 1 else f"{shape[0]} numbers"


class LayerFieldJson(TypedDict):
    """A `Field`, as an editor reads it."""

    name: str
    label: str
    kind: Kind
    default: Any
    low: float
    high: float
    help: str
    options: list[str]
    optional: bool
    card: str
    follows: str


@dataclass(frozen=True)
class Field:
    """One setting of a layer type.

    kind:     count is a whole number, pair one for both axes or (vertical, horizontal), padding a pair of
              cells per side or "same", number a decimal, switch on or off, choice one of `options`, layers
              a stack.
    short:    the letter that stands for it in a link.
    optional: None is a value too, and what it means is in `help`.
    always:   written to JSON even at its default.
    card:     text of a value that is not the default on the editor's card, with "{}" for the value; where
              empty, the label and the value.
    follows:  the setting whose value is taken while this one is empty.
    """

    name: str
    label: str
    kind: Kind
    default: Any
    low: float = 0
    high: float = 0
    short: str = ""
    help: str = ""
    options: tuple[str, ...] = ()
    optional: bool = False
    always: bool = False
    card: str = ""
    follows: str = ""

    def parse(self, value: object, layer: str) -> Any:
        """`value` in the form that the layer keeps; SpecError, one sentence, for anything else."""
        if self.kind == "layers":
            raise SpecError(f"The {self.name} of {layer} are read separately.")
        allowed = Setting(self.kind, self.low, self.high, options=self.options, optional=self.optional)
        return allowed.parse(value, f"The {self.name} of {layer}", SpecError)

    def to_json_value(self, value: Any) -> Any:
        """`value` as JSON: a pair of equal numbers is one number."""
        if isinstance(value, tuple):
            return value[0] if value[0] == value[1] else list(value)
        return value

    def to_json(self) -> LayerFieldJson:
        """What an editor needs to draw the control."""
        return {
            "name": self.name,
            "label": self.label,
            "kind": self.kind,
            "default": self.to_json_value(self.default) if self.kind != "layers" else [],
            "low": self.low,
            "high": self.high,
            "help": self.help,
            "options": list(self.options),
            "optional": self.optional,
            "card": self.card,
            "follows": self.follows,
        }
