"""Pooling: each window of a map becomes one number."""

import streamlit as st

from cnnviz.ui.kit.page import page, try_this
from cnnviz.ui.picture.picker import choose_picture
from cnnviz.ui.pooling import sections, stages
from cnnviz.ui.pooling.experiments import EXPERIMENTS
from cnnviz.ui.pooling.settings import STATE, TABS

LEAD = "Each window of a map becomes one number: the map shrinks, and what is strong in it stays."

with page("Pooling", LEAD, STATE):
    picture = choose_picture()
    stage = stages.draw_stage()
digest, pixels = picture.picture.digest, picture.picture.pixels
size = pixels.shape[0], pixels.shape[1]

view_place, formula_place = st.container(), st.container()
shown = stages.draw_controls(stage, size)
try:
    with view_place:
        stages.draw_view(digest, shown)
    with formula_place:
        sections.sizes(shown)
except ValueError as error:
    st.warning(f"{str(error)[:1].upper()}{str(error)[1:]}.")
    st.stop()
sections.what_you_see(shown)
TABS.draw(
    lambda: sections.side_by_side(digest, shown),
    lambda: sections.every_shift(pixels, shown),
    lambda: sections.code(shown),
)
try_this(EXPERIMENTS, STATE)
