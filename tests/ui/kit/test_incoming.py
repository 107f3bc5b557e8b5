"""Texts from outside: reading twice as much takes about twice as long, and nothing over the bounds is read.

Python lets one thread compute at a time. A reader whose time grows with the square of the length stops the
server for everybody: 20,000 digits in a link took 14 seconds once.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import pkgutil
import time
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
from streamlit.testing.v1 import AppTest

import cnnviz.ui
from cnnviz.components.picture_picker import image_bytes
from cnnviz.core import ImageError, load_image
from cnnviz.core.kernels.text import parse_kernel
from cnnviz.core.networks.spec import NetSpec
from cnnviz.core.networks.text import parse_stack
from cnnviz.core.steps.questions import parse_number
from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.ui.kit import incoming
from cnnviz.ui.kit.incoming import LONGEST_MESSAGE, LONGEST_VALUE, MOST_VALUES, bound, bounded_query
from cnnviz.ui.kit.link import Linked
from cnnviz.ui.kit.server import bound_messages
from cnnviz.ui.kit.state import PageState
from cnnviz.ui.network_stack.exchange import read_file

SHORT, LONG = 2_500, 20_000  # characters: eight times as many
MOST_GROWTH = 24  # times as long: three times of what is linear; a square gives 64
FLOOR = 0.0003  # seconds below which a time says nothing
TRIES = 5
SURELY = 0.5  # seconds that no machine takes for a text of this length: one try is enough
FILLERS = (
    "9", " ", "\t", "\n", ",", ";", "|", "~", "/", ".", "-", "+", "e", "x", "_", "[", "]", "(", ")", "{", '"',
    "1,", "1 ", "1;", "1|", "1~", "1/", " / ", ", ", " ,", "1e", "-1", "[1", "1]", "[1]", "] [", "],\n[",
    ".1", ",a=", "a.", "a,", "a-", "c1-", "~relu", "~(", "0,5\t", '{"a":', "[[", "🙂", "−", "∞", "\u00a0",
    "%20", "&", "\\\\", "\\frac", "\\frac{", "\\begin{", "{l", "1/9*", ", a=1", "\u202f1", "½", "[[[", " ,1",
)  # fmt: skip
FRAMES = (
    ("", ""), ("", "x"), ("1", "1"), ("=", "x"), ("[[1", "]]"), ("array(", ")"), ("[[1]], dtype=", "]"),
    ("array([[1]], dtype=", "])"), ("1/", "x"), ("1 ", "/1"), ("1x28x28~", ""), ("o", ",0"),
    ('{"input":[', "]}"), ("np.full((", "))"), ("1/9*[", "]/9"), ("1/9", "[1]"), ("array([[1]],", "=1)"),
)  # fmt: skip


def linked() -> dict[str, Callable[[str], Any]]:
    """Key → parser of every value of the link that a page has."""
    found: dict[str, Linked[Any]] = {}
    for info in pkgutil.walk_packages(cnnviz.ui.__path__, "cnnviz.ui."):
        for value in vars(importlib.import_module(info.name)).values():
            if isinstance(value, PageState):
                found |= {part.key: part for part in value.all_parts() if isinstance(part, Linked)}
    return {key: part.parse for key, part in sorted(found.items())}


def message(text: str) -> ClientState:
    """What a browser sends whose every text is this one."""
    state = ClientState(query_string=text)
    for kind in ("string_value", "json_value", "json_trigger_value"):
        widget = state.widget_states.widgets.add(id=f"$$ID-0-{kind}")
        setattr(widget, kind, text)
    return state


READERS: dict[str, Callable[[str], Any]] = {
    **{f"link {key}": parse for key, parse in linked().items()},
    "kernel": parse_kernel,
    "stack": parse_stack,
    "answer": parse_number,
    "network as JSON": NetSpec.from_json,
    "network in a file": lambda text: read_file(text.encode()),
    "settings as JSON": TrainConfig.from_json,
    "picture in base64": lambda text: image_bytes({"name": text, "base64": text}, 20_000_000),
    "picture file": lambda text: load_image(text.encode()),
    "message": lambda text: bound(message(text)),
}


def seconds(read: Callable[[str], Any], text: str) -> float:
    """Of the processor, for this thread alone: what else the machine does is not in it."""
    start = time.thread_time()
    with contextlib.suppress(ValueError, ImageError):
        read(text)
    return time.thread_time() - start


def grows_too_fast(read: Callable[[str], Any], short: str, long: str) -> bool:
    """A slow moment of the machine may spoil a try, and no moment makes a slow reader fast."""
    best = [float("inf"), float("inf")]
    for _ in range(TRIES):
        best = [min(old, seconds(read, text)) for old, text in zip(best, (short, long), strict=True)]
        if best[1] <= MOST_GROWTH * max(best[0], FLOOR):
            return False
        if best[1] > SURELY:
            break
    return True


@pytest.mark.parametrize("name", READERS)
def test_eight_times_the_text_takes_about_eight_times_as_long(name: str) -> None:
    for filler in FILLERS:
        for before, after in FRAMES:
            short, long = (before + filler * (n // len(filler)) + after for n in (SHORT, LONG))
            assert not grows_too_fast(READERS[name], short, long), f"{before}{filler * 3}…{after}"


def test_the_measure_sees_a_square() -> None:
    def slow(text: str) -> int:
        return sum(text.count("9") for _ in range(len(text) // 10))

    assert grows_too_fast(slow, "8" * SHORT, "8" * LONG)


@pytest.mark.parametrize("key", ["f_own", "s_own", "s_cells", "n_stack", "f_pin", "n_z", "p_own", "a_x"])
def test_the_table_has_the_links_that_carry_texts(key: str) -> None:
    assert f"link {key}" in READERS


class TestLink:
    def test_values_within_the_bounds_stay_as_they_are(self) -> None:
        query = "f_kernel=own&f_own=1%2C0&px=512&empty="
        assert bounded_query(query) == query

    def test_a_value_that_is_too_long_is_left_out_and_the_others_stay(self) -> None:
        assert bounded_query(f"a=1&f_own={'9' * (LONGEST_VALUE + 1)}&b=2") == "a=1&b=2"

    def test_the_longest_value_is_counted_in_characters_not_as_it_is_written(self) -> None:
        longest = f"a={'%2C' * LONGEST_VALUE}"
        assert bounded_query(f"{longest}&b=2") == f"{longest}&b=2"
        assert bounded_query(f"a={'%2C' * (LONGEST_VALUE + 1)}&b=2") == "b=2"

    def test_only_the_first_of_very_many_values_count(self) -> None:
        kept = bounded_query("&".join(f"x{n}={n}" for n in range(MOST_VALUES + 300)))
        assert kept.split("&") == [f"x{n}={n}" for n in range(MOST_VALUES)]

    def test_a_link_that_is_cut_does_not_end_in_half_a_value(self) -> None:
        values = [f"x{n}={'7' * 15_000}" for n in range(20)]
        kept = bounded_query("&".join(values)).split("&")
        assert 5 < len(kept) < len(values)
        assert kept == values[: len(kept)]

    def test_a_parser_does_not_see_what_is_too_long(self) -> None:
        def script() -> None:
            import streamlit as st

            from cnnviz.ui.kit.incoming import LONGEST_VALUE
            from cnnviz.ui.kit.link import Linked

            def parse(text: str) -> int:
                assert len(text) <= LONGEST_VALUE
                return len(text)

            st.text(str(Linked("x_n", 0, parse, str).get()))

        for length, read in ((LONGEST_VALUE, LONGEST_VALUE), (LONGEST_VALUE + 1, 0)):
            app = AppTest.from_function(script)
            app.query_params["x_n"] = "9" * length
            app.run()
            assert not app.exception
            assert app.text[0].value == str(read)


class TestMessage:
    def widgets(self, *told: tuple[str, str, str]) -> list[tuple[str, str]]:
        state = ClientState()
        for key, kind, text in told:
            setattr(state.widget_states.widgets.add(id=f"$$ID-0-{key}"), kind, text)
        bound(state)
        return [(w.id, getattr(w, w.WhichOneof("value"))) for w in state.widget_states.widgets]

    def test_what_is_within_the_bounds_stays(self) -> None:
        told = [("a", "json_value", '{"pin": [1, 2]}'), ("b", "string_value", "text")]
        assert self.widgets(*told) == [(f"$$ID-0-{key}", text) for key, _, text in told]

    def test_a_view_that_says_too_much_is_not_heard(self) -> None:
        much = json.dumps("9" * LONGEST_MESSAGE)
        heard = self.widgets(
            ("a", "json_value", much), ("b", "json_value", "[1]"), ("c", "json_trigger_value", much)
        )
        assert heard == [("$$ID-0-b", "[1]")]

    @pytest.mark.parametrize("text", ["[" * 100_000, "9" * 5_000, "{", "", '{"a":' * 9_000])
    def test_what_is_no_json_is_not_decoded_by_streamlit(self, text: str) -> None:
        assert self.widgets(("a", "json_value", text), ("b", "json_value", "1")) == [("$$ID-0-b", "1")]

    def test_a_typed_text_is_cut_so_that_the_page_can_say_that_it_is_too_long(self) -> None:
        ((_, text),) = self.widgets(("a", "string_value", "9" * (3 * LONGEST_MESSAGE)))
        assert len(text) == LONGEST_MESSAGE
        with pytest.raises(ValueError, match="too long for a network"):
            NetSpec.from_json(text)

    @pytest.mark.parametrize("key", incoming.CARRY_PICTURES)
    def test_views_that_send_pictures_may_send_more(self, key: str) -> None:
        picture = json.dumps("A" * 2 * LONGEST_MESSAGE)
        assert self.widgets((key, "json_trigger_value", picture)) == [(f"$$ID-0-{key}", picture)]
        assert self.widgets((key, "json_value", "9" * (incoming.LONGEST_PICTURE + 1))) == []


class TestServer:
    def test_every_message_passes_the_bounds_before_streamlit_reads_it(self, monkeypatch) -> None:
        seen: list[ClientState | None] = []
        monkeypatch.setattr(AppSession, "request_rerun", lambda _, state: seen.append(state))
        bound_messages()
        bound_messages()  # a second time changes nothing
        session = AppSession.__new__(AppSession)
        monkeypatch.setattr(AppSession, "__del__", lambda _: None)
        AppSession.request_rerun(session, ClientState(query_string=f"a=1&b={'9' * (LONGEST_VALUE + 1)}"))
        AppSession.request_rerun(session, None)
        assert [state and state.query_string for state in seen] == ["a=1", None]

    def test_without_that_method_nothing_is_changed(self, monkeypatch) -> None:
        monkeypatch.delattr(AppSession, "request_rerun")
        bound_messages()
        assert not hasattr(AppSession, "request_rerun")
