"""What stands under the view of the page "Pooling": sizes, words, and the parts in tabs."""

from __future__ import annotations

from typing import get_args

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.components.panel_row import ConvSettings, Recipe, conv, magnitude, panel_row, picture
from cnnviz.components.panel_row.pool_panels import pool_panels
from cnnviz.components.pool_view import NumberMap, Patch, WholePicture
from cnnviz.core.export import pool as pool_code
from cnnviz.core.kernels.library import KERNELS
from cnnviz.core.pooling.shift import Frame, Reduction, frame_for, shift_test
from cnnviz.figures.shift_curve import shift_curve_figure
from cnnviz.ui.kit.page import figure_style
from cnnviz.ui.pooling import maps, words
from cnnviz.ui.pooling.maps import Field
from cnnviz.ui.pooling.settings import window_of
from cnnviz.ui.pooling.stages import PoolingShown

SEEN_IN_WINDOWS = {
    "max": "Each window gives its largest number; where in the window it was is forgotten. All of an "
    "output's gradient goes back to that one cell; a cell that is the largest in no window gets none.",
    "average": "Each window gives its mean: one strong cell among weak ones is diluted. The gradient is "
    "shared evenly, so every cell of the window gets the same small part.",
    "l2": "Each window gives the root of its summed squares: strong cells count for more than in a mean, but "
    "weak ones still count. The gradient is shared in proportion to the values.",
}
SEEN = {
    "pyramid": "Every pool works on each map by itself, so the maps shrink and their number stays. A cell of "
    "the last level stands for a large part of the picture, and no longer knows where in it something was.",
    "shift": "The map moves along with the picture exactly. A result with stride s can only move by "
    "whole cells, that is by s pixels: at other shifts its windows hold other pixels and its numbers change. "
    "The more a map is smoothed before cells are left out, the less they change.",
}


def sizes(shown: PoolingShown) -> None:
    """The formula of the size with the numbers of now, the shapes, and what is dropped or hangs over."""
    if shown.stage == "shift":
        frame_for(shown.shape, shown.pool.size[0], shown.pool.stride[0])
        return
    window = window_of(shown.pool)
    if not shown.pool.whole_map:
        columns = st.columns(2)
        for axis, name in enumerate(("height", "width")):
            formula = words.size_formula(shown.shape[axis], window, axis)
            columns[axis].markdown(f"{name} $= {formula}$")
    st.caption(
        " ".join((words.shapes(shown.maps, shown.shape, window, shown.times), words.leftover(shown, window)))
    )


def what_you_see(shown: PoolingShown) -> None:
    text = SEEN.get(shown.stage) or SEEN_IN_WINDOWS[shown.pool.mode]
    st.markdown(f"**What you see.** {text}")


def _recipe(field: Field) -> Recipe:
    """The map as the browser computes it for a row of pictures."""
    if field == "grey":
        return picture()
    edges = ConvSettings(mode="replicate")
    gx, gy = (conv(picture(), KERNELS[name].make(), edges) for name in ("sobel_right", "sobel_bottom"))
    return magnitude(gx, gy)


def _field(shown: PoolingShown) -> Field:
    return shown.map.of if isinstance(shown.map, WholePicture | Patch) else "grey"


def _step(shown: PoolingShown) -> tuple[int, int]:
    """Window and stride for comparisons of whole pictures; a stride of 1 would leave nothing to compare."""
    if shown.pool.whole_map:
        return 2, 2
    return shown.pool.size[0], max(shown.pool.stride[0], 2)


def side_by_side(digest: str, shown: PoolingShown) -> None:
    """Max, average, stride and blur-then-subsample on the whole map, and what each differs by."""
    size, stride = _step(shown)
    st.caption(
        f"Four ways to keep one number for every {stride}×{stride} pixels of the whole "
        f"{'picture' if _field(shown) == 'grey' else 'Sobel map'}, and how each differs from the "
        "average. *Stride* keeps the first pixel of each window and forgets the others; *blur* first "
        "averages around it. A maximum is never below the average, so its "
        "difference has one sign only. The middle of a window lies a little below and to the right of its "
        "first pixel; the last two differences show that as edges."
    )
    panels = pool_panels(_recipe(_field(shown)), size, stride)
    panel_row(panels=panels, digest=digest, key="p_side", display="absolute")


def every_shift(pixels: NDArray[np.uint8], shown: PoolingShown) -> None:
    """The difference against the shift, for all five, computed in Python."""
    size, stride = _step(shown)
    values = maps.field(pixels, _field(shown))
    try:
        frame = frame_for((values.shape[0], values.shape[1]), size, stride)
    except ValueError as error:
        st.warning(f"{str(error)[:1].upper()}{str(error)[1:]}.")
        return
    curves = {
        words.reduction(kind, size, stride): _curve(values, frame, kind, size, stride) for kind in KINDS
    }
    alt = "; ".join(f"{name}: {', '.join(f'{v:.3g}' for v in curve)} %" for name, curve in curves.items())
    figure = shift_curve_figure(curves, figure_style())
    st.plotly_chart(
        figure, key="p_curve", config={"displayModeBar": False}, alt=f"Difference by shift. {alt}"
    )
    st.caption(
        "The picture moves to the right, pixel by pixel. Each point is the mean difference between the "
        "result and the unmoved result carried along with the picture, in percent of its standard "
        f"deviation. At multiples of {stride} pixels all of them are 0: whole cells move."
    )


KINDS: tuple[Reduction, ...] = get_args(Reduction)


def _curve(values: NDArray[np.float32], frame: Frame, kind: Reduction, size: int, stride: int) -> list[float]:
    found = [shift_test(values, frame, kind, size, stride, (0, right)) for right in range(frame.limit + 1)]
    return [100 * one.moved / one.spread if one.spread else 0.0 for one in found]


def code(shown: PoolingShown) -> None:
    """The PyTorch script that gives the same numbers."""
    source, window = _source(shown), window_of(shown.pool)
    st.code(
        pool_code.pool_script(source, shown.shape, window, shown.pool.mode, shown.times), language="python"
    )
    if not isinstance(shown.map, NumberMap):
        st.caption(
            "`picture.png` is the picture as it is here; the page *Filter a photo* saves it under *Code*."
        )


def _source(shown: PoolingShown) -> list[str]:
    if isinstance(shown.map, NumberMap):
        return pool_code.numbers_lines(shown.map.values)
    if isinstance(shown.map, Patch):
        return pool_code.picture_lines(shown.map.at, shown.map.shape)
    if shown.maps > 1:
        return pool_code.filtered_lines([one.weights for one in maps.bank()], pool_code.RELU_LAST)
    if shown.map.of == "sobel":
        both = [KERNELS[name].make() for name in ("sobel_right", "sobel_bottom")]
        return pool_code.filtered_lines(both, pool_code.SOBEL_LAST)
    return pool_code.picture_lines()
