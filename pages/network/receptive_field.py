"""Receptive field: what part of the picture a unit sees, layer by layer, and which of it counts."""

import streamlit as st

from cnnviz.ui.field import rows, sections, settings
from cnnviz.ui.field.experiments import EXPERIMENTS
from cnnviz.ui.kit.page import page, try_this
from cnnviz.ui.picture import network_input as photo
from cnnviz.ui.picture.picker import choose_picture

LEAD = "Each unit of a layer sees a part of the picture. How large is it, and where?"

with page("Receptive field", LEAD, settings.STATE):
    picture = choose_picture()
digest, pixels = picture.picture.digest, picture.picture.pixels

view_place, stack_place = st.columns([5, 2], gap="medium")
with stack_place, st.container(key="r_stack_box"):
    spec = settings.STACK.draw(None if settings.GUESS.get() else rows.sizes_seen)  # it is the answer
    sections.problems(spec)
found = rows.stages(spec)
small = photo.as_input(pixels, spec.input[0], spec.input[1:])
with view_place:
    sections.draw_view(digest, pixels, small, spec, found)
sections.what_you_see(spec)
settings.TABS.draw(
    lambda: sections.table(spec, found),
    lambda: sections.measured_field(spec, found, small),
)
try_this(EXPERIMENTS, settings.STATE)
