"""One run with everything small about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from runfolio.core.entities import ParamChange, Run
from runfolio.core.errors import NotFound
from runfolio.core.outline import Ids
from runfolio.store.batches import in_batches
from runfolio.store.bulk import read_runs
from runfolio.store.connection import Store
from runfolio.store.schema import keys, runs
from runfolio.store.schema import param_history as table_of_changes


def find_run(store: Store, run_id: str) -> int | None:
    """The store's number of a run by its public id."""
    with store.reading() as connection:
        return connection.execute(select(runs.c.id).where(runs.c.run_uuid == run_id)).scalar()


def ids_of_runs(connection: Connection, uuids: Sequence[str]) -> dict[str, int]:
    """The store's numbers of those runs that there are, by their public ids."""
    found: dict[str, int] = {}
    for part in in_batches(uuids):
        query = select(runs.c.run_uuid, runs.c.id).where(runs.c.run_uuid.in_(part))
        found.update((row.run_uuid, row.id) for row in connection.execute(query))
    return found


def numbers_of(store: Store, run_ids: Iterable[str]) -> dict[str, int]:
    """The store's numbers of those runs that there are, by their public ids, in the order in which they are given."""
    wanted = list(run_ids)
    with store.reading() as connection:
        found = ids_of_runs(connection, wanted)
    return {run_id: found[run_id] for run_id in wanted if run_id in found}


def are_named(store: Store, numbers: Ids, run_ids: Collection[str]) -> NDArray[np.bool_]:
    """Which of some runs have these public ids."""
    if not run_ids:
        return np.zeros(len(numbers), np.bool_)
    return np.isin(numbers, list(numbers_of(store, run_ids).values()))


def ids_of(store: Store, numbers: Sequence[int]) -> dict[int, str]:
    """The public ids of those of the runs that there are, by their numbers."""
    found: dict[int, str] = {}
    with store.reading() as connection:
        for part in in_batches(list(numbers)):
            query = select(runs.c.id, runs.c.run_uuid).where(runs.c.id.in_(part))
            found.update((row.id, row.run_uuid) for row in connection.execute(query))
    return found


def public_ids(store: Store, numbers: Sequence[int]) -> list[str]:
    """The public ids of those of the runs that there are, in the order in which they are given."""
    found = ids_of(store, numbers)
    return [found[number] for number in numbers if number in found]


def get_run(store: Store, run: int) -> Run:
    """A run by its number. Raises NotFound."""
    found = read_runs(store, [run])
    if not found:
        raise NotFound(f"There is no run {run}.")
    return found[0]


def param_history(store: Store, run: int) -> list[ParamChange]:
    """What became of a run's params after they were first set, in order."""
    query = select(keys.c.name, table_of_changes).join(keys, keys.c.id == table_of_changes.c.key_id)
    query = query.where(table_of_changes.c.run_id == run).order_by(table_of_changes.c.id)
    with store.reading() as connection:
        return [
            ParamChange(row.name, row.old_value, row.new_value, row.time, row.refused)
            for row in connection.execute(query)
        ]
