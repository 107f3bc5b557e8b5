"""Records of an invented run, for the views that draw them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.wire.records import Confusion, Filters, Maps, Predictions, SubStep

CLASSES = ("cat", "dog", "elephant")


def maps(step: int = 7, scale: float = 1.0) -> Maps:
    """Two 4×4 maps, one of them negative in places, their flat vector, and three outputs."""
    first = scale * np.arange(-4, 28, dtype=np.float32)
    values = np.concatenate([first, first, np.array([0.5, -2.0, 1.0], np.float32)])
    picture = np.arange(64, dtype=np.uint8).reshape(1, 8, 8)
    return Maps(step, ((2, 4, 4), (32,), (3,)), (2, 32, 3), picture, values)


def filters(weights: NDArray[np.float32] | None = None) -> Filters:
    plain = np.linspace(-1, 1, 18, dtype=np.float32).reshape(2, 1, 3, 3)
    return Filters(7, 0, plain if weights is None else weights)


def predictions() -> Predictions:
    """Four pictures, the last one taken for another class."""
    top = np.array([[0, 1, 2], [1, 0, 2], [2, 1, 0], [1, 0, 2]], np.int32)
    shares = np.array([[0.9, 0.06, 0.04], [0.5, 0.3, 0.2], [0.7, 0.2, 0.1], [0.6, 0.3, 0.1]], np.float32)
    return Predictions(7, "test", np.array([4, 9, 2, 0]), np.array([0, 1, 2, 0]), top, shares)


def confusion() -> Confusion:
    labels = np.array([0, 0, 0, 1, 1, 2, 2, 2], np.int32)
    guesses = np.array([0, 0, 1, 1, 1, 2, 0, 2], np.int32)
    counts = np.zeros((3, 3), np.int32)
    np.add.at(counts, (labels, guesses), 1)
    return Confusion(7, "validation", counts, np.arange(8, dtype=np.int32), labels, guesses)


def slow_steps() -> list[SubStep]:
    pictures = np.linspace(0, 1, 2 * 64, dtype=np.float32).reshape(2, 1, 8, 8)
    weight = np.linspace(-1, 1, 18, dtype=np.float32).reshape(2, 1, 3, 3)
    return [
        SubStep(
            8,
            "batch",
            "Draw a batch",
            "Two pictures.",
            0,
            {"pictures": pictures, "labels": np.array([2.0, 0.0], np.float32)},
        ),
        SubStep(
            8,
            "forward",
            "Forward",
            "Maps come out.",
            0,
            {"weight": weight, "bias": np.array([0.25, -1.5], np.float32)},
        ),
        SubStep(
            8,
            "update",
            "Update",
            "Weights move.",
            0,
            {"rate": np.array(0.125, np.float32), "change of weight": weight / 8},
        ),
    ]
