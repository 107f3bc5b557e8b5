"""The tab "Effective field": which pixels of the box count, measured as a gradient in a child process."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.components.field_view import EffectiveField, effective_field_view
from cnnviz.core.networks.layers import Conv
from cnnviz.core.networks.spec import NetSpec
from cnnviz.core.pictures.load import Picture, grey
from cnnviz.engine.checkpoints.pretrained import PRETRAINED, Pretrained
from cnnviz.figures.field_growth import field_growth_figure
from cnnviz.ui.field.rows import Stage
from cnnviz.ui.field.settings import MODE, SEED, WEIGHTS
from cnnviz.ui.jobs import draw_answer
from cnnviz.ui.kit.page import figure_style

Pair = tuple[int, int]
WAITING = "The gradient is being computed. You can go on meanwhile."


@dataclass(frozen=True)
class Measurement:
    """What is measured: one unit of one stage of a stack, on one picture at the input's resolution."""

    spec: NetSpec
    stage: Stage
    unit: Pair
    small: Picture
    trained: Pretrained | None

    def settings(self) -> dict[str, Any]:
        """The arguments of the engine's job that are plain JSON."""
        return {
            "spec": self.spec.to_dict(),
            "layer": self.stage.place,
            "unit": list(self.unit),
            "mode": MODE.get(),
            "weights": WEIGHTS.get(),
            "seed": int(SEED.get()),
        }

    def arrays(self) -> dict[str, Any]:
        """Its other arguments: trained weights, and the picture where the gradient depends on it. What is the
        same in every draw is drawn once."""
        weights = WEIGHTS.get()
        picture = as_tensor(self.small, self.spec.input) if MODE.get() == "relu" else None
        state = self.trained.load().weights if self.trained and weights == "trained" else None
        once = {"draws": 1} if picture is not None and weights != "random" else {}
        return {"picture": picture, "state": state, **once}

    def key(self, settings: Mapping[str, Any]) -> str:
        """What an answer depends on, as a short text."""
        trained = self.trained.id if self.trained else ""
        picture = self.small.digest if MODE.get() == "relu" else ""
        whole = json.dumps([settings, trained, picture])
        return hashlib.blake2b(whole.encode(), digest_size=12).hexdigest()


def trained_network(spec: NetSpec) -> Pretrained | None:
    """The network of ours that has this stack and trained weights for it."""
    return next((network for network in PRETRAINED.values() if network.spec == spec), None)


def as_tensor(small: Picture, shape: tuple[int, int, int]) -> NDArray[np.float32] | None:
    """The picture as the network reads it, (C, H, W) from 0 to 1; None where its shape is another."""
    if small.pixels.shape[:2] != shape[1:] or shape[0] not in (1, 3):
        return None
    values = grey(small.pixels)[None] if shape[0] == 1 else small.pixels.transpose(2, 0, 1)
    return np.ascontiguousarray(values, dtype=np.float32) / np.float32(255)


def draw(spec: NetSpec, found: Sequence[Stage], layer: int, unit: Pair, small: Picture) -> None:
    """The controls, the measured field of the chosen unit, and how fields grow with depth."""
    st.markdown(
        "Every pixel that is read *can* change the unit, but most hardly do: many paths lead from the "
        "middle of the box to the unit, and few from its edge. The glow is the size of the gradient of the "
        "unit with respect to each pixel."
    )
    trained = trained_network(spec)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        with st.container(width=230):
            MODE.draw()
        with st.container(width=300 if trained else 230):
            WEIGHTS.draw(allowed=None if trained else [name for name in WEIGHTS.options if name != "trained"])
        with st.container(width=130):
            SEED.draw()
    if not layer:
        st.info("A pixel of the input sees only itself: choose a layer above.")
        return
    asked = Measurement(spec, found[layer - 1], unit, small, trained)
    one, arrays = asked.settings(), asked.arrays()
    middle = {**one, "unit": None}  # of each layer up to this one
    left, right = st.columns([3, 2], gap="medium")
    with left:
        draw_answer(
            "effective_field", asked.key(one), one | arrays, lambda value: _field(asked, value), WAITING
        )
    with right:
        draw_answer(
            "effective_growth",
            asked.key(middle),
            middle | arrays,
            lambda value: _growth(found, value),
            WAITING,
        )


def _field(asked: Measurement, value: Mapping[str, Any]) -> None:
    field = np.asarray(value["field"], np.float32)
    if not field.any():
        st.info(
            "The gradient is 0 everywhere: with this picture and these weights no pixel changes this unit."
        )
        return
    box, (down, across) = asked.stage.after.box(asked.unit), value["sigma"]
    words = _words(asked, value)
    effective_field_view(
        EffectiveField(asked.small.digest, field, box, tuple(value["centre"]), (down, across), words),
        key="r_glow",
    )
    st.markdown(words)
    st.caption(
        "Black is 0 and the brightest yellow the largest gradient. The frame is the theoretical field, the "
        "line an ellipse of 1σ and the dashes one of 2σ. A Gaussian has 39 % and 86 % inside them. After W. "
        "Luo, Y. Li, R. Urtasun and R. Zemel, Understanding the Effective Receptive Field, 2016."
    )


def _words(asked: Measurement, value: Mapping[str, Any]) -> str:
    """The measured numbers against the theoretical ones."""
    size, (down, across) = asked.stage.after.size, value["sigma"]
    wide = 100 * 4 * max(down / size[0], across / size[1])
    counted = 100 * value["pixels"] / (size[0] * size[1])
    draws = value["draws"]
    mean = f" Mean over {draws} draws." if draws > 1 else ""
    return (
        f"**{asked.stage.name}, unit ({asked.unit[0]}, {asked.unit[1]})**: theoretical {size[0]}×{size[1]} "
        f"pixels; effective σ = {down:.3g} down and {across:.3g} across, so 4σ is {wide:.0f} % of the "
        f"theoretical width. Inside 1σ lie {100 * value['within_1_sigma']:.0f} % of the gradient, inside 2σ "
        f"{100 * value['within_2_sigma']:.0f} %. {counted:.0f} % of the pixels in the box have more than "
        f"4.55 % of the largest gradient.{mean}"
    )


def _growth(found: Sequence[Stage], value: Mapping[str, Any]) -> None:
    """Theoretical size and 4σ over depth, along the height."""
    sizes = [float(size[0]) for size in np.asarray(value["theoretical"])]
    widths = [4 * float(sigma[0]) for sigma in np.asarray(value["sigma"])]
    if not sizes:
        return
    at_place = {stage.place: stage.name for stage in found}
    names = [at_place.get(place, f"layer {place + 1}") for place in value["layers"]]
    root = root_growth(found, widths)
    figure = field_growth_figure(names, sizes, widths, root, figure_style())
    words = "; ".join(f"{n}: {s:.0f} and {w:.3g}" for n, s, w in zip(names, sizes, widths, strict=True))
    st.plotly_chart(
        figure,
        key="r_growth",
        config={"displayModeBar": False},
        alt=f"Theoretical size and 4σ by layer: {words}",
    )
    if root is not None and len(widths) > 1:
        st.caption(
            f"Layers of one kind: at depth {len(widths)} the theoretical size is "
            f"{sizes[-1] / sizes[0]:.3g} times that of the first layer, the effective width "
            f"{widths[-1] / widths[0]:.3g} times, and √{len(widths)} is {math.sqrt(len(widths)):.3g}."
        )
    else:
        st.caption(
            "The middle unit of each layer. After a pool or a stride the jump is larger, and each layer adds "
            "more to both; between them the effective width grows more slowly than the theoretical one."
        )


def root_growth(found: Sequence[Stage], widths: Sequence[float]) -> list[float] | None:
    """Widths of w₁ · √depth, where all layers are the same convolution and the square root is what to expect.

    The variances of equal, independent steps add up: σ² = n · σ₁².
    """
    kinds = {
        (stage.layer.kernel, stage.layer.steps, stage.layer.dilation)
        if isinstance(stage.layer, Conv)
        else None
        for stage in found[: len(widths)]
    }
    if len(kinds) != 1 or len(widths) < 3:
        return None
    kind = kinds.pop()
    if kind is None or kind[1] != (1, 1):
        return None
    return [widths[0] * math.sqrt(depth) for depth in range(1, len(widths) + 1)]
