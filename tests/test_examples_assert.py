"""The check on Hypothesis tests: one whose examples assert nothing fails, an honest one passes."""

from __future__ import annotations

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

@settings(max_examples=50, derandomize=True, database=None)
@given(st.integers(0, 99))
def test_it(n):
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


def run(folder: Path, body: str) -> str:
    """What pytest says of a test file with this body, under the plugin alone."""
    (folder / "test_it.py").write_text(HEAD + body + "\n", encoding="utf-8")
    (folder / "conftest.py").write_text(
        f"import sys\nsys.path.insert(0, {str(TESTS)!r})\n"
        "import examples_assert\nfrom examples_assert import pytest_pyfunc_call\n"
        f"examples_assert.TESTS = {str(folder)!r}\n",
        encoding="utf-8",
    )
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder).stdout


@pytest.mark.parametrize("body", EMPTY.values(), ids=EMPTY)
def test_examples_that_assert_nothing_fail(tmp_path: Path, body: str) -> None:
    said = run(tmp_path, body)
    assert "examples assert nothing" in said
    assert "1 failed" in said


@pytest.mark.parametrize("body", HONEST.values(), ids=HONEST)
def test_honest_examples_pass(tmp_path: Path, body: str) -> None:
    assert "1 passed" in run(tmp_path, body)


def test_a_failing_assert_stays_the_failure(tmp_path: Path) -> None:
    said = run(tmp_path, "    assert n < 50")
    assert "examples assert nothing" not in said
    assert "assert 50 < 50" in said
