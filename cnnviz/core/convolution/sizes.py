"""The arithmetic of sizes along one axis: how far a kernel reaches, how much padding, how many outputs.

The relations are those of V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep
learning" (2016), with the padding of each side kept apart so that "same" is exact for even kernels too.
"""

from numbers import Integral
from typing import Literal

import numpy as np

Padding = int | Literal["valid", "same"]


def as_integer(value: object, name: str, minimum: int) -> int:
    """`value` as a plain int; numpy integers pass, bools, floats and anything below `minimum` do not."""
    if type(value) is int and value >= minimum:
        return value
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, Integral):
        raise TypeError(f"{name} must be a whole number, not {value!r}")
    if value < minimum:
        raise ValueError(f"{name} must be at least {minimum}, not {value}")
    return int(value)


def as_pair(value: object, name: str, minimum: int) -> tuple[int, int]:
    """One number for both axes, or a (vertical, horizontal) pair of numbers, checked and as plain ints."""
    if isinstance(value, (tuple, list)) or (isinstance(value, np.ndarray) and value.ndim == 1):
        if len(value) != 2:
            raise ValueError(f"{name} must be one number or (vertical, horizontal), not {len(value)} numbers")
        return as_integer(value[0], name, minimum), as_integer(value[1], name, minimum)
    both = as_integer(value, name, minimum)
    return both, both


def span(kernel: int, dilation: int = 1) -> int:
    """Cells from a dilated kernel's first tap to its last, both included.

    Parameters
    ----------
    kernel : int
        Taps along the axis, at least 1.
    dilation : int
        Distance of neighbouring taps, at least 1.

    Returns
    -------
    int
        dilation · (kernel − 1) + 1.

    Raises
    ------
    TypeError, ValueError
        For arguments that are not whole numbers of at least 1.

    Examples
    --------
    >>> span(3), span(3, 2), span(7, 3)
    (3, 5, 19)
    """
    return as_integer(dilation, "dilation", 1) * (as_integer(kernel, "kernel", 1) - 1) + 1


def pad_amounts(n: int, kernel: int, padding: object = 0, dilation: int = 1) -> tuple[int, int]:
    """Cells of padding before and after an axis.

    Parameters
    ----------
    n : int
        Cells of the axis.
    kernel : int
    padding : "valid", "same" or int
        "valid" adds none and a number p adds p on each side. "same" adds span − 1 in all, half of it before;
        an odd cell goes after.
    dilation : int

    Returns
    -------
    (int, int)
        Cells before and after.

    Raises
    ------
    TypeError, ValueError
        For a padding that is none of these, and for numbers that are not whole or too small.

    Notes
    -----
    "same" does not depend on the stride, so a stride of s gives every s-th output of stride 1, ceil(n / s)
    of them.

    Examples
    --------
    >>> pad_amounts(28, 5, "same")
    (2, 2)
    >>> pad_amounts(28, 4, "same")
    (1, 2)
    >>> pad_amounts(28, 5, 3)
    (3, 3)
    """
    as_integer(n, "n", 1)
    reach = span(kernel, dilation)
    if isinstance(padding, str):
        if padding not in ("valid", "same"):
            raise ValueError(f'padding must be "valid", "same" or whole numbers, not {padding!r}')
        total = reach - 1 if padding == "same" else 0
        return total // 2, total - total // 2
    side = as_integer(padding, "padding", 0)
    return side, side


def output_size(
    n: int,
    kernel: int,
    *,
    stride: int = 1,
    padding: object = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
) -> int:
    """Outputs of a convolution or a pooling along one axis.

    Parameters
    ----------
    n : int
        Cells of the axis.
    kernel : int
    stride : int
    padding : int, "valid" or "same"
        Cells on each side, or as in `pad_amounts`.
    dilation : int
    ceil_mode : bool
        Round up instead of down, so that the last window may hang over the end; one that would start in the
        padding after the last cell is left out, as in PyTorch's pooling.

    Returns
    -------
    int
        floor((n + padding before + padding after − span) / stride) + 1, with span as in `span`.

    Raises
    ------
    TypeError
        For arguments that are not whole numbers.
    ValueError
        With the numbers in it, where there would be no output.

    Notes
    -----
    Source: V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep learning" (2016).

    Examples
    --------
    >>> output_size(28, 3), output_size(28, 3, padding=1), output_size(28, 3, stride=2, padding="same")
    (26, 28, 14)
    >>> output_size(5, 2, stride=2), output_size(5, 2, stride=2, ceil_mode=True)
    (2, 3)
    >>> output_size(4, 3, dilation=2)
    Traceback (most recent call last):
        ...
    ValueError: a kernel of 3 with dilation 2 spans 5 cells; the padded axis has 4
    """
    stride = as_integer(stride, "stride", 1)
    before, after = pad_amounts(n, kernel, padding, dilation)
    reach = span(kernel, dilation)
    padded = int(n) + before + after
    room = padded - reach
    outputs = (-(-room // stride) if ceil_mode else room // stride) + 1
    if ceil_mode and (outputs - 1) * stride >= n + before:
        outputs -= 1
    if outputs < 1:
        raise ValueError(
            f"a kernel of {kernel} with dilation {dilation} spans {reach} cells; the padded axis has {padded}"
        )
    return outputs


def dropped(n: int, kernel: int, stride: int = 1, padding: object = 0, dilation: int = 1) -> int:
    """Last cells of the padded axis that no window reaches, because the stride does not divide evenly.

    Parameters
    ----------
    n, kernel, stride, padding, dilation
        As in `output_size`.

    Returns
    -------
    int
        n + padding − ((outputs − 1) · stride + span), from 0 to stride − 1.

    Raises
    ------
    TypeError, ValueError
        As `output_size`.

    Examples
    --------
    >>> dropped(10, 3, stride=2), dropped(11, 3, stride=2)
    (1, 0)
    """
    outputs = output_size(n, kernel, stride=stride, padding=padding, dilation=dilation)
    before, after = pad_amounts(n, kernel, padding, dilation)
    return int(n) + before + after - ((outputs - 1) * int(stride) + span(kernel, dilation))
