"""Whatever is changed in the log, the tables or the files behind our back is found, and named."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from runfolio.core.clock import now_ms
from runfolio.core.errors import NotFound, StoreDamaged
from runfolio.store import Store
from runfolio.store.registry.aliases import set_alias
from runfolio.store.registry.audit import read_entries
from runfolio.store.registry.models import describe_model, tag_model
from runfolio.store.registry.policies import set_policy
from runfolio.store.registry.purging import purge
from runfolio.store.registry.reading import folder_of, list_versions
from runfolio.store.registry.registering import Registered
from runfolio.store.registry.transitions import transition
from runfolio.store.registry.verify import Fault, verify
from runfolio.store.registry.versions import delete_version, describe_version, tag_version
from runfolio.store.steps import Steps

Register = Callable[..., Registered]
#: All that an entry of the log consists of.
FILES = ("MLmodel", "model.skops", "data/more.bin", "input_example.json")
TEXTS = ("user_name", "action", "model", "data", "previous", "hash")


@pytest.fixture(autouse=True)
def history(store: Store, registered: Register) -> None:
    for _ in range(2):
        registered(description="ein Modell für Kündigungen", tags={"reviewed": "no"})
    transition(store, "churn", 1, "Production", reason="the first")
    transition(store, "churn", 2, "Production")
    set_alias(store, "churn", "champion", 2)


@contextmanager
def behind_our_back(store: Store) -> Iterator[sqlite3.Connection]:
    """The database as any program may change it, with the guards of the log taken away."""
    with closing(sqlite3.connect(store.database, isolation_level=None)) as connection:
        for what in ("update", "delete"):
            connection.execute(f"DROP TRIGGER IF EXISTS audit_{what}_refused")
        yield connection


def faults(store: Store) -> list[Fault]:
    return list(verify(store).faults)


def test_what_is_as_it_was_is_proved(store: Store) -> None:
    proof = verify(store)
    assert proof.good
    assert (proof.entries, proof.versions, proof.files) == (7, 2, 8)
    assert proof.last_hash == read_entries(store)[-1].hash


@pytest.mark.parametrize("statement", ["UPDATE audit SET time = 0", "DELETE FROM audit WHERE number = 3"])
def test_the_database_itself_lets_nobody_change_the_log(store: Store, statement: str) -> None:
    with (
        closing(sqlite3.connect(store.database)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="only added"),
    ):
        connection.execute(statement)
    assert verify(store).good


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    number=st.integers(1, 7), column=st.sampled_from(TEXTS), place=st.integers(0, 10_000), change=st.integers(1, 255)
)
@example(3, "model", 0, 255)  # no text any more
@example(1, "data", 42, 1)  # the key `from`, of an entry that has nothing there
def test_a_changed_byte_of_any_entry_is_found(store: Store, number: int, column: str, place: int, change: int) -> None:
    with behind_our_back(store) as connection:
        query = f"SELECT CAST({column} AS BLOB) FROM audit WHERE number = ?"
        old = connection.execute(query, (number,)).fetchone()[0]
        if not old:
            return
        changed = bytearray(old)
        changed[place % len(old)] ^= change
        write = f"UPDATE audit SET {column} = CAST(? AS TEXT) WHERE number = ?"
        connection.execute(write, (bytes(changed), number))
        try:
            found = faults(store)
            assert found and found[0].where == "log"
            assert found[0].entry in (number, number + 1)
        finally:
            connection.execute(write, (old, number))
    assert verify(store).good


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE audit SET time = time + 1 WHERE number = 4", "entry 4 has been changed"),
        ("UPDATE audit SET version = 2 WHERE number = 4", "entry 4 has been changed"),
        ("DELETE FROM audit WHERE number = 4", "entry 4 is missing"),
        ("DELETE FROM audit WHERE number = 7", "7 entries were written, and the log ends with 6"),
        ("DELETE FROM audit WHERE number = 1", "entry 1 is missing"),
        ("UPDATE audit_head SET hash = '00' WHERE id = 1", "entry 7 is not the one"),
        ("DELETE FROM audit", "7 entries were written, and the log ends with 0"),
    ],
)
def test_the_first_damaged_entry_is_named(store: Store, statement: str, what: str) -> None:
    with behind_our_back(store) as connection:
        connection.execute(statement)
    assert what in faults(store)[0].what


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        (
            "UPDATE model_versions SET stage = 'Production' WHERE version = 1",
            "it is in Production, and by the log in Arch",
        ),
        ("UPDATE model_versions SET digest = '00' WHERE version = 1", "its files are not those that were registered"),
        ("UPDATE version_files SET sha256 = '00' WHERE path = 'MLmodel'", "the list of its files has been changed"),
        ("DELETE FROM version_files WHERE version_id = 1", "the list of its files has been changed"),
        ("UPDATE model_aliases SET version_id = 1", "its aliases are not those"),
        ("UPDATE model_versions SET deleted_time = 1 WHERE version = 1", "whether there is such a version"),
        ("UPDATE registered_models SET deleted_time = 1", "whether it is in the trash"),
        ("UPDATE registered_models SET name = 'other'", "the log knows no such model"),
        ("UPDATE registered_models SET policy = 'stages: [Production]'", "its gates are not those"),
        ("UPDATE registered_models SET description = 'fine'", "its description or its tags"),
        ("INSERT INTO model_tags VALUES (1, 'a', 'b')", "its description or its tags"),
        ("UPDATE model_versions SET description = 'fine'", "its description or its tags"),
        ("UPDATE version_tags SET value = 'yes'", "its description or its tags"),
        ("DELETE FROM registered_models", "the model is in the log and nowhere else"),
        ("DELETE FROM model_versions", "the log has the version, and the tables have not"),
    ],
)
def test_tables_that_say_something_else_than_the_log_are_found(store: Store, statement: str, what: str) -> None:
    with behind_our_back(store) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute(statement)
    assert any(what in one.what for one in faults(store))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["MLmodel", "model.skops", "data/more.bin", "input_example.json"]),
    place=st.integers(0, 5000),
    change=st.integers(1, 255),
)
def test_a_changed_byte_of_any_file_is_found(store: Store, name: str, place: int, change: int) -> None:
    file = folder_of(store, "churn", 2) / name
    old = file.read_bytes()
    changed = bytearray(old)
    changed[place % len(old)] ^= change
    file.chmod(0o644)
    file.write_bytes(bytes(changed))
    try:
        found = [one for one in faults(store) if one.version == 2]
        assert found == [Fault("files", f"{name} has been changed", 0, "churn", 2)]
    finally:
        file.write_bytes(old)


def test_files_that_are_missing_or_do_not_belong_there_are_found(store: Store) -> None:
    folder = folder_of(store, "churn", 1)
    (folder / "data" / "more.bin").unlink()
    (folder / "evil.py").write_text("")
    told = [one.what for one in faults(store)]
    assert told == ["data/more.bin is missing", "evil.py does not belong to it"]
    assert verify(store, files=False).good


def test_a_link_in_the_place_of_a_file_is_found(store: Store, tmp_path: Path) -> None:
    file = folder_of(store, "churn", 1) / "model.skops"
    (tmp_path / "same").write_bytes(file.read_bytes())
    file.unlink()
    file.symlink_to(tmp_path / "same")
    assert [one.what for one in faults(store)] == ["model.skops is a link"]


def test_a_model_that_is_not_there_is_not_proved(store: Store) -> None:
    with pytest.raises(NotFound, match="Did you mean 'churn'"):
        verify(store, "chrun")


@pytest.mark.parametrize("data", ['{"size":1e999}', '{"from":NaN}', "[" * 9999, "", "{}"])
def test_an_entry_that_holds_something_else_is_found(store: Store, data: str) -> None:
    with behind_our_back(store) as connection:
        connection.execute("UPDATE audit SET data = ? WHERE number = 4", (data,))
    assert [one.entry for one in faults(store)] == [4]


def test_tables_that_hold_no_text_any_more_are_told_to_be_damaged(store: Store) -> None:
    with behind_our_back(store) as connection:
        connection.execute("UPDATE audit_head SET hash = CAST(x'ff' AS TEXT)")
    with pytest.raises(StoreDamaged, match="a text in it is none"):
        verify(store)


def test_what_is_written_of_models_and_versions_is_proved(store: Store) -> None:
    set_policy(store, "churn", "card: [auc]")
    describe_model(store, "churn", "Who leaves.")
    describe_version(store, "churn", 1, "The first.")
    for value in ("yes", None):
        tag_model(store, "churn", "team", value)
        tag_version(store, "churn", 1, "reviewed", value)
    assert verify(store).good


def test_what_is_removed_for_good_while_files_are_read_is_no_fault(store: Store) -> None:
    transition(store, "churn", 1, "None")
    delete_version(store, "churn", 1)
    purges = iter([purge])

    def progress(_done: int, _total: int) -> None:
        if (one := next(purges, None)) is not None:
            one(store, now_ms())

    assert verify(store, steps=Steps(progress)).good
    assert [one.version for one in list_versions(store, "churn")] == [2]
