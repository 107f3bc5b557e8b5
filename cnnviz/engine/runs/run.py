"""A training run as its owner sees it: status, history, commands. Thread-safe; torch only in `model`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.config.errors import EngineError, RefusedError
from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.engine.processes.supervisor import Supervisor, default_supervisor
from cnnviz.engine.runs import checks
from cnnviz.engine.runs.history import History
from cnnviz.engine.runs.progress import ENDED, State
from cnnviz.engine.runs.remote_session import RemoteSession
from cnnviz.engine.runs.trained import evaluate_state, model_of
from cnnviz.engine.wire.records import Confusion, Record, Validation

if TYPE_CHECKING:
    from torch import nn

__all__ = ["ENDED", "Run"]

_NETWORK = "network."  # the prefix of the weights in a state


class Run:
    """One training run, made by `start_training`. Every method may be called from any thread.

    Once a run has ended, `pause` and `stop` do nothing, and the other commands (`resume`, `step`,
    `slow_step`, `set`, `set_rate`, `pin`) raise RefusedError: `restart_from_last` trains on.

    Attributes
    ----------
    config : TrainConfig
        The settings that it was started with.
    history : History
        All that it has measured, also after its end: ``.step``, ``.loss``, ``.validation`` and more.

    Examples
    --------
    >>> from cnnviz.engine import TrainConfig, start_training
    >>> run = start_training(TrainConfig(train_size=64), in_process=True, playing=False)
    >>> run.step(3)
    >>> run.status, run.history.last_step
    ('paused', 3)
    >>> run.set_rate(0.01)
    >>> run.step()
    >>> [f"{rate:g}" for rate in run.history.rate]
    ['0.001', '0.001', '0.001', '0.01']
    >>> run.stop()
    >>> run.wait()
    'stopped'
    >>> run.sentence
    'Stopped.'
    """

    def __init__(
        self,
        config: TrainConfig,
        in_process: bool = False,
        owner_alive: Callable[[], bool] | None = None,
        supervisor: Supervisor | None = None,
    ) -> None:
        self.config = config
        self._in_process, self._supervisor = in_process, supervisor or default_supervisor()
        self._session = RemoteSession(self._supervisor, in_process, owner_alive)
        self._progress = self._session.progress
        self.history: History = self._progress.history

    def start(self, playing: bool) -> None:
        """Train; for `start_training`. RefusedError where there is no place."""
        self._session.start(self.config, playing)

    @property
    def status(self) -> str:
        """One of "queued", "starting", "running", "paused", "done", "stopped", "failed", "diverged"."""
        return self._session.status

    @property
    def sentence(self) -> str:
        """Why it ended, in one sentence; empty before."""
        with self._session.lock:
            return self._progress.sentence if self._progress.ended else ""

    @property
    def queue_position(self) -> int:
        """1 for the next run to compute, 0 for one that does not wait for its turn."""
        return self._session.queue_position

    @property
    def pid(self) -> int:
        """The training process, 0 where there is none."""
        return self._session.pid

    @property
    def last_good_step(self) -> int:
        """The step of the weights that would survive the end of the process now."""
        return self._progress.state_step

    def poll(self) -> list[Record]:
        """What is new since the last call: every step and validation, but only the newest pictures."""
        with self._session.lock:
            unread, self._progress.unread = self._progress.unread, []
        return unread

    def wait(self, timeout: float | None = None) -> str:
        """Wait for the end of the run, at most so many seconds; returns the status then."""
        self._session.wait(timeout)
        return self.status

    def pause(self, wait: float = 1.0) -> None:
        """Hold after the step under way; nothing happens to a run that is paused or has ended.

        Parameters
        ----------
        wait : float
            Returns when the run holds, at the latest after so many seconds.
        """
        self._session.pause(wait)

    def resume(self) -> None:
        """Go on after a pause."""
        self._refuse_if_ended()
        self._session.resume()

    def step(self, count: int = 1, wait: float | None = None) -> None:
        """Pause, and do so many steps, fewer where the run ends before.

        Parameters
        ----------
        count : int
            0 or more.
        wait : float, optional
            Returns when they are done, at the latest after so many seconds; the rest is done all the same.

        Raises
        ------
        RefusedError
            For what is no number of steps.
        """
        steps = checks.whole_steps(count)
        self._refuse_if_ended()
        self.pause()
        if steps:
            self._session.ask({"do": "step", "count": min(steps, self._session.limits.max_steps)}, wait)

    def slow_step(self, layer: int | None = None, wait: float | None = None) -> None:
        """Pause, and do one step in slow motion, which gives SubStep records.

        Parameters
        ----------
        layer : int, optional
            The number of the layer that is shown in full; by default a small one.
        wait : float, optional
            As for `step`.
        """
        self._refuse_if_ended()
        self.pause()
        self._session.ask({"do": "slow", "layer": layer}, wait)

    def set_rate(self, rate: float) -> None:
        """Train on with this learning rate; the schedule's factor stays. As ``set("rate", rate)``."""
        self.set("rate", rate)

    def set(self, name: str, value: float) -> None:
        """Change a setting while the run goes on.

        Parameters
        ----------
        name : "rate", "momentum" or "weight_decay"
        value : float
            As in TrainConfig.

        Raises
        ------
        ConfigError
            For a value that it may not have (a ValueError).
        RefusedError
            For another setting.
        """
        checks.check_may_change([name])
        checked = float(getattr(self.config.changed(**{name: value}), name))
        self._refuse_if_ended()
        self._session.send({"do": "set", "name": name, "value": checked})

    def pin(self, picture: NDArray[np.uint8]) -> None:
        """Show the maps of this picture from now on.

        Parameters
        ----------
        picture : ndarray of uint8, (C, H, W)
            Of the network's input shape.

        Raises
        ------
        RefusedError
            For another type or shape.
        """
        checks.check_picture(picture, self.config.net.input)
        self._refuse_if_ended()
        self._session.send({"do": "pin", "picture": picture})

    def evaluate(self, split: str = "test", timeout: float = 60.0) -> dict[str, float]:
        """Loss and accuracy on a whole split; Validation and Confusion records come too.

        Parameters
        ----------
        split : "train", "validation" or "test"
        timeout : float
            Seconds to wait for the answer.

        Returns
        -------
        dict of str to float
            "loss", "accuracy" (0 to 1) and "count", the number of pictures.

        Raises
        ------
        EngineError
            One sentence, where it cannot be done.
        """
        checks.check_split(split)
        if not self._progress.ended:
            found = self._session.ask({"do": "evaluate", "split": split}, timeout)
            if found is not None and "error" not in found:
                return found
            if not self._progress.ended:
                raise EngineError((found or {}).get("error", "The evaluation took too long."))
        if not self._progress.state:
            raise EngineError("This run has no weights that could be evaluated.")
        session = RemoteSession(self._supervisor, self._in_process)
        found = evaluate_state(session, self.config, self._progress.state, split, timeout)
        with self._session.lock:
            for record in (*session.progress.history.of(Validation), *session.progress.history.of(Confusion)):
                self._progress.add(record)
        return found

    def weights(self) -> State:
        """The last weights that the server has, by their names in `model()`'s state_dict."""
        state = self._progress.state
        return {k.removeprefix(_NETWORK): v for k, v in state.items() if k.startswith(_NETWORK)}

    def model(self, timeout: float = 10.0) -> nn.Module:
        """The network with its newest weights, in eval mode; after a failure with the last good ones.

        Imports torch here: for notebooks, not for a web server.

        Returns
        -------
        torch.nn.Module
            Takes pictures (N, C, H, W), values from 0 to 1, and gives logits (N, classes).
        """
        if not self._progress.ended:
            self._session.ask({"do": "state"}, timeout)
        return model_of(self.config, self.weights())

    def restart_from_last(self, *, playing: bool = True, **changes: float) -> None:
        """Train on from the last good weights, with the same history up to their step.

        Parameters
        ----------
        playing : bool
            False begins paused.
        **changes : float
            New values of rate, momentum, weight_decay, max_steps or max_seconds.

        Raises
        ------
        RefusedError
            While the run goes on, where all of its steps are done (give a larger `max_steps`), and where
            there is no place left; the run stays as it ended then.
        """
        checks.check_may_change(changes, ended=True)
        changed = self.config.changed(**changes)
        with self._session.lock:
            if not self._progress.ended:
                raise RefusedError("This run has not ended.")
            checks.check_steps_left(self._progress.state_step, changed, self._session.limits.max_steps)
            before, self.config = self.config, changed
            try:
                live = {name: value for name, value in changes.items() if name in checks.LIVE}
                self._session.start(changed, playing, self._progress.state, live)
            except EngineError:
                self.config = before
                raise
            self._progress.rewind()

    def stop(self, sentence: str = "") -> None:
        """End the run, with a sentence that says why; its history and its last weights stay."""
        self._session.stop(sentence)

    def _refuse_if_ended(self) -> None:
        if ended := self._progress.ended:
            raise RefusedError(
                f"This run has ended ({ended}): restart_from_last() trains on from its weights."
            )
