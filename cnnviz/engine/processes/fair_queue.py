"""Which runs compute now: fair round-robin in time slices. Pure rules, no clock of its own, no threads."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, Literal, TypeVar

from cnnviz.engine.config.errors import RefusedError

Key = TypeVar("Key", bound=Hashable)
Command = Literal["go", "hold"]
State = Literal["idle", "waiting", "computing", "yielding"]


class FairQueue(Generic[Key]):
    """At most `slots` members compute; the next is the one that has computed least, then waited longest.

    While one waits, a member that has computed for `slice_seconds` is told to hold, so that with n members
    and s slots each computes s / n of the time and waits for no other's end. A member that is new, or was
    idle, counts as having computed as much as the one that has least: no credit is saved up.
    """

    def __init__(self, slots: int, slice_seconds: float, capacity: int) -> None:
        self._slots, self._slice, self._capacity = slots, slice_seconds, capacity
        self._states: dict[Key, State] = {}
        self._since: dict[Key, float] = {}
        self._waiting: list[Key] = []
        self._computed: dict[Key, float] = {}  # seconds, with what it was credited when it came
        self._last_tick: float | None = None

    def __len__(self) -> int:
        return len(self._states)

    def __contains__(self, key: Key) -> bool:
        return key in self._states

    def add(self, key: Key) -> None:
        """Add a member, idle at first. RefusedError, one sentence, where there is no place left."""
        if len(self._states) >= self._capacity:
            raise RefusedError(
                f"All {self._capacity} places for runs on this server are taken: "
                "try again when one has ended."
            )
        self._states[key], self._computed[key] = "idle", 0.0

    def remove(self, key: Key) -> None:
        """Take out a member; its slot is free at once."""
        self.set_idle(key)
        self._states.pop(key, None)
        self._computed.pop(key, None)

    def request(self, key: Key) -> None:
        """The member has something to compute."""
        if self._states.get(key) == "idle":
            others = [self._computed[other] for other, state in self._states.items() if state != "idle"]
            self._computed[key] = max(self._computed[key], min(others, default=0.0))
            self._wait(key)

    def _wait(self, key: Key) -> None:
        self._states[key] = "waiting"
        self._waiting.append(key)
        self._waiting.sort(key=self._computed.__getitem__)

    def set_idle(self, key: Key) -> None:
        """The member has nothing to compute for now."""
        if self._states.get(key) == "waiting":
            self._waiting.remove(key)
        if key in self._states:
            self._states[key] = "idle"

    def yielded(self, key: Key) -> None:
        """The member has stopped computing, as it was told, and wants to go on."""
        if self._states.get(key) == "yielding":
            self._wait(key)

    def tick(self, now: float) -> list[tuple[Key, Command]]:
        """The commands that are due at `now` (seconds), and for whom."""
        commands: list[tuple[Key, Command]] = []
        busy = [key for key, state in self._states.items() if state in ("computing", "yielding")]
        for key in busy:
            self._computed[key] += now - (now if self._last_tick is None else self._last_tick)
        self._last_tick = now
        while self._waiting and len(busy) < self._slots:
            key = self._waiting.pop(0)
            self._states[key], self._since[key] = "computing", now
            busy.append(key)
            commands.append((key, "go"))
        yielding = sum(self._states[key] == "yielding" for key in busy)
        for key in sorted(busy, key=self._since.__getitem__):
            over = self._states[key] == "computing" and now - self._since[key] >= self._slice
            if over and yielding < len(self._waiting):
                self._states[key] = "yielding"
                yielding += 1
                commands.append((key, "hold"))
        return commands

    def state(self, key: Key) -> State:
        """What the member does; "idle" for a key that is no member."""
        return self._states.get(key, "idle")

    def position(self, key: Key) -> int:
        """1 for the next to compute, 0 for a member that does not wait."""
        return self._waiting.index(key) + 1 if self._states.get(key) == "waiting" else 0

    @property
    def contended(self) -> bool:
        """Whether any member waits."""
        return bool(self._waiting)
