"""Saved views: ways of looking at the runs that were given a name, and changes to them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from sqlalchemy import delete, insert, select, update

from runfolio.core.clock import now_ms
from runfolio.core.errors import AlreadyExists, NotFound
from runfolio.core.saved_views import view_name
from runfolio.store.connection import Store, Transaction, note_looks
from runfolio.store.operations import Operation, Outcome, moved_on
from runfolio.store.schema import views


@dataclass(frozen=True, slots=True)
class StoredView:
    """A view as the store keeps it; `core.saved_views` reads its text. Times are epoch milliseconds."""

    id: int
    name: str
    text: str
    creation_time: int
    last_update_time: int


def list_views(store: Store) -> list[StoredView]:
    """All saved views in the order of their names."""
    with store.reading() as connection:
        found = [StoredView(*row) for row in connection.execute(select(views))]
    return sorted(found, key=lambda view: (view.name.casefold(), view.name))


def create_view(store: Store, name: str, text: str) -> Outcome:
    """Keep a view. Raises InvalidValue, AlreadyExists."""
    now = now_ms()
    return _put(store, {"name": view_name(name), "text": text, "creation_time": now, "last_update_time": now}, "Saved")


def rename_view(store: Store, number: int, name: str) -> Outcome:
    """Give a view another name. Raises InvalidValue, AlreadyExists, NotFound."""
    return _change(store, number, {"name": view_name(name)}, "Renamed")


def update_view(store: Store, number: int, text: str) -> Outcome:
    """Have a view say something else. Raises NotFound."""
    return _change(store, number, {"text": text}, "Updated")


def delete_view(store: Store, number: int) -> Outcome:
    """Keep a view no longer. Raises NotFound."""
    with store.writing() as transaction:
        return _remove(transaction, _view(transaction, number))


def _put(store: Store, row: dict[str, Any], done: str) -> Outcome:
    """A new view, or one that was deleted, with its number."""
    with store.writing() as transaction:
        _check_free(transaction, row["name"])
        # Not the number after the greatest: the view that had it may have been deleted, and come back with undo.
        number = row.get("id", transaction.revision)
        if transaction.connection.execute(select(views.c.id).where(views.c.id == number)).scalar() is not None:
            raise moved_on(f"Another view has the place of {row['name']} now.")
        transaction.connection.execute(insert(views).values({**row, "id": number}))
        stored = _view(transaction, number)
        return _outcome(transaction, f"{done} the view {stored.name}", partial(_take_back, expected=stored))


def _take_back(store: Store, expected: StoredView) -> Outcome:
    with store.writing() as transaction:
        _check_same(transaction, expected)
        return _remove(transaction, expected)


def _remove(transaction: Transaction, stored: StoredView) -> Outcome:
    transaction.connection.execute(delete(views).where(views.c.id == stored.id))
    again = partial(_put, row=asdict(stored), done="Brought back")
    return _outcome(transaction, f"Deleted the view {stored.name}", again)


def _change(
    store: Store,
    number: int,
    values: dict[str, Any],
    done: str,
    expected: StoredView | None = None,
    undone: str = "Put back",
) -> Outcome:
    """`done` and `undone` are what is told of this and of its inverse."""
    with store.writing() as transaction:
        if expected is not None:
            _check_same(transaction, expected)
        old = _view(transaction, number)
        if values.get("name", old.name) != old.name:
            _check_free(transaction, values["name"])
        row = {"last_update_time": now_ms(), **values}
        transaction.connection.execute(update(views).where(views.c.id == number).values(row))
        before = {name: value for name, value in asdict(old).items() if name in row}
        now = _view(transaction, number)
        back = partial(_change, number=number, values=before, done=undone, expected=now, undone=done)
        to = f" to {values['name']}" if done == "Renamed" else ""
        return _outcome(transaction, f"{done} the view {old.name}{to}", back)


def _outcome(transaction: Transaction, text: str, inverse: Operation) -> Outcome:
    note_looks(transaction)
    return Outcome(text, inverse)


def _view(transaction: Transaction, number: int) -> StoredView:
    found = transaction.connection.execute(select(views).where(views.c.id == number)).one_or_none()
    if found is None:
        raise NotFound("This saved view is not there any more.")
    return StoredView(*found)


def _check_same(transaction: Transaction, expected: StoredView) -> None:
    if _view(transaction, expected.id) != expected:
        raise moved_on(f"The view {expected.name} has been changed since.")


def _check_free(transaction: Transaction, name: str) -> None:
    if transaction.connection.execute(select(views.c.id).where(views.c.name == name)).scalar() is not None:
        raise AlreadyExists(f"There is already a view {name!r}.", "Choose another name, or update that one.")
