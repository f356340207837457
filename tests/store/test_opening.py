"""Opening a folder: a store is made, opened or brought up to date; anything else is refused and left as it is."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from runfolio.core.errors import (
    NotAStore,
    NotFound,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreGone,
    StoreReadOnly,
    StoreTooNew,
)
from runfolio.journal import locks
from runfolio.store import Store, dialect, experiments, migrate, open_store, runs, series
from runfolio.store.opening import SCHEMA_VERSION, is_there, version_of
from runfolio.store.watch import Watch
from tests.mounted import mounted
from tests.store.script import Script

AWKWARD = ["plain", "what?", "50%", "a#b", "with space", "größe 模型", "a'b\"c", "%3F", "x&y=z", "-dash", "~", ";"]


def tree(folder: Path) -> dict[str, str]:
    """Every name below a folder with what is in it."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
        for path in [folder, *folder.rglob("*")]
    }


def assert_refused(folder: Path, error: type[StoreError], text: str, *, around: Path | None = None) -> StoreError:
    """Opening is refused, twice, and changes nothing."""
    before = tree(around or folder.parent)
    for _ in range(2):
        with pytest.raises(error, match=text) as caught:
            open_store(folder)
    assert tree(around or folder.parent) == before
    return caught.value


def filled(folder: Path, count: int = 3000) -> Path:
    """A closed store with a run."""
    store = open_store(folder)
    with Script(store) as script:
        run = script.start(run_id="r", experiment="first")
        script.params(run, {"lr": "0.1"})
        script.log(run, "loss", range(count))
        script.end(run)
        script.take()
        script.finish()
    store.close()
    return folder


def assert_filled(store: Store, count: int = 3000) -> None:
    number = runs.find_run(store, "r")
    assert number is not None
    assert runs.get_run(store, number).params == {"lr": "0.1"}
    assert series.points(store, number, "loss").values.tolist() == list(range(count))


def test_a_new_store_is_a_folder_with_its_parts(tmp_path: Path) -> None:
    store = open_store(tmp_path / "deep" / "down" / "store")
    store.close()
    assert sorted(path.name for path in store.path.iterdir()) == [".lock", "artifacts", "journal", "runfolio.db"]
    assert store.name == "store"
    assert store.size() > 0
    assert not store.read_only


def test_an_empty_folder_and_one_a_script_has_begun_become_stores(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two" / "journal").mkdir(parents=True)
    (tmp_path / "three").mkdir()
    (tmp_path / "three" / "runfolio.db").touch()
    for name in ("one", "two", "three"):
        with_one = open_store(tmp_path / name)
        assert experiments.list_experiments(with_one) == []
        with_one.close()


def test_an_existing_store_keeps_what_it_holds(tmp_path: Path) -> None:
    folder = filled(tmp_path / "store")
    for _ in range(2):
        store = open_store(folder)
        assert_filled(store)
        store.close()
    assert not (folder / "backups").exists()


def test_two_open_stores_see_each_others_work(tmp_path: Path) -> None:
    one, two = open_store(tmp_path / "s"), open_store(tmp_path / "s")
    experiments.get_or_create(one, "a")
    experiments.get_or_create(two, "b")
    assert [e.name for e in experiments.list_experiments(one)] == ["a", "b"]
    one.close()
    two.close()


ANOTHER = """
import sys
import threading
from runfolio.store import experiments, open_store
store = open_store(sys.argv[1])
experiments.get_or_create(store, sys.argv[2])
store.close()
"""


@pytest.mark.parametrize("look", [open_store, lambda path: open_store(path, read_only=True), version_of, is_there])
def test_looking_at_an_open_store_again_keeps_its_log(tmp_path: Path, look: Callable[[Path], object]) -> None:
    """Closing a descriptor drops SQLite's locks: another process would take itself for the last and remove the log."""
    first = open_store(tmp_path / "store")
    experiments.get_or_create(first, "before")
    again = look(first.path)
    subprocess.run([sys.executable, "-c", ANOTHER, str(first.path), "another"], check=True)
    assert (first.path / "runfolio.db-wal").exists()
    experiments.get_or_create(first, "after")
    subprocess.run([sys.executable, "-c", ANOTHER, str(first.path), "last"], check=True)
    assert {"before", "another", "after", "last"} <= {one.name for one in experiments.list_experiments(first)}
    first.close()
    if isinstance(again, Store):
        again.close()
    assert version_of(first.path) == SCHEMA_VERSION


def test_a_store_that_was_moved_has_no_size(tmp_path: Path) -> None:
    store = open_store(tmp_path / "store")
    assert store.size() > 0
    store.path.rename(tmp_path / "elsewhere")
    with pytest.raises(StoreGone, match="is gone"):
        store.size()
    store.close()


def test_the_variable_names_the_default_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNFOLIO_STORE", str(tmp_path / "by variable"))
    store = open_store()
    store.close()
    assert store.path == tmp_path / "by variable"


@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_names_of_folders(tmp_path: Path, name: str) -> None:
    folder = filled(tmp_path / name, 5)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    store = open_store(folder)
    watch = Watch(store)
    experiments.get_or_create(store, "second")
    assert watch.poll()
    watch.close()
    store.close()
    reader = open_store(folder, read_only=True)
    assert_filled(reader, 5)
    reader.close()


def test_no_store_and_none_wanted(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no store"):
        open_store(tmp_path / "missing", create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("precious")
    assert_refused(tmp_path / "file", NotAStore, "is a file")


def test_a_folder_with_other_things(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thesis.tex").write_text("precious")
    assert_refused(tmp_path / "home", NotAStore, r"thesis\.tex")


def other_database(folder: Path, application_id: int = 0, journal: str = "delete") -> Path:
    folder.mkdir()
    with sqlite3.connect(folder / "runfolio.db") as connection:
        connection.execute(f"PRAGMA journal_mode={journal}")
        connection.execute(f"PRAGMA application_id={application_id}")
        connection.execute("CREATE TABLE songs (name TEXT)")
        connection.execute("INSERT INTO songs VALUES ('precious')")
    connection.close()
    return folder


@pytest.mark.parametrize("application_id", [0, 1, 252006674])
@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_the_database_of_another_program(tmp_path: Path, application_id: int, journal: str) -> None:
    folder = other_database(tmp_path / "music", application_id, journal)
    assert_refused(folder, NotAStore, "another program")


@pytest.mark.parametrize("content", [b"x", b"garbage" * 1000, b"SQLite format 3\0", bytes(4096)])
def test_a_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "runfolio.db").write_bytes(content)
    error = assert_refused(tmp_path / "store", StoreDamaged, "is not a database")
    assert "backups" in error.hint


@pytest.mark.parametrize("keep", [100, 4096, 4097, 0.5, 0.99])
def test_a_database_that_was_cut_off(tmp_path: Path, keep: float) -> None:
    folder = filled(tmp_path / "store")
    database = folder / "runfolio.db"
    size = int(keep if keep > 1 else database.stat().st_size * keep)
    os.truncate(database, size)
    error = assert_refused(folder, StoreDamaged, "damaged|cannot be read")
    assert "backups" in error.hint


def test_a_database_with_damage_inside(tmp_path: Path) -> None:
    folder = filled(tmp_path / "store")
    with (folder / "runfolio.db").open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 4000)
    assert_refused(folder, StoreDamaged, "damaged|cannot be read")


def test_a_store_of_a_newer_format(tmp_path: Path) -> None:
    folder = filled(tmp_path / "store")
    with sqlite3.connect(folder / "runfolio.db") as connection:
        connection.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
    connection.close()
    error = assert_refused(folder, StoreTooNew, f"format {SCHEMA_VERSION + 1}, this one knows {SCHEMA_VERSION}")
    assert "pip install" in error.hint


def store_of_format(folder: Path, version: str) -> Path:
    """A store as the version that knew the migrations up to that one made it, with an experiment in it."""
    (folder / "journal").mkdir(parents=True)
    database = folder / "runfolio.db"
    config = Config()
    config.set_main_option("script_location", str(migrate.SCRIPTS))
    config.set_main_option("path_separator", "os")
    engine = dialect.engine(database)
    with engine.begin() as connection:
        dialect.prepare_new(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, version)
        names = "id, name, lifecycle_stage, creation_time, last_update_time, revision"
        connection.exec_driver_sql(f"INSERT INTO experiments ({names}) VALUES (7, 'old', 'active', 1, 2, 1)")
        dialect.set_schema_version(connection, int(version))
    engine.dispose()
    dialect.to_wal(database)
    return folder


def test_an_older_store_is_copied_and_then_updated(tmp_path: Path) -> None:
    folder = store_of_format(tmp_path / "50% old?", "0001")
    for _ in range(2):
        store = open_store(folder)
        assert [(e.id, e.name, e.creation_time) for e in experiments.list_experiments(store)] == [(7, "old", 1)]
        store.close()
    assert dialect.read_header(folder / "runfolio.db").schema_version == SCHEMA_VERSION
    (backup,) = (folder / "backups").iterdir()
    assert backup.name.startswith("format1-")
    assert dialect.read_header(backup).schema_version == 1
    with sqlite3.connect(backup) as connection:
        assert connection.execute("SELECT name FROM experiments").fetchall() == [("old",)]
    connection.close()


def test_a_backup_opens_as_a_store(tmp_path: Path) -> None:
    folder = store_of_format(tmp_path / "store", "0001")
    open_store(folder).close()
    (backup,) = (folder / "backups").iterdir()
    (tmp_path / "restored").mkdir()
    shutil.copy(backup, tmp_path / "restored" / "runfolio.db")
    store = open_store(tmp_path / "restored")
    assert [e.name for e in experiments.list_experiments(store)] == ["old"]
    store.close()


def test_an_update_that_fails_leaves_the_older_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = store_of_format(tmp_path / "store", "0001")
    with sqlite3.connect(folder / "runfolio.db") as connection:
        connection.execute("CREATE TABLE artifacts (in_the_way TEXT)")
    connection.close()
    with pytest.raises(StoreError):
        open_store(folder)
    assert dialect.read_header(folder / "runfolio.db").schema_version == 1
    with sqlite3.connect(folder / "runfolio.db") as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
        connection.execute("DROP TABLE artifacts")
    connection.close()
    store = open_store(folder)
    assert [e.name for e in experiments.list_experiments(store)] == ["old"]
    store.close()


def test_an_older_store_for_reading_only_is_refused(tmp_path: Path) -> None:
    folder = store_of_format(tmp_path / "store", "0001")
    before = tree(folder)
    with pytest.raises(StoreReadOnly, match="older format"):
        open_store(folder, read_only=True)
    assert tree(folder) == before


def test_a_store_that_another_process_updates_for_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = store_of_format(tmp_path / "store", "0001")
    impatient: Callable[..., object] = lambda path: locked(path, timeout=0.0)  # noqa: E731
    locked = locks.locked
    monkeypatch.setattr(locks, "locked", impatient)
    with locked(folder / ".lock"), pytest.raises(StoreBusy, match="being updated"):
        open_store(folder)


def test_a_store_opened_for_reading_refuses_changes(tmp_path: Path) -> None:
    store = open_store(filled(tmp_path / "store"), read_only=True)
    assert store.read_only
    assert_filled(store)
    with pytest.raises(StoreReadOnly):
        experiments.get_or_create(store, "new")
    store.close()


@pytest.mark.faults
@pytest.mark.parametrize("left_open", [False, True])
def test_a_read_only_file_system(tmp_path: Path, left_open: bool) -> None:
    with mounted("tmpfs", tmp_path / "disk", "size=8m") as disk:
        folder = filled(disk / "store")
        (disk / "empty").mkdir()
        if left_open:
            # As a copy of a store in use: its log has not been brought into the database file.
            writer = open_store(folder)
            experiments.get_or_create(writer, "second")
            for name in ("runfolio.db", "runfolio.db-wal"):
                shutil.copy(folder / name, disk / name)
            writer.close()
            for name in ("runfolio.db", "runfolio.db-wal"):
                shutil.move(disk / name, folder / name)
        old = store_of_format(disk / "old", "0001")
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        before = tree(disk)
        store = open_store(folder)
        assert store.read_only
        assert_filled(store)
        watch = Watch(store)
        assert not watch.poll()
        watch.close()
        with pytest.raises(StoreReadOnly):
            experiments.get_or_create(store, "new")
        store.close()
        assert_refused(disk / "empty", StoreReadOnly, "No store can be made")
        assert_refused(old, StoreReadOnly, "older format")
        assert tree(disk) == before


def opened_when_there_is_room(disk: Path, folder: Path, room: int) -> int:
    """How often opening a store on a disk of four megabytes was refused, with more room each time from so much on."""
    ballast, refused = disk / "ballast", 0
    ballast.write_bytes(bytes((4 << 20) - used(disk) - room))
    while True:
        try:
            open_store(folder).close()
        except StoreError as error:
            assert type(error) is StoreError and "is full" in str(error)
        else:
            ballast.unlink()
            return refused
        os.truncate(ballast, ballast.stat().st_size - 8192)
        refused += 1


def used(disk: Path) -> int:
    """Bytes that are taken."""
    found = os.statvfs(disk)
    return (found.f_blocks - found.f_bfree) * found.f_frsize


@pytest.mark.faults
def test_a_new_store_on_a_full_disk_says_so_until_there_is_room(tmp_path: Path) -> None:
    with mounted("tmpfs", tmp_path / "disk", "size=4m") as disk:
        assert opened_when_there_is_room(disk, disk / "store", room=0) > 3
        assert_filled_anew(disk / "store")


@pytest.mark.faults
def test_an_old_store_on_a_full_disk_says_so_until_there_is_room(tmp_path: Path) -> None:
    with mounted("tmpfs", tmp_path / "disk", "size=4m") as disk:
        folder = store_of_format(disk / "store", "0001")
        assert opened_when_there_is_room(disk, folder, room=16384) > 3
        store = open_store(folder)
        assert [e.name for e in experiments.list_experiments(store)] == ["old"]
        store.close()
        assert len([*(folder / "backups").iterdir()]) == 1  # of tries that failed nothing is left


def assert_filled_anew(folder: Path) -> None:
    """The store takes what is written to it."""
    store = open_store(folder)
    experiments.get_or_create(store, "new")
    assert "new" in [experiment.name for experiment in experiments.list_experiments(store)]
    store.close()


OPENER = """
import sys
import threading
from runfolio.store import experiments, open_store
print("ready", flush=True)
sys.stdin.readline()
store = open_store(sys.argv[1])
experiments.get_or_create(store, "common")
experiments.get_or_create(store, sys.argv[2])
store.close()
"""


@pytest.mark.faults
def test_eight_processes_make_one_store(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", OPENER, str(folder), f"e{number}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(8)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    errors = [process.communicate(timeout=60)[1] for process in processes]
    assert errors == [""] * 8
    store = open_store(folder)
    found = experiments.list_experiments(store)
    assert [e.name for e in found] == ["common", *(f"e{number}" for number in range(8))]
    assert len({e.id for e in found}) == 9
    assert not (folder / "backups").exists()
    store.close()


def test_one_that_is_just_being_made_is_waited_for(tmp_path: Path) -> None:
    """Its first page may be on the disk before the others: it is not taken for damaged."""
    folder = tmp_path / "store"
    open_store(folder).close()
    database = folder / "runfolio.db"
    whole = database.read_bytes()
    with locks.locked(folder / ".lock") as held:
        assert held
        database.write_bytes(whole[:4096])
        found: list[Store] = []
        opening = threading.Thread(target=lambda: found.append(open_store(folder)))
        opening.start()
        opening.join(0.3)
        assert not found, "it waits for who makes it"
        with database.open("r+b") as file:
            file.write(whole)
    opening.join()
    found[0].close()
