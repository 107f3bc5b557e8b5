"""What stands in a link, as text: read back as it was written, and anything else refused."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from cnnviz.ui.kit import values


@given(st.lists(st.integers(-99, 99), min_size=1, max_size=8).map(tuple), st.sampled_from([",", "_"]))
def test_whole_numbers_read_back(numbers: tuple[int, ...], between: str) -> None:
    assert values.numbers(values.whole(-99, 99), 8, between)(values.joined(between)(numbers)) == numbers


@given(st.lists(st.integers(-60, 60), min_size=1, max_size=10).map(tuple))
def test_decimals_read_back(tenths: tuple[int, ...]) -> None:
    numbers = tuple(number / 10 for number in tenths)
    assert values.numbers(values.decimal(-6, 6), 10, "_")(values.joined("_")(numbers)) == numbers


@given(st.booleans())
def test_a_flag_reads_back(on: bool) -> None:
    assert values.flag(values.on_off(on)) is on


@pytest.mark.parametrize("text", ["", "x", "1.5", "nan", "100", "-1", "1e2", "9" * 5000])
def test_what_is_not_a_whole_number_in_the_bounds_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        values.whole(0, 99)(text)


@pytest.mark.parametrize("text", ["", "x", "nan", "inf", "6.1", "-1e9"])
def test_what_is_not_a_number_in_the_bounds_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        values.decimal(-6, 6)(text)


@pytest.mark.parametrize("text", ["1,2,3", "1,", ",", "1;2"])
def test_too_many_or_half_written_numbers_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        values.numbers(values.whole(0, 9), 2)(text)


@pytest.mark.parametrize("text", ["", "On", "true", "onoff"])
def test_other_words_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        values.flag(text)


def test_a_whole_decimal_is_written_short() -> None:
    assert values.joined("_")((2.0, -0.5, 0.0)) == "2_-0.5_0"
    assert not math.isnan(values.decimal(-6, 6)("2"))


def script() -> None:
    """A page that counts the letters of a word: a named one, or the visitor's own."""
    import streamlit as st

    from cnnviz.ui.kit.link import Linked
    from cnnviz.ui.kit.own import NamedOrOwn, checked
    from cnnviz.ui.kit.values import one_of

    def read(text: str) -> int:
        if not text.isalpha():
            raise ValueError(f"{text} is not a word.")
        return len(text)

    words = NamedOrOwn(
        Linked("x_word", "cat", one_of("cat", "horse", "own"), str),
        Linked("x_own", "owl", checked(read), str),
        len,
        read,
    )
    for text in ("horse", "zebra", "4 cats"):
        take = words.choose if text == "horse" else words.take
        st.button(text, on_click=take, args=(text,), key=text)
    st.text(f"{words.get()} {words.problem()}")


def test_named_and_own_share_one_link() -> None:
    app = AppTest.from_function(script).run()
    assert app.text[0].value == "3"
    for key, want, link in (
        ("zebra", "5", {"x_word": ["own"], "x_own": ["zebra"]}),
        ("4 cats", "5 4 cats is not a word.", {"x_word": ["own"], "x_own": ["zebra"]}),
        ("horse", "5", {"x_word": ["horse"], "x_own": ["zebra"]}),
    ):
        app.button(key=key).click()
        app.run()
        assert not app.exception
        assert app.text[0].value == want
        assert {
            name: [text] if isinstance(text, str) else text for name, text in app.query_params.items()
        } == link
