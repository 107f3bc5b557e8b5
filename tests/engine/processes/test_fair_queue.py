"""The queue's rules: bounded, fair, and nobody waits for another's end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.config.errors import RefusedError
from cnnviz.engine.processes.fair_queue import FairQueue


def entered(names, slots=2, **options):
    queue = FairQueue(slots, 1.0, options.get("most", 100))
    for name in names:
        queue.add(name)
        queue.request(name)
    return queue


def test_as_many_compute_as_there_are_slots_and_the_others_see_their_place():
    queue = entered("abcd")
    assert queue.tick(0.0) == [("a", "go"), ("b", "go")]
    assert [queue.position(name) for name in "abcd"] == [0, 0, 1, 2]
    assert queue.tick(0.5) == []


def test_after_a_slice_the_one_that_computed_longest_makes_room_and_goes_to_the_end():
    queue = entered("abc")
    queue.tick(0.0)
    assert queue.tick(1.0) == [("a", "hold")]  # one waits, so one makes room
    assert queue.tick(1.1) == []
    queue.yielded("a")
    assert queue.tick(1.2) == [("c", "go"), ("b", "hold")]
    assert queue.position("a") == 1


def test_nobody_is_held_while_nobody_waits():
    queue = entered("ab")
    queue.tick(0.0)
    assert queue.tick(100.0) == []


def test_who_is_idle_or_removed_frees_the_slot_at_once():
    queue = entered("abcd", slots=1)
    queue.tick(0.0)
    queue.set_idle("a")
    assert queue.tick(0.1) == [("b", "go")]
    queue.remove("b")
    queue.remove("c")
    assert queue.tick(0.2) == [("d", "go")]
    assert len(queue) == 2


def test_a_full_queue_says_so_in_one_sentence():
    queue = entered("ab", most=2)
    with pytest.raises(RefusedError, match="All 2 places for runs on this server are taken"):
        queue.add("c")
    queue.remove("a")
    queue.add("c")


def test_words_about_strangers_change_nothing():
    queue = entered("a")
    for say in (queue.request, queue.set_idle, queue.yielded, queue.remove):
        say("nobody")
    assert queue.tick(0.0) == [("a", "go")]
    queue.yielded("a")  # it was not told to hold
    assert queue.state("a") == "computing"


@given(st.integers(1, 4), st.integers(1, 12), st.integers(20, 60))
def test_everybody_gets_the_same_time(slots, members, seconds):
    queue = entered(range(members), slots=slots)
    computed, running, holding = dict.fromkeys(range(members), 0), set(), set()
    for tenth in range(seconds * 10):
        for name in holding:
            queue.yielded(name)
        running -= holding
        holding = set()
        for name, word in queue.tick(tenth / 10):
            (running if word == "go" else holding).add(name)
        assert len(running) <= slots
        for name in running:
            computed[name] += 1
    most, least = max(computed.values()), min(computed.values())
    assert most - least <= 10 * 1.2 * 2  # two slices
    assert sum(computed.values()) == seconds * 10 * min(slots, members)
