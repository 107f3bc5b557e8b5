"""What the stack of maps sends to the browser."""

from __future__ import annotations

import json

import numpy as np
import pytest

from cnnviz.components.map_stack import StackLayer, StackMap, stack_data


def layer(depth: int, count: int = 2) -> StackLayer:
    weights = np.arange(9 * depth, dtype=np.float32).reshape(3, 3, depth)
    return StackLayer("L", [StackMap(f"m{at}", "it is so", weights) for at in range(count)], 2, 4)


def test_kernels_are_sent_slice_by_slice_as_plain_json() -> None:
    sent = stack_data("d", [layer(1), layer(2, 3)], "replicate")
    assert json.loads(json.dumps(sent, allow_nan=False)) == sent
    first, second = sent["layers"]  # type: ignore[misc]
    assert first["maps"][0]["slices"] == [list(range(9))]
    assert second["maps"][0]["slices"] == [list(range(0, 18, 2)), list(range(1, 18, 2))]
    assert [len(one["maps"]) for one in (first, second)] == [2, 3]


def test_a_kernel_of_the_wrong_depth_is_refused() -> None:
    with pytest.raises(ValueError, match=r"m0: .*\(3, 3, 3\).*reads 2 maps"):
        stack_data("d", [layer(1), layer(3)], "replicate")
