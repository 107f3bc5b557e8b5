"""Jobs of a visitor: asked for once, the one before cancelled, the last answers kept."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from unittest.mock import patch

import pytest

from cnnviz.engine.processes.job_queue import Result
from cnnviz.ui import jobs


@pytest.fixture
def asked() -> Iterator[list[Future[Result]]]:
    """The jobs that were asked for, newest last, with a session of its own."""
    made: list[Future[Result]] = []

    def submit(*_: object) -> Future[Result]:
        made.append(Future())
        return made[-1]

    with (
        patch.object(jobs, "submit", submit),
        patch.object(jobs, "AT_ONCE", 0),
        patch.object(jobs.st, "session_state", {}),
    ):
        yield made


def test_a_job_is_asked_for_once_and_its_answer_kept(asked: list[Future[Result]]) -> None:
    assert jobs.answer("field", "a", {}) is None
    assert jobs.answer("field", "a", {}) is None
    asked[0].set_result(Result({"n": 1}))
    assert jobs.answer("field", "a", {}) == Result({"n": 1})
    assert jobs.answer("field", "a", {}) == Result({"n": 1})
    assert len(asked) == 1


def test_another_question_cancels_the_one_before(asked: list[Future[Result]]) -> None:
    jobs.answer("field", "a", {})
    jobs.answer("growth", "a", {})
    jobs.answer("field", "b", {})
    assert [job.cancelled() for job in asked] == [True, False, False]


def test_a_failure_stays_and_is_not_tried_again_by_itself(asked: list[Future[Result]]) -> None:
    jobs.answer("field", "a", {})
    asked[0].set_result(Result(error="Too long."))
    for _ in range(3):
        assert jobs.answer("field", "a", {}) == Result(error="Too long.")
    assert len(asked) == 1


def test_only_so_many_answers_are_kept(asked: list[Future[Result]]) -> None:
    for number in range(jobs.MOST_ANSWERS + 5):
        jobs.answer("field", str(number), {})
        asked[-1].set_result(Result({"n": number}))
        jobs.answer("field", str(number), {})
    assert len(jobs.answers()) == jobs.MOST_ANSWERS
    assert "field 0" not in jobs.answers()
