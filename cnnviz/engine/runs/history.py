"""What a run has recorded so far, kept on the server's side in bounded memory. numpy only; thread-safe."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.wire.records import (
    Confusion,
    Filters,
    Finished,
    LayerStats,
    Maps,
    Predictions,
    Record,
    Started,
    StepBlock,
    SubStep,
    Validation,
    Weights,
)

__all__ = ["History"]

PICTURES = (Maps, Filters, Predictions, Confusion, LayerStats, SubStep, Weights)
"""Kinds of which old records may go; the measurements of every step stay."""
_ROWS = ("loss", "accuracy", "milliseconds", "rate")
_TABLES = ("gradient_norms", "gradient_means", "update_ratios")
AnyRecord = TypeVar("AnyRecord", bound=Record)


class History:
    """Every step's measurements, every validation, and as many pictures and distributions as fit.

    Where those take more than `megabytes`, every second one of the older half goes, so that what is left is
    spread over the whole run. Arrays that are handed out are read-only and never change afterwards.
    """

    def __init__(self, megabytes: float = 64.0) -> None:
        self._max_bytes = int(megabytes * 2**20)
        self._lock = threading.RLock()
        self._columns: dict[str, _Column] = {}
        self._pictures: dict[type[Record], list[Record]] = {kind: [] for kind in PICTURES}
        self._others: list[Record] = []
        self._bytes = 0
        self._version = 0

    def add(self, record: Record) -> None:
        """Keep a record."""
        with self._lock:
            self._version += 1
            if isinstance(record, StepBlock):
                self._add_steps(record)
            elif isinstance(record, PICTURES):
                self._pictures[type(record)].append(record)
                self._bytes += size(record)
                self._thin()
            else:
                self._others.append(record)

    def _add_steps(self, block: StepBlock) -> None:
        parts = {name: getattr(block, name) for name in (*_ROWS, *_TABLES)}
        for name, values in {"step": block.steps, **parts}.items():
            if name not in self._columns:
                self._columns[name] = _Column(values)
            self._columns[name].extend(values)

    def _thin(self) -> None:
        while self._bytes > self._max_bytes:
            kinds = sorted(self._pictures.values(), key=lambda kept: -sum(map(size, kept)))
            kept = next((one for one in kinds if len(one) > 1), None)
            if kept is None:
                return
            half = max(len(kept) // 2, 1)
            gone = kept[1:half:2] or kept[:1]
            kept[:] = [record for record in kept if not any(record is one for one in gone)]
            self._bytes -= sum(map(size, gone))

    def truncate(self, step: int) -> None:
        """Forget the end, and what came after `step`, since the run goes on from there."""
        with self._lock:
            self._version += 1
            for name, column in self._columns.items():
                if name != "step":
                    column.cut(int(np.searchsorted(self.step, step, side="right")))
            if "step" in self._columns:
                self._columns["step"].cut(int(np.searchsorted(self.step, step, side="right")))
            for kept in (self._others, *self._pictures.values()):
                kept[:] = [one for one in kept if one.step <= step and not isinstance(one, Finished)]
            self._bytes = sum(size(record) for kept in self._pictures.values() for record in kept)

    @property
    def version(self) -> int:
        """Rises with every change: as long as it is the same, so is the history."""
        return self._version

    def of(self, kind: type[AnyRecord]) -> list[AnyRecord]:
        """All that is kept of one kind of record but StepBlock, in order."""
        with self._lock:
            kept: Sequence[Record] = self._pictures.get(kind, self._others)
            return [record for record in kept if isinstance(record, kind)]

    def latest(self, kind: type[AnyRecord]) -> AnyRecord | None:
        """The newest record of one kind, None where there is none."""
        found = self.of(kind)
        return found[-1] if found else None

    @property
    def started(self) -> Started | None:
        """What is being trained; None before the run has begun."""
        return self.latest(Started)

    @property
    def layers(self) -> tuple[str, ...]:
        """The names of the layers with weights, in order: the columns of the tables below."""
        started = self.started
        return started.weight_names if started else ()

    @property
    def last_step(self) -> int:
        """The number of the last step, 0 before the first."""
        step = self.step
        return int(step[-1]) if len(step) else 0

    @property
    def step(self) -> NDArray[np.int64]:
        """(n,) the numbers of the steps, from 1."""
        return self._column("step", 1, np.int64)

    @property
    def loss(self) -> NDArray[np.float32]:
        """(n,) the loss of each step's batch."""
        return self._column("loss", 1)

    @property
    def accuracy(self) -> NDArray[np.float32]:
        """(n,) the share of each step's batch that was right, before the step."""
        return self._column("accuracy", 1)

    @property
    def milliseconds(self) -> NDArray[np.float32]:
        """(n,) how long each step took."""
        return self._column("milliseconds", 1)

    @property
    def rate(self) -> NDArray[np.float32]:
        """(n,) the learning rate that each step used."""
        return self._column("rate", 1)

    @property
    def gradient_norms(self) -> NDArray[np.float32]:
        """(n, layers with weights) L2 norm of each layer's gradient at every step."""
        return self._column("gradient_norms", 2)

    @property
    def gradient_means(self) -> NDArray[np.float32]:
        """(n, layers with weights) mean |gradient|."""
        return self._column("gradient_means", 2)

    @property
    def update_ratios(self) -> NDArray[np.float32]:
        """(n, layers with weights) ‖Δw‖ / ‖w‖ of each step."""
        return self._column("update_ratios", 2)

    @property
    def validation(self) -> list[tuple[int, float, float]]:
        """(step, loss, accuracy) on validation pictures."""
        return self.evaluations("validation")

    def evaluations(self, split: str) -> list[tuple[int, float, float]]:
        """(step, loss, accuracy) on "train", "validation" or "test"."""
        return [(one.step, one.loss, one.accuracy) for one in self.of(Validation) if one.split == split]

    def _column(self, name: str, axes: int, dtype: type[Any] = np.float32) -> NDArray[Any]:
        with self._lock:
            column = self._columns.get(name)
            return column.view() if column else np.zeros((0, len(self.layers))[:axes], dtype)


class _Column:
    """An array that grows at its end."""

    def __init__(self, like: NDArray[Any]) -> None:
        self._values = np.empty((256, *like.shape[1:]), like.dtype)
        self._count = 0

    def extend(self, rows: NDArray[Any]) -> None:
        end = self._count + len(rows)
        if end > len(self._values):
            self._move(2 * end)
        self._values[self._count : end] = rows
        self._count = end

    def cut(self, count: int) -> None:
        self._count = min(count, self._count)
        self._move(len(self._values))  # views that were handed out keep the old numbers

    def _move(self, room: int) -> None:
        grown = np.empty((room, *self._values.shape[1:]), self._values.dtype)
        grown[: self._count] = self._values[: self._count]
        self._values = grown

    def view(self) -> NDArray[Any]:
        view = self._values[: self._count]
        view.flags.writeable = False
        return view


def size(record: Record) -> int:
    """The bytes of a record's arrays."""
    values = [getattr(record, part.name) for part in fields(record)]
    values += [each for value in values if isinstance(value, dict) for each in value.values()]
    return 200 + sum(value.nbytes for value in values if isinstance(value, np.ndarray))
