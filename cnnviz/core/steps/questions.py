"""Predict, then reveal: questions about the step on the screen, made from the settings on the screen.

A question is only asked where the answer follows from what stays visible. Cells are counted from 0.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from cnnviz.core.colour.displays import format_value
from cnnviz.core.steps.sums import Sources, StepSettings, Term, sources, uses_of_weight

Kind = Literal["output cell", "kernel weight", "output size"]
WHOLE_TOLERANCE = 0.01

_MINUS = str.maketrans(
    {**dict.fromkeys("−–—﹣－", "-"), "⁄": "/", "∕": "/", "÷": "/", "\u00a0": " ", "\u202f": " "}
)
_LONGEST = 200  # characters of an answer
# Linear: no two repetitions stand side by side that match the same character.
_DECIMAL = r"(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?"
_NUMBER = re.compile(
    rf"=?\s*(?:([+-])\s*)?(?:(\d+)\s+(\d+)\s*/\s*(\d+)|({_DECIMAL})(?:\s*/\s*({_DECIMAL}))?)"
)


@dataclass(frozen=True)
class Question:
    """One question.

    answer:    the number asked for; an answer within `tolerance` of it is right.
    solution:  how to get the number, in one or a few lines.
    hidden:    what must not be seen: (map, y, x) of an output cell; (map, row, column, channel) of a weight
               in the kernel as it is written; () for the output size, which hides the whole output.
    """

    kind: Kind
    prompt: str
    answer: float
    tolerance: float
    solution: str
    hidden: tuple[int, ...]


@dataclass(frozen=True)
class Verdict:
    """The reply to an answer. `number` is the number read; None where there was none: it does not count."""

    right: bool
    sentence: str
    number: float | None


def question(settings: StepSettings, kind: Kind, seed: int) -> Question:
    """A question of this kind; the same seed asks the same question.

    Raises ValueError, one sentence, for an unknown kind, and for "kernel weight" where no weight can be
    worked out from what stays visible.
    """
    random = np.random.default_rng(seed)
    if kind == "output cell":
        return _ask_cell(settings, random)
    if kind == "kernel weight":
        return _ask_weight(settings, random)
    if kind == "output size":
        return _ask_size(settings, random)
    raise ValueError(f"There is no question {kind!r}; there are {', '.join(get_args(Kind))}.")


def check(asked: Question, text: str) -> Verdict:
    """Judge what a visitor typed: a decimal with point or comma, a fraction, any kind of minus sign."""
    try:
        number = parse_number(text)
    except ValueError as error:
        return Verdict(False, str(error), None)
    right = abs(number - asked.answer) <= asked.tolerance
    start = "Right." if right else f"{format_value(number)} is not right."
    return Verdict(right, f"{start} {asked.solution}", number)


def parse_number(text: str) -> float:
    """The number that a text means: "−3", "0,5", "1/9", "1 1/2", "= 7".

    Raises ValueError with one sentence for anything else.
    """
    typed = text.translate(_MINUS).strip()
    if not typed:
        raise ValueError("Type a number first.")
    match = _NUMBER.fullmatch(typed) if len(typed) <= _LONGEST else None
    if not match:
        quoted = typed if len(typed) <= 20 else f"{typed[:20]}…"
        raise ValueError(f"“{quoted}” is not a number; write one like −3, 0.5 or 1/4.")
    sign, whole, top, bottom, number, below = match.groups()
    if whole is not None:
        parts = float(whole), float(top), float(bottom)
    else:
        parts = 0.0, _decimal(number), _decimal(below) if below else 1.0
    if parts[2] == 0:
        raise ValueError("A number cannot be divided by 0.")
    value = parts[0] + parts[1] / parts[2]
    if not math.isfinite(value):
        raise ValueError("That number is too large.")
    return -value if sign == "-" else value


def _decimal(text: str) -> float:
    return float(text.replace(",", "."))


def _ask_cell(settings: StepSettings, random: np.random.Generator) -> Question:
    maps = settings.output()
    cells = np.argwhere(maps) if maps.any() else np.argwhere(maps == 0)  # a sum of 0 is too easy
    n, y, x = (int(index) for index in random.choice(cells))
    found = sources(settings, n, y, x)
    answer = float(maps[n, y, x])
    by_hand = sum(_rounded(term.value) * _rounded(term.weight) for term in found.terms) + _rounded(found.bias)
    numbers = [number for term in found.terms for number in (term.value, term.weight)]
    strength = sum(abs(term.product) for term in found.terms)
    whole = _all_integers([*numbers, found.bias])
    return Question(
        "output cell",
        f"Which number belongs in the marked cell of the output{_of_map(settings, n)} (row {y}, column {x})?"
        f"{_digits(whole)}",
        answer,
        _tolerance(answer, abs(by_hand - answer), strength, whole=whole),
        f"{_sum_text(found)} = {_approximately(answer, whole)}{_left_out(found)}",
        (n, y, x),
    )


def _ask_weight(settings: StepSettings, random: np.random.Generator) -> Question:
    places = np.argwhere(np.ones(settings.kernels.shape, dtype=bool))
    maps = settings.output()
    for place in random.permutation(places):
        n, row, column, channel = (int(index) for index in place)
        terms = [term for term in uses_of_weight(settings, n, row, column, channel) if term.value]
        if not terms:
            continue
        # The visitor divides by the value, so the largest one gives the smallest error.
        term = max(terms, key=lambda term: abs(term.value))
        asked = _weight_question(settings, term, float(maps[n, term.y, term.x]))
        if asked.tolerance <= max(WHOLE_TOLERANCE, abs(asked.answer) / 10):
            return asked
    raise ValueError(
        "No weight can be worked out here: every input under the kernel is 0, or the displayed numbers are "
        "rounded too much."
    )


def _weight_question(settings: StepSettings, term: Term, total: float) -> Question:
    """The question for this weight, to be answered from the output cell of one of its multiplications."""
    found = sources(settings, term.map, term.y, term.x)
    others = [other for other in found.terms if other != term]
    rest = sum(other.product for other in others) + found.bias
    rounded_rest = sum(_rounded(other.value) * _rounded(other.weight) for other in others)
    by_hand = (_rounded(total) - rounded_rest - _rounded(found.bias)) / _rounded(term.value)
    numbers = [number for each in found.terms for number in (each.value, each.weight)]
    whole = _all_integers([*numbers, found.bias])
    channel = f", channel {term.channel}" if settings.image.shape[2] > 1 else ""
    left = f"({format_value(total)} − {_signed(rest)}) / {_signed(term.value)}"
    where = f"{_of_map(settings, term.map)} at row {term.y}, column {term.x}"
    return Question(
        "kernel weight",
        f"One weight of the kernel{_of_map(settings, term.map)} is hidden: row {term.row}, "
        f"column {term.column}{channel}. Which number is it?{_digits(whole)}",
        term.weight,
        _tolerance(term.weight, abs(by_hand - term.weight), 0.0, whole=whole),
        f"The output{where} is {format_value(total)}, and all other products and the bias add up to "
        f"{format_value(rest)}. The weight is multiplied by {format_value(term.value)} there: "
        f"{left} = {_approximately(term.weight, whole)}",
        (term.map, term.row, term.column, term.channel),
    )


def _ask_size(settings: StepSettings, random: np.random.Generator) -> Question:
    index = int(random.integers(2))
    axis, answer = settings.axis_settings[index], settings.size[index]
    if settings.transposed:
        solution = (
            f"({axis.n} − 1) · {axis.stride} − {axis.before} − {axis.after} + "
            f"{axis.dilation} · ({axis.k} − 1) + 1 = {answer}"
        )
    else:
        room = f"({axis.n} + {axis.before} + {axis.after} − {axis.dilation} · ({axis.k} − 1) − 1)"
        solution = f"⌊{room} / {axis.stride}⌋ + 1 = ⌊{axis.slack} / {axis.stride}⌋ + 1 = {answer}"
    return Question(
        "output size",
        f"How many {('rows', 'columns')[index]} does the output have?",
        float(answer),
        WHOLE_TOLERANCE,
        solution,
        (),
    )


def _of_map(settings: StepSettings, n: int) -> str:
    return f" of map {n}" if len(settings.kernels) > 1 else ""


def _digits(whole: bool) -> str:
    return "" if whole else " Three digits are enough."


def _all_integers(numbers: Iterable[float]) -> bool:
    return all(number.is_integer() for number in numbers)


def _rounded(value: float) -> float:
    """The value as it is displayed, rounded."""
    return float(format_value(value).replace("−", "-"))


def _tolerance(answer: float, error: float, strength: float, *, whole: bool) -> float:
    """How far an answer may be off: 0.01 among whole numbers; else half a unit of its third digit, and the
    error of calculating with the rounded numbers on the screen. A sum that nearly cancels counts as 1/1000 of
    its parts.
    """
    scale = max(abs(answer), strength / 1000)
    if whole or scale == 0:
        return WHOLE_TOLERANCE
    unit = 10.0 ** (math.floor(math.log10(scale)) - 2)
    return unit / 2 + 2 * error


def _approximately(value: float, whole: bool) -> str:
    text = format_value(value)
    return text if whole or _rounded(value) == value else f"about {text}"


def _signed(value: float) -> str:
    """A number inside a sum: negative ones in brackets."""
    text = format_value(value)
    return f"({text})" if text.startswith("−") else text


def _sum_text(found: Sources) -> str:
    """The products that are not 0, and the bias, added up."""
    terms = [f"{_signed(a.value)} × {_signed(a.weight)}" for a in found.terms if a.product]
    bias = [f"bias {_signed(found.bias)}"] if found.bias else []
    return " + ".join(terms + bias) or "0"


def _left_out(found: Sources) -> str:
    count = sum(not term.product for term in found.terms)
    if not count:
        return ""
    return f" ({count} {'products that are' if count > 1 else 'product that is'} 0 left out)"
