"""Trained networks that are kept: by name in this session, and as files that can be loaded again."""

from __future__ import annotations

import re

import streamlit as st

from cnnviz.core.datasets.table import DATASETS
from cnnviz.engine.checkpoints.weights_file import FileError, SavedNetwork
from cnnviz.settings import settings as limits
from cnnviz.ui.picture.picker import plain
from cnnviz.ui.train import settings
from cnnviz.ui.train.runs import saved_of, visitor_runs
from cnnviz.ui.train.saved_network import SavedNetworkView

__all__ = ["draw"]

MOST = 8  # networks that one visitor keeps
LONGEST_NAME = 40  # characters
NAME, FILE, PROBLEM = "t_keep_name", "t_keep_file", "_t_keep_problem"


def draw() -> None:
    """The tab: keep the network, those that are kept, load a file."""
    visitor = visitor_runs()
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.text_input("Name", key=NAME, max_chars=LONGEST_NAME, placeholder="my first network", width=260)
        st.button(
            "Keep the network",
            key="t_keep",
            icon=":material/bookmark_add:",
            on_click=_keep,
            disabled=not (visitor.first and visitor.first.run.last_good_step),
            help="As it is after the last step of the run that the server has.",
        )
    for number, saved in enumerate(visitor.saved_networks):
        _row(number, saved)
    st.file_uploader(
        "Load a file that was saved here",
        ["safetensors"],
        key=FILE,
        on_change=_loaded,
        max_upload_size=limits.max_upload_mb,
    )
    if problem := st.session_state.get(PROBLEM):
        st.error(plain(problem), icon=":material/error:")
    st.caption(
        "A file holds the weights as safetensors, and the settings as JSON beside them. It is read number by "
        "number and checked; nothing in it is ever run. What is kept here is gone when you close the page."
    )


def _row(number: int, saved: SavedNetwork) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        count = sum(saved.config.trained_net.parameter_counts())
        st.markdown(
            f"**{plain(saved.name)}**, {count:,} weights, step {saved.step:,}, {saved.config.dataset}",
            width="content",
        )
        st.download_button(
            "Save as a file",
            saved.to_bytes(),
            f"{_file_name(saved.name)}.safetensors",
            "application/octet-stream",
            key=f"t_save_{number}",
            icon=":material/download:",
            on_click="ignore",
        )
        st.button(
            "Show it", key=f"t_show_{number}", icon=":material/visibility:", on_click=_show, args=(saved,)
        )
        st.button(
            "Take its settings",
            key=f"t_take_{number}",
            icon=":material/tune:",
            on_click=settings.take,
            args=(saved.config,),
        )


def _show(saved: SavedNetwork) -> None:
    """Show it in place of the run, with pictures of the kind that it knows."""
    visitor = visitor_runs()
    visitor.clear()
    visitor.saved_network, visitor.saved_network_chosen = (
        SavedNetworkView(saved, saved.name or "A network from a file"),
        True,
    )
    if saved.config.dataset in DATASETS:
        settings.take(saved.config)


def _file_name(name: str) -> str:
    return re.sub(r"[^\w-]+", "_", name).strip("_") or "network"


def _keep() -> None:
    visitor = visitor_runs()
    if visitor.first is not None and visitor.first.run.last_good_step:
        name = (
            str(st.session_state.get(NAME) or "")[:LONGEST_NAME].strip()
            or f"Network {len(visitor.saved_networks) + 1}"
        )
        visitor.saved_networks = [*visitor.saved_networks, saved_of(visitor.first, name)][-MOST:]


def _loaded() -> None:
    file = st.session_state[FILE]
    st.session_state.pop(PROBLEM, None)
    if file is None:
        return
    visitor = visitor_runs()
    try:
        visitor.saved_networks = [*visitor.saved_networks, SavedNetwork.from_bytes(file.getvalue())][-MOST:]
    except FileError as error:
        st.session_state[PROBLEM] = str(error)
