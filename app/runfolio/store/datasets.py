"""The datasets that runs used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select, tuple_, update

from runfolio.core.entities import Dataset, DatasetInput
from runfolio.store.batches import execute_many, in_batches
from runfolio.store.connection import Store, Transaction
from runfolio.store.dialect import insert_or_ignore
from runfolio.store.schema import datasets, input_tags, inputs, runs

# A dataset's experiment, name and digest.
Identity = tuple[int, str, str]


def inputs_of(store: Store, run: int) -> list[DatasetInput]:
    """The datasets of a run, in the order they were first logged."""
    with store.reading() as connection:
        return inputs_of_runs(connection, [run]).get(run, [])


def inputs_of_many(store: Store, numbers: Sequence[int]) -> dict[int, list[DatasetInput]]:
    """The datasets of each of many runs that have any."""
    with store.reading() as connection:
        return inputs_of_runs(connection, numbers)


def inputs_of_runs(connection: Connection, numbers: Sequence[int]) -> dict[int, list[DatasetInput]]:
    """The datasets of each of many runs that have any."""
    found: dict[int, list[DatasetInput]] = {}
    for part in in_batches(numbers):
        tags: dict[int, dict[str, str]] = {}
        named = select(input_tags).join(inputs, inputs.c.id == input_tags.c.input_id).where(inputs.c.run_id.in_(part))
        for row in connection.execute(named.order_by(input_tags.c.name)):
            tags.setdefault(row.input_id, {})[row.name] = row.value
        query = select(inputs.c.id, inputs.c.run_id, datasets).join(datasets, datasets.c.id == inputs.c.dataset_id)
        for number, run, _, _, *columns in connection.execute(
            query.where(inputs.c.run_id.in_(part)).order_by(inputs.c.id)
        ):
            found.setdefault(run, []).append(DatasetInput(Dataset(*columns), tags.get(number, {})))
    return found


def numbers_of(transaction: Transaction, rows: Mapping[Identity, Mapping[str, Any]]) -> dict[Identity, int]:
    """The numbers of datasets, made where missing."""
    execute_many(transaction, insert_or_ignore(datasets), [dict(row) for row in rows.values()])
    identity = datasets.c.experiment_id, datasets.c.name, datasets.c.digest
    found: dict[Identity, int] = {}
    for part in in_batches(list(rows), 200):
        query = select(*identity, datasets.c.id).where(tuple_(*identity).in_(part))
        found.update(((place, name, digest), n) for place, name, digest, n in transaction.connection.execute(query))
    return found


def follow(transaction: Transaction, moved: Sequence[int]) -> None:
    """Give runs that changed their experiment the same datasets in the new one."""
    found: list[Row[Any]] = []
    for part in in_batches(sorted(moved)):
        query = select(inputs.c.id.label("input"), runs.c.experiment_id.label("place"), datasets)
        query = query.join(runs, runs.c.id == inputs.c.run_id).join(datasets, datasets.c.id == inputs.c.dataset_id)
        found += transaction.connection.execute(query.where(inputs.c.run_id.in_(part)))
    names = ("name", "digest", "source_type", "source", "schema", "profile")
    rows = {
        (row.place, row.name, row.digest): {"experiment_id": row.place} | {name: row._mapping[name] for name in names}
        for row in found
    }
    ids = numbers_of(transaction, rows)
    new = [{"number": row.input, "dataset": ids[row.place, row.name, row.digest]} for row in found]
    statement = update(inputs).where(inputs.c.id == bindparam("number")).values(dataset_id=bindparam("dataset"))
    execute_many(transaction, statement, new)
    drop_unused(transaction)


def drop_unused(transaction: Transaction) -> None:
    """Forget the datasets that no run uses any more."""
    transaction.connection.execute(delete(datasets).where(datasets.c.id.not_in(select(inputs.c.dataset_id))))
