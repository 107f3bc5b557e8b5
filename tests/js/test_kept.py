"""How a view tells the echo of its own report from a value that Python wants to see."""

from __future__ import annotations

from node import run


def said(steps: str) -> list[bool]:
    """What `takes` and `reports` answer, in order; `clock` moves the time on."""
    found: list[bool] = run(
        f"""import {{ Kept }} from "shared/controls/kept.js";
        const now = performance.now.bind(performance);
        let later = 0;
        performance.now = () => now() + later;
        const clock = (ms) => void (later += ms);
        const kept = new Kept(), said = [];
        const takes = (value) => said.push(kept.takes(value));
        const reports = (value) => said.push(kept.reports(value));
        {steps};
        delete performance.now;
        return said;"""
    )
    return found


def test_an_echo_is_told_from_news() -> None:
    steps = """
      takes("a"); takes("a"); // the first value from Python, then nothing new
      reports("b"); reports("c"); reports("c"); // nothing is said twice
      takes("a"); // a run that started before them
      takes("b"); takes("c"); // the echoes
      takes("a"); // an experiment sets the first value again
    """
    assert said(steps) == [True, False, True, True, False, False, False, False, True]


def test_going_back_and_forth_is_not_undone_by_an_older_run() -> None:
    steps = """
      takes("a"); reports("b"); reports("a");
      takes("a"); // a run that started before both: the echo of "b" is still due
      takes("b"); takes("a");
    """
    assert said(steps) == [True, True, True, False, False, False]


def test_a_link_overrules_what_is_on_its_way() -> None:
    assert said("""takes([1]); reports([2]); takes([9]); takes([2])""") == [True, True, True, True]


def test_values_are_compared_by_what_they_hold() -> None:
    assert said("""takes({ a: [1, null] }); takes({ a: [1, null] }); reports({ a: [1, null] })""") == [
        *(True, False, False)
    ]


def test_a_report_that_was_never_answered_counts_no_more() -> None:
    """Streamlit answers two quick reports once; much later a link may bring the one that was left out."""
    steps = """takes("a"); reports("b"); reports("a"); takes("a"); clock(11000); takes("b")"""
    assert said(steps) == [True, True, True, False, True]
