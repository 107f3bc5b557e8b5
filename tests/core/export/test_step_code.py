"""The code of a step is run as it is shown, and must end in the number of that output cell."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_steps import step_settings

from cnnviz.core.export.step import numpy_step_code, torch_step_code
from cnnviz.core.steps.sums import StepSettings

CODES = (numpy_step_code, torch_step_code)
Code = Callable[[StepSettings, int, int, int], str]


def run(code: str) -> float:
    """The number that the script prints."""
    said, names = io.StringIO(), {}
    with contextlib.redirect_stdout(said):
        exec(code, names)
    assert float(said.getvalue()) == pytest.approx(float(names["value"]))
    return float(names["value"])


@pytest.mark.parametrize("code", CODES)
@settings(max_examples=60)
@given(s=step_settings(), data=st.data())
def test_whole_numbers_come_out_exactly(code: Code, s: StepSettings, data: st.DataObject) -> None:
    n, y, x = (data.draw(st.integers(0, top - 1)) for top in s.output().shape)
    assert run(code(s, n, y, x)) == s.output()[n, y, x]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("transposed", [False, True])
def test_decimals_come_out_within_float32(code: Code, channels: int, transposed: bool) -> None:
    random = np.random.default_rng(1)
    kernels = random.normal(size=(2, 3, 2, channels))
    kernels[1] = 1 / 9
    s = StepSettings(
        random.uniform(0, 255, (4, 5, channels)), kernels, random.normal(size=2), transposed=transposed
    )
    for cell in np.ndindex(s.output().shape):
        assert run(code(s, *cell)) == pytest.approx(float(s.output()[cell]), rel=1e-5, abs=1e-4)


@pytest.mark.parametrize("code", CODES)
def test_a_mirror_wider_than_the_picture(code: Code) -> None:
    s = StepSettings(np.arange(4.0).reshape(2, 2), np.arange(9.0).reshape(3, 3), padding=(3, 4, 2, 5),
                     mode="reflect")  # fmt: skip
    assert run(code(s, 0, 6, 6)) == s.output()[0, 6, 6]


@pytest.mark.parametrize("code", CODES)
def test_a_cell_that_does_not_exist(code: Code) -> None:
    with pytest.raises(IndexError, match="no output cell"):
        code(StepSettings(np.ones((3, 3)), np.ones((2, 2))), 0, 2, 0)


def test_the_script_is_short_and_readable() -> None:
    s = StepSettings(np.arange(16.0).reshape(4, 4), np.full((3, 3), 1 / 9), padding=(1, 1, 1, 1))
    lines = numpy_step_code(s, 0, 0, 0).splitlines()
    assert len(lines) < 24
    assert "    [1/9, 1/9, 1/9]," in lines
    assert lines[-1] == "print(value)"
