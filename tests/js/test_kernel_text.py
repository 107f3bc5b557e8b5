"""Kernels as text in the browser: bounded and linear, as cnnviz.core.kernels.text is."""

from __future__ import annotations

import pytest
from node import run

_READ = """import { parseKernel } from "shared/text/kernel_text.js";
try {
  const { rows, cols, slices } = parseKernel(data);
  return [rows, cols, ...slices.map((one) => Array.from(one))];
} catch (error) {
  return error.message;
}"""
# Milliseconds for a short and an eight times longer text, the best of up to five tries of each.
_GROWTH = """import { parseKernel, parseNumber } from "shared/text/kernel_text.js";
const [units, before, after] = data;
const time = (read, text) => {
  const start = performance.now();
  try { read(text); } catch { /* the sentence is not what is measured */ }
  return performance.now() - start;
};
const slow = [];
for (const unit of units)
  for (const read of [parseKernel, parseNumber]) {
    const [short, long] = [2500, 20000].map((n) => before + unit.repeat(n / unit.length) + after);
    let best = [Infinity, Infinity];
    for (let turn = 0; turn < 5 && !(best[1] <= 24 * Math.max(best[0], 1)); turn++)
      best = [Math.min(best[0], time(read, short)), Math.min(best[1], time(read, long))];
    if (best[1] > 24 * Math.max(best[0], 1)) slow.push(`${before}${unit}…${after}: ${best}`);
  }
return slow;"""
UNITS = (
    "9",
    " ",
    ",",
    "[",
    "]",
    ".",
    "-",
    "e",
    "/",
    "|",
    "1,",
    "1 ",
    "] [",
    "] ,",
    "array",
    "dtype",
    "dtype =",
    "\t",
    "&",
    "\\\\",
    "\\frac",
    "\\begin{",
    "\\frac{",
    "0,5 ",
    "[[",
    "1/9*",
    "a=",
    ", a=1",
    "\u202f1",
    "½",
)


FRAMES = (
    ("", ""),
    ("", "x"),
    ("1", "1"),
    ("]", "x"),
    ("dtype", "x"),
    ("np.full((", "))"),
    ("array([[1]], ", ")"),
    ("1/9*[", "]/9"),
)


@pytest.mark.parametrize(("before", "after"), FRAMES)
def test_eight_times_the_text_takes_about_eight_times_as_long(before: str, after: str) -> None:
    assert run(_GROWTH, [UNITS, before, after]) == []


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1 .5; 2. 1e-1", [2, 2, [1, 0.5, 2, 0.1]]),
        ("[[1, 2], [3, 4]]", [2, 2, [1, 2, 3, 4]]),
        ("[1 2] [3 4]", [2, 2, [1, 2, 3, 4]]),
        ("9" * 201, f"'{'9' * 20}…' in row 1, column 1 has 201 characters, which is too long for a number."),
        (" " * 100_001, "The text has 100001 characters, which is too long for a kernel."),
    ],
)
def test_texts_are_read_or_refused_with_a_sentence(text: str, read: object) -> None:
    assert run(_READ, text) == read
