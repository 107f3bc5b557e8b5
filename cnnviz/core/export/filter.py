"""The code a student can run to get the very numbers on the screen: with SciPy, PyTorch, or four loops.

All read "picture.png" from the current folder and leave the result in `output`. A test runs them and
compares.
"""

from __future__ import annotations

import inspect

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.convolution.filtering import FilterSettings
from cnnviz.core.convolution.reference import four_loops
from cnnviz.core.convolution.sizes import span
from cnnviz.core.kernels.text import format_number
from cnnviz.core.pictures.load import GREY_WEIGHTS

NUMPY_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}
TORCH_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}
OUTSIDE = {
    "zeros": "zeros outside",
    "reflect": "mirrored outside",
    "replicate": "the edge cells repeated outside",
    "circular": "the opposite side outside",
}
_GREY = " + ".join(f"{share} * picture[:, :, {channel}]" for channel, share in enumerate(GREY_WEIGHTS))
_SHORT = 16  # a kernel of equal weights is written out up to this many cells, and as one number above


def numpy_code(settings: FilterSettings, size: tuple[int, int] | None = None) -> str:
    """A script with NumPy, SciPy and Pillow that gives `apply`'s result, float64 (H', W') or (H', W', 3).

    Parameters
    ----------
    settings : FilterSettings
        The filter: kernel, channels, padding, stride, dilation, flip.
    size : (int, int), optional
        The picture's (H, W), where it is known.

    Returns
    -------
    str
        The script.

    Notes
    -----
    `size` is the picture's (H, W); where it is known, the last comment has the output's size in numbers.

    Examples
    --------
    >>> from cnnviz.core import KERNELS, FilterSettings, numpy_code
    >>> script = numpy_code(FilterSettings(KERNELS["sobel_right"].weights))
    >>> script.splitlines()[0]
    'import numpy as np'
    """
    function = "convolve2d" if settings.flip else "correlate2d"
    lines = [
        "import numpy as np",
        "from PIL import Image",
        f"from scipy.signal import {function}",
        "",
        _read_line("float"),
        f"image = {_GREY}  # grey" if settings.channels == "grey" else "image = picture",
        *_kernel_lines(settings.kernel, "np.array", "np.full", "dtype=float"),
        *_dilation_lines(settings),
    ]
    if any(sum(settings.sides(), ())):
        lines.append(_numpy_pad("image", settings, has_channels=settings.channels != "grey"))
    how = "turned by 180°" if settings.flip else "not turned, as in deep learning"
    return _script(
        [*lines, f"# {function}: the kernel is {how}", _scipy_call(function, settings)],
        settings,
        size,
    )


def torch_code(settings: FilterSettings, size: tuple[int, int] | None = None) -> str:
    """A script with PyTorch and Pillow that gives `apply`'s result, a float32 tensor (H', W') or (H', W', 3).

    Parameters
    ----------
    settings : FilterSettings
        The filter: kernel, channels, padding, stride, dilation, flip.
    size : (int, int), optional
        The picture's (H, W), where it is known.

    Returns
    -------
    str
        The script.

    Notes
    -----
    `size` is the picture's (H, W). PyTorch mirrors or wraps a picture once at most; where the padding needs
    more, or where the size is not known, NumPy pads first.

    Examples
    --------
    >>> from cnnviz.core import KERNELS, FilterSettings, torch_code
    >>> "torch" in torch_code(FilterSettings(KERNELS["sobel_right"].weights))
    True
    """
    lines = [
        "import numpy as np",
        "import torch",
        "import torch.nn.functional as F",
        "from PIL import Image",
        "",
        _read_line("np.float32"),
    ]
    (top, bottom), (left, right) = settings.sides()
    padded = any((top, bottom, left, right))
    torch_pads = padded and _torch_can_pad(settings, size)
    if padded and not torch_pads:
        lines.append(_numpy_pad("picture", settings, has_channels=True))
    lines.append("picture = torch.from_numpy(picture)")
    lines += _torch_image(settings)
    lines += _kernel_lines(settings.kernel, "torch.tensor", "torch.full", "dtype=torch.float32")
    lines.append(_torch_weight(settings))
    if torch_pads:
        mode = TORCH_MODES[settings.padding_mode]
        note = OUTSIDE[settings.padding_mode]
        lines.append(f'image = F.pad(image, ({left}, {right}, {top}, {bottom}), mode="{mode}")  # {note}')
    lines.append(f"output = F.conv2d(image, weight, stride={settings.stride}, dilation={settings.dilation})")
    lines.append(
        "output = output[:, 0].permute(1, 2, 0)" if settings.channels == "each" else "output = output[0, 0]"
    )
    return _script(lines, settings, size)


def loops_code(settings: FilterSettings, size: tuple[int, int] | None = None) -> str:
    """A script with the definition itself: `reference.four_loops` as it stands in cnnviz, and its call.

    It gives `apply`'s result, float64 (H', W') or (H', W', 3), one multiplication at a time. `size` is the
    picture's (H, W).
    """
    lines = [
        "from typing import Any",
        "",
        "import numpy as np",
        "from numpy.typing import NDArray",
        "from PIL import Image",
        "",
        "",
        *inspect.getsource(four_loops).splitlines(),
        "",
        "",
        _read_line("float"),
        f"image = {_GREY}  # grey" if settings.channels == "grey" else "image = picture",
        *_kernel_lines(settings.kernel, "np.array", "np.full", "dtype=float"),
    ]
    if settings.kernel.ndim == 3:
        lines.append("kernel = np.moveaxis(kernel, 0, 2)  # (kh, kw, 3): three weights for each cell")
    if settings.flip:
        lines.append("kernel = kernel[::-1, ::-1]  # turned by 180°")
    if any(sum(settings.sides(), ())):
        lines.append(_numpy_pad("image", settings, has_channels=settings.channels != "grey"))
    lines.append(f"output = four_loops(image, kernel, {settings.stride}, {settings.dilation})")
    if settings.channels == "sum":
        lines.append("output = output.sum(axis=2)  # the three channels added up")
    return _script(lines, settings, size)


def _read_line(dtype: str) -> str:
    picture = f'np.array(Image.open("picture.png").convert("RGB"), dtype={dtype})'
    return f"picture = {picture}  # (H, W, 3), 0 to 255"


def _script(lines: list[str], settings: FilterSettings, size: tuple[int, int] | None) -> str:
    """The lines as one text, with the output's shape in a comment at the end."""
    shape = "(H', W', 3)" if settings.channels == "each" else "(H', W')"
    if size is not None:
        sizes = [
            (n + sum(sides) - span(k, d)) // s + 1
            for n, sides, k, d, s in zip(
                size,
                settings.sides(),
                settings.kernel.shape,
                settings.dilation,
                settings.stride,
                strict=False,
            )
        ]
        shape += f" = ({', '.join(map(str, sizes + [3] * (settings.channels == 'each')))})"
    return "\n".join([*lines, f"print(output.shape)  # {shape}"]) + "\n"


def _literal(value: float) -> str:
    """A float32 number as Python source: 0.5 rather than .5, and 1/9 where that is exact."""
    text = format_number(value)
    return text.replace(".", "0.", 1) if text.lstrip("-").startswith(".") else text


def _kernel_lines(kernel: NDArray[np.float32], array: str, full: str, dtype: str) -> list[str]:
    """`kernel = …`, one row a line; three layers as (3, kh, kw), and one number if all weights are equal."""
    layers = np.moveaxis(kernel, 2, 0) if kernel.ndim == 3 else kernel
    if kernel.size > _SHORT and (kernel == kernel.flat[0]).all():
        return [f"kernel = {full}({layers.shape}, {_literal(float(kernel.flat[0]))})"]
    if kernel.ndim == 3:
        rows = [f"    [{', '.join(_row(row) for row in layer)}]," for layer in layers]
    else:
        rows = [f"    {_row(row)}," for row in layers]
    note = "  # (channels, height, width)" if kernel.ndim == 3 else ""
    return [f"kernel = {array}([", *rows, f"], {dtype}){note}"]


def _row(row: NDArray[np.float32]) -> str:
    return f"[{', '.join(_literal(value) for value in row.tolist())}]"


def _dilation_lines(settings: FilterSettings) -> list[str]:
    """SciPy has no dilation, so zeros are put between the weights."""
    if settings.dilation == (1, 1):
        return []
    dy, dx = settings.dilation
    front = (3,) if settings.kernel.ndim == 3 else ()
    shape = (*front, span(settings.kernel.shape[0], dy), span(settings.kernel.shape[1], dx))
    return [
        f"dilated = np.zeros({shape})  # dilation: zeros between the weights",
        f"dilated[..., ::{dy}, ::{dx}] = kernel",
        "kernel = dilated",
    ]


def _numpy_pad(name: str, settings: FilterSettings, has_channels: bool) -> str:
    widths = f"{settings.sides()[0]}, {settings.sides()[1]}" + (", (0, 0)" if has_channels else "")
    mode, note = NUMPY_MODES[settings.padding_mode], OUTSIDE[settings.padding_mode]
    return f'{name} = np.pad({name}, ({widths}), mode="{mode}")  # {note}'


def _scipy_call(function: str, settings: FilterSettings) -> str:
    sy, sx = settings.stride
    step = f"[::{sy}, ::{sx}]" if settings.stride != (1, 1) else ""
    if settings.channels == "grey":
        return f'output = {function}(image, kernel, mode="valid"){step}'
    layer = "kernel[c]" if settings.kernel.ndim == 3 else "kernel"
    maps = f'{function}(image[:, :, c], {layer}, mode="valid") for c in range(3)'
    return (
        f"output = np.stack([{maps}], axis=2){step}"
        if settings.channels == "each"
        else f"output = sum({maps}){step}"
    )


def _torch_can_pad(settings: FilterSettings, size: tuple[int, int] | None) -> bool:
    if settings.padding_mode in {"zeros", "replicate"}:
        return True
    if size is None:
        return False
    # "reflect" leaves the edge cell out, so one cell less than the picture's size can be mirrored.
    margin = 1 if settings.padding_mode == "reflect" else 0
    return all(max(sides) <= n - margin for sides, n in zip(settings.sides(), size, strict=True))


def _torch_image(settings: FilterSettings) -> list[str]:
    if settings.channels == "grey":
        return [
            f"image = {_GREY}  # grey",
            "image = image[None, None]  # (1, 1, H, W): one picture, one channel",
        ]
    if settings.channels == "each":
        return ["image = picture.permute(2, 0, 1)[:, None]  # (3, 1, H, W): three pictures of one channel"]
    return ["image = picture.permute(2, 0, 1)[None]  # (1, 3, H, W): one picture of three channels"]


def _torch_weight(settings: FilterSettings) -> str:
    flip = ".flip(-2, -1)" if settings.flip else ""
    note = (
        "  # turned by 180°" if settings.flip else "  # not turned: PyTorch's conv2d is a cross-correlation"
    )
    if settings.channels != "sum":
        return f"weight = kernel{flip}[None, None]{note}"
    layers = "" if settings.kernel.ndim == 3 else ".expand(3, -1, -1)"
    return f"weight = kernel{layers}{flip}[None]{note}"
