"""How a record travels: as a `RecordMessage` of JSON fields and named arrays; what arrives is checked.

A record's annotations are its wire format: the type names of `_ARRAYS` are arrays that travel beside the
JSON, those of `_PLAIN` are JSON. Never pickled; what does not fit gets one sentence (RecordError).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, fields
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["Record", "RecordError", "RecordMessage"]

FloatRow = NDArray[np.float32]
FloatTable = NDArray[np.float32]
FloatBank = NDArray[np.float32]
IntRow = NDArray[np.int32]
IntTable = NDArray[np.int32]
Bytes = NDArray[np.uint8]
PictureBytes = NDArray[np.uint8]
NamedFloats = Mapping[str, NDArray[np.float32]]


class _Wire(NamedTuple):
    dtype: np.dtype[Any]
    axes: int | None  # None: any number


_ARRAYS: Mapping[str, _Wire] = {
    "FloatRow": _Wire(np.dtype("<f4"), 1),
    "FloatTable": _Wire(np.dtype("<f4"), 2),
    "FloatBank": _Wire(np.dtype("<f4"), 4),
    "IntRow": _Wire(np.dtype("<i4"), 1),
    "IntTable": _Wire(np.dtype("<i4"), 2),
    "Bytes": _Wire(np.dtype("u1"), 1),
    "PictureBytes": _Wire(np.dtype("u1"), 3),
}
_NAMED = "NamedFloats"
_ANY_FLOATS = _Wire(np.dtype("<f4"), None)


class RecordError(ValueError):
    """A message that is no record: one sentence."""


class RecordMessage(NamedTuple):
    """A record on the wire: `fields` is plain JSON, `arrays` holds numpy arrays of fixed-size numbers."""

    kind: str
    fields: dict[str, Any]
    arrays: dict[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class Record:
    """What all records share: the way to a message and back."""

    kind: ClassVar[str]
    step: int  # training steps done when this was recorded

    def to_message(self) -> RecordMessage:
        """This record for the wire; arrays are made contiguous and get the declared type."""
        message = RecordMessage(self.kind, {}, {})
        for part in fields(self):
            _write(message, part, getattr(self, part.name))
        return message

    @classmethod
    def from_message(cls, message: RecordMessage) -> Self:
        """The record in `message`; RecordError, one sentence, where it is not one of this kind."""
        if message.kind != cls.kind:
            raise RecordError(f"This is a message of kind {message.kind!r}, not {cls.kind!r}.")
        values: dict[str, Any] = {part.name: _read(part, message) for part in fields(cls)}
        return cls(**values)


def _write(message: RecordMessage, part: Field[Any], value: object) -> None:
    if wire := _ARRAYS.get(str(part.type)):
        message.arrays[part.name] = _contiguous(value, wire)
    elif isinstance(value, Mapping):
        message.fields[part.name] = list(value)
        for number, each in enumerate(value.values()):
            message.arrays[f"{part.name}.{number}"] = _contiguous(each, _ANY_FLOATS)
    else:
        message.fields[part.name] = list(value) if isinstance(value, tuple) else value


def _contiguous(value: object, wire: _Wire) -> NDArray[Any]:
    array = np.asarray(value, wire.dtype)
    return np.ascontiguousarray(array).reshape(array.shape)  # ascontiguousarray makes () into (1,)


def _read(part: Field[Any], message: RecordMessage) -> object:
    annotation, name = str(part.type), part.name
    if wire := _ARRAYS.get(annotation):
        return _checked(message, name, wire)
    if name not in message.fields:
        raise RecordError(f"A message of kind {message.kind!r} lacks {name!r}.")
    value = message.fields[name]
    good, convert = _PLAIN[annotation]
    if not good(value):
        raise RecordError(
            f"{name!r} in a message of kind {message.kind!r} is {str(value)[:40]!r}, not {annotation}."
        )
    if annotation == _NAMED:
        return {key: _checked(message, f"{name}.{n}", _ANY_FLOATS) for n, key in enumerate(value)}
    return convert(value)


def _checked(message: RecordMessage, name: str, wire: _Wire) -> NDArray[Any]:
    array = message.arrays.get(name)
    if not isinstance(array, np.ndarray):
        raise RecordError(f"A message of kind {message.kind!r} lacks the array {name!r}.")
    if array.dtype != wire.dtype or wire.axes not in (None, array.ndim):
        raise RecordError(
            f"{name!r} in a message of kind {message.kind!r} is {array.dtype} with {array.ndim} axes, "
            f"not {wire.dtype} with {wire.axes}."
        )
    return array


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_float(value: object) -> bool:
    return isinstance(value, float) or _is_int(value)


def _is_str(value: object) -> bool:
    return isinstance(value, str)


def _is_list(of: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, (list, tuple)) and all(of(each) for each in value)


_PLAIN: Mapping[str, tuple[Callable[[object], bool], Callable[[Any], object]]] = {
    "int": (_is_int, int),
    "float": (_is_float, float),
    "str": (_is_str, str),
    "tuple[str, ...]": (_is_list(_is_str), tuple),
    "tuple[int, ...]": (_is_list(_is_int), tuple),
    "tuple[tuple[int, ...], ...]": (_is_list(_is_list(_is_int)), lambda rows: tuple(map(tuple, rows))),
    _NAMED: (_is_list(_is_str), list),
}
