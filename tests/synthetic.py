"""Small made-up pictures that a network can learn, for tests of training."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Part:
    images: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True)
class Parts:
    train: Part
    validation: Part
    test: Part


def stripes(counts=(320, 96, 96), shape=(1, 12, 12), classes=4, seed=0):
    """Pictures with one bright band, its place the class, in noise: learnt within some dozen steps."""
    rng = np.random.default_rng(seed)
    return Parts(*(_part(rng, count, shape, classes) for count in counts))


def _part(rng, count, shape, classes):
    labels = rng.integers(0, classes, count).astype(np.uint8)
    images = rng.integers(0, 90, (count, *shape)).astype(np.uint8)
    band = shape[1] // classes
    for image, label in zip(images, labels, strict=True):
        image[:, label * band : (label + 1) * band] += 120
    return Part(images, labels)


NAMES = ("top", "upper", "lower", "bottom")

NET = {
    "input": [1, 12, 12],
    "layers": [
        {"type": "conv", "channels": 4, "kernel": 3, "padding": 1},
        {"type": "relu"},
        {"type": "max_pool", "kernel": 2},
        {"type": "conv", "channels": 6, "kernel": 3, "padding": 1},
        {"type": "relu"},
        {"type": "max_pool", "kernel": 2},
        {"type": "flatten"},
        {"type": "dense", "units": 4},
    ],
}

RICH_NET = {
    "input": [1, 12, 12],
    "layers": [
        {"type": "conv", "channels": 4, "kernel": 3, "padding": 1, "bias": False},
        {"type": "batch_norm"},
        {"type": "relu"},
        {"type": "max_pool", "kernel": 2},
        {
            "type": "residual",
            "layers": [
                {"type": "conv", "channels": 4, "kernel": 3, "padding": 1},
                {"type": "dropout", "p": 0.2},
            ],
        },
        {"type": "leaky_relu"},
        {"type": "max_pool", "kernel": 2},
        {"type": "dropout", "p": 0.3},
        {"type": "flatten"},
        {"type": "dense", "units": 8},
        {"type": "sigmoid"},
        {"type": "dense", "units": 4},
    ],
}
