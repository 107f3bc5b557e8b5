"""A gallery of kernels, each shown as the current picture filtered with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypedDict

from cnnviz.components.base import view
from cnnviz.components.luts import ThemedLut, lut_text, themed_lut

LONGEST_SIDE = 104  # pixels of a tile's picture


class GalleryKernelJson(TypedDict):
    """One tile: a kernel row by row."""

    id: str
    title: str
    group: str
    rows: int
    cols: int
    weights: list[float]


class GalleryLuts(TypedDict):
    """For kernels whose weights add up to something else than 0, and to 0."""

    grey: str
    signed: ThemedLut


class KernelGalleryData(TypedDict):
    """The tiles; `side`: pixels of the longer side of the small picture that each of them filters."""

    digest: str
    kernels: list[GalleryKernelJson]
    chosen: str
    side: int
    luts: GalleryLuts


@dataclass(frozen=True)
class GalleryEntry:
    """One kernel to choose: `weights` row by row, rows × cols of them. Entries of a group stand together."""

    id: str
    title: str
    group: str
    rows: int
    cols: int
    weights: tuple[float, ...]

    def to_json(self) -> GalleryKernelJson:
        return {
            "id": self.id,
            "title": self.title,
            "group": self.group,
            "rows": self.rows,
            "cols": self.cols,
            "weights": [float(weight) for weight in self.weights],
        }


def gallery_data(digest: str, kernels: Sequence[GalleryEntry], chosen: str) -> KernelGalleryData:
    """What travels to the browser, all of it plain JSON.

    :raises ValueError: when an entry's weights are not rows × cols of them, or two entries share an id.
    """
    for entry in kernels:
        if len(entry.weights) != entry.rows * entry.cols:
            raise ValueError(
                f"{entry.title} has {len(entry.weights)} weights, not {entry.rows} × {entry.cols}."
            )
    if len({entry.id for entry in kernels}) < len(kernels):
        raise ValueError("Two kernels of the gallery have the same id.")
    return {
        "digest": digest,
        "kernels": [entry.to_json() for entry in kernels],
        "chosen": chosen,
        "side": LONGEST_SIDE,
        "luts": {"grey": lut_text("grey"), "signed": themed_lut(None)},
    }


def kernel_gallery(
    *,
    digest: str,
    kernels: Sequence[GalleryEntry],
    chosen: str,
    key: str,
    on_choose: Callable[[], None] | None = None,
) -> str | None:
    """Tiles to choose a kernel from; the id of the kernel that was just chosen, else None.

    Each tile filters a grey copy of the stored picture `digest`, at most LONGEST_SIDE pixels long, in the
    browser (padding: replicate). Where a kernel's weights add up to 0 the values are shown signed, through
    the theme's diverging map on the tile's own range, else clipped to 0–255 in grey. `chosen` is marked; an
    id that is not among `kernels` (a visitor's own kernel) marks none.
    """
    data = gallery_data(digest, kernels, chosen)
    result = view("kernel_gallery")(key=key, data=data, on_choose_change=on_choose or (lambda: None))
    return result.choose if isinstance(result.choose, str) else None
