"""Working memory that is used again: fresh pages from the system cost as much as an addition each."""

from collections import deque
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

LARGEST_KEPT = 2 * 1024 * 1024
KEPT = 8

_free: deque[NDArray[np.uint8]] = deque(maxlen=KEPT)
"""Buffers between uses, for all threads: taking and giving back are single, atomic operations."""


class Scratch:
    """Buffers for one computation, given back when its `with` block ends."""

    def __init__(self) -> None:
        self._taken: list[NDArray[np.uint8]] = []

    def __enter__(self) -> "Scratch":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _free.extend(buffer for buffer in self._taken if buffer.size <= LARGEST_KEPT)
        self._taken = []

    def take(self, size: int, dtype: type) -> NDArray[Any]:
        """An uninitialised 1-D array of `size` items."""
        wanted = size * np.dtype(dtype).itemsize
        try:
            buffer = _free.pop()
        except IndexError:
            buffer = np.empty(0, np.uint8)
        if buffer.size < wanted:
            buffer = np.empty(wanted, np.uint8)
        self._taken.append(buffer)
        return buffer[:wanted].view(dtype)
