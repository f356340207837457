"""Experiments made, moved, merged and thrown away, with their runs: each step and its way back, against the disk."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runfolio.core.entities import Dataset, Experiment
from runfolio.core.errors import AlreadyExists, InvalidValue, NotFound, RunStateError, UserError
from runfolio.core.states import ViewType
from runfolio.store import Store, exchange, schema
from runfolio.store.datasets import inputs_of
from runfolio.store.experiments import list_experiments
from runfolio.store.folders import move_paths
from runfolio.store.garbage import collect_garbage
from runfolio.store.listing import experiments_since
from runfolio.store.merging import merge_experiments, new_experiment
from runfolio.store.moving import move_runs
from runfolio.store.operations import Operation, Outcome, create_experiment, set_experiment_tag
from runfolio.store.runs import get_run
from runfolio.store.steps import Steps
from runfolio.store.trash import delete_experiments, delete_runs, restore_experiments
from runfolio.store.watch import changes_since, current_revision
from tests.store.script import Script, new_store

Rows: TypeAlias = set[tuple[Any, ...]]

NAMES = ("vision/cifar", "vision/mnist", "vision", "nlp/a/x", "nlp/a/b/x", "top")
CIFAR, MNIST, VISION, NLP, DEEP, TOP = range(1, 7)
DATA = {"name": "digits", "digest": "d1", "source_type": "local", "source": "x", "schema": None, "profile": None}


def fill(store: Store) -> None:
    """Experiments 1 to 6 with two runs each, but none in the last; the first run of each has used a dataset."""
    with Script(store) as script:
        for name in NAMES[:-1]:
            first = script.start(experiment=name, name=f"{name} 1")
            script.event("inputs", first, inputs=[{**DATA, "tags": {}}])
            script.start(experiment=name, name=f"{name} 2")
            script.take()
    create_experiment(store, "top")


@pytest.fixture(name="filled")
def _filled(store: Store) -> Store:
    fill(store)
    return store


def state(store: Store) -> tuple[Rows, Rows, Rows]:
    """All that these operations can change, as it is on disk; not the stamps."""
    e, r, d, i = schema.experiments, schema.runs, schema.datasets, schema.inputs
    with store.reading() as connection:
        places = connection.execute(
            e.select().with_only_columns(e.c.id, e.c.name, e.c.lifecycle_stage, e.c.deleted_time, e.c.creation_time)
        )
        runs = connection.execute(
            r.select().with_only_columns(r.c.id, r.c.experiment_id, r.c.lifecycle_stage, r.c.deleted_time)
        )
        query = i.join(d, d.c.id == i.c.dataset_id).select()
        data = connection.execute(query.with_only_columns(i.c.run_id, d.c.experiment_id, d.c.name))
        return {*map(tuple, places)}, {*map(tuple, runs)}, {*map(tuple, data)}


def names(store: Store, view: ViewType = ViewType.ACTIVE_ONLY) -> list[str]:
    return [one.name for one in list_experiments(store, view)]


def undone(store: Store, outcome: Outcome) -> Outcome:
    assert outcome.inverse is not None
    return outcome.inverse(store)


OPERATIONS: dict[str, tuple[Operation, str]] = {
    "rename an experiment": (lambda s: move_paths(s, {"top": "first"}), "Renamed top to first"),
    "rename a folder": (lambda s: move_paths(s, {"vision": "seeing"}), "Renamed vision to seeing"),
    "merge folders": (lambda s: move_paths(s, {"vision": "nlp"}), "Merged the folder vision into nlp"),
    "move an experiment": (lambda s: move_paths(s, {"vision/cifar": "nlp/cifar"}), "Moved cifar to nlp"),
    "move to the top": (lambda s: move_paths(s, {"nlp/a": "a"}), "Moved a to the top"),
    "move several": (lambda s: move_paths(s, {"top": "nlp/top", "vision": "nlp/vision"}), "Moved 2 to nlp"),
    "exchange": (lambda s: move_paths(s, {"vision/cifar": "top", "top": "vision/cifar"}), "Moved 2 to other folders"),
    "make": (lambda s: new_experiment(s, " new/one "), "Made the experiment new/one"),
    "merge": (lambda s: merge_experiments(s, [MNIST], CIFAR), "Merged vision/mnist with 2 runs into vision/cifar"),
    "merge an empty one": (lambda s: merge_experiments(s, [TOP], CIFAR), "Merged top with 0 runs into vision/cifar"),
    "merge several": (
        lambda s: merge_experiments(s, [MNIST, NLP, TOP], CIFAR),
        "Merged 3 experiments with 4 runs into vision/cifar",
    ),
    "move runs": (lambda s: move_runs(s, [1, 3], TOP), "Moved 2 runs to top"),
    "delete": (lambda s: delete_experiments(s, [CIFAR, MNIST]), "Moved 2 experiments with 4 runs to the trash"),
}  # fmt: skip
each_operation = pytest.mark.parametrize("kind", OPERATIONS)


@each_operation
def test_there_and_back_and_there_again(filled: Store, kind: str) -> None:
    operation, text = OPERATIONS[kind]
    before = state(filled)
    outcome = operation(filled)
    after = state(filled)
    assert after != before and outcome.text == text
    for _ in range(2):
        outcome = undone(filled, outcome)
        assert state(filled) == before
        outcome = undone(filled, outcome)
        assert state(filled) == after


@each_operation
def test_the_store_tells_what_became_another_there_and_back(filled: Store, kind: str) -> None:
    outcome = None
    for _ in range(4):
        before, revision = state(filled), current_revision(filled)
        outcome = OPERATIONS[kind][0](filled) if outcome is None else undone(filled, outcome)
        changes = changes_since(filled, revision)
        places, runs = (others(*pair) for pair in list(zip(before, state(filled), strict=True))[:2])
        assert changes and changes.runs == runs and changes.moved is bool(runs)
        # One that is gone for good is told of as such; one that a run has come to or left has another count.
        assert places & all_places(filled) <= changes.experiments


def others(before: Rows, after: Rows) -> set[int]:
    """The numbers of what is not as it was."""
    return {row[0] for row in before ^ after}


def all_places(store: Store) -> set[int]:
    return {one.id for one in list_experiments(store, ViewType.ALL)}


@each_operation
def test_a_listing_that_follows_is_as_one_read_anew(filled: Store, kind: str) -> None:
    listed = Followed(filled)
    outcome = OPERATIONS[kind][0](filled)
    for _ in range(3):
        assert listed.follow() == Followed(filled).known
        outcome = undone(filled, outcome)
    assert listed.follow() == Followed(filled).known


class Followed:
    """A list of experiments that is kept up to date from what has changed only."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._revision = -1
        self.known: dict[int, Experiment] = {}
        self.follow()

    def follow(self) -> dict[int, Experiment]:
        with self._store.reading() as connection:
            listing = experiments_since(connection, self._revision)
        self._revision = listing.revision
        self.known = {number: one for number, one in self.known.items() if number in listing.present}
        self.known |= {one.id: one for one in listing.changed}
        return self.known


def test_a_folder_takes_along_what_is_below_it_and_nothing_else(filled: Store) -> None:
    create_experiment(filled, "visionary")
    move_paths(filled, {"vision": "nlp/seeing"})
    assert names(filled) == [
        "nlp/a/b/x", "nlp/a/x", "nlp/seeing", "nlp/seeing/cifar", "nlp/seeing/mnist", "top", "visionary",
    ]  # fmt: skip


def test_what_is_taken_back_and_done_again_is_told_as_it_is(filled: Store) -> None:
    moved = move_paths(filled, {"vision": "nlp/vision"})
    assert moved.inverse is not None
    back = moved.inverse(filled)
    assert back.inverse is not None
    told = [moved.text, back.text, back.inverse(filled).text]
    assert told == ["Moved vision to nlp", "Moved vision to the top", "Moved vision to nlp"]


def test_a_folder_that_was_merged_into_another_is_told_to_come_out_again(filled: Store) -> None:
    moved = move_paths(filled, {"vision": "nlp"})
    assert moved.inverse is not None
    back = moved.inverse(filled)
    assert back.inverse is not None and back.text == "Took the folder vision out of nlp again"
    assert back.inverse(filled).text == moved.text == "Merged the folder vision into nlp"


def test_names_may_go_from_one_experiment_to_another(filled: Store) -> None:
    create_experiment(filled, "a/x")
    create_experiment(filled, "a/b/x")
    move_paths(filled, {"a/b": "a", "a/x": "a/y"})
    assert [name for name in names(filled) if name.startswith("a/")] == ["a/x", "a/y"]


def test_what_is_in_the_trash_keeps_its_name(filled: Store) -> None:
    delete_experiments(filled, [CIFAR])
    move_paths(filled, {"vision": "seeing"})
    assert names(filled, ViewType.DELETED_ONLY) == ["vision/cifar"]


WRONG: list[tuple[Operation, type[UserError], str]] = [
    (lambda s: move_paths(s, {"vision": "top"}), AlreadyExists, "already an experiment 'top'.*merge the two"),
    (lambda s: move_paths(s, {"nlp/a/b": "nlp/a"}), AlreadyExists, "already an experiment 'nlp/a/x'"),
    (lambda s: move_paths(s, {"vision": "vision/old"}), InvalidValue, "cannot be put into itself"),
    (lambda s: move_paths(s, {"vision": "a//b"}), InvalidValue, "a folder in it has no name"),
    (lambda s: move_paths(s, {"vision": "x" * 495}), InvalidValue, "at most 500 characters"),
    (lambda s: move_paths(s, {"nowhere": "x"}), NotFound, "no experiment or folder 'nowhere'"),
    (lambda s: move_paths(s, {"vision": "x/v", "top": "x/v"}), AlreadyExists, "Two of the experiments"),
    (lambda s: new_experiment(s, "top"), AlreadyExists, "already an experiment 'top'"),
    (lambda s: new_experiment(s, " "), InvalidValue, "not blank"),
    (lambda s: merge_experiments(s, [MNIST, CIFAR], CIFAR), InvalidValue, "into itself"),
    (lambda s: merge_experiments(s, [99], CIFAR), NotFound, "no experiment 99"),
    (lambda s: delete_experiments(s, [1, 99]), NotFound, "no experiment 99"),
]


@pytest.mark.parametrize(("operation", "kind", "rule"), WRONG, ids=[rule for _, _, rule in WRONG])
def test_what_is_wrong_is_refused_and_nothing_changes(
    filled: Store, operation: Operation, kind: type[UserError], rule: str
) -> None:
    before, revision = state(filled), current_revision(filled)
    with pytest.raises(kind, match=rule):
        operation(filled)
    assert (state(filled), current_revision(filled)) == (before, revision)


def test_a_name_in_the_trash_is_taken_too(filled: Store) -> None:
    delete_experiments(filled, [TOP])
    for operation in (partial(new_experiment, name="top"), partial(move_paths, paths={"vision/cifar": "top"})):
        with pytest.raises(AlreadyExists, match="'top', in the trash"):
            operation(filled)
    with pytest.raises(RunStateError, match="top is in the trash"):
        merge_experiments(filled, [CIFAR], TOP)


MEANWHILE: list[tuple[str, Callable[[Store], object]]] = [
    ("rename a folder", lambda s: move_paths(s, {"seeing": "looking"})),
    ("make", lambda s: move_runs(s, [1], 7)),
    ("make", lambda s: set_experiment_tag(s, 7, "team", "vision")),
    ("make", lambda s: move_paths(s, {"new/one": "newer"})),
    ("merge several", lambda s: restore_experiments(s, [TOP])),
    ("merge", lambda s: restore_experiments(s, [MNIST])),
    ("merge", lambda s: delete_experiments(s, [CIFAR])),
]


@pytest.mark.parametrize(("kind", "meanwhile"), MEANWHILE)
def test_an_undo_leaves_alone_what_has_moved_on(filled: Store, kind: str, meanwhile: Callable[[Store], object]) -> None:
    outcome = OPERATIONS[kind][0](filled)
    meanwhile(filled)
    after, revision = state(filled), current_revision(filled)
    with pytest.raises(RunStateError, match=r"since\. Left as it is\."):
        undone(filled, outcome)
    assert (state(filled), current_revision(filled)) == (after, revision)


def paths_of(store: Store) -> dict[int, str]:
    return {one.id: one.name for one in list_experiments(store, ViewType.ALL)}


@pytest.mark.parametrize(
    "meanwhile",
    [lambda s: move_paths(s, {"seeing/cifar": "cifar"}), lambda s: delete_experiments(s, [CIFAR])],
    ids=["renamed", "in the trash"],
)
def test_of_a_folder_what_nobody_has_touched_goes_back(filled: Store, meanwhile: Callable[[Store], object]) -> None:
    before = paths_of(filled)
    outcome = move_paths(filled, {"vision": "seeing"})
    meanwhile(filled)
    theirs = paths_of(filled)[CIFAR]
    back = undone(filled, outcome)
    assert back.text == "Renamed seeing to vision; seeing/cifar has been changed since and stays as it is"
    assert paths_of(filled) == before | {CIFAR: theirs}
    undone(filled, back)
    assert paths_of(filled)[MNIST] == "seeing/mnist" and paths_of(filled)[CIFAR] == theirs


def test_runs_that_somebody_has_moved_since_stay_and_the_others_go_back(filled: Store) -> None:
    outcome = move_runs(filled, [1, 3], TOP)
    move_runs(filled, [3], MNIST)
    back = undone(filled, outcome)
    assert [get_run(filled, run).experiment for run in (1, 3)] == [CIFAR, MNIST]
    assert back.text.endswith(" has been changed since and stays as it is")


def test_what_somebody_has_moved_out_of_a_merge_stays_when_it_is_taken_back(filled: Store) -> None:
    outcome = merge_experiments(filled, [MNIST], CIFAR)
    move_runs(filled, [3], TOP)
    back = undone(filled, outcome)
    assert [get_run(filled, run).experiment for run in (3, 4)] == [TOP, MNIST] and "vision/mnist" in names(filled)
    assert back.text.startswith("Took vision/mnist and its runs out again; ")
    assert back.text.endswith(" has been changed since and stays as it is")


def test_a_merge_that_is_stopped_is_taken_back_as_far_as_it_went(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, done = state(filled), []
    monkeypatch.setattr(exchange, "TOGETHER", 2)
    steps = Steps(lambda now, total: done.append((now, total)), lambda: len(done) == 2)
    outcome = merge_experiments(filled, [MNIST, NLP], CIFAR, steps)
    assert outcome.text == "Moved 3 of 4 runs to vision/cifar" and done == [(2, 6), (4, 6)]
    assert "vision/mnist" not in names(filled) and "nlp/a/x" in names(filled), "it has a run still"
    assert undone(filled, outcome).text == "Took vision/mnist and its runs out again"
    assert state(filled) == before


def test_an_experiment_that_gets_runs_while_it_is_merged_stays_in_use(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "TOGETHER", 1)
    steps = Steps(lambda now, _total: [move_runs(filled, [5], MNIST) for _ in range(now == 1)].clear())
    outcome = merge_experiments(filled, [MNIST], CIFAR, steps)
    assert outcome.text == "Moved 2 runs to vision/cifar, but no more: The experiment has got new runs since."
    assert {"vision/mnist", "vision/cifar"} < set(names(filled)) and get_run(filled, 5).experiment == MNIST


def test_an_undo_that_would_take_anothers_name_is_refused(filled: Store) -> None:
    outcome = move_paths(filled, {"vision": "seeing"})
    create_experiment(filled, "vision/cifar")
    with pytest.raises(AlreadyExists, match="already an experiment 'vision/cifar'"):
        undone(filled, outcome)


def test_merged_runs_keep_their_data_and_the_trash_of_the_merged_goes_along(filled: Store) -> None:
    delete_runs(filled, [4])
    merge_experiments(filled, [MNIST], CIFAR)
    (used,) = inputs_of(filled, 3)
    assert used.dataset == Dataset(**DATA)  # type: ignore[arg-type]
    counts = {one.name: one.runs for one in list_experiments(filled)}
    assert counts["vision/cifar"] == 3 and "vision/mnist" not in counts
    assert collect_garbage(filled).runs == 1


def test_runs_that_went_to_the_trash_with_their_experiment_come_back_with_it(filled: Store) -> None:
    delete_runs(filled, [1])
    delete_experiments(filled, [CIFAR, NLP])
    listed = Followed(filled).known
    assert (listed[CIFAR].runs, listed[NLP].runs) == (1, 2), "the one deleted before is not counted"
    outcome = restore_experiments(filled, [CIFAR, NLP])
    assert outcome.text == "Restored 2 experiments with 3 runs"
    assert {one.name: one.runs for one in list_experiments(filled)}["vision/cifar"] == 1


def test_what_is_removed_for_good_is_news(filled: Store) -> None:
    delete_experiments(filled, [CIFAR])
    listed, before = Followed(filled), current_revision(filled)
    collect_garbage(filled)
    assert changes_since(filled, before).removed
    assert CIFAR not in listed.follow()
    assert not changes_since(filled, current_revision(filled)).removed


PATHS = st.sampled_from([*NAMES, "nlp", "nlp/a", "nlp/a/b", "new", "vision/new", "a"])
PLACES = st.integers(1, 8)
STEPS = st.one_of(
    st.builds(lambda pairs: partial(move_paths, paths=pairs), st.dictionaries(PATHS, PATHS, min_size=1, max_size=2)),
    st.builds(lambda name: partial(new_experiment, name=name), PATHS),
    st.builds(lambda a, b: partial(merge_experiments, sources=a, target=b), st.lists(PLACES, max_size=3), PLACES),
    st.builds(lambda r, e: partial(move_runs, numbers=r, experiment=e), st.lists(st.integers(1, 10)), PLACES),
    st.builds(lambda e: partial(delete_experiments, numbers=e), st.lists(PLACES, max_size=3)),
    st.builds(lambda e: partial(restore_experiments, numbers=e), st.lists(PLACES, max_size=3)),
    st.builds(lambda r: partial(delete_runs, numbers=r), st.lists(st.integers(1, 10), max_size=3)),
)


@settings(max_examples=60)
@given(st.lists(STEPS, max_size=8))
def test_any_history_goes_back_and_forth(steps: list[Operation]) -> None:
    with new_store() as store:
        fill(store)
        listed = Followed(store)
        states, outcomes = [state(store)], []
        for step in steps:
            try:
                outcome = step(store)
            except UserError:
                assert state(store) == states[-1]
                continue
            assert listed.follow() == Followed(store).known
            if outcome.inverse is not None:
                outcomes.append(outcome)
                states.append(state(store))
        for _ in range(2):
            back = []
            for outcome, expected in zip(reversed(outcomes), reversed(states[:-1]), strict=True):
                back.append(undone(store, outcome))
                assert state(store) == expected
            outcomes = []
            for outcome, expected in zip(reversed(back), states[1:], strict=True):
                outcomes.append(undone(store, outcome))
                assert state(store) == expected
        assert listed.follow() == Followed(store).known
