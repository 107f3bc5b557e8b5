"""Sizes of pooled maps: after one pool, after several, and what does not fit or hangs over."""

from dataclasses import dataclass

from cnnviz.core.convolution.sizes import output_size

Shape = tuple[int, int]


@dataclass(frozen=True)
class Window:
    """One pooling step along both axes (vertical, horizontal), as in `pool2d`."""

    size: Shape
    stride: Shape
    padding: Shape = (0, 0)
    ceil_mode: bool = False


@dataclass(frozen=True)
class WindowFit:
    """How the windows lie on one axis of n cells.

    outputs:        how many windows.
    dropped:        last cells of the map itself that no window reaches.
    unused_padding: cells of the padding after the map that no window reaches.
    over:           cells by which the last window hangs over the padded axis's end (only in ceil mode).
    """

    outputs: int
    dropped: int
    unused_padding: int
    over: int


def window_fit(n: int, window: Window, axis: int) -> WindowFit:
    """How `window` lies on an axis of `n` cells; axis 0 is the height.

    ValueError with the numbers where there is no output.
    """
    size, stride, padding = window.size[axis], window.stride[axis], window.padding[axis]
    outputs = output_size(n, size, stride=stride, padding=padding, ceil_mode=window.ceil_mode)
    rest = n + 2 * padding - ((outputs - 1) * stride + size)
    return WindowFit(outputs, max(rest - padding, 0), min(max(rest, 0), padding), max(-rest, 0))


def pooled_shape(shape: Shape, window: Window) -> Shape:
    """(H', W') of a map (H, W) after one pool; ValueError with the numbers where it does not fit."""
    return window_fit(shape[0], window, 0).outputs, window_fit(shape[1], window, 1).outputs


def pyramid_shapes(shape: Shape, window: Window, times: int) -> list[Shape]:
    """(H, W) of the map and after each of up to `times` pools; ends where a window no longer fits, or where
    a pool would no longer make the map smaller."""
    shapes = [shape]
    for _ in range(times):
        try:
            following = pooled_shape(shapes[-1], window)
        except ValueError:
            break
        if following[0] >= shapes[-1][0] and following[1] >= shapes[-1][1]:
            break
        shapes.append(following)
    return shapes
