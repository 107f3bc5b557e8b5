"""Filter a photo: one kernel on the visitor's picture, with every number in reach."""

import base64

import streamlit as st

from cnnviz.components.filter_view import EditorKernel, FilterViewState, filter_view
from cnnviz.core.convolution.filtering import apply
from cnnviz.ui.filter import sections, settings
from cnnviz.ui.filter.experiments import EXPERIMENTS
from cnnviz.ui.kernel import photo as kernel_choice
from cnnviz.ui.kit.page import page, try_this
from cnnviz.ui.picture.picker import choose_picture, take_bytes

LEAD = "A small grid of weights, the kernel, moves over the picture and makes a new one."

with page("Filter a photo", LEAD, settings.STATE):
    picture = choose_picture()
    kernel_choice.draw_gallery(picture.picture.digest)
digest, pixels = picture.picture.digest, picture.picture.pixels
size = pixels.shape[0], pixels.shape[1]

view_place, formula_place = st.container(), st.container()
with st.container():
    kernel = kernel_choice.draw_parameters()
    applied = settings.draw(kernel, size)
    kernel = kernel.for_channels(applied.channels)
    colouring = settings.draw_display(applied.kernel)
with view_place:
    filter_view(
        FilterViewState(
            digest=digest,
            kernel=EditorKernel(kernel.raw, kernel.divide, kernel.name, kernel.token),
            settings=applied,
            display=colouring.display,
            colour_map=colouring.colour_map,
            layout=settings.LAYOUT.get(),
            pin=settings.PIN.get(),
            live_size=512,
        ),
        key="f_view",
        on_own=kernel_choice.CHOICE.take,
        on_pin=settings.PIN.set,
        on_layout=settings.LAYOUT.set,
        on_still=lambda text: take_bytes(base64.b64decode(text), "Camera", "camera"),
    )
with formula_place:
    try:
        sections.output_size_text(size, applied)
    except ValueError as error:
        st.warning(str(error))
        st.stop()
output = apply(pixels, applied)
sections.about_kernel(kernel)
settings.TABS.draw(
    lambda: sections.values(output, colouring),
    lambda: sections.both_sobels(digest, applied),
    lambda: sections.turned_kernel(digest, applied),
    lambda: sections.code(applied, size, picture),
    lambda: sections.save(output, colouring, picture),
)
try_this(EXPERIMENTS, settings.STATE)
