"""Filter settings, the filtered picture, both Sobel directions, and the size formula."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from cnnviz.core import FilterSettings, convolve2d, grey, output_size, size_formula, sobel
from cnnviz.core.convolution.filtering import apply

RNG = np.random.default_rng(5)
PHOTO = RNG.integers(0, 256, (17, 23, 3), dtype=np.uint8)
SKEW = np.array([[1.0, -2, 0.5], [0, 3, -1]])


class TestSettings:
    def test_the_kernel_is_a_copy_that_cannot_change(self):
        mine = np.eye(3)
        kept = FilterSettings(mine).kernel
        mine[0, 0] = 9
        assert kept[0, 0] == 1
        assert kept.dtype == np.float32
        with pytest.raises(ValueError, match="read-only"):
            kept[0, 0] = 5

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"kernel": np.ones(3)}, "shape"),
            ({"kernel": np.ones((2, 2, 4))}, r"not \(2, 2, 4\)"),
            ({"kernel": np.ones((0, 3))}, "shape"),
            ({"channels": "all"}, '"grey", "each" or "sum", not \'all\''),
            ({"kernel": np.ones((2, 2, 3))}, 'needs channels "sum", not "grey"'),
            ({"padding": (1, -1)}, "-1"),
            ({"padding_mode": "mirror"}, "mirror"),
            ({"stride": (0, 1)}, "0"),
            ({"dilation": (1, 0)}, "0"),
        ],
    )
    def test_what_has_no_meaning_is_refused(self, values, sentence):
        with pytest.raises(ValueError, match=sentence):
            FilterSettings(**{"kernel": SKEW, **values})

    def test_sides(self):
        chosen = FilterSettings(np.ones((4, 3)), padding="same", dilation=(1, 2))
        assert chosen.sides() == ((1, 2), (2, 2))
        assert FilterSettings(SKEW, padding="valid").sides() == ((0, 0), (0, 0))
        assert FilterSettings(SKEW, padding=(3, 5)).sides() == ((3, 3), (5, 5))


class TestApply:
    def test_grey(self):
        result = apply(PHOTO, FilterSettings(SKEW, padding="valid"))
        expected = ndimage.correlate(grey(PHOTO).astype(float), SKEW, mode="constant")[1:, 1:-1]
        assert result.dtype == np.float32
        np.testing.assert_allclose(result, expected, atol=2e-3)

    def test_each_channel_by_itself(self):
        result = apply(PHOTO, FilterSettings(SKEW, "each", padding="valid"))
        assert result.shape == (16, 21, 3)
        for channel in range(3):
            np.testing.assert_allclose(
                result[:, :, channel], convolve2d(PHOTO[:, :, channel], SKEW), atol=2e-3
            )

    def test_a_flat_kernel_is_summed_over_three_equal_layers(self):
        flat = apply(PHOTO, FilterSettings(SKEW, "sum"))
        deep = apply(PHOTO, FilterSettings(np.stack([SKEW] * 3, axis=2), "sum"))
        each = apply(PHOTO, FilterSettings(SKEW, "each"))
        np.testing.assert_allclose(flat, deep, atol=1e-3)
        np.testing.assert_allclose(flat, each.sum(axis=2), atol=5e-3)

    def test_layers_meet_their_own_channel(self):
        red_only = np.zeros((1, 1, 3))
        red_only[0, 0, 0] = 1
        np.testing.assert_array_equal(apply(PHOTO, FilterSettings(red_only, "sum")), PHOTO[:, :, 0])

    def test_same_with_stride_is_a_part_of_stride_1(self):
        all_of_it = apply(PHOTO, FilterSettings(SKEW, "each"))
        part = apply(PHOTO, FilterSettings(SKEW, "each", stride=(2, 3)))
        assert part.shape == (9, 8, 3)
        np.testing.assert_allclose(part, all_of_it[::2, ::3], atol=1e-3)

    def test_flip_turns_the_kernel(self):
        turned = apply(PHOTO, FilterSettings(SKEW[::-1, ::-1], padding="valid"))
        np.testing.assert_allclose(
            apply(PHOTO, FilterSettings(SKEW, padding="valid", flip=True)), turned, atol=1e-3
        )

    def test_a_kernel_that_does_not_fit_says_the_numbers(self):
        with pytest.raises(ValueError, match="spans 18×19 cells; the padded picture has 17×23"):
            apply(PHOTO, FilterSettings(np.ones((18, 19)), padding="valid"))


class TestSobel:
    def test_signs_and_combinations(self):
        picture = np.zeros((9, 9))
        picture[:, 5:] = 10
        found = sobel(picture)
        assert found["gx"].max() == 40
        assert (found["gx"] >= 0).all()
        assert (found["gy"] == 0).all()
        np.testing.assert_array_equal(found["sum"], found["gx"])
        np.testing.assert_array_equal(found["abs_sum"], found["magnitude"])
        assert (found["direction"] == 0).all()

    @pytest.mark.parametrize(
        ("bright", "expected"),
        [
            (np.s_[:, 5:], 0),
            (np.s_[5:], np.pi / 2),
            (np.s_[:, :5], np.pi),
            (np.s_[:5], -np.pi / 2),
        ],
    )
    def test_the_direction_points_at_the_brighter_side(self, bright, expected):
        picture = np.zeros((10, 10))
        picture[bright] = 10
        found = sobel(picture)
        edge = found["magnitude"] > 0
        np.testing.assert_allclose(np.abs(found["direction"][edge]), abs(expected), atol=1e-6)
        np.testing.assert_allclose(np.sin(found["direction"][edge]), np.sin(expected), atol=1e-6)

    def test_straight_to_the_left_is_pi_and_never_minus_pi(self):
        for rows in (np.s_[:], np.s_[::-1]):
            picture = np.tile(RNG.integers(0, 9, (1, 12)), (9, 1))[rows]
            found = sobel(picture)
            left = found["gx"] < 0
            assert left.any()
            assert (found["direction"][left] == np.float32(np.pi)).all()

    def test_against_scipy(self):
        image = grey(PHOTO).astype(float)
        found = sobel(image)
        gx, gy = ndimage.sobel(image, axis=1, mode="nearest"), ndimage.sobel(image, axis=0, mode="nearest")
        for name, expected in {
            "gx": gx,
            "gy": gy,
            "sum": gx + gy,
            "abs_sum": np.abs(gx) + np.abs(gy),
            "magnitude": np.hypot(gx, gy),
        }.items():
            assert found[name].dtype == np.float32
            np.testing.assert_allclose(found[name], expected, atol=5e-3)
        assert found["direction"].dtype == np.float32
        strong = np.hypot(gx, gy) > 10
        turn = np.angle(np.exp(1j * (found["direction"] - np.arctan2(gy, gx))))
        assert np.abs(turn[strong]).max() < 1e-3

    def test_a_constant_picture_has_no_edges_not_even_at_its_border(self):
        found = sobel(np.full((8, 8), 200.0))
        assert all((values == 0).all() for values in found.values())

    def test_padding_is_passed_on(self):
        assert sobel(np.ones((8, 8)), padding="valid")["gx"].shape == (6, 6)
        assert sobel(np.ones((8, 8)), padding_mode="zeros")["magnitude"].max() > 0


class TestSizeFormula:
    def test_text(self):
        assert size_formula(264, 3, 2, 1, 1, 2) == (
            r"\lfloor (264 + 1 + 1 - 2 \cdot (3 - 1) - 1) \,/\, 2 \rfloor + 1 = 131"
        )

    @given(st.integers(1, 60), st.integers(1, 7), st.integers(1, 5), st.integers(0, 4), st.integers(1, 3))
    @settings(max_examples=80)
    def test_its_number_is_the_size_of_the_result(self, n, kernel, stride, pad, dilation):
        if n + 2 * pad < dilation * (kernel - 1) + 1:
            with pytest.raises(ValueError, match=f"the padded axis has {n + 2 * pad}"):
                size_formula(n, kernel, stride, pad, pad, dilation)
            return
        text = size_formula(n, kernel, stride, pad, pad, dilation)
        size = int(text.rsplit("= ")[1])
        assert size == output_size(n, kernel, stride=stride, padding=pad, dilation=dilation)
        line = np.zeros((n, 1))
        weights = np.ones((kernel, 1))
        options = {"stride": (stride, 1), "padding": (pad, 0), "dilation": (dilation, 1)}
        assert size == len(convolve2d(line, weights, **options))
