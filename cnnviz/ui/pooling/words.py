"""Sentences and formulas of the page "Pooling", without widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnnviz.core.pooling.shapes import Fit, Window, fit, pyramid_shapes

if TYPE_CHECKING:
    from cnnviz.ui.pooling.stages import Shown

Pair = tuple[int, int]
HANGS = {
    "max": "takes the largest of the cells there are",
    "average": "is the mean of the cells there are, padding included",
    "l2": "is scaled up to a full window, as in PyTorch",
}


def size_formula(n: int, window: Window, axis: int) -> str:
    """LaTeX of one axis, without dollar signs: ⌊(n + 2p − k) / s⌋ + 1, or ⌈ ⌉ in ceil mode; 1 less where the
    last window would begin in the padding after the map. ValueError where there is no output."""
    size, stride, padding = window.size[axis], window.stride[axis], window.padding[axis]
    outputs = fit(n, window, axis).outputs
    left, right = (r"\lceil", r"\rceil") if window.ceil_mode else (r"\lfloor", r"\rfloor")
    room = n + 2 * padding - size
    plain = (-(-room // stride) if window.ceil_mode else room // stride) + 1
    less = " - 1" if plain > outputs else ""
    return rf"{left} ({n} + 2 \cdot {padding} - {size}) \,/\, {stride} {right} + 1{less} = {outputs}"


def shapes(maps: int, shape: Pair, window: Window, times: int) -> str:
    """“8 maps → 8 maps: (8, 300, 451) → (8, 150, 225).”"""
    count = f"{maps} map{'s' if maps > 1 else ''}"
    chain = " → ".join(f"({maps}, {h}, {w})" for h, w in pyramid_shapes(shape, window, times))
    return f"{count} → {count}: {chain}. Each map is pooled by itself, so the number of maps stays."


def _cells(rows: int, cols: int) -> str:
    parts = [f"{n} {name}{'s' if n > 1 else ''}" for n, name in ((rows, "row"), (cols, "column")) if n]
    return " and ".join(parts)


def leftover(shown: Shown, window: Window) -> str:
    """What is dropped or hangs over, at each pool, with the numbers; empty where all fits."""
    said = []
    steps = pyramid_shapes(shown.shape, window, shown.times)
    for at, shape in enumerate(steps[: max(len(steps) - 1, 1)]):
        found = [fit(n, window, axis) for axis, n in enumerate(shape)]
        if text := _one(found):
            said.append(f"pool {at + 1}: {text}" if shown.times > 1 else text)
    if not said:
        return ""
    over = window.ceil_mode and any("hang" in text for text in said)
    tail = f" A window that hangs over {HANGS[shown.pool.mode]}." if over else ""
    return f"Half-fitting (hatched): {'; '.join(said)}.{tail}"


def _one(found: list[Fit]) -> str:
    rows, cols = found
    text = []
    if lost := _cells(rows.dropped, cols.dropped):
        text.append(f"the last {lost} fit into no window: dropped")
    if over := _cells(rows.over, cols.over):
        text.append(f"the last windows hang over the end by {over}")
    if unused := _cells(rows.unused_padding, cols.unused_padding):
        text.append(f"padding that no window reaches: {unused}")
    return ", ".join(text)


def reduction(kind: str, size: int, stride: int) -> str:
    """The name of a way of making a map smaller."""
    names = {"map": "map, stride 1", "max": f"max {size}×{size}", "average": f"average {size}×{size}"}
    return names.get(kind, f"stride {stride}" if kind == "stride" else f"blur, then stride {stride}")
