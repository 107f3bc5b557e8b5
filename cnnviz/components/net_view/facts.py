"""The facts about a layer in words and numbers, under the drawing and in the table."""

from __future__ import annotations

from math import prod

from cnnviz.components.net_view.nodes import Node
from cnnviz.core.networks.layers import ReceptiveField, Shape
from cnnviz.core.networks.layers.explain import dimensions_text

__all__ = ["Fact", "bytes_text", "facts_of", "pair_text", "shape_words", "share_text"]

Fact = tuple[str, str]


def shape_words(shape: Shape | None) -> str:
    """“8×28×28” for maps, “1,000” for a flat vector, “–” for none."""
    return "–" if shape is None else dimensions_text(shape)


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
    """The shape, and where it comes from."""
    return node.layer.output_text(node.input or (), node.output or ())


def _multiply_adds(node: Node) -> str:
    """Places times weights; a dense layer has one place."""
    if not node.multiply_adds:
        return ""
    if node.output and len(node.output) == 3:
        places = prod(node.output[1:])
        each = node.multiply_adds // places
        places_text = "1 place" if places == 1 else f"{pair_text((node.output[1], node.output[2]))} places"
        return f"{places_text} × {each:,} = {node.multiply_adds:,}"
    return f"{node.multiply_adds:,}, each weight once"
