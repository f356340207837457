"""Which registered models and versions a filter lets pass, and their order: the filter's tree applied to records.

The meaning is that of filters of runs (`store/compile_filter.py`, `store/compile_order.py`), where the database does
this: a comparison, be it a negative one, holds only where there is a value; of several values, such as aliases, one
is enough; NaN differs from every number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from runfolio.core.clock import now_ms
from runfolio.core.errors import FilterError
from runfolio.core.filter.fields import EQUALITY, MODEL_VERSIONS, REGISTERED_MODELS, SIGNS, Subject
from runfolio.core.filter.parse import parse_filter, parse_order, too_slow
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
    OrderKey,
    Presence,
    Value,
    Words,
)
from runfolio.core.patterns import TimedSearch
from runfolio.core.registry.records import ModelVersion, RegisteredModel
from runfolio.core.rules import exact_number, param_number
from runfolio.core.system_tags import is_system_tag

R = TypeVar("R", bound=RegisteredModel | ModelVersion)
#: What a filter can ask for of a record: none, one or several texts or numbers.
Values = Sequence[str] | Sequence[float]

NAME = Field(Entity.ATTRIBUTE, "name")
BY_NAME = (OrderKey(NAME),)
CHANGED_LAST = (
    OrderKey(Field(Entity.ATTRIBUTE, "last_updated_timestamp"), descending=True),
    OrderKey(NAME),
    OrderKey(Field(Entity.ATTRIBUTE, "version"), descending=True),
)


@dataclass(frozen=True, slots=True)
class Searched(Generic[R]):
    """How records of a kind are searched.

    Attributes:
        subject: what can be asked for.
        attribute: the values of an attribute, by its proper name.
        texts: where words are looked for, besides the tags.
        order: theirs, where none is asked for; it also decides between equal ones.
    """

    subject: Subject
    attribute: Callable[[R, str], Values]
    texts: Callable[[R], Iterable[str]]
    order: tuple[OrderKey, ...]

    def found(self, records: Iterable[R], filter: str | None, order_by: Sequence[str] | None = None) -> list[R]:
        """The records that a filter lets pass, in order. Raises FilterError."""
        node, keys = parse_filter(filter, self.subject), self.keys(order_by)
        passing = _Passing(self, now_ms())
        try:
            kept = [one for one in records if passing.passes(node, one)]
        except TimeoutError:
            raise too_slow(filter or "", passing.search.too_slow) from None
        for key in reversed((*keys, *self.order)):
            kept = self._ordered(kept, key)
        return kept

    def keys(self, order_by: Sequence[str] | None) -> list[OrderKey]:
        """The keys of an order. Raises FilterError: one cannot be read, or a field comes twice."""
        texts = [order_by] if isinstance(order_by, str) else order_by or ()
        keys: list[OrderKey] = []
        for text in texts:
            key = parse_order(text, self.subject)
            if any(key.field == before.field for before in keys):
                raise FilterError(f"The order names {text.split()[0]} twice.", text, 0, text)
            keys.append(key)
        return keys

    def values(self, record: R, field: Field) -> Values:
        """The values that a record has of a field."""
        if field.entity is Entity.ATTRIBUTE:
            return self.attribute(record, field.key)
        named: Any = getattr(record, field.entity)
        return (named[field.key],) if field.key in named else ()

    def _ordered(self, records: list[R], key: OrderKey) -> list[R]:
        """Numbers before texts, NaN after numbers, and what is missing last; equal ones stay as they are."""
        numbers: list[tuple[Any, R]] = []
        odd: list[tuple[Any, R]] = []
        missing: list[R] = []
        for one in records:
            value = min(self.values(one, key.field), default=None)
            number = None if value is None else _number(key.field, value)
            if value is None:
                missing.append(one)
            elif number is not None:
                numbers.append(((number, str(value)), one))
            else:
                odd.append((value if isinstance(value, str) else "", one))
        ordered = [*_by_first(numbers, key.descending), *_by_first(odd, key.descending)]
        return [*missing, *ordered] if key.nulls_first else [*ordered, *missing]


def _by_first(pairs: list[tuple[Any, R]], descending: bool) -> list[R]:
    return [one for _, one in sorted(pairs, key=lambda pair: pair[0], reverse=descending)]


def _number(field: Field, value: str | float) -> float | None:
    """A value as a number, if it is sorted as one."""
    if isinstance(value, str):
        as_text = field.entity is Entity.ATTRIBUTE or (field.entity is Entity.TAG and is_system_tag(field.key))
        return None if as_text else param_number(value)
    return None if math.isnan(value) else value


@dataclass(slots=True)
class _Passing(Generic[R]):
    """Says of records whether a filter's tree lets them pass."""

    searched: Searched[R]
    now: int
    search: TimedSearch

    def __init__(self, searched: Searched[R], now: int) -> None:
        self.searched, self.now, self.search = searched, now, TimedSearch()

    def passes(self, node: Node, record: R) -> bool:
        """Whether it does. Raises TimeoutError for an expression that takes too long."""
        match node:
            case And(parts):
                return all(self.passes(part, record) for part in parts)
            case Or(parts):
                return any(self.passes(part, record) for part in parts)
            case Not(part):
                return not self.passes(part, record)
            case Presence(field, present):
                return bool(self.searched.values(record, field)) == present
            case Words(text):
                word = text.lower()
                return any(word in one.lower() for one in (*self.searched.texts(record), *record.tags.values()))
            case Comparison(field, operator, value):
                given = self._at(value)
                return any(self._holds(field, operator, given, one) for one in self.searched.values(record, field))

    def _at(self, value: Value) -> Any:
        return float(base_ms(value.base, self.now) + value.offset) if isinstance(value, Moment) else value

    def _holds(self, field: Field, operator: Operator, given: Any, found: str | float) -> bool:
        first = given[0] if isinstance(given, tuple) else given
        if isinstance(first, str):
            return self._text_holds(operator, given, str(found))
        if isinstance(found, str):
            return _either_holds(operator, given, found)
        return (
            _metric_holds(operator, given, found) if field.entity is Entity.METRIC else _holds(operator, given, found)
        )

    def _text_holds(self, operator: Operator, given: Any, found: str) -> bool:
        match operator:
            case Operator.IN | Operator.NOT_IN:
                return (found in given) == (operator is Operator.IN)
            case Operator.LIKE | Operator.NOT_LIKE:
                return is_like(found, given) == (operator is Operator.LIKE)
            case Operator.ILIKE | Operator.NOT_ILIKE:
                return is_like(found.lower(), given.lower()) == (operator is Operator.ILIKE)
            case Operator.MATCHES | Operator.NOT_MATCHES:
                return self.search.found(found, given) == (operator is Operator.MATCHES)
        return bool(SIGNS[operator](found, given))


def _either_holds(operator: Operator, given: Any, text: str) -> bool:
    """A comparison of a param or a tag with numbers: a text that is none does not stand it."""
    numbers = given if isinstance(given, tuple) else (given,)
    if operator in EQUALITY and any(isinstance(one, int) or not math.isfinite(one) for one in numbers):
        exact = exact_number(text)
        if exact is None:
            return False
        among = any(map(math.isnan, numbers)) if math.isnan(exact) else exact in numbers
        return among == (operator in (Operator.EQUAL, Operator.IN))
    number = param_number(text)
    return number is not None and _holds(operator, given, number)


def _holds(operator: Operator, given: Any, found: float) -> bool:
    """A comparison of a number that is no NaN."""
    if isinstance(given, tuple):
        return (found in given) == (operator is Operator.IN)
    if math.isnan(given):
        return operator is Operator.UNEQUAL
    return bool(SIGNS[operator](found, given))


def _metric_holds(operator: Operator, given: Any, found: float) -> bool:
    if not math.isnan(found):
        return _holds(operator, given, found)
    asked_for = any(map(math.isnan, given if isinstance(given, tuple) else (given,)))
    if operator in (Operator.EQUAL, Operator.IN):
        return asked_for
    return operator in (Operator.UNEQUAL, Operator.NOT_IN) and not asked_for


def is_like(text: str, pattern: str) -> bool:
    """Whether a text is what a pattern of SQL's LIKE says: `%` stands for any letters, `_` for any one."""
    first, *rest = pattern.split("%")
    if not rest:
        return len(text) == len(first) and _is_at(text, 0, first)
    *middle, last = rest
    place, end = len(first), len(text) - len(last)
    if end < place or not _is_at(text, 0, first) or not _is_at(text, end, last):
        return False
    for part in middle:
        # The first place that fits leaves most for what follows.
        fits = (at for at in range(place, end - len(part) + 1) if _is_at(text, at, part))
        if (at := next(fits, None)) is None:
            return False
        place = at + len(part)
    return True


def _is_at(text: str, start: int, part: str) -> bool:
    if "_" not in part:
        return text.startswith(part, start)
    return all(letter in ("_", own) for letter, own in zip(part, text[start : start + len(part)], strict=True))


def name_in(node: Node) -> str | None:
    """The name that all records a filter lets pass must have, if it says so."""
    parts = node.parts if isinstance(node, And) else (node,)
    for part in parts:
        if isinstance(part, Comparison) and part.field == NAME and part.operator is Operator.EQUAL:
            return str(part.value)
    return None


def _of_model(one: RegisteredModel, name: str) -> Values:
    match name:
        case "name":
            return (one.name,)
        case "description":
            return (one.description,) if one.description else ()
        case "stage":
            return tuple(one.holders)
        case "alias":
            return tuple(one.aliases)
        case "versions":
            return (one.versions,)
        case "creation_timestamp":
            return (one.creation_time,)
        case _:
            return (one.last_update_time,)


def _of_version(one: ModelVersion, name: str) -> Values:
    if name == "alias":
        return one.aliases
    names = {"creation_timestamp": "creation_time", "last_updated_timestamp": "last_update_time"}
    value: Any = getattr(one, names.get(name, name))
    return () if value == "" else (value,)


MODELS: Searched[RegisteredModel] = Searched(
    REGISTERED_MODELS, _of_model, lambda one: (one.name, one.description, *one.aliases), BY_NAME
)
VERSIONS: Searched[ModelVersion] = Searched(
    MODEL_VERSIONS,
    _of_version,
    lambda one: (one.name, one.description, one.run_name, *one.aliases, *one.params.values()),
    CHANGED_LAST,
)
