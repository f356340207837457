"""A column's own part of a filter: found in what was typed, and put in place of what stood there before."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from enum import StrEnum

from runfolio.core.columns import Column, Source
from runfolio.core.direction import stored_column
from runfolio.core.errors import FilterError
from runfolio.core.filter.fields import RUNS, Subject
from runfolio.core.filter.parse import parse_filter
from runfolio.core.filter.tree import (
    And,
    Comparison,
    Entity,
    Field,
    Node,
    Operator,
    Presence,
    Statistic,
    Words,
    with_fields,
)
from runfolio.core.filter.tree import conditions as conditions_in
from runfolio.core.filter.write import field_text, filter_text, quoted

WILD = re.compile(r"[%_]")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class Way(StrEnum):
    """How a condition on one field can be shown, so that a hand can change it: as a limit, a text, a choice."""

    LEAST = "least"
    MOST = "most"
    TEXT = "text"
    VALUES = "values"
    PRESENT = "present"


_LIMITS = {
    Operator.AT_LEAST: Way.LEAST, Operator.GREATER: Way.LEAST, Operator.AT_MOST: Way.MOST, Operator.LESS: Way.MOST,
}  # fmt: skip
_SIGNS = {Way.LEAST: Operator.AT_LEAST, Way.MOST: Operator.AT_MOST}


def field_of(column: Column, lower: Mapping[str, bool]) -> Field | None:
    """The field that a column shows; None of one that filters know nothing of.

    `lower` has the metrics for which a user has said whether lower is better.
    """
    if column.source is Source.METRIC:
        return Field(Entity.METRIC, column.key, Statistic(stored_column(column, lower).statistic or "last"))
    if column.source in (Source.PARAM, Source.TAG, Source.FORMULA):
        return Field(Entity(column.source), column.key)
    known = column.source is Source.ATTRIBUTE and column.key in RUNS.attributes
    return Field(Entity.ATTRIBUTE, column.key) if known else None


def conditions_on(node: Node, field: Field) -> tuple[Node, ...]:
    """Those parts of a filter that all must hold and that are about this field alone."""
    return conditions_by_field(node).get(field, ())


def conditions_by_field(node: Node) -> dict[Field, tuple[Node, ...]]:
    """For each field those parts of a filter that all must hold and that are about it alone."""
    found: dict[Field, list[Node]] = {}
    for part in _parts(node):
        fields = fields_of(part)
        field = next(iter(fields)) if len(fields) == 1 else None
        if field is not None:
            found.setdefault(field, []).append(part)
    return {field: tuple(parts) for field, parts in found.items()}


def adjustable(field: Field, conditions: Iterable[Node], ways: Container[Way]) -> tuple[Node, ...]:
    """Those of a field's conditions that these ways can show as they are, one for each; all others are to stay."""
    found: dict[Way, Node] = {}
    for one in conditions:
        way = _way_of(field, one)
        if way is not None and way in ways:
            found.setdefault(way, one)
    return tuple(found.values())


def _way_of(field: Field, one: Node) -> Way | None:
    match one:
        case Presence(present=True):
            return Way.PRESENT
        case Comparison(operator=Operator.IN | Operator.EQUAL):
            return Way.VALUES if chosen_values([one]) else None
        case Comparison(operator=Operator.ILIKE | Operator.MATCHES):
            return Way.TEXT if _says(containing(field, contained([one])), one) else None
        case Comparison(operator=operator):
            return _LIMITS.get(operator)
    return None


def _says(text: str, one: Comparison) -> bool:
    """Whether a condition, as text, is this one."""
    try:
        said = parse_filter(text)
    except FilterError:
        return False
    return isinstance(said, Comparison) and (said.operator, said.value) == (one.operator, one.value)


def narrowed(filter: str, own: Container[Node], conditions: Iterable[str], subject: Subject = RUNS) -> str:
    """A filter with these conditions, as texts, in place of those of its own.

    Raises FilterError: the filter or a condition cannot be read.
    """
    node = parse_filter(filter, subject)
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
    if new is None:
        return _joined(tuple(part for part in _parts(node) if old not in fields_of(part)))
    return filter_text(with_fields(node, lambda field: new if field == old else field))


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
            return ESCAPED.sub(r"\1", str(one.value)[4:])
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
    """The least and the greatest value allowed, as typed; `< 1` is less than 1; empty for none."""
    found = {Way.LEAST: "", Way.MOST: ""}
    for one in conditions:
        if isinstance(one, Comparison) and (way := _LIMITS.get(one.operator)) is not None:
            strict = one.operator in (Operator.GREATER, Operator.LESS)
            found[way] = f"{one.operator} {_typed(one)}" if strict else _typed(one)
    return found[Way.LEAST], found[Way.MOST]


def limit(field: Field, text: str, way: Way, subject: Subject = RUNS) -> str:
    """The condition that a limit says, typed with a sign of its own or without.

    Raises FilterError: it cannot be read; this counts the characters that were typed.
    """
    before = field_text(field) if text.startswith((">", "<")) else f"{field_text(field)} {_SIGNS[way]}"
    condition = f"{before} {text}"
    try:
        parse_filter(condition, subject)
    except FilterError as error:
        raise error.within(len(before) + 1) from None
    return condition


def _joined(parts: tuple[Node, ...]) -> str:
    return filter_text(parts[0] if len(parts) == 1 else And(parts))


def _typed(one: Comparison) -> str:
    return filter_text(one).removeprefix(f"{field_text(one.field)} {one.operator} ")


def _parts(node: Node) -> tuple[Node, ...]:
    return node.parts if isinstance(node, And) else (node,)


def fields_of(node: Node) -> frozenset[Field | None]:
    """The fields that a condition is about; None stands for any word anywhere."""
    found = conditions_in(node)
    return frozenset(None if isinstance(one, Words) else replace(one.field, loose=False) for one in found)
