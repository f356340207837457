"""One change to many runs: shown before, made at once, taken back at once."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runfolio.core.errors import InvalidValue, RunStateError
from runfolio.core.states import RUN_NAME
from runfolio.store import Store, exchange
from runfolio.store.bulk import read_runs
from runfolio.store.bulk_edit import Edit, NameEdit, TagEdit, edit_runs, preview
from runfolio.store.operations import set_tag
from runfolio.store.steps import Steps
from runfolio.store.watch import changes_since, current_revision
from tests.store.script import Script, new_store

RUNS = [1, 2, 3]


def fill(store: Store, number: int = 3) -> None:
    """Runs with a param; the first has a tag, the second has MLflow's tag of its name."""
    with Script(store) as script:
        for at in range(number):
            run = script.start(name=f"run-{at}")
            script.params(run, {"lr": f"0.{at + 1}"})
            if at < 2:
                script.tags(run, {"team": "vision"} if at == 0 else {"mlflow.runName": "run-1"})
        script.take()


@pytest.fixture(name="filled")
def _filled(store: Store) -> Store:
    fill(store)
    return store


def tags_of(store: Store, key: str) -> list[str | None]:
    return [run.tags.get(key) for run in read_runs(store, RUNS)]


def names_of(store: Store) -> list[str]:
    return [run.name for run in read_runs(store, RUNS)]


def test_a_tag_is_set_only_added_and_removed(filled: Store) -> None:
    assert edit_runs(filled, RUNS, TagEdit("team", "nlp", only_missing=True)).text == "Set the tag team of 2 runs"
    assert tags_of(filled, "team") == ["vision", "nlp", "nlp"]
    before = current_revision(filled)
    outcome = edit_runs(filled, RUNS, TagEdit("team", "speech"))
    assert tags_of(filled, "team") == ["speech"] * 3
    assert changes_since(filled, before).runs == frozenset(RUNS)
    assert edit_runs(filled, [1, 3, 99], TagEdit("team", None)).text == "Removed the tag team of 2 runs"
    assert tags_of(filled, "team") == [None, "speech", None]
    assert outcome.inverse is not None
    back = outcome.inverse(filled)
    assert back.text == "Put back 1 run; 2 runs have been changed since and stay as they are"
    assert tags_of(filled, "team") == [None, "nlp", None]


def test_a_change_is_one_step_back_and_forth(filled: Store) -> None:
    outcome = edit_runs(filled, RUNS, TagEdit("team", "x" * 20_000))
    assert outcome.inverse is not None
    again = outcome.inverse(filled)
    assert tags_of(filled, "team") == ["vision", None, None]
    assert again.inverse is not None
    again.inverse(filled)
    assert tags_of(filled, "team") == ["x" * 20_000] * 3


def test_runs_are_named_by_a_pattern_and_the_tag_follows(filled: Store) -> None:
    seen = preview(filled, [3, 2, 1], NameEdit("{number}: lr {params.lr} {tags.team}"))
    assert seen.total == seen.changed == 3
    assert seen.rows[0] == ("run-2", "run-2", "1: lr 0.3")
    outcome = edit_runs(filled, [3, 2, 1], NameEdit("{number}: lr {params.lr} {tags.team}"))
    assert names_of(filled) == ["3: lr 0.1 vision", "2: lr 0.2", "1: lr 0.3"]
    assert tags_of(filled, "mlflow.runName")[1] == "2: lr 0.2"
    assert outcome.inverse is not None
    outcome.inverse(filled)
    assert names_of(filled) == ["run-0", "run-1", "run-2"] and tags_of(filled, "mlflow.runName")[1] == "run-1"


def test_a_name_never_becomes_blank(filled: Store) -> None:
    edit_runs(filled, RUNS, NameEdit("{tags.team}"))
    assert names_of(filled) == ["vision", "run-1", "run-2"]


def test_what_changes_nothing_leaves_no_step(filled: Store) -> None:
    outcome = edit_runs(filled, [1], TagEdit("team", "vision"))
    assert outcome.inverse is None and "nothing" in outcome.text


WRONG = [TagEdit("", "x"), TagEdit("a\nb", "x"), TagEdit(RUN_NAME, "x"), NameEdit("{what}"), NameEdit("")]


@pytest.mark.parametrize("edit", WRONG)
def test_a_wrong_edit_changes_nothing(filled: Store, edit: Edit) -> None:
    for function in (preview, edit_runs):
        with pytest.raises(InvalidValue):
            function(filled, RUNS, edit)
    assert names_of(filled) == ["run-0", "run-1", "run-2"]


values = st.one_of(st.none(), st.text(max_size=12))
edits = st.one_of(
    st.builds(TagEdit, st.sampled_from(["team", "seed"]), values, st.booleans()),
    st.builds(NameEdit, st.sampled_from(["{name}x", "{params.lr}", "{tags.team}", "same"])),
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.lists(st.sampled_from(RUNS), unique=True), edits), max_size=6))
def test_any_changes_taken_back_in_turn_leave_all_as_it_was(steps: list[tuple[list[int], Edit]]) -> None:
    with new_store() as store:
        fill(store)
        before = [(run.name, run.tags) for run in read_runs(store, RUNS)]
        inverses = [edit_runs(store, numbers, edit).inverse for numbers, edit in steps]
        for inverse in reversed(inverses):
            if inverse is not None:
                inverse(store)
        assert [(run.name, run.tags) for run in read_runs(store, RUNS)] == before


def test_others_write_between_the_steps_of_ten_thousand_runs(store: Store) -> None:
    fill(store, 10_000)
    numbers = list(range(1, 10_001))
    before = current_revision(store)
    far: list[int] = []
    outcome = edit_runs(store, numbers, TagEdit("team", "nlp"), Steps(lambda done, _: far.append(done)))
    assert outcome.text == "Set the tag team of 10,000 runs" and far == [2_000, 4_000, 6_000, 8_000, 10_000]
    assert current_revision(store) == before + 5 and len(changes_since(store, before).runs) == 10_000
    assert outcome.inverse is not None
    outcome.inverse(store)
    assert tags_of(store, "team") == ["vision", None, None]


def test_a_later_change_by_hand_stays(filled: Store) -> None:
    outcome = edit_runs(filled, RUNS, TagEdit("team", "nlp"))
    set_tag(filled, 2, "team", "mine")
    assert outcome.inverse is not None
    back = outcome.inverse(filled)
    assert back.text == "Put back 2 runs; run-1 has been changed since and stays as it is"
    assert tags_of(filled, "team") == ["vision", "mine", None]
    set_tag(filled, 1, "team", "theirs")
    assert back.inverse is not None
    again = back.inverse(filled)
    assert again.text == "Put back 1 run; run-0 has been changed since and stays as it is"
    assert tags_of(filled, "team") == ["theirs", "mine", "nlp"]
    set_tag(filled, 3, "team", "theirs")
    assert again.inverse is not None
    with pytest.raises(RunStateError, match=r"run-2 has been changed since\. Left as it is\."):
        again.inverse(filled)


@pytest.mark.parametrize("edit", [TagEdit("team", "nlp"), NameEdit("{number}")], ids=["tag", "name"])
def test_what_was_changed_until_it_was_stopped_is_one_step(
    filled: Store, monkeypatch: pytest.MonkeyPatch, edit: Edit
) -> None:
    monkeypatch.setattr(exchange, "TOGETHER", 1)
    before, taken = [*names_of(filled), *tags_of(filled, "team")], list[int]()
    outcome = edit_runs(filled, RUNS, edit, Steps(lambda done, _: taken.append(done), lambda: len(taken) == 2))
    assert outcome.text.endswith("2 of 3 runs") and outcome.inverse is not None
    partly = [*names_of(filled), *tags_of(filled, "team")]
    assert partly != before
    back = outcome.inverse(filled)
    assert [*names_of(filled), *tags_of(filled, "team")] == before and back.inverse is not None
    back.inverse(filled)
    assert [*names_of(filled), *tags_of(filled, "team")] == partly
