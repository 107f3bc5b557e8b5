"""The definition of convolution in deep learning, as four loops: slow, and short enough to check by eye.

Source: I. Goodfellow, Y. Bengio, A. Courville, "Deep Learning" (2016), equation 9.6, with stride and
dilation. The picture is padded before (`pad`). A kernel of all channels gives products that are still to be
added over the channels. The page Filter a photo shows this function, and the tests hold `convolve2d` to it.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def four_loops(
    padded: NDArray[Any], kernel: NDArray[Any], stride: tuple[int, int], dilation: tuple[int, int]
) -> NDArray[np.float64]:
    """out[y, x] = Σ kernel[i, j] · padded[y·sy + i·dy, x·sx + j·dx], for each channel."""
    (sy, sx), (dy, dx), (kh, kw) = stride, dilation, kernel.shape[:2]
    height = (padded.shape[0] - dy * (kh - 1) - 1) // sy + 1
    width = (padded.shape[1] - dx * (kw - 1) - 1) // sx + 1
    out = np.zeros((height, width, *padded.shape[2:]))
    for y in range(height):
        for x in range(width):
            for i in range(kh):
                for j in range(kw):
                    out[y, x] += kernel[i, j] * padded[y * sy + i * dy, x * sx + j * dx]
    return out
