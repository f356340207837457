"""Params and tags as texts of any length: what is too long for its table waits, whole, in a table beside it.

The table itself then holds the beginning and an ellipsis, which is what tables show and searches see. One database
transaction holds both, and a backup has both: files beside the database could be lost one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Table, and_, bindparam, delete, select

from runfolio.core.rules import param_number
from runfolio.store.batches import SIZE, execute_many, in_batches, insert_tuples
from runfolio.store.connection import Transaction
from runfolio.store.dialect import insert_or_update
from runfolio.store.schema import experiment_tags, keys, long_values, params

#: The most characters that a table of params or tags holds itself, and how many it shows of a longer value.
LONGEST, SHOWN = 8000, 500
#: Ends what it shows of one.
ELLIPSIS = "…"

# (run or experiment, key) and its value; None is no value.
Place = tuple[int, int]
Text = tuple[int, int, str | None]


def write(transaction: Transaction, table: Table, texts: Iterable[Text]) -> None:
    """Set values of `params`, `tags` or `experiment_tags`, or delete them with None; of several the last stays."""
    latest = {(owner, key): value for owner, key, value in texts}
    if not latest:
        return
    names: tuple[str, ...] = owner_of(table).name, "key_id", "value"
    rows: list[tuple[Any, ...]] = [(*place, shown(value)) for place, value in latest.items() if value is not None]
    if table is params:
        names = (*names, "number")
        rows = [(*row, param_number(row[2])) for row in rows]
    insert_tuples(transaction, insert_or_update(table), names, rows)
    _delete(transaction, table, [place for place, value in latest.items() if value is None])
    _write_long(transaction, table, latest)


def shown(value: str) -> str:
    """What a table holds of a value."""
    return value if len(value) <= LONGEST else value[:SHOWN] + ELLIPSIS


def is_cut(value: object) -> bool:
    """Whether a value of a table looks like the beginning of a longer one."""
    return isinstance(value, str) and len(value) == SHOWN + 1 and value.endswith(ELLIPSIS)


def by_name(connection: Connection, table: Table, owners: Sequence[int]) -> dict[int, dict[str, str]]:
    """The whole values of some runs or experiments by name, in the order of the names: owner -> name -> value."""
    found: dict[int, dict[str, str]] = {}
    owner = owner_of(table)
    for part in in_batches(owners):
        query = select(owner, keys.c.name, table.c.value).join(keys, keys.c.id == table.c.key_id)
        for number, name, value in connection.execute(query.where(owner.in_(part)).order_by(keys.c.name)):
            found.setdefault(number, {})[name] = value
        long = select(long_values.c.owner_id, keys.c.name, long_values.c.value)
        long = long.join(keys, keys.c.id == long_values.c.key_id)
        for number, name, value in connection.execute(long.where(_long_of(table), long_values.c.owner_id.in_(part))):
            found[number][name] = value
    return found


def by_place(connection: Connection, table: Table, places: Iterable[Place]) -> dict[Place, str]:
    """The whole values of those of the places that have one."""
    wanted = set(places)
    owner = owner_of(table)
    used = {key for _, key in wanted}
    few = len(used) <= SIZE
    found: dict[Place, str] = {}
    for part in in_batches(sorted({number for number, _ in wanted})):
        query = select(owner, table.c.key_id, table.c.value).where(owner.in_(part))
        query = query.where(table.c.key_id.in_(used)) if few else query
        found.update(((number, key), value) for number, key, value in connection.execute(query))
        long = select(long_values.c.owner_id, long_values.c.key_id, long_values.c.value)
        rows = connection.execute(long.where(_long_of(table), long_values.c.owner_id.in_(part)))
        found.update(((number, key), value) for number, key, value in rows)
    return {place: value for place, value in found.items() if place in wanted}


def owner_of(table: Table):  # type: ignore[no-untyped-def]  # a column; SQLAlchemy has no name for "of integers"
    """The column that says whose a value is."""
    return table.c.experiment_id if table is experiment_tags else table.c.run_id


def _delete(transaction: Transaction, table: Table, places: Sequence[Place]) -> None:
    here = and_(owner_of(table) == bindparam("owner"), table.c.key_id == bindparam("key"))
    execute_many(transaction, delete(table).where(here), [{"owner": owner, "key": key} for owner, key in places])


def _write_long(transaction: Transaction, table: Table, latest: dict[Place, str | None]) -> None:
    connection = transaction.connection
    for part in in_batches(sorted({owner for owner, _ in latest})):
        query = select(long_values.c.owner_id, long_values.c.key_id)
        there = connection.execute(query.where(_long_of(table), long_values.c.owner_id.in_(part)))
        old = [{"owner": owner, "key": key} for owner, key in there if (owner, key) in latest]
        here = and_(long_values.c.owner_id == bindparam("owner"), long_values.c.key_id == bindparam("key"))
        execute_many(transaction, delete(long_values).where(_long_of(table), here), old)
    rows = [
        {"table_name": table.name, "owner_id": owner, "key_id": key, "value": value}
        for (owner, key), value in latest.items()
        if value is not None and len(value) > LONGEST
    ]
    execute_many(transaction, insert_or_update(long_values), rows)


def _long_of(table: Table):  # type: ignore[no-untyped-def]
    return long_values.c.table_name == table.name
