"""What the page says below its views."""

from __future__ import annotations

import streamlit as st

__all__ = ["what_you_see"]

SEEN = (
    "**What you see.** Each step takes a batch of training pictures, computes the network's predictions for "
    "them, measures how wrong they are (the loss), and changes every weight a little against its gradient. "
    "The thin line is each batch, the thick one the mean of 50; validation pictures are never learned from. "
    "Beside, each layer's maps of one pinned picture: first edges, further on what is common to a class."
)


def what_you_see() -> None:
    """One paragraph."""
    st.markdown(SEEN)
