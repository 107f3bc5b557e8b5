"""What the arrow keys mean (shared/controls/keys.js): for cells, sliders, lists and tiles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from blank_page import blank_page
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

ARROWS = {"ArrowUp": [-1, 0], "ArrowDown": [1, 0], "ArrowLeft": [0, -1], "ArrowRight": [0, 1]}


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with blank_page() as page:
        page.evaluate("async () => { globalThis.keys = await import(urls['shared/controls/keys.js']); }")
        yield page


def call(page: Page, name: str, *values: Any) -> Any:
    """What the function answers; infinities as text."""
    return page.evaluate(
        """([name, values]) => {
          const found = keys[name](...values);
          return Math.abs(found) === Infinity ? `${found}` : found;
        }""",
        [name, values],
    )


@pytest.mark.parametrize(("key", "step"), ARROWS.items())
def test_an_arrow_is_one_cell_and_with_shift_many(page: Page, key: str, step: list[int]) -> None:
    assert call(page, "arrowStep", {"key": key}) == step
    assert call(page, "arrowStep", {"key": key, "shiftKey": True}) == step
    assert call(page, "arrowStep", {"key": key, "shiftKey": True}, 10) == [10 * n for n in step]


@pytest.mark.parametrize("command", ["ctrlKey", "metaKey", "altKey"])
def test_keys_with_a_command_are_the_browsers(page: Page, command: str) -> None:
    """Alt with the left arrow goes back a page: whoever takes the event prevents that."""
    for key in [*ARROWS, "Home", "End", "PageUp"]:
        event = {"key": key, command: True}
        assert call(page, "arrowStep", event) is None
        assert call(page, "sliderStep", event, 1, 10) is None
        assert call(page, "listStep", event, 1, 3) is None
        assert call(page, "tileStep", event, 1, [{"left": 0, "top": 0}] * 3) is None


def test_other_keys_mean_nothing(page: Page) -> None:
    for key in ("a", "Enter", " ", "Tab", "toString"):
        assert call(page, "arrowStep", {"key": key}) is None
        assert call(page, "sliderStep", {"key": key}, 1, 10) is None
        assert call(page, "listStep", {"key": key}, 0, 3) is None


def test_a_slider_goes_right_and_up_to_larger_values(page: Page) -> None:
    found = {key: call(page, "sliderStep", {"key": key}, 0.1, 1) for key in [*ARROWS, "PageUp", "PageDown"]}
    assert found == {
        "ArrowUp": 0.1, "ArrowRight": 0.1, "ArrowDown": -0.1, "ArrowLeft": -0.1, "PageUp": 1, "PageDown": -1,
    }  # fmt: skip
    assert call(page, "sliderStep", {"key": "ArrowLeft", "shiftKey": True}, 0.1, 1) == -1
    assert [call(page, "sliderStep", {"key": key}, 1, 2) for key in ("Home", "End")] == [
        "-Infinity",
        "Infinity",
    ]


def test_a_list_wraps_or_holds(page: Page) -> None:
    def to(key: str, at: int, **options: bool) -> Any:
        return call(page, "listStep", {"key": key}, at, 3, options)

    assert [to(key, 1) for key in ("ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown")] == [0, 0, 2, 2]
    assert [to("ArrowLeft", 0), to("ArrowRight", 2)] == [2, 0]
    assert [to("ArrowLeft", 0, wrap=False), to("ArrowRight", 2, wrap=False)] == [0, 2]
    assert [to("Home", 2), to("End", 0)] == [0, 2]
    assert call(page, "listStep", {"key": "Home"}, 0, 0) is None


def test_tiles_are_walked_along_rows_and_across_them(page: Page) -> None:
    """Two rows of three and two tiles; below them one that stands to the right."""
    corners = [{"left": x, "top": y} for x, y in [(0, 0), (50, 1), (100, 0), (20, 40), (70, 40), (90, 90)]]

    def to(key: str, at: int) -> Any:
        return call(page, "tileStep", {"key": key}, at, corners)

    assert [to("ArrowRight", at) for at in range(6)] == [1, 2, 3, 4, 5, None]
    assert [to("ArrowLeft", at) for at in range(6)] == [None, 0, 1, 2, 3, 4]
    assert [to("ArrowDown", at) for at in range(6)] == [3, 4, 4, 5, 5, None]
    assert [to("ArrowUp", at) for at in range(6)] == [None, None, None, 0, 1, 4]
    assert [to("Home", 4), to("End", 0), to("Home", 0)] == [0, 5, None]
