"""The runs of every visitor of this server, by session, found again after a page switch.

A visitor has the run that goes on, for a comparison its twin too, and saved networks. The engine ends a run
whose visitor is gone; what a visitor has is dropped with the session.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field

from cnnviz.engine.checkpoints.weights_file import NETWORK, SavedNetwork
from cnnviz.engine.config.errors import EngineError
from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.engine.runs.history import History
from cnnviz.engine.runs.run import ENDED, Run
from cnnviz.engine.runs.start import start_training
from cnnviz.ui.kit.server import session_alive, session_id
from cnnviz.ui.train.saved_network import SavedNetworkView

__all__ = ["MOVING", "Entry", "Pace", "VisitorRuns", "clear_all", "runs_of", "saved_of", "visitor_runs"]

MOVING = frozenset({"queued", "starting", "running"})
"""The states in which a run changes by itself."""
REFRESHED_FOR = 1.5  # seconds in which the last pictures and the whole validation come
AGAIN_AFTER = 2.0  # seconds
STEP_WAITS = 0.3  # seconds that a script waits for single steps
FORGOTTEN_AFTER = 180.0  # seconds without a connection; Streamlit gives a session up after 120


@dataclass
class Pace:
    """Steps per second of the clock, over the last seconds; with others on the server there are fewer."""

    points: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=12))

    def at(self, step: int, now: float | None = None) -> float:
        """The pace after this reading; 0 where it is not known."""
        now = time.monotonic() if now is None else now
        if self.points and step < self.points[-1][1]:
            self.points.clear()
        self.points.append((now, step))
        (begun, first), (end, last) = self.points[0], self.points[-1]
        return (last - first) / (end - begun) if end > begun else 0.0


@dataclass(eq=False)
class Entry:
    """One run of a visitor, as the page names it.

    target_step:    the step that single steps go to while the run is paused.
    pinned_picture: the digest of the picture whose maps it was asked for.
    ended_view:     shows other pictures to the last weights, once the run has ended.
    last_change:    when something new came last.
    """

    run: Run
    config: TrainConfig
    label: str
    pace: Pace = field(default_factory=Pace)
    target_step: int = 0
    pinned_picture: str = ""
    ended_view: SavedNetworkView | None = None
    last_change: float = field(default_factory=time.monotonic)

    @property
    def history(self) -> History:
        """What the run has reported."""
        return self.run.history

    @property
    def needs_refresh(self) -> bool:
        """Whether something new may come: the last pictures follow the last step a moment later."""
        status, now = self.run.status, time.monotonic()
        if self.ended_view is not None:
            self.ended_view.collect()
        stepping = status == "paused" and self.history.last_step < self.target_step
        if status in MOVING or stepping or (self.ended_view is not None and self.ended_view.pending):
            self.last_change = now
        return now - self.last_change < REFRESHED_FOR


@dataclass(eq=False)
class VisitorRuns:
    """What one visitor has: entries are the run and, for a comparison, its twin."""

    session: str
    entries: tuple[Entry, ...] = ()
    saved_networks: Sequence[SavedNetwork] = ()
    saved_network: SavedNetworkView | None = None  # shown while there is no run
    saved_network_chosen: bool = False  # whether the visitor chose it
    sentence: str = ""  # why the last command was refused
    visited: float = field(default_factory=time.monotonic)
    began: float = 0.0  # when the runs were started
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def first(self) -> Entry | None:
        """The run that all views show; the twin is for comparisons."""
        return self.entries[0] if self.entries else None

    @property
    def shown(self) -> Entry | SavedNetworkView | None:
        """What the views of pictures show: the run, and where there is none a saved network."""
        return self.first or self.saved_network

    @property
    def moving(self) -> bool:
        """Whether a run computes, or will as soon as it may."""
        return any(entry.run.status in MOVING for entry in self.entries)

    @property
    def open(self) -> bool:
        """Whether a run can go on: it computes, waits or is paused."""
        return any(entry.run.status not in ENDED for entry in self.entries)

    @property
    def version(self) -> Hashable:
        """What there is to see; the same again where nothing has come meanwhile."""
        saved = self.saved_network.history.version if self.saved_network else 0
        return saved, *((entry.run.status, entry.history.version) for entry in self.entries)

    @property
    def needs_refresh(self) -> bool:
        """Whether the page has to poll again soon."""
        if self.saved_network is not None:
            self.saved_network.collect()
        pending = not self.entries and self.saved_network is not None and self.saved_network.pending
        return (
            pending + sum(entry.needs_refresh for entry in self.entries) > 0
        )  # each notes when it last moved

    def start(self, wanted: Sequence[tuple[TrainConfig, str]], *, playing: bool = True) -> None:
        """Start a run for each of `wanted`, in place of those before. Nothing happens while one is open, so
        that a second press of Start, already on its way, starts no second run."""
        with self.lock:
            if self.open:
                return
            entries: list[Entry] = []
            try:
                for config, label in wanted:
                    run = start_training(config, owner_alive=self._owner_alive, playing=playing)
                    entries.append(Entry(run, config, label))
            except (EngineError, ValueError) as error:
                for entry in entries:
                    entry.run.stop()
                self.sentence = str(error)
                return
            self.entries, self.sentence, self.began = tuple(entries), "", time.monotonic()

    def replace(self, wanted: Sequence[tuple[TrainConfig, str]]) -> None:
        """Stop what goes on and start these; a second press within a moment is the same one."""
        same = [(entry.config, entry.label) for entry in self.entries] == list(wanted)
        if same and self.open and time.monotonic() - self.began < AGAIN_AFTER:
            return
        self.clear()
        self.start(wanted)

    def follow(self, before: Entry, config: TrainConfig, label: str) -> None:
        """Start a run beside one that was: that one is stopped and stays for comparison."""
        if before not in self.entries or (self.entries[0].label == label and before is not self.entries[0]):
            return  # a second press
        self.each(lambda run: run.stop())
        self.entries = ()
        self.start([(config, label)])
        before.label = "Before"
        self.entries = (*self.entries, before)

    def _owner_alive(self) -> bool:
        return session_alive(self.session)

    def each(self, command: Callable[[Run], object]) -> None:
        """Give a command to every run; a refusal becomes `sentence`."""
        self.sentence = ""
        for entry in self.entries:
            if entry.run.status in ENDED:
                continue
            entry.last_change = time.monotonic()
            try:
                command(entry.run)
            except (EngineError, ValueError) as error:
                if entry.run.status not in ENDED:  # it ended just now, and the page says so
                    self.sentence = str(error)

    def step(self, count: int) -> None:
        """So many steps of every run, then a pause; returns soon, and the steps may take longer."""
        for entry in self.entries:
            if entry.run.status not in ENDED:
                entry.target_step = entry.run.history.last_step + count
        self.each(lambda run: run.step(count, wait=STEP_WAITS))

    def clear(self) -> None:
        """Stop all runs and put them away."""
        self.each(lambda run: run.stop())
        self.entries, self.sentence = (), ""


_visitors: dict[str, VisitorRuns] = {}
_lock = threading.Lock()


def visitor_runs() -> VisitorRuns:
    """The runs of the session whose script is running."""
    return runs_of(session_id())


def clear_all() -> None:
    """Stop every visitor's runs, and forget all visitors."""
    with _lock:
        found = list(_visitors.values())
        _visitors.clear()
    for visitor in found:
        visitor.clear()


def runs_of(session: str) -> VisitorRuns:
    """The runs of a session, which from now on is a visitor."""
    with _lock:
        _drop_the_gone()
        found = _visitors.setdefault(session, VisitorRuns(session))
        found.visited = time.monotonic()
        return found


def _drop_the_gone() -> None:
    now = time.monotonic()
    for session, one in list(_visitors.items()):
        if now - one.visited > FORGOTTEN_AFTER and not session_alive(session):
            del _visitors[session]


def saved_of(entry: Entry, name: str = "") -> SavedNetwork:
    """The run's network with the last weights that the server has."""
    arrays = {NETWORK + key: value for key, value in entry.run.weights().items()}
    return SavedNetwork(entry.config, entry.run.last_good_step, arrays, name)
