"""What the view of receptive fields is given, and what it makes of what comes back."""

from __future__ import annotations

import base64
from unittest.mock import patch

import numpy as np
import pytest

from cnnviz.components import field_view as module
from cnnviz.components.field_view import (
    EffectiveField,
    FieldSelection,
    FieldState,
    LayerField,
    Puzzle,
    TableRow,
    as_data,
    effective_field_data,
    field_table,
    field_view,
)
from cnnviz.core.networks.layers import ReceptiveField

RECORD = ReceptiveField((5, 3), (2, 1), (1.5, 0.5), (7, 9))
LAYER = LayerField("conv 1", "3×3", "1 + (3 − 1) · 1 = 3", RECORD)
SHOWN = FieldSelection(1, (2, 3), None, nested=True)
STATE = FieldState("photo", (0, 5, 40, 40), "small", (20, 20), (LAYER,), SHOWN)


def test_a_layer_travels_with_its_four_numbers() -> None:
    sent = as_data(STATE)["records"][0]
    assert {name: sent[name] for name in ("size", "jump", "start", "output")} == {
        "size": [5, 3],
        "jump": [2, 1],
        "start": [1.5, 0.5],
        "output": [7, 9],
    }
    assert (sent["name"], sent["reads"]) == ("conv 1", None)


def test_gaps_travel_as_texts() -> None:
    reads = np.array([True, False, True]), np.array([True, True])
    sent = as_data(
        FieldState("p", (0, 0, 1, 1), "s", (3, 2), (LayerField("c", "", "", RECORD, reads),), SHOWN)
    )
    assert sent["records"][0]["reads"] == ["101", "11"]


def test_crop_and_input_are_named() -> None:
    sent = as_data(STATE)
    assert sent["crop"] == {"top": 0, "left": 5, "rows": 40, "cols": 40}
    assert (sent["digest"], sent["small"], sent["input"], sent["puzzle"]) == (
        "photo",
        "small",
        [20, 20],
        None,
    )


def test_what_is_shown_comes_back_as_it_was_sent() -> None:
    for shown in (SHOWN, FieldSelection(0), FieldSelection(3, None, (4, 5), sharp=True, guess=True)):
        assert FieldSelection.from_json(shown.to_json()) == shown


@pytest.mark.parametrize("reported", [None, 3, [], {}, {"layer": "x"}, {"layer": None}, {"unit": [1, 2]}])
def test_what_is_no_state_is_none(reported: object) -> None:
    assert FieldSelection.from_json(reported) is None


@pytest.mark.parametrize(
    "unit", [None, [1], [1, 2, 3], "12", [-1, 0], [1e9, 0], [float("nan"), 0], ["a", "b"]]
)
def test_what_is_no_unit_is_none(unit: object) -> None:
    shown = FieldSelection.from_json({"layer": -4, "unit": unit})
    assert shown == FieldSelection(0)


def test_the_view_reports_to_the_callback() -> None:
    taken: list[FieldSelection] = []
    with patch.object(module, "view") as view, patch.object(module, "st") as st:
        field_view(STATE, key="k", on_state=taken.append)
        heard = view.return_value.call_args.kwargs["on_state_change"]
        for reported in ({"layer": 2, "unit": [0, 1]}, None):
            st.session_state = {"k": {"state": reported}}
            heard()
    assert taken == [FieldSelection(2, (0, 1))]


def test_the_table_reports_a_row_that_there_is() -> None:
    taken: list[int] = []
    rows = [TableRow("input", "", (("1", "given"),)), TableRow("conv 1", "", (("3", "1 + 2"),))]
    with patch.object(module, "view") as view, patch.object(module, "st") as st:
        field_table(("Layer", "Size"), rows, 1, key="k", on_layer=taken.append)
        called = view.return_value.call_args.kwargs
        for reported in (1, 2, -1, None, "0"):
            st.session_state = {"k": {"layer": {"value": reported, "at": 1}}}
            called["on_layer_change"]()
    assert taken == [1]
    assert called["data"]["rows"][1]["cells"] == [{"value": "3", "formula": "1 + 2"}]


def test_a_puzzle_says_which_answer_is_right() -> None:
    asked = Puzzle("How large?", (("2×2", (2, 2)), ("8×8", (8, 8))), 1, "Because.").to_json()
    assert asked["options"][asked["right"]] == {"label": "8×8", "size": [8, 8]}


def levels(strength: np.ndarray) -> np.ndarray:
    glow = EffectiveField("s", strength, (0, 0, 2, 2), (1.0, 1.0), (0.5, 0.5), "alt")
    data = effective_field_data(glow)
    return np.frombuffer(base64.b64decode(data["glow"]), np.uint8).reshape(data["input"])


def test_the_glow_is_linear_up_to_the_largest() -> None:
    strength = np.array([[0, 1], [2, 4]], np.float32) / 1000
    assert levels(strength).tolist() == [[0, 64], [128, 255]]


def test_a_large_glow_is_thinned_by_its_largest_values() -> None:
    strength = np.zeros((3000, 1500), np.float32)
    strength[2999, 1] = 1
    data = effective_field_data(EffectiveField("s", strength, (0, 0, 2, 2), (1.0, 1.0), (0.5, 0.5), "alt"))
    sent = np.frombuffer(base64.b64decode(data["glow"]), np.uint8).reshape(data["grid"])
    assert (data["input"], data["grid"]) == ([3000, 1500], [1000, 500])
    assert np.argwhere(sent).tolist() == [[999, 0]]


def test_no_gradient_is_dark() -> None:
    assert levels(np.zeros((3, 2), np.float32)).tolist() == [[0, 0]] * 3
