"""The kernel library: what every entry must have, and whether its sentence holds on pictures one can see."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnnviz.core import KERNELS, convolve2d, divide_by_sum, frequency_response, is_symmetric
from cnnviz.core.kernels.formulas import gaussian

BLURS = [
    "box",
    "gaussian",
    "binomial_3",
    "binomial_5",
    "disc",
    "motion",
    "mean_row",
    "mean_column",
    "smooth",
]
KEEP_BRIGHTNESS = [*BLURS, "identity", "shift", "echo", "sharpen", "sharpen_8", "unsharp", "detail", "emboss"]
NO_CONSTANT = [name for name in KERNELS if name not in {*KEEP_BRIGHTNESS, "random"}]


def step(*, bright: str, size: int = 24) -> np.ndarray:
    """A picture of two halves, 0 and 100; `bright` names the brighter side."""
    picture = np.zeros((size, size))
    half = size // 2
    picture[
        {
            "right": np.s_[:, half:],
            "left": np.s_[:, :half],
            "lower": np.s_[half:],
            "upper": np.s_[:half],
        }[bright]
    ] = 100
    return picture


def ramp(dx: float, dy: float, size: int = 24) -> np.ndarray:
    y, x = np.mgrid[:size, :size]
    return x * dx + y * dy


def line(direction: str, size: int = 11) -> np.ndarray:
    picture = np.zeros((size, size))
    middle = size // 2
    if direction == "horizontal":
        picture[middle] = 1
    elif direction == "vertical":
        picture[:, middle] = 1
    else:
        picture = np.eye(size) if direction == "falling" else np.fliplr(np.eye(size))
    return picture


def extremes(kernel):
    """Every combination of lowest, default and highest parameter values."""
    choices = [{p.low, p.default, p.high} for p in kernel.parameters]
    names = [p.name for p in kernel.parameters]
    for values in itertools.product(*choices):
        yield dict(zip(names, values, strict=True))


class TestEveryEntry:
    def test_there_are_enough_and_ids_match(self):
        assert len(KERNELS) >= 34
        assert all(name == kernel.id for name, kernel in KERNELS.items())
        assert len({kernel.title for kernel in KERNELS.values()}) == len(KERNELS)

    def test_no_two_kernels_are_the_same(self):
        seen = [kernel.weights for kernel in KERNELS.values() if kernel.id != "robinson"]
        same = [(a, b) for a, b in itertools.combinations(seen, 2) if np.array_equal(a, b)]
        assert same == []

    @pytest.mark.parametrize("kernel", KERNELS.values(), ids=KERNELS.keys())
    def test_texts(self, kernel):
        assert kernel.title
        assert kernel.group
        assert kernel.formula
        assert "$" not in kernel.formula
        assert kernel.formula.count("{") == kernel.formula.count("}")
        assert kernel.about.endswith(".")
        assert ". " not in kernel.about
        assert kernel.about[0].isupper()
        assert kernel.source.endswith(".")

    @pytest.mark.parametrize("kernel", KERNELS.values(), ids=KERNELS.keys())
    def test_weights(self, kernel):
        weights = kernel.weights
        assert weights.dtype == np.float32
        assert weights.ndim == 2
        assert max(weights.shape) <= 31
        assert np.isfinite(weights).all()
        assert weights.any()
        np.testing.assert_array_equal(weights, kernel.make())
        with pytest.raises(ValueError, match="read-only"):
            weights[0, 0] = 7

    @pytest.mark.parametrize("kernel", [k for k in KERNELS.values() if not k.parameters], ids=lambda k: k.id)
    def test_a_matrix_formula_holds_the_weights(self, kernel):
        """Without parameters, the formula's numbers are the weights, divided by what stands in front."""
        front, body = kernel.formula.split(r"\begin{bmatrix}")
        rows = body.removesuffix(r"\end{bmatrix}").replace(r"\sqrt{2}", f"{2**0.5}").split(r"\\")
        matrix = np.array([[float(cell) for cell in row.split("&")] for row in rows])
        divisor = float(front.split("{")[2].split("}")[0]) if front else 1.0
        np.testing.assert_allclose(matrix / divisor, kernel.weights, rtol=2e-6)

    @pytest.mark.parametrize("kernel", [k for k in KERNELS.values() if k.parameters], ids=lambda k: k.id)
    def test_every_extreme_of_the_parameters_gives_a_kernel(self, kernel):
        for values in extremes(kernel):
            weights = kernel.make(**values)
            assert np.isfinite(weights).all(), values
            assert weights.any(), values
            assert max(weights.shape) <= 31, values
            total, size = float(weights.sum(dtype=np.float64)), float(np.abs(weights).sum())
            if kernel.id in KEEP_BRIGHTNESS:
                assert total == pytest.approx(1, abs=1e-6 * size), values
            elif kernel.id in NO_CONSTANT:
                assert abs(total) <= 1e-6 * size, values

    @given(st.data())
    @settings(max_examples=60)
    def test_any_allowed_parameters_give_a_kernel(self, data):
        kernel = data.draw(st.sampled_from([k for k in KERNELS.values() if k.parameters]))
        values = {
            p.name: data.draw(
                st.integers(0, int((p.high - p.low) // p.step)).map(lambda i, p=p: p.low + i * p.step)
                if isinstance(p.step, int)
                else st.floats(p.low, p.high)
            )
            for p in kernel.parameters
        }
        weights = kernel.make(**values)
        assert np.isfinite(weights).all()
        assert weights.any()
        assert max(weights.shape) <= 31


class TestParameters:
    def test_a_value_outside_its_bounds_is_named(self):
        with pytest.raises(ValueError) as caught:
            KERNELS["gaussian"].make(sigma=99)
        assert str(caught.value) == "Gaussian blur: σ must be a number from 0.3 to 8 pixels, not 99."

    def test_an_even_size_is_refused_where_sizes_are_odd(self):
        with pytest.raises(ValueError) as caught:
            KERNELS["gaussian"].make(size=6)
        assert str(caught.value) == "Gaussian blur: size must be 3, 5, … up to 31 cells, not 6."

    @pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
    def test_not_finite(self, value):
        with pytest.raises(ValueError, match="must be a number from"):
            KERNELS["gaussian"].make(sigma=value)

    def test_an_unknown_name_is_named(self):
        with pytest.raises(ValueError, match="has no parameter called 'sigma'; it has: size"):
            KERNELS["box"].make(sigma=1)
        with pytest.raises(ValueError, match="it has: none"):
            KERNELS["outline"].make(sigma=1)

    def test_defaults_lie_on_their_own_grid(self):
        for kernel in KERNELS.values():
            for parameter in kernel.parameters:
                assert parameter.check(parameter.default, kernel.title) == parameter.default
                assert parameter.low < parameter.high

    def test_a_seed_keeps_its_kernel(self):
        """A link holds only the seed: this one must give these weights for ever."""
        weights = KERNELS["random"].make(seed=7, size=2)
        np.testing.assert_allclose(weights, [[0.8452629, -0.23296864], [0.01641008, 0.2037581]], rtol=1e-6)
        assert not np.array_equal(KERNELS["random"].make(seed=8, size=2), weights)


class TestSums:
    @pytest.mark.parametrize("name", KEEP_BRIGHTNESS)
    def test_a_constant_picture_keeps_its_value(self, name):
        picture = np.full((40, 40), 200.0)
        result = convolve2d(picture, KERNELS[name].weights)
        np.testing.assert_allclose(result, 200, atol=1e-3)

    @pytest.mark.parametrize("name", NO_CONSTANT)
    def test_a_constant_picture_has_no_edges(self, name):
        picture = np.full((40, 40), 200.0)
        assert np.abs(convolve2d(picture, KERNELS[name].weights)).max() < 1e-3

    @pytest.mark.parametrize("name", BLURS)
    def test_a_blur_never_leaves_the_range_of_the_picture(self, name):
        assert KERNELS[name].weights.min() >= 0

    def test_the_two_lists_cover_the_library(self):
        assert {*KEEP_BRIGHTNESS, *NO_CONSTANT, "random"} == set(KERNELS)


class TestWhatTheSentencesSay:
    @pytest.mark.parametrize(
        ("name", "bright", "zero"),
        [
            ("sobel_right", "right", "lower"),
            ("sobel_left", "left", "lower"),
            ("sobel_bottom", "lower", "right"),
            ("sobel_top", "upper", "right"),
            ("prewitt_x", "right", "lower"),
            ("prewitt_y", "lower", "right"),
            ("scharr_x", "right", "lower"),
            ("scharr_y", "lower", "right"),
            ("frei_chen_x", "right", "lower"),
            ("central_x", "right", "lower"),
            ("central_y", "lower", "right"),
            ("forward_x", "right", "lower"),
            ("edge_halves", "lower", "right"),
        ],
    )
    def test_which_side_of_an_edge_is_positive(self, name, bright, zero):
        weights = KERNELS[name].weights
        answer = convolve2d(step(bright=bright), weights)
        assert answer.max() > 0
        assert answer.min() >= -1e-4
        np.testing.assert_allclose(convolve2d(step(bright=zero), weights), 0, atol=1e-4)

    def test_left_and_top_are_the_negatives(self):
        np.testing.assert_array_equal(KERNELS["sobel_left"].weights, -KERNELS["sobel_right"].weights)
        np.testing.assert_array_equal(KERNELS["sobel_top"].weights, -KERNELS["sobel_bottom"].weights)

    @pytest.mark.parametrize("angle", [0, 30, 90, 135, 200, 300])
    def test_sobel_at_an_angle_is_largest_on_the_slope_that_way(self, angle):
        turn = np.radians(angle)
        answers = {
            other: convolve2d(ramp(np.cos(np.radians(other)), np.sin(np.radians(other))), weights).mean()
            for other in range(0, 360, 5)
            for weights in [KERNELS["sobel_angle"].make(angle=angle)]
        }
        assert max(answers, key=answers.__getitem__) == angle
        assert answers[angle] == pytest.approx(8, rel=1e-5)
        assert np.cos(turn) * 8 == pytest.approx(answers[0], abs=1e-5)

    @pytest.mark.parametrize("name", ["kirsch", "robinson", "prewitt_compass"])
    @pytest.mark.parametrize("angle", range(0, 360, 45))
    def test_compass_kernels_point_at_the_brighter_side(self, name, angle):
        y, x = np.mgrid[-8:9, -8:9]
        ahead = x * np.cos(np.radians(angle)) + y * np.sin(np.radians(angle))
        picture = np.where(ahead > 0.1, 100.0, 0.0)
        answers = {
            turn: convolve2d(picture, KERNELS[name].make(angle=turn)).max() for turn in range(0, 360, 45)
        }
        assert answers[angle] == max(answers.values())

    @pytest.mark.parametrize(("name", "brighter"), [("roberts_falling", (0, 0)), ("roberts_rising", (0, 1))])
    def test_roberts(self, name, brighter):
        picture = np.zeros((2, 2))
        picture[brighter] = 9
        assert convolve2d(picture, KERNELS[name].weights)[0, 0] == 9

    def test_scharr_measures_the_direction_of_a_slanted_edge_more_truly(self):
        """The mean error of the angle on plane waves of several directions, as in Scharr's comparison."""
        y, x = np.mgrid[:48, :48]
        errors = {}
        for family in ("sobel", "scharr"):
            kx = KERNELS["sobel_right" if family == "sobel" else "scharr_x"].weights
            ky = KERNELS["sobel_bottom" if family == "sobel" else "scharr_y"].weights
            error = []
            for angle in np.radians([10, 22.5, 35]):
                wave = 100 * np.sin(0.8 * (x * np.cos(angle) + y * np.sin(angle)))
                gx, gy = convolve2d(wave, kx), convolve2d(wave, ky)
                strong = np.hypot(gx, gy) > np.hypot(gx, gy).max() / 2
                found = np.arctan2(np.abs(gy), np.abs(gx))[strong]
                error.append(np.abs(found - angle).mean())
            errors[family] = np.mean(error)
        assert errors["scharr"] < errors["sobel"] / 2

    def test_shift_moves_right_and_down(self):
        picture = np.zeros((9, 9))
        picture[2, 3] = 1
        moved = convolve2d(picture, KERNELS["shift"].make(dx=2, dy=4), padding="same")
        assert moved[6, 5] == 1
        assert moved.sum() == 1

    def test_echo_shows_the_picture_twice(self):
        picture = np.zeros((9, 9))
        picture[2, 3] = 1
        seen = convolve2d(picture, KERNELS["echo"].make(dx=2, dy=4), padding="same")
        assert seen[2, 3] == seen[6, 5] == 0.5
        assert seen.sum() == 1

    def test_binomial_removes_a_checkerboard(self):
        board = np.indices((12, 12)).sum(axis=0) % 2 * 100.0
        np.testing.assert_allclose(convolve2d(board, KERNELS["binomial_3"].weights), 50, atol=1e-4)

    def test_binomial_is_nearly_a_gaussian(self):
        weights = KERNELS["binomial_5"].weights
        variance = (weights * np.arange(-2, 3) ** 2).sum()
        assert variance == pytest.approx(1)
        np.testing.assert_allclose(weights, gaussian(1, 5), atol=0.025)

    @pytest.mark.parametrize(
        ("name", "soft", "sharp"), [("mean_row", "right", "lower"), ("mean_column", "lower", "right")]
    )
    def test_row_and_column_means(self, name, soft, sharp):
        levels = np.unique(convolve2d(step(bright=soft), KERNELS[name].weights))
        assert len(levels) > 2
        kept = convolve2d(step(bright=sharp), KERNELS[name].weights)
        np.testing.assert_allclose(np.unique(kept.round(3)), [0, 100])

    @pytest.mark.parametrize(("angle", "spread"), [(0, (1, 9)), (90, (9, 1))])
    def test_motion_blur_smears_along_its_angle(self, angle, spread):
        rows, columns = np.nonzero(KERNELS["motion"].make(length=9, angle=angle))
        assert (np.ptp(rows) + 1, np.ptp(columns) + 1) == spread

    def test_motion_blur_at_45_degrees_falls_to_the_right(self):
        weights = KERNELS["motion"].make(length=9, angle=45)
        assert np.trace(weights) > np.trace(np.fliplr(weights)) * 3

    def test_a_disc_is_flat_and_round(self):
        weights = KERNELS["disc"].make(radius=6)
        y, x = np.indices(weights.shape) - weights.shape[0] // 2
        inside, outside = np.hypot(x, y) < 5, np.hypot(x, y) > 7
        np.testing.assert_allclose(weights[inside], 1 / (np.pi * 36), rtol=0.01)
        assert (weights[outside] == 0).all()

    @pytest.mark.parametrize("name", ["laplacian_4", "laplacian_8", "second_x", "second_y", "laws_ripple"])
    def test_second_derivatives_are_blind_to_even_slopes(self, name):
        np.testing.assert_allclose(convolve2d(ramp(3, -2), KERNELS[name].weights), 0, atol=1e-3)

    @pytest.mark.parametrize("name", ["laplacian_4", "laplacian_8"])
    def test_laplacian_is_positive_on_the_darker_side(self, name):
        across = convolve2d(step(bright="right"), KERNELS[name].weights, padding="same")[12]
        assert across[11] > 0 > across[12]

    def test_eight_neighbours_answer_three_times_as_strongly(self):
        four, eight = (convolve2d(step(bright="right"), KERNELS[f"laplacian_{n}"].weights) for n in (4, 8))
        np.testing.assert_allclose(eight, 3 * four)

    @pytest.mark.parametrize("name", ["log", "second_x"])
    def test_bright_details_give_negative_values(self, name):
        picture = line("vertical") if name == "second_x" else np.pad([[1.0]], 5)
        answer = convolve2d(picture, KERNELS[name].weights, padding="same")
        assert answer.min() < 0
        assert answer[5, 5] == answer.min()

    @pytest.mark.parametrize("mine", ["horizontal", "vertical", "rising", "falling"])
    def test_line_detectors(self, mine):
        answers = {
            other: np.abs(convolve2d(line(other), KERNELS[f"line_{mine}"].weights)).max()
            for other in ("horizontal", "vertical", "rising", "falling")
        }
        assert answers[mine] == 6
        assert answers[mine] == max(answers.values())
        zeros = {"horizontal": ["vertical"], "vertical": ["horizontal"]}.get(mine, ["horizontal", "vertical"])
        assert [answers[other] for other in zeros] == [0] * len(zeros)

    @pytest.mark.parametrize("corner", range(4))
    def test_the_corner_kernel_prefers_its_corner(self, corner):
        weights = KERNELS["corner"].make(corner=corner)
        quarter = np.zeros((12, 12))
        rows, columns = [(0, 0), (0, 6), (6, 6), (6, 0)][corner]
        quarter[rows : rows + 6, columns : columns + 6] = 1
        assert convolve2d(quarter, weights).max() == 12
        assert convolve2d(step(bright="upper") / 100, weights).max() == (8 if corner in {0, 1} else 0)
        assert convolve2d(step(bright="left") / 100, weights).max() == (8 if corner in {0, 3} else 0)

    @pytest.mark.parametrize("name", ["corner_cross", "checkerboard", "laws_spot"])
    def test_kernels_that_are_blind_to_straight_edges(self, name):
        for bright in ("right", "left", "upper", "lower"):
            np.testing.assert_allclose(convolve2d(step(bright=bright), KERNELS[name].weights), 0, atol=1e-4)
        quarter = np.zeros((12, 12))
        quarter[6:, 6:] = 1
        assert np.abs(convolve2d(quarter, KERNELS[name].weights)).max() > 0

    def test_gabor_prefers_its_own_stripes(self):
        y, x = np.mgrid[:40, :40]
        weights = KERNELS["gabor"].make(wavelength=6, angle=90)
        answers = {
            (wavelength, axis): np.abs(convolve2d(np.cos(2 * np.pi * place / wavelength), weights)).max()
            for wavelength in (3, 6, 12)
            for axis, place in (("x", x), ("y", y))
        }
        assert max(answers, key=answers.__getitem__) == (6, "y")

    @pytest.mark.parametrize("name", ["sharpen", "sharpen_8", "unsharp", "detail"])
    def test_sharpening_overshoots_at_an_edge_and_keeps_flat_areas(self, name):
        sharp = convolve2d(step(bright="right"), KERNELS[name].weights)
        assert sharp.max() > 100
        assert sharp.min() < 0
        np.testing.assert_allclose(sharp[:, [0, -1]], [[0, 100]] * len(sharp), atol=1e-3)

    def test_emboss_lights_edges_that_face_the_lower_right(self):
        y, x = np.mgrid[:20, :20]
        lit = convolve2d(np.where(x + y > 20, 100.0, 50.0), KERNELS["emboss"].weights)
        dark = convolve2d(np.where(x + y > 20, 50.0, 100.0), KERNELS["emboss"].weights)
        assert lit.max() > 100
        assert dark.min() < 50

    def test_dog_and_high_pass_leave_no_flat_area(self):
        for name in ("dog", "high_pass"):
            answer = convolve2d(step(bright="right", size=40), KERNELS[name].weights)
            np.testing.assert_allclose(answer[:, [0, -1]], 0, atol=1e-3)
            assert answer.max() > 1


class TestDivideBySum:
    def test_brightness_is_kept(self):
        np.testing.assert_allclose(divide_by_sum([[1, 2], [3, 4]]), [[0.1, 0.2], [0.3, 0.4]], rtol=1e-6)

    @pytest.mark.parametrize("name", NO_CONSTANT)
    def test_a_sum_of_zero_is_refused_even_where_rounding_left_something(self, name):
        with pytest.raises(ValueError) as caught:
            divide_by_sum(KERNELS[name].weights)
        assert str(caught.value) == "The weights add up to 0, so they cannot be divided by their sum."

    def test_a_negative_sum(self):
        np.testing.assert_allclose(divide_by_sum([[-1, -1]]), [[0.5, 0.5]])


class TestSymmetry:
    @pytest.mark.parametrize(
        ("name", "expected"),
        [("gaussian", True), ("outline", True), ("sobel_right", False), ("emboss", False)],
    )
    def test_known(self, name, expected):
        assert is_symmetric(KERNELS[name].weights) is expected

    @given(
        hnp.arrays(
            np.float32, hnp.array_shapes(min_dims=2, max_dims=2, max_side=4), elements=st.integers(-2, 2)
        )
    )
    @settings(max_examples=40)
    def test_it_says_whether_flipping_changes_the_result(self, weights):
        picture = np.random.default_rng(0).random((9, 9))
        plain, flipped = (convolve2d(picture, weights, flip=flip) for flip in (False, True))
        assert is_symmetric(weights) == np.allclose(plain, flipped, atol=1e-6)


class TestFrequencyResponse:
    def test_identity_lets_everything_through(self):
        np.testing.assert_allclose(frequency_response([[1.0]]), 1)

    @pytest.mark.parametrize("kernel", KERNELS.values(), ids=KERNELS.keys())
    def test_centre_is_the_sum_and_nothing_exceeds_the_sum_of_sizes(self, kernel):
        response = frequency_response(kernel.weights)
        assert response.shape == (64, 64)
        assert response.dtype == np.float32
        assert response[32, 32] == pytest.approx(abs(kernel.weights.sum(dtype=np.float64)), abs=1e-4)
        assert response.max() <= np.abs(kernel.weights).sum(dtype=np.float64) * (1 + 1e-5)

    def test_against_the_formula(self):
        weights, size = np.array([[1.0, -2, 3], [0.5, 4, -1]]), 8
        for v, u in [(0, 0), (1, 3), (-4, 2), (-1, -2)]:
            waves = np.exp(-2j * np.pi * (u * np.arange(3)[None] + v * np.arange(2)[:, None]) / size)
            assert frequency_response(weights, size)[v + 4, u + 4] == pytest.approx(
                abs((weights * waves).sum())
            )

    def test_it_is_what_happens_to_a_wave(self):
        weights = KERNELS["gaussian"].weights
        wave = np.cos(2 * np.pi * 8 * np.arange(64) / 64)[None].repeat(64, axis=0)
        seen = np.abs(convolve2d(wave, weights)).max()
        assert seen == pytest.approx(frequency_response(weights)[32, 32 + 8], rel=1e-4)

    def test_three_layers_are_added_up(self):
        layers = np.stack([np.eye(3), np.eye(3), -np.eye(3)], axis=-1)
        np.testing.assert_allclose(frequency_response(layers), frequency_response(np.eye(3)), atol=1e-6)

    def test_a_kernel_that_does_not_fit(self):
        with pytest.raises(ValueError, match="A 9×9 kernel does not fit in 8×8 frequencies"):
            frequency_response(np.ones((9, 9)), 8)
