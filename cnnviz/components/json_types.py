"""Types that several views' data have in common: JSON's lists of a fixed length, and kernels.

JSON has no tuples: Python sends lists, and the note says how long they are to TypeScript (tools/js_types.py).
"""

from __future__ import annotations

from typing import Annotated, TypedDict

__all__ = ["FloatPair", "IntPair", "IntTriple", "SlicesJson"]

IntPair = Annotated[list[int], "[number, number]"]
IntTriple = Annotated[list[int], "[number, number, number]"]
FloatPair = Annotated[list[float], "[number, number]"]


class SlicesJson(TypedDict):
    """A kernel: for each channel its rows × cols weights, row by row."""

    rows: int
    cols: int
    slices: list[list[float]]
