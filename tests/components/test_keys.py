"""What the arrow keys mean (shared/controls/keys.js): for cells, sliders, lists and tiles."""

from __future__ import annotations

import math
from typing import Any

import pytest
from node import js_module

ARROWS = {"ArrowUp": [-1, 0], "ArrowDown": [1, 0], "ArrowLeft": [0, -1], "ArrowRight": [0, 1]}


def call(name: str, *values: Any) -> Any:
    return js_module("shared/controls/keys.js").call(name, *values)


@pytest.mark.parametrize(("key", "step"), ARROWS.items())
def test_an_arrow_is_one_cell_and_with_shift_many(key: str, step: list[int]) -> None:
    assert call("arrowStep", {"key": key}) == step
    assert call("arrowStep", {"key": key, "shiftKey": True}) == step
    assert call("arrowStep", {"key": key, "shiftKey": True}, 10) == [10 * n for n in step]


@pytest.mark.parametrize("command", ["ctrlKey", "metaKey", "altKey"])
def test_keys_with_a_command_are_the_browsers(command: str) -> None:
    """Alt with the left arrow goes back a page: whoever takes the event prevents that."""
    for key in [*ARROWS, "Home", "End", "PageUp"]:
        event = {"key": key, command: True}
        assert call("arrowStep", event) is None
        assert call("sliderStep", event, 1, 10) is None
        assert call("listStep", event, 1, 3) is None
        assert call("tileStep", event, 1, [{"left": 0, "top": 0}] * 3) is None


def test_other_keys_mean_nothing() -> None:
    for key in ("a", "Enter", " ", "Tab", "toString"):
        assert call("arrowStep", {"key": key}) is None
        assert call("sliderStep", {"key": key}, 1, 10) is None
        assert call("listStep", {"key": key}, 0, 3) is None


def test_a_slider_goes_right_and_up_to_larger_values() -> None:
    found = {key: call("sliderStep", {"key": key}, 0.1, 1) for key in [*ARROWS, "PageUp", "PageDown"]}
    assert found == {
        "ArrowUp": 0.1, "ArrowRight": 0.1, "ArrowDown": -0.1, "ArrowLeft": -0.1, "PageUp": 1, "PageDown": -1,
    }  # fmt: skip
    assert call("sliderStep", {"key": "ArrowLeft", "shiftKey": True}, 0.1, 1) == -1
    assert [call("sliderStep", {"key": key}, 1, 2) for key in ("Home", "End")] == [-math.inf, math.inf]


def test_a_list_wraps_or_holds() -> None:
    def to(key: str, at: int, **options: bool) -> Any:
        return call("listStep", {"key": key}, at, 3, options)

    assert [to(key, 1) for key in ("ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown")] == [0, 0, 2, 2]
    assert [to("ArrowLeft", 0), to("ArrowRight", 2)] == [2, 0]
    assert [to("ArrowLeft", 0, wrap=False), to("ArrowRight", 2, wrap=False)] == [0, 2]
    assert [to("Home", 2), to("End", 0)] == [0, 2]
    assert call("listStep", {"key": "Home"}, 0, 0) is None


def test_tiles_are_walked_along_rows_and_across_them() -> None:
    """Two rows of three and two tiles; below them one that stands to the right."""
    corners = [{"left": x, "top": y} for x, y in [(0, 0), (50, 1), (100, 0), (20, 40), (70, 40), (90, 90)]]

    def to(key: str, at: int) -> Any:
        return call("tileStep", {"key": key}, at, corners)

    assert [to("ArrowRight", at) for at in range(6)] == [1, 2, 3, 4, 5, None]
    assert [to("ArrowLeft", at) for at in range(6)] == [None, 0, 1, 2, 3, 4]
    assert [to("ArrowDown", at) for at in range(6)] == [3, 4, 4, 5, 5, None]
    assert [to("ArrowUp", at) for at in range(6)] == [None, None, None, 0, 1, 4]
    assert [to("Home", 4), to("End", 0), to("Home", 0)] == [0, 5, None]
