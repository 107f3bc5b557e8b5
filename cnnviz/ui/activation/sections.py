"""What stands under the curve: the function in words, and why depth needs it."""

from __future__ import annotations

import streamlit as st

from cnnviz.components.activation_view import collapse_view
from cnnviz.core.kernels.library import KERNELS
from cnnviz.ui.activation import settings


def about() -> None:
    """What the chosen activation does, its formula, range and kinks."""
    entry = settings.chosen().activation
    st.markdown(f"**What you see.** {entry.about} Move over a map: its cell is the point on the curve.")
    left, right = st.columns([1, 1.4], gap="medium", vertical_alignment="center")
    left.latex(entry.formula)
    parts = [f"Values that can come out: {entry.range_text}."]
    parts.append(entry.flat_text)
    if entry.kinks:
        parts.append(entry.kinks)
    right.caption(" ".join([*parts, f"Source: {entry.source}"]))


def depth(digest: str) -> None:
    """Two linear layers are one; with an activation between them they are not."""
    st.header("Why depth needs it", anchor=False)
    st.markdown(
        "A second convolution right after the first adds nothing: the two kernels can be combined into one "
        "larger kernel that does the same in one step. Only with a bend between them, an activation, can "
        "more layers do more."
    )
    with st.container(horizontal=True, gap="medium"):
        for control in (settings.FIRST, settings.SECOND):
            with st.container(width=280):
                control.draw()
    first, second = (KERNELS[control.get()].weights for control in (settings.FIRST, settings.SECOND))
    collapse_view(digest, first, second, settings.between(), key="a_collapse")
    st.caption(
        "Grey values are whole numbers divided by 256, and all weights offered here are multiples of 1/256. "
        "So nothing is rounded on the way, and 0 means exactly 0. Each layer fills the border with zeros."
    )
