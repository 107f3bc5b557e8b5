"""Window sizes and paddings that a pool takes, for Hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

Pair = tuple[int, int]


def pairs(largest: int) -> st.SearchStrategy[Pair]:
    return st.tuples(st.integers(1, largest), st.integers(1, largest))


@st.composite
def padded_windows(draw: st.DrawFn, largest: int) -> tuple[Pair, Pair]:
    """A window's size, and a padding of at most half of it."""
    rows, columns = draw(pairs(largest))
    return (rows, columns), (draw(st.integers(0, rows // 2)), draw(st.integers(0, columns // 2)))
