"""Experiments: the folders of runs, found or made by name."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, insert, select, true, update

from runfolio.core import rules
from runfolio.core.clock import now_ms
from runfolio.core.entities import Experiment
from runfolio.core.errors import NotFound
from runfolio.core.states import LifecycleStage, ViewType
from runfolio.store import texts
from runfolio.store.batches import in_batches
from runfolio.store.connection import Store, Transaction
from runfolio.store.schema import experiment_tags, experiments

log = logging.getLogger("runfolio")


def list_experiments(store: Store, view: ViewType = ViewType.ACTIVE_ONLY) -> list[Experiment]:
    """Experiments by name, with how many runs in use they have and how many of those are running."""
    query = select(experiments).where(in_view(experiments, view)).order_by(experiments.c.name)
    with store.reading() as connection:
        return with_tags(connection, connection.execute(query).all())


def with_tags(connection: Connection, rows: Sequence[Any]) -> list[Experiment]:
    """Experiments from their rows, with their tags and the counts of their runs."""
    tags = texts.by_name(connection, experiment_tags, [row.id for row in rows])
    found = ((experiment_of(row, tags.get(row.id, {})), row) for row in rows)
    return [replace(experiment, runs=row.runs, running=row.running) for experiment, row in found]


def get_experiment(store: Store, experiment: int) -> Experiment:
    """One experiment, without its counts. Raises NotFound."""
    with store.reading() as connection:
        row = connection.execute(select(experiments).where(experiments.c.id == experiment)).first()
        if row is None:
            raise NotFound(f"There is no experiment {experiment}.")
        return experiment_of(row, texts.by_name(connection, experiment_tags, [experiment]).get(experiment, {}))


def find_experiment(store: Store, name: str) -> int | None:
    """The number of the experiment of that name, be it in use or in the trash."""
    with store.reading() as connection:
        return connection.execute(select(experiments.c.id).where(experiments.c.name == name)).scalar()


def in_view(table: Table, view: ViewType) -> ColumnElement[bool]:
    """The condition for the rows of `runs` or `experiments` that a view shows."""
    if view == ViewType.ALL:
        return true()
    deleted = view == ViewType.DELETED_ONLY
    return table.c.lifecycle_stage == (LifecycleStage.DELETED if deleted else LifecycleStage.ACTIVE)


def numbers(connection: Connection, asked: Iterable[int]) -> set[int]:
    """Which of these experiments there are."""
    return set(names_of(connection, asked))


def names_of(connection: Connection, asked: Iterable[int], view: ViewType = ViewType.ALL) -> dict[int, str]:
    """The names of those of the experiments that there are."""
    found: dict[int, str] = {}
    for part in in_batches(sorted(asked)):
        query = select(experiments.c.id, experiments.c.name).where(
            experiments.c.id.in_(part), in_view(experiments, view)
        )
        found.update((number, name) for number, name in connection.execute(query))
    return found


def touch(transaction: Transaction, changed: Iterable[int]) -> None:
    """Stamp experiments with the revision and the time."""
    values = {"last_update_time": now_ms(), "revision": transaction.revision}
    for part in in_batches(sorted(changed)):
        transaction.connection.execute(update(experiments).where(experiments.c.id.in_(part)).values(values))


def stamp(transaction: Transaction, changed: Iterable[int]) -> None:
    """Stamp experiments with the revision: their counts are others."""
    for part in in_batches(sorted(changed)):
        statement = update(experiments).where(experiments.c.id.in_(part))
        transaction.connection.execute(statement.values(revision=transaction.revision))


def take_back(transaction: Transaction, used: Collection[int]) -> None:
    """Out of the trash with experiments that scripts log new runs to: else nobody would see those runs."""
    values = {"lifecycle_stage": LifecycleStage.ACTIVE, "deleted_time": None, "revision": transaction.revision}
    deleted = experiments.c.lifecycle_stage == LifecycleStage.DELETED
    for name in names_of(transaction.connection, used, ViewType.DELETED_ONLY).values():
        log.warning("The experiment %s was in the trash. It is out again, for a run has been started in it.", name)
    for part in in_batches(sorted(used)):
        statement = update(experiments).where(experiments.c.id.in_(part), deleted)
        transaction.connection.execute(statement.values(values))


def get_or_create(store: Store, name: str) -> Experiment:
    """The experiment of that name, made if missing. Raises InvalidValue for a name that breaks the rules."""
    rules.experiment_name(name)
    with store.reading() as connection:
        found = connection.execute(select(experiments.c.id).where(experiments.c.name == name)).scalar()
    if found is None:
        with store.writing() as transaction:
            found = id_for_name(transaction, name, now_ms())
    return get_experiment(store, found)


def id_for_name(transaction: Transaction, name: str, now: int) -> int:
    """The id for a name, within a transaction; makes the experiment if it is missing."""
    connection: Connection = transaction.connection
    found = connection.execute(select(experiments.c.id).where(experiments.c.name == name)).scalar()
    if found is not None:
        return int(found)
    row = {
        "name": name,
        "lifecycle_stage": LifecycleStage.ACTIVE,
        "creation_time": now,
        "last_update_time": now,
        "revision": transaction.revision,
    }
    inserted = connection.execute(insert(experiments).values(row)).inserted_primary_key
    assert inserted is not None
    return int(inserted[0])


def experiment_of(row: Any, tags: dict[str, str]) -> Experiment:
    """An experiment from its row, without its counts."""
    return Experiment(
        row.id,
        row.name,
        LifecycleStage(row.lifecycle_stage),
        row.creation_time,
        row.last_update_time,
        tags=tags,
        deleted_time=row.deleted_time,
    )
