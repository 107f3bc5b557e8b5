"""The grammar of pasted kernels: from a text to the cells of its rows. Its twin: shared/text/pasted.js.

Both pass the same table of texts (tests/data/pasted_kernels.json). A comma is a decimal comma or a separator;
where the text leaves that open, it is refused. Every pattern is linear, or looks at a bounded piece.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from cnnviz.core.kernels.pasted_rows import DIGITS, Rows, lines, lines_in_brackets, separated

_SHORTENED = "The text is shortened (…): some of its numbers are missing."
_NO_ROWS = "The brackets in this text do not enclose rows of numbers."
_TOO_DEEP = "The lists are nested too deeply; join three two-dimensional blocks with | instead."
_DEEPEST = 6
_ORDERS = {"# (channels, height, width)": "first", "# (height, width, channels)": "last"}  # as we export it

_SCALE = rf"\( *([+-]?{DIGITS}(?:/{DIGITS})?) *\)|([+-]?{DIGITS}(?:/{DIGITS})?)"
_HEAD = re.compile(rf"(?:{_SCALE})[ \t]*(\*?)[ \t]*(?=([\[({{A-Za-z\n]))")
_TAIL = re.compile(rf"[\])}}][ \t]*(?:\*[ \t]*(?:{_SCALE})|/[ \t]*({DIGITS})|/[ \t]*\( *({DIGITS}) *\))$")
_ASSIGNED = re.compile(r"[A-Za-z_][A-Za-z0-9_ .:{}\[\]\\]{0,80}=(?!=)")
_WRAPPER = re.compile(r"(?:[A-Za-z0-9_]+\.)*(?:array|asarray|(?:as_)?tensor|(?:Float)?Tensor|[mM]atrix)")
_FILLED = re.compile(r"(?:[A-Za-z0-9_]+\.)*(full|ones|zeros)")
_SIZES = re.compile(r"\(?((?:[0-9]{1,3},){1,2}[0-9]{1,3}),?\)?(?:,([^,()]{1,60}))?")
_KEYWORD = re.compile(r"[a-z_]{1,30} *= *[A-Za-z0-9_.:'\"<> ]{1,60}")


class Block(NamedTuple):
    """The cells of one block, as text, and the number that all are multiplied with, as (above, below)."""

    rows: Rows
    scale: tuple[float, float] = (1.0, 1.0)


def blocks_of(text: str, *, short: bool = False) -> list[Block]:
    """The one or three blocks of a text with plain signs; `short`: format_kernel wrote it, no decimal comma.

    :raises ValueError: one sentence.
    """
    if "..." in text:
        raise ValueError(_SHORTENED)
    parts = text.split("|")
    if len(parts) > 1:
        return [part for piece in parts for part in _block(piece, short=True)]
    return _block(text, short=short)


def _block(text: str, *, short: bool) -> list[Block]:
    order = next((order for note, order in _ORDERS.items() if note in text), None)
    text = re.sub("#[^\n]*", "", text).strip(" \t\n").rstrip("; \t\n")
    text = text.removeprefix("Parameter containing:").lstrip(" \n")
    if assigned := _ASSIGNED.match(text):
        text = text[assigned.end() :].strip(" \n")
    text, scale = _scaled(_without_index(text))
    text, filled, is_torch = _argument(text)
    if filled:
        return [Block(rows, scale) for rows in filled]
    text = "/".join(part.strip(" ") for part in text.split("/"))
    if any(mark in text for mark in "[({"):
        return [Block(rows, scale) for rows in _bracketed(text, "first" if is_torch else order)]
    return [Block(lines(text, short=short), scale)]


def _without_index(text: str) -> str:
    """Without an index that adds an axis, as in [:, :, None]."""
    start = text.rfind("[")
    inside = text[start + 1 : -1]
    adds = ("None" in inside or ":" in inside) and not inside.strip(":, None.")
    return text[:start].rstrip(" ") if text.endswith("]") and start > 0 and adds else text


def _fraction(text: str) -> tuple[float, float]:
    above, _, below = text.partition("/")
    pair = float(above), float(below or 1)
    if pair[1] == 0:
        raise ValueError(f"'{text}' divides by 0.")
    return pair


def _scaled(text: str) -> tuple[str, tuple[float, float]]:
    """The text without a factor before or behind its brackets, and the factor."""
    head = _HEAD.match(text[:300])
    # Without a star a fraction alone is a factor: 2 [1 0] may be a row that lost its bracket.
    if head and (head[3] or (head[2] and "/" in head[2] and head[4] != "\n")):
        return text[head.end() :].strip(" \n"), _fraction(head[1] or head[2])
    end = text[-300:]
    tail = _TAIL.search(end)
    if not tail:
        return text, (1.0, 1.0)
    rest = text[: len(text) - len(end) + tail.start() + 1]
    if not _is_one_piece(rest):
        raise ValueError(_NO_ROWS)
    if factor := tail[1] or tail[2]:
        return rest, _fraction(factor)
    return rest, _fraction(f"1/{tail[3] or tail[4]}")


def _is_one_piece(text: str) -> bool:
    """Whether the first bracket closes at the end."""
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign in "[({") - (sign in "])}")
        if depth == 0 and sign in "])}":
            return at == len(text) - 1
    return False


def _argument(text: str) -> tuple[str, list[Rows], bool]:
    """What stands in a call such as array(…), the blocks of full(…) and its kin; whether it is PyTorch's."""
    name, _, inside = text.partition("(")
    name = name.strip(" ")
    if not inside.endswith(")") or len(name) > 60:
        return text, [], False
    inside = inside[:-1].strip(" \t\n").removesuffix(",")
    is_filled = _FILLED.fullmatch(name)
    if not is_filled and not _WRAPPER.fullmatch(name):
        return text, [], False
    for _ in range(6):
        front, comma, last = inside.rpartition(",")
        if not comma or not _KEYWORD.fullmatch(last.strip(" \t\n")):
            break
        inside = front.rstrip(" \t\n,")
    filled = _filled(is_filled[1], inside) if is_filled else []
    return inside, filled, name.lower().endswith("tensor")


def _filled(name: str, inside: str) -> list[Rows]:
    found = _SIZES.fullmatch(re.sub("[ \t\n]", "", inside))
    if not found or (name == "full") != bool(found[2]):
        raise ValueError(f"The sizes in {name}(…) could not be read; write {name}((3, 3)) with both sizes.")
    sizes = [int(size) for size in found[1].split(",")]
    if min(sizes) < 1 or max(sizes) > 99 or (len(sizes) == 3 and sizes[0] not in {1, 3}):
        raise ValueError(f"There is no kernel with these sizes: {found[1]}.")
    cell = found[2] if name == "full" else {"ones": "1", "zeros": "0"}[name]
    block = [[cell] * sizes[-1]] * sizes[-2]
    return [block] * (sizes[0] if len(sizes) == 3 else 1)


# ---- brackets ------------------------------------------------------------------------------------------


class _List(list["_List | str"]):
    """A bracket: the brackets in it, or one text."""


def _tree(text: str) -> _List:
    """The brackets of the text; between them stand commas, semicolons and spaces alone."""
    top = _List()
    stack = [top]
    for piece in re.findall(r"[\[({]|[\])}]|[^\[\](){}]+", text):
        if piece in "[({":
            if len(stack) > _DEEPEST:
                raise ValueError(_TOO_DEEP)
            inner = _List()
            stack[-1].append(inner)
            stack.append(inner)
        elif piece in "])}":
            stack.pop()
            if not stack:
                raise ValueError(_NO_ROWS)
        elif piece.strip(",; \t\n") or (len(stack) > 1 and not stack[-1]):
            stack[-1].append(piece)
    if len(stack) != 1:
        raise ValueError(_NO_ROWS)
    return top


def _depth(node: _List) -> int:
    """How deep a bracket is; all in it are equally deep. An empty one, or one with a text, is 1 deep."""
    lists = [one for one in node if isinstance(one, _List)]
    if not lists:
        if len(node) > 1:
            raise ValueError(_NO_ROWS)
        return 1
    texts = [one for one in node if isinstance(one, str) and one.strip(",; \t\n")]
    depths = {_depth(one) for one in lists}
    if texts or len(depths) != 1:
        raise ValueError(_NO_ROWS)
    return 1 + depths.pop()


def _bracketed(text: str, order: str | None) -> list[Rows]:
    top = _tree(text)
    depth = _depth(top) - 1  # the text itself is no bracket
    children, is_grid = _lists(top), depth < 3 or order != "last"
    while depth > 1 and len(children) == 1 and (depth > 2 or _is_table(children[0])):
        children, depth = _lists(children[0]), depth - 1
    if depth == 1:
        return [lines_in_brackets(_text(children[0])) if len(children) == 1 else _leaf_rows(children)]
    if depth > 2:
        raise ValueError(_TOO_DEEP)
    tables = [_leaf_rows(_lists(child)) for child in children]
    return tables if len(tables) == 1 and is_grid else _slices(tables, order)


def _lists(node: _List) -> list[_List]:
    return [one for one in node if isinstance(one, _List)]


def _text(leaf: _List) -> str:
    return str(leaf[0]) if leaf else ""


def _is_table(node: _List) -> bool:
    """One bracket within another whose text has rows of its own, as in LaTeX's brackets round an array."""
    inner = _lists(node)
    return len(inner) == 1 and not _lists(inner[0]) and any(mark in _text(inner[0]) for mark in "&;")


def _leaf_rows(leaves: Sequence[_List]) -> Rows:
    # NumPy breaks long rows over several lines, so within a row a line break is only a space.
    texts = [re.sub(r"[\t\n]", " ", _text(leaf)).strip(" ") for leaf in leaves]
    if len(texts) > 1 and any(";" in text for text in texts):
        raise ValueError(_NO_ROWS)
    return [separated(text, index) for index, text in enumerate(texts, start=1) if text]


def _slices(tables: list[Rows], order: str | None) -> list[Rows]:
    """Three blocks from (3, kh, kw), or from (kh, kw, 3); `order`: which, where the text says so."""
    is_table = {len(row) for rows in tables for row in rows} == {3} and len(
        {len(rows) for rows in tables}
    ) == 1
    first, last = len(tables) == 3 and order != "last", is_table and order != "first"
    if first and last and order is None:
        sizes = f"3×{len(tables[0])}×3"
        raise ValueError(
            f"Either the first or the last size of {sizes} may be the colours: join three blocks with |."
        )
    if first:
        return tables
    if last:
        return [[[cell[channel] for cell in rows] for rows in tables] for channel in range(3)]
    raise ValueError(_TOO_DEEP)
