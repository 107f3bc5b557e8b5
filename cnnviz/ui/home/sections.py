"""The parts of the home page: one picture through Sobel and pooling, through a stack, and the other pages."""

from __future__ import annotations

import base64
import html
import io
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

from cnnviz.components.luts import SIGNED_MAPS
from cnnviz.components.map_stack import StackLayer, StackMap, map_stack
from cnnviz.components.panel_row import (
    ConvSettings,
    Panel,
    Recipe,
    conv,
    magnitude,
    max_pool,
    panel_row,
    picture,
)
from cnnviz.components.picture_store import pack, picture_store
from cnnviz.core import KERNELS, Picture, resize_to
from cnnviz.core.colour.displays import to_rgb
from cnnviz.core.convolution.filtering import FilterSettings, apply
from cnnviz.core.networks.handmade import LAYERS, PADDING_MODE, POOL
from cnnviz.ui import site
from cnnviz.ui.kernel.photo import read_own
from cnnviz.ui.kit.page import dark_theme
from cnnviz.ui.kit.state import PageState
from cnnviz.ui.picture.picker import ChosenPicture
from cnnviz.ui.picture.sources import SHARED
from cnnviz.ui.site import HOME, PageEntry

STATE = PageState("h", shared=SHARED)
LONGEST = 256  # pixels: after two poolings a map still has 64, and every pixel of it can be seen
SMALL = "_home_small"
STORE = "picture_store_home"
OWN_KERNEL = "-2,-1,0;-1,1,1;0,1,2"
REPLICATE = ConvSettings(mode="replicate")  # zeros outside would be found as edges of the picture

CARD = '[class*="st-key-home_start_"]'
STYLE = f"""<style>
.st-key-{STORE} {{ display: none; }}
{CARD} {{ position: relative; padding: 0.5rem; border-radius: 8px; }}
{CARD}:hover {{ background: rgba(128, 128, 128, 0.14); }}
{CARD} img {{ display: block; width: 100%; max-height: 18rem; object-fit: contain; object-position: left; }}
{CARD} img {{ image-rendering: pixelated; }}
{CARD} [data-testid="stElementContainer"] {{ position: static; }}
{CARD} a, {CARD} a * {{ white-space: normal; overflow: visible; height: auto; }}
{CARD} a::after {{ content: ""; position: absolute; inset: 0; }}
</style>"""


def small_copy(chosen: ChosenPicture) -> Picture:
    """The picture at this page's size, put into the browser's store.

    The session keeps the latest, and only it: other visitors never meet it, and it goes with the session.
    """
    kept: tuple[str, Picture] = st.session_state.get(SMALL, ("", chosen.picture))
    if kept[0] != chosen.picture.digest:
        kept = st.session_state[SMALL] = chosen.picture.digest, resize_to(chosen.picture, LONGEST)
    st.html(STYLE)
    picture_store(pack(kept[1].pixels, kept[1].digest), key=STORE)
    return kept[1]


def _edges() -> Recipe:
    """√(Gx² + Gy²) of the grey picture, as `cnnviz.core.convolution.filtering.sobel` computes it."""
    gx, gy = (conv(picture(), KERNELS[name].weights, REPLICATE) for name in ("sobel_right", "sobel_bottom"))
    return magnitude(gx, gy)


def one_kernel_panels(alt: str) -> tuple[Panel, ...]:
    """Picture, grey, edge strength and its largest of each 2×2, computed in the browser."""
    edges = _edges()
    return (
        Panel("Your picture", picture("each"), "red, green and blue", alt, "clip", role="input"),
        Panel(
            "Grey",
            picture(),
            "0.299 R + 0.587 G + 0.114 B",
            f"The same in grey. {alt}",
            "clip",
            step="weigh the colours",
            role="input",
        ),
        Panel(
            "Edges",
            edges,
            "√(Gx² + Gy²): bright where the grey changes fast",
            "Edge strength: outlines are bright, even areas are dark",
            step="two Sobel kernels 3×3",
            role="output",
        ),
        Panel(
            "Pooled",
            max_pool(edges),
            "the largest of each 2×2 is kept",
            "The edges at half the size; each pixel is the largest of four",
            step="max pool 2×2",
            role="output",
        ),
    )


def draw_one_kernel(small: Picture, chosen: ChosenPicture) -> None:
    """Picture → grey → Sobel → max pool, as one strip."""
    panel_row(
        panels=one_kernel_panels(chosen.alt),
        digest=small.digest,
        key="home_strip",
        display="absolute",
        colour_map=None,
        caption=_reduced(small, chosen),
    )


def _reduced(small: Picture, chosen: ChosenPicture) -> str:
    height, width = small.pixels.shape[:2]
    if (height, width) == chosen.original_size:
        return ""
    whole_height, whole_width = chosen.original_size
    return f"This page works on a copy, reduced from {whole_width}×{whole_height} to {width}×{height}."


@dataclass(frozen=True)
class Start:
    """A page, opened with settings; what it will show is drawn on its card, computed from the picture.

    `page` is the path of its entry; `params` are link parameters without the picture's own; `display` is what
    the page chooses for this kernel.
    """

    id: str
    page: str
    label: str
    about: str
    alt: str
    params: dict[str, str]
    kernel: NDArray[np.float32]
    display: str


STARTS: tuple[Start, ...] = (
    Start(
        "sobel",
        "filter",
        "Sobel on your picture",
        "Where it gets brighter to the right, and where darker.",
        "This picture through the Sobel kernel: vertical edges stand out from grey",
        {"f_kernel": "sobel_right"},
        KERNELS["sobel_right"].weights,
        "signed",
    ),
    Start(
        "blur",
        "filter",
        "Blur it",
        "Each pixel becomes a mean of its surroundings, with Gaussian weights.",
        "This picture, blurred",
        {"f_kernel": "gaussian", "f_gaussian_sigma": "2.5", "f_gaussian_size": "15"},
        KERNELS["gaussian"].make(sigma=2.5, size=15),
        "clip",
    ),
    Start(
        "own",
        "filter",
        "Draw your own kernel",
        "Begin with this relief, drag its numbers, and the picture follows.",
        "This picture as a relief, lit from one side",
        {"f_kernel": "own", "f_own": OWN_KERNEL},
        read_own(OWN_KERNEL)[0],
        "clip",
    ),
)


def thumbnail(small: Picture, start: Start) -> str:
    """The start's kernel on the picture, in the colours of the page, as a ``data:`` address of a PNG."""
    settings = FilterSettings(start.kernel, padding="same", padding_mode="reflect")
    colours = SIGNED_MAPS["dark" if dark_theme() else "light"] if start.display == "signed" else "grey"
    buffer = io.BytesIO()
    Image.fromarray(to_rgb(apply(small.pixels, settings), start.display, colours)).save(
        buffer, "PNG", compress_level=1
    )
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def draw_stack(small: Picture) -> None:
    """The hand-made stack: 8 and then 16 maps of the picture."""
    st.header("Many kernels, then kernels on their maps", anchor=False)
    st.caption(
        "A network repeats this: many kernels make many maps, pooling shrinks them, and the next layer's "
        "kernels read all of them at once. These kernels are made by hand; nothing here is trained."
    )
    layers = [
        StackLayer(
            f"Layer {number}", [StackMap(k.title, k.about, k.weights) for k in kernels], POOL, columns=4
        )
        for number, kernels in enumerate(LAYERS, 1)
    ]
    map_stack(digest=small.digest, layers=layers, key="home_stack", mode=PADDING_MODE)


def draw_the_way_on(small: Picture) -> None:
    """A card for every other page; a page with starts shows what they make of the picture."""
    st.header("Go on from here", anchor=False)
    others = [entry for entry in site.SITE if entry is not HOME]
    shown = {entry.path: [start for start in STARTS if start.page == entry.path] for entry in others}
    for entry in others:
        if starts := shown[entry.path]:
            with st.container(border=True):
                first, *columns = st.columns(1 + len(starts), gap="medium")
                with first:
                    _draw_entry(entry)
                for column, start in zip(columns, starts, strict=True):
                    with column:
                        _draw_start(small, entry, start)
    plain = [entry for entry in others if not shown[entry.path]]
    for column, entry in zip(st.columns(len(plain), gap="medium") if plain else (), plain, strict=True):
        with column, st.container(border=True, height="stretch"):
            _draw_entry(entry)


def _draw_entry(entry: PageEntry) -> None:
    st.page_link(entry.file, label=f"**{entry.title}**", icon=entry.icon, query_params=STATE.link())
    st.caption(entry.about)


def _draw_start(small: Picture, entry: PageEntry, start: Start) -> None:
    """One picture with its link; all of it can be clicked."""
    with st.container(key=f"home_start_{start.id}", gap="xsmall"):
        st.html(f'<img src="{thumbnail(small, start)}" alt="{html.escape(start.alt)}">')
        st.page_link(
            entry.file,
            label=start.label,
            icon=":material/arrow_forward:",
            query_params=STATE.link() | start.params,
        )
        st.caption(start.about)
