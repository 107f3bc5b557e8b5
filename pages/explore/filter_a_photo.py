"""Filter a photo: one kernel on the visitor's picture, with every number in reach."""

import base64

import streamlit as st

from cnnviz.components.filter_view import FilterViewState, KernelShown, Settings, filter_view
from cnnviz.core.filtering import apply
from cnnviz.ui.filter import kernel_choice, sections, settings
from cnnviz.ui.filter.experiments import EXPERIMENTS
from cnnviz.ui.frame import page, try_this
from cnnviz.ui.picture import choose_picture, take_bytes

beside = page(
    "Filter a photo", "One small grid of weights, the kernel, moves over the picture and makes a new one."
)
with beside:
    picture = choose_picture()
pixels = picture.picture.pixels
size = pixels.shape[0], pixels.shape[1]

main, side = st.columns([3.4, 1], gap="medium")
kernel = kernel_choice.chosen()
with side:
    kernel_choice.draw_gallery(picture.picture.digest, kernel)
    kernel_choice.draw_parameters(kernel.id)
    kernel = kernel_choice.chosen()
    applied = settings.draw(kernel, size)
    shown = settings.draw_display(applied.kernel)
with main:
    filter_view(
        FilterViewState(
            digest=picture.picture.digest,
            kernel=KernelShown(kernel.raw, kernel.divide, kernel.name, kernel.token),
            settings=Settings(
                channels=applied.channels,
                padding=applied.padding,
                mode=applied.padding_mode,
                stride=applied.stride,
                dilation=applied.dilation,
                flip=applied.flip,
            ),
            display=shown.display,
            colour_map=shown.colour_map,
            layout=settings.LAYOUT.get(),
            pin=settings.PIN.get(),
            live_size=512,
        ),
        key="f_view",
        on_own=kernel_choice.take_own,
        on_pin=settings.PIN.set,
        on_layout=settings.LAYOUT.set,
        on_still=lambda text: take_bytes(base64.b64decode(text), "Camera", "camera"),
    )
try:
    output = apply(pixels, applied)
except ValueError as error:
    st.warning(str(error))
    st.stop()
sections.output_size_text(size, applied)
sections.about_kernel(kernel)
tab_values, tab_code, tab_save = st.tabs(
    ["Values", "Code", "Save and share"], key="f_tab", on_change="rerun", bind="query-params"
)
if tab_values.open:
    with tab_values:
        sections.values(output, shown)
if tab_code.open:
    with tab_code:
        sections.code(applied, size, picture)
if tab_save.open:
    with tab_save:
        sections.save(output, shown, picture)
try_this(EXPERIMENTS, key="f_try")
