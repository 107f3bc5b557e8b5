"""Sends a picture to the browser once; every view on the page then reads it there by its digest.

It is sent bytes, not JSON, so there is no TypedDict of it: :func:`pack` writes them, and view.js reads them.
"""

from __future__ import annotations

import json
import struct

import numpy as np
from numpy.typing import NDArray

from cnnviz.components.base import view


def pack(pixels: NDArray[np.uint8], digest: str) -> bytes:
    """The bytes of one picture: header length (uint32, little-endian), JSON header, RGB triples by rows."""
    height, width, _ = pixels.shape
    header = json.dumps({"digest": digest, "width": width, "height": height}).encode()
    return b"".join((struct.pack("<I", len(header)), header, np.ascontiguousarray(pixels).data))


def picture_store(packed: bytes, *, key: str = "picture_store") -> None:
    """Mount the store with one packed picture. Unchanged bytes are not sent again by Streamlit."""
    view("picture_store")(key=key, data=packed)
