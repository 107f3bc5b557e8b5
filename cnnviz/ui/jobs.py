"""Jobs of this visitor in a child process: asked for once, polled, the last answers kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from typing import Any

import streamlit as st

from cnnviz.engine.config.errors import EngineError
from cnnviz.engine.processes.job_queue import Result, result_if_done
from cnnviz.engine.processes.supervisor import submit

__all__ = ["DEADLINE", "MOST_ANSWERS", "Job", "answer", "answers", "draw_answer"]

DEADLINE = 30.0  # seconds; the first job of a server also starts its preloader
AT_ONCE = 0.15  # seconds for which the script waits, so that a quick answer needs no second run
POLL_EVERY = 0.4
MOST_ANSWERS = 8  # that a visitor keeps
_ANSWERS, _ASKED = "_job_answers", "_job_asked_{}"


class Job:
    """One job at a time: another one takes the place of the one before, which is cancelled."""

    def __init__(self) -> None:
        self.key = ""
        self._future: Future[Result] | None = None

    @property
    def pending(self) -> bool:
        """Whether an answer is on its way."""
        return self._future is not None

    def ask(self, name: str, arguments: Mapping[str, Any], key: str = "") -> Result | None:
        """Have a child process do this. Returns at once: a result only where the job is refused."""
        if self._future is not None:
            self._future.cancel()
        self._future, self.key = None, key
        try:
            self._future = submit(name, arguments, DEADLINE)
        except EngineError as error:
            return Result(error=str(error))
        return None

    def poll(self, wait: float = 0.0) -> Result | None:
        """The answer, once, when it is there; after at most so many seconds."""
        if self._future is None:
            return None
        if wait:
            wait_for([self._future], wait)
        result = result_if_done(self._future)
        if result is not None:
            self._future = None
        return result


def draw_answer(
    name: str,
    key: str,
    arguments: Mapping[str, Any],
    draw: Callable[[Mapping[str, Any]], None],
    waiting: str,
) -> None:
    """Draw the answer of the job `name`; until it is there, the sentence `waiting`.

    key: what the answer depends on; with another key the job before it is cancelled. An error is a sentence,
    and stays until the visitor asks again.
    """
    result = answer(name, key, arguments)
    if result is None:
        st.fragment(_wait, run_every=POLL_EVERY)(name, key, waiting)
    elif result.ok:
        draw(result.value)
    else:
        st.warning(result.error)
        st.button(
            "Try again",
            key=f"again_{name}",
            icon=":material/refresh:",
            on_click=_forget,
            args=(name, key),
        )


def _forget(name: str, key: str) -> None:
    """So that the next run asks again."""
    answers().pop(f"{name} {key}", None)


def _wait(name: str, key: str, waiting: str) -> None:
    """The fragment while a job runs; when it has ended, the page is drawn again and no timer is left."""
    if _poll(name, key) is not None:
        st.rerun()
    st.info(waiting, icon=":material/hourglass_top:")


def answers() -> dict[str, Result]:
    """The answers that this visitor has, the oldest first."""
    found: dict[str, Result] = st.session_state.setdefault(_ANSWERS, {})
    return found


def answer(name: str, key: str, arguments: Mapping[str, Any]) -> Result | None:
    """The answer to this question, which is asked where it was not yet; None while there is none."""
    result = _poll(name, key)
    if result is not None:
        return result
    job: Job = st.session_state.setdefault(_ASKED.format(name), Job())
    if not job.pending or job.key != key:
        if refused := job.ask(name, arguments, key):
            return _keep(name, key, refused)
        return _poll(name, key, AT_ONCE)
    return None


def _poll(name: str, key: str, wait: float = 0.0) -> Result | None:
    """The answer that is kept, or has just come."""
    if (kept := answers().get(f"{name} {key}")) is not None:
        return kept
    job: Job | None = st.session_state.get(_ASKED.format(name))
    result = job.poll(wait) if job is not None and job.key == key else None
    return None if result is None else _keep(name, key, result)


def _keep(name: str, key: str, result: Result) -> Result:
    kept = answers()
    kept[f"{name} {key}"] = result
    while len(kept) > MOST_ANSWERS:
        del kept[next(iter(kept))]
    return result
