"""A tree as text that reads back as the same tree."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from runfolio.core.filter.fields import is_span, is_time, split_statistic
from runfolio.core.filter.times import instant_text, number_text, span_or_seconds, span_text
from runfolio.core.filter.tree import (
    And,
    Comparison,
    Entity,
    Field,
    Node,
    Not,
    Or,
    Presence,
    Statistic,
    Value,
    Words,
)

SEEN = {"start_time": "created", "end_time": "ended"}
BARE_KEY = re.compile(r"[\w/:-][\w./:-]*")


def filter_text(node: Node) -> str:
    """The filter that has this tree."""
    match node:
        case And(parts) | Or(parts):
            word = " and " if isinstance(node, And) else " or "
            return word.join(_nested(part) for part in parts)
        case Not(part):
            return f"not {_nested(part)}"
        case Presence(Field(Entity.CHECK, name), True):
            return f"check:{name}"
        case Presence(field, present):
            return f"{field_text(field)} is {'not ' * present}null"
        case Words(text):
            return quoted(text)
        case Comparison(field, operator, value):
            return f"{field_text(field)} {operator} {_value_text(value, _number_of(field))}"


def _number_of(field: Field) -> Callable[[float], str]:
    """How numbers are written that a field is compared with: times as dates, spans with their units."""
    if is_time(field):
        return instant_text
    return span_or_seconds if is_span(field) else number_text


def field_text(field: Field) -> str:
    """A field with its prefix, quoted where it must be; the times of a run by their names in the table."""
    if field.entity is Entity.ATTRIBUTE and field.key in SEEN:
        return SEEN[field.key]
    if field.step is not None:
        return f"{field_text(replace(field, step=None))} @ {field.step}"
    ending = "" if field.statistic is Statistic.LAST and not field.loose else f".{field.statistic}"
    if field.loose:
        return f"{field.entity}.{field.key}{ending}"
    bare = BARE_KEY.fullmatch(field.key) and not (
        field.entity is Entity.METRIC and (ending or split_statistic(field.key))
    )
    mark = '"' if "`" in field.key else "`"
    return f"{field.entity}.{field.key}" if bare else f"{field.entity}.{mark}{field.key}{mark}{ending}"


def quoted(text: str) -> str:
    """Any text as a filter takes it. The plain quotes know no escape: what they cannot hold is written as e'...'."""
    if not text.endswith("\\"):
        for mark in "'\"":
            if mark not in text:
                return f"{mark}{text}{mark}"
    escaped = re.sub(r"([\\'])", r"\\\1", text)
    return f"e'{escaped}'"


def _nested(node: Node) -> str:
    return f"({filter_text(node)})" if isinstance(node, And | Or) else filter_text(node)


def _value_text(value: Value, number: Callable[[float], str]) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(_value_text(one, number) for one in value)})"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, int | float):
        return number(value)
    sign = "-" if value.offset < 0 else "+"
    return f"{value.base} {sign} {span_text(abs(value.offset))}" if value.offset else value.base
