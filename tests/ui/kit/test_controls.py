"""Controls bound to the link: legal values, labels, and bounds that move under a value."""

from __future__ import annotations

import math
from typing import Any

import pytest
from apptest import run_script
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from cnnviz.ui.kit.controls import Number

FINE = Number("x_fine", "Fine", -1.5, 2.5, 0.5, 0.25)
WHOLE = Number("x_whole", "Whole", 1, 15, 5, 2)
anything = st.one_of(st.floats(), st.integers(), st.none(), st.text(), st.booleans())


@given(anything)
@pytest.mark.parametrize("number", [FINE, WHOLE])
def test_a_legal_value_lies_on_a_step_inside_the_bounds(number: Number, value: Any) -> None:
    legal = number.legal(value)
    assert number.low <= legal <= number.high
    steps = (legal - number.low) / number.step
    assert steps == pytest.approx(round(steps))
    assert number.legal(legal) == legal
    assert isinstance(legal, int) == number.whole


BOUNDS = st.integers(-3, 15).flatmap(lambda low: st.tuples(st.just(low), st.integers(max(low, 1), 20)))


@given(st.floats(allow_nan=False), BOUNDS)
def test_narrower_bounds_hold_and_never_widen(value: float, bounds: tuple[int, int]) -> None:
    low, high = bounds
    legal = WHOLE.legal(value, low, high)
    assert max(low, 1) <= legal <= min(high, 15)


@pytest.mark.parametrize("no_number", [None, "7", math.nan, [3]])
def test_what_is_no_number_counts_as_the_default(no_number: Any) -> None:
    assert FINE.legal(no_number) == 0.5


def test_steps_leave_no_dust() -> None:
    assert Number("x", "x", 0, 1, 0.5, 0.1).legal(0.30000000000000004) == 0.3


def script() -> None:
    """A page of three controls; the last number's upper bound is the first number."""
    import streamlit as st

    from cnnviz.ui.kit.controls import Choice, Number, Switch
    from cnnviz.ui.kit.state import PageState

    top = Number("x_top", "Top", 1, 9, 9)
    inner = Number("x_inner", "Inner", 1, 9, 5)
    mode = Choice("x_mode", "Mode", {"a": "first", "b": "second", "c": "third"}, "b")
    menu = Choice("x_menu", "Menu", {"a": "first", "b": "second"}, "a", kind="select")
    switch = Switch("x_on", "On", default=True)
    scale = Choice("x_scale", "Scale", {"0.1": "0.1", "1": "1", "10": "10"}, "1", kind="slider")
    st.button("Reset", on_click=PageState("x", top, inner, mode, menu, switch, scale).reset)
    high = top.draw()
    allowed = ["a", "c"] if high < 3 else None
    values = [
        high,
        inner.draw(high=high),
        mode.draw(allowed=allowed),
        menu.draw(),
        switch.draw(),
        scale.draw(),
    ]
    st.text(repr(values))


def read(app: AppTest) -> list[Any]:
    assert not app.exception
    return list(eval(app.text[0].value))


def page(query: dict[str, str] | None = None) -> AppTest:
    return run_script(script, query)


def test_without_a_link_all_are_at_their_defaults() -> None:
    assert read(page()) == [9, 5, "b", "a", True, "1"]


def test_a_link_sets_them() -> None:
    link = {
        "x_top": "7",
        "x_inner": "2",
        "x_mode": "third",
        "x_menu": "second",
        "x_on": "false",
        "x_scale": "10",
    }
    assert read(page(link)) == [7, 2, "c", "b", False, "10"]


def test_a_link_without_meaning_gives_the_defaults() -> None:
    link = {"x_top": "99", "x_inner": "x", "x_mode": "d", "x_menu": "", "x_on": "7", "x_scale": "5"}
    assert read(page(link)) == [9, 5, "b", "a", True, "1"]


@pytest.mark.parametrize("text", ["1e999", "-inf", "nan", "9" * 400])
@pytest.mark.parametrize("kind", ["slider", "box"])
def test_an_infinite_number_in_the_link_counts_as_the_default(text: str, kind: str) -> None:
    def one(kind: str) -> None:
        import streamlit as st

        from cnnviz.ui.kit.controls import Number

        st.text(repr(Number("x_one", "One", 1, 9, 5, kind=kind).draw()))  # type: ignore[arg-type]

    app = AppTest.from_function(one, kwargs={"kind": kind})
    app.query_params["x_one"] = text
    for _ in range(2):
        assert not app.run().exception
        assert app.text[0].value == "5"


def test_a_value_stays_while_its_bound_allows_it_and_is_clamped_after() -> None:
    app = page({"x_inner": "4"})
    app.slider(key="x_top").set_value(4)
    assert read(app.run())[:2] == [4, 4]
    app.slider(key="x_top").set_value(3)
    assert read(app.run())[:2] == [3, 3]


def test_a_single_legal_value_is_shown_and_cannot_be_changed() -> None:
    app = page()
    app.slider(key="x_top").set_value(1)
    assert read(app.run())[:2] == [1, 1]
    assert app.number_input(key="x_inner_fixed").disabled


def test_an_option_that_is_not_allowed_any_more_gives_the_first_allowed() -> None:
    app = page()
    app.slider(key="x_top").set_value(2)
    assert read(app.run())[2] == "a"
    assert app.button_group(key="x_mode").options == ["first", "third"]


def test_reset_gives_the_defaults_back() -> None:
    app = page({"x_top": "7", "x_mode": "third", "x_menu": "second", "x_on": "false", "x_scale": "0.1"})
    app.button[0].click()
    assert read(app.run()) == [9, 5, "b", "a", True, "1"]
