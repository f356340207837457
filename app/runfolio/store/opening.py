"""Opening a store: telling it from other folders, making it, bringing it up to date, refusing with a reason."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from runfolio.core.errors import NotAStore, NotFound, StoreBusy, StoreError, StoreReadOnly, StoreTooNew
from runfolio.core.folder import ARTIFACTS, BACKUPS, DATABASE, JOURNAL, LOCK, check_folder
from runfolio.core.paths import store_path
from runfolio.journal import locks
from runfolio.journal.read import journals
from runfolio.store import dialect, new_store
from runfolio.store.connection import Store, revision_of

SCHEMA_VERSION = 16


def open_store(path: str | os.PathLike[str] | None = None, *, create: bool = True, read_only: bool = False) -> Store:
    """Open the store in a folder (see `core.paths.store_path` for which), making or updating it where needed.

    Raises:
        NotFound: there is none and `create` is False.
        NotAStore, StoreTooNew, StoreDamaged, StoreReadOnly, StoreBusy: see `core.errors`; nothing was touched.
    """
    folder = store_path(path)
    version = version_of(folder)
    if version is None and not create:
        check_there(folder)
    read_only = read_only or not _writable(folder)
    if version != SCHEMA_VERSION:
        if read_only:
            raise _cannot_prepare(folder, version)
        _prepare(folder)
    return _connected(folder, read_only)


def is_there(folder: Path) -> bool:
    """Whether there is a store in a folder. Raises NotAStore, StoreTooNew, StoreDamaged, as `version_of` does.

    A process may have been killed between its first call and the making of the tables: its journal waits.
    """
    return version_of(folder) is not None or any(journals(folder / JOURNAL))


def check_there(folder: Path) -> None:
    """Raise NotFound if there is no store in a folder; StoreError if it holds something else."""
    if not is_there(folder):
        raise NotFound(f"There is no store in {folder}.", "Give the folder with --store, or log a first run.")


def version_of(folder: Path) -> int | None:
    """The schema version of the store in a folder; None if a new store may be made there.

    Raises:
        NotAStore, StoreTooNew, StoreDamaged: it holds something else; reading its header changed nothing.
    """
    if not check_folder(folder):
        return None
    database = folder / DATABASE
    header = dialect.read_header(database)
    if not header.is_sqlite:
        if database.stat().st_size == 0:
            return None  # another process is just making it, or was stopped before its first write
        raise dialect.damaged(folder, "is not a database")
    if header.application_id != dialect.APPLICATION_ID:
        raise NotAStore(f"{database} belongs to another program.", "Give a new or an empty folder.")
    if header.schema_version > SCHEMA_VERSION:
        raise StoreTooNew(
            f"The store {folder} was written by a newer Runfolio (format {header.schema_version}, "
            f"this one knows {SCHEMA_VERSION}).",
            "Upgrade with: pip install --upgrade runfolio",
        )
    return header.schema_version


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / LOCK).open("ab"):
            pass
    except OSError:
        return False
    return not (folder / DATABASE).exists() or dialect.is_writable(folder / DATABASE)


def _cannot_prepare(folder: Path, version: int | None) -> StoreReadOnly:
    if version is None:
        return StoreReadOnly(f"No store can be made in {folder}: it cannot be written.", "Choose another folder.")
    return StoreReadOnly(
        f"The store {folder} is of an older format and cannot be written, so it cannot be updated.",
        "Copy it to a folder you may write and open the copy.",
    )


def _prepare(folder: Path) -> None:
    """Make or update the database; one process does it, the others wait for it."""
    with locks.locked(folder / LOCK) as held:
        if not held:
            raise StoreBusy(f"The store {folder} is being updated by another process.", "Try again in a minute.")
        database = folder / DATABASE
        version = version_of(folder)
        if version == SCHEMA_VERSION:
            return
        for name in (JOURNAL, ARTIFACTS):
            (folder / name).mkdir(exist_ok=True)
        with dialect.translating_all(folder), _copied(database, version):
            _make_tables(database, version)


@contextmanager
def _copied(database: Path, version: int | None) -> Iterator[None]:
    """Keep a copy of an older database, unless it cannot be updated and is what it was."""
    if not version:
        yield
        return
    backups = database.parent / BACKUPS
    backups.mkdir(exist_ok=True)
    copy = backups / f"format{version}-{time.strftime('%Y%m%d-%H%M%S')}.db"
    try:
        dialect.backup(database, copy)
        yield
    except BaseException:
        if _is_still(database, version):
            for file in backups.glob(f"{copy.name}*"):
                file.unlink()
        raise


def _is_still(database: Path, version: int) -> bool:
    """Whether a database is of that version, of which all of an update is in the log or nothing.

    On a full disk there may be no room for the index of the log: then the file alone is asked.
    """
    found = dialect.header_with_log(database)
    return (found if found.is_sqlite else dialect.read_header(database)).schema_version == version


def _make_tables(database: Path, version: int | None) -> None:
    if version is None:
        new_store.create(database)
    else:
        from runfolio.store import migrate

        migrate.upgrade(database)


def _connected(folder: Path, read_only: bool) -> Store:
    database = folder / DATABASE
    if not _is_readable(folder, read_only):
        raise dialect.damaged(folder)
    store = Store(folder, dialect.engine(database, read_only=read_only), read_only=read_only)
    if read_only and not _answers(store):
        # A write-ahead log needs files beside the database; where none can be made the file cannot change either.
        store.close()
        engine = dialect.engine(database, read_only=True, immutable=True)
        store = Store(folder, engine, read_only=True, immutable=True)
    try:
        with dialect.translating_all(folder):
            _probe(store)
    except BaseException:
        store.close()
        raise
    return store


def _is_readable(folder: Path, read_only: bool) -> bool:
    """Whether the database can be read. Who may just be making it, whose first pages can be there before the others,
    is waited for; and it is asked twice, for another process may have written between the pages of a look."""
    database = folder / DATABASE
    if dialect.is_readable(database):
        return True
    if not read_only:
        with locks.locked(folder / LOCK):
            pass
    return dialect.is_readable(database) or dialect.is_readable(database)


def _answers(store: Store) -> bool:
    try:
        _probe(store)
    except (StoreError, DBAPIError):  # leads to the stricter way of opening, whose own failure is reported
        return False
    return True


def _probe(store: Store) -> None:
    with store.reading() as connection:
        revision_of(connection)
