"""What a user changes, and takes back: names and tags, on a store that others change too."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runfolio.core.errors import InvalidValue, NotFound, RunStateError, StoreReadOnly, UserError
from runfolio.store import Store, experiments, open_store, runs
from runfolio.store.operations import Operation, Outcome, rename_experiment, rename_run, set_tag
from runfolio.store.watch import changes_since, current_revision
from tests.store.script import Script, new_store

RUN, EXPERIMENT = 1, 1
LONG = "x" * 60

OPERATIONS: dict[str, Operation] = {
    "rename a run": lambda s: rename_run(s, RUN, "calm-heron"),
    "set a new tag": lambda s: set_tag(s, RUN, "team", "vision"),
    "change a tag": lambda s: set_tag(s, RUN, "seed", "7"),
    "delete a tag": lambda s: set_tag(s, RUN, "seed", None),
    "rename an experiment": lambda s: rename_experiment(s, EXPERIMENT, "vision/resnet"),
}
# What somebody else does meanwhile to the same thing.
MEANWHILE: dict[str, Operation] = {
    "rename a run": lambda s: rename_run(s, RUN, LONG),
    "set a new tag": lambda s: set_tag(s, RUN, "team", None),
    "change a tag": lambda s: set_tag(s, RUN, "seed", LONG),
    "delete a tag": lambda s: set_tag(s, RUN, "seed", LONG),
    "rename an experiment": lambda s: rename_experiment(s, EXPERIMENT, LONG),
}
TEXTS = {
    "rename a run": "Renamed brave-otter to calm-heron",
    "set a new tag": "Set the tag team to vision",
    "change a tag": "Set the tag seed to 7",
    "delete a tag": "Removed the tag seed",
    "rename an experiment": "Renamed digits to vision/resnet",
}
each_operation = pytest.mark.parametrize("kind", OPERATIONS)


def fill(store: Store, *, name: str = "brave-otter", experiment: str = "digits") -> None:
    """Two experiments with a run each; the first run has a tag."""
    with Script(store) as script:
        script.tags(script.start(name=name, experiment=experiment), {"seed": "0"})
        script.take()
        script.start(name="other", experiment="other")
        script.take()


@pytest.fixture(name="filled")
def _filled(store: Store) -> Store:
    fill(store)
    return store


def state(store: Store) -> object:
    """Everything that operations can change."""
    found = experiments.list_experiments(store)
    details = [runs.get_run(store, number) for number in (1, 2)]
    return {e.id: e.name for e in found}, [(run.name, run.tags) for run in details]


def undone(store: Store, outcome: Outcome) -> Outcome:
    assert outcome.inverse is not None
    return outcome.inverse(store)


@each_operation
def test_there_and_back_and_there_again(filled: Store, kind: str) -> None:
    before = state(filled)
    outcome = OPERATIONS[kind](filled)
    after = state(filled)
    assert after != before and outcome.text == TEXTS[kind]
    for _ in range(2):
        outcome = undone(filled, outcome)
        assert state(filled) == before
        outcome = undone(filled, outcome)
        assert state(filled) == after and outcome.text == TEXTS[kind]


@each_operation
def test_the_store_tells_what_changed_there_and_back(filled: Store, kind: str) -> None:
    outcome = None
    for _ in range(2):
        before = current_revision(filled)
        outcome = OPERATIONS[kind](filled) if outcome is None else undone(filled, outcome)
        changes = changes_since(filled, before)
        assert changes.experiments | changes.runs == {1} and changes.revision == before + 1


@each_operation
def test_what_others_changed_meanwhile_is_left_as_it_is(filled: Store, kind: str) -> None:
    outcome = OPERATIONS[kind](filled)
    other = open_store(filled.path)
    theirs = MEANWHILE[kind](other)
    after, revision = state(filled), current_revision(filled)
    with pytest.raises(RunStateError, match=r"has been changed since, to (x{37}\.\.\.|nothing)\. Left as it is\.$"):
        undone(filled, outcome)
    assert (state(filled), current_revision(filled)) == (after, revision)
    undone(other, theirs)
    other.close()
    undone(filled, outcome)


@each_operation
def test_a_store_that_is_only_read(filled: Store, kind: str) -> None:
    outcome = OPERATIONS[kind](filled)
    before = state(filled)
    reader = open_store(filled.path, read_only=True)
    for operation in (OPERATIONS[kind], partial(undone, outcome=outcome)):
        with pytest.raises(StoreReadOnly, match="read-only"):
            operation(reader)
    reader.close()
    assert state(filled) == before


WRONG: list[tuple[Operation, type[UserError], str]] = [
    (lambda s: rename_run(s, 1, ""), InvalidValue, "must not be blank"),
    (lambda s: rename_run(s, 1, " \t\n\u3000"), InvalidValue, "must not be blank"),
    (lambda s: rename_run(s, 99, "x"), NotFound, "no run 99"),
    (lambda s: set_tag(s, 99, "x", "y"), NotFound, "no run 99"),
    (lambda s: set_tag(s, 1, "", "y"), InvalidValue, "1 to 250 characters"),
    (lambda s: set_tag(s, 1, "x" * 251, "y"), InvalidValue, "1 to 250 characters"),
    (lambda s: set_tag(s, 1, "a=b", "y"), InvalidValue, "only letters, digits, blanks"),
    (lambda s: set_tag(s, 1, "a//b", "y"), InvalidValue, "shortest relative form"),
    (lambda s: set_tag(s, 1, "../b", None), InvalidValue, "shortest relative form"),
    (lambda s: rename_experiment(s, 1, "  "), InvalidValue, "not blank"),
    (lambda s: rename_experiment(s, 1, "x" * 501), InvalidValue, "at most 500 characters; this one has 501"),
    (lambda s: rename_experiment(s, 1, "a/ /b"), InvalidValue, "a folder in it has no name"),
    (lambda s: rename_experiment(s, 1, "other"), InvalidValue, "already an experiment 'other'"),
    (lambda s: rename_experiment(s, 99, "x"), NotFound, "no experiment 99"),
]


@pytest.mark.parametrize(("operation", "kind", "rule"), WRONG, ids=[rule for _, _, rule in WRONG])
def test_what_is_wrong_is_refused_by_its_rule(
    filled: Store, operation: Operation, kind: type[UserError], rule: str
) -> None:
    before, revision = state(filled), current_revision(filled)
    with pytest.raises(kind, match=rule):
        operation(filled)
    assert (state(filled), current_revision(filled)) == (before, revision)


def test_an_undo_that_would_take_anothers_name_is_refused(filled: Store) -> None:
    outcome = rename_experiment(filled, 1, "new")
    rename_experiment(filled, 2, "digits")
    with pytest.raises(InvalidValue, match="already an experiment 'digits'"):
        undone(filled, outcome)


def test_an_experiment_may_change_its_case_or_keep_its_name(filled: Store) -> None:
    assert rename_experiment(filled, 1, "Digits").text == "Renamed digits to Digits"
    assert rename_experiment(filled, 1, " Digits ").text == "Renamed Digits to Digits"


def test_blanks_around_a_new_name_are_dropped(filled: Store) -> None:
    rename_run(filled, 1, "  calm heron\n")
    assert runs.get_run(filled, 1).name == "calm heron"


def test_two_at_once_both_take_place(filled: Store) -> None:
    name, tag = rename_run(filled, 1, "calm-heron"), set_tag(filled, 1, "seed", "7")
    undone(filled, name)
    run = runs.get_run(filled, 1)
    assert (run.name, run.tags) == ("brave-otter", {"seed": "7"}), "undoing one leaves the other"
    undone(filled, tag)
    assert runs.get_run(filled, 1).tags == {"seed": "0"}


@pytest.mark.parametrize("rename", [rename_run, rename_experiment])
def test_an_undo_gives_back_blanks_that_a_script_has_put_around_a_name(
    store: Store, rename: Callable[[Store, int, str], Outcome]
) -> None:
    fill(store, name=" run ", experiment=" experiment ")
    before = state(store)
    undone(store, rename(store, 1, "new"))
    assert state(store) == before


NAMES = st.one_of(st.sampled_from(["a", "b", "a/b", " ", "other"]), st.text(max_size=6))
STEPS = st.one_of(
    st.builds(lambda n, name: partial(rename_run, run=n, name=name), st.integers(1, 3), NAMES),
    st.builds(lambda n, name: partial(rename_experiment, experiment=n, name=name), st.integers(1, 3), NAMES),
    st.builds(
        lambda n, key, value: partial(set_tag, run=n, key=key, value=value),
        st.integers(1, 2),
        st.sampled_from(["seed", "note", "a/b", "a b"]),
        st.none() | st.text(max_size=6),
    ),
)


@settings(max_examples=40)
@given(st.lists(STEPS, max_size=8))
def test_any_history_goes_back_and_forth(steps: list[Operation]) -> None:
    with new_store() as store:
        fill(store)
        states, outcomes = [state(store)], []
        for step in steps:
            revision = current_revision(store)
            try:
                outcomes.append(step(store))
            except (InvalidValue, NotFound):
                assert (state(store), current_revision(store)) == (states[-1], revision)
            else:
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


def test_a_description_is_told_of_as_such(filled: Store) -> None:
    outcome = set_tag(filled, RUN, "mlflow.note.content", "A run that went well.")
    assert outcome.text == "Described the run"
    assert outcome.inverse is not None
    assert outcome.inverse(filled).text == "Removed the description of the run"
