"""Values to colours: the numbers, the maps' evenness, and whether colours can be told apart."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnnviz.core import (
    COLOUR_MAPS,
    DISPLAYS,
    ROLES,
    describe,
    direction_to_rgb,
    to_index,
    to_rgb,
    value_range,
)
from cnnviz.core.colour.displays import NOT_FINITE, direction_index, format_value
from cnnviz.core.colour.maps import _cyclic
from cnnviz.core.colour.oklab import (
    linear_to_oklab,
    linear_to_srgb,
    oklab_to_linear,
    srgb_to_linear,
)

NAN, INF = float("nan"), float("inf")
# Full protanopia and deuteranopia, on light intensities: Machado, Oliveira & Fernandes, "A Physiologically-
# based Model for Simulation of Color Vision Deficiency", IEEE TVCG, 2009, severity 1.0.
COLOUR_BLIND = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
FLOATS = hnp.arrays(
    np.float32, hnp.array_shapes(min_dims=2, max_dims=2, max_side=5), elements=st.floats(-1e6, 1e6, width=32)
)


def rgb_of(text):
    return np.array([int(text[i : i + 2], 16) for i in (1, 3, 5)])


def seen(rgb, vision):
    return linear_to_oklab(np.clip(srgb_to_linear(rgb) @ COLOUR_BLIND[vision].T, 0, 1))


def contrast(one, other):
    """WCAG 2.2 contrast ratio of two sRGB colours."""
    light, dark = sorted((srgb_to_linear(c) @ [0.2126, 0.7152, 0.0722] for c in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


class TestOklab:
    def test_known_colours(self):
        """White, and pure red as in the reference article's own code (L 0.628, a 0.225, b 0.126)."""
        np.testing.assert_allclose(linear_to_oklab([1.0, 1, 1]), [1, 0, 0], atol=1e-6)
        np.testing.assert_allclose(linear_to_oklab([1.0, 0, 0]), [0.628, 0.225, 0.126], atol=1e-3)

    def test_there_and_back(self):
        colours = np.random.default_rng(0).random((50, 3))
        np.testing.assert_allclose(oklab_to_linear(linear_to_oklab(colours)), colours, atol=1e-7)
        every = np.arange(256, dtype=np.uint8)
        np.testing.assert_array_equal(linear_to_srgb(srgb_to_linear(every)), every)


class TestRange:
    @pytest.mark.parametrize(
        ("display", "expected"),
        [
            ("signed", (-7, 7)),
            ("absolute", (0, 7)),
            ("clip", (0, 255)),
            ("shift", (-128, 127)),
            ("stretch", (-7, 3)),
        ],
    )
    def test_known(self, display, expected):
        assert value_range([[3, -7], [0, NAN], [INF, -INF]], display) == expected

    @pytest.mark.parametrize(
        ("display", "expected"), [("signed", (-1, 1)), ("absolute", (0, 1)), ("stretch", (0, 1))]
    )
    @pytest.mark.parametrize("values", [[[0.0, -0.0]], [[NAN, INF]], np.zeros((0, 3))])
    def test_nothing_to_go_by(self, display, expected, values):
        assert value_range(values, display) == expected

    def test_all_equal(self):
        assert value_range(np.full((2, 2), 9.0), "stretch") == (9, 10)
        assert to_index([[9.0]], "stretch", 9, 10)[0, 0] == 0

    @given(FLOATS, st.sampled_from(list(DISPLAYS)))
    @settings(max_examples=60)
    def test_is_never_empty(self, values, display):
        low, high = value_range(values, display)
        assert low < high


class TestIndex:
    @given(st.floats(-50, 300))
    def test_clip_shows_a_grey_level_as_its_rounded_self(self, value):
        fraction = value - np.floor(value)
        if abs(fraction - 0.5) < 1e-9:
            return
        shown = to_rgb([[value]], "clip", "grey")[0, 0]
        assert (shown == np.clip(np.floor(value + 0.5), 0, 255)).all()

    def test_every_whole_level(self):
        levels = np.arange(256.0)[None]
        np.testing.assert_array_equal(to_rgb(levels, "clip")[0, :, 0], levels[0])
        np.testing.assert_array_equal(to_index(levels - 128, "shift", -128, 127), levels)

    @given(st.floats(1e-30, 1e30))
    def test_signed_puts_zero_in_the_middle_whatever_the_range(self, most):
        assert to_index([0.0, -most, most, -0.0], "signed", -most, most).tolist() == [128, 0, 255, 128]

    def test_absolute_drops_the_sign(self):
        assert to_index([-4.0, 4, 0, 2], "absolute", 0, 4).tolist() == [255, 255, 0, 128]

    def test_stretch_ends(self):
        assert to_index([-3.0, 5, 1], "stretch", -3, 5).tolist() == [0, 255, 128]

    def test_outside_a_shared_range_is_held_at_the_ends(self):
        assert to_index([-99.0, 99, INF, -INF, NAN], "signed", -1, 1).tolist() == [0, 255, 255, 0, 0]

    def test_an_empty_range_does_not_divide_by_zero(self):
        assert to_index([5.0, 4.0, 7.0], "stretch", 5, 5).tolist() == [0, 0, 255]

    @given(FLOATS, st.sampled_from(list(DISPLAYS)))
    @settings(max_examples=60)
    def test_order_is_kept(self, values, display):
        low, high = value_range(values, display)
        flat = np.sort((np.abs(values) if display == "absolute" else values).ravel())
        assert (np.diff(to_index(flat, display, low, high).astype(int)) >= 0).all()


class TestRgb:
    def test_not_finite_values_have_their_own_colour_and_do_not_break_the_range(self):
        values = np.array([[0.0, 10], [NAN, INF]])
        for name in COLOUR_MAPS:
            shown = to_rgb(values, "stretch", name)
            assert shown.dtype == np.uint8
            np.testing.assert_array_equal(shown[1], [NOT_FINITE] * 2)
            np.testing.assert_array_equal(shown[0], COLOUR_MAPS[name].lut[[0, 255]])
            assert not (COLOUR_MAPS[name].lut == NOT_FINITE).all(axis=1).any()

    def test_three_channels_share_one_range(self):
        values = np.array([[[0.0, 5, -10]]])
        assert to_rgb(values, "signed")[0, 0].tolist() == [128, 191, 0]
        assert to_rgb(values, "absolute")[0, 0].tolist() == [0, 128, 255]
        assert to_rgb(values, "clip")[0, 0].tolist() == [0, 5, 0]
        assert to_rgb(values, "shift")[0, 0].tolist() == [128, 133, 118]
        assert to_rgb(values, "stretch")[0, 0].tolist() == [170, 255, 0]
        assert to_rgb([[[1.0, NAN, 2]]], "clip")[0, 0].tolist() == list(NOT_FINITE)

    def test_a_given_range_is_used(self):
        assert to_rgb([[1.0]], "absolute", range=(0, 4))[0, 0].tolist() == [64, 64, 64]

    def test_a_picture_is_shown_as_it_is(self):
        pixels = np.random.default_rng(2).integers(0, 256, (5, 6, 3), dtype=np.uint8)
        np.testing.assert_array_equal(to_rgb(pixels.astype(np.float32), "clip"), pixels)

    def test_tables_stay_as_they_are(self):
        to_rgb([[NAN]], "signed", "blue_orange")[:] = 7
        assert (COLOUR_MAPS["blue_orange"].lut[0] != 7).any()
        with pytest.raises(ValueError, match="read-only"):
            COLOUR_MAPS["ink"].lut[0] = 0

    def test_unknown_names_and_shapes(self):
        with pytest.raises(ValueError, match="no display 'log'; there are signed, absolute"):
            to_rgb([[1.0]], "log")
        with pytest.raises(ValueError, match="no colour map 'jet'; there are grey"):
            to_rgb([[1.0]], "clip", "jet")
        with pytest.raises(ValueError, match=r"not \(2, 2, 4\)"):
            to_rgb(np.zeros((2, 2, 4)), "clip")


class TestMaps:
    @pytest.mark.parametrize("colour_map", COLOUR_MAPS.values(), ids=COLOUR_MAPS.keys())
    def test_form(self, colour_map):
        assert colour_map.lut.shape == (256, 3)
        assert colour_map.lut.dtype == np.uint8
        assert colour_map.about.endswith(".")
        assert COLOUR_MAPS[colour_map.id] is colour_map

    def test_every_kind_is_there(self):
        kinds = [colour_map.kind for colour_map in COLOUR_MAPS.values()]
        assert {"diverging", "sequential", "grey", "cyclic"} == set(kinds)
        assert kinds.count("sequential") >= 2

    @pytest.mark.parametrize("vision", COLOUR_BLIND)
    @pytest.mark.parametrize("name", [n for n, m in COLOUR_MAPS.items() if m.kind == "sequential"])
    def test_sequential_maps_grow_lighter_in_even_steps(self, name, vision):
        lab = seen(COLOUR_MAPS[name].lut, vision)
        assert (np.diff(lab[::4, 0]) > 0).all()
        steps = np.linalg.norm(lab[8:] - lab[:-8], axis=1)
        if vision == "normal":
            assert (np.diff(lab[:, 0]) >= 0).all()
            assert steps.max() < 1.6 * steps.min()
        assert lab[-1, 0] - lab[0, 0] > 0.7

    @pytest.mark.parametrize("name", [n for n, m in COLOUR_MAPS.items() if m.kind == "diverging"])
    def test_diverging_maps_are_neutral_and_extreme_in_the_middle_and_symmetric(self, name):
        lut = COLOUR_MAPS[name].lut
        lab = seen(lut, "normal")
        assert np.ptp(lut[128].astype(int)) <= 1
        below, above = lab[1:129, 0][::-1], lab[128:, 0]
        np.testing.assert_allclose(below, above, atol=0.012)
        direction = np.sign(lab[0, 0] - lab[128, 0])
        assert (np.diff(above[::4]) * direction > 0).all()
        np.testing.assert_allclose(lab[0, 0], lab[255, 0], atol=0.01)

    @pytest.mark.parametrize("vision", COLOUR_BLIND)
    @pytest.mark.parametrize("name", [n for n, m in COLOUR_MAPS.items() if m.kind == "diverging"])
    def test_the_two_signs_can_be_told_apart(self, name, vision):
        lab = seen(COLOUR_MAPS[name].lut, vision)
        for size in (32, 64, 96, 127):
            assert np.linalg.norm(lab[128 - size] - lab[128 + size]) > 0.0016 * size

    def test_the_hue_wheel_has_one_lightness_and_even_steps_and_closes(self):
        lab = seen(COLOUR_MAPS["hue"].lut, "normal")
        assert np.ptp(lab[:, 0]) < 0.01
        chroma = np.hypot(lab[:, 1], lab[:, 2])
        assert np.ptp(chroma) < 0.01
        steps = np.linalg.norm(lab - np.roll(lab, 8, axis=0), axis=1)
        assert steps.max() < 1.3 * steps.min()

    def test_grey_is_the_level_itself(self):
        np.testing.assert_array_equal(COLOUR_MAPS["grey"].lut, np.arange(256)[:, None].repeat(3, axis=1))

    def test_a_map_that_leaves_what_a_screen_can_show_is_refused(self):
        with pytest.raises(ValueError, match="No screen can show this map"):
            _cyclic(0.74, 0.3, 25)


class TestDirection:
    def test_index(self):
        angles = np.array([0, np.pi / 2, np.pi, -np.pi, -np.pi / 2, 2 * np.pi, -1e-9])
        assert direction_index(angles).tolist() == [0, 64, 128, 128, 192, 0, 0]

    def test_weak_directions_are_dark(self):
        shown = direction_to_rgb([[0.0, 0, 0]], [[0.0, 5, 10]])
        full = COLOUR_MAPS["hue"].lut[0]
        assert shown[0, 0].tolist() == [0, 0, 0]
        np.testing.assert_allclose(shown[0, 1], full / 2, atol=1)
        np.testing.assert_array_equal(shown[0, 2], full)
        np.testing.assert_array_equal(direction_to_rgb([[0.0]], [[5.0]], high=10)[0, 0], shown[0, 1])

    def test_not_finite(self):
        assert direction_to_rgb([[NAN]])[0, 0].tolist() == list(NOT_FINITE)
        np.testing.assert_array_equal(direction_to_rgb([[1.0]])[0, 0], COLOUR_MAPS["hue"].lut[41])


class TestWords:
    def test_the_caption_names_the_mapping_and_its_range(self):
        assert describe("signed", -312, 312) == "Signed: −312 to 312, with 0 in the middle of the colours."
        assert describe("absolute", 0, 1234.5) == "Absolute value: 0 to 1234, the sign is not shown."
        assert describe("clip", 0, 255).startswith("Clipped: 0 or less is the darkest, 255 or more")
        assert "−128 or less is the darkest" in describe("shift", -128, 127)
        assert describe("stretch", -0.12345, 7, 2) == (
            "Stretched: −0.1235 is the first colour and 7 the last; "
            "2 values are not finite numbers (magenta)."
        )
        assert describe("clip", 0, 255, 1).endswith("1 value is not a finite number (magenta).")

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (-0.0, "0"),
            (0.1 + 0.2, "0.3"),
            (-2.5, "−2.5"),
            (99999.6, "100000"),
            (1e-7, "1e−07"),
            (NAN, "not a finite number"),
        ],
    )
    def test_numbers(self, value, text):
        assert format_value(value) == text

    def test_every_display_has_words(self):
        for display in DISPLAYS.values():
            assert display.title
            assert display.about.endswith(".")
            assert describe(display.id, -1, 1).endswith(".")


class TestRoles:
    @pytest.mark.parametrize(("theme", "background"), [("light", "#ffffff"), ("dark", "#10131a")])
    @pytest.mark.parametrize("role", ROLES)
    def test_contrast(self, theme, background, role):
        assert contrast(rgb_of(getattr(ROLES[role], theme)), rgb_of(background)) >= 4.5

    @pytest.mark.parametrize("vision", COLOUR_BLIND)
    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_roles_can_be_told_apart(self, theme, vision):
        """0.1 in OKLab is several times the difference that is just noticeable (about 0.02)."""
        colours = [seen(rgb_of(getattr(role, theme)), vision) for role in ROLES.values()]
        assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(colours, 2)) > 0.1

    def test_the_four_roles(self):
        assert list(ROLES) == ["input", "kernel", "output", "gradient"]
