"""Where the visitor's picture comes from: a sample named in the link, or bytes of the visitor's own.

The visitor's own picture lives in the session and goes with it: it is never written to disk, logged, put
into a cache that sessions share, or named in the link. What is kept is the file as it came (a photo of
12 megapixels has 3–5 MB as a file and 36 MB as pixels) and one copy at the working size.
"""

from __future__ import annotations

import base64
import io
import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import streamlit as st
from PIL import Image

from cnnviz.components.picture_picker import Tile
from cnnviz.core import SAMPLES, ImageError, Picture, load_image, load_sample, resize_to
from cnnviz.core.pictures.load import MAX_DECODES
from cnnviz.ui.kit.controls import Choice
from cnnviz.ui.kit.link import Linked
from cnnviz.ui.kit.own import OWN
from cnnviz.ui.kit.values import one_of

Kind = Literal["sample", "upload", "camera", "paste", "still"]

DEFAULT = next(iter(SAMPLES))
THUMBNAIL = 96  # pixels, the longest side
TITLE_LENGTH = 28

# Whole pictures are held by so many visitors at once, from decoding until what is kept has been made of them.
_WHOLE = threading.BoundedSemaphore(MAX_DECODES)
_OWN = "_picture_own"
_OVER = "_picture_over"  # the value of `pic` that the own picture stands in front of
_WORK = "_picture_work"
_PROBLEM = "_picture_problem"
_TURN = "_picture_turn"


class _Sample(Linked[str]):
    """The sample in the link. An opened link shows its sample in place of the visitor's own picture."""

    def hold(self, value: str) -> None:
        st.session_state.pop(_OVER, None)
        super().hold(value)
        note_answer()


PIC = _Sample("pic", DEFAULT, one_of(*SAMPLES), str)
PX = Choice(
    "px",
    "Working size: longest side in pixels",
    {"256": "256", "512": "512", "1024": "1024", "2048": "2048", "full": "full"},
    "512",
    help="Larger pictures are reduced to this before anything is computed; smaller ones stay as they are.",
    kind="select",
)
SHARED = (PIC, PX)
"""What all pages have in their link: the picture travels with the visitor."""


@dataclass(frozen=True, eq=False)
class OwnPicture:
    """The visitor's own picture. size: (H, W) of the whole picture; thumbnail: a ``data:`` address."""

    data: bytes
    digest: str
    title: str
    kind: Kind
    size: tuple[int, int]
    notes: tuple[str, ...]
    thumbnail: str

    @property
    def alt(self) -> str:
        return f"Your own picture, {self.title}."


def longest_side(px: str) -> int | None:
    """The working size of an option of `PX`; None is the whole picture."""
    return None if px == "full" else int(px)


def own() -> OwnPicture | None:
    """The visitor's own picture, whether or not a sample is shown at the moment."""
    found: OwnPicture | None = st.session_state.get(_OWN)
    return found


def chosen_id() -> str:
    """The id of the chosen tile: `OWN` or a sample's."""
    sample = PIC.get()
    return OWN if own() is not None and st.session_state.get(_OVER) == sample else sample


def choose(tile: str) -> None:
    """Take a sample, or the visitor's own picture again (`OWN`); any other id is ignored."""
    if tile == OWN and own() is not None:
        st.session_state[_OVER] = PIC.get()
    elif tile in SAMPLES:
        st.session_state.pop(_OVER, None)
        PIC.set(tile)
    note_answer()


def take_bytes(data: bytes, title: str, kind: Kind) -> None:
    """Make these bytes of a picture file the visitor's picture; call it in a callback, before the page draws.

    If `load_image` does not take them, the picture that the visitor had stays, and the picker
    shows the one sentence that says why.
    """
    title = _short(title)
    px = PX.get()
    try:
        with _WHOLE:
            _take(load_image(data), data, title, kind, px)
    except ImageError as error:
        note_answer(f"{title}: {error}" if kind == "upload" else str(error))
        return
    choose(OWN)


def _take(picture: Picture, data: bytes, title: str, kind: Kind, px: str) -> None:
    size = picture.pixels.shape[0], picture.pixels.shape[1]
    st.session_state[_OWN] = OwnPicture(
        bytes(data), picture.digest, title, kind, size, picture.notes, _thumbnail(picture)
    )
    _keep(picture, px)


def note_answer(problem: str | None = None) -> None:
    """The visitor has chosen or sent something: forget an earlier failure's sentence, or take a new one."""
    st.session_state[_PROBLEM] = problem
    st.session_state[_TURN] = turn() + 1


def problem() -> str | None:
    """Why the last picture was not taken, in one sentence."""
    sentence: str | None = st.session_state.get(_PROBLEM)
    return sentence


def forget_problem() -> None:
    """Forget the sentence of an earlier failure: the visitor has gone on to something else."""
    st.session_state.pop(_PROBLEM, None)


def turn() -> int:
    """How often that happened in this session."""
    count: int = st.session_state.get(_TURN, 0)
    return count


def _keep(picture: Picture, px: str) -> Picture:
    """Reduce the own picture, and keep that copy in the session: one, the latest."""
    small = resize_to(picture, longest_side(px))
    st.session_state[_WORK] = (picture.digest, px, small)
    return small


def own_at(own_picture: OwnPicture, px: str) -> Picture:
    """The own picture at a working size; the file is decoded again only when the size has changed."""
    digest, size, picture = st.session_state.get(_WORK, ("", "", None))
    if picture is not None and (digest, size) == (own_picture.digest, px):
        kept: Picture = picture
        return kept
    with _WHOLE:
        return _keep(load_image(own_picture.data), px)


@lru_cache(maxsize=32)
def sample_at(sample_id: str, px: str) -> Picture:
    """A sample at a working size, shared between visitors: a Picture cannot be changed."""
    return resize_to(load_sample(sample_id), longest_side(px))


@lru_cache(maxsize=1)
def sample_tiles() -> tuple[Tile, ...]:
    """A tile for each sample, in the order of the menus."""
    return tuple(
        Tile(sample.id, sample.title, sample.alt, _thumbnail(load_sample(sample.id)))
        for sample in SAMPLES.values()
    )


def tiles() -> tuple[Tile, ...]:
    """The tiles of this visitor: the own picture first, if there is one."""
    own_picture = own()
    first = (
        () if own_picture is None else (Tile(OWN, "Your picture", own_picture.alt, own_picture.thumbnail),)
    )
    return first + sample_tiles()


def _thumbnail(picture: Picture) -> str:
    small = Image.fromarray(resize_to(picture, THUMBNAIL).pixels)
    file = io.BytesIO()
    small.save(file, "WEBP", quality=85)
    return "data:image/webp;base64," + base64.b64encode(file.getvalue()).decode()


def _short(title: str) -> str:
    """A file's name as one short line; a long one loses its middle, so that its ending stays."""
    line = " ".join("".join(c if c.isprintable() else " " for c in title).split()) or "Your picture"
    if len(line) <= TITLE_LENGTH:
        return line
    tail = TITLE_LENGTH // 3
    return f"{line[: TITLE_LENGTH - tail - 1]}…{line[-tail:]}"
