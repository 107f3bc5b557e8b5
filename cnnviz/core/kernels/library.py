"""The kernel library, and functions for any kernel. The entries are in table.py."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.core.kernels.model import LARGEST, Kernel, Parameter, Weights
from cnnviz.core.kernels.table import ENTRIES
from cnnviz.core.kernels.text import format_kernel, parse_kernel

__all__ = [
    "KERNELS",
    "LARGEST",
    "Kernel",
    "Parameter",
    "Weights",
    "divide_by_sum",
    "format_kernel",
    "frequency_response",
    "is_symmetric",
    "parse_kernel",
]

KERNELS: Mapping[str, Kernel] = MappingProxyType({kernel.id: kernel for kernel in ENTRIES})


def divide_by_sum(weights: ArrayLike) -> Weights:
    """w / Σw as float32 of the same shape, so that the brightness of a flat area is kept.

    Parameters
    ----------
    weights : array_like, (kh, kw) or (kh, kw, 3)
        The kernel.

    Returns
    -------
    ndarray of float32
        The weights divided by their sum.

    Raises
    ------
    ValueError
        Where the sum is 0 within 1e-9, or within what rounding to float32 can leave (2⁻²² · Σ|w|).

    Examples
    --------
    >>> from cnnviz.core import divide_by_sum
    >>> divide_by_sum([[1, 2, 1]])
    array([[0.25, 0.5 , 0.25]], dtype=float32)
    """
    exact = np.asarray(weights, dtype=np.float64)
    total = float(exact.sum())
    if abs(total) <= max(1e-9, 2.0**-22 * float(np.abs(exact).sum())):
        raise ValueError("The weights add up to 0, so they cannot be divided by their sum.")
    return (exact / total).astype(np.float32)


def is_symmetric(weights: ArrayLike) -> bool:
    """True where a kernel (kh, kw) or (kh, kw, 3) equals itself turned by 180°: convolution = correlation.

    Parameters
    ----------
    weights : array_like, (kh, kw) or (kh, kw, 3)
        The kernel.

    Returns
    -------
    bool
        Whether turning the kernel changes nothing.

    Examples
    --------
    >>> from cnnviz.core import KERNELS, is_symmetric
    >>> is_symmetric(KERNELS["gaussian"].weights), is_symmetric(KERNELS["sobel_right"].weights)
    (True, False)
    """
    array = np.asarray(weights)
    return bool(np.array_equal(array, array[::-1, ::-1]))


def frequency_response(weights: ArrayLike, size: int = 64) -> NDArray[np.float32]:
    """How much of each spatial frequency a kernel lets through: |DFT| of the kernel padded with zeros.

    Parameters
    ----------
    weights : array_like, (kh, kw) or (kh, kw, 3)
        The kernel.
    size : int
        Frequencies along each axis.

    Returns
    -------
    ndarray of float32, (size, size)
        R, with the frequency (0, 0) at [size // 2, size // 2].

    Raises
    ------
    ValueError
        Where the kernel is larger than `size`.

    Notes
    -----
    R(v, u) = |Σ_y Σ_x w(y, x) · exp(−2πi (u·x + v·y) / size)|, float32 (size, size), with the frequency
    (0, 0) at [size // 2, size // 2]; u and v count waves per `size` pixels from −size/2 to size/2 − 1, so the
    outermost is the finest pattern that pixels can carry. R(0, 0) = |Σw| and no R exceeds Σ|w|. Convolution
    and correlation have the same R. A kernel (kh, kw, 3) is added up over its channels first, which gives the
    response to a grey picture.

    Examples
    --------
    >>> from cnnviz.core import frequency_response
    >>> float(frequency_response([[0.25, 0.5, 0.25]])[32, 32])
    1.0
    """
    array = np.asarray(weights, dtype=np.float64)
    if array.ndim == 3:
        array = array.sum(axis=2)
    if max(array.shape) > size:
        raise ValueError(
            f"A {array.shape[0]}×{array.shape[1]} kernel does not fit in {size}×{size} frequencies."
        )
    return np.abs(np.fft.fftshift(np.fft.fft2(array, s=(size, size)))).astype(np.float32)
