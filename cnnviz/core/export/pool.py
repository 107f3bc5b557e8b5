"""The PyTorch script that gives the very numbers of the page "Pooling", gradient included.

A script that works on the picture reads "picture.png" from the current folder. It leaves the pooled maps in
`output` (1, C, H', W') and the gradient of their sum in `gradient` (1, C, H, W). A test runs the scripts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.kernels.text import format_number
from cnnviz.core.pictures.load import GREY_WEIGHTS
from cnnviz.core.pooling.pool import PoolMode
from cnnviz.core.pooling.shapes import Window, pooled_shape

Pair = tuple[int, int]
_HEAD = ["import torch", "from torch.nn import functional as F"]
_PICTURE = [
    "import numpy as np",
    "from PIL import Image",
    "",
    'picture = torch.from_numpy(np.asarray(Image.open("picture.png").convert("RGB"), dtype=np.float32))',
    f"grey = picture @ torch.tensor({list(GREY_WEIGHTS)})",
]


def numbers_lines(values: NDArray[np.float32]) -> list[str]:
    """`x` (1, 1, H, W) with these values."""
    rows = ["    [" + ", ".join(format_number(float(v)) for v in row) + "]," for row in values]
    return [*_HEAD, "", "x = torch.tensor([", *rows, "], dtype=torch.float32)[None, None]"]


def picture_lines(at: Pair | None = None, shape: Pair | None = None) -> list[str]:
    """`x` (1, 1, H, W): the picture in grey, or the piece of it of this shape that begins at `at`."""
    if at is None or shape is None:
        return [*_HEAD, *_PICTURE, "x = grey[None, None]"]
    (top, left), (rows, cols) = at, shape
    return [*_HEAD, *_PICTURE, f"x = grey[{top}:{top + rows}, {left}:{left + cols}][None, None]"]


def filtered_lines(kernels: Sequence[NDArray[np.float32]], last_line: str) -> list[str]:
    """`x`: the picture in grey through these kernels, the edge cells repeated outside; `last_line`
    computes it from `maps` (1, C, H, W)."""
    listed = [
        "    ["
        + ", ".join("[" + ", ".join(format_number(float(w)) for w in row) + "]" for row in kernel)
        + "],"
        for kernel in kernels
    ]
    rows, cols = kernels[0].shape
    pad = (cols - 1) // 2, cols // 2, (rows - 1) // 2, rows // 2
    return [
        *_HEAD,
        *_PICTURE,
        "kernels = torch.tensor([",
        *listed,
        "], dtype=torch.float32)[:, None]",
        f'maps = F.conv2d(F.pad(grey[None, None], {pad}, mode="replicate"), kernels)',
        last_line,
    ]


SOBEL_LAST = "x = (maps**2).sum(1, keepdim=True).sqrt()  # √(Gx² + Gy²)"
RELU_LAST = "x = F.relu(maps)"


def pool_script(source: Sequence[str], shape: Pair, window: Window, mode: PoolMode, times: int = 1) -> str:
    """The whole script: `source` makes `x`, whose maps have this (H, W); then the pools and the gradient.

    torch leaves the padding of an L2 pool to the caller; a window that begins in it is then cut off.
    """
    lines = [*source, "x.requires_grad_()", "output = x"]
    for _ in range(times):
        lines.append(f"output = {_call(window, mode, shape)}")
        shape = pooled_shape(shape, window)
    shape_comment = f"# (1, number of maps, {shape[0]}, {shape[1]})"
    lines += [
        f"print(tuple(output.shape))  {shape_comment}",
        "",
        "output.sum().backward()  # each output sends back a gradient of 1",
        "gradient = x.grad",
    ]
    return "\n".join(lines) + "\n"


def _call(window: Window, mode: PoolMode, shape: Pair) -> str:
    size, stride, padding = (
        _short(pair) for pair in (_as_ints(window.size), _as_ints(window.stride), window.padding)
    )
    rest = f"stride={stride}, padding={padding}, ceil_mode={window.ceil_mode}"
    if mode != "l2":
        return f"F.{'max' if mode == 'max' else 'avg'}_pool2d(output, {size}, {rest})"
    rest = f"stride={stride}, ceil_mode={window.ceil_mode}"
    if window.padding == (0, 0):
        return f"F.lp_pool2d(output, 2, {size}, {rest})"
    py, px = window.padding
    rows, cols = pooled_shape(shape, window)
    return f"F.lp_pool2d(F.pad(output, {(px, px, py, py)}), 2, {size}, {rest})[..., :{rows}, :{cols}]"


def _as_ints(pair: Pair) -> Pair:
    return int(pair[0]), int(pair[1])


def _short(pair: Pair) -> str:
    return str(pair[0]) if pair[0] == pair[1] else str(pair)
