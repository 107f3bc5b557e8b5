"""The frame of every page: library of views, title, lead, and the small texts that all pages have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz.components.base import library
from cnnviz.figures.style import Style
from cnnviz.ui.kit.link import enter_page
from cnnviz.ui.kit.state import PageState

# The rim of the page belongs to the pictures; elements that only carry data take no room.
STYLE = """<style>
[data-testid="stMainBlockContainer"] { padding-inline: clamp(0.75rem, 2.2vw, 3rem); }
.st-key-cnnviz_library, .st-key-picture_store { display: none; }
[data-testid="stHeading"] h1 { padding: 0 0 0.4rem; }
/* The dark theme's own colour has too little contrast: 3.8 to 1 on a chosen option, 4.1 to 1 on a slider. */
[data-testid="stButtonGroup"] [data-selected="true"] p,
[data-testid="stSliderThumbValue"] p { color: color-mix(in srgb, currentcolor 60%, CanvasText); }
</style>"""


@dataclass(frozen=True)
class Experiment:
    """One "try this", as data: what to look for, and the link that shows it.

    params: parameters of the page's link, each with its text there, a choice's as its id. A press does what
    such a link does: what they do not name gets its default.
    """

    title: str
    about: str
    params: Mapping[str, str]


def dark_theme() -> bool:
    """Whether the visitor's theme is dark; light where the browser has not said yet."""
    return st.context.theme.type == "dark"


def figure_style() -> Style:
    """The figure style for the visitor's theme."""
    return Style(dark=dark_theme())


def page(title: str, lead: str, state: PageState) -> DeltaGenerator:
    """Open a page: its tab title, the client-side library, its heading and one sentence.

    Returns the place beside the heading, for the picture picker; on a phone it lies below.
    """
    st.set_page_config(page_title=f"{title} · cnnviz")
    enter_page(title)
    state.refresh()
    state.keep()
    library()
    st.html(STYLE)
    heading, beside = st.columns([2, 3], vertical_alignment="center")
    with heading.container(gap="xsmall"):
        st.title(title, anchor=False)
        st.caption(lead)
    return beside.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center")


def try_this(experiments: Sequence[Experiment], state: PageState) -> None:
    """The experiments of a page, each a button with what to look for under it."""
    st.header("Try this", anchor=False)
    columns = st.columns(2, gap="medium")
    for number, experiment in enumerate(experiments):
        with columns[number % 2], st.container(border=True, height="stretch"):
            st.button(
                experiment.title,
                key=f"{state.prefix}_try_{number}",
                on_click=state.open,
                args=(experiment.params,),
                icon=":material/play_arrow:",
            )
            st.caption(experiment.about)
