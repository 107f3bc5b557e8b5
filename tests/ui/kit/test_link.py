"""Values of the link that no widget owns: read once, kept through page switches, written back short."""

from __future__ import annotations

import pytest
from apptest import linked, press, run_script
from streamlit.testing.v1 import AppTest

from cnnviz.ui.kit import link, values


def script() -> None:
    import streamlit as st

    from cnnviz.ui.kit.link import Linked, enter_page

    def positive(text: str) -> int:
        if int(text) < 1:
            raise ValueError(text)
        return int(text)

    value = Linked("x_n", 5, positive, str)
    enter_page(st.session_state.get("page", "one"))
    st.button("Seven", on_click=lambda: value.set(7), key="seven")
    st.button("Reset", on_click=value.reset, key="reset")
    st.text(str(value.get()))


def page(**query: str) -> AppTest:
    return run_script(script, query)


def read(app: AppTest) -> int:
    assert not app.exception
    return int(app.text[0].value)


def in_link(app: AppTest) -> str | None:
    return linked(app, "x_n")


@pytest.mark.parametrize(("text", "value"), [("9", 9), ("-3", 5), ("x", 5), ("", 5), ("1.5", 5)])
def test_the_first_run_reads_the_url(text: str, value: int) -> None:
    assert read(page(x_n=text)) == value


def test_text_without_meaning_is_taken_out_of_the_url() -> None:
    assert in_link(page(x_n="rubbish")) is None


def test_a_new_value_is_written_and_the_default_is_not() -> None:
    app = press(page(), "seven")
    assert (read(app), in_link(app)) == (7, "7")
    app = press(app, "reset")
    assert (read(app), in_link(app)) == (5, None)


def test_back_in_the_browser_brings_the_old_value(monkeypatch: pytest.MonkeyPatch) -> None:
    app = press(page(), "seven").run()
    monkeypatch.setattr(link, "SETTLED", -1.0)  # long ago
    app.query_params["x_n"] = "3"
    assert read(app.run()) == 3
    del app.query_params["x_n"]
    assert read(app.run()) == 5


def test_a_message_that_was_under_way_does_not_undo_a_new_value(monkeypatch: pytest.MonkeyPatch) -> None:
    app = press(page(), "seven")
    monkeypatch.setattr(link, "SETTLED", 1e9)  # just now
    app.query_params["x_n"] = "3"
    assert read(app.run()) == 7
    assert in_link(app) == "7"


def test_a_page_switch_keeps_the_value_and_writes_it_back(monkeypatch: pytest.MonkeyPatch) -> None:
    app = press(page(), "seven").run()
    monkeypatch.setattr(link, "SETTLED", -1.0)
    app.session_state["page"] = "two"
    del app.query_params["x_n"]  # as Streamlit does on a switch
    assert read(app.run()) == 7
    assert in_link(app) == "7"


@pytest.mark.parametrize(("text", "place"), [("0,0", (0, 0)), ("3,100", (3, 100)), (" 7, 8", (7, 8))])
def test_a_cell_is_a_row_and_a_column(text: str, place: tuple[int, int]) -> None:
    assert values.cell(100)(text) == place
    assert values.cell(100)(values.joined()(place)) == place


@pytest.mark.parametrize("text", ["", "3", "1,2,3", "-1,0", "0,101", "a,b", "1.5,2", "9" * 5000 + ",0"])
def test_what_is_no_cell_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"from 0 to 100|unpack|invalid literal|Exceeds|at most 2"):
        values.cell(100)(text)
