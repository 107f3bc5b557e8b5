"""The weights of a run that has ended: tested, and as a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cnnviz.engine.config.errors import EngineError
from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.engine.runs.progress import State
from cnnviz.engine.runs.remote_session import RemoteSession

if TYPE_CHECKING:
    from torch import nn

__all__ = ["evaluate_state", "model_of"]


def evaluate_state(
    session: RemoteSession, config: TrainConfig, state: State, split: str, timeout: float
) -> dict[str, float]:
    """As `Run.evaluate`, of the weights in `state`, by a `session` that is started and stopped for it."""
    session.start(config, False, state)
    try:
        found = session.ask({"do": "evaluate", "split": split}, timeout)
    finally:
        session.stop()
    if found is None or "error" in found:
        why = session.progress.sentence or (found or {}).get("error")
        raise EngineError(why or "The evaluation took too long.")
    return found


def model_of(config: TrainConfig, weights: State) -> nn.Module:
    """The network of `config` with these weights (its first ones where there are none), in eval mode."""
    import torch  # noqa: PLC0415

    from cnnviz.engine.training.build import build  # noqa: PLC0415

    net: nn.Module = build(config.trained_net, config.seed, config.init)
    if weights:
        net.load_state_dict({name: torch.from_numpy(np.array(value)) for name, value in weights.items()})
    return net.eval()
