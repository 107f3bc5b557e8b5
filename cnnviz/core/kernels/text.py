"""Kernels as text: what people type or paste, and the short form that goes into the link."""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.core.kernels import pasted, signs
from cnnviz.core.kernels.model import LARGEST
from cnnviz.core.kernels.pasted_rows import COMMA_TOKEN, NUMBER

_CHANNELS = 3
_LONGEST = 100_000
_TOO_LARGE = 2.0**128 - 2.0**103  # from here on a number rounds to a float32 infinity
_LONGEST_CELL = 200  # characters of one number, fractions included; exact float64 decimals have up to 25
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity|∞)", re.IGNORECASE)


def parse_kernel(text: str, *, short: bool = False) -> NDArray[np.float32]:
    """The kernel that a text describes, float32 (kh, kw), or (kh, kw, 3) for three blocks joined with |.

    Parameters
    ----------
    text : str
        What was typed or pasted.
    short : bool, optional
        The text is one of `format_kernel`, as in a link: a comma separates numbers and is no decimal comma.

    Returns
    -------
    ndarray of float32, (kh, kw) or (kh, kw, 3)
        The weights.

    Raises
    ------
    ValueError
        One sentence, for anything else: nothing in it, rows of different length, something that is not a
        finite number, or more than 31 × 31 numbers.

    Notes
    -----
    Rows end at a line break or a semicolon; numbers are separated by spaces, tabs or commas, as in
    "1 0 -1; 2 0 -2; 1 0 -1". Also understood: a block copied from a spreadsheet, lists as NumPy, PyTorch,
    MATLAB and Python write them, LaTeX matrices, fractions (1/9), a factor before or behind brackets
    (1/9*[1 1; 1 1]), and all kinds of minus signs. A decimal comma is understood where something else
    separates the numbers (tabs, spaces, semicolons within several lines). A text with two readings, such as
    "0,5", is refused.

    Examples
    --------
    >>> from cnnviz.core import parse_kernel
    >>> parse_kernel("1 0 -1; 2 0 -2; 1 0 -1")
    array([[ 1.,  0., -1.],
           [ 2.,  0., -2.],
           [ 1.,  0., -1.]], dtype=float32)
    """
    if len(text) > _LONGEST:
        raise ValueError(f"The text has {len(text)} characters, which is too long for a kernel.")
    text = signs.plain(text)
    if text.count("|") not in {0, _CHANNELS - 1}:
        count = text.count("|") + 1
        raise ValueError(f"A kernel is one block, or three joined with | (red, green, blue), not {count}.")
    blocks = [_weights(block) for block in pasted.blocks_of(text, short=short)]
    if len(blocks) == 1:
        return blocks[0]
    if len({block.shape for block in blocks}) > 1:
        sizes = ", ".join(f"{block.shape[0]}×{block.shape[1]}" for block in blocks)
        raise ValueError(f"The three blocks must have the same size, but they are {sizes}.")
    return np.stack(blocks, axis=-1)


def format_kernel(weights: ArrayLike) -> str:
    """A short text that parse_kernel reads back as exactly the same float32 numbers: "1,0,-1;2,0,-2;1,0,-1".

    Parameters
    ----------
    weights : array_like, (kh, kw) or (kh, kw, 3)
        The kernel.

    Returns
    -------
    str
        The text.

    Notes
    -----
    Commas between numbers, semicolons between rows; a kernel (kh, kw, 3) becomes three blocks joined with |.
    A number is written as a decimal or, where that is shorter, as a fraction with a denominator up to 1024.

    Examples
    --------
    >>> from cnnviz.core import format_kernel
    >>> format_kernel([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
    '1,0,-1;2,0,-2;1,0,-1'
    """
    array = np.asarray(weights, dtype=np.float32)
    if array.ndim == 3:
        return "|".join(_short(array[..., channel]) for channel in range(array.shape[2]))
    text = _short(array)
    # "0,5" could be one number with a decimal comma: a point before the first comma says that it is not.
    return text.replace(",", ".,", 1) if all(map(COMMA_TOKEN.fullmatch, text.split(";"))) else text


def _short(block: NDArray[np.float32]) -> str:
    return ";".join(",".join(format_number(value) for value in row) for row in block.tolist())


def format_number(value: float) -> str:
    """The shortest text that reads back as the float32 number `value`, such as -2, .5, 1/9 or 1e-7."""
    exact: np.float32 | np.float64 = np.float32(value)
    if exact == 0:
        return "0"
    if abs(float(exact)) < np.finfo(np.float32).smallest_normal:
        exact = np.float64(exact)  # few digits tell such numbers apart in float32, too few for float64
    positional = np.format_float_positional(exact, unique=True, trim="-")
    power = np.format_float_scientific(exact, unique=True, trim="-", exp_digits=1).replace("e+", "e")
    # The leading zero is left out to save a character: 0.5 is .5.
    choices = [re.sub(r"^(-?)0\.", r"\1.", positional), power]
    ratio = Fraction(float(exact)).limit_denominator(1024)
    if ratio.denominator > 1 and np.float32(ratio.numerator / ratio.denominator) == np.float32(exact):
        choices.append(f"{ratio.numerator}/{ratio.denominator}")
    return min(choices, key=len)


def _weights(block: pasted.Block) -> NDArray[np.float32]:
    rows = block.rows
    if not any(rows):
        raise ValueError("There is no number in this text.")
    width = len(rows[0])
    for index, row in enumerate(rows, start=1):
        if len(row) != width:
            numbers = "number" if len(row) == 1 else "numbers"
            raise ValueError(f"Row {index} has {len(row)} {numbers}, but row 1 has {width}.")
    if len(rows) > LARGEST or width > LARGEST:
        raise ValueError(f"The kernel is {len(rows)}×{width}, but the largest is {LARGEST}×{LARGEST}.")
    values = [
        [_number(cell, block.scale, f"in row {i}, column {j}") for j, cell in enumerate(row, start=1)]
        for i, row in enumerate(rows, start=1)
    ]
    return np.array(values, dtype=np.float32)


def _number(cell: str, scale: tuple[float, float], where: str) -> float:
    quoted = f"'{cell[:20]}…'" if len(cell) > 20 else f"'{cell}'"
    if not cell:
        raise ValueError(f"The cell {where} is empty.")
    if len(cell) > _LONGEST_CELL:
        raise ValueError(f"{quoted} {where} has {len(cell)} characters, which is too long for a number.")
    if _NOT_FINITE.fullmatch(cell):
        raise ValueError(f"A kernel needs finite numbers, but there is {quoted} {where}.")
    match = NUMBER.fullmatch(cell)
    if not match:
        raise ValueError(f"{quoted} {where} is not a number.")
    below = float(match.group(2)) if match.group(2) else 1.0
    if below == 0:
        raise ValueError(f"{quoted} {where} divides by 0.")
    value = float(match.group(1)) / below * scale[0] / scale[1]
    if not abs(value) < _TOO_LARGE:
        raise ValueError(f"{quoted} {where} is too large for a 32-bit number.")
    return value
