"""Jobs of this visitor in a child process: asked for once, polled by a fragment, the last answers kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from typing import Any

import streamlit as st

from cnnviz.engine.config.errors import EngineError
from cnnviz.engine.processes.job_queue import Result, result_if_done
from cnnviz.engine.processes.supervisor import submit

DEADLINE = 30.0  # seconds; the first job of a server also starts its preloader
AT_ONCE = 0.15  # seconds for which the script waits, so that a quick answer needs no second run
EVERY = 0.4
MOST = 8  # answers that a visitor keeps


def measured(
    name: str, key: str, arguments: Mapping[str, Any], draw: Callable[[Mapping[str, Any]], None]
) -> None:
    """Draw the answer of the job `name`, and until it is there, that it is being computed.

    key: what the answer depends on; with another key the job before it is cancelled. An error is a sentence,
    and stays until the visitor asks again.
    """
    result = _answer(name, key, arguments)
    if result is None:
        st.fragment(_waiting, run_every=EVERY)(name, key)
    elif result.ok:
        draw(result.value)
    else:
        st.warning(result.error)
        st.button(
            "Try again",
            key=f"r_again_{name}",
            icon=":material/refresh:",
            on_click=_forget,
            args=(name, key),
        )


def _waiting(name: str, key: str) -> None:
    """The fragment while a job runs; when it has ended, the page is drawn anew and no timer is left."""
    if _poll(name, key) is not None:
        st.rerun()
    st.info("The gradient is being computed. Everything else goes on.", icon=":material/hourglass_top:")


def _answers() -> dict[str, Result]:
    found: dict[str, Result] = st.session_state.setdefault("_r_answers", {})
    return found


def _forget(name: str, key: str) -> None:
    """So that the next run asks again."""
    _answers().pop(f"{name} {key}", None)


def _keep(name: str, key: str, result: Result) -> Result:
    answers = _answers()
    answers[f"{name} {key}"] = result
    while len(answers) > MOST:
        del answers[next(iter(answers))]
    return result


def _answer(name: str, key: str, arguments: Mapping[str, Any]) -> Result | None:
    result = _poll(name, key)
    if result is not None:
        return result
    asked: tuple[str, Future[Result]] | None = st.session_state.get(f"_r_asked_{name}")
    if asked is None or asked[0] != key:
        if asked is not None:
            asked[1].cancel()
        try:
            job = submit(name, arguments, DEADLINE)
        except EngineError as error:
            return _keep(name, key, Result(error=str(error)))
        st.session_state[f"_r_asked_{name}"] = (key, job)
        wait([job], AT_ONCE)
    return _poll(name, key)


def _poll(name: str, key: str) -> Result | None:
    """The answer that is kept, or has just come; None where none is there yet."""
    if (kept := _answers().get(f"{name} {key}")) is not None:
        return kept
    asked: tuple[str, Future[Result]] | None = st.session_state.get(f"_r_asked_{name}")
    if asked is None or asked[0] != key:
        return None
    result = result_if_done(asked[1])
    if result is None:
        return None
    del st.session_state[f"_r_asked_{name}"]
    return _keep(name, key, result)
