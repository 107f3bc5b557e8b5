"""Step by step: what one number of a convolution is made of."""

from typing import cast

import streamlit as st

from cnnviz.components.step_view import Mode, StepEvents, StepViewState, step_view
from cnnviz.ui.frame import page
from cnnviz.ui.picture import choose_picture
from cnnviz.ui.step import settings

with page("Step by step", "What one number of a convolution is made of."):
    picture = choose_picture()
mode = cast(Mode, settings.MODE.draw())
view_place = st.container()
with st.container():
    applied = settings.draw(mode)
chosen = settings.families(mode)
with view_place:
    step_view(
        StepViewState(mode, applied, settings.PIN.get(), settings.STEP.get(), chosen.kernel.title),
        StepEvents(settings.PIN.set, settings.STEP.set),
        key="s_view",
    )
