"""The data of one training run for the charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypedDict

import numpy as np
from numpy.typing import NDArray

from cnnviz.components.run_charts.thin import (
    Bins,
    CodesJson,
    keep_detail,
    keep_extremes,
    log_codes,
    packed,
    running_mean,
    share_codes,
)

__all__ = ["WINDOW", "LayerStatsLike", "RunSeries"]

Floats = NDArray[np.floating[Any]]

WINDOW = 50
"""Steps over which the smoothed curve is averaged."""
CURVE_BINS = 240
MAX_UNTHINNED = 1000  # runs up to this many steps are sent as they are
HEAT_COLUMNS = 240
HEAT_CELLS = 2880  # of one heat map: deep networks get fewer columns
MAX_STATS = 80  # statistics (`LayerStats`) in a heat map
MAX_VALIDATION_POINTS = 400  # points of validation
MAX_NON_FINITE = 10  # ranges of NaN or infinite losses that are marked


class LayerStatsLike(Protocol):
    """Statistics of all layers at one step, as the engine's `LayerStats`: A layers, L with weights."""

    @property
    def step(self) -> int: ...
    @property
    def activation_norms(self) -> Floats: ...  # (A,)
    @property
    def activation_means(self) -> Floats: ...  # (A,)
    @property
    def dead(self) -> Floats: ...  # (A,)
    @property
    def saturated(self) -> Floats: ...  # (A,)
    @property
    def activation_bands(self) -> Floats: ...  # (A, percentiles)
    @property
    def weight_bands(self) -> Floats: ...  # (L, percentiles)


class NonFiniteJson(TypedDict):
    """The first step of a range of losses that are not finite; sign: "NaN", "∞" or "−∞"."""

    step: int
    sign: str


class ValidationJson(TypedDict):
    """Validation; steps as uint32, numbers as float32; the places of the best, −1 for none."""

    steps: str
    loss: str
    accuracy: str
    bestLoss: int
    bestAccuracy: int


class RunCurvesJson(TypedDict):
    """A run's curves, all at the same steps (uint32); numbers as float32."""

    label: str
    count: int
    binWidth: int
    window: int
    stepsPerEpoch: int
    steps: str
    loss: str
    accuracy: str
    rate: str
    smoothLoss: str
    smoothAccuracy: str
    odd: list[NonFiniteJson]
    validation: ValidationJson


class NowJson(TypedDict):
    """The last measured step: for each layer with weights a float32."""

    step: int
    norm: str
    mean: str
    ratio: str


class HeatJson(TypedDict):
    """Layers with weights × bins of steps; starts (uint32) has one more than there are bins."""

    binWidth: int
    starts: str
    norm: CodesJson
    mean: CodesJson
    ratio: CodesJson


class LayerStatsJson(TypedDict):
    """The last statistics of all layers, in float32; the bands are percentiles of each layer."""

    step: int
    percentiles: list[float]
    norm: str
    mean: str
    dead: str
    saturated: str
    activationBands: str
    weightBands: str


class StatsHistoryJson(TypedDict):
    """Measures of the statistics alone, layers × times; `dead` and `saturated` (bytes) of layers `units`."""

    steps: str
    norm: CodesJson
    units: list[int]
    dead: str
    saturated: str


class RunFlowJson(TypedDict):
    """A run's gradient flow; null where nothing was measured yet."""

    label: str
    layers: list[str]
    weightLayers: list[int]
    now: NowJson | None
    heat: HeatJson | None
    look: LayerStatsJson | None
    looks: StatsHistoryJson | None


@dataclass(frozen=True, eq=False)
class RunSeries:
    """The measurements of n consecutive steps of a run with A layers, L of them with weights.

    steps, loss, accuracy, rate: (n,). gradient_norms, gradient_means, update_ratios: (n, L), as in
    `StepBlock`. layers: all A names; weight_layers: the places in it of those with weights.
    validation: (step, loss, accuracy) each. layer_stats: those so far, the latest last.
    steps_per_epoch: 0 where there are no epochs. percentiles: those of the bands.

    :raises ValueError: where the shapes do not fit together.
    """

    label: str
    layers: tuple[str, ...]
    weight_layers: tuple[int, ...]
    steps: NDArray[np.integer[Any]]
    loss: Floats
    accuracy: Floats
    rate: Floats
    gradient_norms: Floats
    gradient_means: Floats
    update_ratios: Floats
    validation: Sequence[tuple[int, float, float]] = ()
    layer_stats: Sequence[LayerStatsLike] = ()
    steps_per_epoch: int = 0
    percentiles: tuple[float, ...] = (0.0, 5.0, 25.0, 50.0, 75.0, 95.0, 100.0)
    _curves_cache: dict[Any, RunCurvesJson] = field(default_factory=dict, init=False, repr=False)  # by zoom
    _flow_cache: list[RunFlowJson] = field(default_factory=list, init=False, repr=False)  # none, or one

    def __post_init__(self) -> None:
        count, layers = len(self.steps), len(self.weight_layers)
        for name in ("loss", "accuracy", "rate"):
            if np.shape(getattr(self, name)) != (count,):
                raise ValueError(f"{name} needs one number for each of {count} steps.")
        for name in ("gradient_norms", "gradient_means", "update_ratios"):
            if np.shape(getattr(self, name)) != (count, layers):
                raise ValueError(f"{name} must be {count} steps × {layers} layers with weights.")
        if any(not 0 <= place < len(self.layers) for place in self.weight_layers):
            raise ValueError(f"weight_layers must be places in the {len(self.layers)} layers.")

    @property
    def first(self) -> int:
        """The number of the first step; 1 where there is none yet."""
        return int(self.steps[0]) if len(self.steps) else 1

    def curves_data(self, zoom: tuple[float, float] | None = None) -> RunCurvesJson:
        """What the curves read: at most about 1,000 steps, each bin's extremes of loss and accuracy kept.

        `zoom`, steps from … to, is the visible range: bins are finer inside and coarser outside.

        All series are given at the same steps, so that what is read off at a step is exact; the smoothed
        ones are computed from all steps before any is left out. The result is cached.
        """
        if zoom not in self._curves_cache:
            self._curves_cache[zoom] = self._curves(zoom)
        return self._curves_cache[zoom]

    def _curves(self, zoom: tuple[float, float] | None) -> RunCurvesJson:
        count = len(self.steps)
        most, zoom = (count + 1, None) if count <= MAX_UNTHINNED else (CURVE_BINS, zoom)
        at, width = keep_detail((self.loss, self.accuracy), self.first, most, zoom)
        return {
            "label": self.label,
            "count": count,
            "binWidth": width,
            "window": WINDOW,
            "stepsPerEpoch": self.steps_per_epoch,
            "steps": packed(self.steps[at], "<u4"),
            "loss": packed(self.loss[at]),
            "accuracy": packed(self.accuracy[at]),
            "rate": packed(self.rate[at]),
            "smoothLoss": packed(running_mean(self.loss, at, WINDOW)),
            "smoothAccuracy": packed(running_mean(self.accuracy, at, WINDOW)),
            "odd": _non_finite_ranges(self.steps, self.loss),
            "validation": self._validation(),
        }

    def _validation(self) -> ValidationJson:
        """Validation, thinned, with the places of the lowest loss and the highest accuracy (−1: none)."""
        table = np.array(self.validation, np.float64).reshape(-1, 3)
        bins = Bins.of(1, len(table), MAX_VALIDATION_POINTS // 4)
        table = table[keep_extremes((table[:, 1], table[:, 2]), bins)]
        low, high = (np.where(np.isfinite(c), c, np.nan) for c in (table[:, 1], -table[:, 2]))
        best = [int(np.nanargmin(c)) if np.isfinite(c).any() else -1 for c in (low, high)]
        return {
            "steps": packed(table[:, 0], "<u4"),
            "loss": packed(table[:, 1]),
            "accuracy": packed(table[:, 2]),
            "bestLoss": best[0],
            "bestAccuracy": best[1],
        }

    def flow_data(self) -> RunFlowJson:
        """What the gradient flow reads: the last measured step, the whole run in bins, the last stats."""
        if not self._flow_cache:
            self._flow_cache.append(self._flow())
        return self._flow_cache[0]

    def _flow(self) -> RunFlowJson:
        return {
            "label": self.label,
            "layers": list(self.layers),
            "weightLayers": list(self.weight_layers),
            "now": self._now(),
            "heat": self._heat(),
            "look": self._last_stats(),
            "looks": self._stats_history(),
        }

    @property
    def _tables(self) -> tuple[Floats, Floats, Floats]:
        """norm, mean, ratio."""
        return self.gradient_norms, self.gradient_means, self.update_ratios

    def _now(self) -> NowJson | None:
        """The last step with any number in it: where the loss is NaN, the step itself has no gradient."""
        measured = np.flatnonzero(~np.isnan(self.gradient_norms[-1000:]).all(axis=1))
        if not len(self.steps) or not self.weight_layers:
            return None
        last = max(0, len(self.steps) - 1000) + int(measured[-1]) if len(measured) else len(self.steps) - 1
        norm, mean, ratio = (packed(table[last]) for table in self._tables)
        return {"step": int(self.steps[last]), "norm": norm, "mean": mean, "ratio": ratio}

    def _heat(self) -> HeatJson | None:
        """Layers × bins of steps for each measure, each cell the largest value of its bin."""
        if not len(self.steps) or not self.weight_layers:
            return None
        columns = min(HEAT_COLUMNS, max(60, HEAT_CELLS // len(self.weight_layers)))
        bins = Bins.of(self.first, len(self.steps), columns)
        ends = np.append(self.steps[bins.edges[:-1]], int(self.steps[-1]) + 1)
        norm, mean, ratio = (log_codes(bins.highest(table).T) for table in self._tables)
        starts = packed(ends, "<u4")
        return {"binWidth": bins.width, "starts": starts, "norm": norm, "mean": mean, "ratio": ratio}

    def _last_stats(self) -> LayerStatsJson | None:
        if not self.layer_stats:
            return None
        stats = self.layer_stats[-1]
        return {
            "step": int(stats.step),
            "percentiles": list(self.percentiles),
            "norm": packed(stats.activation_norms),
            "mean": packed(stats.activation_means),
            "dead": packed(stats.dead),
            "saturated": packed(stats.saturated),
            "activationBands": packed(stats.activation_bands),
            "weightBands": packed(stats.weight_bands),
        }

    def _stats_history(self) -> StatsHistoryJson | None:
        """What only the statistics measure, layers × times, every n-th where there are many.

        norm: of the gradient by the output of the layers with weights; dead, saturated: shares of the
        layers in `units`, the ones that have any.
        """
        if not self.layer_stats:
            return None
        every = _stats_stride(len(self.layer_stats))
        sampled = [stats for i, stats in enumerate(self.layer_stats) if i % every == 0]
        if sampled[-1] is not self.layer_stats[-1]:
            sampled.append(self.layer_stats[-1])
        norms, dead, saturated = (
            np.stack([getattr(stats, name) for stats in sampled], axis=1)
            for name in ("activation_norms", "dead", "saturated")
        )
        units = np.flatnonzero(np.isfinite(dead).any(axis=1) | np.isfinite(saturated).any(axis=1))
        return {
            "steps": packed([stats.step for stats in sampled], "<u4"),
            "norm": log_codes(norms[list(self.weight_layers)]),
            "units": units.tolist(),
            "dead": share_codes(dead[units]),
            "saturated": share_codes(saturated[units]),
        }


def _stats_stride(count: int) -> int:
    """One of this many statistics is drawn, at most MAX_STATS; a power of two, so the drawn ones stay."""
    every = 1
    while -(-count // every) >= MAX_STATS:
        every *= 2
    return every


def _non_finite_ranges(steps: NDArray[np.integer[Any]], loss: Floats) -> list[NonFiniteJson]:
    """The ranges of steps in which the loss is not finite, at most MAX_NON_FINITE of them."""
    odd = ~np.isfinite(loss)
    if not odd.any():
        return []
    starts = np.flatnonzero(odd & ~np.append(False, odd[:-1]))[:MAX_NON_FINITE]
    return [
        {"step": int(steps[i]), "sign": "NaN" if np.isnan(loss[i]) else "−∞" if loss[i] < 0 else "∞"}
        for i in starts
    ]
