"""Jobs of a visitor: asked for once, the one before cancelled, the last answers kept."""

from __future__ import annotations

from collections.abc import Iterator
from unittest.mock import patch

import pytest

from cnnviz.engine.processes.tickets import Result
from cnnviz.ui import jobs


class FakeTicket:
    """A job that ends when it is told to."""

    def __init__(self) -> None:
        self.result: Result | None = None
        self.cancelled = False

    def poll(self) -> Result | None:
        return self.result

    def wait(self, timeout: float) -> Result | None:
        return self.result

    def cancel(self) -> None:
        self.cancelled = True


@pytest.fixture
def tickets() -> Iterator[list[FakeTicket]]:
    """The jobs that were asked for, newest last, with a session of its own."""
    made: list[FakeTicket] = []

    def submit(*_: object) -> FakeTicket:
        made.append(FakeTicket())
        return made[-1]

    with patch.object(jobs, "submit", submit), patch.object(jobs.st, "session_state", {}):
        yield made


def test_a_job_is_asked_for_once_and_its_answer_kept(tickets: list[FakeTicket]) -> None:
    assert jobs.answer("field", "a", {}) is None
    assert jobs.answer("field", "a", {}) is None
    tickets[0].result = Result({"n": 1})
    assert jobs.answer("field", "a", {}) == Result({"n": 1})
    assert jobs.answer("field", "a", {}) == Result({"n": 1})
    assert len(tickets) == 1


def test_another_question_cancels_the_one_before(tickets: list[FakeTicket]) -> None:
    jobs.answer("field", "a", {})
    jobs.answer("growth", "a", {})
    jobs.answer("field", "b", {})
    assert [ticket.cancelled for ticket in tickets] == [True, False, False]


def test_a_failure_stays_and_is_not_tried_again_by_itself(tickets: list[FakeTicket]) -> None:
    jobs.answer("field", "a", {})
    tickets[0].result = Result(error="Too long.")
    for _ in range(3):
        assert jobs.answer("field", "a", {}) == Result(error="Too long.")
    assert len(tickets) == 1


def test_only_so_many_answers_are_kept(tickets: list[FakeTicket]) -> None:
    for number in range(jobs.MOST_ANSWERS + 5):
        jobs.answer("field", str(number), {})
        tickets[-1].result = Result({"n": number})
        jobs.answer("field", str(number), {})
    assert len(jobs.answers()) == jobs.MOST_ANSWERS
    assert not any(key == "field 0" for key in jobs.answers())
