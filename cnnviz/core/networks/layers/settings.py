"""What a layer's setting is: its name, kind, bounds and default, declared once for all readers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, Literal

from cnnviz.core.sentences import short_repr

__all__ = ["Field", "Fix", "LayerError", "Pair", "Shape", "SpecError", "shape_text", "size_text"]

Pair = tuple[int, int]
Shape = tuple[int, ...]
Fix = Mapping[str, Any]
Kind = Literal["count", "pair", "padding", "number", "switch", "choice", "layers"]


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


@dataclass(frozen=True)
class Field:
    """One setting of a layer type.

    kind:     count is a whole number, pair one for both axes or (vertical, horizontal), padding a pair of
              cells per side or "same", number a decimal, switch on or off, choice one of `options`, layers
              a stack.
    short:    the letter that stands for it in a link.
    optional: None is a value too, and what it means is in `help`.
    always:   written to JSON even at its default.
    card:     how a card of the editor says a value that is not the default, "{}" standing for it; the label
              and the value where empty.
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
        if value is None and self.optional:
            return None
        where = f"{self.name} of {layer}"
        if self.kind == "switch":
            if not isinstance(value, bool):
                raise SpecError(f"The {where} must be true or false, not {short_repr(value)}.")
            return value
        if self.kind == "choice":
            if not isinstance(value, str) or value not in self.options:
                raise SpecError(
                    f"The {where} must be one of {', '.join(self.options)}, not {short_repr(value)}."
                )
            return value
        if self.kind == "number":
            return self._decimal(value, where)
        if self.kind == "count":
            return self._whole(value, where)
        return self._pair(value, where)

    def _pair(self, value: object, where: str) -> Pair | str:
        if isinstance(value, str) and self.kind == "padding" and value in ("same", "valid"):
            return "same" if value == "same" else (0, 0)
        if isinstance(value, (list, tuple)):
            if len(value) != 2:
                raise SpecError(f"The {where} must be one number or two, not {len(value)}.")
            return self._whole(value[0], where), self._whole(value[1], where)
        both = self._whole(value, where)
        return both, both

    def _whole(self, value: object, where: str) -> int:
        if isinstance(value, bool) or not isinstance(value, Integral):
            extra = ' or "same"' if self.kind == "padding" else ""
            raise SpecError(f"The {where} must be a whole number{extra}, not {short_repr(value)}.")
        self._bounded(int(value), where, short_repr(value))
        return int(value)

    def _decimal(self, value: object, where: str) -> float:
        if isinstance(value, bool) or not isinstance(value, Real) or not value <= math.inf:
            raise SpecError(f"The {where} must be a number, not {short_repr(value)}.")
        self._bounded(
            value, where, short_repr(value)
        )  # before float(): a whole number may be too long for one
        return float(value)

    def _bounded(self, value: Any, where: str, text: str) -> None:
        if not self.low <= value <= self.high:
            raise SpecError(f"The {where} must be from {self.low:g} to {self.high:g}, not {text}.")

    def plain(self, value: Any) -> Any:
        """`value` as JSON: a pair of equal numbers is one number."""
        if isinstance(value, tuple):
            return value[0] if value[0] == value[1] else list(value)
        return value

    def to_json(self) -> dict[str, Any]:
        """What an editor needs to draw the control."""
        return {
            "name": self.name,
            "label": self.label,
            "kind": self.kind,
            "default": self.plain(self.default) if self.kind != "layers" else [],
            "low": self.low,
            "high": self.high,
            "help": self.help,
            "options": list(self.options),
            "optional": self.optional,
            "card": self.card,
            "follows": self.follows,
        }
