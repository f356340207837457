"""What a filter says, as plain immutable records that compare by value. Times are epoch milliseconds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal, TypeAlias


class Entity(StrEnum):
    """Where a field's values come from; the words that filters are written with."""

    ATTRIBUTE = "attributes"
    METRIC = "metrics"
    PARAM = "params"
    TAG = "tags"
    DATASET = "datasets"
    CHECK = "checks"
    FORMULA = "formulas"


class Statistic(StrEnum):
    """A number that sums up a metric. `best` is the least or the greatest, by what the metric's name says."""

    LAST = "last"
    FIRST = "first"
    MIN = "min"
    MAX = "max"
    MEAN = "mean"
    BEST = "best"
    COUNT = "count"


class Operator(StrEnum):
    """How a field is compared. All of them, the negative ones too, hold only where the field has a value."""

    EQUAL = "="
    UNEQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="
    LIKE = "like"
    NOT_LIKE = "not like"
    ILIKE = "ilike"
    NOT_ILIKE = "not ilike"
    IN = "in"
    NOT_IN = "not in"
    MATCHES = "~"
    NOT_MATCHES = "!~"


@dataclass(frozen=True, slots=True)
class Field:
    """Something to compare or to order by.

    Attributes:
        entity: where its values come from.
        key: the name, without quotes; of attributes the proper one and not an alias.
        statistic: for metrics only, else `last`.
        loose: written as `metrics.loss.min` without quotes, so that it means a metric `loss.min` where there is one,
            as in MLflow, and else the minimum of `loss`.
        step: for metrics the step whose value is meant; None for the statistic.
    """

    entity: Entity
    key: str
    statistic: Statistic = Statistic.LAST
    loose: bool = False
    step: int | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """A time that moves on: `now` or the start of `today` (in this machine's time zone), and so many ms later."""

    base: Literal["now", "today"]
    offset: int = 0


#: A text, a number (times in ms; an int if a param or tag must be a great whole one exactly), a moving time, or a list
#: of texts or of numbers.
Value: TypeAlias = str | float | Moment | tuple[str, ...] | tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A field compared with a value."""

    field: Field
    operator: Operator
    value: Value


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether a field has a value at all: `is not null`, `is null`."""

    field: Field
    present: bool = True


@dataclass(frozen=True, slots=True)
class Words:
    """A text that must occur in a name, a tag or a param, whatever its case."""

    text: str


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but."""

    part: Node


@dataclass(frozen=True, slots=True)
class And:
    """All of the parts; of no parts, everything."""

    parts: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of the parts."""

    parts: tuple[Node, ...]


Node: TypeAlias = And | Or | Not | Comparison | Presence | Words


def conditions(node: Node) -> Iterator[Comparison | Presence | Words]:
    """What a filter is put together from, in order."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from conditions(part)
        case Not(part):
            yield from conditions(part)
        case _:
            yield node


def fields(node: Node) -> Iterator[Field]:
    """All fields that a filter names, in order, as often as it does."""
    return (one.field for one in conditions(node) if not isinstance(one, Words))


def with_fields(node: Node, change: Callable[[Field], Field]) -> Node:
    """A filter that names other fields in the places of its own."""
    match node:
        case And(parts) | Or(parts):
            return replace(node, parts=tuple(with_fields(part, change) for part in parts))
        case Not(part):
            return Not(with_fields(part, change))
        case Comparison(field) | Presence(field):
            return replace(node, field=change(field))
    return node


@dataclass(frozen=True, slots=True)
class OrderKey:
    """One key of an order. Missing values come last in both directions, unless `nulls_first`."""

    field: Field
    descending: bool = False
    nulls_first: bool = False
