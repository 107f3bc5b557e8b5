"""One run under commands: trains in slices, answers, and sends all that it reports through `emit`.

The same in a child process and in a thread: it knows neither frames nor sockets. A command is a table,
{"do": name, "number": n, …}, and so is a report (see `Session.run`).
"""

from __future__ import annotations

import sys
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue

import numpy as np
import torch

from cnnviz.core.datasets.idx import DataError
from cnnviz.engine.config.controls import LIVE, ConfigError
from cnnviz.engine.config.errors import EngineError, memory_sentence
from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.engine.training.data import load_data
from cnnviz.engine.training.probes import evaluate
from cnnviz.engine.training.slow_motion import slow_step
from cnnviz.engine.training.trainer import Trainer, TrainError, one_thread
from cnnviz.engine.wire.frames import Message
from cnnviz.engine.wire.records import Record

__all__ = ["Session"]

REPORT_EVERY = 0.1  # seconds of training between two reports
COPY_EVERY = 2.0  # seconds between two copies of the state for the server, at least
COPY_SHARE = 0.01  # of the time, at most, for those copies
_BETWEEN_SLICES = ("pause", "resume", "set", "hold", "go", "stop")


class Session:
    """Runs a Trainer under the commands that come into `commands`."""

    def __init__(
        self, order: Message, emit: Callable[[Message], None], commands: SimpleQueue[Message]
    ) -> None:
        self._order, self._emit, self._commands = order, emit, commands
        self._work: deque[Message] = deque()
        self._playing = bool(order.get("playing", True))
        self._has_turn = bool(order.get("go", True))
        self._number = 0  # of the last command seen
        self._stopping = False
        self._copied_step, self._next_copy = -1, 0.0

    def run(self) -> None:
        """Train until the end. Reports, besides answers:

        {"records": [(kind, fields, arrays)]}; {"playing": bool}; {"state": arrays, "step": n}, the last good
        state; {"turn": "held" | "idle", "number": n}: computes no more until the next "go", and whether it
        wants to. The last record is always a Finished.
        """
        trainer: Trainer | None = None
        try:
            with one_thread():
                trainer = self._prepared()
            self._report([trainer.started()])
            self._emit({"playing": self._playing})
            while self._goes_on(trainer):
                pass
            self._end(trainer)
        except (TrainError, ConfigError, DataError, EngineError) as error:  # each is one sentence
            self._fail(trainer, str(error))
        except ValueError as error:
            traceback.print_exc(file=sys.stderr)
            self._fail(trainer, str(error))
        except (MemoryError, RuntimeError) as error:
            traceback.print_exc(file=sys.stderr)
            self._fail(trainer, memory_sentence(error) or f"Training failed: {error}.")

    def _prepared(self) -> Trainer:
        config = TrainConfig.from_dict(self._order["config"])
        data, classes = load_data(config.dataset)
        trainer = Trainer(config, data, classes)
        if state := self._order.get("state"):
            trainer.load_state({name: torch.from_numpy(np.array(value)) for name, value in state.items()})
        for name, value in self._order.get("changes", {}).items():
            self._report([trainer.set(name, value)])
        return trainer

    def _goes_on(self, trainer: Trainer) -> bool:
        """Obey what has arrived, then compute one slice; False at the end of the run."""
        self._obey(trainer)
        if self._stopping:
            return False
        if self._has_turn and self._work:
            self._do(trainer, self._work.popleft())
        elif self._has_turn and self._playing:
            self._train(trainer, self._most(trainer), REPORT_EVERY)
        return trainer.status == "running" and self._most(trainer) > 0

    def _most(self, trainer: Trainer) -> int:
        return int(self._order["most_steps"]) - trainer.step_count

    def _obey(self, trainer: Trainer) -> None:
        """Take over all commands; wait for one where there is nothing to do."""
        while not self._stopping:
            try:
                command = self._commands.get_nowait()
            except Empty:
                if self._has_turn and (self._playing or self._work):
                    return
                self._rest()
                command = self._commands.get()
            self._number = int(command.get("number", self._number))
            if command["do"] in _BETWEEN_SLICES:
                getattr(self, f"_on_{command['do']}")(trainer, command)
            else:
                self._work.append(command)

    def _rest(self) -> None:
        if self._has_turn:
            self._has_turn = False
            self._emit({"turn": "idle", "number": self._number})

    def _on_go(self, trainer: Trainer, command: Message) -> None:
        self._has_turn = True

    def _on_hold(self, trainer: Trainer, command: Message) -> None:
        self._has_turn = False
        wants = self._playing or bool(self._work)
        self._emit({"turn": "held" if wants else "idle", "number": self._number})

    def _on_resume(self, trainer: Trainer, command: Message) -> None:
        self._playing = True
        self._emit({"playing": True})

    def _on_pause(self, trainer: Trainer, command: Message) -> None:
        self._work = deque(work for work in self._work if work["do"] not in ("step", "slow"))
        if self._playing:
            self._playing = False
            self._work.append({"do": "sample"})
        self._send_copy(trainer)
        self._emit({"playing": False})

    def _on_set(self, trainer: Trainer, command: Message) -> None:
        if command["name"] in LIVE:
            self._report([trainer.set(command["name"], command["value"])])

    def _on_stop(self, trainer: Trainer, command: Message) -> None:
        self._stopping = True

    def _train(self, trainer: Trainer, count: int, seconds: float) -> None:
        """Some steps. The very first one is reported at once: the first point waits for no picture."""
        if trainer.step_count == 0:
            with one_thread():
                trainer.train_once()
            self._report(trainer.flush())
        else:
            self._report(trainer.step(count, seconds))
        if trainer.status == "running" and time.monotonic() >= self._next_copy:
            self._send_copy(trainer)

    def _do(self, trainer: Trainer, work: Message) -> None:
        """One command that computes. After the last step the end of the run is the answer."""
        answer: Message = {}
        try:
            match work["do"]:
                case "step":
                    if not self._steps(trainer, work):
                        return
                case "slow":
                    self._report(slow_step(trainer, work.get("layer")))
                    self._send_copy(trainer)
                case "evaluate":
                    answer = self._evaluate(trainer, work["split"])
                case "pin":
                    trainer.sampler.pin(work["picture"])
                    self._report(trainer.sample())
                case "sample":
                    self._report(trainer.sample())
                case "state":
                    self._send_copy(trainer)
                case other:
                    answer = {"error": f"A run knows no command {str(other)[:40]!r}."}
        except (KeyError, ValueError) as error:
            answer = {"error": str(error)}
        if "answer" in work and trainer.status == "running" and self._most(trainer) > 0:
            self._emit({"answer": work["answer"], "value": answer})

    def _steps(self, trainer: Trainer, work: Message) -> bool:
        """As many as fit into a slice; False where the rest went back to the front of the queue."""
        wanted = trainer.step_count + int(work["count"])
        self._train(trainer, min(int(work["count"]), self._most(trainer)), REPORT_EVERY)
        left = wanted - trainer.step_count
        if trainer.status == "running" and left > 0 and self._most(trainer) > 0:
            self._work.appendleft({**work, "count": left})
            return False
        if trainer.status == "running":
            self._report(trainer.sample())
            self._send_copy(trainer)
        return True

    def _evaluate(self, trainer: Trainer, split: str) -> Message:
        """Loss, accuracy and confusion on a whole split."""
        with one_thread():
            validation, confusion = evaluate(
                trainer.step_count, trainer.network, trainer.output, trainer.sets[split], split
            )
        self._report([validation, confusion])
        return {"loss": validation.loss, "accuracy": validation.accuracy, "count": validation.count}

    def _report(self, records: Iterable[Record]) -> None:
        if messages := [tuple(record.to_message()) for record in records]:
            self._emit({"records": messages})

    def _send_copy(self, trainer: Trainer) -> None:
        """Hand the server a copy of the state, so that it survives this process."""
        if trainer.step_count == self._copied_step:
            return
        begun = time.monotonic()
        state = {name: value.cpu().numpy() for name, value in trainer.state().items()}
        self._emit({"state": state, "step": trainer.step_count})
        self._copied_step, ended = trainer.step_count, time.monotonic()
        self._next_copy = ended + max(COPY_EVERY, (ended - begun) / COPY_SHARE)

    def _end(self, trainer: Trainer) -> None:
        """The last samples, the last good state, and why it ended."""
        finished = trainer.finished("stopped" if self._stopping and trainer.status == "running" else "")
        if trainer.status == "running" and not self._stopping:
            most = self._order["most_steps"]
            finished = trainer.finished(
                "done", f"{most:,} steps are done, the most that a run may have here."
            )
        if finished.status == "diverged":
            trainer.recover()
            self._copied_step = -1
        elif finished.status == "done":
            self._report(trainer.sample())
        self._send_copy(trainer)
        self._report([finished])

    def _fail(self, trainer: Trainer | None, sentence: str) -> None:
        self._emit({"failed": sentence, "step": trainer.step_count if trainer else 0})
