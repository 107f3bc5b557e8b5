"""What one setting of a training run is: its values, what it does, and how the page offers it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, cast

from cnnviz.core.setting import Setting

__all__ = ["ConfigError", "Control", "Group", "Value"]

Value = int | float | str | bool | None
Group = Literal["data", "output", "method", "hyper-parameters", "run"]


class ConfigError(ValueError):
    """Settings that cannot be read: one sentence."""


@dataclass(frozen=True)
class Control:
    """One setting of a run.

    label, group, about: its name on the page, the group that it stands in, and what it does.
    kind:     choice is one of `options` (id to label; any text where there are none), count a whole number,
              number a decimal, switch on or off.
    default:  what it is where nobody says otherwise.
    low, high: the bounds of a count or a number, both included.
    without:  where None is a value too, what the page calls it.
    link:     its parameter in the page's link, without the prefix; empty: the page has no control for it.
    stops:    where the slider of a count or a number stops; without any, it is a box to type into.
    live:     whether a run takes a new value over at once; such a setting is a number.
    in_title: whether the title of its closed group always says its value, not only where it is another one.
    """

    label: str
    group: Group
    kind: Literal["choice", "count", "number", "switch"]
    default: Value
    about: str
    low: float = 0
    high: float = 0
    options: Mapping[str, str] = field(default_factory=dict)
    without: str = ""
    link: str = ""
    stops: Sequence[float] = ()
    live: bool = False
    in_title: bool = False

    def parse(self, name: str, value: object) -> Value:
        """`value` as it is kept; ConfigError, one sentence, for what it may not be."""
        optional = bool(self.without)
        allowed = Setting(self.kind, self.low, self.high, options=tuple(self.options), optional=optional)
        return cast(Value, allowed.parse(value, f"The setting {name!r}", ConfigError))
