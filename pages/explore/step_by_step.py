"""Step by step: what one number of a convolution is made of."""

from typing import cast

import streamlit as st

from cnnviz.components.step_view import Mode, StepEvents, StepViewState, step_view
from cnnviz.ui.kit.page import page, try_this
from cnnviz.ui.picture.picker import choose_picture
from cnnviz.ui.step import quiz, sections, settings
from cnnviz.ui.step.experiments import EXPERIMENTS

with page("Step by step", "What one number of a convolution is made of.", settings.STATE):
    photo = choose_picture()
mode = cast(Mode, settings.MODE.draw())
view_place, seen_place = st.container(), st.container()
with st.container():
    applied = settings.draw(mode)
chosen = settings.families(mode)
pin, step = settings.pinned(applied), settings.STEP.get()
with view_place:
    step_view(
        StepViewState(
            mode,
            applied,
            chosen.kernel.title,
            photo.picture.digest,
            pin,
            step,
            quiz.shown(applied),
            quiz.score(),
        ),
        StepEvents(
            on_pin=settings.PIN.set,
            on_step=settings.STEP.set,
            on_picture=chosen.picture.take,
            on_kernels=chosen.kernel.take,
            on_ask=quiz.ask,
            on_answer=lambda text: quiz.answer(text, applied),
        ),
        key="s_view",
    )
with seen_place:
    sections.seen(mode)
sections.tabs(applied, sections.shown_cell(applied, pin, step))
try_this(EXPERIMENTS, settings.STATE)
