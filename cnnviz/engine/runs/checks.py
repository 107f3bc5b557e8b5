"""What a run may be asked for: each of these raises RefusedError, one sentence, or returns."""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Integral

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.sentences import short_repr
from cnnviz.engine.config.controls import LIVE
from cnnviz.engine.config.errors import RefusedError
from cnnviz.engine.config.train_config import TrainConfig

__all__ = ["LIVE", "check_may_change", "check_picture", "check_split", "check_steps_left", "whole_steps"]

_LONGER = ("max_steps", "max_seconds")
_SPLITS = ("train", "validation", "test")


def whole_steps(count: object) -> int:
    """`count` as a number of steps."""
    if isinstance(count, bool) or not isinstance(count, Integral) or count < 0:
        raise RefusedError(f"A run does a whole number of steps, 0 or more, not {short_repr(count)}.")
    return int(count)


def check_may_change(names: Iterable[str], *, ended: bool = False) -> None:
    """Whether these settings may change: during a run, or where one that has `ended` goes on."""
    allowed = (*LIVE, *_LONGER) if ended else LIVE
    for name in names:
        if name not in allowed:
            raise RefusedError(f"{name!r} does not change during a run; {', '.join(allowed)} do.")


def check_picture(picture: NDArray[np.uint8], shape: tuple[int, ...]) -> None:
    """Whether a picture fits a network's input (C, H, W)."""
    if picture.dtype != np.uint8 or picture.shape != shape:
        raise RefusedError(
            f"The picture must be uint8 of shape {shape}, not {picture.dtype} of {picture.shape}."
        )


def check_split(split: str) -> None:
    """Whether there is such a part of a data set."""
    if split not in _SPLITS:
        raise RefusedError(f"The splits are train, validation and test, not {split!r}.")


def check_steps_left(done: int, config: TrainConfig, max_steps: int) -> None:
    """Whether a run of these settings goes on after `done` steps; `max_steps` is the server's bound."""
    if done >= max_steps:
        raise RefusedError(f"{done:,} steps are done, the most that a run may have here.")
    if config.max_steps is not None and done >= config.max_steps:
        raise RefusedError(
            f"All {done:,} steps are done: restart_from_last(max_steps={2 * done}) trains on to step "
            f"{2 * done:,}."
        )
