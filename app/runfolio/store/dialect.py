"""Everything that is SQLite's own: connections, locking, upserts, the header. The rest of `store` is portable."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Engine,
    ExceptionContext,
    Float,
    FromClause,
    Integer,
    Select,
    String,
    Table,
    bindparam,
    create_engine,
    event,
    func,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.dialects.sqlite.dml import Insert
from sqlalchemy.exc import DBAPIError

from runfolio.core.errors import StoreBusy, StoreDamaged, StoreError, StoreReadOnly
from runfolio.core.file_kinds import kind_of_file
from runfolio.core.filter.parse import too_slow
from runfolio.core.folder import BACKUPS, DATABASE
from runfolio.core.patterns import TimedSearch
from runfolio.core.rules import exact_number, param_number
from runfolio.store.held import beside
from runfolio.store.points_at import LatestAt

APPLICATION_ID = int.from_bytes(b"Rfol", "big")
BUSY_TIMEOUT_MS = 5000
MAGIC = b"SQLite format 3\0"
_OF_HEADER = "application_id", "user_version"
# The second is that of the index of the log, a file of its own.
_NO_ROOM = sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE
# What a connection looks for regular expressions with.
_SEARCH = "search"


@dataclass(frozen=True, slots=True)
class Header:
    """What the first 100 bytes of the file say (https://sqlite.org/fileformat.html, section 1.3)."""

    is_sqlite: bool
    application_id: int
    schema_version: int


def read_header(path: Path) -> Header:
    """Read the header without SQLite, which might touch the file; of one that is open here, with it (see `held`)."""
    with beside(path) as free:
        if not free:
            return header_with_log(path)
        with path.open("rb") as file:
            data = file.read(100)
    if len(data) < 100 or not data.startswith(MAGIC):
        return Header(False, 0, 0)
    return Header(True, int.from_bytes(data[68:72], "big"), int.from_bytes(data[60:64], "big"))


def header_with_log(path: Path) -> Header:
    """The header as SQLite finds it, who may have written the present one to its log only."""
    connection = sqlite3.connect(f"file:{quote(str(path))}?{_mode(True, False)}", uri=True)
    try:
        found = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in _OF_HEADER)
        return Header(True, *found)
    except sqlite3.DatabaseError:
        return Header(False, 0, 0)
    finally:
        connection.close()


def is_writable(path: Path) -> bool:
    """Whether a database may be written."""
    with beside(path) as free:
        if not free:
            return os.access(path, os.W_OK)
        try:
            with path.open("r+b"):
                return True
        except OSError:
            return False


def engine(path: Path, *, read_only: bool = False, immutable: bool = False) -> Engine:
    """An engine on the database file; `immutable` for media where SQLite can make no files beside it."""
    # The path is quoted, not str(path): a '?' or '%' in a folder's name would otherwise end the URI's path.
    uri = f"file:{quote(str(path))}?{_mode(read_only, immutable)}"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            uri, uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_TIMEOUT_MS / 1000
        )
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA case_sensitive_like=ON")
        connection.create_function("lower_of_any_script", 1, str.lower, deterministic=True)
        connection.create_function("kind_of_file", 1, kind_of_file, deterministic=True)
        connection.create_function("number_of", 1, param_number, deterministic=True)
        connection.create_function("is_number_of", 2, _is_number_of, deterministic=True)
        connection.create_aggregate("value_at", 3, LatestAt)  # type: ignore[arg-type]
        if not read_only:
            connection.execute("PRAGMA journal_mode=WAL")  # who made the store may not have come so far
            connection.execute("PRAGMA synchronous=NORMAL")
        return connection

    result = create_engine("sqlite://", creator=connect, pool_size=8, max_overflow=8, poolclass=_pool_class())
    result.dialect.statement_compiler = _Compiler
    event.listen(result, "connect", _give_search)
    event.listen(result, "begin", _begin)
    event.listen(result, "handle_error", _let_go)
    return result


class _Compiler(SQLiteCompiler):
    """SQLAlchemy writes hints for other databases only."""

    def get_from_hint_text(self, _table: FromClause, text: str | None) -> str | None:
        """What follows a table's name."""
        return text


def _mode(read_only: bool, immutable: bool) -> str:
    return ("mode=ro" + ("&immutable=1" if immutable else "")) if read_only else "mode=rwc"


def is_readable(path: Path) -> bool:
    """Whether a database can be read, found out without a trace: opening a damaged one leaves files beside it.

    One with a log beside it is in use, or to be repaired by SQLite: only opening it can tell.
    """
    with beside(path) as free:
        return not free or _is_sound(path)


def _is_sound(path: Path) -> bool:
    if path.with_name(f"{path.name}-wal").exists():
        return True
    if _is_cut_off(path):
        return False
    connection = sqlite3.connect(f"file:{quote(str(path))}?{_mode(True, True)}", uri=True)
    try:
        connection.execute("SELECT value FROM counters").fetchall()
    except sqlite3.DatabaseError:
        return False
    finally:
        connection.close()
    return True


def _is_cut_off(path: Path) -> bool:
    """Whether pages are missing at the end. SQLite takes what is missing of the last one for zeros."""
    with path.open("rb") as file:
        data = file.read(100)
    page = int.from_bytes(data[16:18], "big")
    pages, valid = int.from_bytes(data[28:32], "big"), data[24:28] == data[92:96]
    return valid and path.stat().st_size < pages * (65536 if page == 1 else page)


def _pool_class() -> Any:
    from sqlalchemy.pool import QueuePool

    return QueuePool


def _give_search(connection: Any, record: Any) -> None:
    search = record.info[_SEARCH] = TimedSearch()
    connection.create_function("matches", 2, search.found, deterministic=True)


def _begin(connection: Connection) -> None:
    # IMMEDIATE: a transaction that reads first and writes later would otherwise fail when another one wrote between.
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _let_go(context: ExceptionContext) -> None:
    """A connection that was made while a file could not be written stays so when it can be: let go of them all."""
    code = getattr(context.original_exception, "sqlite_errorcode", 0)
    context.is_disconnect = code & 0xFF == sqlite3.SQLITE_READONLY


def prepare_new(connection: Connection) -> None:
    """Mark a new database as ours."""
    connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")


def set_schema_version(connection: Connection, number: int) -> None:
    """Note the version in the header, where `read_header` finds it."""
    connection.exec_driver_sql(f"PRAGMA user_version={number:d}")


def script_of(path: Path) -> str:
    """What makes an empty file a database like this one, with all its rows; in one transaction."""
    connection = sqlite3.connect(f"file:{quote(str(path))}?{_mode(True, False)}", uri=True)
    try:
        lines = [f"PRAGMA {name}={connection.execute(f'PRAGMA {name}').fetchone()[0]};" for name in _OF_HEADER]
        made = connection.execute("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'").fetchall()
        for kind in ("table", "index", "trigger"):
            lines += [f"{sql};" for one, _, sql in made if one == kind]
        for kind, name, _ in made:
            lines += _rows_as_script(connection, name) if kind == "table" else []
    finally:
        connection.close()
    return "\n".join(["BEGIN IMMEDIATE;", *lines, "COMMIT;", ""])


def _rows_as_script(connection: sqlite3.Connection, table: str) -> list[str]:
    names = [column[1] for column in connection.execute(f"PRAGMA table_info({table})")]
    values = " || ', ' || ".join(f"quote({name})" for name in names)
    return [f"INSERT INTO {table} VALUES ({row});" for (row,) in connection.execute(f"SELECT {values} FROM {table}")]


def execute_script(path: Path, script: str) -> None:
    """Run a script of `script_of`; of one that fails nothing stays."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_TIMEOUT_MS / 1000)
    try:
        connection.executescript(script)
    finally:
        connection.close()


def to_wal(path: Path) -> None:
    """Readers never block the writer from now on; flushes the header to the main file. Nobody else may have it open."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=WAL").fetchall()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        connection.close()


def backup(source: Path, target: Path) -> None:
    """Copy a database that may be in use, with SQLite's online backup."""
    original = sqlite3.connect(f"file:{quote(str(source))}?mode=ro", uri=True)
    copy = sqlite3.connect(target)
    try:
        original.backup(copy)
    finally:
        copy.close()
        original.close()


class VersionProbe:
    """Tells whether any other connection has committed, in microseconds. For one thread.

    The connection stays idle: inside an open read transaction `PRAGMA data_version` would not move.
    """

    def __init__(self, path: Path, *, immutable: bool = False) -> None:
        uri = f"file:{quote(str(path))}?{_mode(True, immutable)}"
        self._connection = sqlite3.connect(uri, uri=True, isolation_level=None)
        self._seen = self._version()

    def moved(self) -> bool:
        """True when something was committed since the last call."""
        version = self._version()
        moved, self._seen = version != self._seen, version
        return moved

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])


def lower_of_any_script(text: ColumnElement[str]) -> ColumnElement[str]:
    """A text in lower case; SQLite's own LOWER knows only ASCII, and is faster."""
    return func.lower_of_any_script(text, type_=String())


def occurs(word: str | ColumnElement[str], text: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a word occurs in a text, letter by letter; faster than LIKE, and nothing in it has a meaning."""
    return func.instr(text, word, type_=Integer()) > 0


def matches(text: ColumnElement[str], pattern: str) -> ColumnElement[bool]:
    """Whether a regular expression, in Python's spelling, is found in a text."""
    return func.matches(text, pattern, type_=Boolean())


@contextmanager
def in_time(connection: Connection, filter: str) -> Iterator[None]:
    """Ask what a filter says; its regular expressions are looked for no longer than they may.

    Raises:
        FilterError: one of them takes too long.
    """
    search: TimedSearch = connection.info[_SEARCH]
    search.start()
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        if not search.too_slow:
            raise
        raise too_slow(filter, search.too_slow) from error


def number_of(text: ColumnElement[str]) -> ColumnElement[float]:
    """A text as a finite number, as params are; NULL of one that is none."""
    return func.number_of(text, type_=Float())


def is_number_of(text: ColumnElement[str], numbers: Sequence[float], among: bool) -> ColumnElement[bool]:
    """Whether a text is a number, to the last digit, that is among some, or is none of them; NaN is equal to itself."""
    found = func.is_number_of(text, json.dumps(numbers), type_=Integer())
    return func.coalesce(found, -1) == int(among)


def _is_number_of(text: str | None, numbers: str) -> bool | None:
    own = None if text is None else exact_number(text)
    if own is None or own != own:
        return None if own is None else any(one != one for one in _numbers(numbers))
    return own in _numbers(numbers)


@lru_cache(16)
def _numbers(listed: str) -> frozenset[float]:
    return frozenset(json.loads(listed))


def value_at(start: ColumnElement[int], data: ColumnElement[Any], step: int) -> ColumnElement[Any]:
    """Of a group of chunks the latest value at a step: NULL without a point there, the text `nan` for a NaN."""
    return func.value_at(start, data, step, type_=Float())


def as_one_text(numbers: ColumnElement[int]) -> ColumnElement[str]:
    """The whole numbers of all rows, with commas between them; SQLite writes them sooner than it casts them."""
    return func.aggregate_strings(type_coerce(numbers, String()), ",")


def among(column: ColumnElement[int], numbers: Iterable[int]) -> ColumnElement[bool]:
    """Whether a column holds one of these numbers, of which there may be millions: they go as one value."""
    return _among(column, as_list(numbers))


def among_given(column: ColumnElement[int], name: str) -> ColumnElement[bool]:
    """The same of a statement that is made once: each time, `as_list` of the numbers is given by this name."""
    return _among(column, bindparam(name, type_=String()))


def as_list(numbers: Iterable[int]) -> str:
    """Numbers as one value."""
    return json.dumps([*numbers])


def _among(column: ColumnElement[int], numbers: str | ColumnElement[str]) -> ColumnElement[bool]:
    listed = func.json_each(numbers).table_valued("value")
    return column.in_(select(listed.c.value))


def pairs_among(
    columns: tuple[ColumnElement[int], ColumnElement[int]], pairs: Iterable[tuple[int, int]]
) -> ColumnElement[bool]:
    """Whether two columns hold one of these pairs of numbers, of which there may be many."""
    listed = func.json_each(json.dumps([*pairs])).table_valued("value")
    first, second = (func.json_extract(listed.c.value, f"$[{at}]") for at in (0, 1))
    return tuple_(*columns).in_(select(first, second))


def by_index(query: Select[Any], table: FromClause, name: str) -> Select[Any]:
    """A query that reads a table in the order of an index, which the database would not see is the best."""
    return query.with_hint(table, f"INDEXED BY {name}", "sqlite")


def by_row(query: Select[Any], table: Table) -> Select[Any]:
    """A query that finds a table's rows by their numbers or one after another, though there is an index."""
    return query.with_hint(table, "NOT INDEXED", "sqlite")


def real(value: float) -> float | None:
    """A float for a column: SQLite keeps NaN as NULL."""
    return None if value != value else value


@cache
def insert_or_ignore(table: Table) -> Insert:
    """INSERT that leaves an existing row alone."""
    return insert(table).on_conflict_do_nothing()


@cache
def insert_or_update(table: Table) -> Insert:
    """INSERT that overwrites all columns but the key of an existing row."""
    statement = insert(table)
    key = [column.name for column in table.primary_key]
    names = [c.name for c in table.columns if c.name not in key]
    return statement.on_conflict_do_update(index_elements=key, set_={n: statement.excluded[n] for n in names})


@contextmanager
def translating(folder: Path, *, writing: bool = False) -> Iterator[None]:
    """Turn the database's errors into the user's, with or without SQLAlchemy; what is none of his passes as it is."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        known = _translated(error, folder)
        # A file that may not be written any more answers like a disk that is gone.
        if writing and type(known) is StoreError and is_closed(folder):
            known = unwritable(folder)
        if known is None:
            raise
        raise known from error


@contextmanager
def translating_all(folder: Path) -> Iterator[None]:
    """The same while a database is opened: what is wrong with it then and has no other name is damage."""
    try:
        with translating(folder):
            yield
    except (DBAPIError, sqlite3.Error) as error:
        raise damaged(folder, f"cannot be read: {_of_sqlite(error)}") from error


def damaged(folder: Path, what: str = "is damaged") -> StoreDamaged:
    """The error that says so, and where help may be."""
    return StoreDamaged(f"The database of {folder} {what}.", f"Earlier copies may be in {folder / BACKUPS}.")


def unwritable(folder: Path) -> StoreReadOnly:
    """The error of a store that can be read and not written."""
    hint = "Check the folder's permissions, and whether its disk is read-only; then try again."
    return StoreReadOnly(f"Nothing can be saved: the store {folder} cannot be written.", hint)


def is_closed(folder: Path) -> bool:
    """Whether somebody may not write a store, or something that it consists of."""
    files = folder, folder / DATABASE, folder / f"{DATABASE}-wal"
    return any(file.exists() and not os.access(file, os.W_OK) for file in files)


def _of_sqlite(error: DBAPIError | sqlite3.Error) -> BaseException | None:
    """What SQLite itself has raised."""
    return error.orig if isinstance(error, DBAPIError) else error


def _translated(error: DBAPIError | sqlite3.Error, path: Path) -> StoreError | None:
    """The user's view of a database error, or None when it is a bug of ours."""
    if str(found := _of_sqlite(error)).startswith("Could not decode to UTF-8"):  # Python's own, without a code
        return damaged(path, "is damaged: a text in it is none")
    # The lowest byte is the kind of the error (sqlite.org/rescode.html); messages may change and name anything.
    code = getattr(found, "sqlite_errorcode", 0)
    match code & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED | sqlite3.SQLITE_PROTOCOL:
            return StoreBusy(f"The store {path} is busy.", "Another process has been writing for seconds; try again.")
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return damaged(path)
        case sqlite3.SQLITE_READONLY:
            return unwritable(path)
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR if code in _NO_ROOM:
            hint = "Free some space; nothing that was logged is lost."
            return StoreError(f"The disk that holds {path} is full.", hint)
        case sqlite3.SQLITE_IOERR | sqlite3.SQLITE_CANTOPEN:
            return StoreError(f"The database of {path} cannot be reached.", "Is the disk still there?")
    return None


#: The library below all this, with its version.
VERSION = f"SQLite {sqlite3.sqlite_version}"


def integrity(connection: Connection) -> list[str]:
    """What SQLite finds wrong with the database; nothing if it is whole."""
    found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    return [] if list(found) == ["ok"] else [str(line) for line in found]


def shrink(path: Path) -> None:
    """Give the room of removed rows back to the disk, unless somebody else is using the database."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=0.1)
    try:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.OperationalError:  # busy, or no room for the copy that it needs: the next rows take the old room
        pass
    finally:
        connection.close()
