"""The queue in the database: what people do with it, what who works at it notes, and what comes back with undo."""

from __future__ import annotations

import os
import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from runfolio.core.errors import InvalidValue, RunStateError
from runfolio.core.folder import JOURNAL
from runfolio.core.queue.records import JobKind, JobState, Slots
from runfolio.journal.locks import acquire
from runfolio.store import Store, open_store
from runfolio.store.queue import changing, reading, working
from runfolio.store.watch import changes_since, current_revision


def add(store: Store, *titles: str) -> list[int]:
    return changing.enqueue_many(store, [(JobKind.RUN, title, {"uri": title}) for title in titles])[0]


def titles(store: Store) -> list[str]:
    return [job.title for job in reading.waiting_jobs(store, 100)]


def test_jobs_wait_in_the_order_in_which_they_came(store: Store) -> None:
    add(store, "a", "b")
    add(store, "c")
    assert titles(store) == ["a", "b", "c"]


def test_a_change_is_told_to_whoever_watches(store: Store) -> None:
    before = current_revision(store)
    [job] = add(store, "a")
    assert changes_since(store, before).queue
    assert list(reading.changed_jobs(store, before)) == [job]


def test_jobs_are_moved_before_others_and_back(store: Store) -> None:
    a, b, c, d = add(store, "a", "b", "c", "d")
    moved = changing.move(store, [c, d], before=a)
    assert titles(store) == ["c", "d", "a", "b"]
    assert moved.inverse is not None
    moved.inverse(store)
    assert titles(store) == ["a", "b", "c", "d"]
    changing.move(store, [a], before=None)
    assert titles(store) == ["b", "c", "d", "a"]
    changing.move(store, [b, c, d, a], before=None)
    assert titles(store) == ["b", "c", "d", "a"]


def test_a_place_can_be_halved_for_ever(store: Store) -> None:
    a, b, c = add(store, "a", "b", "c")
    for _ in range(200):
        changing.move(store, [c], before=b)
        changing.move(store, [b], before=c)
    assert titles(store) == ["a", "b", "c"]
    assert a


def test_what_has_begun_is_not_moved(store: Store) -> None:
    a, b = add(store, "a", "b")
    assert working.begin_job(store, a)
    with pytest.raises(RunStateError):
        changing.move(store, [a], before=b)
    assert not working.begin_job(store, a), "nobody takes a job twice"


def test_a_waiting_job_that_is_cancelled_can_wait_again(store: Store) -> None:
    [a] = add(store, "a")
    done = changing.cancel(store, [a])
    assert reading.get_job(store, a).state == JobState.CANCELLED
    assert done.inverse is not None
    done.inverse(store)
    assert reading.get_job(store, a).state == JobState.WAITING


def test_a_job_at_work_is_told_to_end_and_ends(store: Store) -> None:
    [a] = add(store, "a")
    working.begin_job(store, a)
    working.note_job(store, a, state=JobState.RUNNING, run_uuid="f" * 32, process=1, process_started=2.0)
    assert changing.cancel(store, [a]).inverse is None
    assert list(working.told_to_end(store)) == [a]
    [left] = working.left_jobs(store)
    assert (left.process, left.process_started, left.job.run_uuid) == (1, 2.0, "f" * 32)
    working.end_job(store, a, JobState.CANCELLED, "Cancelled.", -15)
    job = reading.get_job(store, a)
    assert (job.state, job.reason, job.exit_code, job.cancelling) == (JobState.CANCELLED, "Cancelled.", -15, False)
    assert list(working.told_to_end(store)) == []
    found = reading.job_of_run(store, "f" * 32)
    assert found is not None and found.id == a


def test_one_that_is_cancelled_while_it_is_put_back_waits_no_more(store: Store) -> None:
    """Who works at the queue is told to stop at the moment at which somebody cancels one of its jobs."""
    [job] = add(store, "a")
    working.begin_job(store, job)
    changing.cancel(store, [job])
    working.end_job(store, job, JobState.WAITING, "It was interrupted and is run again.")
    found = reading.get_job(store, job)
    assert (found.state, found.reason, found.cancelling) == (JobState.CANCELLED, "It was cancelled.", False)
    assert found.ended is not None and not working.left_jobs(store)


def test_what_was_left_is_told_with_its_process(store: Store) -> None:
    [job] = add(store, "a")
    working.begin_job(store, job)
    working.note_job(store, job, state=JobState.RUNNING, process=12, process_started=3.5)
    [left] = working.left_jobs(store)
    assert (left.job.id, left.job.state, left.process, left.process_started) == (job, JobState.RUNNING, 12, 3.5)


def test_many_are_put_removed_and_brought_back_in_their_order(store: Store) -> None:
    """More than a statement takes at once."""
    names = [f"{number}" for number in range(2000)]
    numbers = add(store, *names)
    assert [reading.get_job(store, numbers[at]).title for at in (0, 999, 1999)] == ["0", "999", "1999"]
    removed = changing.remove(store, numbers)
    assert removed.inverse is not None
    removed.inverse(store)
    assert [job.title for job in reading.waiting_jobs(store, 3000)] == names
    changing.run_again(store, numbers)
    assert [job.title for job in reading.waiting_jobs(store, 5000)] == names * 2


def test_what_is_over_can_be_removed_and_brought_back(store: Store) -> None:
    a, b = add(store, "a", "b")
    working.begin_job(store, a)
    with pytest.raises(RunStateError):
        changing.remove(store, [a, b])
    working.end_job(store, a, JobState.FINISHED, exit_code=0)
    before = reading.jobs_of(store, [a, b])
    done = changing.remove_over(store)
    assert list(reading.jobs_of(store, [a, b])) == [b]
    assert done.inverse is not None
    done.inverse(store)
    assert reading.jobs_of(store, [a, b]) == before


def test_a_number_is_never_given_twice(store: Store) -> None:
    [a] = add(store, "a")
    changing.remove(store, [a])
    assert add(store, "b") != [a]


def test_the_same_again(store: Store) -> None:
    [a] = add(store, "a")
    working.begin_job(store, a)
    working.end_job(store, a, JobState.FAILED, "No.", 1)
    changing.run_again(store, [a])
    [job] = reading.waiting_jobs(store, 10)
    assert (job.title, job.request, job.attempts) == ("a", {"uri": "a"}, 0)


def test_pause_and_slots_are_undone(store: Store) -> None:
    assert reading.queue_state(store).slots == Slots()
    paused = changing.pause(store, True)
    slots = changing.set_slots(store, Slots(3, 8.0, 16.0, 1))
    assert reading.queue_state(store).paused and reading.queue_state(store).slots == Slots(3, 8.0, 16.0, 1)
    assert slots.inverse is not None and paused.inverse is not None
    slots.inverse(store), paused.inverse(store)
    assert not reading.queue_state(store).paused and reading.queue_state(store).slots == Slots()
    with pytest.raises(InvalidValue):
        changing.set_slots(store, Slots(0))


def test_one_at_a_time_works_at_it(store: Store) -> None:
    with working.alone_working(store) as alone, working.alone_working(store) as other:
        assert (alone, other) == (True, False)


def test_shown_are_those_at_work_then_those_that_wait_then_the_newest_that_are_over(store: Store) -> None:
    a, b, c, d = add(store, "a", "b", "c", "d")
    for number in (a, b):
        working.begin_job(store, number)
        working.end_job(store, number, JobState.FINISHED)
    working.begin_job(store, d)
    assert list(reading.job_ids(store))[:2] == [d, c]
    assert set(reading.job_ids(store)[2:].tolist()) == {a, b}
    assert list(reading.job_ids(store, [JobState.WAITING])) == [c]


class Orders(RuleBasedStateMachine):
    """Whatever is done and undone, the order of those that wait is that of a plain list."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.store = open_store(Path(self._folder.name) / "store")
        self.model: list[int] = []

    @rule()
    def add(self) -> None:
        self.model += add(self.store, f"job {len(self.model)}")

    @rule(data=st.data(), undone=st.booleans())
    def move(self, data: st.DataObject, undone: bool) -> None:
        if not self.model:
            return
        moved = data.draw(st.lists(st.sampled_from(self.model), unique=True, min_size=1))
        before = data.draw(st.none() | st.sampled_from([None, *(set(self.model) - set(moved))]))
        done = changing.move(self.store, moved, before)
        if undone:
            assert done.inverse is not None
            done.inverse(self.store)
            return
        rest = [one for one in self.model if one not in moved]
        at = len(rest) if before is None else rest.index(before)
        self.model = [*rest[:at], *(one for one in self.model if one in moved), *rest[at:]]

    @rule(data=st.data(), undone=st.booleans())
    def cancel(self, data: st.DataObject, undone: bool) -> None:
        if not self.model:
            return
        gone = data.draw(st.lists(st.sampled_from(self.model), unique=True, min_size=1))
        done = changing.cancel(self.store, gone)
        if undone:
            assert done.inverse is not None
            done.inverse(self.store)
        else:
            self.model = [one for one in self.model if one not in gone]

    @invariant()
    def same_order(self) -> None:
        assert [job.id for job in reading.waiting_jobs(self.store, 1000)] == self.model

    def teardown(self) -> None:
        self.store.close()
        self._folder.cleanup()


TestOrders = Orders.TestCase
TestOrders.settings = settings(max_examples=15, stateful_step_count=15, deadline=None)


def test_who_asks_whether_somebody_works_is_not_taken_for_a_worker(store: Store) -> None:
    path = store.path / JOURNAL / working.LOCK
    path.parent.mkdir(exist_ok=True)
    asking = acquire(path)
    assert asking is not None
    answered = threading.Timer(working.PROBE / 4, os.close, [asking])
    answered.start()
    with working.alone_working(store) as alone:
        assert alone
        assert working.somebody_works(store)
        with working.alone_working(store) as second:
            assert not second
    answered.join()
    assert not working.somebody_works(store)
