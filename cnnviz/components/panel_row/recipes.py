"""What the browser computes for a panel: small formulas over the stored picture, as plain data.

A :class:`Recipe` is a tree. Equal parts of the trees of one row are computed once, so Gx and Gy serve the
sum, the magnitude and the direction alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal, TypedDict, cast

import numpy as np
from numpy.typing import ArrayLike

from cnnviz.components.json_types import IntPair

Channels = Literal["grey", "each", "sum"]
Pair = tuple[int, int]


class RecipeJson(TypedDict):
    """One operation and what it works on; its options stand beside these."""

    op: str
    of: list[RecipeJson]


class PictureOptions(TypedDict):
    """Of "picture"."""

    channels: Literal["grey", "each"]


class ConvOptions(TypedDict):
    """Of "conv"; `sum`: the slices, one for each plane, are added up."""

    rows: int
    cols: int
    slices: list[list[float]]
    sum: bool
    padding: Annotated[str | list[int], '"valid" | "same" | [number, number]']
    mode: str
    stride: IntPair
    dilation: IntPair
    flip: bool


class PoolOptions(TypedDict):
    """Of the pools, and of "subsample": windows size × size, every `stride` cells."""

    size: int
    stride: int


@dataclass(frozen=True)
class Recipe:
    """One operation, what it works on, and its options: one of the TypedDicts above, or none."""

    op: str
    of: tuple[Recipe, ...] = ()
    options: Mapping[str, object] = field(default_factory=dict)

    def to_json(self) -> RecipeJson:
        """The tree as plain JSON: ``{"op", "of", …options}``."""
        own: RecipeJson = {"op": self.op, "of": [part.to_json() for part in self.of]}
        return cast("RecipeJson", {**own, **self.options})


@dataclass(frozen=True)
class ConvSettings:
    """How a kernel slides, as in `cnnviz.core.convolve2d`; `padding` is "valid", "same" or (py, px)."""

    channels: Channels = "grey"
    padding: Literal["valid", "same"] | Pair = "same"
    mode: str = "zeros"
    stride: Pair = (1, 1)
    dilation: Pair = (1, 1)
    flip: bool = False


def picture(channels: Channels = "grey") -> Recipe:
    """The stored picture: one plane of grey, or red, green and blue; values 0 … 255."""
    options: PictureOptions = {"channels": "grey" if channels == "grey" else "each"}
    return Recipe("picture", (), options)


def conv(of: Recipe, weights: ArrayLike, settings: ConvSettings | None = None) -> Recipe:
    """`of` through a kernel (kh, kw), or (kh, kw, 3) summed over three planes with channels "sum".

    :raises ValueError: when the weights are not finite or have another shape.
    """
    kernel = np.asarray(weights, dtype=np.float64)
    if kernel.ndim not in {2, 3} or kernel.size == 0 or not np.isfinite(kernel).all():
        raise ValueError(f"A kernel needs finite weights (kh, kw) or (kh, kw, 3), not shape {kernel.shape}.")
    slices = [kernel] if kernel.ndim == 2 else list(np.moveaxis(kernel, 2, 0))
    given = settings or ConvSettings()
    options: ConvOptions = {
        "rows": kernel.shape[0],
        "cols": kernel.shape[1],
        "slices": [[float(weight) for weight in kernel_slice.ravel()] for kernel_slice in slices],
        "sum": given.channels == "sum",
        "padding": given.padding if isinstance(given.padding, str) else list(given.padding),
        "mode": given.mode,
        "stride": list(given.stride),
        "dilation": list(given.dilation),
        "flip": given.flip,
    }
    return Recipe("conv", (of,), options)


def relu(of: Recipe) -> Recipe:
    """max(0, v)."""
    return Recipe("relu", (of,))


def _windows(size: int, stride: int | None) -> PoolOptions:
    return {"size": size, "stride": stride or size}


def max_pool(of: Recipe, size: int = 2, stride: int | None = None) -> Recipe:
    """The largest value of each size × size window; what does not fit is dropped."""
    return Recipe("max_pool", (of,), _windows(size, stride))


def avg_pool(of: Recipe, size: int = 2, stride: int | None = None) -> Recipe:
    """The mean of each size × size window; what does not fit is dropped."""
    return Recipe("avg_pool", (of,), _windows(size, stride))


def l2_pool(of: Recipe, size: int = 2, stride: int | None = None) -> Recipe:
    """√Σ v² of each size × size window; what does not fit is dropped."""
    return Recipe("l2_pool", (of,), _windows(size, stride))


def subsample(of: Recipe, size: int = 2, stride: int | None = None) -> Recipe:
    """The first cell of each size × size window: as many cells as a pool of this size gives."""
    return Recipe("subsample", (of,), _windows(size, stride))


def add(a: Recipe, b: Recipe) -> Recipe:
    """a + b, cell by cell."""
    return Recipe("add", (a, b))


def sub(a: Recipe, b: Recipe) -> Recipe:
    """a − b, cell by cell."""
    return Recipe("sub", (a, b))


def abs_sum(a: Recipe, b: Recipe) -> Recipe:
    """|a| + |b|, cell by cell."""
    return Recipe("abs_sum", (a, b))


def magnitude(gx: Recipe, gy: Recipe) -> Recipe:
    """√(gx² + gy²), cell by cell."""
    return Recipe("magnitude", (gx, gy))


def direction(gx: Recipe, gy: Recipe) -> Recipe:
    """atan2(gy, gx) in radians, from −π to π: 0 to the right, π/2 downwards since y grows downwards.

    A panel of it is drawn as hue, dimmed to black where √(gx² + gy²) is small, since a direction means
    nothing there.
    """
    return Recipe("direction", (gx, gy))
