"""Fails a Hypothesis test of which more than a tenth of the examples assert nothing.

A property that returns early, or loops over an empty list, passes whatever the code does. So each example is
watched until its first check: an ``assert`` in any file below ``tests/``, a ``numpy.testing.assert_*``, a
``pytest.raises`` or ``pytest.warns``. A trace function watches, and is taken away at that first check:
pytest's own hook for passing asserts puts each of them into words, and these tests took four times as long.
"""

from __future__ import annotations

import ast
import functools
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import numpy as np
import pytest

MOST = 0.1  # share of a test's examples that may assert nothing
TESTS = str(Path(__file__).parent)
CHECKS = {pytest.raises.__code__, pytest.warns.__code__} | {
    check.__code__
    for name, check in vars(np.testing).items()
    if name.startswith("assert_") and hasattr(check, "__code__")
}


@functools.cache
def assert_lines(file: str) -> frozenset[int]:
    """The lines of a file on which an ``assert`` stands."""
    tree = ast.parse(Path(file).read_text("utf-8"))
    return frozenset(
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.Assert)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    )


@functools.cache
def own_asserts(code: CodeType) -> frozenset[int]:
    """The lines of a function's asserts; none for functions outside of ``tests/``."""
    if not code.co_filename.startswith(TESTS):
        return frozenset()
    return assert_lines(code.co_filename) & {line for _, _, line in code.co_lines() if line}


class FirstCheck:
    """Notices the first check that is reached between ``start`` and ``stop``."""

    def __init__(self) -> None:
        self.seen = False

    def start(self) -> None:
        self.seen = False
        sys.settrace(self._on_call)

    def stop(self) -> None:
        sys.settrace(None)

    def _found(self) -> None:
        self.seen = True
        self.stop()

    def _on_call(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        if frame.f_code in CHECKS:
            return self._found()
        return self._on_line if own_asserts(frame.f_code) else None

    def _on_line(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        if frame.f_lineno in own_asserts(frame.f_code):
            return self._found()
        return self._on_line


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Iterator[None]:
    """Count the examples of a Hypothesis test, and those of them without a check."""
    if not getattr(pyfuncitem.obj, "is_hypothesis_test", False):
        return (yield)
    handle = pyfuncitem.obj.hypothesis
    inner, examples, empty, check = handle.inner_test, 0, 0, FirstCheck()

    @functools.wraps(inner)
    def watched(*args: Any, **given: Any) -> None:
        nonlocal examples, empty
        if sys.gettrace() is not None:  # a debugger, or Hypothesis explaining a failure: it comes first
            return inner(*args, **given)
        check.start()
        try:
            inner(*args, **given)
        finally:
            check.stop()
        examples += 1  # a rejected or failing example has raised, and does not count
        empty += not check.seen
        return None

    handle.inner_test = watched
    try:
        result = yield
    finally:
        handle.inner_test = inner
    if empty > MOST * examples:
        pytest.fail(
            f"{empty} of {examples} examples assert nothing: draw only what the test says something about.",
            pytrace=False,
        )
    return result
