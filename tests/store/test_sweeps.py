"""Sweeps and the list of projects in the database."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from runfolio.core.errors import InvalidValue, NotFound, RunStateError
from runfolio.core.sweeps.records import TrialState
from runfolio.store import Store
from runfolio.store.projects import listing
from runfolio.store.sweeps import memory
from tests.store.script import Script


@pytest.fixture
def parent(store: Store) -> int:
    """The number of a run."""
    with Script(store) as script:
        run_id = script.start()
        script.ingest.run()
        return script.number(run_id)


def test_trials_are_remembered_as_they_begin_and_as_they_end(store: Store, parent: int) -> None:
    memory.create_sweep(store, parent, {"metric": "loss"}, {"uri": "."})
    assert memory.sweep_of(store, parent) == memory.StoredSweep(parent, {"metric": "loss"}, {"uri": "."})
    first = memory.begin_trial(store, parent, 0, {"lr": "0.1"})
    memory.begin_trial(store, parent, 1, {"lr": "0.2"})
    memory.note_trial_run(store, parent, 0, "a" * 32)
    memory.end_trial(store, parent, replace(first, state=TrialState.FINISHED, value=0.5, run_uuid="a" * 32))
    one, two = memory.trials_of(store, parent)
    assert (one.state, one.value, one.run_uuid, one.parameters) == (TrialState.FINISHED, 0.5, "a" * 32, {"lr": "0.1"})
    assert (two.state, two.value, two.ended) == (TrialState.RUNNING, None, None)


def test_a_trial_that_has_ended_is_neither_begun_nor_ended_again(store: Store, parent: int) -> None:
    trial = memory.begin_trial(store, parent, 0, {})
    assert memory.begin_trial(store, parent, 0, {}).attempts == 2, "after a crash it is begun once more"
    memory.end_trial(store, parent, replace(trial, state=TrialState.STOPPED))
    assert memory.begin_trial(store, parent, 0, {}).attempts == 3, "and after it was stopped"
    memory.end_trial(store, parent, replace(trial, state=TrialState.FAILED, value=math.nan))
    with pytest.raises(RunStateError):
        memory.begin_trial(store, parent, 0, {})
    with pytest.raises(NotFound):
        memory.end_trial(store, parent, replace(trial, state=TrialState.FINISHED, value=1.0))
    assert memory.trials_of(store, parent)[0].value is None


def test_pinned_projects_come_first_and_the_list_forgets_the_oldest_others(store: Store) -> None:
    first = listing.note_project(store, "/a", "a")
    pinned = listing.pin_project(store, first)
    for number in range(listing.KEPT + 5):
        listing.note_project(store, f"/other/{number}", f"other {number}")
    found = listing.list_projects(store)
    assert [one.title for one in found[:2]] == ["a", f"other {listing.KEPT + 4}"]
    assert len(found) == listing.KEPT + 1
    assert listing.note_project(store, "/a", "again") == first
    assert pinned.inverse is not None
    pinned.inverse(store)
    assert not any(one.pinned for one in listing.list_projects(store))


def test_a_project_that_was_forgotten_comes_back(store: Store) -> None:
    number = listing.note_project(store, "https://example.org/a.git#sub", "a")
    done = listing.forget_project(store, number)
    assert listing.list_projects(store) == []
    assert done.inverse is not None
    done.inverse(store)
    assert [one.uri for one in listing.list_projects(store)] == ["https://example.org/a.git#sub"]
    with pytest.raises(NotFound):
        listing.pin_project(store, 12345)
    with pytest.raises(InvalidValue):
        listing.note_project(store, "  ", "")
