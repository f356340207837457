"""One run with everything small about it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, RowMapping, select

from runfolio.core.entities import LifecycleStage, MetricSummary, ParamChange, Run, RunStatus
from runfolio.core.errors import NotFound
from runfolio.store import texts
from runfolio.store.batches import in_batches
from runfolio.store.connection import Store
from runfolio.store.schema import experiments, keys, params, runs, series, tags
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


def get_run(store: Store, run: int) -> Run:
    """A run by its number. Raises NotFound."""
    parents = runs.alias()
    query = (
        select(runs, experiments.c.name.label("experiment_name"), parents.c.id.label("parent"))
        .join(experiments, experiments.c.id == runs.c.experiment_id)
        .outerjoin(parents, parents.c.run_uuid == runs.c.parent_uuid)
        .where(runs.c.id == run)
    )
    with store.reading() as connection:
        row = connection.execute(query).first()
        if row is None:
            raise NotFound(f"There is no run {run}.")
        return Run(
            id=row.id,
            run_id=row.run_uuid,
            experiment=row.experiment_id,
            experiment_name=row.experiment_name,
            name=row.name,
            status=RunStatus(row.status),
            start_time=row.start_time,
            end_time=row.end_time,
            last_seen=row.last_seen,
            lifecycle_stage=LifecycleStage(row.lifecycle_stage),
            parent=row.parent,
            user=row.user_name,
            params=texts.by_name(connection, params, [run]).get(run, {}),
            tags=texts.by_name(connection, tags, [run]).get(run, {}),
            metrics=_metrics(connection, run),
            deleted_time=row.deleted_time,
        )


def param_history(store: Store, run: int) -> list[ParamChange]:
    """What became of a run's params after they were first set, in order."""
    query = select(keys.c.name, table_of_changes).join(keys, keys.c.id == table_of_changes.c.key_id)
    query = query.where(table_of_changes.c.run_id == run).order_by(table_of_changes.c.id)
    with store.reading() as connection:
        return [
            ParamChange(row.name, row.old_value, row.new_value, row.time, row.refused)
            for row in connection.execute(query)
        ]


def descendants(store: Store, parents: Iterable[int]) -> list[int]:
    """The runs nested in these, at any depth, without them."""
    above = runs.alias()
    query = select(runs.c.id).join(above, above.c.run_uuid == runs.c.parent_uuid).order_by(runs.c.id)
    level = list(parents)
    seen = set(level)
    found: list[int] = []
    with store.reading() as connection:
        while level:
            below: list[int] = []
            for part in in_batches(level):
                below += connection.execute(query.where(above.c.id.in_(part))).scalars()
            level = [number for number in dict.fromkeys(below) if number not in seen]
            seen.update(level)
            found += level
    return found


def _metrics(connection: Connection, run: int) -> dict[str, MetricSummary]:
    query = select(keys.c.name, series).join(keys, keys.c.id == series.c.key_id).where(series.c.run_id == run)
    return {row["name"]: _summary(row) for row in connection.execute(query.order_by(keys.c.name)).mappings()}


def _summary(row: RowMapping) -> MetricSummary:
    finite = row["count"] - row["non_finite"]
    return MetricSummary(
        key=row["name"],
        count=row["count"],
        first=_float(row["first_value"]),
        first_step=row["first_step"],
        last=_float(row["last_value"]),
        last_step=row["last_step"],
        last_time=row["last_time"],
        minimum=row["min_value"],
        minimum_step=row["min_step"],
        maximum=row["max_value"],
        maximum_step=row["max_step"],
        mean=row["total"] / finite if finite and row["total"] is not None else None,
        non_finite=row["non_finite"],
    )


def _float(value: float | None) -> float:
    return math.nan if value is None else value
