"""The "try this" of the training page: each sets every control that it needs; the visitor presses Start."""

from __future__ import annotations

from collections.abc import Callable

from cnnviz.engine.controls import Value
from cnnviz.ui.frame import Experiment
from cnnviz.ui.train import settings
from cnnviz.ui.train.settings import STACK


def _set(stack: str = "small", **changes: Value) -> Callable[[], None]:
    """The defaults, with this network and these settings."""

    def apply() -> None:
        settings.plain()
        STACK.choose(stack)
        settings.change(changes)

    return apply


EXPERIMENTS = (
    Experiment(
        "Learn a hundred pictures by heart",
        "With 100 training pictures every one of them is soon right, while the validation loss turns and "
        "rises: overfitting. Then raise *Dropout p*, or take more pictures.",
        _set(train_size=100, batch=32, max_steps=20 * 3),
    ),
    Experiment(
        "Do without convolution",
        "Two hidden dense layers have twelve times the weights of *Small, two convolutions*. Compare the "
        "validation accuracy, and the time per batch.",
        _set("dense_only"),
    ),
    Experiment(
        "Turn the rate up while it runs",
        "Start, then drag *Learning rate* to 0.1 and further: the loss jumps, and most of what was learned "
        "is gone. Drag it back: it has to learn again.",
        _set(optimizer="momentum", rate=0.01),
    ),
    Experiment(
        "Watch the gradient fade",
        "13 convolutions in a row. In *Gradient flow* the first layers get a small part of what the last "
        "one gets; choose *Deep, residual* and start again with the same seed.",
        _set("deep_plain", optimizer="momentum", rate=0.01),
    ),
)
