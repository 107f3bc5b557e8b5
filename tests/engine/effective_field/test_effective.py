"""The effective receptive field against what is known in closed form."""

import math

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from cnnviz.core.networks.receptive import receptive_field
from cnnviz.core.networks.spec import NetSpec
from cnnviz.engine.config.errors import EngineError
from cnnviz.engine.effective_field.cone import work
from cnnviz.engine.effective_field.effective import (
    Question,
    effective_field,
    effective_field_job,
    growth,
    spread,
)

torch.set_num_threads(1)  # as in the child process; two threads on a busy machine wait for each other


def stack(depth, size=41, channels=1, **settings):
    layer = {"type": "conv", "channels": 4, "kernel": 3, "padding": 1, **settings}
    return NetSpec.from_dict({"input": [channels, size, size], "layers": [layer] * depth})


def uniform(spec, **changes):
    return effective_field(Question(spec, len(spec.layers) - 1, **({"weights": "uniform"} | changes)))


@pytest.mark.parametrize("depth", [1, 3, 8])
def test_uniform_weights_give_the_distribution_of_a_sum_of_uniform_steps(depth):
    found = uniform(stack(depth, channels=3))
    along = np.ones(1)
    for _ in range(depth):
        along = np.convolve(along, np.ones(3) / 3)
    expected = np.zeros((41, 41))
    expected[20 - depth : 21 + depth, 20 - depth : 21 + depth] = np.outer(along, along)
    np.testing.assert_allclose(found["field"], expected, atol=1e-6)
    assert found["sigma"] == pytest.approx((math.sqrt(depth * 2 / 3),) * 2, rel=1e-5)
    assert found["centre"] == pytest.approx((20.5, 20.5), rel=1e-5)
    assert found["box"] == (20 - depth, 20 - depth, 21 + depth, 21 + depth)


def test_kernels_of_two_give_the_binomial_distribution():
    found = uniform(stack(6, size=20, kernel=2, padding=0), unit=(3, 3))
    along = np.array([math.comb(6, k) for k in range(7)]) / 2**6
    np.testing.assert_allclose(found["field"][3:10, 3:10], np.outer(along, along), atol=1e-6)


def test_sigma_grows_like_the_root_of_depth_and_the_theoretical_field_like_depth():
    found = growth(Question(stack(32, size=101), 31, weights="uniform"))
    assert found["layers"] == list(range(32))
    np.testing.assert_allclose(found["sigma"][:, 0], np.sqrt(2 / 3 * np.arange(1, 33)), rtol=1e-4)
    np.testing.assert_array_equal(found["theoretical"][:, 0], 2 * np.arange(1, 33) + 1)
    assert found["effective"][31] / found["effective"][7] == pytest.approx(2, rel=0.1)


@pytest.mark.parametrize("mode", ["linear", "relu"])
def test_random_weights_spread_like_a_gaussian(mode):
    found = uniform(stack(12, size=61), weights="random", mode=mode, draws=30)
    assert found["draws"] == 30
    assert found["within_1_sigma"] == pytest.approx(1 - math.exp(-0.5), abs=0.05)
    assert found["within_2_sigma"] == pytest.approx(1 - math.exp(-2), abs=0.03)
    assert found["field"].sum() == pytest.approx(1, abs=1e-5)


def test_the_draws_are_counted_by_their_work_so_that_a_seed_gives_the_same_field_everywhere():
    # One unit of four 3×3 layers needs 1 cell of the last layer's maps, 3×3 of the third's, 5×5, 7×7.
    spec = stack(4)
    unit = ((10, 11), (10, 11))
    each = work(spec.layers, spec.input, unit, 8)
    channels = [spec.input[0], *(min(layer.channels, 8) for layer in spec.layers)]
    cells = [49, 25, 9, 1]
    assert each == sum(9 * n * a * b for n, a, b in zip(cells, channels, channels[1:], strict=False))
    five = uniform(spec, unit=(10, 10), weights="random", draws=20, work=5 * each + each // 2)
    assert five["draws"] == 5
    exactly = uniform(spec, unit=(10, 10), weights="random", draws=5)
    np.testing.assert_array_equal(five["field"], exactly["field"])
    assert uniform(spec, unit=(10, 10), weights="random", work=0)["draws"] == 1


@pytest.mark.parametrize("weights", ["uniform", "random"])
def test_nothing_lies_outside_the_theoretical_field(weights):
    layers = [
        {"type": "conv", "channels": 6, "kernel": [3, 5], "stride": 2, "padding": "same"},
        {"type": "max_pool", "kernel": 2},
        {"type": "conv", "channels": 6, "kernel": 3, "dilation": 2},
    ]
    spec = NetSpec.from_dict({"input": [3, 40, 48], "layers": layers})
    found = uniform(spec, weights=weights, mode="relu", unit=(1, 0))
    top, left, bottom, right = found["box"]
    inside = found["field"][max(top, 0) : bottom, max(left, 0) : right]
    assert inside.sum() == pytest.approx(1, abs=1e-5)
    assert found["box"] == receptive_field(spec)[2].box((1, 0))


def test_trained_weights_are_those_of_the_state():
    spec = stack(2, size=9)
    first, second = np.zeros((4, 1, 3, 3), np.float32), np.zeros((4, 4, 3, 3), np.float32)
    first[:, 0, 0, 2], second[:, :, 1, 1] = 2.0, 0.25  # the pixel above to the right, then the pixel itself
    bias = np.zeros(4, np.float32)
    state = {"0.weight": first, "0.bias": bias, "1.weight": second, "1.bias": bias}
    found = uniform(spec, weights="trained", state=state)
    assert np.argwhere(found["field"]).tolist() == [[3, 5]]
    assert found["total"] == pytest.approx(2.0)
    with pytest.raises(EngineError, match="another network"):
        uniform(stack(3, size=9), weights="trained", state=state)


def test_the_same_seed_gives_the_same_field_and_another_one_another():
    fields = [uniform(stack(3), weights="random", seed=seed)["field"] for seed in (1, 1, 2)]
    assert np.array_equal(fields[0], fields[1])
    assert not np.array_equal(fields[0], fields[2])


def test_a_picture_takes_the_place_of_noise():
    picture = np.zeros((1, 41, 41), np.float32)
    picture[0, :20] = 1
    fields = [
        uniform(stack(4), weights="random", mode="relu", draws=2, picture=given)["field"]
        for given in (None, picture)
    ]
    assert not np.array_equal(*fields)
    with pytest.raises(EngineError, match=r"picture is \(1, 2, 2\)"):
        uniform(stack(4), mode="relu", picture=np.zeros((1, 2, 2), np.float32))


def test_a_deep_network_on_a_large_picture_is_fast():
    """A bound on the work, not on the clock: a tenth of what one pass over all of it multiplies."""
    spec = stack(60, size=224, channels=3)
    with FlopCounterMode(display=False) as work:
        found = uniform(spec, weights="uniform")
    assert found["sigma"][0] == pytest.approx(math.sqrt(40), rel=1e-3)
    assert 0 < work.get_total_flops() < sum(row.multiply_adds for row in spec.rows()) / 10


def test_the_spread_of_one_pixel_and_of_nothing():
    field = np.zeros((5, 5), np.float32)
    assert spread(field)["pixels"] == 0
    field[1, 3] = 1
    assert spread(field) == {
        "centre": (1.5, 3.5),
        "sigma": (0.0, 0.0),
        "within_1_sigma": 1.0,
        "within_2_sigma": 1.0,
        "pixels": 1,
    }


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"layer": 7}, "no layer 8"),
        ({"unit": (50, 0)}, r"41×41 units; there is none at \(50, 0\)"),
        ({"draws": 0}, "draws is 1 to 200"),
        ({"spec": {"input": [1, 8000, 8000], "layers": stack(1).to_dict()["layers"]}}, "4,000,000 pixels"),
        ({"mode": "other"}, "linear or relu"),
        ({"weights": "trained"}, "no trained weights"),
    ],
)
def test_a_question_without_an_answer_gets_one_sentence(changes, sentence):
    with pytest.raises(EngineError, match=sentence):
        effective_field_job({"spec": stack(2).to_dict(), **changes})


def test_a_flat_layer_gets_one_sentence():
    spec = NetSpec.from_dict(
        {"input": [1, 8, 8], "layers": [{"type": "flatten"}, {"type": "dense", "units": 2}]}
    )
    with pytest.raises(EngineError, match=r"Layer 1 \(flatten\) gives a flat vector"):
        uniform(spec)
