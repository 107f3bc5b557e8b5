"""The stack editor's data; what it does in the browser is tested in tests/browser/test_stack_view.py."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cnnviz.components.base import module_sources
from cnnviz.components.stack_view import DEEPEST, StackRow, StackViewState, as_data, newest_selection, path_of
from cnnviz.core.networks.layers import LAYERS, MOST_LAYERS, SpecError
from cnnviz.core.networks.presets import PRESETS
from cnnviz.core.networks.spec import NetSpec

SPEC = PRESETS["lenet5"].spec
ROWS = [
    StackRow((0,), (6, 28, 28), notice="A sentence.", parameters=156, extra="5×5"),
    StackRow((1, 0), None, problem="A sentence.", fixes=({"padding": 1}, {"kernel": [3, 5]})),
]


def test_everything_sent_is_plain_json() -> None:
    sent = as_data(StackViewState(SPEC, ROWS, ("conv", "relu"), (1, 0), edit_input=False, read_only=True))
    assert json.loads(json.dumps(sent, allow_nan=False)) == sent
    assert NetSpec.from_dict(sent["spec"]) == SPEC
    assert sent["rows"][0]["output"] == [6, 28, 28]
    assert sent["rows"][1]["fixes"] == [{"padding": 1}, {"kernel": [3, 5]}]
    assert [sent[name] for name in ("types", "selected", "editInput", "readOnly")] == [
        *(["conv", "relu"], [1, 0], False, True)
    ]


def test_every_layer_type_is_in_the_menu_with_its_settings() -> None:
    sent = as_data(StackViewState(SPEC))["schema"]
    assert list(sent) == list(LAYERS)
    for name, kind in sent.items():
        assert kind["title"]
        assert kind["about"]
        assert kind["group"]
        assert [field["name"] for field in kind["fields"]] == [field.name for field in LAYERS[name].fields]


def block(depth: int) -> dict[str, Any]:
    inner = [block(depth - 1)] if depth > 1 else [{"type": "relu"}]
    return {"type": "residual", "layers": inner}


def test_the_limits_are_the_cores() -> None:
    """What the editor lets through, the core takes; one more, and it does not."""
    limits = as_data(StackViewState(SPEC))["limits"]
    assert limits == {"layers": MOST_LAYERS, "depth": DEEPEST}
    relus = [{"type": "relu"}] * limits["layers"]
    assert len(NetSpec.from_dict({"input": [1, 4, 4], "layers": relus}).layers) == limits["layers"]
    with pytest.raises(SpecError):
        NetSpec.from_dict({"input": [1, 4, 4], "layers": [*relus, {"type": "relu"}]})
    assert NetSpec.from_dict({"input": [1, 4, 4], "layers": [block(limits["depth"])]}).problems() == []
    with pytest.raises(SpecError):
        NetSpec.from_dict({"input": [1, 4, 4], "layers": [block(limits["depth"] + 1)]})


def test_the_inputs_bounds_are_the_cores() -> None:
    highest = [field["high"] for field in as_data(StackViewState(SPEC))["inputKind"]["fields"]]
    assert NetSpec.from_dict({"input": highest, "layers": []}).input == tuple(highest)
    for axis in range(3):
        beyond = [*highest[:axis], highest[axis] + 1, *highest[axis + 1 :]]
        with pytest.raises(SpecError):
            NetSpec.from_dict({"input": beyond, "layers": []})


@pytest.mark.parametrize(
    ("reported", "want"),
    [([3, 4], (3, 4)), ([3.0], (3,)), ([], ()), (None, None), ("12", None), ([None], None), ([[1]], None)],
)
def test_what_is_no_path_is_none(reported: object, want: object) -> None:
    assert path_of(reported) == want


@pytest.mark.parametrize(
    ("stack", "alone", "want"),
    [
        ({"at": 5, "selected": [1]}, {"at": 4, "path": [2]}, (1,)),
        ({"at": 5, "selected": [1]}, {"at": 6, "path": [2]}, (2,)),
        ({"at": 5, "selected": None}, {"at": 4, "path": [2]}, None),
        ({"at": 5, "selected": []}, None, ()),
        (None, {"at": 6, "path": [2, 0]}, (2, 0)),
        (None, None, None),
    ],
)
def test_the_selection_is_what_was_said_last(stack: Any, alone: Any, want: object) -> None:
    assert newest_selection({"stack": stack, "selected": alone}) == want


def test_no_script_of_the_editor_is_long() -> None:
    scripts = {path: text for path, text in module_sources().items() if path.startswith("stack_view/")}
    assert len(scripts) > 10
    assert {path: text.count("\n") for path, text in scripts.items() if text.count("\n") > 300} == {}
