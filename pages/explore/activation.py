"""Activation: the curve between two layers, on the visitor's feature map, and why depth needs it."""

import streamlit as st

from cnnviz.components.activation_view import ActivationState, activation_view
from cnnviz.core.kernels.library import KERNELS
from cnnviz.ui.activation import sections, settings
from cnnviz.ui.activation.experiments import EXPERIMENTS
from cnnviz.ui.kit.page import page, try_this
from cnnviz.ui.picture.picker import choose_picture

LEAD = "After each convolution a network bends every number with the same curve."

with page("Activation", LEAD, settings.STATE):
    picture = choose_picture()
digest = picture.picture.digest

view_place = st.container()
settings.draw()
kernel = KERNELS[settings.KERNEL.get()]
with view_place:
    activation_view(
        ActivationState(
            digest=digest,
            kernel=kernel.weights,
            map_title=f"Feature map: {kernel.title}",
            chosen=settings.chosen(),
            bias=settings.BIAS.get(),
            point=settings.POINT.get(),
            shared=settings.COLOURS.get() == "shared",
        ),
        key="a_view",
        on_point=settings.POINT.set,
    )
sections.about()
sections.depth(digest)
try_this(EXPERIMENTS, settings.STATE)
