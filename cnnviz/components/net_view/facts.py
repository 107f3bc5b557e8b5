"""What is said of a layer in words and numbers: under the drawing, and in the table."""

from __future__ import annotations

from math import prod

from cnnviz.components.net_view.nodes import Node, Window
from cnnviz.core.networks.layers import (
    Conv,
    Dense,
    Dropout,
    Flatten,
    GlobalAvgPool,
    GlobalMaxPool,
    ReceptiveField,
    Residual,
    Shape,
)

__all__ = ["Fact", "bytes_text", "facts_of", "pair_text", "shape_words", "share_text"]

Fact = tuple[str, str]


def shape_words(shape: Shape | None) -> str:
    """“8×28×28” for maps, “1,000” for a flat vector, “–” for none."""
    return "–" if shape is None else "×".join(f"{n:,}" for n in shape)


def pair_text(pair: tuple[int, int]) -> str:
    """“3×5”."""
    return f"{pair[0]:,}×{pair[1]:,}"


def share_text(part: int, whole: int) -> str:
    """A share in percent, never rounded to nothing or to all."""
    if not part:
        return "–"
    percent = 100 * part / whole
    if percent < 0.1:
        return "< 0.1 %"
    if part < whole and percent > 99.9:
        return "> 99.9 %"
    return f"{percent:.0f} %" if part == whole else f"{percent:.1f} %"


def bytes_text(count: int) -> str:
    """“3.1 kB”, in powers of 1,000."""
    if count < 1000:
        return f"{count} B"
    size, unit = count / 1000, "kB"
    for larger in ("MB", "GB", "TB"):
        if size < 999.95:
            break
        size, unit = size / 1000, larger
    return f"{size:.1f} {unit}"


def facts_of(node: Node, total: int) -> list[Fact]:
    """(name, text) of each fact about a layer; `total` are the weights of the whole network."""
    if node.output is None or node.input is None:
        return []
    facts = [("Output", _output(node))]
    if node.parameters:
        share = share_text(node.parameters, total)
        facts.append(("Weights", f"{node.formula} = {node.parameters:,}, {share} of all"))
    facts += [("Multiply-adds", text)] if (text := _multiply_adds(node)) else []
    facts += [("One unit sees", field_text(node.seen, node.output))] if node.seen else []
    return facts


def field_text(seen: ReceptiveField, output: Shape) -> str:
    """The receptive field in pixels; the jump where units have places."""
    size = f"{pair_text(seen.size)} pixels"
    if len(output) == 1 or prod(output[1:]) == 1:
        return size
    down, across = seen.jump
    return f"{size}, jump {f'{down:,}' if down == across else pair_text(seen.jump)}"


def _output(node: Node) -> str:
    """The shape, and the arithmetic that gives it."""
    shape, output, layer = node.input or (), node.output or (), node.layer
    said = shape_words(output)
    if node.window and len(shape) == 3:
        rows, cols = (_size(shape[axis + 1], output[axis + 1], node.window, axis) for axis in (0, 1))
        said += f": {rows}" if rows == cols else f": {rows} and {cols}"
    elif isinstance(layer, Flatten) and len(shape) == 3:
        said = f"{shape_words(shape)} written one after another: {said} numbers"
    elif isinstance(layer, GlobalAvgPool | GlobalMaxPool):
        said += f" numbers, one for each map of {shape_words(shape[1:])}"
    elif isinstance(layer, Dense):
        said += f" number{'' if output[0] == 1 else 's'}, each from all {shape[0]:,} before"
    elif isinstance(layer, Dropout):
        said += f", as before; while training, each number becomes 0 with probability {layer.p:g}"
    elif isinstance(layer, Residual):
        what = "the 1×1 projection of the block's input" if node.projection else "the block's input"
        said += f": what the block computes plus {what}"
    else:
        said += ", as before"
    return said


def _size(n: int, output: int, window: Window, axis: int) -> str:
    """⌊(n + before + after − span) / stride⌋ + 1 with the numbers in it."""
    before, after = window.before[axis], window.after[axis]
    reach = window.dilation[axis] * (window.kernel[axis] - 1) + 1
    pads = f" + {before} + {after}" if before or after else ""
    room, stride = n + before + after - reach, window.stride[axis]
    quotient = f"({n}{pads} − {reach}) / {stride}"
    return f"⌊{quotient}⌋ + 1 = {output}" if room % stride else f"{quotient} + 1 = {output}"


def _multiply_adds(node: Node) -> str:
    """Places times weights; a dense layer has one place."""
    if not node.multiply_adds:
        return ""
    layer = node.projection or node.layer
    if isinstance(layer, Conv) and node.output:
        places = prod(node.output[1:])
        each = node.multiply_adds // places
        said = "1 place" if places == 1 else f"{pair_text((node.output[1], node.output[2]))} places"
        return f"{said} × {each:,} = {node.multiply_adds:,}"
    return f"{node.multiply_adds:,}, each weight once"
