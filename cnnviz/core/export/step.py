"""One step as a short script that runs on its own: it holds the arrays and prints that output cell."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.convolution.padding import border_index
from cnnviz.core.convolution.sizes import span
from cnnviz.core.export.filter import NUMPY_MODES, OUTSIDE, TORCH_MODES
from cnnviz.core.kernels.text import format_number
from cnnviz.core.steps.sums import StepSettings

LARGEST_DENOMINATOR = 100  # 1/9 is readable, 549/803 is not


def numpy_step_code(settings: StepSettings, n: int, y: int, x: int) -> str:
    """A NumPy script whose `value` is output cell (y, x) of map `n`, in float64.

    Raises IndexError where there is no such cell.
    """
    _check(settings, n, y, x)
    flip = "[::-1, ::-1]  # turned by 180°: mathematical convolution" if settings.flip else ""
    note = "" if flip else "  # (height, width, channels)"
    lines = [
        "import numpy as np",
        "",
        f"image = {_numpy(settings.image)}  # {_shape(settings.image)}",
        f"kernel = {_numpy(settings.kernels[n])}{flip}{note}",
        f"bias = {_literal(settings.bias[n])}",
    ]
    steps = _numpy_stamps if settings.transposed else _numpy_patch
    return "\n".join([*lines, *steps(settings, y, x), "print(value)"]) + "\n"


def torch_step_code(settings: StepSettings, n: int, y: int, x: int) -> str:
    """A PyTorch script whose `value` is output cell (y, x) of map `n`, in float32.

    Raises IndexError where there is no such cell.
    """
    _check(settings, n, y, x)
    lines = [
        "import torch",
        "import torch.nn.functional as F",
        "",
        f"image = {_torch(np.moveaxis(settings.image, 2, 0))}  # (channels, height, width)",
        f"kernel = {_torch(np.moveaxis(settings.kernels[n], 2, 0))}  # (channels, height, width)",
        f"bias = torch.tensor([{_literal(settings.bias[n])}], dtype=torch.float32)",
    ]
    if settings.flip:
        lines.append("kernel = kernel.flip(-2, -1)  # turned by 180°: mathematical convolution")
    steps = _torch_stamps if settings.transposed else _torch_patch
    return "\n".join([*lines, *steps(settings, y, x), "print(value)"]) + "\n"


def _check(settings: StepSettings, n: int, y: int, x: int) -> None:
    sizes = (len(settings.kernels), *settings.size)
    if not all(0 <= index < size for index, size in zip((n, y, x), sizes, strict=True)):
        raise IndexError(f"There is no output cell {(n, y, x)}; the output has {sizes} cells.")


def _numpy_patch(settings: StepSettings, y: int, x: int) -> list[str]:
    """Pad, cut the patch out, multiply and add up."""
    lines = []
    if any(settings.padding):
        top, bottom, left, right = settings.padding
        mode, note = NUMPY_MODES[settings.mode], OUTSIDE[settings.mode]
        widths = f"(({top}, {bottom}), ({left}, {right}), (0, 0))"
        lines.append(f'image = np.pad(image, {widths}, mode="{mode}")  # {note}')
    rows, columns = (
        _slice(place * line.stride, line.k, line.dilation)
        for place, line in zip((y, x), settings.axis_settings, strict=True)
    )
    return [*lines, f"patch = image[{rows}, {columns}]", "value = (patch * kernel).sum() + bias"]


def _numpy_stamps(settings: StepSettings, y: int, x: int) -> list[str]:
    """Every input cell adds its stamp of the kernel; then the cell is read behind the cut-off padding."""
    rows, columns = settings.axis_settings
    reach = [(line.n - 1) * line.stride + span(line.k, line.dilation) for line in (rows, columns)]
    return [
        f"output = np.zeros(({reach[0]}, {reach[1]}))  # before the padding is cut off",
        f"for i in range({rows.n}):",
        f"    for j in range({columns.n}):",
        f"        top, left = i * {rows.stride}, j * {columns.stride}",
        f"        place = np.s_[top : top + {span(rows.k, rows.dilation)} : {rows.dilation}, "
        f"left : left + {span(columns.k, columns.dilation)} : {columns.dilation}]",
        "        output[place] += (image[i, j] * kernel).sum(axis=2)  # one stamp",
        f"value = output[{y} + {rows.before}, {x} + {columns.before}] + bias",
    ]


def _torch_patch(settings: StepSettings, y: int, x: int) -> list[str]:
    lines = ["image = image[None]  # one picture"]
    if any(settings.padding):
        top, bottom, left, right = settings.padding
        note = OUTSIDE[settings.mode]
        if _torch_can_pad(settings):
            pads = f"({left}, {right}, {top}, {bottom})"
            lines.append(f'image = F.pad(image, {pads}, mode="{TORCH_MODES[settings.mode]}")  # {note}')
        else:  # PyTorch mirrors or wraps at most once
            lines += [_index_line("rows", settings, 0), _index_line("columns", settings, 1)]
            lines.append(f"image = image[:, :, rows][:, :, :, columns]  # {note}")
    call = f"stride={settings.stride}, dilation={settings.dilation}"
    return [
        *lines,
        f"output = F.conv2d(image, kernel[None], bias, {call})",
        f"value = output[0, 0, {y}, {x}].item()",
    ]


def _torch_stamps(settings: StepSettings, y: int, x: int) -> list[str]:
    top, _, left, _ = settings.padding
    call = f"stride={settings.stride}, dilation={settings.dilation}"
    return [
        f"output = F.conv_transpose2d(image[None], kernel[:, None], bias, {call})",
        f"value = output[0, 0, {y} + {top}, {x} + {left}].item()  # past the padding, which is cut off",
    ]


def _torch_can_pad(settings: StepSettings) -> bool:
    if settings.mode in {"zeros", "replicate"}:
        return True
    margin = 1 if settings.mode == "reflect" else 0
    return all(max(line.before, line.after) <= line.n - margin for line in settings.axis_settings)


def _index_line(name: str, settings: StepSettings, axis: int) -> str:
    """The cell that each padded row or column copies, written out."""
    line = settings.axis_settings[axis]
    return f"{name} = {border_index(line.n, line.before, line.after, settings.mode).tolist()}"


def _slice(start: int, taps: int, dilation: int) -> str:
    stop = f"{start}:{start + span(taps, dilation)}"
    return stop if dilation == 1 else f"{stop}:{dilation}"


def _shape(image: NDArray[np.float32]) -> str:
    return f"(height, width, channels) = {image.shape}"


def _literal(value: float) -> str:
    """A float32 number as Python source: 1/9 where that is exact, else the shortest decimal."""
    text = format_number(float(value))
    if "/" in text and int(text.split("/")[1]) > LARGEST_DENOMINATOR:
        return np.format_float_positional(np.float32(value), unique=True, trim="-")
    return text.replace(".", "0.", 1) if text.lstrip("-").startswith(".") else text


def _rows(array: NDArray[np.float32], flat: int, indent: str = "") -> str:
    """Nested lists; the last `flat` axes stand on one line."""
    if array.ndim == 0:
        return _literal(float(array))
    if array.ndim <= flat:
        return f"[{', '.join(_rows(part, flat) for part in array)}]"
    inner = ",\n".join(f"{indent}    {_rows(part, flat, indent + '    ')}" for part in array)
    return f"[\n{inner},\n{indent}]"


def _numpy(array: NDArray[np.float32]) -> str:
    """(height, width, channels); one channel is written as a plain grid."""
    if array.shape[2] == 1:
        return f"np.array({_rows(array[:, :, 0], 1)}, dtype=float)[:, :, None]"
    return f"np.array({_rows(array, 2)}, dtype=float)"


def _torch(array: NDArray[np.float32]) -> str:
    return f"torch.tensor({_rows(array, 1)}, dtype=torch.float32)"
