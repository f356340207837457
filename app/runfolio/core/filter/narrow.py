"""A column's own part of a filter: found in what was typed, and put in place of what stood there before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from runfolio.core.columns import Column, Source
from runfolio.core.direction import settled
from runfolio.core.errors import FilterError
from runfolio.core.filter.fields import RUNS, Subject
from runfolio.core.filter.parse import parse_filter
from runfolio.core.filter.tree import And, Comparison, Entity, Field, Node, Not, Operator, Or, Presence, Statistic
from runfolio.core.filter.write import field_text, filter_text, quoted

WILD = re.compile(r"[%_]")


def field_of(column: Column, lower: Mapping[str, bool]) -> Field | None:
    """The field that a column shows; None of one that filters know nothing of.

    `lower` has the metrics for which a user has said whether lower is better.
    """
    if column.source is Source.METRIC:
        return Field(Entity.METRIC, column.key, Statistic(settled(column, lower).statistic or "last"))
    if column.source in (Source.PARAM, Source.TAG, Source.FORMULA):
        return Field(Entity(column.source), column.key)
    known = column.source is Source.ATTRIBUTE and column.key in RUNS.attributes
    return Field(Entity.ATTRIBUTE, column.key) if known else None


def conditions_on(node: Node, field: Field) -> tuple[Node, ...]:
    """Those parts of a filter that all must hold and that are about this field alone."""
    return tuple(part for part in _parts(node) if fields_of(part) == {field})


def filtered_fields(node: Node) -> frozenset[Field]:
    """The fields that have conditions of their own."""
    found = [fields_of(part) for part in _parts(node)]
    return frozenset(field for fields in found if len(fields) == 1 for field in fields if field is not None)


def narrowed(filter: str, field: Field, conditions: Iterable[str], subject: Subject = RUNS) -> str:
    """A filter with these conditions, as texts, in place of those that it has on the field alone.

    Raises FilterError: the filter or a condition cannot be read.
    """
    node = parse_filter(filter, subject)
    own = conditions_on(node, field)
    new = [part for text in conditions for part in _parts(parse_filter(text, subject))]
    parts = (*(part for part in _parts(node) if part not in own), *new)
    return _joined(parts)


def exchanged(filter: str, subject: Subject, old: Field, new: Field | None) -> str:
    """A filter with another field in the place of one; where there is none, without the conditions that name it."""
    try:
        node = parse_filter(filter, subject)
    except FilterError:  # of a view that was written by hand; the filter line says so
        return filter
    if old not in fields_of(node):
        return filter
    kept = (part for part in _parts(node) if new is not None or old not in fields_of(part))
    return _joined(tuple(part if new is None else _put(part, old, new) for part in kept))


def containing(field: Field, text: str) -> str:
    """The condition that a field's text holds another one, whatever its case."""
    if WILD.search(text):  # these stand for any letters in a pattern of `ilike`, which has no escape
        return f"{field_text(field)} ~ {quoted('(?i)' + re.escape(text))}"
    return f"{field_text(field)} ilike {quoted(f'%{text}%')}"


def among(field: Field, values: Iterable[str]) -> str:
    """The condition that a field's text is one of these."""
    return f"{field_text(field)} in ({', '.join(map(quoted, values))})"


def contained(conditions: Iterable[Node]) -> str:
    """The text that `containing` was given; empty if none of the conditions came from it."""
    for one in conditions:
        if isinstance(one, Comparison) and one.operator is Operator.ILIKE and str(one.value).strip("%"):
            return str(one.value).strip("%")
        if isinstance(one, Comparison) and one.operator is Operator.MATCHES and str(one.value).startswith("(?i)"):
            return re.sub(r"\\(.)", r"\1", str(one.value)[4:])
    return ""


def chosen_values(conditions: Iterable[Node]) -> tuple[str, ...]:
    """The texts that `among` was given, or the one that the field must be; none if it was not."""
    for one in conditions:
        if isinstance(one, Comparison) and one.operator in (Operator.IN, Operator.EQUAL):
            values = one.value if isinstance(one.value, tuple) else (one.value,)
            if all(isinstance(value, str) for value in values):
                return tuple(map(str, values))
    return ()


def limits(conditions: Iterable[Node]) -> tuple[str, str]:
    """The least and the greatest value allowed, as typed; empty for none."""
    least, most = "", ""
    for one in conditions:
        if isinstance(one, Comparison) and one.operator in (Operator.AT_LEAST, Operator.GREATER):
            least = _typed(one)
        elif isinstance(one, Comparison) and one.operator in (Operator.AT_MOST, Operator.LESS):
            most = _typed(one)
    return least, most


def _put(node: Node, old: Field, new: Field) -> Node:
    match node:
        case And(parts) | Or(parts):
            return replace(node, parts=tuple(_put(part, old, new) for part in parts))
        case Not(part):
            return Not(_put(part, old, new))
        case Comparison(field) | Presence(field) if field == old:
            return replace(node, field=new)
    return node


def _joined(parts: tuple[Node, ...]) -> str:
    return filter_text(parts[0] if len(parts) == 1 else And(parts))


def _typed(one: Comparison) -> str:
    return filter_text(one).removeprefix(f"{field_text(one.field)} {one.operator} ")


def _parts(node: Node) -> tuple[Node, ...]:
    return node.parts if isinstance(node, And) else (node,)


def fields_of(node: Node) -> frozenset[Field | None]:
    """The fields that a condition is about; None stands for any word anywhere."""
    match node:
        case And(parts) | Or(parts):
            return frozenset().union(*map(fields_of, parts))
        case Not(part):
            return fields_of(part)
        case Comparison(field) | Presence(field):
            return frozenset([replace(field, loose=False)])
    return frozenset([None])
