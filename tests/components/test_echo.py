"""How a view tells the echo of its own report from a value that Python wants to see."""

from __future__ import annotations

from node import run


def said(steps: str) -> list[bool]:
    """What `receive` and `send` answer, in order; `clock` moves the time on."""
    found: list[bool] = run(
        f"""import {{ EchoGuard }} from "shared/controls/echo.js";
          const now = performance.now.bind(performance);
          let later = 0;
          performance.now = () => now() + later;
          const clock = (ms) => void (later += ms);
          const guard = new EchoGuard(), said = [];
          const receives = (value) => said.push(guard.receive(value));
          const sends = (value) => said.push(guard.send(value));
          {steps};
          performance.now = now;
          return said;"""
    )
    return found


def test_an_echo_is_told_from_news() -> None:
    steps = """
      receives("a"); receives("a"); // the first value from Python, then nothing new
      sends("b"); sends("c"); sends("c"); // nothing is said twice
      receives("a"); // a run that started before them
      receives("b"); receives("c"); // the echoes
      receives("a"); // an experiment sets the first value again
    """
    assert said(steps) == [True, False, True, True, False, False, False, False, True]


def test_going_back_and_forth_is_not_undone_by_an_older_run() -> None:
    steps = """
      receives("a"); sends("b"); sends("a");
      receives("a"); // a run that started before both: the echo of "b" is still due
      receives("b"); receives("a");
    """
    assert said(steps) == [True, True, True, False, False, False]


def test_a_link_overrules_what_is_on_its_way() -> None:
    assert said("""receives([1]); sends([2]); receives([9]); receives([2])""") == [
        True,
        True,
        True,
        True,
    ]


def test_values_are_compared_by_what_they_hold() -> None:
    assert said("""receives({ a: [1, null] }); receives({ a: [1, null] }); sends({ a: [1, null] })""") == [
        *(True, False, False)
    ]


def test_a_report_that_was_never_answered_counts_no_more() -> None:
    """Streamlit answers two quick reports once; much later a link may bring the one that was left out."""
    steps = """receives("a"); sends("b"); sends("a"); receives("a"); clock(11000); receives("b")"""
    assert said(steps) == [True, True, True, False, True]
