"""Train: a small network learns while you watch its curves, its maps and its gradients."""

import streamlit as st

from cnnviz.ui.kit.page import page, try_this
from cnnviz.ui.picture.picker import choose_picture
from cnnviz.ui.train import groups, live, pinned_picture, run_end, sections, settings, tabs, transport
from cnnviz.ui.train.experiments import EXPERIMENTS

LEAD = "A small network learns while you watch: its errors, its maps, and the gradient on its way back."

with page("Train", LEAD, settings.STATE):
    picture = choose_picture()
visitor = live.begin()
view_place, control_place = st.columns([5, 2], gap="medium")
with control_place:
    groups.draw(live.change_live)
given = settings.config()
with view_place:
    problem = groups.misfit(given)
    transport.draw(visitor, given, fits=not problem)
    line_place = st.container()
    run_end.draw(visitor.entries)
    curves_place, maps_place = st.columns(2, gap="small")
    with maps_place:
        pinned_picture.show(visitor, pinned_picture.draw(picture))
    live.mark(visitor)
    with line_place:
        live.line()
    with curves_place:
        live.curves()
    with maps_place:
        live.mosaic()
    tabs.draw(given, fits=not problem)
live.start_polling()
sections.what_you_see()
try_this(EXPERIMENTS, settings.STATE)
