"""What views tell Python and people: shared/controls/report.js and shared/text/speak.js."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from blank_page import blank_page
from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with blank_page() as page:
        page.clock.install()
        page.clock.pause_at("2030-01-01T00:00:00Z")
        page.evaluate(
            """async () => {
              ({ Reporter: globalThis.Reporter } = await import(urls["shared/controls/report.js"]));
              ({ Speaker: globalThis.Speaker } = await import(urls["shared/text/speak.js"]));
            }"""
        )
        yield page


@pytest.fixture
def reporter(page: Page) -> Page:
    page.evaluate(
        """() => {
          globalThis.told = [];
          const tell = (kind) => (name, value) => {
            const { at, ...rest } = value?.at ? value : { ...value };
            told.push([kind, name, kind === "state" ? { ...rest, timed: typeof at === "number" } : value]);
          };
          globalThis.reporter = new Reporter(300);
          reporter.connect({ setStateValue: tell("state"), setTriggerValue: tell("trigger") });
        }"""
    )
    return page


def told(page: Page) -> list[Any]:
    found: list[Any] = page.evaluate("told")
    return found


def test_only_the_value_at_rest_is_told(reporter: Page) -> None:
    reporter.evaluate("reporter.state('pin', [1, 2])")
    reporter.clock.run_for(200)
    reporter.evaluate("reporter.state('pin', [1, 3])")
    reporter.clock.run_for(299)
    assert told(reporter) == []
    reporter.clock.run_for(1)
    assert told(reporter) == [["state", "pin", {"value": [1, 3], "timed": True}]]


def test_names_wait_apart_from_each_other(reporter: Page) -> None:
    reporter.evaluate("reporter.state('pin', 1), reporter.state('step', 2, { wait: 0 })")
    assert [name for _, name, _ in told(reporter)] == ["step"]
    reporter.clock.run_for(300)
    assert [name for _, name, _ in told(reporter)] == ["step", "pin"]


def test_what_python_has_is_not_told_and_its_echo_is_no_news(reporter: Page) -> None:
    news = reporter.evaluate(
        "[reporter.receive('pin', 1), reporter.receive('pin', 1), reporter.receive('step', 1)]"
    )
    assert news == [True, False, True]
    reporter.evaluate("reporter.state('pin', 1, { wait: 0 }), reporter.state('pin', 5, { wait: 0 })")
    assert [value["value"] for _, _, value in told(reporter)] == [5]
    assert reporter.evaluate("[reporter.receive('pin', 5), reporter.receive('pin', 1)]") == [False, True]


def test_what_travels_may_be_another_text_than_what_comes_back(reporter: Page) -> None:
    reporter.evaluate("reporter.state('own', { rows: 3 }, { wait: 0, sent: { text: '1,2' } })")
    assert told(reporter) == [["state", "own", {"text": "1,2", "timed": True}]]
    assert reporter.evaluate("reporter.receive('own', { rows: 3 })") is False


def test_a_trigger_travels_bare_and_at_once(reporter: Page) -> None:
    reporter.evaluate("reporter.trigger('show', 'norm'), reporter.trigger('show', 'norm')")
    assert told(reporter) == [["trigger", "show", "norm"]]


def test_a_view_that_is_gone_tells_nothing(reporter: Page) -> None:
    reporter.evaluate("reporter.state('pin', 1), reporter.trigger('zoom', 2, { wait: 50 }), reporter.stop()")
    reporter.clock.run_for(1000)
    assert told(reporter) == []


@pytest.fixture
def speaker(page: Page) -> Page:
    page.evaluate(
        """() => {
          globalThis.writes = [];
          globalThis.region = { text: "", get textContent() { return this.text; },
            set textContent(text) { this.text = text; writes.push(text); } };
          globalThis.speaker = new Speaker(region, 350);
        }"""
    )
    return page


def test_only_the_last_words_are_spoken(speaker: Page) -> None:
    speaker.evaluate("speaker.say('row 1'), speaker.say('row 2')")
    speaker.clock.run_for(349)
    assert speaker.evaluate("writes") == []
    speaker.clock.run_for(1)
    assert speaker.evaluate("writes") == ["row 2"]


def test_equal_words_are_not_spoken_again(speaker: Page) -> None:
    speaker.evaluate("speaker.say('row 1', 0), speaker.say('row 1', 0), speaker.say('row 2', 0)")
    assert speaker.evaluate("writes") == ["row 1", "row 2"]


def test_words_may_be_made_when_the_time_has_come(speaker: Page) -> None:
    speaker.evaluate("globalThis.row = 1, speaker.say(() => `row ${row}`, 100), globalThis.row = 2")
    speaker.clock.run_for(100)
    assert speaker.evaluate("writes") == ["row 2"]
    speaker.evaluate("speaker.say('never'), speaker.stop()")
    speaker.clock.run_for(1000)
    assert speaker.evaluate("writes") == ["row 2"]
