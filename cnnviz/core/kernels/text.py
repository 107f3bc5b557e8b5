"""Kernels as text: what people type or paste, and the short form that goes into the link."""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.core.kernels.model import LARGEST

_CHANNELS = 3
_LONGEST = 100_000
_TOO_LARGE = 2.0**128 - 2.0**103  # from here on a number rounds to a float32 infinity
_LONGEST_CELL = 200  # characters of one number, fractions included; exact float64 decimals have up to 25
# Every pattern here is linear: no two repetitions stand side by side that match the same character. A text of
# n digits would otherwise be tried n × n times, and Python lets no other thread run meanwhile.
_DECIMAL = r"(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_NUMBER = re.compile(rf"([+-]?{_DECIMAL})(?:/([+-]?{_DECIMAL}))?")
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity|∞)", re.IGNORECASE)
_WRAPPER = re.compile(r"(?:\w+\.)*(?:array|tensor|matrix)")
_KEYWORD = re.compile(r"[a-z_]+")
_MINUS = str.maketrans(
    {**dict.fromkeys("−–—﹣－", "-"), "⁄": "/", "∕": "/", "\u00a0": " ", "\u202f": " ", "\r": "\n"}
)
_BRACKETS = str.maketrans("(){}", "[][]")


def parse_kernel(text: str) -> NDArray[np.float32]:
    """The kernel that a text describes, float32 (kh, kw), or (kh, kw, 3) for three blocks joined with |.

    Parameters
    ----------
    text : str
        What was typed or pasted.

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
    "1 0 -1; 2 0 -2; 1 0 -1". Also understood: a block copied from a spreadsheet (tabs), lists as NumPy and
    Python print them, fractions (1/9), the typographic minus (−), and the decimal comma where tabs, or
    semicolons within several lines, separate the numbers. On one line without tabs a comma separates numbers.

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
    parts = text.translate(_MINUS).replace("\n\n", "\n").split("|")
    if len(parts) not in {1, _CHANNELS}:
        raise ValueError(
            f"A kernel is one block, or three joined with | (red, green, blue), not {len(parts)}."
        )
    blocks = [_parse_block(part) for part in parts]
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
        return "|".join(format_kernel(array[..., channel]) for channel in range(array.shape[2]))
    return ";".join(",".join(format_number(value) for value in row) for row in array.tolist())


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


def _parse_block(text: str) -> NDArray[np.float32]:
    rows = _rows(text.strip())
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
        [_number(cell, i, j) for j, cell in enumerate(row, start=1)] for i, row in enumerate(rows, start=1)
    ]
    return np.array(values, dtype=np.float32)


def _rows(text: str) -> list[list[str]]:
    """The cells of each row, as text."""
    text = "/".join(part.strip(" ") for part in text.split("/"))
    if any(mark in text for mark in "[({"):
        return _rows_in_brackets(text)
    return _rows_in_lines(text)


def _rows_in_brackets(text: str) -> list[list[str]]:
    text = _unwrapped(text).translate(_BRACKETS)
    rows = re.findall(r"\[([^\[\]]*)\]", text)
    frame = re.sub(r"[,;\s]", "", re.sub(r"\[[^\[\]]*\]", "", text))
    if frame.startswith("[[") and frame.endswith("]]"):
        raise ValueError("The lists are nested too deeply; join three two-dimensional blocks with | instead.")
    if frame not in {"", "[]"}:
        raise ValueError("The brackets in this text do not enclose rows of numbers.")
    if len(rows) == 1 and not frame:
        return _rows_in_lines(rows[0])
    # NumPy breaks long rows over several lines, so within a row a line break is only a space.
    return [_cells(row.replace("\n", " "), index) for index, row in enumerate(rows, start=1) if row.strip()]


def _unwrapped(text: str) -> str:
    """The argument of a call array(…), tensor(…) or matrix(…), without a keyword argument at its end."""
    name, _, inside = text.rstrip(";").partition("(")
    if not (inside.endswith(")") and _WRAPPER.fullmatch(name.rstrip())):
        return text
    inside = inside[:-1].strip()
    front, comma, last = inside.rpartition(",")
    keyword, equals, value = last.partition("=")
    is_keyword = comma and equals and value and _KEYWORD.fullmatch(keyword.strip())
    return front if is_keyword and not any(mark in value for mark in "[]=") else inside


def _rows_in_lines(text: str) -> list[list[str]]:
    lines = [line.strip(" ").rstrip("; ") for line in text.split("\n")]
    lines = [line for line in lines if line.strip()]
    if "\t" in text:
        rows = [part for line in lines for part in line.split(";") if part.strip()]
        return [[cell.strip().replace(",", ".") for cell in row.split("\t")] for row in rows]
    if len(lines) > 1 and any(";" in line for line in lines) and _looks_like_decimal_commas(lines):
        return [[cell.strip().replace(",", ".") for cell in line.split(";")] for line in lines]
    rows = [part.strip() for line in lines for part in line.split(";") if part.strip()]
    return [_cells(row, row_number) for row_number, row in enumerate(rows, start=1)]


def _looks_like_decimal_commas(lines: list[str]) -> bool:
    """True where every piece between semicolons is one number, as in a table saved with semicolons."""
    pieces = [piece.strip() for line in lines for piece in line.split(";")]
    return all(_NUMBER.fullmatch(piece.replace(",", ".", 1)) for piece in pieces)


def _cells(row: str, row_number: int) -> list[str]:
    pieces = [piece.strip() for piece in row.strip().removesuffix(",").strip().split(",")]
    if "" in pieces and len(pieces) > 1:
        raise ValueError(f"Row {row_number} has two commas with no number between them.")
    return [cell for piece in pieces for cell in piece.split()]


def _number(cell: str, row: int, column: int) -> float:
    quoted = repr(cell[:20] + "…" if len(cell) > 20 else cell)
    where = f"in row {row}, column {column}"
    if not cell:
        raise ValueError(f"The cell {where} is empty.")
    if len(cell) > _LONGEST_CELL:
        raise ValueError(f"{quoted} {where} has {len(cell)} characters, which is too long for a number.")
    if _NOT_FINITE.fullmatch(cell):
        raise ValueError(f"A kernel needs finite numbers, but there is {quoted} {where}.")
    match = _NUMBER.fullmatch(cell)
    if not match:
        raise ValueError(f"{quoted} {where} is not a number.")
    below = float(match.group(2)) if match.group(2) else 1.0
    if below == 0:
        raise ValueError(f"{quoted} {where} divides by 0.")
    value = float(match.group(1)) / below
    if not abs(value) < _TOO_LARGE:
        raise ValueError(f"{quoted} {where} is too large for a 32-bit number.")
    return value
