"""Writes cnnviz/components/shared/types.d.ts: the shapes of what Python sends to each view, for TypeScript.

    python tools/js_types.py           # or make types-js
    python tools/js_types.py --check   # fails where the file is not what this script would write

A view declares what it sends as a TypedDict in its package, ``class HistogramViewData(TypedDict)``, and its
function returns that. mypy then checks the sending side, and tsc the receiving one:
``/** @param {import("../shared/types").HistogramViewData} data */``. Where TypeScript can be told more than
Python's type says, ``Annotated[list[float], "[number, number]"]`` gives its words for it.
"""

from __future__ import annotations

import argparse
import inspect
import pkgutil
import sys
import textwrap
import types
import typing
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired, Required, Union, get_args, get_origin, is_typeddict

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
TARGET = ROOT / "cnnviz" / "components" / "shared" / "types.d.ts"
HEAD = """\
// What Python sends to each view. Written by tools/js_types.py (make types-js) from the TypedDicts of
// cnnviz/components/*/__init__.py: change those, not this file.

// What a view's update() is given by the library: its data, and the ways back to Python.
export interface ViewArguments<Data> {
  data: Data;
  parentElement: ShadowRoot;
  setStateValue(name: string, value: unknown): void;
  setTriggerValue(name: string, value: unknown): void;
}
"""
PLAIN = {str: "string", int: "number", float: "number", bool: "boolean", type(None): "null", Any: "any"}


def typescript(kind: object) -> str:
    """A Python type as TypeScript says it. TypeError for one that JSON cannot carry."""
    if kind in PLAIN:
        return PLAIN[kind]
    if is_typeddict(kind):
        return kind.__name__  # type: ignore[attr-defined]
    words = compound(get_origin(kind), get_args(kind))
    if words is None:
        raise TypeError(f"{kind} has no shape in JSON: lists, tuples of a fixed length and TypedDicts have.")
    return words


def compound(origin: object, arguments: tuple[object, ...]) -> str | None:
    """A type made of others, or None where TypeScript has no word for it."""
    if origin is Literal:
        return " | ".join(f'"{one}"' if isinstance(one, str) else str(one).lower() for one in arguments)
    if origin is Annotated:
        return next((str(note) for note in arguments[1:] if isinstance(note, str)), typescript(arguments[0]))
    if ... in arguments or (origin is dict and arguments[0] is not str):
        return None
    inner = [typescript(one) for one in arguments]
    if origin in (NotRequired, Required):
        words = inner[0]
    elif origin in (Union, types.UnionType):
        words = " | ".join(dict.fromkeys(inner))
    elif origin is list:
        words = f"({inner[0]})[]" if " | " in inner[0] else f"{inner[0]}[]"
    elif origin is tuple:
        words = f"[{', '.join(inner)}]"
    else:
        words = f"Record<string, {inner[1]}>" if origin is dict else None
    return words


def interface(shape: type) -> str:
    """One TypedDict. Its docstring, or that of none, becomes the comment."""
    words = " ".join((inspect.getdoc(shape) or "").split()) if "__doc__" in vars(shape) else ""
    lines = [f"export interface {shape.__name__} {{"]
    for name, kind in typing.get_type_hints(shape, include_extras=True).items():
        # Python's own __optional_keys__ does not see NotRequired where annotations are kept as text.
        optional = get_origin(kind) is NotRequired or name in shape.__optional_keys__  # type: ignore[attr-defined]
        try:
            lines.append(f"  {name}{'?' if optional else ''}: {typescript(kind)};")
        except TypeError as error:
            raise TypeError(f"{shape.__module__}.{shape.__name__}.{name}: {error}") from error
    comment = [f"// {line}" for line in textwrap.wrap(words, 110)]
    return "\n".join([*comment, *lines, "}"]) + "\n"


def inside(kind: object) -> Iterator[type]:
    """The TypedDicts in a type, itself included."""
    if is_typeddict(kind):
        yield kind  # type: ignore[misc]
    for part in get_args(kind):
        yield from inside(part)


def shapes() -> dict[str, type]:
    """Name → TypedDict, of all packages of cnnviz.components, and of cnnviz.core where these use them.

    :raises ValueError: where two have the same name.
    """
    package = import_module("cnnviz.components")
    found: dict[str, type] = {}
    for module in pkgutil.walk_packages(package.__path__, "cnnviz.components."):
        for value in vars(import_module(module.name)).values():
            if is_typeddict(value) and value.__module__ == module.name:
                add(value, found)
    return dict(sorted(found.items(), key=lambda item: (item[1].__module__, item[0])))


def add(shape: type, found: dict[str, type]) -> None:
    """The shape and all that it is made of."""
    if found.get(shape.__name__) is shape:
        return
    if shape.__name__ in found:
        modules = f"{found[shape.__name__].__module__} and {shape.__module__}"
        raise ValueError(f"{modules} both declare {shape.__name__}.")
    found[shape.__name__] = shape
    for kind in typing.get_type_hints(shape, include_extras=True).values():
        for part in inside(kind):
            add(part, found)


def text() -> str:
    """The whole file."""
    return "\n".join([HEAD, *(interface(shape) for shape in shapes().values())])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the file is stale")
    if not parser.parse_args().check:
        TARGET.write_text(text(), "utf-8")
        return 0
    if TARGET.exists() and TARGET.read_text("utf-8") == text():
        return 0
    print(f"{TARGET.relative_to(ROOT)} is not what Python declares: run make types-js.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
