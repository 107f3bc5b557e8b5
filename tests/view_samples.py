"""Sample data for every view: what tools/view_page.py shows, and what the tests over all views mount."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from training_records import CLASSES, confusion, filters, maps, predictions, slow_steps

from cnnviz.components import activation_view, field_view, filter_view, net_view, pool_view, step_view
from cnnviz.components.confusion_view import confusion_data
from cnnviz.components.copy_link import link_data
from cnnviz.components.gradient_flow import flow_data
from cnnviz.components.histogram_view import histogram_data
from cnnviz.components.kernel_gallery import GalleryEntry, gallery_data
from cnnviz.components.map_mosaic import mosaic_data
from cnnviz.components.map_stack import StackLayer, StackMap, stack_data
from cnnviz.components.panel_row import row_data, sobel_panels
from cnnviz.components.picture_picker import Tile, picker_data
from cnnviz.components.prediction_stream import stream_data
from cnnviz.components.run_charts import RunSeries, charts_data
from cnnviz.components.slow_motion_view import slow_motion_data
from cnnviz.components.stack_view import StackViewState
from cnnviz.components.stack_view import as_data as stack_view_data
from cnnviz.core import KERNELS, FilterSettings, convolve2d, grey, load_sample, resize_to, value_range
from cnnviz.core.activations.table import ACTIVATIONS
from cnnviz.core.colour.histogram import histogram
from cnnviz.core.networks.handmade import LAYERS, PADDING_MODE, POOL
from cnnviz.core.networks.presets import PRESETS
from cnnviz.core.steps.settings import StepSettings
from cnnviz.ui.field import rows
from cnnviz.ui.network_stack.rows import editor_rows
from cnnviz.ui.pooling.maps import bank

Pictures = Mapping[str, NDArray[np.uint8]]
NETWORK = PRESETS["tiny_vgg"].spec
SOBEL = KERNELS["sobel_right"].make()


@dataclass(frozen=True)
class ViewSample:
    """One view's data, and the pictures that it finds in the store by their digests."""

    data: Mapping[str, Any]
    pictures: Pictures = field(default_factory=dict)


def photo(size: int = 128) -> NDArray[np.uint8]:
    """A shipped photo, its longer side `size` pixels."""
    return resize_to(load_sample("astronaut"), size).pixels


def run_series(count: int = 400, label: str = "a run") -> RunSeries:
    """An invented run: a loss that falls with noise."""
    rng = np.random.default_rng(3)
    steps = np.arange(1, count + 1)
    fall, noise = np.exp(-steps / 150), rng.lognormal(0, 0.2, count)
    sizes = rng.lognormal(0, 0.5, (3, count, 2)).astype(np.float32) * np.float32([[[0.01, 1.0]]])
    return RunSeries(
        label=label,
        layers=("1 conv 3×3, 8", "2 ReLU", "3 flatten", "4 dense 10"),
        weight_layers=(0, 3),
        steps=steps,
        loss=((0.2 + 2 * fall) * noise).astype(np.float32),
        accuracy=(np.round(64 * np.clip(1 - fall, 0, 1)) / 64).astype(np.float32),
        rate=np.full(count, 1e-3, np.float32),
        gradient_norms=sizes[0],
        gradient_means=sizes[1] / 100,
        update_ratios=sizes[2] / 1000,
        validation=[(i, float(0.2 + 2 * fall[i]), float(1 - fall[i])) for i in range(50, count, 100)],
        layer_stats=[],
        steps_per_epoch=250,
    )


def _activation() -> ViewSample:
    chosen = activation_view.ChosenActivation(ACTIVATIONS["relu"], None)
    state = activation_view.ActivationState("d", SOBEL, "Sobel", chosen, bias=0.0, point=1.5, shared=True)
    return ViewSample(activation_view.apply_data(state), {"d": photo()})


def _field() -> ViewSample:
    layers = rows.view_layers(rows.stages(NETWORK))
    shown = field_view.FieldSelection(len(layers) - 1)
    state = field_view.FieldState("d", (0, 0, 128, 128), "small", (64, 64), layers, shown)
    return ViewSample(field_view.as_data(state), {"d": photo(), "small": photo(64)})


def _field_table() -> ViewSample:
    found = rows.stages(NETWORK)
    return ViewSample(field_view.table_data(rows.COLUMNS, rows.table_rows(NETWORK, found), 2))


def _filter() -> ViewSample:
    kernel = filter_view.EditorKernel(SOBEL.astype(np.float32), False, "Sobel", "sobel_right")
    settings = FilterSettings(SOBEL.astype(np.float32))
    state = filter_view.FilterViewState(
        "d", kernel, settings, "signed", "blue_orange", layout="side", pin=(40, 60), live_size=128
    )
    return ViewSample(filter_view.as_data(state), {"d": photo()})


def _gallery() -> ViewSample:
    made = {
        kernel: KERNELS[kernel].make() for kernel in ("identity", "gaussian", "sobel_right", "laplacian_8")
    }
    entries = [
        GalleryEntry(name, KERNELS[name].title, KERNELS[name].group, *w.shape, tuple(map(float, w.ravel())))
        for name, w in made.items()
    ]
    data = gallery_data("d", entries, "sobel_right")
    return ViewSample(data, {"d": photo()})


def _histogram() -> ViewSample:
    values = convolve2d(grey(photo()), SOBEL, padding="same")
    return ViewSample(
        histogram_data(histogram(values), "signed", "blue_orange", value_range(values, "signed"))
    )


def _map_stack() -> ViewSample:
    layers = [
        StackLayer(f"Layer {n}", [StackMap(k.title, k.about, k.weights) for k in kernels], POOL, 4)
        for n, kernels in enumerate(LAYERS, 1)
    ]
    return ViewSample(stack_data("d", layers, PADDING_MODE), {"d": photo()})


def _net() -> ViewSample:
    return ViewSample(net_view.net_data(net_view.NetViewState(NETWORK, "d")), {"d": photo()})


def _panels() -> ViewSample:
    data = row_data(sobel_panels(), "d", "signed", None, shared_range=True, caption="Sobel, both directions.")
    return ViewSample(data, {"d": photo()})


def _picker() -> ViewSample:
    tile = Tile("astronaut", "Astronaut", "A portrait.", "data:,")
    return ViewSample(picker_data([tile], "astronaut", limit=20_000_000, turn=0))


def _pool() -> ViewSample:
    patch = pool_view.Patch("grey", (40, 40), (8, 8))
    state = pool_view.PoolViewState(
        "d", patch, pool_view.PoolSettings("max", (2, 2), (2, 2)), pool_view.Windows()
    )
    return ViewSample(pool_view.as_data(state), {"d": photo()})


def _pyramid() -> ViewSample:
    stage = pool_view.Pyramid(2, "max 2×2", bank())
    pool = pool_view.PoolSettings("max", (2, 2), (2, 2))
    state = pool_view.PoolViewState("d", pool_view.WholePicture("grey"), pool, stage)
    return ViewSample(pool_view.as_data(state), {"d": photo()})


def _stack() -> ViewSample:
    return ViewSample(stack_view_data(StackViewState(NETWORK, editor_rows(NETWORK))))


def _step() -> ViewSample:
    picture = np.arange(36, dtype=np.float32).reshape(6, 6, 1)
    settings = StepSettings(picture, SOBEL.astype(np.float32)[None, :, :, None])
    state = step_view.StepViewState("one", settings, "Sobel", "d", pin=None, step=0)
    return ViewSample(step_view.as_data(state), {"d": photo()})


def _pictures() -> NDArray[np.uint8]:
    return np.random.default_rng(1).integers(0, 256, (4, 1, 8, 8), dtype=np.uint8)


SAMPLES: Mapping[str, Callable[[], ViewSample]] = {
    "activation_view": _activation,
    "confusion_view": lambda: ViewSample(confusion_data(confusion(), CLASSES)),
    "copy_link": lambda: ViewSample(link_data()),
    "field_view": _field,
    "filter_view": _filter,
    "gradient_flow": lambda: ViewSample(flow_data([run_series()])),
    "histogram_view": _histogram,
    "kernel_gallery": _gallery,
    "map_mosaic": lambda: ViewSample(
        mosaic_data(maps(), filters(), ("1 conv", "2 flatten", "3 dense"), CLASSES)
    ),
    "map_stack": _map_stack,
    "net_view": _net,
    "panel_row": _panels,
    "picture_picker": _picker,
    "pool_view": _pool,
    "prediction_stream": lambda: ViewSample(stream_data(predictions(), _pictures(), CLASSES)),
    "run_charts": lambda: ViewSample(charts_data([run_series()])),
    "slow_motion_view": lambda: ViewSample(slow_motion_data(slow_steps(), CLASSES)),
    "stack_view": _stack,
    "step_view": _step,
}
"""View → its sample. picture_store draws nothing, so it has none."""
STAGES: dict[str, Callable[[], ViewSample]] = {
    "field_view/table": _field_table,
    "pool_view/pyramid": _pyramid,
}
"""View/stage → a sample of what a view shows instead of the above, with choices of its own."""
