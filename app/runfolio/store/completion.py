"""What there is to complete a filter with: the names of metrics, params and tags, and the values of a field."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, exists, func, select

from runfolio.core.filter import RUNS, Subject, parse_filter
from runfolio.core.filter.complete import Known
from runfolio.core.filter.doubts import doubts
from runfolio.core.filter.tree import Entity, Field
from runfolio.store.connection import Store
from runfolio.store.schema import datasets, experiments, inputs, keys, params, runs, series, tags

# Values are taken from so many of the newest runs: what is typed is mostly about those.
NEWEST = 20_000
ATTRIBUTES = {
    "run_name": runs.c.name,
    "status": runs.c.status,
    "user_id": runs.c.user_name,
    "source_name": runs.c.source_name,
}


def known_names(store: Store) -> Known:
    """The names that runs of the store have values for, in the order of the alphabet."""
    with store.reading() as connection:

        def names(table: Table) -> list[str]:
            used = exists().where(table.c.key_id == keys.c.id)
            return list(connection.execute(select(keys.c.name).where(used).order_by(keys.c.name)).scalars())

        return Known(names(series), names(params), names(tags))


def doubts_about(store: Store, filter: str, subject: Subject = RUNS) -> list[str]:
    """Sentences about what may be a slip in a filter, such as a name that no run has. Raises FilterError."""
    node = parse_filter(filter, subject)
    return doubts(node, known_names(store))


def known_values(store: Store, field: Field, limit: int = 100) -> list[str]:
    """The commonest values of a field among the newest runs; none of a field whose values are not worth listing."""
    with store.reading() as connection:
        newest = connection.execute(select(func.max(runs.c.id))).scalar() or 0
        query = _values(field, newest - NEWEST)
        if query is None:
            return []
        value = query.selected_columns[0]
        query = query.group_by(value).order_by(func.count().desc(), value).limit(limit)
        return [str(found) for found in connection.execute(query).scalars() if found]


def _values(field: Field, after: int) -> Any:
    """The values of a field, of runs whose numbers are greater than `after`."""
    if field.entity in (Entity.PARAM, Entity.TAG):
        table = params if field.entity is Entity.PARAM else tags
        here = table.c.key_id == select(keys.c.id).where(keys.c.name == field.key).scalar_subquery()
        return select(table.c.value).where(here, table.c.run_id > after)
    if field.entity is Entity.DATASET and field.key in ("name", "digest"):
        return select(datasets.c[field.key]).join(inputs, inputs.c.dataset_id == datasets.c.id)
    if field.entity is not Entity.ATTRIBUTE:
        return None
    if field.key == "experiment_name":
        return select(experiments.c.name).join(runs, runs.c.experiment_id == experiments.c.id)
    column = ATTRIBUTES.get(field.key)
    return None if column is None else select(column).where(runs.c.id > after)
