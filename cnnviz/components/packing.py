"""Arrays for the browser: base64 text of their bytes, little-endian, in C order."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["packed"]


def packed(array: NDArray[Any]) -> str:
    """The array's bytes as base64 text. JSON has no NaN and no infinity; bytes have."""
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")
