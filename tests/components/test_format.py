"""Numbers as the views write them (shared/text/format.js), against Python where it writes them too."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from node import js_module

from cnnviz.core.colour.displays import format_value


def each(name: str, *calls: Any) -> list[str]:
    """What the function makes of each list of arguments."""
    return [js_module("shared/text/format.js").call(name, *values) for values in calls]


def test_a_value_is_written_as_python_writes_it() -> None:
    rng = np.random.default_rng(9)
    values = [
        0.0,
        -0.0,
        1.0,
        100.25,
        100.75,
        -1000.5,
        1001.5,
        999.96,
        0.09999996,
        1e-5,
        0.00012345,
        1.5e-9,
        1e22,
    ]
    values += (rng.normal(size=300) * 10.0 ** rng.integers(-8, 8, 300)).tolist()
    values += (rng.integers(-9999, 9999, 300) / 2.0 ** rng.integers(0, 9, 300)).tolist()
    assert each("formatValue", *[[value] for value in values]) == [format_value(value) for value in values]


def test_what_is_no_number_keeps_its_name() -> None:
    assert each("formatNumber", [math.nan], [math.inf], [-math.inf], []) == [
        "NaN", "∞", "−∞", "NaN",
    ]  # fmt: skip
    assert each("formatValue", [math.nan], [math.inf]) == ["not a finite number"] * 2
    assert each("percent", [math.nan], [-math.inf, 1]) == ["NaN", "−∞"]


def test_large_numbers_get_a_power_of_ten() -> None:
    large = each("formatNumber", [1e5], [-123456], [9.9996e9], [99999], [-0.25])
    assert large == ["1e5", "−1.235e5", "1e10", "99999", "−0.25"]


def test_short_numbers_have_few_digits() -> None:
    short = each("shortNumber", [1 / 3], [-1 / 3, 2], [1234567], [0.00012], [-0.00012], [0], [1000, 1])
    assert short == ["0.333", "−0.33", "1.2e+6", "1.2e−4", "−1.2e−4", "0", "1000"]
    assert each("withoutLeadingZero", ["0.5"], ["−0.5"], ["10.5"], ["0"]) == [".5", "−.5", "10.5", "0"]


def test_whole_numbers_and_sizes() -> None:
    assert each("grouped", [1234567], [999], [1999.6]) == ["1,234,567", "999", "2,000"]
    assert each("counted", [1, "cell"], [0, "cell"], [2048, "cell"], [2, "box", "boxes"]) == [
        "1 cell", "0 cells", "2,048 cells", "2 boxes",
    ]  # fmt: skip
    assert each("shapeText", [[3, 224, 1024]], [[8, 9], " × "]) == ["3×224×1,024", "8 × 9"]


def test_shares() -> None:
    assert each("percent", [0.5], [1 / 3], [0.12345, 1], [0, 1], [1, 0]) == [
        "50 %", "33.33 %", "12.3 %", "0.0 %", "100 %",
    ]  # fmt: skip
    rough = each("roughPercent", [0], [0.004], [0.0994], [0.0995], [0.5], [1])
    assert rough == ["0 %", "0.4 %", "9.9 %", "10 %", "50 %", "100 %"]


def test_ranges_sums_lists_and_powers() -> None:
    assert each("rangeText", [[-1.25, 3]]) == ["−1.25 … 3"]
    assert each("sumText", [["1", "−2", "3"]], [["−4"]], [[]]) == ["1 − 2 + 3", "−4", ""]
    assert each("listText", [["a"]], [["a", "b"]], [["a", "b", "c"]], [[]]) == [
        "a",
        "a and b",
        "a, b and c",
        "",
    ]
    powers = each("powerOfTen", *[[n] for n in (-12, 0, 3)])
    assert powers == ["10⁻¹²", "10⁰", "10³"]
