"""A saved network's maps and predictions, computed in a child process, reported as those of a run."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.checkpoints.pretrained import PRETRAINED
from cnnviz.engine.checkpoints.weights_file import SavedNetwork
from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.engine.processes.job_queue import Result
from cnnviz.engine.runs.history import History
from cnnviz.engine.wire.records import Record, RecordMessage, record_from_message
from cnnviz.ui.jobs import Job

__all__ = ["SavedNetworkView", "digest_of", "shipped"]

MEGABYTES = 16.0


def digest_of(picture: NDArray[np.uint8]) -> str:
    """A short name for a picture."""
    return hashlib.blake2b(picture.tobytes(), digest_size=8).hexdigest()


class SavedNetworkView:
    """One saved network. `ask` starts a job, `collect` takes what it found; neither waits.

    history: what it has reported. label: how the page names it. whole: also filters, predictions and the
    validation; else the maps alone, which go to the `history` of the run whose last weights these are.
    """

    def __init__(self, saved: SavedNetwork, label: str, history: History | None = None) -> None:
        self.saved, self.label = saved, label
        self.whole = history is None
        self.history = history or History(MEGABYTES)
        self.problem = ""
        self.pinned_picture = ""
        self._job = Job()
        self._started = False

    @property
    def config(self) -> TrainConfig:
        """The settings that it was trained with."""
        return self.saved.config

    @property
    def pending(self) -> bool:
        """Whether an answer is on its way."""
        return self._job.pending

    def show(self, picture: NDArray[np.uint8]) -> None:
        """Ask for this picture's maps, once."""
        digest = digest_of(picture)
        if digest != self.pinned_picture:
            self.pinned_picture = digest
            self._ask(picture, ["validation"] if self.whole and not self._started else [])

    def test(self, picture: NDArray[np.uint8]) -> None:
        """Ask for the test pictures too."""
        self._ask(picture, ["validation", "test"])

    def _ask(self, picture: NDArray[np.uint8], splits: list[str]) -> None:
        content = np.frombuffer(self.saved.to_bytes(), np.uint8)
        refused = self._job.ask("saved_network", {"content": content, "picture": picture, "splits": splits})
        if refused:
            self.problem = refused.error

    def collect(self) -> None:
        """Take the answer, if it is there."""
        result = self._job.poll()
        if result is None:
            return
        self.problem = result.error
        for record in _records(result):
            self.history.add(record)
            self._started = self._started or record.kind == "started"


def _records(result: Result) -> list[Record]:
    return [record_from_message(RecordMessage(*sent)) for sent in result.value.get("records", [])]


def shipped(dataset: str) -> SavedNetworkView | None:
    """The network of ours that was trained on these pictures."""
    entry = next((one for one in PRETRAINED.values() if one.dataset == dataset), None)
    return SavedNetworkView(entry.load(), f"{entry.title}. {entry.about}") if entry else None
