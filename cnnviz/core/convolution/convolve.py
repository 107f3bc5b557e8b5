"""Convolution as in deep learning (cross-correlation) of a picture with one kernel."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.core.convolution.bands import Array, Convolution, working_memory
from cnnviz.core.convolution.engines import Direct, OverlapSave, Separable
from cnnviz.core.convolution.padding import PaddingMode, check_mode
from cnnviz.core.convolution.planning import Plan, plan
from cnnviz.core.convolution.sizes import as_pair, pad_amounts, span

REAL_KINDS = "biuf"
MAX_PADDED = 100_000_000  # pixels; four times the largest picture that the app takes


def convolve2d(
    image: ArrayLike,
    kernel: ArrayLike,
    *,
    padding: Literal["valid", "same"] | int | tuple[int, int] = "valid",
    padding_mode: PaddingMode = "zeros",
    stride: int | tuple[int, int] = 1,
    dilation: int | tuple[int, int] = 1,
    flip: bool = False,
) -> NDArray[np.float32]:
    """Slide a kernel over a picture; each output is the sum of the pixels times the weights over them.

    This is cross-correlation, what deep learning calls convolution; `flip=True` is the convolution of
    mathematics.

    Parameters
    ----------
    image : array_like, (H, W) or (H, W, C)
        Any real dtype; the values are used as they are, never rescaled.
    kernel : array_like, (kh, kw) or (kh, kw, C)
        (kh, kw) is applied to each channel; (kh, kw, C) is summed over the channels into one map.
    padding : "valid", "same", int or (int, int)
        None, or cells per side (vertical, horizontal). "same" gives ceil(H / s) × ceil(W / s) outputs and
        pads dilation · (k − 1) cells in all, the odd cell after (bottom, right).
    padding_mode : "zeros", "reflect", "replicate" or "circular"
        What stands in the padding, as in `pad`.
    stride, dilation : int or (int, int)
        One number or (vertical, horizontal).
    flip : bool
        Turn the kernel by 180° first.

    Returns
    -------
    numpy.ndarray
        float32, (H', W') or (H', W', C), with H' = floor((H + padding − d·(kh − 1) − 1) / s) + 1.

    Raises
    ------
    TypeError
        For complex or non-numeric arrays and for settings that are not whole numbers.
    ValueError
        With the numbers in the sentence, where there is nothing to compute: a kernel that does not fit or
        holds NaN, channels that do not match, a padding that would not fit into memory.

    Notes
    -----
    out[y, x] = Σ kernel[i, j] · image[y·s + i·d − p, x·s + j·d − p]. Source: I. Goodfellow, Y. Bengio,
    A. Courville, "Deep Learning" (2016), equation 9.6; sizes as in `output_size`. `reference.py` has the
    definition as four loops. The sums are computed in float32 unless that would overflow.

    Examples
    --------
    >>> import numpy as np
    >>> image = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    >>> convolve2d(image, [[1, 2], [3, 4]])
    array([[37., 47.],
           [67., 77.]], dtype=float32)
    >>> convolve2d(image, [[1, 2], [3, 4]], flip=True)
    array([[23., 33.],
           [53., 63.]], dtype=float32)
    >>> convolve2d(image, np.ones((3, 3)), padding="same", stride=2)
    array([[12., 16.],
           [24., 28.]], dtype=float32)
    """
    conv = prepare(image, kernel, padding, padding_mode, stride, dilation, flip)
    return run(conv, plan(conv.weights, stride=conv.stride))


def prepare(
    image: ArrayLike,
    kernel: ArrayLike,
    padding: object = "valid",
    padding_mode: object = "zeros",
    stride: object = 1,
    dilation: object = 1,
    flip: bool = False,
) -> Convolution:
    """Check every argument of `convolve2d` and bring all of them into one form."""
    pixels = real_array(image, "image")
    weights = real_array(kernel, "kernel").astype(np.float64)
    if not np.isfinite(weights).all():
        raise ValueError("kernel must hold finite weights; it holds NaN or infinity")
    channels = pixels.shape[2] if pixels.ndim == 3 else 1
    if weights.ndim == 3 and weights.shape[2] != channels:
        raise ValueError(
            f"the kernel has {weights.shape[2]} channels and the picture {channels}; they must match"
        )
    steps, reach = as_pair(stride, "stride", 1), as_pair(dilation, "dilation", 1)
    amounts = (padding, padding) if isinstance(padding, str) else as_pair(padding, "padding", 0)
    (height, width), (kh, kw) = pixels.shape[:2], weights.shape[:2]
    pads = (*pad_amounts(height, kh, amounts[0], reach[0]), *pad_amounts(width, kw, amounts[1], reach[1]))
    mode = check_mode(padding_mode)
    check_fit((height, width), (kh, kw), pads, reach)
    weights = np.ascontiguousarray(weights[::-1, ::-1] if flip else weights)
    return Convolution(pixels, weights, pads, mode, steps, reach)


def real_array(values: ArrayLike, name: str) -> Array:
    """`values` as an array (H, W) or (H, W, C) of real numbers, without copying."""
    array = np.asarray(values)
    if array.dtype.kind not in REAL_KINDS:
        raise TypeError(f"{name} must hold real numbers; its type is {array.dtype}")
    if array.ndim not in (2, 3):
        raise ValueError(f"{name} must have 2 or 3 axes; its shape {array.shape} has {array.ndim}")
    if array.size == 0:
        raise ValueError(f"{name} is empty: its shape is {array.shape}")
    return array


def check_fit(
    picture: tuple[int, int],
    kernel: tuple[int, int],
    pads: tuple[int, int, int, int],
    dilation: tuple[int, int],
) -> None:
    """Raise, with the numbers, where the kernel does not fit into the padded picture, or that is nearly
    all padding and too large to compute.
    """
    height, width = picture[0] + pads[0] + pads[1], picture[1] + pads[2] + pads[3]
    if height * width > max(MAX_PADDED, 4 * picture[0] * picture[1]):
        raise ValueError(
            f"with this padding the picture would have {height}×{width} pixels; at most {MAX_PADDED:,} are "
            "computed where most of them are padding"
        )
    tall, wide = span(kernel[0], dilation[0]), span(kernel[1], dilation[1])
    if tall > height or wide > width:
        reach = f"{dilation[0]}" if dilation[0] == dilation[1] else f"{dilation[0]}×{dilation[1]}"
        raise ValueError(
            f"a {kernel[0]}×{kernel[1]} kernel with dilation {reach} spans {tall}×{wide} cells; "
            f"the padded picture has {height}×{width}"
        )


def run(conv: Convolution, chosen: Plan) -> NDArray[np.float32]:
    """Convolve with the chosen engine, band by band of output rows."""
    height, width = conv.outputs
    out = np.empty((height, width * conv.group), conv.dtype)
    engine: Direct | Separable | OverlapSave
    with np.errstate(all="ignore"), working_memory() as memory:
        offset = conv.offset(0.5 if chosen.engine == "fft" else 8.0)
        if chosen.engine == "separable":
            engine = Separable(conv, offset, memory, chosen.factors)
        else:
            engine = (OverlapSave if chosen.engine == "fft" else Direct)(conv, offset, memory)
        back = offset * conv.weights.sum()
        for first in range(0, height, engine.band_rows):
            last = min(first + engine.band_rows, height)
            engine.rows(first, last, out[first:last])
            if back:
                out[first:last] += back
        result = out.astype(np.float32, copy=False)
    return result if conv.image.ndim == 2 or conv.weights.ndim == 3 else result.reshape(height, width, -1)
