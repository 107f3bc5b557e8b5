"""The functions that the packages offer are described as numpydoc asks, and their examples are true."""

from __future__ import annotations

import doctest
import inspect
import re
import sys
from collections.abc import Callable
from typing import Any

import pytest

import cnnviz.core
import cnnviz.engine
from cnnviz.core import NetSpec

PUBLIC: dict[str, Callable[..., Any]] = {
    f"{package.__name__}.{name}": getattr(package, name)
    for package in (cnnviz.core, cnnviz.engine)
    for name in package.__all__
    if inspect.isfunction(getattr(package, name))
}
METHODS: dict[str, Callable[..., Any]] = {
    f"NetSpec.{name}": getattr(NetSpec, name)
    for name in ("from_dict", "to_dict", "shapes", "parameter_counts", "problems")
}
DESCRIBED = {**PUBLIC, **METHODS}
CLASSES: dict[str, type] = {
    f"cnnviz.engine.{name}": getattr(cnnviz.engine, name)
    for name in cnnviz.engine.__all__
    if inspect.isclass(getattr(cnnviz.engine, name))
}
WITH_EXAMPLES = {**DESCRIBED, **CLASSES}


def sections(text: str) -> dict[str, str]:
    """The parts of a docstring in numpydoc's form by their titles; the summary's is empty."""
    parts = re.split(r"^(\w[\w ]*)\n-{3,}$", text, flags=re.MULTILINE)
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


def missing(given: Callable[..., Any]) -> list[str]:
    """What a function's docstring lacks."""
    found = sections(inspect.getdoc(given) or "")
    names = [name for name in inspect.signature(given).parameters if name not in ("self", "cls")]
    lines = re.findall(r"^(\w+(?:, \w+)*)(?: : .+)?$", found.get("Parameters", ""), flags=re.MULTILINE)
    named = [name for line in lines for name in line.split(", ")]
    faults = [] if found[""].strip().partition("\n")[0].endswith((".", ":")) else ["a summary"]
    faults += [] if named == names else [f"Parameters {names}, not {named}"]
    faults += [] if found.get("Returns", "").strip() else ["Returns"]
    return faults + ([] if ">>> " in found.get("Examples", "") else ["Examples"])


@pytest.mark.parametrize("name", DESCRIBED)
def test_it_is_described(name: str) -> None:
    assert missing(DESCRIBED[name]) == []


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_its_examples_are_true(name: str) -> None:
    finder, runner = doctest.DocTestFinder(recurse=False), doctest.DocTestRunner(verbose=False)
    known = vars(sys.modules[WITH_EXAMPLES[name].__module__])  # an example may leave its own import out
    (examples,) = finder.find(WITH_EXAMPLES[name], name, globs=dict(known))
    report: list[str] = []
    result = runner.run(examples, out=report.append)
    assert result.attempted > 0
    assert result.failed == 0, "".join(report)


def test_what_is_missing_is_named() -> None:
    def half(a: int, b: int) -> int:
        """Adds.

        Parameters
        ----------
        a : int
            A number.
        """
        return a + b

    assert missing(half) == ["Parameters ['a', 'b'], not ['a']", "Returns", "Examples"]
