"""Convolution as in deep learning (cross-correlation) of a picture with one kernel."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.core.convolution.bands import Array, Job, working_memory
from cnnviz.core.convolution.engines import Direct, Separable, Tiles
from cnnviz.core.convolution.padding import PaddingMode, check_mode, pad
from cnnviz.core.convolution.planning import EngineName, Plan, plan
from cnnviz.core.convolution.sizes import as_pair, pad_amounts, span

REAL = "biuf"
MOST_PADDED = 100_000_000  # pixels; four times the largest picture that the app takes


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
    """Slide a kernel over a picture: out[y, x] = Σ kernel[i, j] · image[y·s + i·d − p, x·s + j·d − p].

    `image` is (H, W) or (H, W, C) of any real dtype; its values are used as they are. A kernel (kh, kw) is
    applied to each channel; one of (kh, kw, C) is summed over the channels into one map. The result is
    float32, (H', W') or (H', W', C), with H' = floor((H + padding − d·(kh − 1) − 1) / s) + 1.

    This is cross-correlation, what deep learning calls convolution; `flip=True` turns the kernel by 180°
    first, which is mathematical convolution. `padding` is "valid" (none), cells per side (one number or
    vertical, horizontal), or "same": ceil(H / s) × ceil(W / s) outputs, the odd cell after. `padding_mode`
    says what stands there, see `pad`. Stride s and dilation d are one number or (vertical, horizontal).

    Raises TypeError for complex or non-numeric arrays and for settings that are not whole numbers;
    ValueError, with the numbers in the sentence, where there is nothing to compute. Source of the formula:
    I. Goodfellow, Y. Bengio, A. Courville, "Deep Learning" (2016), equation 9.6; sizes as in `output_size`.
    """
    return convolve_by(
        None,
        image,
        kernel,
        padding=padding,
        padding_mode=padding_mode,
        stride=stride,
        dilation=dilation,
        flip=flip,
    )


def convolve_by(
    engine: EngineName | None,
    image: ArrayLike,
    kernel: ArrayLike,
    *,
    padding: object = "valid",
    padding_mode: object = "zeros",
    stride: object = 1,
    dilation: object = 1,
    flip: bool = False,
) -> NDArray[np.float32]:
    """`convolve2d` by a given engine; None lets `plan` choose. All agree within rounding."""
    job = prepare(image, kernel, padding, padding_mode, stride, dilation, flip)
    chosen = plan(job.weights, stride=job.stride)
    if engine not in (None, chosen.engine):
        chosen = Plan(engine, "as asked", chosen.factors)
    result = run(job, chosen)
    flat = np.ndim(image) == 2 or job.weights.ndim == 3
    return result[:, :, 0] if flat else result


def prepare(
    image: ArrayLike,
    kernel: ArrayLike,
    padding: object,
    padding_mode: object,
    stride: object,
    dilation: object,
    flip: bool,
) -> Job:
    """Check every argument and bring all of them into one form."""
    pixels = real_array(image, "image")
    weights = real_array(kernel, "kernel").astype(np.float64)
    if pixels.ndim == 2:
        pixels = pixels[:, :, None]
    if not np.isfinite(weights).all():
        raise ValueError("kernel must hold finite weights; it holds NaN or infinity")
    if weights.ndim == 3 and weights.shape[2] != pixels.shape[2]:
        raise ValueError(
            f"the kernel has {weights.shape[2]} channels and the picture {pixels.shape[2]}; they must match"
        )
    steps = as_pair(stride, "stride", 1)
    reach = as_pair(dilation, "dilation", 1)
    amounts = sides(pixels.shape, weights.shape, padding, reach)
    if flip:
        weights = weights[::-1, ::-1]
    mode = check_mode(padding_mode)
    check_fit(pixels.shape, weights.shape, amounts, reach)
    return Job(pixels, np.ascontiguousarray(weights), amounts, mode, steps, reach)


def real_array(values: ArrayLike, name: str) -> Array:
    """`values` as an array (H, W) or (H, W, C) of real numbers, without copying."""
    array = np.asarray(values)
    if array.dtype.kind not in REAL:
        raise TypeError(f"{name} must hold real numbers; its type is {array.dtype}")
    if array.ndim not in (2, 3):
        raise ValueError(f"{name} must have 2 or 3 axes; its shape {array.shape} has {array.ndim}")
    if array.size == 0:
        raise ValueError(f"{name} is empty: its shape is {array.shape}")
    return array


def sides(
    picture: tuple[int, ...], kernel: tuple[int, ...], padding: object, dilation: tuple[int, int]
) -> tuple[int, int, int, int]:
    """(top, bottom, left, right) cells of padding."""
    each: tuple[object, object] = (
        (padding, padding) if isinstance(padding, str) else as_pair(padding, "padding", 0)
    )
    top, bottom = pad_amounts(picture[0], kernel[0], each[0], dilation[0])
    left, right = pad_amounts(picture[1], kernel[1], each[1], dilation[1])
    return top, bottom, left, right


def check_fit(
    picture: tuple[int, ...],
    kernel: tuple[int, ...],
    amounts: tuple[int, int, int, int],
    dilation: tuple[int, int],
) -> None:
    """Raise, with the numbers, where the kernel does not fit into the padded picture, or that is nearly
    all padding and too large to compute.
    """
    top, bottom, left, right = amounts
    height, width = picture[0] + top + bottom, picture[1] + left + right
    if height * width > max(MOST_PADDED, 4 * picture[0] * picture[1]):
        raise ValueError(
            f"with this padding the picture would have {height}×{width} pixels; at most {MOST_PADDED:,} are "
            "computed where most of them are padding"
        )
    tall, wide = span(kernel[0], dilation[0]), span(kernel[1], dilation[1])
    if tall <= height and wide <= width:
        return
    reach = f"{dilation[0]}" if dilation[0] == dilation[1] else f"{dilation[0]}×{dilation[1]}"
    raise ValueError(
        f"a {kernel[0]}×{kernel[1]} kernel with dilation {reach} spans {tall}×{wide} cells; "
        f"the padded picture has {height}×{width}"
    )


def run(job: Job, chosen: Plan) -> NDArray[np.float32]:
    """Convolve band by band with the chosen engine; (H', W', channels), contiguous."""
    height, width = job.outputs
    out = np.empty((height, width * job.group), job.dtype)
    with np.errstate(all="ignore"), working_memory() as memory:
        offset = job.offset(0.5 if chosen.engine == "fft" else 8.0)
        engine: Direct | Separable | Tiles
        if chosen.engine == "separable":
            engine = Separable(job, offset, memory, chosen.factors)
        else:
            engine = Tiles(job, offset, memory) if chosen.engine == "fft" else Direct(job, offset, memory)
        back = offset * job.weights.sum()
        for first in range(0, height, engine.band_rows):
            last = min(first + engine.band_rows, height)
            engine.rows(first, last, out[first:last])
            if back:
                out[first:last] += back
        return out.reshape(height, width, job.group).astype(np.float32, copy=False)
