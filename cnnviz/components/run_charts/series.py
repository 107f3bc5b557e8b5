"""One training run as the charts need it."""

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

__all__ = ["WINDOW", "LayerLook", "RunSeries"]

Floats = NDArray[np.floating[Any]]

WINDOW = 50
"""Steps that the smoothed curve is the mean of."""
CURVE_BINS = 240
WHOLE = 1000  # so many steps are sent as they are
HEAT_COLUMNS = 240
HEAT_CELLS = 2880  # of one heat map: deep networks get fewer columns
LOOKS = 80  # closer looks drawn in the heat maps of what only they measure
CHECKS = 400  # points of validation
ODD_SPOTS = 10  # stretches of NaN or infinite losses that are named


class LayerLook(Protocol):
    """A closer look at all layers, as the engine's `LayerStats` has it: A layers, L with weights."""

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


class OddSpotJson(TypedDict):
    """Where a stretch of losses that are not finite begins; sign: "NaN", "∞" or "−∞"."""

    step: int
    sign: str


class ChecksJson(TypedDict):
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
    odd: list[OddSpotJson]
    validation: ChecksJson


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


class LastLookJson(TypedDict):
    """The last closer look at all layers, in float32; the bands are percentiles of each layer."""

    step: int
    percentiles: list[float]
    norm: str
    mean: str
    dead: str
    saturated: str
    activationBands: str
    weightBands: str


class LooksJson(TypedDict):
    """What only looks measure, layers × looks; `dead` and `saturated` (bytes) of the layers `units`."""

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
    look: LastLookJson | None
    looks: LooksJson | None


@dataclass(frozen=True, eq=False)
class RunSeries:
    """The measurements of n consecutive steps of a run with A layers, L of them with weights.

    steps, loss, accuracy, rate: (n,). gradient_norms, gradient_means, update_ratios: (n, L), as in
    `StepBlock`. layers: all A names; weight_layers: the places in it of those with weights.
    validation: (step, loss, accuracy) each. looks: the LayerStats so far, the latest last.
    steps_per_epoch: 0 where there are no epochs. percentiles: what the bands of a look are.

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
    looks: Sequence[LayerLook] = ()
    steps_per_epoch: int = 0
    percentiles: tuple[float, ...] = (0.0, 5.0, 25.0, 50.0, 75.0, 95.0, 100.0)
    _curves_drawn: dict[Any, RunCurvesJson] = field(default_factory=dict, init=False, repr=False)  # by zoom
    _flow_drawn: list[RunFlowJson] = field(default_factory=list, init=False, repr=False)  # none, or one

    def __post_init__(self) -> None:
        count, tall = len(self.steps), len(self.weight_layers)
        for name in ("loss", "accuracy", "rate"):
            if np.shape(getattr(self, name)) != (count,):
                raise ValueError(f"{name} needs one number for each of {count} steps.")
        for name in ("gradient_norms", "gradient_means", "update_ratios"):
            if np.shape(getattr(self, name)) != (count, tall):
                raise ValueError(f"{name} must be {count} steps × {tall} layers with weights.")
        if any(not 0 <= place < len(self.layers) for place in self.weight_layers):
            raise ValueError(f"weight_layers must be places in the {len(self.layers)} layers.")

    @property
    def first(self) -> int:
        """The number of the first step; 1 where there is none yet."""
        return int(self.steps[0]) if len(self.steps) else 1

    def curves_data(self, zoom: tuple[float, float] | None = None) -> RunCurvesJson:
        """What the curves read: at most about 1,000 steps, each bin's extremes of loss and accuracy kept.

        `zoom`, steps from … to, is what is looked at: finer bins lie in there, coarser ones around it.

        All series are given at the same steps, so that what is read off at a step is exact; the smoothed
        ones are computed from all steps before any is left out. Asked again, it is not computed again.
        """
        if zoom not in self._curves_drawn:
            self._curves_drawn[zoom] = self._curves(zoom)
        return self._curves_drawn[zoom]

    def _curves(self, zoom: tuple[float, float] | None) -> RunCurvesJson:
        count = len(self.steps)
        most, zoom = (count + 1, None) if count <= WHOLE else (CURVE_BINS, zoom)
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
            "odd": _odd_spots(self.steps, self.loss),
            "validation": self._checks(),
        }

    def _checks(self) -> ChecksJson:
        """Validation, thinned, with the places of the lowest loss and the highest accuracy (−1: none)."""
        table = np.array(self.validation, np.float64).reshape(-1, 3)
        table = table[keep_extremes((table[:, 1], table[:, 2]), Bins.of(1, len(table), CHECKS // 4))]
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
        """What the gradient flow reads: the last measured step, the whole run in bins, the last look."""
        if not self._flow_drawn:
            self._flow_drawn.append(self._flow())
        return self._flow_drawn[0]

    def _flow(self) -> RunFlowJson:
        return {
            "label": self.label,
            "layers": list(self.layers),
            "weightLayers": list(self.weight_layers),
            "now": self._now(),
            "heat": self._heat(),
            "look": self._look(),
            "looks": self._looks(),
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

    def _look(self) -> LastLookJson | None:
        if not self.looks:
            return None
        look = self.looks[-1]
        return {
            "step": int(look.step),
            "percentiles": list(self.percentiles),
            "norm": packed(look.activation_norms),
            "mean": packed(look.activation_means),
            "dead": packed(look.dead),
            "saturated": packed(look.saturated),
            "activationBands": packed(look.activation_bands),
            "weightBands": packed(look.weight_bands),
        }

    def _looks(self) -> LooksJson | None:
        """What only looks measure, layers × looks, every n-th of many.

        norm: of the gradient by the output of the layers with weights; dead, saturated: shares of the
        layers in `units`, the ones that have any.
        """
        if not self.looks:
            return None
        every = _every_look(len(self.looks))
        chosen = [look for i, look in enumerate(self.looks) if i % every == 0]
        if chosen[-1] is not self.looks[-1]:
            chosen.append(self.looks[-1])
        norms, dead, saturated = (
            np.stack([getattr(look, name) for look in chosen], axis=1)
            for name in ("activation_norms", "dead", "saturated")
        )
        units = np.flatnonzero(np.isfinite(dead).any(axis=1) | np.isfinite(saturated).any(axis=1))
        return {
            "steps": packed([look.step for look in chosen], "<u4"),
            "norm": log_codes(norms[list(self.weight_layers)]),
            "units": units.tolist(),
            "dead": share_codes(dead[units]),
            "saturated": share_codes(saturated[units]),
        }


def _every_look(count: int) -> int:
    """Every how many looks are drawn, so that at most LOOKS are: a power of two, so that they stand still."""
    every = 1
    while -(-count // every) >= LOOKS:
        every *= 2
    return every


def _odd_spots(steps: NDArray[np.integer[Any]], loss: Floats) -> list[OddSpotJson]:
    """The stretches in which the loss is not finite, the first ODD_SPOTS of them."""
    odd = ~np.isfinite(loss)
    if not odd.any():
        return []
    starts = np.flatnonzero(odd & ~np.append(False, odd[:-1]))[:ODD_SPOTS]
    return [
        {"step": int(steps[i]), "sign": "NaN" if np.isnan(loss[i]) else "−∞" if loss[i] < 0 else "∞"}
        for i in starts
    ]
