"""The harness that runs modules of the browser in Node (tests/node.py)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from node import DTYPES, JsError, js_module, node, run

from cnnviz.core.activations.table import ACTIVATIONS


@pytest.mark.parametrize("kind", sorted(DTYPES))
def test_typed_arrays_pass_both_ways(kind: str) -> None:
    sent = np.array([[0, 1, 2], [3, 127, 5]], DTYPES[kind])
    got = run(
        "return [data.constructor.name, data, data.map((x) => x * 0.5), new Kind(3)]".replace("Kind", kind),
        sent,
    )
    assert got[0] == ("Uint8Array" if kind == "Uint8ClampedArray" else kind)
    assert got[1].dtype == sent.dtype
    assert got[1].tolist() == sent.ravel().tolist()
    assert got[3].dtype == sent.dtype


def test_part_of_a_buffer_comes_back_as_that_part() -> None:
    assert run("return new Float32Array([1, 2, 3, 4]).subarray(1, 3)").tolist() == [2, 3]


@pytest.mark.parametrize("value", [math.inf, -math.inf, -0.0, 1e-310, 0.1, 3, True, None, "Ωé\n", [], {}])
def test_single_values_pass_both_ways(value: Any) -> None:
    got = run("return data", value)
    assert got == value
    assert isinstance(got, type(value))
    assert str(got) == str(value)


def test_nan_passes_inside_lists_and_arrays() -> None:
    got = run(
        "return [data.list[1], data.array, data.list[1] === data.list[1]]",
        {
            "list": (1, math.nan),
            "array": np.array([np.nan, np.inf], np.float32),
        },
    )
    assert math.isnan(got[0])
    assert np.array_equal(got[1], [np.nan, np.inf], equal_nan=True)
    assert got[2] is False


def test_objects_sets_and_maps_come_back_as_plain_data() -> None:
    got = run("class A { x = 1; y = undefined; } return [new A(), new Set([2, 3]), new Map([['k', [4]]])]")
    assert got == [{"x": 1, "y": None}, [2, 3], {"k": [4]}]


def test_numbers_of_numpy_are_numbers() -> None:
    assert run("return [typeof data[0], data]", [np.float32(0.5), np.int64(7)]) == ["number", [0.5, 7]]


def test_a_kind_of_array_that_javascript_lacks_is_named() -> None:
    with pytest.raises(TypeError, match="no typed array for int64"):
        run("return data", np.array([1, 2], np.int64))


def test_a_function_of_a_view_agrees_with_python() -> None:
    values = np.linspace(-9, 9, 101)
    ours = run(
        """import { functionOf, mapped } from "activation_view/maths.js";
        return mapped(data, functionOf({ id: "gelu" }).f);""",
        values,
    )
    assert np.allclose(ours, ACTIVATIONS["gelu"].function(values), rtol=1e-6)


def test_a_call_gives_an_exports_arguments_in_order() -> None:
    bins = js_module("shared/maths/bins.js")
    assert bins.call("coloured", {"display": "absolute", "range": [0, 3]}) == [-3, 3]
    assert bins.call("domain", {"low": 0.0, "high": 4.0}, [1, 2]) == [0, 4]


def test_an_exception_carries_its_message_and_where_it_happened() -> None:
    with pytest.raises(JsError) as error:
        run('import { Bins } from "shared/maths/bins.js";\n\nreturn new Bins({ low: 0, high: 1 });')
    assert "TypeError" in str(error.value)
    assert "shared/maths/bins.js:" in str(error.value)
    assert "the-test.js:" in str(error.value)


def test_a_promise_that_fails_is_an_error_too() -> None:
    with pytest.raises(JsError, match="late"):
        run('await null; throw new RangeError("late")')
    assert run("return Promise.resolve(5)") == 5


def test_a_missing_module_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"There is no module shared/none\.js in cnnviz/components"):
        js_module("shared/none.js")


def test_a_missing_export_is_named_with_those_that_are_there() -> None:
    with pytest.raises(JsError, match=r"exports no function none; it exports .*Bins"):
        js_module("shared/maths/bins.js").call("none")
    with pytest.raises(JsError, match=r"exports no none; it exports .*Bins"):
        run('import { none } from "shared/maths/bins.js"; return none;')


def test_a_result_that_is_no_data_is_an_error() -> None:
    with pytest.raises(JsError, match=r"the result\.f\[0\] is a function"):
        run("return { f: [() => 1] }")


def test_what_a_script_prints_is_no_reply() -> None:
    assert run("console.log('{\"value\": 1}'); return 2") == 2


def test_the_tests_after_one_that_ends_node_have_a_new_one() -> None:
    before = node()
    with pytest.raises(JsError, match="Node ended with 3"):
        run("process.exit(3)")
    assert run("return 1") == 1
    assert node() is not before


def test_it_is_the_pinned_node() -> None:
    assert run("return process.version").startswith("v24.")
