"""The pixels that a unit reads, against the gradient of the network itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cnnviz.core.networks.presets import PRESETS
from cnnviz.core.networks.receptive import receptive_field
from cnnviz.core.networks.spec import NetSpec
from cnnviz.core.networks.taps import receptive_taps
from cnnviz.engine.effective_field.effective import Question, effective_field

RNG = np.random.default_rng(2)


def conv(kernel: Any, **more: Any) -> dict[str, Any]:
    return {"type": "conv", "channels": 1, "kernel": kernel, "padding": 0, "stride": 1, **more}


def random_stack() -> NetSpec:
    """Kernels, strides and dilations of both axes at random; no padding, so that nothing is cut off."""
    while True:
        layers = []
        for _ in range(int(RNG.integers(1, 5))):
            two = [[int(n) for n in RNG.integers(1, most + 1, 2)] for most in (4, 4, 3)]
            layers.append(conv(two[0], stride=two[1], dilation=two[2]))
        spec = NetSpec.from_dict({"input": [1, 70, 90], "layers": layers})
        if not spec.problems():
            return spec


def reads(spec: NetSpec) -> np.ndarray:
    """Whether each pixel of the middle unit's box has a gradient; equal weights cannot cancel out."""
    found = effective_field(Question(spec, len(spec.layers) - 1, weights="uniform", mode="linear"))
    top, left, bottom, right = found["box"]
    part: np.ndarray = found["field"][top:bottom, left:right] > 0
    return part


@pytest.mark.parametrize("spec", [random_stack() for _ in range(25)])
def test_the_taps_are_where_the_gradient_is(spec: NetSpec) -> None:
    taps = receptive_taps(spec)[-1]
    assert taps is not None
    want = reads(spec)
    assert (np.logical_and.outer(taps.rows, taps.columns) == want).all()
    assert taps.count == want.sum()
    assert taps.full == want.all()


def test_some_of_the_random_stacks_have_gaps() -> None:
    taps = [receptive_taps(random_stack())[-1] for _ in range(40)]
    assert {one.full for one in taps if one} == {True, False}


def test_one_dilated_kernel_reads_nine_pixels() -> None:
    taps = receptive_taps(NetSpec.from_dict({"input": [1, 9, 9], "layers": [conv(3, dilation=2)]}))[0]
    assert taps is not None
    assert taps.rows.tolist() == [True, False, True, False, True]
    assert (taps.count, taps.full) == (9, False)


def test_doubling_dilations_leave_no_gap_and_equal_ones_do() -> None:
    doubled, equal = (
        receptive_taps(
            NetSpec.from_dict({"input": [1, 60, 60], "layers": [conv(3, dilation=d) for d in dilations]})
        )[-1]
        for dilations in ((1, 2, 4), (2, 2, 2))
    )
    assert doubled is not None
    assert doubled.full
    assert equal is not None
    assert not equal.full


@pytest.mark.parametrize("preset", [preset for preset in PRESETS.values() if "field" in preset.pages])
def test_the_presets_of_the_page_have_no_gaps(preset: Any) -> None:
    for taps, seen in zip(receptive_taps(preset.spec), receptive_field(preset.spec), strict=True):
        assert taps is not None
        assert (len(taps.rows), len(taps.columns)) == seen.size
        assert taps.full


def test_a_block_is_full_where_its_main_path_is_and_unknown_elsewhere() -> None:
    def block(dilation: int) -> NetSpec:
        inner = [conv(3, padding="same", dilation=dilation)]
        return NetSpec.from_dict(
            {"input": [1, 20, 20], "layers": [{"type": "residual", "layers": inner}, conv(3)]}
        )

    good, gaps = receptive_taps(block(1)), receptive_taps(block(2))
    assert all(one is not None and one.full for one in good)
    assert gaps == [None, None]


def test_a_dense_layer_reads_what_all_units_read_together() -> None:
    layers = [conv(1, stride=2), {"type": "flatten"}, {"type": "dense", "units": 3}]
    taps = receptive_taps(NetSpec.from_dict({"input": [1, 9, 8], "layers": layers}))
    assert [one.count for one in taps if one] == [1, 1, 5 * 4]


def test_it_ends_at_an_illegal_layer() -> None:
    spec = NetSpec.from_dict({"input": [1, 4, 4], "layers": [conv(3), conv(9), conv(1)]})
    assert len(receptive_taps(spec)) == 1


def test_a_box_far_larger_than_any_picture_is_not_written_out() -> None:
    far = conv(3, stride=60, padding=500)
    spec = NetSpec.from_dict({"input": [1, 50, 50], "layers": [far] * 5})
    assert [one is None for one in receptive_taps(spec)] == [False, False, False, True, True]
