"""Kernels as text: what people paste, the short form in the link, and one clear sentence for the rest."""

import re

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnnviz.core import KERNELS, format_kernel, parse_kernel
from cnnviz.core.kernels.text import format_number

SOBEL = [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
ANY_FLOAT32 = st.floats(width=32, allow_nan=False, allow_infinity=False)


class TestParse:
    @pytest.mark.parametrize(
        "text",
        [
            "1 0 -1; 2 0 -2; 1 0 -1",
            "1,0,-1;2,0,-2;1,0,-1",
            "1, 0, -1\n2, 0, -2\n1, 0, -1\n",
            "1\t0\t-1\r\n2\t0\t-2\r\n1\t0\t-1\r\n",
            "  1 0 −1\n\n  2 0 −2\n  1 0 −1  ",
            "[[1, 0, -1], [2, 0, -2], [1, 0, -1]]",
            "[[ 1.  0. -1.]\n [ 2.  0. -2.]\n [ 1.  0. -1.]]",
            "array([[ 1.,  0., -1.],\n       [ 2.,  0., -2.],\n       [ 1.,  0., -1.]], dtype=float32)",
            "np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])",
            "torch.tensor([[1, 0, -1], [2, 0, -2], [1, 0, -1]])",
            "tensor([[ 1.,  0., -1.],\n        [ 2.,  0., -2.],\n        [ 1.,  0., -1.]])",
            "((1, 0, -1), (2, 0, -2), (1, 0, -1))",
            "{{1, 0, -1}, {2, 0, -2}, {1, 0, -1}};",
            "[1 0 -1; 2 0 -2; 1 0 -1]",
            "[1, 0, -1],\n[2, 0, -2],\n[1, 0, -1],",
            "1,0,-1;\n2,0,-2;\n1,0,-1;",
            "1e0 0.0 -1.0; +2 .0 -2.; 2/2 0/5 -3/3",
            "1 / 1 0 -1; 2 0 -2; 1 0 -1",
        ],
    )
    def test_the_same_kernel_in_many_forms(self, text):
        kernel = parse_kernel(text)
        assert kernel.dtype == np.float32
        assert kernel.tolist() == SOBEL

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("0,5\t0,25\n-1,5\t2", [[0.5, 0.25], [-1.5, 2]]),
            ("0,5;0,25\n-1,5;2", [[0.5, 0.25], [-1.5, 2]]),
            ("0.5\t0.25", [[0.5, 0.25]]),
            ("1/9 -1/4 .5/2", [[1 / 9, -0.25, 0.25]]),
            ("7", [[7]]),
            ("1;2;3", [[1], [2], [3]]),
            ("1\n2", [[1], [2]]),
            ("[1, 2]", [[1, 2]]),
            ("[[1, 2,\n  3, 4]]", [[1, 2, 3, 4]]),
            ("1e-3 -2E2", [[0.001, -200]]),
        ],
    )
    def test_forms_with_a_meaning_of_their_own(self, text, expected):
        np.testing.assert_array_equal(parse_kernel(text), np.array(expected, dtype=np.float32))

    def test_in_a_link_a_comma_always_separates(self):
        assert parse_kernel("0,5;0,25", short=True).tolist() == [[0, 5], [0, 25]]
        assert parse_kernel("1,2|3,4|5,6", short=True).shape == (1, 2, 3)

    def test_three_blocks(self):
        kernel = parse_kernel("1 2; 3 4 | 5 6; 7 8 | 9 10; 11 12")
        assert kernel.shape == (2, 2, 3)
        assert kernel[:, :, 1].tolist() == [[5, 6], [7, 8]]

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("", "There is no number in this text."),
            (" \n ; \t ", "There is no number in this text."),
            ("[[]]", "There is no number in this text."),
            ("1 2; 3", "Row 2 has 1 number, but row 1 has 2."),
            ("1 2\n3 4\n5 6 7", "Row 3 has 3 numbers, but row 1 has 2."),
            ("1 x; 3 4", "'x' in row 1, column 2 is not a number."),
            ("1 2; nan 4", "A kernel needs finite numbers, but there is 'nan' in row 2, column 1."),
            ("1 -inf", "A kernel needs finite numbers, but there is '-inf' in row 1, column 2."),
            ("1/0", "'1/0' in row 1, column 1 divides by 0."),
            ("1e39", "'1e39' in row 1, column 1 is too large for a 32-bit number."),
            ("1e99999", "'1e99999' in row 1, column 1 is too large for a 32-bit number."),
            ("1,,2", "Row 1 has two commas with no number between them."),
            ("1\t\t2", "The cell in row 1, column 2 is empty."),
            ("[[1, 2]", "The brackets in this text do not enclose rows of numbers."),
            ("sin([[1, 2]])", "The brackets in this text do not enclose rows of numbers."),
            (
                "[[[1]], [[2]]]",
                "The lists are nested too deeply; join three two-dimensional blocks with | instead.",
            ),
            ("1|2", "A kernel is one block, or three joined with | (red, green, blue), not 2."),
            ("1|2|3 4", "The three blocks must have the same size, but they are 1×1, 1×1, 1×2."),
            (" ".join(["1"] * 32), "The kernel is 1×32, but the largest is 31×31."),
            ("\n".join(["1"] * 32), "The kernel is 32×1, but the largest is 31×31."),
            ("1_000 2", "'1_000' in row 1, column 1 is not a number."),
            ("0x1F", "'0x1F' in row 1, column 1 is not a number."),
            ("z" * 50, f"'{'z' * 20}…' in row 1, column 1 is not a number."),
            ("1" * 200_000, "The text has 200000 characters, which is too long for a kernel."),
        ],
    )
    def test_one_sentence_for_what_is_no_kernel(self, text, sentence):
        with pytest.raises(ValueError) as caught:
            parse_kernel(text)
        assert str(caught.value) == sentence

    def test_the_largest_kernel(self):
        assert parse_kernel(";".join([",".join(["1"] * 31)] * 31)).shape == (31, 31)

    @given(st.text(alphabet="0123456789.,;/|-+eE \t\n[](){}naif−", max_size=40))
    @settings(max_examples=400)
    def test_any_text_is_a_kernel_or_one_sentence(self, text):
        sentence = "The kernel is there."
        kernel = np.ones((1, 1))
        try:
            kernel = parse_kernel(text)
        except ValueError as error:
            sentence = str(error)
        assert re.fullmatch(r"[^\n]+\.", sentence)
        assert kernel.size
        assert kernel.ndim in {2, 3}
        assert np.isfinite(kernel).all()


class TestFormat:
    @pytest.mark.parametrize(
        ("weights", "text"),
        [
            (SOBEL, "1,0,-1;2,0,-2;1,0,-1"),
            (np.full((2, 2), 1 / 9), "1/9,1/9;1/9,1/9"),
            ([[0.5, -0.25, -0.0]], ".5,-.25,0"),
            ([[1e-7, 1e6, 2.5e10]], "1e-7,1e6,2.5e10"),
            ([[0, 5], [0, 25]], "0.,5;0,25"),
            (np.ones((1, 2, 3)), "1,1|1,1|1,1"),
        ],
    )
    def test_is_short(self, weights, text):
        assert format_kernel(weights) == text

    @given(hnp.arrays(np.float32, hnp.array_shapes(min_dims=2, max_dims=2, max_side=5), elements=ANY_FLOAT32))
    @example(np.array([[np.finfo(np.float32).max, np.finfo(np.float32).tiny, 1e-45]], dtype=np.float32))
    @settings(max_examples=300)
    def test_reads_back_as_the_same_numbers(self, weights):
        np.testing.assert_array_equal(parse_kernel(format_kernel(weights)), weights)

    @given(
        hnp.arrays(
            np.float32,
            st.tuples(st.integers(1, 3), st.integers(1, 3), st.just(3)),
            elements=ANY_FLOAT32,
        )
    )
    @settings(max_examples=100)
    def test_three_layers_read_back(self, weights):
        np.testing.assert_array_equal(parse_kernel(format_kernel(weights)), weights)

    @given(st.integers(-40, 40), st.integers(1, 40))
    def test_fractions_are_never_longer_than_the_decimals(self, above, below):
        value = np.float32(above / below)
        text = format_kernel([[value]])
        assert len(text) <= len(np.format_float_positional(value, trim="-"))
        assert parse_kernel(text)[0, 0] == value

    @pytest.mark.parametrize("kernel", KERNELS.values(), ids=KERNELS.keys())
    def test_the_library(self, kernel):
        text = format_kernel(kernel.weights)
        np.testing.assert_array_equal(parse_kernel(text), kernel.weights)
        assert not set(text) & set(" \n&#=")

    @given(st.integers(1, 20), st.integers(1, 20))
    def test_what_numpy_and_python_print_is_read(self, height, width):
        weights = np.arange(height * width, dtype=np.float32).reshape(height, width) / 4 - 3.5
        for text in (repr(weights), str(weights), repr(weights.tolist()), f"np.{weights!r}"):
            np.testing.assert_array_equal(parse_kernel(text), weights)


@pytest.mark.parametrize("value", [5.773349673018246e-43, -1.4e-45, 1.1754942e-38])
def test_numbers_below_float32_s_normal_ones_keep_their_value_in_float64(value: float) -> None:
    """A script that reads the text as float64 computes with the kernel's own number."""
    exact = float(np.float32(value))
    assert float(format_number(exact)) == pytest.approx(exact, rel=1e-6)
