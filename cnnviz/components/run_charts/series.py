"""One training run as the charts need it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from cnnviz.components.run_charts.thin import (
    Bins,
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
    _drawn: dict[Any, dict[str, Any]] = field(default_factory=dict, init=False, repr=False)

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

    def as_data(self) -> dict[str, Any]:
        """All that both views read, as plain JSON."""
        return {**self.curves_data(), **self.flow_data()}

    def curves_data(self, zoom: tuple[float, float] | None = None) -> dict[str, Any]:
        """What the curves read: at most about 1,000 steps, each bin's extremes of loss and accuracy kept.

        `zoom`, steps from … to, is what is looked at: finer bins lie in there, coarser ones around it.

        All series are given at the same steps, so that what is read off at a step is exact; the smoothed
        ones are computed from all steps before any is left out. Asked again, it is not computed again.
        """
        if zoom not in self._drawn:
            self._drawn[zoom] = self._curves(zoom)
        return self._drawn[zoom]

    def _curves(self, zoom: tuple[float, float] | None) -> dict[str, Any]:
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

    def _checks(self) -> dict[str, Any]:
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

    def flow_data(self) -> dict[str, Any]:
        """What the gradient flow reads: the last measured step, the whole run in bins, the last look."""
        if "flow" not in self._drawn:
            self._drawn["flow"] = self._flow()
        return self._drawn["flow"]

    def _flow(self) -> dict[str, Any]:
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
    def _tables(self) -> dict[str, Floats]:
        return {"norm": self.gradient_norms, "mean": self.gradient_means, "ratio": self.update_ratios}

    def _now(self) -> dict[str, Any] | None:
        """The last step with any number in it: where the loss is NaN, the step itself has no gradient."""
        measured = np.flatnonzero(~np.isnan(self.gradient_norms[-1000:]).all(axis=1))
        if not len(self.steps) or not self.weight_layers:
            return None
        last = max(0, len(self.steps) - 1000) + int(measured[-1]) if len(measured) else len(self.steps) - 1
        rows = {name: packed(table[last]) for name, table in self._tables.items()}
        return {"step": int(self.steps[last]), **rows}

    def _heat(self) -> dict[str, Any] | None:
        """Layers × bins of steps for each measure, each cell the largest value of its bin."""
        if not len(self.steps) or not self.weight_layers:
            return None
        columns = min(HEAT_COLUMNS, max(60, HEAT_CELLS // len(self.weight_layers)))
        bins = Bins.of(self.first, len(self.steps), columns)
        ends = np.append(self.steps[bins.edges[:-1]], int(self.steps[-1]) + 1)
        maps = {name: log_codes(bins.highest(table).T) for name, table in self._tables.items()}
        return {"binWidth": bins.width, "starts": packed(ends, "<u4"), **maps}

    def _look(self) -> dict[str, Any] | None:
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

    def _looks(self) -> dict[str, Any] | None:
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


def _odd_spots(steps: NDArray[np.integer[Any]], loss: Floats) -> list[dict[str, Any]]:
    """The stretches in which the loss is not finite, the first ODD_SPOTS of them."""
    odd = ~np.isfinite(loss)
    if not odd.any():
        return []
    starts = np.flatnonzero(odd & ~np.append(False, odd[:-1]))[:ODD_SPOTS]
    return [
        {"step": int(steps[i]), "sign": "NaN" if np.isnan(loss[i]) else "−∞" if loss[i] < 0 else "∞"}
        for i in starts
    ]
