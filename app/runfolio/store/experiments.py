"""Experiments: the folders of runs, found or made by name."""

from __future__ import annotations

from sqlalchemy import Connection, and_, func, insert, select

from runfolio.core import rules
from runfolio.core.clock import now_ms
from runfolio.core.entities import Experiment, LifecycleStage, RunStatus
from runfolio.core.errors import NotFound
from runfolio.store.connection import Store, Transaction
from runfolio.store.schema import experiments, runs


def list_experiments(store: Store) -> list[Experiment]:
    """All experiments in use, by name, with how many runs they have and how many of those are running."""
    active = and_(runs.c.experiment_id == experiments.c.id, runs.c.lifecycle_stage == LifecycleStage.ACTIVE)
    query = (
        select(
            experiments,
            func.count(runs.c.id).label("runs"),
            func.count(runs.c.id).filter(runs.c.status == RunStatus.RUNNING).label("running"),
        )
        .select_from(experiments.outerjoin(runs, active))
        .where(experiments.c.lifecycle_stage == LifecycleStage.ACTIVE)
        .group_by(experiments.c.id)
        .order_by(experiments.c.name)
    )
    with store.reading() as connection:
        return [
            Experiment(
                row.id,
                row.name,
                LifecycleStage(row.lifecycle_stage),
                row.creation_time,
                row.last_update_time,
                row.runs,
                row.running,
            )
            for row in connection.execute(query)
        ]


def get_experiment(store: Store, experiment: int) -> Experiment:
    """One experiment, without its counts. Raises NotFound."""
    with store.reading() as connection:
        row = connection.execute(select(experiments).where(experiments.c.id == experiment)).first()
    if row is None:
        raise NotFound(f"There is no experiment {experiment}.")
    return Experiment(row.id, row.name, LifecycleStage(row.lifecycle_stage), row.creation_time, row.last_update_time)


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
