"""Pooling: fewer cells that keep the strongest, the mean or the length of each window."""

import streamlit as st

from cnnviz.components.pool_view import Patch, PoolViewState, Whole, pool_view
from cnnviz.ui.frame import page
from cnnviz.ui.picture import choose_picture
from cnnviz.ui.pooling import settings

LEAD = "Each window of a map becomes one number, so the map shrinks and the strongest traces stay."

with page("Pooling", LEAD):
    picture = choose_picture()
pixels = picture.picture.pixels
size = pixels.shape[0], pixels.shape[1]
view_place = st.container()
kind = settings.MAP.draw()
map_ = (
    Patch("grey", (100, 100), (12, 12)) if kind == "patch" else Whole("sobel" if kind == "sobel" else "grey")
)
pool = settings.draw_pool(size)
with view_place:
    pool_view(
        PoolViewState(picture.picture.digest, "windows", map_, pool, settings.PIN.get()),
        key="p_pool",
        on_change={"pin": lambda pin: settings.PIN.set(tuple(pin) if pin else None)},
    )
