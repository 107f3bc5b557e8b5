"""Every event in every state of a run's child process: the state after it, and what is done."""

import threading
from collections import defaultdict

import pytest
from processes import eventually

from cnnviz.engine.config.errors import EngineError
from cnnviz.engine.processes.lifecycle import TABLE, Action, Event, State
from cnnviz.engine.processes.process_handle import ProcessHandle

# Rows are events, columns the states before; a cell is the state after (= for the same) and what is done, in
# the words of `Fakes.done`.
EXPECTED = """
              QUEUED              LAUNCHING          TALKING            STOPPING           ENDED
COMMAND       =                   =:sent             =:sent             =                  =
STOP          ENDED:left,lost     STOPPING:sent      STOPPING:sent      =                  =
GO            LAUNCHING:launched  =:sent             =:sent             =:sent             =
HOLD          =                   =:sent             =:sent             =:sent             =
LAUNCHED      =                   =:replayed         =                  =:replayed         =:left,shut
NOT_LAUNCHED  =                   ENDED:left,failed  =                  ENDED:left,failed  =
MESSAGE       =                   TALKING:delivered  =:delivered        =:delivered        =
NOT_FORKED    =                   =:forgotten        =                  =                  =
LOST          =                   ENDED:left,lost    ENDED:left,lost    ENDED:left,lost    =
OVERDUE       =                   =:closed,killed    =:closed,killed    =:closed,killed    =
CLOSE         ENDED:left          ENDED:left,closed  ENDED:left,closed  ENDED:left,closed  =
"""


def cells():
    head, *rows = [line.split() for line in EXPECTED.strip().splitlines()]
    for event, *row in rows:
        for state, cell in zip(head, row, strict=True):
            after, _, done = cell.partition(":")
            yield (
                State[state],
                Event[event],
                State[state if after == "=" else after],
                done.split(",") if done else [],
            )


class FakeChannel:
    """One end of a connection that keeps what is sent, and hears nothing until it is closed."""

    def __init__(self, done, closed="closed"):
        self.done, self.word, self.sent = done, closed, []
        self.closed = threading.Event()

    def send(self, message):
        self.sent.append(message["do"])
        self.done.append("sent")

    def receive(self):
        self.closed.wait(10)

    def close(self):
        if not self.closed.is_set():
            self.closed.set()
            self.done.append(self.word)


class FakeChild:
    pid = 7

    def __init__(self, channel):
        self.channel = channel

    def exit_reason(self):
        return "ended"


class Fakes:
    """The owner, launcher and scheduler of a handle, in one; `done` is what it did to them, in order."""

    def __init__(self):
        self.done, self.fails = [], None

    def launch(self, order):
        self.done.append("launched")
        if self.fails:
            raise self.fails
        return FakeChild(FakeChannel(self.done))

    def kill(self, child):
        self.done.append("killed")

    def add(self, run):
        self.done.append("added")

    def remove(self, run):
        self.done.append("left")

    def set_idle(self, run):
        self.done.append("idle")

    def request_turn(self, run):
        self.done.append("turn")

    def yield_turn(self, run):
        self.done.append("yielded")
        return True

    def on_message(self, message):
        self.done.append("failed" if "failed" in message else "delivered")

    def on_lost(self, reason):
        self.done.append("lost")


def handle_in(state):
    """A handle in this state, with a child where there may be one, and one command kept for the next."""
    fakes = Fakes()
    handle = ProcessHandle(fakes, {"playing": True}, fakes, fakes)
    handle.state = state
    if state is not State.QUEUED:
        handle._child = FakeChild(FakeChannel(fakes.done))
    handle._unconfirmed = [{"do": "kept"}]
    return handle, fakes


def given_with(event, fakes):
    """What the event brings."""
    late = FakeChild(FakeChannel(fakes.done, "shut"))
    return defaultdict(
        lambda: None,
        {
            Event.COMMAND: {"do": "set"},
            Event.STOP: {"do": "stop"},
            Event.GO: {"do": "go"},
            Event.HOLD: {"do": "hold"},
            Event.LAUNCHED: late,
            Event.NOT_LAUNCHED: "no torch",
            Event.MESSAGE: {"records": []},
            Event.LOST: "ended",
        },
    )[event]


def test_the_table_below_names_every_pair_once():
    pairs = [(state, event) for state, event, _, _ in cells()]
    assert len(pairs) == len(set(pairs)) == len(State) * len(Event)
    assert set(pairs) == set(TABLE)


@pytest.mark.parametrize(
    ("state", "event", "after", "done"), list(cells()), ids=lambda value: getattr(value, "name", "")
)
def test_an_event_in_a_state(state, event, after, done):
    handle, fakes = handle_in(state)
    before, given = handle._child, given_with(event, fakes)
    handle.on(event, given)
    assert handle.state is after
    if done == ["launched"]:
        eventually(lambda: fakes.done)
        handle.close()
        eventually(lambda: "closed" in fakes.done)
    elif done == ["replayed"]:
        assert handle._child is given
        assert given.channel.sent == ["kept"]
    elif done == ["forgotten"]:
        assert handle._child is None
        assert fakes.done == []
    else:
        assert fakes.done == done
        assert handle._child is before
    if done == ["sent"]:
        assert before.channel.sent == [given["do"]]


def test_every_action_is_in_the_table_and_every_state_can_end():
    assert {action for _, action in TABLE.values()} == set(Action)
    for state in State:
        assert TABLE[state, Event.CLOSE][0] is State.ENDED
    assert all(TABLE[State.ENDED, event][0] is State.ENDED for event in Event)


def test_commands_from_before_the_first_word_reach_the_child_that_speaks_in_their_order():
    handle, fakes = handle_in(State.QUEUED)
    handle._unconfirmed = []
    handle.send({"do": "set"})
    handle.state = State.LAUNCHING
    unborn, child = (FakeChild(FakeChannel(fakes.done)) for _ in range(2))
    handle.on(Event.LAUNCHED, unborn)
    handle.send({"do": "step"})
    handle.on(Event.NOT_FORKED)
    handle.on(Event.HOLD, {"do": "hold"})
    handle.on(Event.LAUNCHED, child)
    handle.on(Event.MESSAGE, {"records": []})
    handle.send({"do": "pin"})
    assert unborn.channel.sent == ["set", "step"]
    assert child.channel.sent == ["set", "step", "hold", "pin"]
    another = FakeChild(FakeChannel(fakes.done))
    handle.state = State.STOPPING
    handle.on(Event.LAUNCHED, another)
    assert another.channel.sent == []  # what the child has answered to is not kept


def test_a_pause_before_the_launch_takes_no_turn_and_begins_with_no_step():
    handle, fakes = handle_in(State.QUEUED)
    handle.send({"do": "pause"})
    assert fakes.done == ["idle"]
    assert handle._order["playing"] is False


@pytest.mark.parametrize(
    ("turn", "number", "done"),
    [("idle", 2, ["idle"]), ("idle", 1, ["yielded", "sent"]), ("held", 2, ["yielded", "sent"])],
)
def test_a_turn_ends_with_the_newest_command_that_computes(turn, number, done):
    """A session that was idle before it read that command goes on."""
    handle, fakes = handle_in(State.TALKING)
    handle.send({"do": "set"})
    handle.send({"do": "step"})
    fakes.done.clear()
    handle.on(Event.MESSAGE, {"turn": turn, "number": number})
    assert fakes.done == done


def test_what_cannot_be_launched_is_a_sentence_and_is_tried_once():
    handle, fakes = handle_in(State.QUEUED)
    fakes.fails = EngineError("PyTorch did not load.")
    handle.on_go()
    eventually(lambda: handle.state is State.ENDED)
    assert fakes.done == ["launched", "left", "failed"]


def test_a_preloader_that_dies_before_it_forks_is_asked_three_times():
    handle, fakes = handle_in(State.QUEUED)

    def launch(order):
        fakes.done.append("launched")
        child = FakeChild(FakeChannel([]))
        child.pid = 0
        child.channel.close()
        return child

    fakes.launch = launch
    handle.on_go()
    eventually(lambda: handle.state is State.ENDED)
    eventually(lambda: "lost" in fakes.done)
    assert fakes.done == ["launched", "launched", "launched", "left", "lost"]
