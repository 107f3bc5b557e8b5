"""What travels to the filter view: plain JSON with the very weights, shortest where they are read."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from cnnviz.components.filter_view import EditorKernel, FilterViewState, as_data
from cnnviz.core.convolution.filtering import FilterSettings

ONES = np.ones((3, 3), np.float32)


def state(weights: NDArray[np.float32] = ONES, **changes: Any) -> FilterViewState:
    """A state with this kernel; ``changes`` are fields of the settings or of the state."""
    channels = "sum" if weights.ndim == 3 else "grey"
    fields = set(FilterSettings.__dataclass_fields__) - {"kernel"}
    settings = {name: changes.pop(name) for name in list(changes) if name in fields}
    base = FilterViewState(
        digest="abc",
        kernel=EditorKernel(weights, False, "A kernel", "token"),
        settings=FilterSettings(weights, **{"channels": channels, **settings}),
        display="signed",
        colour_map="blue_orange",
        layout="side",
        pin=None,
        live_size=512,
    )
    return replace(base, **changes)


def plain(value: Any) -> bool:
    """Only types that JSON has: Streamlit turns anything else into its repr, silently."""
    if isinstance(value, dict):
        return all(type(key) is str and plain(each) for key, each in value.items())
    if isinstance(value, list):
        return all(plain(each) for each in value)
    return value is None or type(value) in {str, int, float, bool}


kernels = arrays(
    np.float32,
    st.one_of(
        array_shapes(min_dims=2, max_dims=2, max_side=15), st.tuples(*[st.integers(1, 15)] * 2, st.just(3))
    ),
    elements=st.floats(-1e6, 1e6, width=32),
)


@given(kernels)
def test_every_kernel_arrives_as_it_is(weights: NDArray[np.float32]) -> None:
    data = as_data(state(weights))
    assert plain(data)
    arrived = json.loads(json.dumps(data, allow_nan=False))["kernel"]
    slices = [np.float32(values).reshape(arrived["rows"], arrived["cols"]) for values in arrived["slices"]]
    assert len(slices) == (3 if weights.ndim == 3 else 1)
    assert np.array_equal(slices[0] if weights.ndim == 2 else np.stack(slices, axis=2), weights)


def test_a_ninth_arrives_as_the_shortest_decimal_of_this_float32() -> None:
    data = as_data(state(np.full((3, 3), 1 / 9, np.float32)))
    assert data["kernel"]["slices"][0][0] == 0.11111111


@pytest.mark.parametrize(
    ("padding", "sent"), [("same", "same"), ("valid", "valid"), ((2, 0), [2, 0]), ((0, 3), [0, 3])]
)
def test_padding_is_sent_as_it_is_chosen(padding: Any, sent: Any) -> None:
    assert as_data(state(padding=padding))["settings"]["padding"] == sent


def test_settings_keep_their_order_of_axes() -> None:
    sent = as_data(state(stride=(2, 3), dilation=(4, 5), flip=True, padding_mode="reflect"))["settings"]
    assert sent["stride"] == [2, 3]
    assert sent["dilation"] == [4, 5]
    assert sent["flip"] is True
    assert sent["mode"] == "reflect"


@pytest.mark.parametrize(("pin", "sent"), [(None, None), ((0, 0), [0, 0]), ((7, 9), [7, 9])])
def test_the_pinned_cell_is_sent_also_when_it_is_the_first(pin: Any, sent: Any) -> None:
    assert as_data(state(pin=pin))["pin"] == sent


def test_a_kernel_that_is_divided_is_sent_as_it_was_typed() -> None:
    shown = EditorKernel(ONES, True, "Your own kernel", "1,1/sum")
    data = as_data(state(kernel=shown))
    assert data["divide"] is True
    assert data["kernel"]["slices"] == [[1.0] * 9]
    assert data["token"] == "1,1/sum"
