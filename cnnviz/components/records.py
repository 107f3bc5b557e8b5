"""The records of a training run that views read, as protocols: cnnviz.engine.wire.records without the import.

Views do not depend on the engine; any object with these attributes works.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["ConfusionLike", "FiltersLike", "MapsLike", "PredictionsLike", "SubStepLike"]


class MapsLike(Protocol):
    """Outputs of every layer for one picture."""

    @property
    def step(self) -> int: ...
    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]: ...
    @property
    def channels(self) -> tuple[int, ...]: ...
    @property
    def picture(self) -> NDArray[np.uint8]: ...
    @property
    def values(self) -> NDArray[np.float32]: ...


class FiltersLike(Protocol):
    """Weights of a convolution, (C_out, C_in, kernel height, kernel width)."""

    @property
    def layer(self) -> int: ...
    @property
    def weights(self) -> NDArray[np.float32]: ...


class PredictionsLike(Protocol):
    """The k most likely classes of N pictures."""

    @property
    def step(self) -> int: ...
    @property
    def indices(self) -> NDArray[Any]: ...
    @property
    def labels(self) -> NDArray[Any]: ...
    @property
    def top(self) -> NDArray[Any]: ...
    @property
    def shares(self) -> NDArray[np.float32]: ...


class ConfusionLike(Protocol):
    """Counts by true (row) and predicted (column) class."""

    @property
    def step(self) -> int: ...
    @property
    def split(self) -> str: ...
    @property
    def counts(self) -> NDArray[Any]: ...


class SubStepLike(Protocol):
    """One named part of a step, with its numbers."""

    @property
    def stage(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def sentence(self) -> str: ...
    @property
    def numbers(self) -> Mapping[str, NDArray[np.float32]]: ...
