"""Predict, then reveal: which question is open, what was answered, and the score of this visit."""

from __future__ import annotations

from typing import Any, cast, get_args

import streamlit as st

from cnnviz.components.step_view import HiddenJson, QuestionJson
from cnnviz.core.steps.questions import Kind, Question, check, question
from cnnviz.core.steps.settings import StepSettings

_OPEN = "_step_question"  # {"kind", "number", "answer"} of the question that is asked
_SCORE = "_step_score"  # [right, answered]
_NUMBER = "_step_question_number"


def ask(kind: str) -> None:
    """Ask a new question of a kind; an empty text closes the one that is open."""
    if kind not in get_args(Kind):
        st.session_state.pop(_OPEN, None)
        return
    number = st.session_state.get(_NUMBER, 0) + 1
    st.session_state[_NUMBER] = number
    st.session_state[_OPEN] = {"kind": kind, "number": number, "answer": None, "settled": False}


def answer(text: str, settings: StepSettings) -> None:
    """Take an answer to the open question; only the first that is a number counts."""
    asked = st.session_state.get(_OPEN)
    if asked is None or asked["settled"]:
        return
    try:
        verdict = check(_question(asked, settings), text[:100])
    except ValueError:
        return
    asked["answer"] = verdict
    asked["settled"] = verdict.number is not None
    if asked["settled"]:
        asked["of"] = _fingerprint(settings)
        right, answered = score()
        st.session_state[_SCORE] = [right + verdict.right, answered + 1]


def score() -> tuple[int, int]:
    """Right answers and all answers of this visit."""
    right, answered = st.session_state.get(_SCORE, (0, 0))
    return right, answered


def size_is_secret() -> bool:
    """Whether the output's size must not be shown now."""
    asked = st.session_state.get(_OPEN)
    return bool(asked and asked["kind"] == "output size" and not asked["settled"])


def _question(asked: dict[str, Any], settings: StepSettings) -> Question:
    return question(settings, cast("Kind", asked["kind"]), asked["number"])


def _fingerprint(settings: StepSettings) -> int:
    arrays = (settings.image, settings.kernels, settings.bias)
    rules = (settings.padding, settings.mode, settings.stride, settings.dilation, settings.flip)
    return hash((*(array.tobytes() for array in arrays), *rules, settings.transposed, settings.image.shape))


def shown(settings: StepSettings) -> QuestionJson | None:
    """What the view is told: always from the settings on the screen; nothing where no question is open."""
    asked = st.session_state.get(_OPEN)
    if asked is None:
        return None
    if asked["settled"] and asked["of"] != _fingerprint(settings):  # the verdict is of other numbers
        ask("")
        return None
    try:
        open_question = _question(asked, settings)
    except ValueError as error:
        return {"problem": str(error), "number": asked["number"], "settled": False}
    verdict = asked["answer"]
    return {
        "number": asked["number"],
        "prompt": open_question.prompt,
        "settled": asked["settled"],
        "right": bool(verdict and verdict.right),
        "verdict": verdict.sentence if verdict else None,
        "hidden": None if asked["settled"] else _hidden(open_question, settings),
    }


def _hidden(asked: Question, settings: StepSettings) -> HiddenJson:
    """The secret in the view's own terms; it numbers weights as they are multiplied."""
    if asked.kind == "output size":
        return {"size": True}
    if asked.kind == "output cell":
        return {"output": ",".join(map(str, asked.hidden))}
    n, row, column, channel = asked.hidden
    if settings.flip:
        row, column = settings.kernels.shape[1] - 1 - row, settings.kernels.shape[2] - 1 - column
    return {"weight": f"{n},{channel},{row},{column}"}
