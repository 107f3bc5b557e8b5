"""Rows of a pasted kernel, from a text without brackets: what a comma means. Twin: pasted_rows.js."""

from __future__ import annotations

import re

Rows = list[list[str]]
DIGITS = r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
NUMBER = re.compile(rf"([+-]?{DIGITS})(?:/([+-]?{DIGITS}))?")
_COMMA_NUMBER = re.compile(r"[+-]?[0-9]*,[0-9]+(?:[eE][+-]?[0-9]+)?")
COMMA_TOKEN = re.compile(r"[+-]?[0-9]+,[0-9]+(?:[eE][+-]?[0-9]+)?")
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?: [0-9]{3}){1,9}(?:[.,][0-9]*)?")


def _rows_of(text: str) -> list[str]:
    """What stands between line breaks and semicolons."""
    pieces = [piece.strip(" ") for line in text.split("\n") for piece in line.split(";")]
    return [piece for piece in pieces if piece.strip(" \t")]


def lines_in_brackets(text: str) -> Rows:
    """As in MATLAB, where a comma separates, and in LaTeX, where & does."""
    if "&" in text:
        return _decimal_cells([row.split("&") for row in _rows_of(text)])
    rows = _rows_of(text.replace("\t", " "))
    return [separated(row, index) for index, row in enumerate(rows, start=1)]


def lines(text: str, *, short: bool) -> Rows:
    for mark in "&\t":
        if mark in text:
            return _decimal_cells([row.split(mark) for row in _rows_of(text)])
    kept = [line.strip(" ").rstrip("; ") for line in text.split("\n")]
    cells = [[cell.strip(" ") for cell in line.split(";")] for line in kept if line]
    if len(cells) > 1 and max(map(len, cells)) > 1 and all(_is_number(cell) for row in cells for cell in row):
        return _decimal_cells(cells)  # a table saved with semicolons
    rows = _rows_of(text)
    return [separated(row, at) for at, row in enumerate(rows, start=1)] if short else _open_rows(rows)


def _is_number(cell: str) -> bool:
    cell = _grouped(cell)
    return bool(NUMBER.fullmatch(cell) or _COMMA_NUMBER.fullmatch(cell))


def _grouped(cell: str) -> str:
    """A cell of a table without the spaces that group its thousands, or follow its sign."""
    cell = re.sub(r"^([+-]) +", r"\1", cell.replace("\u202f", " ").strip(" "))
    return cell.replace(" ", "") if len(cell) < 50 and _GROUPED.fullmatch(cell) else cell


def _decimal_cells(table: Rows) -> Rows:
    """The cells of a table whose columns are marked, so that a comma can only be a decimal comma."""
    table = [[_grouped(cell) for cell in row] for row in table]
    commas = [cell for row in table for cell in row if _COMMA_NUMBER.fullmatch(cell)]
    if not commas:
        return table
    if all(_THOUSANDS.fullmatch(cell) for cell in commas):
        raise ValueError(
            f"'{commas[0]}' may be a thousand or a decimal comma: write it with a point, or without."
        )
    point = next((cell for row in table for cell in row if "." in cell and NUMBER.fullmatch(cell)), "")
    if point:
        raise ValueError(
            f"'{point[:20]}' has a decimal point and '{commas[0][:20]}' a decimal comma: use one of them."
        )
    pointed = {cell: cell.replace(",", ".") for cell in commas}
    return [[pointed.get(cell, cell) for cell in row] for row in table]


def _open_rows(rows: list[str]) -> Rows:
    """Rows that nothing else tells of whether their commas are decimal commas."""
    tokens = [re.split("[ \t]+", row) for row in rows]
    commas = [token for row in tokens for token in row if "," in token]
    if not commas or not all(COMMA_TOKEN.fullmatch(token) for token in commas):
        return [separated(row, index) for index, row in enumerate(rows, start=1)]
    if all(len(row) == 1 for row in tokens):
        raise ValueError(
            f"'{commas[0][:20]}' may be one number with a decimal comma, or two numbers: "
            "write a decimal point, or a space between the numbers."
        )
    return _decimal_cells(tokens)


def separated(row: str, number: int) -> list[str]:
    """The numbers of a row between commas, or between spaces."""
    if "\u202f" in row:
        raise ValueError(
            f"Row {number} has a narrow space between digits, within a number or between two: remove it."
        )
    row = row.strip(" \t").removesuffix(",")
    pieces = [piece.strip(" \t") for piece in row.split(",")]
    if len(pieces) == 1:
        return [cell for cell in re.split("[ \t]+", pieces[0]) if cell]
    if "" in pieces:
        raise ValueError(f"Row {number} has two commas with no number between them.")
    if any(" " in piece or "\t" in piece for piece in pieces):
        raise ValueError(
            f"Row {number} has commas between some numbers and only spaces between others: use one of them."
        )
    return pieces
