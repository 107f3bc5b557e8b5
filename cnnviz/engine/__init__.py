"""Networks in torch: building, training in a process of its own, and looking inside. No Streamlit.

Names are fetched when first used: the web process imports the torch-free modules (`config`, `wire`,
`runs`, `diagnosis` and the client side of `processes`) without ever importing torch.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnnviz.engine.config.train_config import TrainConfig
    from cnnviz.engine.runs.run import Run
    from cnnviz.engine.runs.start import start_training
    from cnnviz.engine.training.build import build

__all__ = ["Run", "TrainConfig", "build", "start_training"]

_HOMES = {
    "Run": "cnnviz.engine.runs.run",
    "TrainConfig": "cnnviz.engine.config.train_config",
    "build": "cnnviz.engine.training.build",
    "start_training": "cnnviz.engine.runs.start",
}


def __getattr__(name: str) -> object:
    """Import the module that holds `name`, once; AttributeError for what is not public."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
