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
    """Cells from a dilated kernel's first tap to its last, both included: dilation · (kernel − 1) + 1."""
    return as_integer(dilation, "dilation", 1) * (as_integer(kernel, "kernel", 1) - 1) + 1


def pad_amounts(n: int, kernel: int, padding: object = 0, dilation: int = 1) -> tuple[int, int]:
    """Cells added (before, after) an axis of `n` cells.

    "valid" adds none and a number p adds p on each side. "same" adds span − 1 in all, half of it before;
    an odd cell goes after. It does not depend on the stride, so a stride of s gives every s-th output of
    stride 1, ceil(n / s) of them.
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
    """Outputs along an axis of `n` cells: floor((n + padding − span) / stride) + 1.

    `padding` is per side, or "valid" or "same". With `ceil_mode` the division rounds up (so a window may
    hang over the end), but one that would start in the padding after the last cell is left out, as in torch's
    pooling. Raises ValueError
    with the numbers in it where there would be no output.
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
    """Last cells of the padded axis that no window reaches because the stride does not divide the room."""
    outputs = output_size(n, kernel, stride=stride, padding=padding, dilation=dilation)
    before, after = pad_amounts(n, kernel, padding, dilation)
    return int(n) + before + after - ((outputs - 1) * int(stride) + span(kernel, dilation))
