"""What `metrics.loss.min` means in a store: the metric of that name where there is one, else the least `loss`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Connection, select

from runfolio.core.filter.tree import Field, Node, OrderKey, Statistic, fields, with_fields
from runfolio.store.batches import in_batches
from runfolio.store.schema import keys, series


def resolve_metrics(connection: Connection, node: Node, order: Iterable[OrderKey] = ()) -> tuple[Node, list[OrderKey]]:
    """A filter and an order in which each metric is told from its statistic."""
    order = list(order)
    loose = [field for field in [*fields(node), *(key.field for key in order)] if field.loose]
    if not loose:
        return node, order
    names = _metrics_among(connection, sorted({_whole(field) for field in loose}))
    return with_fields(node, lambda field: _resolved(field, names)), [
        replace(key, field=_resolved(key.field, names)) for key in order
    ]


def resolve_fields(connection: Connection, asked: Iterable[Field]) -> dict[Field, Field]:
    """What each of the fields means, the metrics told from their statistics."""
    asked = list(asked)
    loose = sorted({_whole(field) for field in asked if field.loose})
    names = _metrics_among(connection, loose) if loose else set()
    return {field: _resolved(field, names) for field in asked}


def _whole(field: Field) -> str:
    return f"{field.key}.{field.statistic}"


def _metrics_among(connection: Connection, names: list[str]) -> set[str]:
    found: set[str] = set()
    for part in in_batches(names):
        logged = select(series.c.id).where(series.c.key_id == keys.c.id).exists()
        found.update(connection.execute(select(keys.c.name).where(keys.c.name.in_(part), logged)).scalars())
    return found


def _resolved(field: Field, names: set[str]) -> Field:
    if not field.loose:
        return field
    if _whole(field) in names:
        return Field(field.entity, _whole(field), Statistic.LAST)
    return replace(field, loose=False)
