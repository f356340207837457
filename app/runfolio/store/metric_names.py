"""What `metrics.loss.min` means in a store: the metric of that name where there is one, else the least `loss`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sqlalchemy import Connection, select

from runfolio.core.filter.tree import And, Comparison, Field, Node, Not, Or, OrderKey, Presence, Statistic
from runfolio.store.batches import in_batches
from runfolio.store.schema import keys, series


def settled(connection: Connection, node: Node, order: Iterable[OrderKey] = ()) -> tuple[Node, list[OrderKey]]:
    """A filter and an order in which each metric is told from its statistic."""
    order = list(order)
    loose = [field for field in [*_fields(node), *(key.field for key in order)] if field.loose]
    if not loose:
        return node, order
    names = _metrics_among(connection, sorted({_whole(field) for field in loose}))
    return _settled(node, names), [replace(key, field=_settled_field(key.field, names)) for key in order]


def settled_fields(connection: Connection, fields: Iterable[Field]) -> dict[Field, Field]:
    """What each of the fields means, the metrics told from their statistics."""
    fields = list(fields)
    loose = sorted({_whole(field) for field in fields if field.loose})
    names = _metrics_among(connection, loose) if loose else set()
    return {field: _settled_field(field, names) for field in fields}


def _whole(field: Field) -> str:
    return f"{field.key}.{field.statistic}"


def _metrics_among(connection: Connection, names: list[str]) -> set[str]:
    found: set[str] = set()
    for part in in_batches(names):
        logged = select(series.c.id).where(series.c.key_id == keys.c.id).exists()
        found.update(connection.execute(select(keys.c.name).where(keys.c.name.in_(part), logged)).scalars())
    return found


def _fields(node: Node) -> Iterator[Field]:
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _fields(part)
        case Not(part):
            yield from _fields(part)
        case Comparison() | Presence():
            yield node.field


def _settled(node: Node, names: set[str]) -> Node:
    match node:
        case And(parts) | Or(parts):
            return replace(node, parts=tuple(_settled(part, names) for part in parts))
        case Not(part):
            return Not(_settled(part, names))
        case Comparison() | Presence():
            return replace(node, field=_settled_field(node.field, names))
    return node


def _settled_field(field: Field, names: set[str]) -> Field:
    if not field.loose:
        return field
    if _whole(field) in names:
        return Field(field.entity, _whole(field), Statistic.LAST)
    return replace(field, loose=False)
