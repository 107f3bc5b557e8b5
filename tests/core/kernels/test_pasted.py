"""What people paste: one table of texts with right values, for the parsers in Python and in JavaScript."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from node import js_module, run
from numpy.typing import NDArray

from cnnviz.core import FilterSettings, format_kernel, numpy_code, parse_kernel, torch_code
from cnnviz.core.export.step import numpy_step_code, torch_step_code
from cnnviz.core.steps.settings import StepSettings

CASES = json.loads((Path(__file__).parents[2] / "data" / "pasted_kernels.json").read_text("utf-8"))
READ = """import { parseKernel } from "shared/text/kernel_text.js";
return data.map((text) => {
  try {
    const { rows, cols, slices } = parseKernel(text, 31);
    return [rows, cols, ...slices.map((one) => Array.from(new Float32Array(one)))];
  } catch (error) {
    return error.message;
  }
});"""


def in_python(text: str) -> Any:
    """In the form of READ: the sizes and the blocks, or the sentence."""
    try:
        kernel = parse_kernel(text)
    except ValueError as error:
        return str(error)
    blocks = [kernel] if kernel.ndim == 2 else [kernel[:, :, channel] for channel in range(3)]
    return [*kernel.shape[:2], *(block.ravel().tolist() for block in blocks)]


def expected(case: dict[str, Any]) -> Any:
    if "refused" in case:
        return case["refused"]
    blocks = np.float32(case.get("slices", [case.get("rows")]))
    return [*blocks.shape[1:], *(block.ravel().tolist() for block in blocks)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: ascii(case["text"]))
def test_python_reads_the_table(case: dict[str, Any]) -> None:
    assert in_python(case["text"]) == expected(case)


def test_javascript_reads_the_table() -> None:
    read = run(READ, [case["text"] for case in CASES])
    wrong = [(case["text"], got) for case, got in zip(CASES, read, strict=True) if got != expected(case)]
    assert wrong == []


PIECES = st.sampled_from([
    *"0123456789.,;|/-+e \t\n[](){}&*=", "1", "0,5", "1.5", ", ", "\\\\", "array(", "\u202f", "−", "½", "⁄",
    "1/9", "...", "np.full((3, 3), ", "nan", "# (height, width, channels)", "1,", "1;", "\n1", "tensor(",
    "[[", "]]",
])  # fmt: skip


@given(st.lists(PIECES, max_size=14).map("".join))
@example("1e400")
@settings(max_examples=400, deadline=None)
def test_both_agree_on_any_text(text: str) -> None:
    assert run(READ, [text]) == [in_python(text)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0,5", 0.5), (",5", 0.5), ("−0,5", -0.5), ("1/9", 1 / 9), ("1⁄9", 1 / 9), ("½", 0.5),
        (" 2 ", 2), ("–1", -1), ("1e39", None), ("1,000", None), ("1,2,3", None), ("1 2", None),
        ("1/0", None), ("", None), ("٣", None), ("1.5,2", None), ("0,125", 0.125),
    ],
)  # fmt: skip
def test_a_cell_takes_one_number(text: str, number: float | None) -> None:
    assert js_module("shared/text/kernel_text.js").call("parseNumber", text) == number


SIZE = st.integers(1, 4)
KERNELS = hnp.arrays(
    np.float32,
    st.one_of(st.tuples(SIZE, SIZE), st.tuples(SIZE, SIZE, st.just(3))),
    elements=st.integers(-9, 9).map(float) | st.floats(-1e6, 1e6, width=32) | st.just(np.float32(1 / 9)),
)


def kernel_of(script: str) -> str:
    """The lines of a script that make the kernel."""
    lines = script[script.index("kernel = ") :].split("\n")
    codes = [line.split("  #")[0] for line in lines]
    last = next(i for i, code in enumerate(codes) if code.startswith("]") or code.endswith((")", "None]")))
    return "\n".join(lines[: last + 1])


@given(KERNELS)
@example(np.array([[0, 5], [0, 25]], np.float32))
@example(np.full((5, 5), np.float32(1 / 9)))
@example(np.full((3, 3, 3), np.float32(1 / 9)))
@example(np.arange(27, dtype=np.float32).reshape(3, 3, 3))
@settings(deadline=None)
def test_what_the_pages_export_can_be_pasted_back(weights: NDArray[np.float32]) -> None:
    settings = FilterSettings(weights, channels="sum" if weights.ndim == 3 else "grey")
    step = step_of(weights)
    scripts = [numpy_code(settings), torch_code(settings)]
    scripts += [numpy_step_code(step, 0, 0, 0), torch_step_code(step, 0, 0, 0)]
    texts = [format_kernel(weights), *map(kernel_of, scripts)]
    for text in texts:
        np.testing.assert_array_equal(parse_kernel(text), weights, err_msg=text)
    assert run(READ, texts) == [in_python(text) for text in texts]


def step_of(weights: NDArray[np.float32]) -> StepSettings:
    kernel = weights[None] if weights.ndim == 3 else weights[None, :, :, None]
    return StepSettings(image=np.ones((5, 5, kernel.shape[3]), np.float32), kernels=kernel)
