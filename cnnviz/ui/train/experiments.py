"""The "try this" of the training page: each sets every control that it needs; the visitor presses Start."""

from __future__ import annotations

from collections.abc import Callable

from cnnviz.engine.config.controls import Value
from cnnviz.ui.kit.page import Experiment
from cnnviz.ui.train import settings
from cnnviz.ui.train.settings import EPOCHS, STACK


def _set(stack: str = "small", epochs: int = 10, **changes: Value) -> Callable[[], None]:
    """The defaults, with this network and these settings."""

    def apply() -> None:
        settings.plain()
        STACK.choose(stack)
        settings.change(changes)
        EPOCHS.put(epochs)

    return apply


EXPERIMENTS = (
    Experiment(
        "Learn a hundred pictures by heart",
        "Press Start. Of its 100 training pictures the network soon has every one right, but on the "
        "validation pictures the loss turns and rises: overfitting. Then take more *Training pictures*.",
        _set(epochs=100, train_size=100, batch=32, rate=3e-3),
    ),
    Experiment(
        "Do without convolution",
        "Two hidden dense layers have 109,386 weights, twelve times those of *Small, two convolutions*, and "
        "after the same steps they are right about as often. A step takes less time all the same: a "
        "convolution uses each of its few weights at hundreds of places.",
        _set("dense_only", epochs=3),
    ),
    Experiment(
        "Watch the gradient fade",
        "13 convolutions in a row: in *Gradient flow*, the first layer gets less than a ten-thousandth of "
        "what the last one gets, and the loss stays where it is. Choose *Deep, residual* and start again: "
        "the same layers with shortcuts around them.",
        _set("deep_plain", epochs=2, optimizer="momentum", rate=0.01),
    ),
    Experiment(
        "Learn nonsense",
        "The labels are shuffled, so there is nothing to learn, and yet all 200 pictures are learned. On "
        "validation pictures it is right about one time in ten: chance.",
        _set(epochs=100, train_size=200, batch=64, rate=3e-3, shuffle_labels=True),
    ),
)
