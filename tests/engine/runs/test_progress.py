"""How reports change what is known of a run: without threads and processes."""

import numpy as np
import pytest

from cnnviz.engine.runs.history import History
from cnnviz.engine.runs.progress import Progress
from cnnviz.engine.wire.records import Filters, Finished, Started, StepBlock, SubStep, Validation


def reported(*records):
    """A message with these records, as a session sends it."""
    return {"records": [tuple(record.to_message()) for record in records]}


def started():
    return Started(0, ("1 conv", "2 dense"), ((1,),) * 2, (0, 1), ("a",), 1, 1, 1, 1, "cpu")


def steps(last, count=1):
    row, table = np.ones(count, np.float32), np.ones((count, 2), np.float32)
    return StepBlock(last, row, row, row, row, table, table, table)


def filters(step):
    return Filters(step, 0, np.ones((1, 1, 3, 3), np.float32))


@pytest.fixture
def progress():
    return Progress(History())


def test_records_reach_the_history_and_the_next_poll(progress):
    assert not progress.started
    progress.apply(reported(started(), steps(3, 3), Validation(3, "validation", 0.5, 0.75, 8)))
    assert progress.started
    assert progress.history.step.tolist() == [1, 2, 3]
    assert [record.kind for record in progress.unread] == ["started", "step_block", "validation"]


def test_of_pictures_only_the_newest_wait_for_a_poll_but_every_part_of_a_slow_step(progress):
    parts = [SubStep(1, stage, "", "", 0, {}) for stage in ("batch", "forward")]
    progress.apply(reported(filters(1), *parts, steps(1), filters(2)))
    assert [(one.kind, one.step) for one in progress.unread] == [
        ("sub_step", 1),
        ("sub_step", 1),
        ("step_block", 1),
        ("filters", 2),
    ]
    assert len(progress.history.of(Filters)) == 2


def test_a_run_that_nobody_polls_is_kept_in_bounded_memory(progress):
    for step in range(1, 2500):
        progress.add(steps(step))
    assert len(progress.unread) == 2001
    assert progress.unread[-1].step == 2499
    assert len(progress.history.loss) == 2499


def test_the_first_end_counts_and_has_a_sentence(progress):
    progress.sentence = "Stopped, because its visitor has been gone for 30 seconds."
    progress.apply(reported(Finished(4, "stopped", "Stopped.", 4, 1.0, 1.0)))
    assert progress.ended == "stopped"
    assert progress.sentence == "Stopped, because its visitor has been gone for 30 seconds."


def test_a_failure_that_the_session_reports_ends_the_run(progress):
    progress.apply({"failed": "Training failed."})
    assert (progress.ended, progress.sentence) == ("failed", "Training failed.")
    assert progress.history.latest(Finished).sentence == "Training failed."


def test_a_lost_process_is_said_with_what_is_kept(progress):
    other = Progress(History())
    other.lose("ended by itself with code 4")
    assert (
        other.sentence
        == "The training process ended by itself with code 4; its history is kept: start it again."
    )
    progress.apply({"state": {"network.w": np.ones(2)}, "step": 1200})
    progress.lose("was ended by signal 9 (SIGKILL)")
    assert progress.ended == "failed"
    assert progress.sentence == (
        "The training process was ended by signal 9 (SIGKILL); history and the weights of step 1,200 are "
        "kept: go on from there."
    )


def test_going_on_forgets_what_came_after_the_last_state(progress):
    progress.apply(reported(started(), steps(10, 10)))
    progress.apply({"state": {"network.w": np.ones(2)}, "step": 7})
    progress.apply({"playing": False})
    progress.lose("was killed")
    progress.rewind()
    assert (progress.ended, progress.sentence, progress.unread, progress.started) == ("", "", [], False)
    assert progress.history.last_step == 7
    assert progress.state_step == 7
    assert not progress.playing


@pytest.mark.parametrize(
    "nonsense",
    [
        {"records": 7},
        {"records": [["nothing", {}, {}]]},
        {"records": [[1]]},
        {"state": {}},
        {"state": {}, "step": "x"},
    ],
    ids=str,
)
def test_what_is_no_report_raises(progress, nonsense):
    with pytest.raises((ValueError, TypeError, LookupError)):
        progress.apply(nonsense)
