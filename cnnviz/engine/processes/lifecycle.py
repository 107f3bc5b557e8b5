"""What happens to a run's child process: every state, every event, and what the event does there.

Plain data, no threads: `cnnviz.engine.processes.handles.ProcessHandle` goes by this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

__all__ = ["TABLE", "Action", "Event", "State"]


class State(Enum):
    """Where a run's child process stands."""

    QUEUED = "waits for the run's first turn; there is no child"
    LAUNCHING = "a child is being started, and has not sent anything yet"
    TALKING = "the child sends messages"
    STOPPING = "the child was asked to stop, and has a moment to do so"
    ENDED = "the run is over, or its child is gone"


class Event(Enum):
    """What may happen to it."""

    COMMAND = "the run has a command for the session"
    STOP = "the run's last command: stop"
    GO = "scheduler: it is this run's turn"
    HOLD = "scheduler: it is another run's turn"
    LAUNCHED = "the child process was started"
    NOT_LAUNCHED = "no child can be started"
    MESSAGE = "the child has sent something"
    NOT_FORKED = "the preloader died before it had forked the child"
    LOST = "the connection to the child has ended"
    OVERDUE = "the child has not stopped in time, or the server ends"
    CLOSE = "the run needs no child any more"


class Action(Enum):
    """What is done about it."""

    IGNORE = "nothing"
    KEEP = "keep the command for the child to come"
    WITHDRAW = "leave the scheduler, and tell the run that it never began"
    LAUNCH = "start a thread that starts the child"
    CONNECT = "give the child what was kept for it"
    SEND = "send it to the child; keep it for another one until this one has sent something"
    DELIVER = "tell the run, or the scheduler"
    FORGET = "forget the child that never was: another one is started"
    GIVE_UP = "leave the scheduler, and tell the run why there is no child"
    REPORT_LOSS = "leave the scheduler, and tell the run how the child ended"
    KILL = "end the child process"
    DISCONNECT = "leave the scheduler and close the connection, which ends the child"


_ROWS: Mapping[State, Mapping[Event, tuple[State, Action]]] = {
    State.QUEUED: {
        Event.COMMAND: (State.QUEUED, Action.KEEP),
        Event.STOP: (State.ENDED, Action.WITHDRAW),
        Event.GO: (State.LAUNCHING, Action.LAUNCH),
        Event.CLOSE: (State.ENDED, Action.DISCONNECT),
    },
    State.LAUNCHING: {
        Event.COMMAND: (State.LAUNCHING, Action.SEND),
        Event.STOP: (State.STOPPING, Action.SEND),
        Event.GO: (State.LAUNCHING, Action.SEND),
        Event.HOLD: (State.LAUNCHING, Action.SEND),
        Event.LAUNCHED: (State.LAUNCHING, Action.CONNECT),
        Event.NOT_LAUNCHED: (State.ENDED, Action.GIVE_UP),
        Event.MESSAGE: (State.TALKING, Action.DELIVER),
        Event.NOT_FORKED: (State.LAUNCHING, Action.FORGET),
        Event.LOST: (State.ENDED, Action.REPORT_LOSS),
        Event.OVERDUE: (State.LAUNCHING, Action.KILL),
        Event.CLOSE: (State.ENDED, Action.DISCONNECT),
    },
    State.TALKING: {
        Event.COMMAND: (State.TALKING, Action.SEND),
        Event.STOP: (State.STOPPING, Action.SEND),
        Event.GO: (State.TALKING, Action.SEND),
        Event.HOLD: (State.TALKING, Action.SEND),
        Event.MESSAGE: (State.TALKING, Action.DELIVER),
        Event.LOST: (State.ENDED, Action.REPORT_LOSS),
        Event.OVERDUE: (State.TALKING, Action.KILL),
        Event.CLOSE: (State.ENDED, Action.DISCONNECT),
    },
    State.STOPPING: {
        Event.GO: (State.STOPPING, Action.SEND),  # it may be in the middle of its start
        Event.HOLD: (State.STOPPING, Action.SEND),
        Event.LAUNCHED: (State.STOPPING, Action.CONNECT),
        Event.NOT_LAUNCHED: (State.ENDED, Action.GIVE_UP),
        Event.MESSAGE: (State.STOPPING, Action.DELIVER),
        Event.LOST: (State.ENDED, Action.REPORT_LOSS),
        Event.OVERDUE: (State.STOPPING, Action.KILL),
        Event.CLOSE: (State.ENDED, Action.DISCONNECT),
    },
    State.ENDED: {
        Event.LAUNCHED: (State.ENDED, Action.DISCONNECT),  # it came too late: nobody waits for it
    },
}

TABLE: Mapping[tuple[State, Event], tuple[State, Action]] = MappingProxyType(
    {
        (state, event): row.get(event, (state, Action.IGNORE))
        for state, row in _ROWS.items()
        for event in Event
    }
)
"""(state, event) -> (the state after it, what is done). An event that has no row in a state is ignored."""
