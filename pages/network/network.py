"""Network: stack layers, and see every shape, weight and window of it."""

import streamlit as st

from cnnviz.components.net_view import NetShown, net_view
from cnnviz.ui.kit.page import page, try_this
from cnnviz.ui.network import sections, settings
from cnnviz.ui.network.experiments import EXPERIMENTS
from cnnviz.ui.network.settings import STACK
from cnnviz.ui.picture.picker import choose_picture

LEAD = "Stack layers, and see every shape, every weight and what each unit sees of your picture."

with page("Network", LEAD):
    picture = choose_picture()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", width=420):
        STACK.draw_presets()
        STACK.draw_exchange()
settings.keep()
view_place, stack_place = st.columns([2.8, 1], gap="medium")
with stack_place:
    spec = STACK.draw_editor()
with view_place:
    net_view(
        NetShown(spec, picture.picture.digest, STACK.selected(), settings.LOOK.get()),
        key="n_view",
        on_choose=STACK.select,
        on_look=settings.LOOK.set,
    )
    sections.what_you_see(spec)
NAMES = ["The dense layer worked out", "Output", "Dense as a convolution", "Code and link"]
DRAW = [sections.dense_layer, sections.output, sections.as_convolution, sections.code]
for tab, draw in zip(st.tabs(NAMES, key="n_tab", on_change="rerun", bind="query-params"), DRAW, strict=True):
    if tab.open:
        with tab:
            draw(spec)
try_this(EXPERIMENTS, key="n_try")
