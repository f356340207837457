"""Orders as SQL. As in MLflow, values come before NaN, and NaN before what is missing, in both directions."""

from __future__ import annotations

from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, func

from runfolio.core.filter.tree import Entity, Field, OrderKey
from runfolio.core.system_tags import SYSTEM_TAGS, is_system_tag
from runfolio.store import dialect
from runfolio.store.run_fields import ExperimentFields, RunFields, children_counts, key_id, statistic, values_at_step
from runfolio.store.schema import experiments, params, runs, series, tags

Query: TypeAlias = Select[Any]
Ranks: TypeAlias = list[tuple[ColumnElement[bool], int]]
Columns: TypeAlias = list[ColumnElement[Any]]

FIRST, VALUE, ODD, MISSING = -1, 0, 1, 2


def runs_in_order(query: Query, order: list[OrderKey], fields: RunFields) -> Query:
    """A query of runs by these keys, then the newest first, then by their public ids."""
    for key in order:
        query = _by_field(query, key, fields)
    if not any(key.field == Field(Entity.ATTRIBUTE, "start_time") for key in order):
        query = query.order_by(runs.c.start_time.desc())
    return query.order_by(runs.c.run_uuid)


def experiments_in_order(query: Query, order: list[OrderKey], fields: ExperimentFields) -> Query:
    """A query of experiments by these keys; the newest first if there are none."""
    if not order:
        return query.order_by(experiments.c.creation_time.desc(), experiments.c.id)
    for key in order:
        column = experiments.c.id if key.field.key == "experiment_id" else fields.attribute(key.field.key)
        query = query.order_by(column.desc() if key.descending else column.asc())
    return query.order_by(experiments.c.id.desc())


def _by_field(query: Query, key: OrderKey, fields: RunFields) -> Query:
    match key.field.entity:
        case Entity.METRIC if key.field.step is not None:
            at = values_at_step(key.field.key, key.field.step).subquery()
            query = query.outerjoin(at, at.c.run_id == runs.c.id)
            return _by(query, key, [at.c.value], [(at.c.run_id.is_(None), MISSING), (at.c.value.is_(None), ODD)])
        case Entity.METRIC:
            query, row = _joined(query, series, key.field.key)
            value = statistic(row, key.field)
            return _by(query, key, [value], [(row.c.run_id.is_(None), MISSING), (value.is_(None), ODD)])
        case Entity.PARAM:
            # Numbers as numbers, and texts after them in their own order.
            query, row = _joined(query, params, key.field.key)
            kinds: Ranks = [(row.c.run_id.is_(None), MISSING), (row.c.number.is_(None), ODD)]
            return _by(query, key, [row.c.number, row.c.value], kinds)
        case Entity.TAG:
            query, row = _joined(query, tags, key.field.key)
            own: ColumnElement[Any] = row.c.value
            if not is_system_tag(key.field.key):
                number = dialect.number_of(own)
                return _by(query, key, [number, own], [(own.is_(None), MISSING), (number.is_(None), ODD)])
            if key.field.key in SYSTEM_TAGS:
                own = fields.system_tag(key.field.key, own)
            return _by(query, key, [own], [(own.is_(None), MISSING)])
    return _by_attribute(query, key, fields)


def _by_attribute(query: Query, key: OrderKey, fields: RunFields) -> Query:
    if key.field.key == "experiment_id":
        return _by(query, key, [runs.c.experiment_id], [])
    if key.field.key == "children":
        counts = children_counts().subquery()
        query = query.outerjoin(counts, counts.c.parent_uuid == runs.c.run_uuid)
        return _by(query, key, [func.coalesce(counts.c.children, 0)], [])
    value = fields.attribute(key.field.key)
    return _by(query, key, [value], [(value.is_(None), MISSING)] if key.field.key != "start_time" else [])


def _joined(query: Query, table: FromClause, name: str) -> tuple[Query, FromClause]:
    row = table.alias()
    return query.outerjoin(row, and_(row.c.run_id == runs.c.id, row.c.key_id == key_id(name))), row


def _by(query: Query, key: OrderKey, values: Columns, ranks: Ranks) -> Query:
    if ranks:
        placed = [(test, FIRST if rank == MISSING and key.nulls_first else rank) for test, rank in ranks]
        query = query.order_by(case(*placed, else_=VALUE))
    return query.order_by(*(value.desc() if key.descending else value.asc() for value in values))
