"""The picture picker: one picture, chosen once, on every page that works on a picture.

A sample and the working size are in the link (``pic``, ``px``); the visitor's own picture is in the session
only (:mod:`cnnviz.ui.picture.sources`) and stays in front until another is chosen.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

import streamlit as st

from cnnviz.components.picture_picker import image_bytes, picture_picker
from cnnviz.components.picture_store import pack, picture_store
from cnnviz.core import SAMPLES, Picture, load_sample
from cnnviz.settings import settings
from cnnviz.ui.kit.link import PAGE_IS_FRESH
from cnnviz.ui.kit.own import OWN
from cnnviz.ui.picture import sources
from cnnviz.ui.picture.sources import PX, Kind, choose, take_bytes

__all__ = ["OWN", "ChosenPicture", "choose", "choose_picture", "plain", "take_bytes"]

TYPES = ["png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff"]
LIMIT = settings.max_upload_mb * 1_000_000
HEAVY = 16_000_000  # bytes of pixels, from which the way to the browser and each change take longer

PICKER = "picture_picker"
POPOVER = "picture_popover"
UPLOAD = "picture_upload"
CAMERA = "picture_camera"
CAMERA_ON = "picture_camera_on"

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~$:&^=@/])")


@dataclass(frozen=True, eq=False)
class ChosenPicture:
    """The visitor's picture.

    picture:       at the working size; its notes say all that was done to the file, the reduction included.
    original_size: (H, W) before the reduction.
    title, alt:    plain text; `plain` makes the title safe for a Streamlit label.
    kind:          where it comes from.
    """

    picture: Picture
    original_size: tuple[int, int]
    title: str
    alt: str
    notes: tuple[str, ...]
    kind: Kind


def plain(text: str) -> str:
    """`text` where Streamlit reads Markdown: a file's name must not become a link or a picture."""
    return _MARKDOWN.sub(r"\\\1", text)


def choose_picture() -> ChosenPicture:
    """Draw the picker, send the picture to the browser's store, and return it.

    Call it once on a page, before the views that read the store. Its link parameters are the same on all
    pages, so that the choice travels with the visitor.
    """
    if st.session_state.get(PAGE_IS_FRESH):
        sources.forget_problem()
    title, alt, thumbnail = _button_face()
    with st.container(horizontal=True, vertical_alignment="top", gap="small"):
        st.html(
            f'<img src="{thumbnail}" alt="{html.escape(alt)}" '
            'style="width:2.75rem;height:2.75rem;object-fit:cover;border-radius:6px;display:block">',
            width="content",
        )
        with st.container(gap="xxsmall"):
            popover = st.popover(
                plain(title),
                icon=":material/image:",
                key=POPOVER,
                on_change=sources.forget_problem,
                wrap=False,
            )
            caption = st.container()
    if sentence := sources.problem():
        with popover if popover.open else st.container():
            st.error(plain(sentence), icon=":material/error:")
    with popover:
        px = _draw_sources()
    chosen = _chosen(px)
    caption.caption(_caption(chosen))
    picture_store(pack(chosen.picture.pixels, chosen.picture.digest))
    return chosen


def _button_face() -> tuple[str, str, str]:
    """Title, text alternative and thumbnail of the chosen picture."""
    chosen = sources.chosen_id()
    own_picture = sources.own()
    tile = next(tile for tile in sources.tiles() if tile.id == chosen)
    return (own_picture.title if chosen == OWN and own_picture else tile.title), tile.alt, tile.src


def _chosen(px: str) -> ChosenPicture:
    chosen = sources.chosen_id()
    own_picture = sources.own()
    if chosen == OWN and own_picture is not None:
        picture = sources.own_at(own_picture, px)
        return ChosenPicture(
            picture, own_picture.size, own_picture.title, own_picture.alt, picture.notes, own_picture.kind
        )
    sample, whole = SAMPLES[chosen], load_sample(chosen)
    picture = sources.sample_at(chosen, px)
    size = whole.pixels.shape[0], whole.pixels.shape[1]
    return ChosenPicture(picture, size, sample.title, sample.alt, picture.notes, "sample")


def _caption(chosen: ChosenPicture) -> str:
    """The working size, always; what was done to the file; and that a link cannot carry one's own picture."""
    height, width = chosen.picture.pixels.shape[:2]
    whole_height, whole_width = chosen.original_size
    size, notes = f"{width}×{height}", chosen.notes
    if (height, width) != chosen.original_size:
        size, notes = f"reduced from {whole_width}×{whole_height} to {size}", notes[:-1]
    said = [f"{chosen.title}, {size}{'.' if notes or chosen.kind != 'sample' else ''}", *notes]
    if chosen.kind != "sample":
        said.append("The link cannot carry your own picture.")
    if chosen.picture.pixels.nbytes >= HEAVY:
        said.append(
            f"{chosen.picture.pixels.nbytes / 1e6:.0f} MB go to your browser, and each change takes longer."
        )
    return plain(" ".join(said))


def _draw_sources() -> str:
    """What is in the popover; returns the working size."""
    picture_picker(
        sources.tiles(),
        sources.chosen_id(),
        limit=LIMIT,
        turn=sources.turn(),
        key=PICKER,
        on_pick=_picked,
        on_image=_pasted,
    )
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=290, gap="small"):
            st.file_uploader(
                "Upload a picture",
                TYPES,
                key=UPLOAD,
                on_change=_uploaded,
                max_upload_size=settings.max_upload_mb,
                help=f"PNG, JPEG, WebP, GIF, BMP or TIFF, up to {settings.max_upload_mb} MB. "
                "It stays in this session and is gone when you leave.",
            )
        with st.container(width=290, gap="small"):
            px = PX.draw()
            _draw_camera()
    return px


def _draw_camera() -> None:
    """The camera, once it is asked for: drawing it makes the browser ask for permission."""
    if not st.toggle("Use the camera", key=CAMERA_ON):
        return
    st.camera_input(
        "Take a picture",
        key=CAMERA,
        on_change=_photographed,
        resolution="720p",
        label_visibility="collapsed",
    )
    st.caption(
        "If no camera appears: the browser gives one only to https addresses and to localhost, "
        "and only if you allow it. Uploading a photo works everywhere."
    )


def _close_if_taken() -> None:
    """Close the popover when the picture was taken; leave it open with the sentence when it was not."""
    if sources.problem() is None:
        st.session_state[POPOVER] = False
        st.session_state[CAMERA_ON] = False


def _picked() -> None:
    tile = st.session_state[PICKER].get("pick")
    if isinstance(tile, str):
        choose(tile)
        _close_if_taken()


def _pasted() -> None:
    reported = st.session_state[PICKER].get("image")
    if reported is None:
        return
    try:
        name, data = image_bytes(reported, LIMIT)
    except ValueError as error:
        sources.note_answer(str(error))
        return
    take_bytes(data, name, "paste")
    _close_if_taken()


def _uploaded() -> None:
    file = st.session_state[UPLOAD]
    if file is None:  # removed: the picture stays until another is chosen
        sources.note_answer()
        return
    take_bytes(file.getvalue(), file.name, "upload")
    _close_if_taken()


def _photographed() -> None:
    photo = st.session_state[CAMERA]
    if photo is not None:
        take_bytes(photo.getvalue(), "Camera picture", "camera")
        _close_if_taken()
