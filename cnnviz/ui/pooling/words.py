"""Sentences and formulas of the page "Pooling", without widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnnviz.core.pooling.shapes import Window, WindowFit, pyramid_shapes, window_fit

if TYPE_CHECKING:
    from cnnviz.ui.pooling.stages import PoolingShown

Pair = tuple[int, int]
HANGING_WINDOW = {
    "max": "takes the largest of the cells that it covers",
    "average": "takes the mean of the cells that it covers, padding included",
    "l2": "is scaled up to a full window, as in PyTorch",
}


def size_formula(n: int, window: Window, axis: int) -> str:
    """LaTeX of one axis, without dollar signs: ⌊(n + 2p − k) / s⌋ + 1, or ⌈ ⌉ in ceil mode; 1 less where the
    last window would begin in the padding after the map. ValueError where there is no output."""
    size, stride, padding = window.size[axis], window.stride[axis], window.padding[axis]
    outputs = window_fit(n, window, axis).outputs
    left, right = (r"\lceil", r"\rceil") if window.ceil_mode else (r"\lfloor", r"\rfloor")
    room = n + 2 * padding - size
    plain = (-(-room // stride) if window.ceil_mode else room // stride) + 1
    less = " - 1" if plain > outputs else ""
    return rf"{left} ({n} + 2 \cdot {padding} - {size}) \,/\, {stride} {right} + 1{less} = {outputs}"


def shapes(maps: int, shape: Pair, window: Window, times: int) -> str:
    """What goes in and out, as in “8 maps → 8 maps: (8, 300, 451) → (8, 150, 225).”"""
    count = f"{maps} map{'s' if maps > 1 else ''}"
    chain = " → ".join(f"({maps}, {h}, {w})" for h, w in pyramid_shapes(shape, window, times))
    return f"{count} → {count}: {chain}. Each map is pooled by itself, so the number of maps stays."


def leftover(shown: PoolingShown, window: Window) -> str:
    """What is dropped or hangs over, at each pool, with the numbers; empty where every window is full."""
    sentences = []
    steps = pyramid_shapes(shown.shape, window, shown.times)
    for number, shape in enumerate(steps[: max(len(steps) - 1, 1)], 1):
        found = _leftover([window_fit(n, window, axis) for axis, n in enumerate(shape)])
        which = f"Pool {number}: " if shown.times > 1 else ""
        sentences += [which + sentence for sentence in found]
    if window.ceil_mode and any("beyond the end" in sentence for sentence in sentences):
        sentences.append(f"Such a window {HANGING_WINDOW[shown.pool.mode]}.")
    return " ".join(sentences)


def _leftover(found: list[WindowFit]) -> list[str]:
    """The sentences about one pool, from the fit of both axes."""
    rows, cols = found
    text = []
    if rows.dropped or cols.dropped:
        one = (rows.dropped, cols.dropped) in {(0, 1), (1, 0)}
        verb, rest = ("does", "is") if one else ("do", "are")
        text.append(
            f"Hatched: {_last(rows.dropped, cols.dropped)} {verb} not fill a window and {rest} dropped."
        )
    if rows.over or cols.over:
        text.append(f"The last windows reach {_cells(rows.over, cols.over)} beyond the end.")
    if rows.unused_padding or cols.unused_padding:
        text.append(f"No window reaches {_last(rows.unused_padding, cols.unused_padding)} of the padding.")
    return text


def _cells(rows: int, cols: int) -> str:
    """“2 rows and 1 column”."""
    parts = [f"{n} {name}{'s' if n > 1 else ''}" for n, name in ((rows, "row"), (cols, "column")) if n]
    return " and ".join(parts)


def _last(rows: int, cols: int) -> str:
    """“the last row and the last 2 columns”."""
    parts = [
        f"the last {name}" if n == 1 else f"the last {n} {name}s"
        for n, name in ((rows, "row"), (cols, "column"))
        if n
    ]
    return " and ".join(parts)


def reduction(kind: str, size: int, stride: int) -> str:
    """The name of a way of making a map smaller."""
    names = {"map": "map, stride 1", "max": f"max {size}×{size}", "average": f"average {size}×{size}"}
    return names.get(kind, f"stride {stride}" if kind == "stride" else f"blur, then stride {stride}")
