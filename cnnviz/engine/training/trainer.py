"""The training core: arrays in, records out. It reads no file, opens no connection and starts no thread.

Every random number comes from the run's own generators, so that one seed gives one curve, bit for bit,
whatever else runs in the process; what is measured, when and how often, changes no weight.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor

from cnnviz.engine.checkpoints.weights_file import NETWORK, FileError, SavedNetwork, load_weights
from cnnviz.engine.config.controls import LIVE, ConfigError
from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.engine.training import optimizers, probes
from cnnviz.engine.training.batches import Data, prepare
from cnnviz.engine.training.build import Network, build
from cnnviz.engine.training.measure import layer_stats
from cnnviz.engine.training.outputs import make_output
from cnnviz.engine.training.sampling import Sampler
from cnnviz.engine.training.step import Observer, Step, Stepper
from cnnviz.engine.wire.records import Changed, Finished, Record, Started, StepBlock, Validation, Weights

__all__ = ["TrainError", "Trainer"]

SNAPSHOT_EVERY = 50
"""The last good state is kept every so many steps, and more often in the first hundred."""
RECORDING = 0.45
"""What recording every layer adds to a step, as a share of it."""
CHANGED = "live."
"""Prefix of the live settings in a state."""


class TrainError(ValueError):
    """Settings that cannot be trained on this data: one sentence."""


class Trainer:
    """One run: `step` trains and returns what there is to report, as records.

    config: the settings; data: three splits of uint8 pictures (N, C, H, W) and labels; classes: their names.
    Raises TrainError, one sentence, for settings that cannot be trained on this data, before any work.
    """

    def __init__(self, config: TrainConfig, data: Data, classes: Sequence[str]) -> None:
        if problems := config.problems(tuple(data.train.images.shape[1:]), len(classes)):
            raise TrainError(problems[0])
        if not len(data.train.images):
            raise TrainError("There are no pictures to train on.")
        self.config = config
        self.device = _device(config.device)
        self.output = make_output(config.output, tuple(classes), config.binary_class)
        self.sets = prepare(config, data, len(classes), self.output, self.device)
        self.network: Network = build(config.trained_net, config.seed, config.init)
        self.network.to(device=self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.network.train()
        self.stepper = Stepper(config, self.network, self.output, self.sets["train"])
        self.sampler = Sampler(config, self.sets)
        self.step_count = 0
        self.status = "running"
        self.seconds = 0.0  # of computing
        self.cpu_seconds = 0.0
        self.settings = config  # with what has been changed since
        self._horizon = config.horizon(len(self.sets["train"]))
        self._smooth = self._best = math.nan
        self._good = (0, self.state())
        self._taken: tuple[int, dict[str, Tensor]] | None = None  # good if the next loss says so

    def started(self) -> Started:
        """What is being trained."""
        spec = self.network.spec
        rows = spec.rows()
        return Started(
            step=self.step_count,
            layers=tuple(f"{row.index + 1} {row.layer.label}" for row in rows),
            shapes=tuple(row.output_shape or () for row in rows),
            weight_layers=tuple(self.stepper.meter.layers),
            classes=self.output.classes,
            parameters=sum(row.parameters for row in rows),
            multiply_adds=sum(row.multiply_adds for row in rows),
            train_size=len(self.sets["train"]),
            steps_per_epoch=self.stepper.stream.steps_per_epoch,
            device=str(self.device),
        )

    @property
    def rate(self) -> float:
        """The rate of the next step: the one set, times the schedule's factor."""
        progress = min(1.0, self.step_count / self._horizon)
        return self.settings.rate * optimizers.SCHEDULES[self.config.schedule](progress)

    def step(self, count: int = 1, seconds: float | None = None) -> list[Record]:
        """Train `count` steps, fewer where the run ends or `seconds` have passed; returns what was measured.

        The steps themselves come in blocks; validation, statistics and pictures come when `sampler` says so.
        """
        records: list[Record] = []
        begun, cpu = time.perf_counter(), time.process_time()
        with one_thread():
            for _ in range(count):
                if self.status != "running":
                    break
                records += self._one_step(self.seconds + time.perf_counter() - begun)
                if seconds is not None and time.perf_counter() - begun >= seconds:
                    break
            records += self.flush()
        self.seconds += time.perf_counter() - begun
        self.cpu_seconds += time.process_time() - cpu
        limit = self.config.max_seconds
        if self.status == "running" and limit is not None and self.seconds >= limit:
            self.status = "done"
        return records

    def _one_step(self, now: float) -> list[Record]:
        """One step with its measurements, and the samples that are due after it at `now`."""
        with_stats = self.sampler.stats.due(now)
        step = self.train_once(with_stats)
        records: list[Record] = []
        if self.stepper.meter.full:
            records += self.flush()
        if with_stats and step.finite:
            begun = time.perf_counter()
            records.append(layer_stats(self.step_count, self.network, step.inputs, step.outputs))
            self.sampler.stats.spent(now, time.perf_counter() - begun + RECORDING * step.seconds)
        if self.status == "running":
            records += self.sampler.due(now, self.step_count, self.network, self.output)
        return records

    def train_once(self, recorded: bool = False, observe: Observer | None = None) -> Step:
        """One bare step: `status` becomes "diverged" where its loss is no number, "done" after the last."""
        step = self.stepper.once(self.rate, recorded, observe)
        self.step_count += 1
        if not step.finite:
            self.status = "diverged"
        else:
            self._snapshot(step.loss)
            if self.step_count == self.config.max_steps:
                self.status = "done"
        return step

    def _snapshot(self, loss: float) -> None:
        """Now and then keep the state, if it is good: finite, and with no much higher loss than before.

        `loss` is of the weights before this step, so it says whether the state after the last one is good.
        """
        self._smooth = loss if math.isnan(self._smooth) else 0.9 * self._smooth + 0.1 * loss
        self._best = self._smooth if math.isnan(self._best) else min(self._best, self._smooth)
        bearable = self._smooth <= 2 * self._best
        if self._taken and bearable:
            self._good = self._taken
        self._taken = None
        every = 1 if self.step_count < 10 else 10 if self.step_count < 100 else SNAPSHOT_EVERY
        if bearable and self.step_count % every == 0 and self.stepper.meter.weights_finite():
            self._taken = (self.step_count, self.state())

    def flush(self) -> list[StepBlock]:
        """The measurements of the steps since the last flush."""
        meter = self.stepper.meter
        return [meter.block(self.step_count)] if len(meter) else []

    def sample(self) -> list[Record]:
        """All that is sampled, now, on the weights as they are; for a pause or after single steps."""
        with one_thread():
            return self.sampler.everything(self.step_count, self.network, self.output)

    def evaluate(self, split: str) -> Validation:
        """Loss and accuracy on a whole split: "train", "validation" or "test"."""
        with one_thread():
            found, _ = probes.evaluate(self.step_count, self.network, self.output, self.sets[split], split)
        return found

    def set(self, name: str, value: float) -> Changed:
        """Train on with another value of a live setting; ConfigError, one sentence, where it may not be.

        A new rate is multiplied by the schedule's factor as the old one was.
        """
        if name not in LIVE:
            raise ConfigError(f"{name!r} does not change during a run; {', '.join(LIVE)} do.")
        self._apply(**{name: value})
        return Changed(self.step_count, name, float(getattr(self.settings, name)))

    def _apply(self, **live: float) -> None:
        self.settings = self.settings.changed(**live)
        self.stepper.apply(self.settings)

    def finished(self, status: str = "", sentence: str = "") -> Finished:
        """The last record: why the run ended. `status` as in Finished, by default as it stands."""
        status = status or ("done" if self.status == "running" else self.status)
        return Finished(
            step=self.step_count,
            status=status,
            sentence=sentence or self._why(status),
            good_step=self.good_step,
            seconds=self.seconds,
            cpu_seconds=self.cpu_seconds,
        )

    def _why(self, status: str) -> str:
        if status == "diverged":
            return (
                f"At step {self.step_count:,} the loss was no longer a number, so training stopped. The last "
                f"good state, of step {self.good_step:,}, is kept: go on from there with a smaller rate."
            )
        limit = self.config.max_seconds
        if status == "done" and limit is not None and self.seconds >= limit:
            return f"The {limit:g} seconds of training are over."
        return {"done": "All steps are done.", "stopped": "Stopped."}.get(status, "")

    @property
    def good_step(self) -> int:
        """The step of the last good state."""
        return self._good[0]

    def recover(self) -> None:
        """Go back to the last good state, and be ready to train on from it."""
        self.load_state(self._good[1])

    def state(self) -> dict[str, Tensor]:
        """Copies of all that decides the rest of the run, by name."""
        numbers = {"run": [self.step_count, self._smooth, self._best]}
        numbers |= {CHANGED + name: [getattr(self.settings, name)] for name in LIVE}
        return {
            **self.stepper.state(),
            **{name: torch.tensor(values, dtype=torch.float64) for name, values in numbers.items()},
        }

    def load_state(self, state: Mapping[str, Tensor]) -> None:
        """Go on where `state` was taken, by a run of the same settings: bit for bit as that one would."""
        self.stepper.load_state(state)
        count, self._smooth, self._best = state["run"].tolist()
        self._apply(**{name: state[CHANGED + name].item() for name in LIVE})
        self.step_count = int(count)
        self.status = "running"
        self._good, self._taken = (self.step_count, self.state()), None

    def saved(self, *, whole: bool = False, good: bool = False) -> Weights:
        """The network as the bytes of a file (weights_file.SavedNetwork).

        whole: with all that training needs to go on as if it had never stopped; good: of the last good state.
        """
        step, state = self._good if good else (self.step_count, self.state())
        kept = {name: value for name, value in state.items() if whole or name.startswith(NETWORK)}
        arrays = {name: value.cpu().contiguous().numpy() for name, value in kept.items()}
        content = SavedNetwork(self.config, step, arrays).to_bytes()
        return Weights(step, np.frombuffer(content, np.uint8))

    def restore(self, saved: SavedNetwork) -> None:
        """Go on from a saved network: exactly, if all of its state was saved; with its weights otherwise.

        FileError, one sentence, where it is another network; this run is left as it was then.
        """
        if not saved.whole:
            load_weights(self.network, saved.weights)
            self.step_count, self.status = saved.step, "running"
            self._good, self._taken = (self.step_count, self.state()), None
            return
        before = self.state()
        try:
            self.load_state({name: torch.from_numpy(array.copy()) for name, array in saved.arrays.items()})
        except (KeyError, ValueError, RuntimeError, TypeError, IndexError):
            self.load_state(before)
            raise FileError("The file's state does not fit this run's settings.") from None


def _device(name: str) -> torch.device:
    found = torch.cuda.is_available()
    if name == "cuda" and not found:
        raise TrainError("CUDA was asked for, but torch finds no CUDA device here: choose the processor.")
    return torch.device("cuda" if found and name in ("cuda", "auto") else "cpu")


@contextmanager
def one_thread() -> Iterator[None]:
    """torch on one thread here: sums then have one order, and a second thread would only slow it down."""
    before = torch.get_num_threads()
    if before != 1:
        torch.set_num_threads(1)
    try:
        yield
    finally:
        if before != 1:
            torch.set_num_threads(before)
