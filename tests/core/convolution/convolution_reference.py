"""The oracle: scipy's float64 correlation on a picture padded by numpy, kernels stuffed with zeros.

Fast enough for pictures of many bands, where `reference.four_loops` is not; both are held to be equal.
"""

from dataclasses import replace

import numpy as np
from scipy.signal import correlate2d

from cnnviz.core import plan
from cnnviz.core.convolution.convolve import prepare, run

NUMPY_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def convolve_by(engine, image, kernel, **settings):
    """convolve2d by a given engine; None lets `plan` choose."""
    job = prepare(image, kernel, **settings)
    chosen = plan(job.weights, stride=job.stride)
    return run(job, replace(chosen, engine=engine or chosen.engine))


def stuffed(kernel, dilation):
    """The kernel with d − 1 zeros between its weights: what dilation means."""
    spans = [d * (n - 1) + 1 for n, d in zip(kernel.shape[:2], dilation, strict=True)]
    wide = np.zeros((*spans, *kernel.shape[2:]))
    wide[:: dilation[0], :: dilation[1]] = kernel
    return wide


def reference(
    image, kernel, *, padding=(0, 0), padding_mode="zeros", stride=(1, 1), dilation=(1, 1), flip=False
):
    image, kernel = np.asarray(image, float), np.asarray(kernel, float)
    kernel = stuffed(kernel[::-1, ::-1] if flip else kernel, dilation)
    sides = [tuple(np.broadcast_to(amount, 2)) for amount in padding]
    padded = np.pad(image, sides + [(0, 0)] * (image.ndim - 2), mode=NUMPY_MODES[padding_mode])
    if image.ndim == 2:
        out = correlate2d(padded, kernel, "valid")
    elif kernel.ndim == 3:
        out = sum(correlate2d(padded[..., c], kernel[..., c], "valid") for c in range(image.shape[2]))
    else:
        planes = [correlate2d(padded[..., c], kernel, "valid") for c in range(image.shape[2])]
        out = np.stack(planes, axis=2)
    return out[:: stride[0], :: stride[1]]


def assert_close(result, expected, image, kernel, *, zeros=False):
    """1e-5 of the value range (picture's range times the sum of |weights|) plus float32's own rounding."""
    low, high = float(np.min(image)), float(np.max(image))
    if zeros:
        low, high = min(low, 0.0), max(high, 0.0)
    allowed = 1e-5 * (high - low) * np.abs(kernel).sum() + 2.4e-7 * np.abs(expected) + 1e-30
    assert result.shape == expected.shape
    assert result.dtype == np.float32
    assert result.flags.c_contiguous
    worst = np.max(np.abs(result - expected) / allowed)
    assert worst <= 1, f"{worst:.3g} times the error allowed"
