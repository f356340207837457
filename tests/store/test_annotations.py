"""Notes at curves: kept, changed and taken back, and neither lost nor left behind by what becomes of their run."""

from __future__ import annotations

import pytest

from runfolio.core.errors import InvalidValue, NotFound, RunStateError
from runfolio.store import Store
from runfolio.store.annotations import (
    LONGEST,
    Annotation,
    add_annotation,
    annotations_of,
    change_annotation,
    delete_annotation,
)
from runfolio.store.experiments import get_or_create
from runfolio.store.garbage import collect_garbage
from runfolio.store.merging import merge_experiments
from runfolio.store.operations import Outcome
from runfolio.store.trash import delete_runs, restore_runs
from runfolio.store.watch import changes_since, current_revision
from tests.store.script import Script


@pytest.fixture(name="run")
def _run(script: Script) -> int:
    run = script.start(experiment="from", name="one")
    script.log(run, "loss", [3.0, 2.0, 1.0])
    script.take()
    return script.number(run)


@pytest.fixture
def script(store: Store) -> Script:
    """A script whose run goes on."""
    return Script(store)


def told(store: Store, run: int) -> list[tuple[str, int, int, str]]:
    return [(one.metric, one.first_step, one.last_step, one.text) for one in annotations_of(store, [run])]


def only(store: Store, run: int) -> Annotation:
    (one,) = annotations_of(store, [run])
    return one


def back(store: Store, outcome: Outcome) -> Outcome:
    assert outcome.inverse is not None
    return outcome.inverse(store)


def test_a_note_is_kept_and_each_change_is_taken_back_and_done_again(store: Store, run: int) -> None:
    added = add_annotation(store, run, "loss", 7, 2, "  warm-up ended\n")
    assert told(store, run) == [("loss", 2, 7, "warm-up ended")] and added.text == "Annotated: warm-up ended"
    first = only(store, run)
    changed = change_annotation(store, first.id, 3, 3, "spike")
    assert told(store, run) == [("loss", 3, 3, "spike")]
    undone = back(store, changed)
    assert only(store, run) == first
    back(store, undone)
    assert told(store, run) == [("loss", 3, 3, "spike")]
    removed = delete_annotation(store, first.id)
    assert told(store, run) == []
    back(store, removed)
    assert told(store, run) == [("loss", 3, 3, "spike")] and only(store, run).id == first.id


def test_taking_back_does_not_lose_what_others_have_done_since(store: Store, run: int) -> None:
    added = add_annotation(store, run, "loss", 1, 2, "mine")
    number = only(store, run).id
    changed = change_annotation(store, number, 1, 2, "ours")
    change_annotation(store, number, 1, 2, "theirs")
    for outcome in (added, changed):
        with pytest.raises(RunStateError, match="changed since"):
            back(store, outcome)
    delete_annotation(store, number)
    for outcome in (added, changed):
        with pytest.raises(NotFound):
            back(store, outcome)
    assert told(store, run) == []


def test_notes_come_by_run_metric_and_step(store: Store, run: int) -> None:
    for metric, step in (("loss", 9), ("acc", 3), ("loss", 1)):
        add_annotation(store, run, metric, step, step, f"{metric} {step}")
    assert [text for *_, text in told(store, run)] == ["acc 3", "loss 1", "loss 9"]
    assert annotations_of(store, []) == [] and annotations_of(store, [run + 1]) == []


@pytest.mark.parametrize(
    ("metric", "steps", "text", "rule"),
    [
        ("loss", (1, 2), " \n", "some words"),
        ("loss", (1, 2), "x" * (LONGEST + 1), "at most 2,000"),
        ("loss", (1, 2**63), "x", "64 bits"),
        ("", (1, 2), "x", "metric"),
    ],
)
def test_what_makes_no_note_is_refused(
    store: Store, run: int, metric: str, steps: tuple[int, int], text: str, rule: str
) -> None:
    with pytest.raises(InvalidValue, match=rule):
        add_annotation(store, run, metric, *steps, text)
    assert told(store, run) == []


def test_whoever_shows_the_run_hears_of_it(store: Store, run: int) -> None:
    before = current_revision(store)
    add_annotation(store, run, "loss", 1, 2, "note")
    assert changes_since(store, before).runs == {run}


def test_notes_stay_with_their_run_in_the_trash_and_in_another_experiment(store: Store, run: int) -> None:
    add_annotation(store, run, "loss", 1, 2, "note")
    delete_runs(store, [run])
    restore_runs(store, [run])
    source, target = (get_or_create(store, name).id for name in ("from", "into"))
    merge_experiments(store, [source], target)
    assert told(store, run) == [("loss", 1, 2, "note")]


def test_what_is_removed_for_good_takes_its_notes_along(store: Store, script: Script, run: int) -> None:
    add_annotation(store, run, "loss", 1, 2, "note")
    added = add_annotation(store, run, "loss", 3, 4, "other")
    removed = delete_annotation(store, annotations_of(store, [run])[0].id)
    script.finish()
    delete_runs(store, [run])
    collect_garbage(store)
    assert annotations_of(store, [run]) == []
    for outcome in (added, removed):
        with pytest.raises(NotFound):
            back(store, outcome)
