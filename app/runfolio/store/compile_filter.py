"""Filters as SQL: conditions made of columns and bound values alone.

Every condition is true or false and never NULL, so that `not` means the opposite.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Protocol

from sqlalchemy import ColumnElement, SelectBase, and_, false, not_, or_, select, true

from runfolio.core.filter.fields import EQUALITY, SIGNS
from runfolio.core.filter.times import base_ms
from runfolio.core.filter.tree import (
    And,
    Comparison,
    Entity,
    Field,
    Moment,
    Node,
    Not,
    Operator,
    Or,
    Presence,
    Value,
    Words,
)
from runfolio.store import dialect
from runfolio.store.run_fields import Condition, RunFields, Test
from runfolio.store.schema import runs
from runfolio.store.words import lowered

TESTS: dict[Operator, Callable[[Any, Any], Any]] = {
    **SIGNS,
    Operator.IN: lambda value, given: value.in_(given),
    Operator.NOT_IN: lambda value, given: value.not_in(given),
    Operator.LIKE: lambda value, given: value.like(given),
    Operator.NOT_LIKE: lambda value, given: value.not_like(given),
    Operator.ILIKE: lambda value, given: lowered(value, given.isascii()).like(given.lower()),
    Operator.NOT_ILIKE: lambda value, given: lowered(value, given.isascii()).not_like(given.lower()),
    Operator.MATCHES: dialect.matches,
    Operator.NOT_MATCHES: lambda value, given: not_(dialect.matches(value, given)),
}


class Fields(Protocol):
    """What a condition is compiled against: the fields of runs or of experiments."""

    def holds(self, field: Field, test: Test, number: bool = False) -> Condition:
        """That there is a value of a field that stands a test; `number` asks for a param or tag as a number."""

    def mentions(self, word: str) -> Condition:
        """That a word occurs somewhere."""


def compiled(node: Node, fields: Fields, now: int) -> Condition:
    """The condition that a filter's tree states; `now` is the time in ms."""
    match node:
        case And(parts):
            return and_(true(), *(compiled(part, fields, now) for part in parts))
        case Or(parts):
            return or_(false(), *(compiled(part, fields, now) for part in parts))
        case Not(part):
            return not_(compiled(part, fields, now))
        case Presence(field, present):
            there = fields.holds(field, lambda _: true())
            return there if present else not_(there)
        case Words(text):
            return fields.mentions(text)
        case Comparison(field, operator, value):
            return fields.holds(field, *_test(field, operator, _at(value, now)))


def matching(node: Comparison | Presence, fields: RunFields, now: int) -> SelectBase:
    """The runs that one part of a filter holds for, some maybe more than once: read from one index if there is one."""
    found: SelectBase | None = None
    match node:
        case Comparison(field, operator, value):
            found = fields.rows(field, *_test(field, operator, _at(value, now)))
        case Presence(field, True):
            found = fields.rows(field, lambda _: true())
    return select(runs.c.id).where(compiled(node, fields, now)) if found is None else found


def _at(value: Value, now: int) -> Value:
    return float(base_ms(value.base, now) + value.offset) if isinstance(value, Moment) else value


def _test(field: Field, operator: Operator, value: Value) -> tuple[Test, bool]:
    """The test of a comparison, and whether it is one of a param's or tag's number."""
    if _is_text(value):
        return lambda found: TESTS[operator](found, value), False
    if field.entity in (Entity.PARAM, Entity.TAG) and operator in EQUALITY and any(map(_is_odd, _listed(value))):
        return lambda text: dialect.is_number_of(text, _listed(value), operator in (Operator.EQUAL, Operator.IN)), False
    if field.entity is Entity.METRIC:
        return lambda found: _of_metric(found, operator, value), False
    return _number_test(operator, value), True


def _is_odd(number: float) -> bool:
    """Whether no column of numbers has it: one without an end, or a whole one with more digits than a float."""
    return isinstance(number, int) or not math.isfinite(number)


def _listed(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _is_text(value: Value) -> bool:
    return isinstance(value[0] if isinstance(value, tuple) else value, str)


def _number_test(operator: Operator, value: Any) -> Test:
    """A test of a number that is none NaN, which no number of a column but a metric is."""
    if isinstance(value, tuple):
        return lambda found: TESTS[operator](found, [one for one in value if not math.isnan(one)])
    if not math.isnan(value):
        return lambda found: TESTS[operator](found, value)
    return lambda _: true() if operator is Operator.UNEQUAL else false()


def _of_metric(found: ColumnElement[Any], operator: Operator, value: Any) -> Condition:
    """A test of a metric's value, which is NULL for NaN. As in MLflow a NaN differs from every number."""
    test = _number_test(operator, value)(found)
    asked_for = any(math.isnan(one) for one in _listed(value))
    if operator in (Operator.EQUAL, Operator.IN):
        return or_(_known(found, test), found.is_(None)) if asked_for else _known(found, test)
    if operator in (Operator.UNEQUAL, Operator.NOT_IN):
        return _known(found, test) if asked_for else or_(test, found.is_(None))
    return _known(found, test)


def _known(found: ColumnElement[Any], test: Condition) -> Condition:
    return and_(found.is_not(None), test)
