"""The curve of an activation between the feature map before it and after it, and the collapse of two layers.

Both are computed in the browser from the stored picture; what is reported is only the point on the curve.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypedDict

import numpy as np
import streamlit as st
from numpy.typing import ArrayLike

from cnnviz.components.base import view
from cnnviz.components.luts import ThemedLut, themed_lut
from cnnviz.core.activations.table import SATURATED_BELOW, Activation
from cnnviz.core.networks.collapse import collapse, is_exact


class ActivationJson(TypedDict):
    """An activation: `value` of its one parameter, null where it has none; its largest slope."""

    id: str
    title: str
    value: float | None
    steepest: float


class WeightsJson(TypedDict):
    """A kernel of one channel, row by row."""

    rows: int
    cols: int
    weights: list[float]


class ActivationApplyData(TypedDict):
    """The stage "apply": map, curve, map."""

    show: Literal["apply"]
    digest: str
    kernel: WeightsJson
    mapTitle: str
    bias: float
    activation: ActivationJson
    title: str
    point: float
    shared: bool
    threshold: float
    luts: ThemedLut


class ActivationCollapseData(TypedDict):
    """The stage "collapse": two layers against the one kernel that `both` make."""

    show: Literal["collapse"]
    digest: str
    first: WeightsJson
    second: WeightsJson
    both: WeightsJson
    activation: ActivationJson
    luts: ThemedLut


@dataclass(frozen=True)
class ChosenActivation:
    """An activation with its one parameter, None where it has none."""

    activation: Activation
    value: float | None = None

    @property
    def parameters(self) -> dict[str, float]:
        """By name, as the functions of `Activation` take them."""
        if self.value is None or not self.activation.parameters:
            return {}
        return {self.activation.parameters[0].name: self.value}

    def to_json(self) -> ActivationJson:
        chosen = self.activation.settings(**self.parameters)
        return {
            "id": self.activation.id,
            "title": self.activation.title,
            "value": next(iter(chosen.values()), None),
            "steepest": self.activation.steepest(**self.parameters),
        }


def kernel_json(weights: ArrayLike) -> WeightsJson:
    """A kernel (kh, kw) for the view.

    :raises ValueError: for other shapes or weights that are not finite.
    """
    kernel = np.asarray(weights)
    if kernel.ndim != 2 or not np.isfinite(kernel).all():
        raise ValueError(f"A kernel is (kh, kw) with finite weights here, not {kernel.shape}.")
    # Through text, so that 0.1 as float32 arrives as 0.1 and not as 0.10000000149.
    numbers = [float(str(weight)) for weight in kernel.ravel()]
    return {"rows": kernel.shape[0], "cols": kernel.shape[1], "weights": numbers}


@dataclass(frozen=True, eq=False)
class ActivationState:
    """Everything that the stage "apply" shows.

    The map before is the picture in grey (pixels count as v / 256) through `kernel` (kh, kw) plus `bias`.
    `point` is the place on the curve; `shared`: one range of colours for both maps, else each its own.
    """

    digest: str
    kernel: ArrayLike
    map_title: str
    chosen: ChosenActivation
    bias: float
    point: float
    shared: bool


def apply_data(state: ActivationState) -> ActivationApplyData:
    """What the stage "apply" reads: plain JSON."""
    return {
        "show": "apply",
        "digest": state.digest,
        "kernel": kernel_json(state.kernel),
        "mapTitle": state.map_title,
        "bias": state.bias,
        "activation": state.chosen.to_json(),
        "title": state.chosen.activation.title,
        "point": state.point,
        "shared": state.shared,
        "threshold": SATURATED_BELOW,
        "luts": themed_lut(None),
    }


def collapse_data(
    digest: str, first: ArrayLike, second: ArrayLike, chosen: ChosenActivation
) -> ActivationCollapseData:
    """What the stage "collapse" reads: plain JSON.

    :raises ValueError: for kernels whose weights are no multiples of 1/256, or of even size.
    """
    for kernel in (first, second):
        if not is_exact(kernel) or not all(side % 2 for side in np.shape(kernel)):
            raise ValueError("Both kernels need odd sizes and weights that are multiples of 1/256.")
    return {
        "show": "collapse",
        "digest": digest,
        "first": kernel_json(first),
        "second": kernel_json(second),
        "both": kernel_json(collapse(first, second)),
        "activation": chosen.to_json(),
        "luts": themed_lut(None),
    }


def activation_view(state: ActivationState, *, key: str, on_point: Callable[[float], None]) -> None:
    """The map before, the curve, and the map after.

    Where the visitor drops the point, `on_point` is called before the page's script runs again.
    """

    def moved() -> None:
        reported = st.session_state[key]["point"]
        if isinstance(reported, int | float):
            on_point(float(reported))

    view("activation_view")(key=key, data=apply_data(state), on_point_change=moved)


def collapse_view(
    digest: str, first: ArrayLike, second: ArrayLike, chosen: ChosenActivation, *, key: str
) -> None:
    """Two layers against their collapsed kernel, without and with an activation between them.

    :raises ValueError: as `collapse_data`.
    """
    view("activation_view")(key=key, data=collapse_data(digest, first, second, chosen))
