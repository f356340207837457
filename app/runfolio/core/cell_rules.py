"""Conditional formats: what a cell's value must be like for the cell to be marked as good, doubtful or bad."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from runfolio.core.columns import Column, Kind, Missing
from runfolio.core.errors import InvalidValue
from runfolio.core.filter.times import seconds_ms, span_or_seconds, whole_span
from runfolio.core.numbers import exact


class Tone(StrEnum):
    """What a mark says; each has a shape of its own, so that colour is never the only sign."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"

    @property
    def shape(self) -> str:
        """The sign that stands in the cell."""
        return {"ok": "✓", "warn": "!", "bad": "✕"}[self]


class Comparison(StrEnum):
    """How a cell's value is compared with a rule's."""

    GREATER = ">"
    AT_LEAST = ">="
    LESS = "<"
    AT_MOST = "<="
    EQUAL = "="
    UNEQUAL = "!="
    CONTAINS = "contains"


NUMERIC: dict[Comparison, Callable[[float, float], bool]] = {
    Comparison.GREATER: operator.gt,
    Comparison.AT_LEAST: operator.ge,
    Comparison.LESS: operator.lt,
    Comparison.AT_MOST: operator.le,
}


@dataclass(frozen=True, slots=True)
class CellRule:
    """One conditional format.

    Attributes:
        column: whose cells are marked.
        comparison: how a value is compared with `value`.
        value: a number or a text; of spans milliseconds.
        tone: the mark.
    """

    column: Column
    comparison: Comparison
    value: float | str
    tone: Tone

    def fits(self, value: object) -> bool:
        """Whether a cell with this value is marked; one without a value never is."""
        if value is None or isinstance(value, Missing):
            return False
        if self.comparison in NUMERIC:
            numbers = isinstance(value, int | float) and isinstance(self.value, int | float)
            return numbers and NUMERIC[self.comparison](float(value), float(self.value))  # type: ignore[arg-type]
        if self.comparison is Comparison.CONTAINS:
            return str(self.value).lower() in str(value).lower()
        return _same(value, self.value) is (self.comparison is Comparison.EQUAL)


def rule_of(column: Column, comparison: Comparison, typed: str, tone: Tone) -> CellRule:
    """The rule with a value as a user typed it. Raises InvalidValue: less and greater compare numbers or spans."""
    is_span = column.kind is Kind.DURATION
    number = _span(typed) if is_span else _number(typed)
    if comparison in NUMERIC and number is None:
        if is_span:
            raise InvalidValue(f"“{typed}” is no span of time.", "Such as 2h30m, or a number of seconds.")
        raise InvalidValue(f"“{typed}” is no number.", "Less and greater compare numbers.")
    return CellRule(column, comparison, typed if number is None or comparison is Comparison.CONTAINS else number, tone)


def typed_value(rule: CellRule) -> str:
    """The value of a rule as a user types it."""
    if isinstance(rule.value, str):
        return rule.value
    return span_or_seconds(rule.value) if rule.column.kind is Kind.DURATION else exact(rule.value)


def tone_of(rules: Iterable[CellRule], column: Column, value: object) -> Tone | None:
    """The mark of a cell: that of the first rule of its column that fits; None without one."""
    return next((rule.tone for rule in rules if rule.column == column and rule.fits(value)), None)


def _same(value: object, other: float | str) -> bool:
    if isinstance(value, int | float) and isinstance(other, int | float):
        return float(value) == float(other)
    return str(value).lower() == str(other).lower()


def _span(text: str) -> float | None:
    """The milliseconds of a span such as `2h30m`, or of a number of seconds."""
    span, seconds = whole_span(text), _number(text)
    return span if seconds is None else seconds_ms(seconds)


def _number(text: str) -> float | None:
    try:
        return float(text.strip().replace("\N{MINUS SIGN}", "-"))
    except ValueError:
        return None
