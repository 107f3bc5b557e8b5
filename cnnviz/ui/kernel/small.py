"""The kernels of the page "Step by step": sets to choose from, or the visitor's own, kept in the link."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.core.kernels.library import KERNELS
from cnnviz.core.kernels.text import format_kernel, parse_kernel
from cnnviz.ui.kernel.titles import OLD_NAMES
from cnnviz.ui.kit.controls import Choice
from cnnviz.ui.kit.link import Linked
from cnnviz.ui.kit.own import OWN, NamedOrOwn, checked

LARGEST = 7
MOST_MAPS = 4
BETWEEN = "~"  # between the kernels of a set; a kernel's own text has no such sign
Kernels = NDArray[np.float32]


def kernels_text(kernels: Kernels) -> str:
    """The kernels (N, kh, kw, C) as text for the link."""
    return BETWEEN.join(format_kernel(one[:, :, 0] if one.shape[2] == 1 else one) for one in kernels)


def read_kernels(text: str, channels: int, maps: int | None = None) -> Kernels:
    """The inverse of `kernels_text`. One slice where three are needed stands for three equal ones.

    :raises ValueError: for text that has no kernel, kernels of different sizes, larger than 7×7, or too many.
    """
    parts = text.split(BETWEEN)
    if len(parts) > MOST_MAPS:
        raise ValueError(f"Up to {MOST_MAPS} kernels, not {len(parts)}.")
    found = [parse_kernel(part, short=True) for part in parts]
    found = [one[:, :, None] if one.ndim == 2 else one for one in found]
    found = [np.repeat(one, channels, axis=2) if one.shape[2] == 1 else one for one in found]
    if any(one.shape != (*found[0].shape[:2], channels) for one in found):
        raise ValueError("All kernels of a set have the same size.")
    if max(found[0].shape[:2]) > LARGEST or len(found) > MOST_MAPS or maps not in {None, len(found)}:
        raise ValueError(f"Up to {MOST_MAPS} kernels of up to {LARGEST}×{LARGEST} cells.")
    return np.stack(found)


class KernelFamily(NamedOrOwn[Kernels]):
    """The kernels of some modes, (N, kh, kw, C). sets: id → (title, kernels)."""

    def __init__(
        self,
        suffix: str,
        label: str,
        channels: int,
        maps: int | None,
        sets: Mapping[str, tuple[str, Kernels]],
        default: str,
        aliases: Mapping[str, str] | None = None,
    ) -> None:
        def read(text: str) -> Kernels:
            return read_kernels(text, channels, maps)

        titles = {name: title for name, (title, _) in sets.items()} | {OWN: "your own"}
        menu = Choice(f"s_kernel{suffix}", label, titles, default, kind="select", aliases=aliases or {})
        first = kernels_text(sets[default][1])
        own = Linked(f"s_own{suffix}", first, checked(read), str)
        super().__init__(menu, own, lambda name: sets[name][1], read)
        self.menu = menu

    @property
    def title(self) -> str:
        """Of the kernels in use."""
        return self.menu.options[self.menu.get()]


def _stack(*kernels: ArrayLike) -> Kernels:
    """Kernels written as [channel][row][column] → (N, kh, kw, C)."""
    return np.stack([np.moveaxis(np.asarray(one, np.float32), 0, -1) for one in kernels])


def _library() -> dict[str, tuple[str, Kernels]]:
    return {
        kernel.id: (kernel.title, kernel.weights[None, :, :, None])
        for kernel in KERNELS.values()
        if max(kernel.weights.shape) <= LARGEST
    }


_VERTICAL = [[1, 0, -1], [1, 0, -1], [1, 0, -1]]
_HORIZONTAL = [[1, 1, 1], [0, 0, 0], [-1, -1, -1]]
_DOT = [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
_EMPTY = [[0, 0, 0], [0, 0, 0], [0, 0, 0]]
_CROSS = [[0, 1, 0], [1, 1, 1], [0, 1, 0]]
_MINUS_DOT = [[0, 0, 0], [0, -1, 0], [0, 0, 0]]
_SHARP = [[0, -1, 0], [-1, 4, -1], [0, -1, 0]]

_RGB = {
    "three": ("three different slices", _stack([_VERTICAL, _CROSS, _HORIZONTAL])),
    "same": ("one slice three times", _stack([_VERTICAL, _VERTICAL, _VERTICAL])),
    "opponent": ("red minus green", _stack([_DOT, _MINUS_DOT, _EMPTY])),
    "red": ("red only", _stack([_DOT, _EMPTY, _EMPTY])),
}
_SETS = {
    "two": ("two kernels", _stack([_VERTICAL, _CROSS, _HORIZONTAL], [_DOT, _MINUS_DOT, _SHARP])),
    "edges": ("vertical and horizontal edges", _stack([_VERTICAL] * 3, [_HORIZONTAL] * 3)),
    "four": (
        "four kernels",
        _stack([_VERTICAL] * 3, [_HORIZONTAL] * 3, [_DOT, _MINUS_DOT, _EMPTY], [_SHARP] * 3),
    ),
}
_HEART = ["01010", "11111", "11111", "01110", "00100"]
_RING = ["01110", "10001", "10001", "10001", "01110"]
_LETTER = ["00100", "01010", "01110", "10001", "10001"]


def _pattern(rows: list[str]) -> Kernels:
    return _stack([[[int(c) for c in row] for row in rows]])


_STAMPS = {
    "heart": ("heart", _pattern(_HEART)),
    "ring": ("ring", _pattern(_RING)),
    "letter_a": ("letter A", _pattern(_LETTER)),
    "cross": ("cross", _stack([_CROSS])),
    "blob": ("soft dot", KERNELS["binomial_3"].weights[None, :, :, None]),
}

PLAIN = KernelFamily("", "Kernel", 1, 1, _library(), "sobel_right", OLD_NAMES)
RGB = KernelFamily("_rgb", "3-D kernel", 3, 1, _RGB, "three")
MANY = KernelFamily("_maps", "Kernels", 3, None, _SETS, "two", {"upright and level edges": "edges"})
STAMP = KernelFamily("_stamp", "Stamp", 1, 1, _STAMPS, "heart")
FAMILIES = (PLAIN, RGB, MANY, STAMP)
