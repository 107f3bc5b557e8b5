"""The check on Hypothesis tests: one whose examples assert nothing fails, an honest one passes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
HEAD = """
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

def helper(n):
    assert n >= 0
"""
TEST = """
@settings(max_examples=50, derandomize=True, database=None)
@given(st.integers(0, 99))
def test_{}(n):
"""
EMPTY = {
    "early return": "    if n > 5:\n        return\n    assert n >= 0",
    "empty loop": "    for m in range(n - 80):\n        assert m >= 0",
    "nothing": "    n + 1",
}
HONEST = {
    "assert": "    assert n >= 0",
    "in a helper": "    helper(n)",
    "in a loop": "    assert n >= 0\n    for m in range(n - 80):\n        assert m >= 0",
    "over several lines": "    assert (\n        n\n        >= 0\n    )",
    "numpy": "    np.testing.assert_allclose(n, float(n))",
    "raises": "    with pytest.raises(ZeroDivisionError):\n        n / 0",
    "warns": "    with pytest.warns(UserWarning):\n        __import__('warnings').warn('x')",
    "rejected examples": "    assume(n % 2)\n    assert n % 2 == 1",
    "a few without": "    if n == 7:\n        return\n    assert n != 7",
}


FAILING = {"it fails": "    assert n < 50"}


def name(case: str) -> str:
    return case.replace(" ", "_")


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What pytest says of a file with all these tests, under the plugin alone."""
    folder = tmp_path_factory.mktemp("examples")
    tests = [TEST.format(name(case)) + body for case, body in (EMPTY | HONEST | FAILING).items()]
    (folder / "test_it.py").write_text("\n".join([HEAD, *tests, ""]), encoding="utf-8")
    (folder / "conftest.py").write_text(
        f"import sys\nsys.path.insert(0, {str(TESTS)!r})\n"
        "import examples_assert\nfrom examples_assert import pytest_pyfunc_call\n"
        f"examples_assert.TESTS = {str(folder)!r}\n",
        encoding="utf-8",
    )
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-v", "-rA", "-p", "no:cacheprovider"]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder).stdout


@pytest.mark.parametrize("case", EMPTY)
def test_examples_that_assert_nothing_fail(said: str, case: str) -> None:
    assert re.search(rf"^FAILED test_it.py::test_{name(case)} - .*\d+ of \d+ exa", said, re.MULTILINE)


@pytest.mark.parametrize("case", HONEST)
def test_honest_examples_pass(said: str, case: str) -> None:
    assert f"PASSED test_it.py::test_{name(case)}\n" in said


def test_a_failing_assert_stays_the_failure(said: str) -> None:
    assert "FAILED test_it.py::test_it_fails - assert 50 < 50" in said
