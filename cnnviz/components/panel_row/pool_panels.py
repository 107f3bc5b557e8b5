"""The row that compares four ways of making a map smaller."""

from __future__ import annotations

from cnnviz.components.panel_row.panels import Panel
from cnnviz.components.panel_row.recipes import ConvSettings, Recipe, avg_pool, conv, max_pool, sub, subsample
from cnnviz.core.pooling.shift import triangle_kernel


def pool_panels(of: Recipe, size: int, stride: int) -> tuple[Panel, ...]:
    """Max, average, stride alone and blur-then-subsample of one map, and the differences of three of them
    from the average. The blur is `cnnviz.core.pooling.shift.triangle_kernel`, mirrored at the border."""
    largest, mean = max_pool(of, size, stride), avg_pool(of, size, stride)
    first = subsample(of, size, stride)
    blurred = subsample(conv(of, triangle_kernel(stride), ConvSettings(mode="reflect")), size, stride)
    windows = f"{size}×{size}, stride {stride}"
    differences = (
        Panel("Max − average", sub(largest, mean), "never below 0", display="signed"),
        Panel("Stride − average", sub(first, mean), "one pixel, not the mean", display="signed"),
        Panel("Blur − average", sub(blurred, mean), "mostly half a window's offset", display="signed"),
    )
    return (
        Panel("Max", largest, windows, "The largest of each window", role="output"),
        Panel("Average", mean, windows, "The mean of each window", role="output"),
        Panel("Stride", first, f"1 of {stride}×{stride} pixels", "Single pixels", role="output"),
        Panel("Blur, then stride", blurred, "smoothed first", "Single pixels of a blur", role="output"),
        *differences,
    )
