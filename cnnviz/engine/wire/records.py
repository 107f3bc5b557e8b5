"""What a training run reports: one frozen record per kind of event. numpy only, never torch.

A layer's number is its place in the stack, from 0; "weight layers" are the ones with weights, in the same
order, as `Started.weight_layers` names them. `messages` takes records to the wire and back.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.wire.messages import (
    Bytes,
    FloatBank,
    FloatRow,
    FloatTable,
    IntRow,
    IntTable,
    NamedFloats,
    PictureBytes,
    Record,
    RecordError,
    RecordMessage,
)

__all__ = [
    "BANDS",
    "RECORDS",
    "STAGES",
    "Changed",
    "Confusion",
    "Filters",
    "Finished",
    "LayerStats",
    "Maps",
    "Predictions",
    "Record",
    "RecordError",
    "RecordMessage",
    "Started",
    "StepBlock",
    "SubStep",
    "Validation",
    "Weights",
    "record_from_message",
]

BANDS = (0.0, 5.0, 25.0, 50.0, 75.0, 95.0, 100.0)
"""The percentiles of a distribution of |gradients| that `LayerStats` keeps."""

STAGES = ("batch", "forward", "loss", "backward", "update")
"""The named sub-steps of one training step, in order."""


@dataclass(frozen=True, eq=False)
class Started(Record):
    """The first event of a run: what is being trained.

    layers names every layer ("1 conv 3×3, 8"); shapes are their outputs; weight_layers numbers the ones with
    weights.
    """

    kind: ClassVar[str] = "started"
    layers: tuple[str, ...]
    shapes: tuple[tuple[int, ...], ...]
    weight_layers: tuple[int, ...]
    classes: tuple[str, ...]
    parameters: int
    multiply_adds: int  # of one sample, forward
    train_size: int
    steps_per_epoch: int
    device: str

    @property
    def weight_names(self) -> tuple[str, ...]:
        """The names of the layers with weights, in order."""
        return tuple(self.layers[number] for number in self.weight_layers)


@dataclass(frozen=True, eq=False)
class StepBlock(Record):
    """Measurements of consecutive steps; row i is step `step − n + 1 + i`, counted from 1.

    n steps, L weight layers. `gradient_norms` are L2 norms over the layer's weights and bias,
    `gradient_means` the mean |g|; `update_ratios` is ‖Δw‖ / ‖w‖ with Δw what the step changed. `rate` is the
    rate that was used.
    """

    kind: ClassVar[str] = "step_block"
    loss: FloatRow
    accuracy: FloatRow
    milliseconds: FloatRow
    rate: FloatRow
    gradient_norms: FloatTable
    gradient_means: FloatTable
    update_ratios: FloatTable

    @property
    def steps(self) -> NDArray[np.int64]:
        """The numbers of the steps, counted from 1."""
        return np.arange(self.step - len(self.loss) + 1, self.step + 1)


@dataclass(frozen=True, eq=False)
class Validation(Record):
    """Loss and accuracy on `count` pictures of a split ("train", "validation" or "test")."""

    kind: ClassVar[str] = "validation"
    split: str
    loss: float
    accuracy: float
    count: int


@dataclass(frozen=True, eq=False)
class LayerStats(Record):
    """What passes through every layer, on one batch; NaN where a number has no meaning.

    A layers, L weight layers. activation_norms, activation_means: L2 norm and mean |g| of ∂loss/∂(output).
    A value is flat where |f′| is below 5 % of its largest. saturated: share of flat values of an activation;
    dead: share of its units (a map, or one number of a vector) that are flat for every picture and place.
    *_bands: percentiles BANDS of |∂loss/∂(output)| and |∂loss/∂w|.
    """

    kind: ClassVar[str] = "layer_stats"
    activation_norms: FloatRow
    activation_means: FloatRow
    dead: FloatRow
    saturated: FloatRow
    activation_bands: FloatTable  # (A, len(BANDS))
    weight_bands: FloatTable  # (L, len(BANDS))


@dataclass(frozen=True, eq=False)
class Maps(Record):
    """Outputs of every layer for one pinned picture: `values` holds them one after the other.

    Of a layer with very many maps only the first are kept: `shapes` says what is here, `channels` how many
    maps (or numbers) the layer has.
    """

    kind: ClassVar[str] = "maps"
    shapes: tuple[tuple[int, ...], ...]
    channels: tuple[int, ...]
    picture: PictureBytes  # (C, H, W): the picture itself
    values: FloatRow

    def layer(self, number: int) -> NDArray[np.float32]:
        """The output of a layer, (C, H, W) or (n,); a view."""
        sizes = [math.prod(shape) for shape in self.shapes]
        start = sum(sizes[:number])
        return self.values[start : start + sizes[number]].reshape(self.shapes[number])


@dataclass(frozen=True, eq=False)
class Filters(Record):
    """The weights of a convolution, (C_out, C_in, kernel height, kernel width)."""

    kind: ClassVar[str] = "filters"
    layer: int
    weights: FloatBank


@dataclass(frozen=True, eq=False)
class Predictions(Record):
    """What the network says about N pictures of a split: the k most likely classes, best first.

    Shares are probabilities; with one-hot targets and squared error they are the outputs themselves.
    """

    kind: ClassVar[str] = "predictions"
    split: str
    indices: IntRow  # (N,) places in the split
    labels: IntRow  # (N,) true classes
    top: IntTable  # (N, k) classes
    shares: FloatTable  # (N, k)


@dataclass(frozen=True, eq=False)
class Confusion(Record):
    """True class against predicted class for N pictures of a split, with every picture's place in it."""

    kind: ClassVar[str] = "confusion"
    split: str
    counts: IntTable  # (K, K): row = true class, column = predicted
    indices: IntRow  # (N,) places in the split
    labels: IntRow  # (N,)
    predicted: IntRow  # (N,)

    def pictures(self, true: int, predicted: int) -> NDArray[np.int32]:
        """Places in the split of the pictures in one cell."""
        places: NDArray[np.int32] = self.indices[(self.labels == true) & (self.predicted == predicted)]
        return places


@dataclass(frozen=True, eq=False)
class SubStep(Record):
    """One named part of one step in slow motion, with the real numbers of one small layer.

    `stage` is one of STAGES; `layer` is the one whose numbers are shown; `numbers` maps a name (such as
    "weights before") to an array.
    """

    kind: ClassVar[str] = "sub_step"
    stage: str
    title: str
    sentence: str
    layer: int
    numbers: NamedFloats


@dataclass(frozen=True, eq=False)
class Changed(Record):
    """A setting that was changed while the run went on ("rate", "momentum", "weight_decay")."""

    kind: ClassVar[str] = "changed"
    name: str
    value: float


@dataclass(frozen=True, eq=False)
class Weights(Record):
    """All weights as the bytes of a safetensors file (`weights_file`)."""

    kind: ClassVar[str] = "weights"
    content: Bytes


@dataclass(frozen=True, eq=False)
class Finished(Record):
    """The last event: status is "done", "stopped", "failed" or "diverged", `sentence` says why.

    `good_step` is the step of the last good state that training can be resumed from.
    """

    kind: ClassVar[str] = "finished"
    status: str
    sentence: str
    good_step: int
    seconds: float
    cpu_seconds: float


RECORDS: Mapping[str, type[Record]] = MappingProxyType(
    {
        each.kind: each
        for each in (
            Started,
            StepBlock,
            Validation,
            LayerStats,
            Maps,
            Filters,
            Predictions,
            Confusion,
            SubStep,
            Changed,
            Weights,
            Finished,
        )
    }
)


def record_from_message(message: RecordMessage) -> Record:
    """The record in a message of any kind; RecordError, one sentence, where there is none."""
    if message.kind not in RECORDS:
        raise RecordError(f"No record is of kind {str(message.kind)[:40]!r}.")
    return RECORDS[message.kind].from_message(message)
