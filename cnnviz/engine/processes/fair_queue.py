"""Who computes now: a fair queue in time slices. Pure rules, no clock of its own, no threads."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, Literal, TypeVar

from cnnviz.engine.config.errors import RefusedError

Key = TypeVar("Key", bound=Hashable)
Word = Literal["go", "hold"]
State = Literal["idle", "waiting", "computing", "yielding"]


class FairQueue(Generic[Key]):
    """At most `slots` members compute; next is who has computed least, then who has waited longest.

    While somebody waits, who has computed for `slice_seconds` is told to hold, so that with n members and s
    slots each computes s / n of the time and waits for nobody's end. Whoever comes, or comes back after a
    rest, counts as having computed as much as the one who has least: no credit is saved up.
    """

    def __init__(self, slots: int, slice_seconds: float, most: int) -> None:
        self._slots, self._slice, self._most = slots, slice_seconds, most
        self._states: dict[Key, State] = {}
        self._since: dict[Key, float] = {}
        self._waiting: list[Key] = []
        self._computed: dict[Key, float] = {}  # seconds, with what was given at the entry
        self._last_tick: float | None = None

    def __len__(self) -> int:
        return len(self._states)

    def __contains__(self, key: Key) -> bool:
        return key in self._states

    def enter(self, key: Key) -> None:
        """A new member, idle at first. RefusedError, one sentence, where there is no place left."""
        if len(self._states) >= self._most:
            raise RefusedError(
                f"All {self._most} places for runs on this server are taken: try again when one has ended."
            )
        self._states[key], self._computed[key] = "idle", 0.0

    def leave(self, key: Key) -> None:
        """A member that is done; its slot is free at once."""
        self.rest(key)
        self._states.pop(key, None)
        self._computed.pop(key, None)

    def want(self, key: Key) -> None:
        """The member has something to compute."""
        if self._states.get(key) == "idle":
            others = [self._computed[one] for one, state in self._states.items() if state != "idle"]
            self._computed[key] = max(self._computed[key], min(others, default=0.0))
            self._wait(key)

    def _wait(self, key: Key) -> None:
        self._states[key] = "waiting"
        self._waiting.append(key)
        self._waiting.sort(key=self._computed.__getitem__)

    def rest(self, key: Key) -> None:
        """The member has nothing to compute for now."""
        if self._states.get(key) == "waiting":
            self._waiting.remove(key)
        if key in self._states:
            self._states[key] = "idle"

    def held(self, key: Key) -> None:
        """The member has stopped computing, as it was told, and wants to go on."""
        if self._states.get(key) == "yielding":
            self._wait(key)

    def tick(self, now: float) -> list[tuple[Key, Word]]:
        """What to tell whom at `now` (seconds)."""
        told: list[tuple[Key, Word]] = []
        busy = [key for key, state in self._states.items() if state in ("computing", "yielding")]
        for key in busy:
            self._computed[key] += now - (now if self._last_tick is None else self._last_tick)
        self._last_tick = now
        while self._waiting and len(busy) < self._slots:
            key = self._waiting.pop(0)
            self._states[key], self._since[key] = "computing", now
            busy.append(key)
            told.append((key, "go"))
        leaving = sum(self._states[key] == "yielding" for key in busy)
        for key in sorted(busy, key=lambda one: self._since[one]):
            over = self._states[key] == "computing" and now - self._since[key] >= self._slice
            if over and leaving < len(self._waiting):
                self._states[key] = "yielding"
                leaving += 1
                told.append((key, "hold"))
        return told

    def state(self, key: Key) -> State:
        """What the member does; "idle" for who is no member."""
        return self._states.get(key, "idle")

    def place(self, key: Key) -> int:
        """1 for who is next, 0 for who does not wait."""
        return self._waiting.index(key) + 1 if self._states.get(key) == "waiting" else 0

    @property
    def contended(self) -> bool:
        """Whether somebody waits."""
        return bool(self._waiting)
