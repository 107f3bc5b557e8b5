"""A small stack of layers on the stored picture: every map of every layer, at its true relative size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from cnnviz.components.base import view
from cnnviz.components.luts import lut_text

__all__ = ["MapStackData", "StackLayer", "StackMap", "map_stack", "stack_data"]


class StackMapJson(TypedDict):
    """One map: its kernel has a slice for each map of the layer before."""

    title: str
    about: str
    rows: int
    cols: int
    slices: list[list[float]]


class StackLayerJson(TypedDict):
    """Convolution, ReLU and max pooling pool × pool; `columns` maps stand side by side."""

    title: str
    pool: int
    columns: int
    maps: list[StackMapJson]


class MapStackData(TypedDict):
    """The layers; `mode`: what stands outside a picture's edge."""

    digest: str
    mode: str
    lut: str
    grey: str
    layers: list[StackLayerJson]


@dataclass(frozen=True, eq=False)
class StackMap:
    """One map: its name, what it is bright at (after "Bright where"), and its kernel (kh, kw, C)."""

    title: str
    about: str
    weights: NDArray[np.float32]

    def to_json(self) -> StackMapJson:
        """Plain JSON: the slices of the kernel, row by row."""
        rows, cols, count = self.weights.shape
        slices = [[float(w) for w in self.weights[:, :, at].ravel()] for at in range(count)]
        return {"title": self.title, "about": self.about, "rows": rows, "cols": cols, "slices": slices}


@dataclass(frozen=True, eq=False)
class StackLayer:
    """Convolution ("same" size) with each map's kernel, ReLU, and max pooling pool × pool.

    `columns` is how many maps stand side by side.
    """

    title: str
    maps: Sequence[StackMap]
    pool: int
    columns: int


def stack_data(digest: str, layers: Sequence[StackLayer], mode: str) -> MapStackData:
    """What travels to the browser.

    :raises ValueError: where a kernel has another number of slices than there are maps before it.
    """
    before = 1
    for layer in layers:
        for stack_map in layer.maps:
            shape = stack_map.weights.shape
            if len(shape) != 3 or shape[2] != before:
                raise ValueError(
                    f"{stack_map.title}: the kernel has the shape {shape}, "
                    f"but its layer reads {before} map{'s' if before > 1 else ''}."
                )
        before = len(layer.maps)
    return {
        "digest": digest,
        "mode": mode,
        "lut": lut_text("ink"),
        "grey": lut_text("grey"),
        "layers": [
            {
                "title": layer.title,
                "pool": layer.pool,
                "columns": layer.columns,
                "maps": [stack_map.to_json() for stack_map in layer.maps],
            }
            for layer in layers
        ],
    }


def map_stack(*, digest: str, layers: Sequence[StackLayer], key: str, mode: str) -> None:
    """Draw the grey of the stored picture `digest` and the maps that the layers make of it, one by one.

    Everything is computed in the browser. Pointing at a map shows which maps it reads with which weights, and
    the part of the picture that one of its pixels is made of. `mode` is the padding outside the picture.
    """
    view("map_stack")(key=key, data=stack_data(digest, layers, mode))
