"""Tiles to choose a picture from, and the clipboard and dropped files as further sources."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypedDict

from cnnviz.components.base import view


class TileJson(TypedDict):
    """One picture to choose."""

    id: str
    title: str
    alt: str
    src: str


class PicturePickerData(TypedDict):
    """The tiles; `limit`: bytes of the largest file; `turn` changes with every answer."""

    tiles: list[TileJson]
    chosen: str
    limit: int
    turn: int


@dataclass(frozen=True)
class Tile:
    """One picture to choose. ``src`` is a small picture as a ``data:`` address, ``alt`` describes it."""

    id: str
    title: str
    alt: str
    src: str

    def to_json(self) -> TileJson:
        return {"id": self.id, "title": self.title, "alt": self.alt, "src": self.src}


def picker_data(tiles: Sequence[Tile], chosen: str, *, limit: int, turn: int) -> PicturePickerData:
    """What the view reads: plain JSON."""
    return {"tiles": [tile.to_json() for tile in tiles], "chosen": chosen, "limit": limit, "turn": turn}


def picture_picker(
    tiles: Sequence[Tile],
    chosen: str,
    *,
    limit: int,
    turn: int,
    key: str,
    on_pick: Callable[[], None],
    on_image: Callable[[], None],
) -> None:
    """Draw the tiles with `chosen` marked, and take pictures from the clipboard or dropped on it.

    ``st.session_state[key]`` then has ``pick``, the id of a clicked tile, and ``image``, for
    :func:`image_bytes`. `limit` is the largest file in bytes, which the browser checks before it sends
    anything; `turn` changes with each answer, so that "Reading …" disappears.
    """
    view("picture_picker")(
        key=key,
        data=picker_data(tiles, chosen, limit=limit, turn=turn),
        on_pick_change=on_pick,
        on_image_change=on_image,
    )


def image_bytes(reported: object, limit: int) -> tuple[str, bytes]:
    """The name and the bytes of a picture that the browser sent as ``{name, base64}``.

    Both are checked.

    :raises ValueError: with one sentence, when it is incomplete, not base64 or larger than `limit` bytes.
    """
    incomplete = "The picture did not arrive whole; please try again."
    if not isinstance(reported, dict):
        raise ValueError(incomplete)
    name, text = reported.get("name"), reported.get("base64")
    if not isinstance(name, str) or not isinstance(text, str):
        raise ValueError(incomplete)
    if len(text) > 4 * (limit // 3 + 1):
        raise ValueError(f"The picture is larger than {limit / 1e6:g} MB, the limit of this server.")
    try:
        return name, base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(incomplete) from None
