"""Panels of a row, and the rows that the pages show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypedDict

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.components.luts import ThemedLut, themed_lut
from cnnviz.components.packing import packed
from cnnviz.components.panel_row.recipes import (
    ConvSettings,
    Recipe,
    RecipeJson,
    abs_sum,
    add,
    conv,
    direction,
    magnitude,
    picture,
    sub,
)
from cnnviz.core.kernels.library import KERNELS

Role = Literal["", "input", "kernel", "output", "gradient"]


class FinishedJson(TypedDict):
    """A finished picture: bytes of RGB by rows, or float32 values."""

    kind: Literal["rgb", "values"]
    height: int
    width: int
    base64: str


class PanelJson(TypedDict):
    """One picture of a row: either `recipe` or `data` is null; `themed`: `lut` follows the theme."""

    title: str
    recipe: RecipeJson | None
    data: FinishedJson | None
    note: str
    alt: str
    display: str
    lut: ThemedLut
    step: str
    role: Role
    themed: bool
    shared: bool


@dataclass(frozen=True)
class PanelData:
    """A finished picture: uint8 (H, W, 3) as it is to be seen, or float values (H, W) to be coloured."""

    values: NDArray[Any]

    def to_json(self) -> FinishedJson:
        """Kind, size and base64 bytes.

        :raises ValueError: for other types or shapes.
        """
        rgb = self.values.dtype == np.uint8 and self.values.ndim == 3 and self.values.shape[2] == 3
        if not rgb and (self.values.ndim != 2 or self.values.dtype.kind != "f"):
            got = f"{self.values.dtype} {self.values.shape}"
            raise ValueError(f"A panel takes uint8 (H, W, 3) or floats (H, W), not {got}.")
        array = self.values.astype(np.uint8 if rgb else "<f4", copy=False)
        return {
            "kind": "rgb" if rgb else "values",
            "height": array.shape[0],
            "width": array.shape[1],
            "base64": packed(array),
        }


@dataclass(frozen=True)
class Panel:
    """One picture of a row.

    `content` is what the browser computes, or a finished picture. `display` and `colour_map` override the
    row's. `note` is one short line; size and range of values are added to it. `step` is the operation that
    leads here from the panel before ("Sobel", "max pool 2×2"), drawn with an arrow. `role` gives the panel
    its colour. A panel with ``shared=False`` keeps its own range where the row shares one.
    """

    title: str
    content: Recipe | PanelData
    note: str = ""
    alt: str = ""
    display: str | None = None
    colour_map: str | None = None
    step: str = ""
    role: Role = ""
    shared: bool = True

    def to_json(self, display: str, colour_map: str | None) -> PanelJson:
        """The panel as plain JSON, with the row's display and map where it has none of its own."""
        return {
            "title": self.title,
            "recipe": self.content.to_json() if isinstance(self.content, Recipe) else None,
            "data": self.content.to_json() if isinstance(self.content, PanelData) else None,
            "note": self.note,
            "alt": self.alt or self.title,
            "display": self.display or display,
            "lut": themed_lut(self.map_for(display, colour_map)),
            "step": self.step,
            "role": self.role,
            "themed": self.map_for(display, colour_map) is None,
            "shared": self.shared,
        }

    def map_for(self, display: str, colour_map: str | None) -> str | None:
        """The colour map: "hue" for directions; else the panel's, the row's, grey, or (None) the theme's."""
        if isinstance(self.content, Recipe) and self.content.op == "direction":
            return "hue"
        effective = self.display or display
        return self.colour_map or colour_map or (None if effective == "signed" else "grey")


def sobel_panels(settings: ConvSettings | None = None) -> tuple[Panel, ...]:
    """Both Sobel directions of the grey picture: Gx, Gy, Gx + Gy, |Gx| + |Gy|, √(Gx² + Gy²), direction.

    Gx is positive where it gets brighter to the right, Gy where it gets brighter downwards.
    `settings` gives padding, mode, stride, dilation and flip.
    """
    gx = conv(picture(), KERNELS["sobel_right"].make(), settings)
    gy = conv(picture(), KERNELS["sobel_bottom"].make(), settings)
    where = "where it gets brighter; black: hardly any edge"
    return (
        Panel("Gx", gx, "vertical edges; orange: brighter to the right", "Sobel to the right"),
        Panel("Gy", gy, "horizontal edges; orange: brighter below", "Sobel downwards"),
        Panel("Gx + Gy", add(gx, gy), "some slanted edges cancel out", "The sum of both Sobel pictures"),
        Panel("|Gx| + |Gy|", abs_sum(gx, gy), "the sign is dropped first", "The sum of both sizes"),
        Panel("√(Gx² + Gy²)", magnitude(gx, gy), "how strong the edge is", "Edge strength"),
        Panel("Direction", direction(gx, gy), where, "Edge direction"),
    )


def flip_difference_panels(weights: ArrayLike, settings: ConvSettings) -> tuple[Panel, ...]:
    """Correlation, convolution (the kernel turned by 180°), and correlation − convolution, with one kernel.

    `settings.flip` does not matter: both are shown.
    """
    source = picture(settings.channels)
    correlated, convolved = (conv(source, weights, _with_flip(settings, flip)) for flip in (False, True))
    return (
        Panel("Correlation", correlated, "the kernel as it is written", "The kernel as it is written"),
        Panel("Convolution", convolved, "the kernel turned by 180°", "The kernel turned by 180°"),
        Panel(
            "Difference",
            sub(correlated, convolved),
            "correlation − convolution",
            "Correlation minus convolution",
        ),
    )


def _with_flip(settings: ConvSettings, flip: bool) -> ConvSettings:
    return ConvSettings(
        settings.channels, settings.padding, settings.mode, settings.stride, settings.dilation, flip
    )
