"""Global pooling: one window over the whole map, so that each map becomes one number."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.core.convolution.convolve import real_array
from cnnviz.core.pooling.pool import PoolMode, pool2d


def global_pool2d(image: ArrayLike, mode: PoolMode = "max") -> NDArray[np.float32]:
    """The largest value, the mean or √Σ x² of each whole map: (H, W) → (1, 1), (H, W, C) → (1, 1, C).

    Parameters
    ----------
    image : array_like, (H, W) or (H, W, C)
        Values, taken as they are.
    mode : {"max", "average", "l2"}
        What a window becomes.

    Returns
    -------
    ndarray of float32, (1, 1) or (1, 1, C)
        One value for each map.

    Raises
    ------
    ValueError, TypeError
        As `pool2d`.

    Notes
    -----
    It is ``pool2d`` with a window of the map's own size, and torch's adaptive_max_pool2d or
    adaptive_avg_pool2d to 1×1. Source: M. Lin, Q. Chen and S. Yan, "Network In
    Network", 2014, for the mean.

    Examples
    --------
    >>> from cnnviz.core import global_pool2d
    >>> global_pool2d([[1, 2], [3, 6]], "average")
    array([[3.]], dtype=float32)
    """
    values = real_array(image, "image")
    return pool2d(values, (values.shape[0], values.shape[1]), mode=mode)
