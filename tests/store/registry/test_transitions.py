"""Moves between stages: holders, gates, undo and rollback, and what the log tells of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest

from runfolio.core.errors import EnvironmentProblem, GateFailed, InvalidValue, NotFound, RunStateError
from runfolio.core.registry.history import replay
from runfolio.store import Store
from runfolio.store.registry import evidence
from runfolio.store.registry.aliases import delete_alias, set_alias
from runfolio.store.registry.audit import read_entries
from runfolio.store.registry.models import rename_model, tag_model
from runfolio.store.registry.policies import policy_text, set_policy
from runfolio.store.registry.reading import (
    find_version,
    folder_of,
    get_model,
    get_version,
    list_models,
    list_versions,
    version_named,
)
from runfolio.store.registry.registering import Registered
from runfolio.store.registry.transitions import preview, rollback, transition
from runfolio.store.registry.verify import verify
from runfolio.store.registry.versions import delete_version, describe_version, restore_version, tag_version

Register = Callable[..., Registered]


def stages(store: Store, name: str = "churn") -> dict[int, str]:
    return {one.version: one.stage for one in list_versions(store, name)}


@pytest.fixture(autouse=True)
def three(registered: Register) -> None:
    for _ in range(3):
        registered()


def test_the_holder_is_archived_in_the_same_moment(store: Store) -> None:
    transition(store, "churn", 1, "Production")
    outcome = transition(store, "churn", 2, "production", reason="beats v1")
    assert outcome.text == "Moved churn v2 to Production; v1 to Archived"
    assert stages(store) == {1: "Archived", 2: "Production", 3: "None"}
    last = read_entries(store, "churn")[-2:]
    assert [(one.version, one.old, one.new, one.reason) for one in last] == [
        (1, "Production", "Archived", "Replaced by v2"),
        (2, "None", "Production", "beats v1"),
    ]


def test_several_may_hold_a_stage_where_that_is_asked_for(store: Store) -> None:
    transition(store, "churn", 1, "Production")
    transition(store, "churn", 2, "Production", archive=False)
    assert stages(store) == {1: "Production", 2: "Production", 3: "None"}
    assert get_model(store, "churn").holders == {"Production": 2, "None": 3}


def test_a_move_is_undone_and_done_again(store: Store) -> None:
    transition(store, "churn", 1, "Production")
    undo = transition(store, "churn", 2, "Production").inverse
    assert undo is not None
    redo = undo(store).inverse
    assert stages(store) == {1: "Production", 2: "None", 3: "None"}
    assert redo is not None
    redo(store)
    assert stages(store) == {1: "Archived", 2: "Production", 3: "None"}
    assert verify(store).good


def test_what_somebody_has_moved_on_is_not_undone(store: Store) -> None:
    undo = transition(store, "churn", 1, "Staging").inverse
    transition(store, "churn", 1, "Production")
    assert undo is not None
    with pytest.raises(RunStateError, match="moved to Production since"):
        undo(store)
    assert stages(store)[1] == "Production"


def test_a_move_is_not_undone_into_a_stage_that_another_has_taken_since(store: Store) -> None:
    transition(store, "churn", 1, "Production")
    undo = transition(store, "churn", 1, "Archived").inverse
    transition(store, "churn", 2, "Production")
    assert undo is not None
    with pytest.raises(RunStateError, match="v2 has been moved to Production since"):
        undo(store)
    assert stages(store) == {1: "Archived", 2: "Production", 3: "None"}


def test_where_two_were_together_on_purpose_one_comes_back(store: Store) -> None:
    transition(store, "churn", 1, "Production")
    transition(store, "churn", 2, "Production", archive=False)
    undo = transition(store, "churn", 2, "Archived").inverse
    assert undo is not None
    undo(store)
    assert stages(store) == {1: "Production", 2: "Production", 3: "None"}


@pytest.mark.parametrize("stage", ["None", "Archived"])
def test_stages_that_take_any_number_have_no_holder_to_archive_or_to_go_back_to(store: Store, stage: str) -> None:
    for version in (1, 2):
        transition(store, "churn", version, "Archived")
    transition(store, "churn", 1, "Production")
    before = stages(store)
    with pytest.raises(InvalidValue, match="any number of versions"):
        transition(store, "churn", 1, stage, archive=True)
    with pytest.raises(InvalidValue, match=f"No version holds {stage}"):
        rollback(store, "churn", stage)
    assert stages(store) == before


@pytest.mark.parametrize("reason", [None, 5, "a\udcff", "ü"])
def test_whatever_is_given_as_a_reason_the_log_stays_whole(store: Store, reason: object) -> None:
    transition(store, "churn", 1, "Production", reason=reason)  # type: ignore[arg-type]
    assert verify(store).good


def test_a_rollback_goes_back_to_who_was_there_and_the_next_one_further(store: Store) -> None:
    for version in (1, 2, 3):
        transition(store, "churn", version, "Production")
    assert rollback(store, "churn", reason="v3 fails on new accounts").text.startswith("Rolled churn back to v2")
    assert stages(store) == {1: "Archived", 2: "Production", 3: "Archived"}
    rollback(store, "churn")
    assert stages(store) == {1: "Production", 2: "Archived", 3: "Archived"}
    with pytest.raises(NotFound, match="No other version"):
        rollback(store, "churn")
    assert verify(store).good


def test_a_rollback_passes_over_what_is_in_the_trash_and_what_was_undone(store: Store) -> None:
    transition(store, "churn", 1, "Production")
    undo = transition(store, "churn", 2, "Production").inverse
    assert undo is not None
    undo(store)
    transition(store, "churn", 3, "Production")
    rollback(store, "churn")
    assert stages(store) == {1: "Production", 2: "None", 3: "Archived"}
    transition(store, "churn", 2, "Production")
    delete_version(store, "churn", 1)
    with pytest.raises(NotFound):
        rollback(store, "churn")


def test_a_stage_that_is_not_there_leads_to_the_nearest(store: Store) -> None:
    with pytest.raises(InvalidValue, match="Did you mean Production"):
        transition(store, "churn", 1, "Prodution")


def test_gates_block_and_tell_what_is_missing(store: Store) -> None:
    set_policy(store, "churn", "gates: {Production: {checks: [{metric: val_auc, at_least: 0.95}, description]}}")
    with pytest.raises(GateFailed, match=r"val_auc ≥ 0\.95") as caught:
        transition(store, "churn", 1, "Production", reason="please")
    assert "no description" in caught.value.message
    assert stages(store)[1] == "None"
    shown = preview(store, "churn", 1, "Production")
    assert [one.passed for one in shown.judgement.checks] == [False, False] and shown.judgement.blocked
    set_policy(store, "churn", "gates: {Production: {checks: [{metric: val_auc, at_least: 0.93}, description]}}")
    describe_version(store, "churn", 1, "Gradient boosting")
    transition(store, "churn", 1, "Production")
    evidence = read_entries(store, "churn")[-1].evidence
    assert evidence["passed"] is True and evidence["gates"][0]["found"] == "0.947"


def test_a_gate_may_ask_for_a_reason_instead(store: Store) -> None:
    set_policy(store, "churn", "gates: {Staging: {when_failing: reason, checks: [{tag: reviewed, value: 'yes'}]}}")
    with pytest.raises(GateFailed, match="Give a reason"):
        transition(store, "churn", 1, "Staging", reason=" ")
    transition(store, "churn", 1, "Staging", reason="on holiday")
    entry = read_entries(store, "churn")[-1]
    assert entry.reason == "on holiday" and entry.evidence["passed"] is False
    tag_version(store, "churn", 2, "reviewed", "yes")
    transition(store, "churn", 2, "Staging")


def test_the_holder_is_what_a_gate_compares_with(store: Store) -> None:
    text = "gates: {Production: {checks: [{metric: val_auc, beside_holder: not_worse}]}}"
    set_policy(store, "churn", text)
    assert policy_text(store, "churn") == text
    assert preview(store, "churn", 1, "Production").judgement.passed
    transition(store, "churn", 1, "Production")
    shown = preview(store, "churn", 2, "Production")
    assert shown.judgement.passed and shown.archived == (1,)


def test_stages_of_a_users_own(store: Store) -> None:
    set_policy(store, "churn", "stages: [Shadow, Canary, Live]\nsingle: [Live]")
    transition(store, "churn", 1, "shadow"), transition(store, "churn", 2, "Shadow")
    assert stages(store) == {1: "Shadow", 2: "Shadow", 3: "None"}
    assert get_model(store, "churn").stages == ("None", "Shadow", "Canary", "Live", "Archived")
    with pytest.raises(InvalidValue, match="Version 1 of churn is in Shadow"):
        set_policy(store, "churn", "")


def test_a_policy_with_a_typo_is_refused_where_it_stands(store: Store) -> None:
    with pytest.raises(InvalidValue, match="Production"):
        set_policy(store, "churn", "gates: {Prodction: {checks: [signature]}}")


def test_aliases_move_and_go(store: Store) -> None:
    set_alias(store, "churn", "champion", 1)
    outcome = set_alias(store, "churn", "champion", 2)
    assert outcome.text == "@champion of churn is v2, which was v1"
    assert get_version(store, "churn", 2).aliases == ("champion",)
    assert outcome.inverse is not None
    outcome.inverse(store)
    assert get_model(store, "churn").aliases == {"champion": 1}
    delete_alias(store, "churn", "champion")
    with pytest.raises(NotFound):
        delete_alias(store, "churn", "champion")
    assert verify(store).good


@pytest.mark.parametrize("name", ["latest", "LATEST", "3", "v3", "a b", "", "a/b", "é"])
def test_an_alias_that_means_something_else_is_refused(store: Store, name: str) -> None:
    with pytest.raises(InvalidValue):
        set_alias(store, "churn", name, 1)


def test_an_address_names_a_number_a_stage_the_latest_or_an_alias(store: Store) -> None:
    transition(store, "churn", 2, "Production")
    set_alias(store, "churn", "champion", 1)
    with store.reading() as connection:
        found = [version_named(connection, "churn", which) for which in ("3", "production", "latest", "@champion")]
        assert found == [3, 2, 3, 1]
        for which, hint in {"Prodction": "'Production'", "@champ": "'champion'", "Staging": "latest", "9": "3"}.items():
            with pytest.raises(NotFound, match=hint):
                version_named(connection, "churn", which)


def test_a_version_in_production_goes_only_by_force_and_takes_its_aliases(store: Store) -> None:
    transition(store, "churn", 1, "Production")
    set_alias(store, "churn", "champion", 1)
    with pytest.raises(RunStateError, match="is in Production"):
        delete_version(store, "churn", 1)
    back = delete_version(store, "churn", 1, force=True).inverse
    assert get_model(store, "churn").aliases == {}
    assert back is not None
    back(store)
    assert get_model(store, "churn").aliases == {"champion": 1}
    assert stages(store)[1] == "Production"
    assert verify(store).good


def test_who_was_in_production_at_any_moment(store: Store) -> None:
    transition(store, "churn", 1, "Production")
    then = read_entries(store)[-1].time
    transition(store, "churn", 2, "Production")
    log = [*read_entries(store)]
    assert replay(log)["churn"].holders("Production") == [2]
    earlier = [one for one in log if one.number <= len(log) - 2]
    assert replay(earlier, then)["churn"].holders("Production") == [1]


def test_a_version_that_comes_back_leaves_the_stage_to_who_is_there_since(store: Store) -> None:
    transition(store, "churn", 1, "Production")
    delete_version(store, "churn", 1, force=True)
    transition(store, "churn", 2, "Production")
    restore_version(store, "churn", 1)
    assert stages(store) == {1: "Archived", 2: "Production", 3: "None"}
    last = read_entries(store)[-1]
    assert (last.version, last.old, last.new, last.reason) == (1, "Production", "Archived", "v2 is in Production since")
    assert verify(store).good


def test_a_version_that_comes_back_to_no_stage_is_archived(store: Store) -> None:
    set_policy(store, "churn", "stages: [QA, Production]")
    transition(store, "churn", 1, "QA")
    delete_version(store, "churn", 1, force=True)
    set_policy(store, "churn", "stages: [Production]")
    restore_version(store, "churn", 1)
    assert stages(store)[1] == "Archived"
    assert verify(store).good


def test_what_a_newer_version_has_written_keeps_nobody_from_the_lists_and_lets_nothing_pass(
    store: Store, registered: Register
) -> None:
    registered("ranker")
    newer = "stages: [QA, Production]\ngates: {Production: {checks: [quantum]}}"
    with closing(sqlite3.connect(store.database)) as connection, connection:
        connection.execute("UPDATE registered_models SET policy = ? WHERE name = 'churn'", (newer,))
    assert [one.stages[1:-1] for one in list_models(store)] == [("QA", "Production"), ("Staging", "Production")]
    assert find_version(store, "churn", "latest").version == 3
    with pytest.raises(InvalidValue, match="quantum"):
        transition(store, "churn", 1, "Production")


def test_an_alias_or_a_tag_that_somebody_has_changed_since_is_not_undone(store: Store) -> None:
    set_alias(store, "churn", "champion", 1)
    done = [set_alias(store, "churn", "champion", 2), tag_version(store, "churn", 1, "reviewed", "no")]
    done += [tag_model(store, "churn", "team", "a"), delete_alias(store, "churn", "champion")]
    set_alias(store, "churn", "champion", 3)
    tag_version(store, "churn", 1, "reviewed", "yes")
    tag_model(store, "churn", "team", "b")
    for outcome in done:
        assert outcome.inverse is not None
        with pytest.raises(RunStateError, match="since"):
            outcome.inverse(store)
    found = get_model(store, "churn")
    assert (found.aliases, found.tags) == ({"champion": 3}, {"team": "b"})
    assert get_version(store, "churn", 1).tags == {"reviewed": "yes"}


def test_the_log_of_a_model_leaves_out_others_that_had_its_name(store: Store, registered: Register) -> None:
    rename_model(store, "churn", "old")
    registered("churn")
    told = {name: [one.action for one in read_entries(store, name)] for name in ("old", "churn")}
    assert told["old"] == ["create_model", *["register"] * 3, "rename_model"]
    assert told["churn"] == ["create_model", "register"]
    assert list(replay(read_entries(store, "old"))) == ["old"]


def test_runs_are_counted_where_a_gate_asks_for_that_alone(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []

    def count(_connection: object, run: int) -> int:
        counted.append(run)
        return len(counted)

    monkeypatch.setattr(evidence, "runs_in_group", count)
    set_policy(store, "churn", "gates: {Production: {checks: [description]}, Staging: {checks: [{runs_in_group: 1}]}}")
    assert not preview(store, "churn", 1, "Production").judgement.passed
    assert counted == []
    assert preview(store, "churn", 1, "Staging").judgement.passed
    assert len(counted) == 1


def test_a_version_whose_files_are_not_whole_does_not_get_to_serve(store: Store) -> None:
    (folder_of(store, "churn", 1) / "model.skops").unlink()
    with pytest.raises(EnvironmentProblem, match=r"model\.skops of churn v1 is missing"):
        transition(store, "churn", 1, "Production")
    file = folder_of(store, "churn", 2) / "data" / "more.bin"
    file.unlink()
    file.write_bytes(b"much more")
    with pytest.raises(EnvironmentProblem, match="has 9 bytes, and had 4"):
        transition(store, "churn", 2, "Staging")
    transition(store, "churn", 2, "Archived")
    assert stages(store) == {1: "None", 2: "Archived", 3: "None"}


def test_nobody_is_rolled_back_to_a_version_whose_files_are_gone(store: Store) -> None:
    transition(store, "churn", 1, "Production")
    transition(store, "churn", 2, "Production")
    (folder_of(store, "churn", 1) / "MLmodel").unlink()
    with pytest.raises(EnvironmentProblem, match="MLmodel of churn v1 is missing"):
        rollback(store, "churn")
    assert stages(store) == {1: "Archived", 2: "Production", 3: "None"}


def test_a_policy_that_is_there_already_is_no_change(store: Store) -> None:
    set_policy(store, "churn", "card: [val_auc]")
    before = len(read_entries(store))
    assert set_policy(store, "churn", "card: [val_auc]").inverse is None
    assert len(read_entries(store)) == before
