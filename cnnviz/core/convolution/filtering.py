"""Filtering a photo: settings in, float32 values out; both Sobel directions; the size formula in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.core.convolution.convolve import convolve2d
from cnnviz.core.convolution.padding import PaddingMode, check_mode
from cnnviz.core.convolution.sizes import as_pair, pad_amounts, span
from cnnviz.core.kernels.formulas import SOBEL_X, SOBEL_Y
from cnnviz.core.pictures.load import grey

Channels = Literal["grey", "each", "sum"]
PaddingChoice = Literal["valid", "same"] | tuple[int, int]
RGB = 3


@dataclass(frozen=True, eq=False)
class FilterSettings:
    """Everything that turns a picture into the filtered one.

    `kernel` is (kh, kw), or (kh, kw, 3) with channels "sum"; it is kept as a read-only float32 copy.
    `channels`: "grey" filters Y = 0.299 R + 0.587 G + 0.114 B; "each" filters red, green and blue by
    themselves; "sum" adds the three filtered channels up, a kernel (kh, kw) standing for three equal layers.
    `padding` is "valid", "same" or cells per side (vertical, horizontal); stride and dilation are pairs
    (vertical, horizontal); `flip` turns the kernel by 180°, which makes it mathematical convolution.
    Raises ValueError or TypeError, one sentence, for settings that have no meaning.
    """

    kernel: NDArray[np.float32]
    channels: Channels = "grey"
    padding: PaddingChoice = "same"
    padding_mode: PaddingMode = "zeros"
    stride: tuple[int, int] = (1, 1)
    dilation: tuple[int, int] = (1, 1)
    flip: bool = False

    def __post_init__(self) -> None:
        kernel = np.array(self.kernel, dtype=np.float32)
        if kernel.ndim not in {2, 3} or not kernel.size or (kernel.ndim == 3 and kernel.shape[2] != RGB):
            raise ValueError(f"A kernel has the shape (kh, kw) or (kh, kw, 3), not {kernel.shape}.")
        if self.channels not in get_args(Channels):
            raise ValueError(f'channels must be "grey", "each" or "sum", not {self.channels!r}.')
        if kernel.ndim == 3 and self.channels != "sum":
            raise ValueError(f'A kernel with three layers needs channels "sum", not "{self.channels}".')
        if self.padding not in ("valid", "same"):
            object.__setattr__(self, "padding", as_pair(self.padding, "padding", 0))
        check_mode(self.padding_mode)
        kernel.flags.writeable = False
        object.__setattr__(self, "kernel", kernel)
        object.__setattr__(self, "stride", as_pair(self.stride, "stride", 1))
        object.__setattr__(self, "dilation", as_pair(self.dilation, "dilation", 1))

    def layers(self) -> NDArray[np.float32]:
        """The kernel as it is summed over channels, (kh, kw, 3): a kernel (kh, kw) three times over."""
        if self.kernel.ndim == 3:
            return self.kernel
        return np.repeat(self.kernel[:, :, None], RGB, axis=2)

    def sides(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Cells of padding ((top, bottom), (left, right))."""
        vertical, horizontal = (self.padding, self.padding) if isinstance(self.padding, str) else self.padding
        return (
            pad_amounts(1, self.kernel.shape[0], vertical, self.dilation[0]),
            pad_amounts(1, self.kernel.shape[1], horizontal, self.dilation[1]),
        )


def apply(pixels: NDArray[np.uint8], settings: FilterSettings) -> NDArray[np.float32]:
    """The filtered picture: pixels uint8 (H, W, 3) to float32 (H', W'), or (H', W', 3) with channels "each".

    Nothing is clipped, rescaled or dropped. H' and W' are those of size_formula. Raises ValueError, with the
    numbers in it, where the kernel does not fit into the padded picture.
    """
    return convolve2d(
        grey(pixels) if settings.channels == "grey" else pixels,
        settings.layers() if settings.channels == "sum" else settings.kernel,
        padding=settings.padding,
        padding_mode=settings.padding_mode,
        stride=settings.stride,
        dilation=settings.dilation,
        flip=settings.flip,
    )


def sobel(
    grey_values: ArrayLike,
    *,
    padding: PaddingChoice = "same",
    padding_mode: PaddingMode = "replicate",
) -> dict[str, NDArray[np.float32]]:
    """Both Sobel derivatives of a grey picture, and the edge strength and direction made of them.

    Parameters
    ----------
    grey_values : array_like, (H, W)
        Any real dtype; never rescaled.
    padding, padding_mode
        As in `convolve2d`. The edge cells are repeated outside unless asked otherwise, so that the picture's
        border is not found as an edge.

    Returns
    -------
    dict of str to numpy.ndarray
        Each float32 (H', W'). "gx": positive where the right side is brighter; "gy": positive where the
        lower side is; "sum" = gx + gy; "abs_sum" = |gx| + |gy|; "magnitude" = √(gx² + gy²);
        "direction" = atan2(gy, gx) in radians from −π to π, towards the brighter side: 0 to the right and
        π/2 down (clockwise on the screen, because y points down), and 0 where the magnitude is 0.

    Raises
    ------
    TypeError, ValueError
        As `convolve2d`.

    Notes
    -----
    Kernels: Sobel & Feldman 1968, in Duda & Hart, Pattern Classification and Scene Analysis, 1973.

    Examples
    --------
    >>> found = sobel([[0, 0, 10, 10]] * 3)
    >>> found["gx"][1].tolist(), found["gy"][1].tolist()
    ([0.0, 40.0, 40.0, 0.0], [0.0, 0.0, 0.0, 0.0])
    >>> sobel([[10, 10, 0, 0]] * 3)["direction"][1].round(4)
    array([0.    , 3.1416, 3.1416, 0.    ], dtype=float32)
    """
    gx = convolve2d(grey_values, SOBEL_X, padding=padding, padding_mode=padding_mode)
    gy = convolve2d(grey_values, SOBEL_Y, padding=padding, padding_mode=padding_mode)
    gy += 0  # -0 becomes 0, so that straight to the left is always π and never −π
    magnitude = np.hypot(gx, gy)
    return {
        "gx": gx,
        "gy": gy,
        "sum": gx + gy,
        "abs_sum": np.abs(gx) + np.abs(gy),
        "magnitude": magnitude,
        "direction": np.where(magnitude > 0, np.arctan2(gy, gx), np.float32(0)),
    }


def size_formula(n: int, kernel: int, stride: int, before: int, after: int, dilation: int) -> str:
    """LaTeX of one axis's output size with the numbers in it, without dollar signs.

    Parameters
    ----------
    n, kernel : int
        Cells of the axis and of the kernel.
    stride : int
    before, after : int
        Cells of padding on each side.
    dilation : int

    Returns
    -------
    str

    Raises
    ------
    ValueError
        With the numbers in it, where the size would be below 1.

    Notes
    -----
    ⌊(n + p_before + p_after − d·(k − 1) − 1) / s⌋ + 1 (Dumoulin & Visin, A Guide to Convolution Arithmetic
    for Deep Learning, 2016, with the padding of each side kept apart).

    Examples
    --------
    >>> print(size_formula(28, 3, 1, 1, 1, 1))
    \\lfloor (28 + 1 + 1 - 1 \\cdot (3 - 1) - 1) \\,/\\, 1 \\rfloor + 1 = 28
    """
    reach = span(kernel, dilation)
    if n + before + after < reach:
        raise ValueError(
            f"A kernel of {kernel} with dilation {dilation} spans {reach} cells, but the padded axis has "
            f"{n + before + after}."
        )
    size = (n + before + after - reach) // stride + 1
    top = rf"{n} + {before} + {after} - {dilation} \cdot ({kernel} - 1) - 1"
    # On one level and without \left and \right, so that it wraps on a phone.
    return rf"\lfloor ({top}) \,/\, {stride} \rfloor + 1 = {size}"
