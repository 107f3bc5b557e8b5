"""The page's control for an entry of the engine's table of settings, and how a value reads in a title."""

from __future__ import annotations

from cnnviz.engine.config.controls import CONTROLS
from cnnviz.ui.kit.controls import Choice, Number, Switch
from cnnviz.ui.train.scale import Scale

__all__ = ["SettingControl", "control_for", "key_of", "text_of"]

SettingControl = Choice | Number | Scale | Switch


def key_of(name: str) -> str:
    """The link parameter of a setting."""
    return f"t_{CONTROLS[name].link}"


def control_for(name: str) -> SettingControl:
    """A menu, a switch, a slider, or for a whole number without stops a box to type into."""
    entry, key = CONTROLS[name], key_of(name)
    if entry.kind == "choice":
        return Choice(key, entry.label, entry.options, str(entry.default), entry.about, kind="select")
    if entry.kind == "switch":
        return Switch(key, entry.label, bool(entry.default), entry.about)
    default = entry.default if isinstance(entry.default, int | float) else None
    if entry.kind == "count" and not entry.stops and default is not None:
        return Number(key, entry.label, entry.low, entry.high, default, help=entry.about, kind="box")
    return Scale(
        key,
        entry.label,
        tuple(entry.stops),
        default,
        entry.low,
        entry.high,
        entry.about,
        whole=entry.kind == "count",
        without=entry.without,
    )


def text_of(name: str, value: object) -> str:
    """A setting's value, short enough for the title of its closed group."""
    entry = CONTROLS[name]
    if entry.kind == "choice":
        return entry.options.get(str(value), str(value))
    if entry.kind == "switch":
        return entry.label.lower() if value else f"not {entry.label.lower()}"
    short = entry.without if value is None else f"{value:g}"
    first, *more = entry.label.split(" ")
    words = [first.lower() if first[1:].islower() else first, *more]
    return f"{' '.join(words)} {short}"
