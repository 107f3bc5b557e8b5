"""Questions about a step: right for any settings, and answered from what stays visible."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from test_steps import step_settings

from cnnviz.core.colour.displays import format_value
from cnnviz.core.steps.questions import Question, check, parse_number, question
from cnnviz.core.steps.sums import StepSettings, sources, uses_of_weight

SEEDS = st.integers(0, 2**32 - 1)


def asked(s: StepSettings, kind: str, seed: int) -> Question:
    """The question; settings without one do not count."""
    try:
        return question(s, kind, seed)
    except ValueError:
        reject()


def with_decimals(s: StepSettings) -> StepSettings:
    return StepSettings(
        s.image * 0.37,
        s.kernels / 9,
        s.bias / 7,
        s.padding,
        s.mode,
        s.stride,
        s.dilation,
        s.flip,
        s.transposed,
    )


def shown(value: float) -> float:
    return float(format_value(value).replace("−", "-"))


@given(step_settings(), SEEDS, st.booleans())
def test_an_output_cell_is_its_sum(s: StepSettings, seed: int, decimals: bool) -> None:
    s = with_decimals(s) if decimals else s
    q = question(s, "output cell", seed)
    found = sources(s, *q.hidden)
    assert q.answer == s.output()[q.hidden]
    by_hand = sum(shown(link.value) * shown(link.weight) for link in found.terms) + shown(found.bias)
    assert check(q, format_value(by_hand)).right
    assert check(q, repr(q.answer)).right


@given(step_settings(), SEEDS, st.booleans())
def test_a_weight_follows_from_what_stays_visible(s: StepSettings, seed: int, decimals: bool) -> None:
    s = with_decimals(s) if decimals else s
    q = asked(s, "kernel weight", seed)
    assert q.answer == s.kernels[q.hidden]
    # Another weight in its place would change the output that is shown: the answer is unique.
    changed = s.kernels.copy()
    changed[q.hidden] += max(1, 3 * q.tolerance)
    other = StepSettings(
        s.image, changed, s.bias, s.padding, s.mode, s.stride, s.dilation, s.flip, s.transposed
    )
    assert (other.output() != s.output()).any()
    assert any(link.value for link in uses_of_weight(s, *q.hidden))
    assert check(q, str(q.answer)).right


@given(step_settings(), SEEDS)
def test_whole_numbers_are_asked_exactly(s: StepSettings, seed: int) -> None:
    for kind in ("output cell", "kernel weight", "output size"):
        q = asked(s, kind, seed)
        assert q.answer.is_integer()
        assert check(q, f"{q.answer:.0f}").right
        assert not check(q, f"{q.answer + 1:.0f}").right
        assert "Three digits" not in q.prompt


@given(step_settings(), SEEDS)
def test_the_size_is_the_outputs(s: StepSettings, seed: int) -> None:
    q = question(s, "output size", seed)
    assert q.answer == s.output().shape[1 + q.prompt.startswith("How many columns")]
    assert q.solution.endswith(f"= {q.answer:.0f}")
    assert q.hidden == ()


@settings(max_examples=40)
@given(step_settings(), SEEDS)
def test_the_worked_sum_gives_the_answer(s: StepSettings, seed: int) -> None:
    q = question(s, "output cell", seed)
    left, right = q.solution.split(" = ")
    python = left.replace("×", "*").replace("−", "-").replace("bias ", "")
    assert eval(python) == q.answer == float(right.split(" (")[0].replace("−", "-"))


def test_the_same_seed_asks_the_same_question_and_others_differ() -> None:
    s = StepSettings(np.arange(64.0).reshape(8, 8), np.arange(9.0).reshape(3, 3))
    assert question(s, "output cell", 7) == question(s, "output cell", 7)
    assert len({question(s, "output cell", seed).hidden for seed in range(20)}) > 5
    assert len({question(s, "kernel weight", seed).hidden for seed in range(20)}) > 5


def test_no_weight_is_asked_that_only_meets_zeros() -> None:
    image = np.zeros((4, 4))
    image[0, 0] = 3  # only the first weight ever meets it
    s = StepSettings(image, np.arange(1, 10).reshape(3, 3))
    assert {question(s, "kernel weight", seed).hidden for seed in range(20)} == {(0, 0, 0, 0)}
    with pytest.raises(ValueError, match="No weight can be worked out"):
        question(StepSettings(np.zeros((4, 4)), np.ones((3, 3))), "kernel weight", 0)


def test_no_weight_is_asked_that_the_shown_digits_cannot_tell() -> None:
    """1 beside a million: the output, shown with few digits, does not depend on its weight."""
    image = np.full((3, 3), 1.0)
    image[2, 2] = 1.2345678e6
    s = StepSettings(image, np.full((3, 3), 0.123))
    assert {question(s, "kernel weight", seed).hidden for seed in range(20)} == {(0, 2, 2, 0)}


def test_a_sum_of_zero_is_asked_only_where_there_is_nothing_else() -> None:
    s = StepSettings(np.zeros((3, 3)), np.ones((2, 2)))
    assert question(s, "output cell", 0).solution == "0 = 0 (4 products that are 0 left out)"


def test_unknown_kinds() -> None:
    with pytest.raises(ValueError, match="There is no question 'colour'"):
        question(StepSettings(np.ones((2, 2)), np.ones((1, 1))), "colour", 0)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7), (" 7 ", 7), ("+7", 7), ("-7", -7), ("−7", -7), ("– 7", -7), ("= 7", 7), ("7.", 7),
        (".5", 0.5), ("0,5", 0.5), (",5", 0.5), ("1/9", 1 / 9), ("-1 / 4", -0.25), ("1⁄2", 0.5),
        ("1 1/2", 1.5), ("−2 3/4", -2.75), ("1e3", 1000), ("2,5e-1", 0.25), ("1,5/3", 0.5), ("0", 0),
    ],
)  # fmt: skip
def test_numbers_as_people_type_them(text: str, number: float) -> None:
    assert parse_number(text) == pytest.approx(number)


@pytest.mark.parametrize(
    "text", ["", "  ", "seven", "1/0", "nan", "inf", "1..2", "--3", "3 4", "1e999", "1,2,3", "x" * 99]
)
def test_what_is_no_number_gets_a_sentence_and_does_not_count(text: str) -> None:
    q = Question("output size", "", 3, 0.01, "worked", ())
    verdict = check(q, text)
    assert not verdict.right
    assert verdict.number is None
    assert verdict.sentence.endswith(".")
    assert len(verdict.sentence) < 90


def test_the_verdict_says_what_was_understood() -> None:
    q = Question("output cell", "", 4.0, 0.01, "1 + 3 = 4", ())
    assert check(q, "4,0").sentence == "Right. 1 + 3 = 4"
    assert check(q, "−3,5").sentence == "−3.5 is not right. 1 + 3 = 4"


def test_three_digits_are_enough_for_decimals_but_not_two() -> None:
    s = StepSettings(np.full((2, 2), 1.0), np.full((2, 2), 1 / 3))
    q = question(s, "output cell", 0)
    assert q.answer == pytest.approx(4 / 3)
    assert check(q, "1.33").right
    assert check(q, "4/3").right
    assert not check(q, "1.3").right
