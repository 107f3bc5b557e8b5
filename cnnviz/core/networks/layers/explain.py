"""The arithmetic of a layer written out with its numbers, for tables and under the drawing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cnnviz.core.networks.layers.receptive_field import ReceptiveField
from cnnviz.core.networks.layers.settings import Pair, Shape

if TYPE_CHECKING:
    from cnnviz.core.networks.layers.windows import WindowLayer

__all__ = [
    "FieldFormulas",
    "both_axes",
    "dimensions_text",
    "number_text",
    "size_change",
    "window_formulas",
    "window_sizes",
]


@dataclass(frozen=True)
class FieldFormulas:
    """How each number of a receptive field follows from those of the layer before, as text."""

    output: str
    jump: str
    size: str
    start: str


def both_axes(rule: Callable[[int], str]) -> str:
    """The text for both axes, once where it is the same."""
    rows, columns = rule(0), rule(1)
    return rows if rows == columns else f"rows: {rows}; columns: {columns}"


def number_text(value: float) -> str:
    """“15.5”, “−3”."""
    return f"{value:g}".replace("-", "−")


def dimensions_text(shape: Shape) -> str:
    """“8×28×28” for maps, “1,000” for a flat vector."""
    return "×".join(f"{n:,}" for n in shape)


def size_change(before: ReceptiveField, after: ReceptiveField) -> str:
    """“3 → 8”: the size of the field before and after a layer."""
    return both_axes(lambda a: f"{before.size[a]} → {after.size[a]}")


def window_formulas(layer: WindowLayer, before: ReceptiveField, after: ReceptiveField) -> FieldFormulas:
    """The recurrences of `receptive_field` for a layer of windows."""
    span, steps, pads = layer.spans(), layer.steps, layer.pads()

    def output(axis: int) -> str:
        n, pad = before.output[axis], sum(pads[axis])
        left, right = _brackets(n + pad - span[axis], steps[axis], after.output[axis])
        return f"{left}({n} + {pad} − {span[axis]}) / {steps[axis]}{right} + 1"

    return FieldFormulas(
        both_axes(output),
        both_axes(lambda a: f"{before.jump[a]} · {steps[a]}"),
        both_axes(lambda a: f"{before.size[a]} + ({span[a]} − 1) · {before.jump[a]} = {after.size[a]}"),
        both_axes(
            lambda a: (
                f"{number_text(before.start[a])} + (({span[a]} − 1)/2 − {pads[a][0]}) · {before.jump[a]}"
            )
        ),
    )


def _brackets(room: int, stride: int, output: int) -> tuple[str, str]:
    """Rounding up only where it gives the output: even in ceil mode a last window that would begin beyond the
    cells is left out.
    """
    rounded_up = room % stride and -(-room // stride) + 1 == output
    return ("⌈", "⌉") if rounded_up else ("⌊", "⌋")


def window_sizes(layer: WindowLayer, cells: Pair, output: Pair) -> str:
    """⌊(n + before + after − span) / stride⌋ + 1 with the numbers, for both axes."""
    rows, columns = (_window_size(layer, cells[axis], output[axis], axis) for axis in (0, 1))
    return rows if rows == columns else f"{rows} and {columns}"


def _window_size(layer: WindowLayer, n: int, output: int, axis: int) -> str:
    (before, after), span = layer.pads()[axis], layer.spans()[axis]
    pads = f" + {before} + {after}" if before or after else ""
    room, stride = n + before + after - span, layer.steps[axis]
    quotient = f"({n}{pads} − {span}) / {stride}"
    left, right = _brackets(room, stride, output)
    return f"{left}{quotient}{right} + 1 = {output}" if room % stride else f"{quotient} + 1 = {output}"
