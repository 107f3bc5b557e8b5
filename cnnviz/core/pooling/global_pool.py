"""Global pooling: one window over the whole map, so that each map becomes one number."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.core.convolution.convolve import real_array
from cnnviz.core.pooling.pool import PoolMode, pool2d


def global_pool2d(image: ArrayLike, mode: PoolMode = "max") -> NDArray[np.float32]:
    """The largest value, the mean or √Σ x² of each whole map: (H, W) → (1, 1), (H, W, C) → (1, 1, C).

    It is ``pool2d`` with a window of the map's own size, and torch's adaptive_max_pool2d or
    adaptive_avg_pool2d to 1×1. Errors as in `pool2d`. Source: M. Lin, Q. Chen and S. Yan, "Network In
    Network", 2014, for the mean.
    """
    values = real_array(image, "image")
    return pool2d(values, (values.shape[0], values.shape[1]), mode=mode)
