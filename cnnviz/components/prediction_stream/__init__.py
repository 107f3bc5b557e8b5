"""A stream of test pictures with the network's best guesses as bars, right and wrong marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, TypedDict

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.components.base import view
from cnnviz.components.packing import packed
from cnnviz.components.records import PredictionsLike

__all__ = ["PredictionStreamData", "prediction_stream", "stream_data"]


class PredictionStreamData(TypedDict):
    """Test pictures, packed one after the other, and for each its place in the split, its class, the most
    likely classes and their probabilities (null where one is not a number)."""

    step: int
    classes: list[str]
    shape: Annotated[list[int], "[number, number, number]"]
    pictures: str
    indices: list[int]
    labels: list[int]
    top: list[list[int]]
    shares: list[list[float | None]]
    onlyWrong: bool


def stream_data(
    predictions: PredictionsLike,
    pictures: NDArray[np.uint8],
    classes: Sequence[str],
    only_wrong: bool = False,
) -> PredictionStreamData:
    """What the view reads. pictures: those of `predictions.indices`, uint8 (N, C, H, W), in the same order.

    ValueError where their numbers differ.
    """
    if len(pictures) != len(predictions.labels):
        raise ValueError(
            f"{len(predictions.labels)} predictions cannot be shown with {len(pictures)} pictures."
        )
    return {
        "step": predictions.step,
        "classes": list(classes),
        "shape": list(pictures.shape[1:]),
        "pictures": packed(pictures),
        "indices": [int(n) for n in predictions.indices],
        "labels": [int(n) for n in predictions.labels],
        "top": [[int(n) for n in row] for row in predictions.top],
        "shares": [[_number(x) for x in row] for row in predictions.shares],
        "onlyWrong": only_wrong,
    }


def _number(value: float) -> float | None:
    """A probability for JSON, which has no NaN: None instead."""
    return round(float(value), 5) if np.isfinite(value) else None


def prediction_stream(
    predictions: PredictionsLike,
    pictures: NDArray[np.uint8],
    classes: Sequence[str],
    *,
    key: str,
    only_wrong: bool = False,
    on_only_wrong: Callable[[bool], None] | None = None,
) -> None:
    """Draw the stream; `on_only_wrong` is called where the visitor asks for the wrong ones alone, or all."""

    def changed() -> None:
        reported = st.session_state[key]["wrong"]
        if on_only_wrong is not None and reported:
            on_only_wrong(bool(reported["value"]))

    data = stream_data(predictions, pictures, classes, only_wrong)
    view("prediction_stream")(key=key, data=data, on_wrong_change=changed)
