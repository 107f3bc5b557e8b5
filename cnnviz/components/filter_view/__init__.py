"""Input, kernel and output of one convolution, computed in the browser at every frame.

The view edits the kernel, inspects a cell, compares, zooms and shows the live camera. It reports only what
the link keeps (the visitor's own kernel ``own``, as text, the pinned output cell ``pin``, the layout) and a
camera ``still``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal, TypedDict

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.components.base import view
from cnnviz.components.json_types import IntPair, SlicesJson
from cnnviz.components.luts import lut_text
from cnnviz.core.convolution.filtering import FilterSettings

Layout = Literal["side", "slider"]
Pin = tuple[int, int] | None


class FilterSettingsJson(TypedDict):
    """How the kernel slides."""

    channels: Literal["grey", "each", "sum"]
    padding: Annotated[str | list[int], '"valid" | "same" | [number, number]']
    mode: str
    stride: IntPair
    dilation: IntPair
    flip: bool


class FilterViewData(TypedDict):
    """The kernel before the division by its sum, the settings, and what is shown of the output."""

    digest: str
    kernel: SlicesJson
    divide: bool
    name: str
    token: str
    settings: FilterSettingsJson
    display: str
    lut: str
    signedLut: str
    powerLut: str
    layout: Layout
    pin: IntPair | None
    liveSize: int


@dataclass(frozen=True)
class EditorKernel:
    """The kernel as the editor holds it: weights (kh, kw) or (kh, kw, 3) before the division by their sum."""

    weights: NDArray[np.float32]
    divide: bool
    name: str
    token: str  # identifies the kernel; for a visitor's own kernel, the text that the view reported


@dataclass(frozen=True)
class FilterViewState:
    """Everything that the view shows; of ``settings`` all but the kernel, which is edited here."""

    digest: str
    kernel: EditorKernel
    settings: FilterSettings
    display: str
    colour_map: str
    layout: Layout
    pin: Pin
    live_size: int


def _slices(weights: NDArray[np.float32]) -> list[list[float]]:
    stacked = weights[:, :, None] if weights.ndim == 2 else weights
    # Through text, so that 1/9 arrives as the shortest decimal that means this float32, not as 0.1111111119….
    return [[float(str(w)) for w in stacked[:, :, c].ravel()] for c in range(stacked.shape[2])]


def as_data(state: FilterViewState) -> FilterViewData:
    """The JSON that the view reads."""
    kernel, settings = state.kernel, state.settings
    return {
        "digest": state.digest,
        "kernel": {
            "rows": int(kernel.weights.shape[0]),
            "cols": int(kernel.weights.shape[1]),
            "slices": _slices(kernel.weights),
        },
        "divide": kernel.divide,
        "name": kernel.name,
        "token": kernel.token,
        "settings": {
            "channels": settings.channels,
            "padding": settings.padding if isinstance(settings.padding, str) else list(settings.padding),
            "mode": settings.padding_mode,
            "stride": list(settings.stride),
            "dilation": list(settings.dilation),
            "flip": settings.flip,
        },
        "display": state.display,
        "lut": lut_text(state.colour_map),
        "signedLut": lut_text("blue_orange"),
        "powerLut": lut_text("ink"),
        "layout": state.layout,
        "pin": list(state.pin) if state.pin else None,
        "liveSize": state.live_size,
    }


def filter_view(
    state: FilterViewState,
    *,
    key: str,
    on_own: Callable[[str], None],
    on_pin: Callable[[Pin], None],
    on_layout: Callable[[str], None],
    on_still: Callable[[str], None],
) -> None:
    """Mount the view. Each callback is given what the view reported, before the page's script runs again.

    ``on_own`` gets the kernel as text, with ``/sum`` behind it if it is to be divided by its sum; ``on_pin``
    a (row, column) of the output or None; ``on_layout`` "side" or "slider"; ``on_still`` a PNG in base64.
    """

    def reported(name: str) -> object:
        report = st.session_state[key][name]
        return report.get("value") if isinstance(report, dict) else report

    def pinned() -> None:
        pin = reported("pin")
        on_pin((int(pin[0]), int(pin[1])) if isinstance(pin, list) and len(pin) == 2 else None)

    view("filter_view")(
        key=key,
        data=as_data(state),
        on_own_change=lambda: on_own(str(reported("own"))),
        on_pin_change=pinned,
        on_layout_change=lambda: on_layout(str(reported("layout"))),
        on_still_change=lambda: on_still(str(reported("still"))),
    )
