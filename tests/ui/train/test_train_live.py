"""What ticks on the training page: how often, in how many fragments, and what is not computed again."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from app_pages import ROOT
from streamlit import config
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import app_session
from streamlit.testing.v1 import AppTest

from cnnviz.engine.runs.history import History
from cnnviz.engine.wire.records import Started, StepBlock
from cnnviz.ui.kit import server
from cnnviz.ui.train import findings, live, poll_rate, runs
from cnnviz.ui.train.poll_rate import PollRate, PollTimer


def kind() -> PollRate:
    return PollRate(every=0.3, moving=8.0, still=5.0)


def polls_a_second(pages: PollRate, sessions: int, *, moved: bool) -> float:
    """What so many pages of one sort ask for together, once each has polled."""
    waits = [pages.note(f"s{n}", moved=moved, now=100.0) for n in range(sessions)]
    return sessions / waits[-1]


@pytest.mark.parametrize("moved", [True, False])
def test_a_lone_page_polls_as_often_whether_its_run_moves_or_not(moved: bool) -> None:
    assert kind().note("me", moved=moved) == 0.3


@pytest.mark.parametrize(("moved", "together"), [(True, 8.0), (False, 5.0)])
@pytest.mark.parametrize("sessions", [4, 8, 15])
def test_the_pages_of_a_class_share_the_polls(sessions: int, moved: bool, together: float) -> None:
    asked = polls_a_second(kind(), sessions, moved=moved)
    assert asked <= together * 1.1


def test_a_page_without_news_waits_longer_and_does_not_slow_down_one_that_has_some() -> None:
    pages = kind()
    for n in range(8):
        waits = pages.note(f"still {n}", moved=False, now=100.0)
    assert waits == pytest.approx(1.6)
    assert pages.note("moving", moved=True, now=100.0) == 0.3


def test_no_page_waits_longer_than_the_longest() -> None:
    pages = kind()
    for n in range(500):
        wait = pages.note(f"s{n}", moved=False, now=100.0)
    assert wait == poll_rate.LONGEST


def test_pages_that_no_longer_poll_do_not_count() -> None:
    pages = kind()
    for n in range(20):
        pages.note(f"s{n}", moved=True, now=100.0)
    assert pages.note("me", moved=True, now=101.0) > 2
    assert pages.note("me", moved=True, now=101.0 + 1.01 * poll_rate.GONE_AFTER) == 0.3


def test_a_new_interval_is_sent_once() -> None:
    pages = kind()
    for n in range(7):
        pages.note(f"s{n}", moved=False)
    timer = PollTimer(pages)
    found = [timer.poll(news, "me") for news in ("a", "a", "a", "b", "b")]
    assert found == [0.0, 1.6, 0.0, 0.3, 1.6]


def test_the_fragment_that_runs_gets_another_timer(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[ForwardMsg] = []
    monkeypatch.setattr(server, "get_script_run_ctx", lambda: SimpleNamespace(enqueue=sent.append))
    for running in ("the fragment", None):
        state = SimpleNamespace(get=lambda running=running: SimpleNamespace(fragment_id=running))
        monkeypatch.setattr(server, "ThreadState", state)
        server.set_fragment_interval(1.6)
    assert [(one.auto_rerun.fragment_id, one.auto_rerun.interval) for one in sent] == [
        ("the fragment", pytest.approx(1.6))
    ]


def script() -> None:
    """Three things that tick, of two kinds, with something fixed between."""
    import streamlit as st

    from cnnviz.ui.train import live, runs
    from cnnviz.ui.train.poll_rate import NUMBERS, PICTURES

    live.mark(runs.visitor_runs())
    live.polled(NUMBERS, lambda visitor: st.text("status"))
    st.text("between")
    live.polled(PICTURES, lambda visitor: st.text("maps"))
    live.polled(NUMBERS, lambda visitor: st.text("curves"))
    live.polled(PICTURES, lambda visitor: st.text("flow"))
    live.start_polling()
    st.text("below")


@pytest.mark.parametrize("refresh", [True, False])
def test_what_ticks_alike_is_one_fragment_and_stands_where_it_was_asked_for(
    refresh: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[float | None] = []
    real = live.st.fragment

    def fragment(body: Any, *, run_every: float | None) -> Any:
        made.append(run_every)
        return real(body, run_every=run_every)

    monkeypatch.setattr(live.st, "fragment", fragment)
    monkeypatch.setattr(runs.VisitorRuns, "needs_refresh", refresh)
    runs.clear_all()
    app = AppTest.from_function(script, default_timeout=60).run()
    assert not app.exception
    assert made == ([0.3, 0.6] if refresh else [None, None])
    assert [text.value for text in app.text] == ["status", "between", "maps", "curves", "flow", "below"]


def silent() -> None:
    """Two things that tick, and have nothing to draw yet."""
    from cnnviz.ui.train import live, runs
    from cnnviz.ui.train.poll_rate import NUMBERS, PICTURES

    live.mark(runs.visitor_runs())
    live.polled(NUMBERS, lambda visitor: None)
    live.polled(PICTURES, lambda visitor: None)
    live.start_polling()


def test_a_place_is_held_where_there_is_nothing_to_draw_yet() -> None:
    """A fragment may later write only to places outside of it to which it has written in the whole run."""
    runs.clear_all()
    app = AppTest.from_function(silent, default_timeout=60).run()
    assert not app.exception
    first, second = [app.main.children[n].children for n in (0, 1)]
    for place in (first, second):
        assert [len(wrapper.children) for wrapper in place.values()] == [1]


def theme_message() -> bytes:
    """The theme as Streamlit tells it, with the sections that the app sets and one that it does not."""
    theme = ForwardMsg().new_session.custom_theme
    app_session._populate_theme_msg(theme)
    for section in ("light", "dark", "sidebar"):
        app_session._populate_theme_msg(getattr(theme, section), f"theme.{section}")
    return theme.SerializeToString(deterministic=True)


def test_the_theme_is_read_once_and_told_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_session, "_populate_theme_msg", app_session._populate_theme_msg)
    reads: list[str] = []
    real = config.get_options_for_section
    monkeypatch.setattr(
        config, "get_options_for_section", lambda section: reads.append(section) or real(section)
    )
    before = theme_message()
    assert b"Atkinson" in before
    reads.clear()
    server.cache_theme()
    assert [theme_message() for _ in range(3)] == [before] * 3
    assert reads == ["theme", "theme.light", "theme.dark", "theme.sidebar"]
    known = app_session._populate_theme_msg.known  # type: ignore[attr-defined]
    known.clear()  # as when the settings are read again
    assert theme_message() == before
    assert len(reads) == 8


def test_threads_take_shorter_turns() -> None:
    before = sys.getswitchinterval()
    try:
        server.shorten_switch_interval()
        assert sys.getswitchinterval() == pytest.approx(server.SWITCH_SECONDS)
        assert before > server.SWITCH_SECONDS
    finally:
        sys.setswitchinterval(before)


def test_modules_are_there_before_the_first_visitor_and_left_out_of_the_search_for_garbage() -> None:
    found = subprocess.run(
        [
            sys.executable,
            "-c",
            "import gc, sys; from cnnviz.ui.kit import server; "
            "before = len(gc.get_objects()); server.import_and_freeze(); "
            "print('cnnviz.ui.train.live' in sys.modules, 'torch' in sys.modules, "
            "gc.get_freeze_count() > before, len(gc.get_objects()) < before / 10)",
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        cwd=ROOT,
    )
    assert found.stdout.split() == ["True", "False", "True", "True"]


def test_a_series_is_made_again_when_the_run_has_reported_more() -> None:
    history = History()
    history.add(Started(0, ("1 dense",), ((1,),), (0,), ("a",), 1, 1, 1, 1, "cpu"))
    row, table = np.ones(3, np.float32), np.ones((3, 1), np.float32)
    history.add(StepBlock(3, row, row, row, row, table, table, table))
    entry = runs.Entry(SimpleNamespace(history=history), None, "")  # type: ignore[arg-type]
    (first,), (again,) = live.series([entry]), live.series([entry])
    assert again is first
    assert again.curves_data() is first.curves_data()
    assert again.flow_data() is first.flow_data()
    entry.label = "Before"
    (renamed,) = live.series([entry])
    assert renamed.curves_data()["label"] == "Before"
    history.add(StepBlock(6, row, row, row, row, table, table, table))
    assert live.series([entry])[0].curves_data()["count"] == 6
    assert first.curves_data((1.0, 2.0))["count"] == first.curves_data()["count"] == 3


def test_findings_are_read_again_when_there_is_more_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    monkeypatch.setattr(findings, "diagnose", lambda history, config: read.append(history.version) or [])
    run = SimpleNamespace(status="running", history=SimpleNamespace(version=1), config=None)
    entry = runs.Entry(run, run.config, "")  # type: ignore[arg-type]
    for now, version, status in [
        (10.0, 1, "running"),
        (10.5, 2, "running"),  # too soon: nobody could read it
        (12.1, 2, "running"),
        (15.0, 2, "running"),  # nothing new
        (15.1, 2, "done"),
        (15.2, 3, "done"),  # the last word, at once
    ]:
        run.status, run.history.version = status, version
        findings.findings_of(entry, now)
    assert read == [1, 2, 3]


def test_a_poll_of_the_same_history_sees_the_same() -> None:
    run = SimpleNamespace(status="running", history=History())
    visitor = runs.VisitorRuns("me", entries=(runs.Entry(run, None, ""),))  # type: ignore[arg-type]
    before = visitor.version
    assert visitor.version == before
    run.status = "paused"
    assert visitor.version != before
