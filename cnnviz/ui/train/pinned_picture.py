"""The picture whose maps are shown while a network learns: a test picture, or the visitor's own."""

from __future__ import annotations

import contextlib
import time

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.engine.config.errors import RefusedError
from cnnviz.engine.runs.run import ENDED
from cnnviz.ui.picture import network_input as photo
from cnnviz.ui.picture.picker import ChosenPicture
from cnnviz.ui.train import settings
from cnnviz.ui.train.runs import Entry, VisitorRuns, saved_of
from cnnviz.ui.train.saved_network import SavedNetworkView, digest_of, shipped
from cnnviz.ui.train.settings import PIN, PIN_AT

Pixels = NDArray[np.uint8]


def draw(chosen: ChosenPicture) -> Pixels:
    """Draw the choice, and return the picture as the network gets it, uint8 (C, H, W)."""
    data = settings.data()
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        with st.container(width=180):
            source = PIN.draw()
        if source == "own":
            st.caption(photo.caption(chosen.picture.pixels, data.shape[0], data.shape[1:]))
            return as_input(chosen.picture.pixels, data.shape)
        test = data.load().test
        with st.container(width=130):
            place = int(PIN_AT.draw(high=len(test.labels) - 1))
        st.caption(f"It shows: {data.classes[int(test.labels[place])]}.")
        return np.ascontiguousarray(test.images[place])


def show(visitor: VisitorRuns, picture: Pixels) -> None:
    """Have the runs, or the saved network, report their maps for this picture, once."""
    if not visitor.entries:
        dataset = settings.DATA.get()
        if not visitor.saved_network_chosen and (
            visitor.saved_network is None or visitor.saved_network.config.dataset != dataset
        ):
            visitor.saved_network = shipped(dataset)
        if visitor.saved_network is not None and visitor.saved_network.config.net.input == picture.shape:
            visitor.saved_network.show(picture)
    for entry in visitor.entries:
        if entry.config.net.input == picture.shape and entry.pinned_picture != digest_of(picture):
            _show(entry, picture)
            entry.pinned_picture = digest_of(picture)
            entry.last_change = time.monotonic()


def _show(entry: Entry, picture: Pixels) -> None:
    """A run that has ended is asked by way of its last weights."""
    if entry.run.status not in ENDED:
        with contextlib.suppress(RefusedError):  # it ended just now
            entry.run.pin(picture)
            return
    if entry.run.last_good_step:
        entry.ended_view = SavedNetworkView(saved_of(entry), entry.label, entry.history)
        entry.ended_view.show(picture)


def as_input(pixels: Pixels, shape: tuple[int, int, int]) -> Pixels:
    """The middle of a picture (H, W, 3) as the network gets it, uint8 (C, H, W); grey for one channel."""
    small = photo.as_input(pixels, shape[0], (shape[1], shape[2])).pixels
    planes = small[:, :, :1] if shape[0] == 1 else small
    return np.ascontiguousarray(planes.transpose(2, 0, 1))
