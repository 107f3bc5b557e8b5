"""The activation view's data; what it does in the browser is tested in browser/test_activation_js.py."""

from __future__ import annotations

import json

import numpy as np
import pytest

from cnnviz.components.activation_view import (
    ActivationState,
    ChosenActivation,
    apply_data,
    collapse_data,
    kernel_json,
)
from cnnviz.core.activations.table import ACTIVATIONS
from cnnviz.core.kernels.library import KERNELS
from cnnviz.core.networks.collapse import collapse

SOBEL = KERNELS["sobel_right"].weights


def state(chosen: ChosenActivation) -> ActivationState:
    return ActivationState("d", SOBEL, "map", chosen, bias=0.5, point=1, shared=True)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_travels_as_plain_json(name: str) -> None:
    data = json.loads(json.dumps(apply_data(state(ChosenActivation(ACTIVATIONS[name]))), allow_nan=False))
    assert data["activation"]["id"] == name
    assert data["activation"]["steepest"] == ACTIVATIONS[name].steepest()
    has_parameter = bool(ACTIVATIONS[name].parameters)
    assert (data["activation"]["value"] is not None) == has_parameter


def test_a_parameter_counts() -> None:
    assert apply_data(state(ChosenActivation(ACTIVATIONS["leaky_relu"], 0.3)))["activation"]["value"] == 0.3
    assert apply_data(state(ChosenActivation(ACTIVATIONS["elu"], 2)))["activation"]["steepest"] == 2
    assert ChosenActivation(ACTIVATIONS["relu"], 7).parameters == {}  # left over from another activation
    with pytest.raises(ValueError, match=r"from 0 to 0\.5"):
        ChosenActivation(ACTIVATIONS["leaky_relu"], 3).to_json()


def test_kernels_arrive_as_they_are_written() -> None:
    assert kernel_json(np.array([[0.1, -2]], np.float32)) == {"rows": 1, "cols": 2, "weights": [0.1, -2.0]}
    for bad in (np.zeros((2, 2, 3)), np.array([[np.nan]])):
        with pytest.raises(ValueError, match="finite weights"):
            kernel_json(bad)


def test_the_collapsed_kernel_is_sent_with_the_two() -> None:
    data = collapse_data("d", SOBEL, KERNELS["binomial_3"].weights, ChosenActivation(ACTIVATIONS["relu"]))
    both = np.array(data["both"]["weights"]).reshape(data["both"]["rows"], data["both"]["cols"])
    np.testing.assert_array_equal(both, collapse(SOBEL, KERNELS["binomial_3"].weights))


@pytest.mark.parametrize("kernel", [KERNELS["box"].weights, np.ones((2, 2))])
def test_kernels_that_could_not_be_exact_are_refused(kernel: np.ndarray) -> None:
    with pytest.raises(ValueError, match="multiples of 1/256"):
        collapse_data("d", SOBEL, kernel, ChosenActivation(ACTIVATIONS["relu"]))
