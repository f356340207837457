"""An open store and its transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, bindparam, select, update
from sqlalchemy.exc import DBAPIError

from runfolio.core.errors import StoreGone, StoreReadOnly
from runfolio.core.folder import DATABASE
from runfolio.store import dialect, held
from runfolio.store.kept import Kept
from runfolio.store.schema import counters
from runfolio.store.stopping import watching

# The counter that holds the revision of the last removal.
REMOVED = "removed"
# And that of the last change to saved views, or to the colours of runs.
LOOKS = "looks"
# And that of the last change to the registry.
REGISTRY = "registry"
# And that of the last change to the queue of jobs, to sweeps and to the list of projects.
QUEUE = "queue"
# Made once, for it is asked very often.
NOTED = select(counters.c.value).where(counters.c.name == bindparam("counter"))


@dataclass(frozen=True, slots=True)
class Transaction:
    """A write under way: everything it changes is stamped with its revision."""

    connection: Connection
    revision: int


class Store:
    """A store that is open; may be used from any thread. `open_store` makes one.

    Attributes:
        path: the folder.
        read_only: True when nothing can be written.
        immutable: True when nobody can write, because the medium is read-only.
        kept: what was read last.
    """

    def __init__(self, path: Path, engine: Engine, *, read_only: bool, immutable: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        self.immutable = immutable
        self.kept = Kept()
        self._engine = engine
        self._identity = held.file_id(self.database)
        self._held = not immutable
        if self._held:
            held.hold(self._identity)

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.path.name

    @property
    def database(self) -> Path:
        """The database file."""
        return self.path / DATABASE

    def size(self) -> int:
        """Bytes of the database. Raises StoreGone if it is not there any more."""
        try:
            return self.database.stat().st_size
        except OSError as error:
            raise self._gone() from error

    def check_present(self) -> None:
        """Look whether the folder still holds the database that was opened: SQLite itself reads on in a deleted one.

        Raises:
            StoreGone: it does not.
        """
        if not self.is_present():
            raise self._gone()

    def _gone(self) -> StoreGone:
        return StoreGone(f"The store {self.path} is gone.", "It was deleted, moved or replaced. Open it again.")

    def is_present(self) -> bool:
        """Whether the folder still holds the database that was opened."""
        return held.file_id(self.database) == self._identity

    def check_writable(self) -> None:
        """Look whether something can be saved. Raises StoreReadOnly, with the reason, if not."""
        self._check_opened_to_write()
        if dialect.is_closed(self.path):
            raise dialect.unwritable(self.path)

    def _check_opened_to_write(self) -> None:
        if self.read_only:
            raise StoreReadOnly(f"The store {self.path} was opened read-only.", "Copy it to change it.")

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()
        if self._held:
            self._held = False
            held.release(self._identity)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection with one consistent view of the data. Keep it short.

        Raises:
            StoreError: the database does not answer.
            Stopped: nobody waits for what is read here any more.
        """
        with dialect.translating(self.path), self._engine.connect() as connection, watching(connection):
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """A transaction; committed at the end, rolled back by an exception.

        Raises:
            StoreReadOnly, StoreBusy, StoreDamaged, StoreError: the transaction did not take place.
            StoreGone: nor did it, or what it has written is where nobody will find it.
        """
        self._check_opened_to_write()
        self.check_present()
        with dialect.translating(self.path, writing=True), ExitStack() as begun:
            connection = self._begin(begun)
            yield Transaction(connection, _next_revision(connection))
        self.check_present()

    def _begin(self, begun: ExitStack) -> Connection:
        """A transaction to write in; where a connection of before may not, one that is made afresh may."""
        try:
            return begun.enter_context(self._transaction())
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
        return begun.enter_context(self._transaction())

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self._engine.connect() as plain:
            connection = plain.execution_options(writing=True)
            with connection.begin():
                yield connection


def revision_of(connection: Connection) -> int:
    """The number of the last transaction."""
    return int(connection.execute(select(counters.c.value).where(counters.c.name == "revision")).scalar_one())


def note_removal(transaction: Transaction) -> None:
    """Have everybody know that something is gone for good, which no row can tell any more."""
    _note(transaction, REMOVED)


def note_looks(transaction: Transaction) -> None:
    """Have everybody read the saved views and the colours of runs again, of which there are few."""
    _note(transaction, LOOKS)


def note_registry(transaction: Transaction) -> None:
    """Have everybody know that the registry has changed."""
    _note(transaction, REGISTRY)


def note_queue(transaction: Transaction) -> None:
    """Have everybody know that jobs, sweeps or the list of projects have changed."""
    _note(transaction, QUEUE)


def last_queue(connection: Connection) -> int:
    """The revision at which jobs, sweeps or the list of projects were last changed."""
    return _noted(connection, QUEUE)


def last_registry(connection: Connection) -> int:
    """The revision at which the registry was last changed."""
    return _noted(connection, REGISTRY)


def last_removal(connection: Connection) -> int:
    """The revision at which something was last removed for good."""
    return _noted(connection, REMOVED)


def last_looks(connection: Connection) -> int:
    """The revision at which a saved view or a run's colour was last changed."""
    return _noted(connection, LOOKS)


def _note(transaction: Transaction, name: str) -> None:
    row = {"name": name, "value": transaction.revision}
    transaction.connection.execute(dialect.insert_or_update(counters), [row])


def _noted(connection: Connection, name: str) -> int:
    return int(connection.execute(NOTED, {"counter": name}).scalar() or 0)


def _next_revision(connection: Connection) -> int:
    connection.execute(update(counters).where(counters.c.name == "revision").values(value=counters.c.value + 1))
    return revision_of(connection)
