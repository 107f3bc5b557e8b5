"""A network as a short text for a link: `1x28x28~conv-c16-p1~relu~max_pool~flatten~dense`.

Layers are separated by "~", settings by "-": each is the setting's letter and its value, left out where it
is the default. A residual block's layers follow it in brackets.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cnnviz.core.networks.layers import Field, Layer, Residual, SpecError, layer_type
from cnnviz.core.networks.spec import NetSpec

__all__ = ["parse_stack", "stack_text"]

LONGEST = 20_000


def stack_text(spec: NetSpec) -> str:
    """The text of a network."""
    return "~".join(["x".join(map(str, spec.input)), *map(_layer_text, spec.layers)])


def _layer_text(layer: Layer) -> str:
    data = layer.to_dict()
    parts = [layer.type]
    for field in layer.fields:
        if field.kind != "layers" and field.name in data:
            value = data[field.name]
            if value != field.to_json_value(field.parse(field.default, layer.title)):
                parts.append(field.short + _value_text(value))
    inside = f"({'~'.join(map(_layer_text, layer.layers))})" if isinstance(layer, Residual) else ""
    return "-".join(parts) + inside


def _value_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, list):
        return f"{value[0]}x{value[1]}"
    if isinstance(value, float):  # never 1e-05: a "-" begins the next setting
        return np.format_float_positional(value, trim="-")
    return str(value)


def parse_stack(text: str) -> NetSpec:
    """The network of such a text. SpecError (a ValueError), one sentence, for anything else."""
    if len(text) > LONGEST:
        raise SpecError("The text of the network is too long.")
    first, *parts = _split(text)
    try:
        size = [int(n) for n in first.split("x")]
    except ValueError as error:
        raise SpecError("The network's text must begin with its input, such as 1x28x28.") from error
    return NetSpec.from_dict({"input": size, "layers": [_parse_layer(part, 0) for part in parts]})


def _split(text: str) -> list[str]:
    """The parts between each "~" outside brackets."""
    parts, depth, start = [], 0, 0
    for at, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if letter == "~" and depth == 0:
            parts.append(text[start:at])
            start = at + 1
        if depth < 0:
            break
    if depth:
        raise SpecError("A bracket is missing in the network's text.")
    return [*parts, text[start:]]


def _parse_layer(text: str, depth: int) -> dict[str, Any]:
    if depth > 5:
        raise SpecError("Residual blocks are nested too deeply.")
    head, bracket, inside = text.partition("(")
    if bracket and not inside.endswith(")"):
        raise SpecError("A bracket is missing in the network's text.")
    name, *settings = head.split("-")
    kind = layer_type(name)
    fields = {field.short: field for field in kind.fields}
    data: dict[str, Any] = {"type": name}
    for setting in settings:
        if not setting or setting[0] not in fields:
            raise SpecError(f"{kind.title} has no setting {setting[:20]!r}.")
        field = fields[setting[0]]
        data[field.name] = _parse_value(field, setting[1:])
    if bracket:
        data["layers"] = (
            [_parse_layer(part, depth + 1) for part in _split(inside[:-1])] if inside[:-1] else []
        )
    return data


def _parse_value(field: Field, text: str) -> Any:
    try:
        if field.kind == "switch":
            return bool(int(text))
        if field.kind == "number":
            return float(text)
        if field.kind == "choice" or text in ("same", "valid"):
            return text
        numbers = [int(part) for part in text.split("x")]
    except ValueError as error:
        raise SpecError(f"The {field.label} {text[:20]!r} is not a number.") from error
    return numbers[0] if len(numbers) == 1 else numbers
