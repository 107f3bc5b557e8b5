"""A row of pictures side by side, computed in the browser from the stored picture or given as data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from cnnviz.components.base import view
from cnnviz.components.panel_row.panels import (
    Panel,
    PanelData,
    PanelJson,
    flip_difference_panels,
    sobel_panels,
)
from cnnviz.components.panel_row.recipes import (
    ConvSettings,
    Recipe,
    abs_sum,
    add,
    avg_pool,
    conv,
    direction,
    l2_pool,
    magnitude,
    max_pool,
    picture,
    relu,
    sub,
    subsample,
)
from cnnviz.core.colour.displays import DISPLAYS

__all__ = [
    "ConvSettings",
    "Panel",
    "PanelData",
    "PanelRowData",
    "Recipe",
    "abs_sum",
    "add",
    "avg_pool",
    "conv",
    "direction",
    "flip_difference_panels",
    "l2_pool",
    "magnitude",
    "max_pool",
    "panel_row",
    "picture",
    "relu",
    "row_data",
    "sobel_panels",
    "sub",
    "subsample",
]


class PanelRowData(TypedDict):
    """The panels; `digest`: of the picture that recipes work on; `shared`: panels share ranges."""

    digest: str | None
    panels: list[PanelJson]
    shared: bool
    caption: str


def row_data(
    panels: Sequence[Panel],
    digest: str | None,
    display: str,
    colour_map: str | None,
    *,
    shared_range: bool,
    caption: str,
) -> PanelRowData:
    """What travels to the browser, all of it plain JSON.

    :raises ValueError: for an unknown display or map, or a recipe without a picture to work on.
    """
    for name in (display, *(panel.display for panel in panels)):
        if name is not None and name not in DISPLAYS:
            raise ValueError(f"There is no display {name!r}; there are {', '.join(DISPLAYS)}.")
    if digest is None and any(isinstance(panel.content, Recipe) for panel in panels):
        raise ValueError("A panel that is computed in the browser needs the digest of a stored picture.")
    return {
        "digest": digest,
        "panels": [panel.to_json(display, colour_map) for panel in panels],
        "shared": shared_range,
        "caption": caption,
    }


def panel_row(
    *,
    panels: Sequence[Panel],
    digest: str | None,
    key: str,
    display: str = "signed",
    colour_map: str | None = None,
    shared_range: bool = True,
    caption: str = "",
) -> None:
    """Draw the panels beside each other; hovering one shows the values at the same place in all of them.

    Recipes work on the stored picture `digest`. `display` is one of `cnnviz.core.DISPLAYS` and
    `colour_map` one of its COLOUR_MAPS (None: the theme's diverging map for "signed", grey else). With
    `shared_range` all panels of the same display have one range, which is said under the row after
    `caption`; directions and finished RGB pictures have none.
    """
    data = row_data(panels, digest, display, colour_map, shared_range=shared_range, caption=caption)
    view("panel_row")(key=key, data=data)
