"""Network: stack layers, and see every shape, weight and window of it."""

import streamlit as st

from cnnviz.components.net_view import NetViewState, net_view
from cnnviz.ui.kit.page import page, try_this
from cnnviz.ui.network import sections
from cnnviz.ui.network.experiments import EXPERIMENTS
from cnnviz.ui.network.settings import LOOK, STACK, STATE, TABS
from cnnviz.ui.picture.picker import choose_picture

LEAD = "Stack layers, and see every shape, every weight and what each unit sees of your picture."

with page("Network", LEAD, STATE):
    picture = choose_picture()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", width=420):
        STACK.draw_presets()
        STACK.draw_exchange()
view_place, stack_place = st.columns([2.8, 1], gap="medium")
with stack_place:
    spec = STACK.draw_editor()
with view_place:
    net_view(
        NetViewState(spec, picture.picture.digest, STACK.selected(), LOOK.get()),
        key="n_view",
        on_choose=STACK.select,
        on_options=LOOK.set,
    )
    sections.what_you_see(spec)
TABS.draw(
    lambda: sections.dense_layer(spec),
    lambda: sections.output(spec),
    lambda: sections.as_convolution(spec),
    lambda: sections.code(spec),
)
try_this(EXPERIMENTS, STATE)
