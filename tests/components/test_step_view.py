"""What the step view is given and what it reports; its other side is in tests/browser/test_step_view.py."""

import json

import numpy as np
import pytest

from cnnviz.components.step_view import Pin, StepViewState, as_data
from cnnviz.core.steps.settings import StepSettings


def state(settings: StepSettings) -> StepViewState:
    return StepViewState("several", settings, "two", "digest", Pin("output", (1, 2, 0)), 4)


def test_everything_sent_is_plain_json() -> None:
    settings = StepSettings(np.ones((4, 5, 3)), np.ones((2, 3, 2, 3)) / 9, np.array([1, -2]), (1, 0, 2, 0))
    data = as_data(state(settings))
    assert json.loads(json.dumps(data, allow_nan=False)) == data


def test_the_shapes_arrive_as_planes_and_slices() -> None:
    image = np.arange(24, dtype=np.float32).reshape(2, 4, 3)
    kernels = np.arange(12, dtype=np.float32).reshape(2, 1, 2, 3)
    data = as_data(state(StepSettings(image, kernels, padding=(1, 2, 3, 4), stride=(2, 3), flip=True)))
    assert data["image"]["planes"][1] == image[:, :, 1].ravel().tolist()
    assert (data["kernels"]["rows"], data["kernels"]["cols"]) == (1, 2)
    assert data["kernels"]["slices"][1][2] == kernels[1, :, :, 2].ravel().tolist()  # as written, not turned
    assert data["padding"] == {"top": 1, "bottom": 2, "left": 3, "right": 4}
    assert data["stride"] == [2, 3]


def test_a_weight_of_a_ninth_arrives_as_the_shortest_decimal() -> None:
    data = as_data(state(StepSettings(np.ones((3, 3)), np.full((3, 3), 1 / 9))))
    assert data["kernels"]["slices"][0][0][0] == float(str(np.float32(1 / 9)))


@pytest.mark.parametrize(
    "pin", [Pin("input", (2, 0, 15)), Pin("weight", (1, 2, 0, 3)), Pin("output", (0, 11, 4))]
)
def test_a_pin_survives_the_link_and_the_browser(pin: Pin) -> None:
    assert Pin.parse(pin.text) == pin
    assert Pin.from_json(json.loads(json.dumps(pin.to_json()))) == pin


@pytest.mark.parametrize("text", ["", "o", "o1,2", "o1,2,-3", "x1,2,3", "w1,2,3", "o1,2,3,4", "o1,a,3"])
def test_a_text_that_is_no_pin_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Pin.parse(text)


@pytest.mark.parametrize(
    "value",
    [
        None,
        3,
        {},
        {"kind": "cat"},
        {"kind": "output", "n": 0, "y": 1},
        {"kind": "input", "c": 0, "py": -1, "px": 2},
    ],
)
def test_what_is_no_cell_is_no_pin(value: object) -> None:
    assert Pin.from_json(value) is None
