"""The list of projects: those that are pinned, and those that were run of late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update

from runfolio.core import rules
from runfolio.core.clock import now_ms
from runfolio.core.errors import InvalidValue, NotFound
from runfolio.store.connection import Store, Transaction, note_queue
from runfolio.store.operations import Outcome, moved_on, short
from runfolio.store.projects.tables import projects

#: Of those that are not pinned, the list keeps so many.
KEPT = 50
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class ListedProject:
    """A project in the list.

    Attributes:
        uri: as it was given: a folder, a zip file or a git address.
        used_time: when it was run last, or put into the list; epoch milliseconds.
    """

    id: int
    uri: str
    title: str
    pinned: bool
    used_time: int


def list_projects(store: Store) -> list[ListedProject]:
    """Those that are pinned, by their titles; then the others, the one used last first."""
    names = tuple(projects.c[name] for name in ListedProject.__dataclass_fields__)
    with store.reading() as connection:
        found = [ListedProject(*row) for row in connection.execute(select(*names))]
    pinned = sorted((one for one in found if one.pinned), key=lambda one: (one.title.casefold(), one.id))
    return [*pinned, *sorted((one for one in found if not one.pinned), key=lambda one: (-one.used_time, -one.id))]


def note_project(store: Store, uri: str, title: str) -> int:
    """Note that a project is used; its id. The list forgets those that were not for longest.

    Raises:
        InvalidValue: the address is empty or too long.
    """
    uri = rules.text(uri.strip())
    if not uri or len(uri) > LONGEST:
        raise InvalidValue(f"The address of a project has 1 to {LONGEST:,} characters.")
    with store.writing() as transaction:
        connection = transaction.connection
        values = {"title": rules.text(title)[:500] or uri[-500:], "used_time": now_ms()}
        values["revision"] = transaction.revision
        number = connection.execute(select(projects.c.id).where(projects.c.uri == uri)).scalar()
        if number is None:
            row = {"uri": uri, "pinned": False, **values}
            key = connection.execute(insert(projects).values(row)).inserted_primary_key
            assert key is not None
            number = key[0]
        else:
            connection.execute(update(projects).where(projects.c.id == number).values(values))
        _forget_old(transaction)
        note_queue(transaction)
        return int(number)


def pin_project(store: Store, number: int, pinned: bool = True) -> Outcome:
    """Have a project stay in the list, or leave it to be forgotten. Raises NotFound."""
    with store.writing() as transaction:
        row = _row(transaction, number)
        change = update(projects).where(projects.c.id == number)
        transaction.connection.execute(change.values(pinned=pinned, revision=transaction.revision))
        note_queue(transaction)
    done = f"{'Pinned' if pinned else 'Unpinned'} {short(row['title'])}"
    return Outcome(done, lambda s: pin_project(s, number, not pinned))


def forget_project(store: Store, number: int) -> Outcome:
    """Take a project out of the list; its files and its runs stay. Raises NotFound."""
    with store.writing() as transaction:
        row = _row(transaction, number)
        transaction.connection.execute(delete(projects).where(projects.c.id == number))
        note_queue(transaction)
    return Outcome(f"Took {short(row['title'])} out of the list", lambda s: _bring_back(s, row))


def _bring_back(store: Store, row: Mapping[str, Any]) -> Outcome:
    with store.writing() as transaction:
        there = select(projects.c.id).where(projects.c.uri == row["uri"])
        if transaction.connection.execute(there).scalar() is not None:
            raise moved_on(f"The project {short(row['title'])} is in the list again.")
        transaction.connection.execute(insert(projects).values({**row, "revision": transaction.revision}))
        note_queue(transaction)
    return Outcome(f"Put {short(row['title'])} back into the list", lambda s: forget_project(s, row["id"]))


def _row(transaction: Transaction, number: int) -> dict[str, Any]:
    row = transaction.connection.execute(select(projects).where(projects.c.id == number)).one_or_none()
    if row is None:
        raise NotFound("This project is not in the list any more.")
    return dict(row._asdict())


def _forget_old(transaction: Transaction) -> None:
    old = (
        select(projects.c.id)
        .where(~projects.c.pinned)
        .order_by(projects.c.used_time.desc(), projects.c.id.desc())
        .offset(KEPT)
    )
    numbers = transaction.connection.execute(old.limit(KEPT)).scalars().all()
    transaction.connection.execute(delete(projects).where(projects.c.id.in_(numbers)))
