"""A training run as its owner sees it: status, history, commands. Thread-safe; torch only in `model`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.datasets.table import DATASETS
from cnnviz.core.sentences import short_repr
from cnnviz.engine.config.errors import EngineError, RefusedError
from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.engine.processes.supervisor import Supervisor
from cnnviz.engine.runs.run_base import ENDED, RunBase, State
from cnnviz.engine.wire.records import Confusion, Validation

if TYPE_CHECKING:
    from torch import nn

__all__ = ["ENDED", "Run", "start_training"]

LIVE = ("rate", "momentum", "weight_decay")
_NETWORK = "network."  # the prefix of the weights in a state


def start_training(
    config: TrainConfig | Mapping[str, Any],
    in_process: bool = False,
    owner_alive: Callable[[], bool] | None = None,
    *,
    playing: bool = True,
    supervisor: Supervisor | None = None,
) -> Run:
    """Train a network; returns at once.

    Parameters
    ----------
    config : TrainConfig or dict
        The settings.
    in_process : bool
        In a thread here instead of a child process, for notebooks and tests.
    owner_alive : callable, optional
        Asked now and then from another thread; where it says no for the settings' grace time, the run is
        stopped.
    playing : bool
        False begins paused, before the first step.
    supervisor : Supervisor, optional
        What starts the child processes; the one of this process where it is left out.

    Returns
    -------
    Run
        The run; it goes on by itself.

    Raises
    ------
    RefusedError
        A ValueError: one sentence, for what cannot be trained here or has no place left.

    Notes
    -----
    config: the settings, or their dict. in_process: in a thread here instead of a child process (for
    notebooks and tests). owner_alive: asked now and then from another thread; where it says no for the
    settings' grace time, the run is stopped. playing: False begins paused, before the first step.

    Examples
    --------
    >>> from cnnviz.engine import TrainConfig, start_training
    >>> run = start_training(TrainConfig(max_steps=2), in_process=True)
    >>> run.wait(60)
    'done'
    >>> run.history.step.tolist()
    [1, 2]
    """
    if not isinstance(config, TrainConfig):
        config = TrainConfig.from_dict(config)
    _check(config)
    run = Run(config, in_process, owner_alive, supervisor)
    run.begin(playing)
    return run


def _check(config: TrainConfig) -> None:
    if config.dataset not in DATASETS:
        raise RefusedError(f"There is no data set {config.dataset[:40]!r}; there are: {', '.join(DATASETS)}.")
    dataset = DATASETS[config.dataset]
    if problems := config.problems(tuple(dataset.shape), len(dataset.classes)):
        raise RefusedError(problems[0])


def _steps(count: object) -> int:
    if isinstance(count, bool) or not isinstance(count, Integral) or count < 0:
        raise RefusedError(f"A run does a whole number of steps, 0 or more, not {short_repr(count)}.")
    return int(count)


class Run(RunBase):
    """One training run. Every method may be called from any thread; made by `start_training`.

    history: all that it has told, also after its end (`cnnviz.engine.runs.history.History`).
    sentence: why it ended, in one sentence; empty before.
    """

    def pause(self, wait: float = 1.0) -> None:
        """Hold after the step under way; returns when it holds, at the latest after `wait` seconds."""
        with self._changed:
            if self._end or not self._playing:
                return
            self._playing = False
            self._send({"do": "pause"})
            if self._crew and self._crew.launched:
                self._changed.wait_for(lambda: bool(self._end) or not self._playing_told, wait)

    def resume(self) -> None:
        """Go on. A run that has ended stays as it is: see `restart_from_last`."""
        with self._changed:
            if not self._end and not self._playing:
                self._playing = True
                self._send({"do": "resume"})

    def step(self, count: int = 1, wait: float | None = None) -> None:
        """Pause, and do so many steps (fewer where the run ends before).

        Returns when they are done, at the latest after `wait` seconds; what is left is done all the same.
        RefusedError for what is no number of steps.
        """
        steps = _steps(count)
        self.pause()
        if steps:
            self._ask({"do": "step", "count": min(steps, self._limits.max_steps)}, wait)

    def slow_step(self, layer: int | None = None, wait: float | None = None) -> None:
        """Pause, and do one step in slow motion: SubStep records of one layer (None: a small one)."""
        self.pause()
        self._ask({"do": "slow", "layer": layer}, wait)

    def set_rate(self, rate: float) -> None:
        """Train on with this learning rate (the schedule's factor stays). ConfigError for a bad one."""
        self.set("rate", rate)

    def set_momentum(self, momentum: float) -> None:
        """Train on with this momentum. ConfigError for a bad one."""
        self.set("momentum", momentum)

    def set_weight_decay(self, decay: float) -> None:
        """Train on with this weight decay. ConfigError for a bad one."""
        self.set("weight_decay", decay)

    def set(self, name: str, value: float) -> None:
        """Change one of the settings that may change while it runs."""
        if name not in LIVE:
            raise RefusedError(f"{name!r} does not change during a run; {', '.join(LIVE)} do.")
        value = float(getattr(self.config.changed(**{name: value}), name))
        self._send({"do": "set", "name": name, "value": value})

    def pin(self, picture: NDArray[np.uint8]) -> None:
        """Show the maps of this picture, uint8 (C, H, W) of the network's input shape, from now on."""
        if picture.dtype != np.uint8 or picture.shape != self.config.net.input:
            raise RefusedError(
                f"The picture must be uint8 of shape {self.config.net.input}, not {picture.dtype} of "
                f"{picture.shape}."
            )
        self._send({"do": "pin", "picture": picture})

    def look(self) -> None:
        """Have maps, filters, predictions and the whole validation told now."""
        self._send({"do": "look"})

    def evaluate(self, split: str = "test", timeout: float = 60.0) -> dict[str, float]:
        """{"loss", "accuracy", "count"} on a whole split, "train", "validation" or "test"; waits for it.

        Confusion and Validation come as records too. EngineError, one sentence, where it cannot be done.
        """
        if split not in ("train", "validation", "test"):
            raise RefusedError(f"The splits are train, validation and test, not {split!r}.")
        if not self._end:
            found = self._ask({"do": "evaluate", "split": split}, timeout)
            if found is not None and "error" not in found:
                return found
            if not self._end:
                raise EngineError((found or {}).get("error", "The evaluation took too long."))
        return self._evaluate_afterwards(split, timeout)

    def _evaluate_afterwards(self, split: str, timeout: float) -> dict[str, float]:
        """Of a run that has ended: in a new worker, from its last weights."""
        other = Run(self.config, self._in_process, supervisor=self._supervisor)
        with self._changed:
            state = self._state
        if not state:
            raise EngineError("This run has no weights that could be evaluated.")
        other.begin(False, {"state": state})
        try:
            found = other._ask({"do": "evaluate", "split": split}, timeout)
        finally:
            other.stop()
        if found is None or "error" in found:
            raise EngineError(other.sentence or (found or {}).get("error") or "The evaluation took too long.")
        with self._changed:
            for record in (*other.history.of(Validation), *other.history.of(Confusion)):
                self._add(record)
        return found

    def weights(self) -> State:
        """The last weights that the server has, by their names in `model()`'s state_dict."""
        with self._changed:
            return {k.removeprefix(_NETWORK): v for k, v in self._state.items() if k.startswith(_NETWORK)}

    def model(self, timeout: float = 10.0) -> nn.Module:
        """The network with its newest weights, in eval mode (the last good ones after a failure).

        Imports torch here: for notebooks, not for a web server.
        """
        import torch  # noqa: PLC0415

        from cnnviz.engine.training.build import build  # noqa: PLC0415

        if not self._end:
            self._ask({"do": "state"}, timeout)
        net: nn.Module = build(self.config.trained_net, self.config.seed, self.config.init)
        if weights := self.weights():
            net.load_state_dict({name: torch.from_numpy(np.array(value)) for name, value in weights.items()})
        return net.eval()

    def restart_from_last(self, *, playing: bool = True, **changes: float) -> None:
        """Train on from the last good weights in a new worker, with the same history up to their step.

        changes: new values of rate, momentum or weight_decay. RefusedError while the run goes on, and where
        there is no place left: the run stays as it ended then.
        """
        for name, value in changes.items():
            if name not in LIVE:
                raise RefusedError(f"{name!r} does not change during a run; {', '.join(LIVE)} do.")
            self.config.changed(**{name: value})
        with self._changed:
            if not self._end:
                raise RefusedError("This run has not ended.")
            before, self.config = self.config, self.config.changed(**changes)
            try:
                self.begin(playing, {"state": self._state, "changes": changes})
            except EngineError:
                self.config = before
                raise
            self.history.truncate(self._state_step if self._state else 0)
            self.sentence, self._new = "", []
