"""Two convolutions without an activation between them are one: exactly, not nearly."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.signal
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.core.activations.table import ACTIVATIONS
from cnnviz.core.kernels.library import KERNELS
from cnnviz.core.networks.collapse import collapse, collapse_difference, is_exact
from cnnviz.core.pictures.load import grey
from cnnviz.core.pictures.samples import load_sample

PICTURE = np.floor(grey(load_sample("camera").pixels) + 0.5)[100:180, 100:200]
SOBEL, BINOMIAL = KERNELS["sobel_right"].weights, KERNELS["binomial_3"].weights


def test_two_small_kernels_by_head() -> None:
    np.testing.assert_array_equal(collapse([[1, 2]], [[1, 0, -1]]), [[1, 2, -1, -2]])
    np.testing.assert_array_equal(collapse([[1, 1]], [[1], [1]]), [[1, 1], [1, 1]])


@given(st.tuples(*[st.integers(1, 5)] * 4), st.integers(0, 999))
def test_collapse_is_scipys_full_convolution(sizes: tuple[int, int, int, int], seed: int) -> None:
    random = np.random.default_rng(seed)
    first, second = random.normal(size=sizes[:2]), random.normal(size=sizes[2:])
    np.testing.assert_allclose(collapse(first, second), scipy.signal.convolve2d(first, second), atol=1e-12)
    np.testing.assert_allclose(collapse(first, second), collapse(second, first), atol=1e-12)  # either order


@given(st.tuples(*[st.integers(1, 5)] * 4), st.integers(0, 999))
def test_without_an_activation_the_difference_is_exactly_zero(sizes: tuple[int, ...], seed: int) -> None:
    random = np.random.default_rng(seed)
    first, second = (random.integers(-2000, 2001, size) / 256 for size in (sizes[:2], sizes[2:]))
    image = random.integers(0, 256, (12, 14))
    difference = collapse_difference(image, first, second)
    assert difference.shape == (14 - sizes[0] - sizes[2], 16 - sizes[1] - sizes[3])
    assert not difference.any()


@given(st.tuples(*[st.integers(0, 2)] * 4), st.integers(0, 999))
def test_with_zeros_outside_only_the_border_differs(halves: tuple[int, ...], seed: int) -> None:
    random = np.random.default_rng(seed)
    sizes = [2 * half + 1 for half in halves]
    first, second = (random.integers(-9, 10, size) for size in (sizes[:2], sizes[2:]))
    difference = collapse_difference(random.integers(0, 256, (11, 13)), first, second, padding="same")
    assert difference.shape == (11, 13)
    down, across = halves[2:]
    assert not difference[down : 11 - down, across : 13 - across].any()


def test_at_the_border_they_do_differ() -> None:
    assert collapse_difference(PICTURE, SOBEL, SOBEL, padding="same")[0].any()


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "identity"])
def test_with_an_activation_between_them_they_do_not_collapse(name: str) -> None:
    difference = collapse_difference(PICTURE, SOBEL, BINOMIAL, ACTIVATIONS[name].function)
    assert np.abs(difference).max() > 0.01


def test_the_identity_collapses_like_no_activation() -> None:
    assert not collapse_difference(PICTURE, SOBEL, BINOMIAL, ACTIVATIONS["identity"].function).any()


def test_the_difference_is_that_of_the_two_computations() -> None:
    relu = ACTIVATIONS["relu"].function
    scaled = PICTURE / 256
    hidden = scipy.signal.correlate2d(scaled, SOBEL.astype(float), mode="same")
    two = scipy.signal.correlate2d(relu(hidden), BINOMIAL.astype(float), mode="same")
    one = scipy.signal.correlate2d(scaled, collapse(SOBEL, BINOMIAL), mode="same")
    mine = collapse_difference(PICTURE, SOBEL, BINOMIAL, relu, padding="same")
    np.testing.assert_allclose(mine, two - one, atol=1e-6)


def test_which_kernels_of_the_library_are_exact() -> None:
    assert is_exact(SOBEL)
    assert is_exact(BINOMIAL)
    assert not is_exact(KERNELS["box"].weights)  # ninths


@pytest.mark.parametrize(
    ("image", "first", "second", "padding", "sentence"),
    [
        (PICTURE + 0.5, SOBEL, SOBEL, "valid", "pixels must be whole numbers"),
        (PICTURE, SOBEL / 9, SOBEL, "valid", "multiples of 1/256"),
        (PICTURE, SOBEL, np.full((3, 3), np.nan), "valid", "multiples of 1/256"),
        (PICTURE, np.ones((2, 2)), SOBEL, "same", "must have odd sizes"),
        (PICTURE, SOBEL * 2.0**25, SOBEL * 2.0**25, "valid", "would not be exact"),
        (PICTURE[:3, :3], SOBEL, SOBEL, "valid", "A 5×5 kernel does not fit into a picture of 3×3"),
        (PICTURE[0], SOBEL, SOBEL, "valid", "have the shape"),
    ],
)  # fmt: skip
def test_what_could_not_be_exact_is_refused(image, first, second, padding, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        collapse_difference(image, first, second, padding=padding)
