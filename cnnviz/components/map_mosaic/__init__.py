"""The feature maps of every layer for one pinned picture, and the first layer's filters, as mosaics.

    map_mosaic(maps, filters=filters, names=started.layers, classes=started.classes, key="t_maps")

Call it with each new `Maps` record under the same key: blocks stay in place and only their pixels change.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Annotated, Literal, TypedDict

import streamlit as st

from cnnviz.components.base import view
from cnnviz.components.json_types import IntTriple
from cnnviz.components.luts import StandardLuts, standard_luts
from cnnviz.components.packing import packed
from cnnviz.components.records import FiltersLike, MapsLike

__all__ = ["MapMosaicData", "MapRange", "map_mosaic", "mosaic_data"]

MapRange = Literal["unit", "layer", "all"]
MOST_FILTERS = 64  # tiles; of a wider layer the first ones are shown


class MosaicPicture(TypedDict):
    """The picture that the maps are of, (C, H, W), as bytes."""

    shape: IntTriple
    values: str


class MosaicFilters(TypedDict):
    """Weights (C_out, C_in, kernel height, kernel width) of the layer that is the `number`-th, from 1."""

    number: int
    shape: Annotated[list[int], "[number, number, number, number]"]
    values: str


class MosaicLayer(TypedDict):
    """One layer's outputs, (C, H, W) or (n,): `start` is their place among all values; `units` names them."""

    name: str
    shape: list[int]
    channels: int
    start: int
    units: list[str] | None


class MapMosaicData(TypedDict):
    """The outputs of every layer for one picture, packed one after the other; `filters`: none, or one."""

    step: int
    range: MapRange
    picture: MosaicPicture
    filters: list[MosaicFilters]
    values: str
    layers: list[MosaicLayer]
    luts: StandardLuts


def mosaic_data(
    maps: MapsLike,
    filters: FiltersLike | None,
    names: Sequence[str],
    classes: Sequence[str] = (),
    shared: MapRange = "unit",
) -> MapMosaicData:
    """What the view reads: shapes as JSON, numbers as base64 of float32, the picture as bytes.

    names: of every layer, in order; classes: of the outputs, where the last layer has as many numbers.
    """
    starts = [0]
    for shape in maps.shapes:
        starts.append(starts[-1] + math.prod(shape))
    last = len(maps.shapes) - 1
    return {
        "step": maps.step,
        "range": shared,
        "picture": {"shape": list(maps.picture.shape), "values": packed(maps.picture)},
        "filters": [_filters(filters)] if filters is not None else [],
        "values": packed(maps.values),
        "layers": [
            {
                "name": names[number],
                "shape": list(shape),
                "channels": maps.channels[number],
                "start": starts[number],
                "units": list(classes) if number == last and shape == (len(classes),) else None,
            }
            for number, shape in enumerate(maps.shapes)
        ],
        "luts": standard_luts(),
    }


def _filters(filters: FiltersLike) -> MosaicFilters:
    """The filters, as many whole ones as fit into MOST_FILTERS tiles."""
    weights = filters.weights[: max(1, MOST_FILTERS // filters.weights.shape[1])]
    return {"number": filters.layer + 1, "shape": list(weights.shape), "values": packed(weights)}


def map_mosaic(
    maps: MapsLike,
    *,
    names: Sequence[str],
    key: str,
    filters: FiltersLike | None = None,
    classes: Sequence[str] = (),
    shared: MapRange = "unit",
    on_range: Callable[[MapRange], None] | None = None,
) -> None:
    """Draw the mosaic. `shared` is what shares one colour range: a map alone, its layer, or all layers.

    Where the visitor changes that, the view follows at once, and `on_range` is called before the page's
    script runs again.
    """

    def changed() -> None:
        reported = st.session_state[key]["range"]
        if on_range is not None and reported and reported["value"] in ("unit", "layer", "all"):
            on_range(reported["value"])

    view("map_mosaic")(
        key=key, data=mosaic_data(maps, filters, names, classes, shared), on_range_change=changed
    )
