"""Any filter's tree, for tests by hypothesis, and how an order is written."""

from __future__ import annotations

import math
from typing import Any, Literal

from hypothesis import strategies as st

from runfolio.core.check_names import NAMES as CHECKS
from runfolio.core.filter.fields import (
    DATASET_KEYS,
    EQUALITY,
    LISTS,
    ORDERING,
    PATTERN,
    RUNS,
    Kind,
    Subject,
    kind_of,
)
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
    Statistic,
    Words,
)
from runfolio.core.filter.write import field_text

STORABLE = st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")
TEXTS = st.text(STORABLE, max_size=8) | st.text("ab'\"\\`%_() e", max_size=8)
KEYS = st.text(STORABLE, min_size=1, max_size=8).filter(lambda key: "`" not in key) | st.text(
    "ab.-/: _", min_size=1, max_size=8
)
NUMBERS = st.floats(allow_nan=False) | st.integers(-1000, 1000).map(float)
SPANS = st.sampled_from([math.inf, -math.inf]) | st.integers(-(10**15), 10**15).map(float)
BASES: tuple[Literal["now", "today"], ...] = ("now", "today")
PATTERNS = st.sampled_from(["a", "^a.*b$", r"\d+", "(x|y)", "it's"])


def fields(subject: Subject = RUNS, keys: st.SearchStrategy[str] = KEYS) -> st.SearchStrategy[Field]:
    """Any field of a subject, with these names of metrics, params and tags."""
    attributes = st.builds(Field, st.just(Entity.ATTRIBUTE), st.sampled_from(sorted(subject.attributes)))
    named = st.builds(Field, st.sampled_from([Entity.METRIC, Entity.PARAM, Entity.TAG]), keys)
    statistics = st.builds(Field, st.just(Entity.METRIC), keys, st.sampled_from(Statistic))
    loose = st.builds(Field, st.just(Entity.METRIC), st.just("loss"), st.sampled_from(Statistic), st.just(True))
    steps = st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3)
    at_step = st.builds(lambda key, step: Field(Entity.METRIC, key, step=step), keys, steps)
    datasets = st.builds(Field, st.just(Entity.DATASET), st.sampled_from(DATASET_KEYS))
    checks = st.builds(Field, st.just(Entity.CHECK), st.sampled_from(CHECKS))
    every = attributes | named | statistics | loose | at_step | datasets | checks
    return every.filter(lambda field: field.entity is Entity.ATTRIBUTE or field.entity in subject.entities)


@st.composite
def comparisons(
    draw: st.DrawFn,
    some: st.SearchStrategy[Field],
    subject: Subject = RUNS,
    texts: st.SearchStrategy[str] = TEXTS,
    numbers: st.SearchStrategy[float] = NUMBERS,
) -> Comparison:
    """A field compared as its kind can be."""
    field = draw(some)
    kind = kind_of(subject, field)
    if kind is Kind.EITHER:
        kind = draw(st.sampled_from([Kind.TEXT, Kind.NUMBER]))
    operator: Operator = draw(st.sampled_from([*EQUALITY, *(PATTERN if kind is Kind.TEXT else ORDERING)]))
    if operator in (Operator.MATCHES, Operator.NOT_MATCHES):
        return Comparison(field, operator, draw(PATTERNS))
    one: st.SearchStrategy[Any] = texts if kind is Kind.TEXT else numbers
    if kind is Kind.SPAN:
        one = SPANS
    if operator in LISTS:
        return Comparison(field, operator, tuple(draw(st.lists(one, min_size=1, max_size=4))))
    if kind is Kind.TIME and draw(st.booleans()):
        base = draw(st.sampled_from(BASES))
        return Comparison(field, operator, Moment(base, draw(st.integers(-(10**12), 10**12))))
    return Comparison(field, operator, draw(one))


def trees(leaves: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Any tree of these leaves."""

    def more(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        several = st.lists(inner, min_size=2, max_size=3).map(tuple)
        return st.builds(And, several) | st.builds(Or, several) | st.builds(Not, inner)

    return st.recursive(leaves, more, max_leaves=6)


def leaves(subject: Subject = RUNS) -> st.SearchStrategy[Node]:
    """Any condition."""
    some = fields(subject)
    return comparisons(some, subject) | st.builds(Presence, some, st.booleans()) | st.builds(Words, TEXTS)


def order_text(key: OrderKey) -> str:
    """The order that is this key."""
    ending = " nulls first" if key.nulls_first else ""
    return f"{field_text(key.field)} {'desc' if key.descending else 'asc'}{ending}"
