"""A column's own part of a filter: replaced, read back, and kept apart from the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.columns import CREATED, NAME, Column, Kind, Source, metric, param, trend
from runfolio.core.errors import FilterError
from runfolio.core.filter import narrow, parse_filter
from runfolio.core.filter.narrow import Way
from runfolio.core.filter.tree import And, Comparison, Entity, Field, Node, Operator, Presence, Statistic
from runfolio.core.filter.write import field_text, filter_text

ACC, KIND = Field(Entity.METRIC, "acc"), Field(Entity.PARAM, "kind")


@pytest.mark.parametrize(
    ("before", "conditions", "after"),
    [
        ("", ["metrics.acc > 0.5"], "metrics.acc > 0.5"),
        ("params.kind = 'a'", ["metrics.acc > 0.5"], "params.kind = 'a' and metrics.acc > 0.5"),
        ("metrics.acc > 0.1 and params.kind = 'a'", ["metrics.acc > 0.5"], "params.kind = 'a' and metrics.acc > 0.5"),
        ("metrics.acc > 0.1 and metrics.acc < 1", [], ""),
        ("metrics.acc > 0.1 or metrics.acc is null", ["metrics.acc > 0.5"], "metrics.acc > 0.5"),
        (
            "metrics.acc > 0.1 or params.kind = 'a'",
            ["metrics.acc > 0.5", "metrics.acc < 1"],
            "(metrics.acc > 0.1 or params.kind = 'a') and metrics.acc > 0.5 and metrics.acc < 1",
        ),
        ("not metrics.acc = 1 and 'word'", ["metrics.acc > 0.5"], "'word' and metrics.acc > 0.5"),
        ("metrics.acc.min > 1", ["metrics.acc > 0.5"], "metrics.acc.min > 1 and metrics.acc > 0.5"),
    ],
)
def test_conditions_take_the_place_of_earlier_ones(before: str, conditions: list[str], after: str) -> None:
    wanted = filter_text(parse_filter(after.replace("0.5", "0.50")))
    own = narrow.conditions_on(parse_filter(before), ACC)
    assert narrow.narrowed(before, own, conditions).replace(" < 1.0", " < 1") == wanted.replace(" < 1.0", " < 1")


def test_what_cannot_be_read_is_an_error() -> None:
    with pytest.raises(FilterError):
        narrow.narrowed("", (), ["metrics.acc > much"])


@given(st.text(min_size=1, max_size=12).filter(lambda text: "\0" not in text and text.strip("%") == text))
def test_a_text_comes_back_as_it_was_typed(text: str) -> None:
    try:
        node = parse_filter(narrow.containing(KIND, text))
    except FilterError:
        assert any(not character.isprintable() for character in text)
        return
    assert narrow.contained(narrow.conditions_on(node, KIND)) == text


@given(st.lists(st.text("ab'\"\\%_` ", min_size=1, max_size=4), min_size=1, max_size=4, unique=True))
def test_values_come_back_as_they_were_chosen(values: list[str]) -> None:
    conditions = narrow.conditions_on(parse_filter(narrow.among(KIND, values)), KIND)
    assert narrow.chosen_values(conditions) == tuple(values)


@pytest.mark.parametrize(
    ("typed", "position", "told"),
    [("much", 0, "at character 1:"), ("< 0.8x", 2, "at character 3"), (">", 1, "at its end"), ("'a", 0, "quote ' at")],
)
def test_what_is_wrong_with_a_limit_is_told_of_what_was_typed(typed: str, position: int, told: str) -> None:
    with pytest.raises(FilterError) as caught:
        narrow.limit(ACC, typed, Way.LEAST)
    assert (caught.value.text, caught.value.position) == (typed, position)
    assert told in caught.value.message and caught.value.pointer.startswith(f"{typed}\n{' ' * position}^")


def test_limits_come_back_as_they_were_typed() -> None:
    node = parse_filter("metrics.acc >= 0.5 and metrics.acc <= 1e-3 and start_time >= now - 3d")
    assert [float(one) for one in narrow.limits(narrow.conditions_on(node, ACC))] == [0.5, 0.001]
    created = narrow.field_of(CREATED, {})
    assert created is not None
    assert narrow.limits(narrow.conditions_on(node, created)) == ("now - 3d", "")


@pytest.mark.parametrize(
    ("column", "field"),
    [
        (NAME, Field(Entity.ATTRIBUTE, "run_name")),
        (metric("acc"), ACC),
        (trend("acc"), ACC),
        (metric("acc", "best"), Field(Entity.METRIC, "acc", Statistic.MIN)),
        (param("kind"), KIND),
        (Column(Source.TAG, "note", Kind.TEXT), Field(Entity.TAG, "note")),
        (Column(Source.FORMULA, "ratio", Kind.NUMBER), Field(Entity.FORMULA, "ratio")),
        (Column(Source.ATTRIBUTE, "unknown", Kind.TEXT), None),
    ],
)
def test_the_field_of_a_column(column: Column, field: Field | None) -> None:
    assert narrow.field_of(column, {"acc": True}) == field


LOSS = Field(Entity.METRIC, "loss", Statistic.LAST)


@pytest.mark.parametrize(
    "text",
    [
        "metrics.loss < 0.1",
        "metrics.loss >= 0.1 and metrics.loss > 0.2",
        "metrics.loss = 1",
        "metrics.loss != 1 and metrics.loss is null",
        "metrics.loss < 0.1 or metrics.loss > 5",
        "params.kind ilike 'ad%'",
        "params.kind ilike '%ad%' and params.kind ilike '%am%'",
        "params.kind ~ '(?i)^adam'",
        "params.kind ~ '(?i)50%'",
        "params.kind like '%ad%'",
        "params.kind = 'adam' and params.kind not in ('a', 'b')",
        "params.kind in ('a', 'b') and params.kind is not null",
        "params.kind < 3",
    ],
)
def test_a_filter_that_is_looked_at_and_put_back_is_the_same(text: str) -> None:
    """As the quick filter of a column does it, whatever was typed."""
    field = LOSS if "loss" in text else KIND
    ways = {Way.PRESENT, *((Way.LEAST, Way.MOST) if field is LOSS else (Way.TEXT, Way.VALUES))}
    node = parse_filter(text)
    own = narrow.adjustable(field, narrow.conditions_on(node, field), ways)
    least, most = narrow.limits(own)
    again = [narrow.limit(field, one, way) for one, way in ((least, Way.LEAST), (most, Way.MOST)) if one]
    again += [narrow.containing(field, narrow.contained(own))] if narrow.contained(own) else []
    again += [narrow.among(field, narrow.chosen_values(own))] if narrow.chosen_values(own) else []
    again += [f"{field_text(field)} is not null"] if any(isinstance(one, Presence) for one in own) else []
    put_back = parse_filter(narrow.narrowed(text, own, again))
    assert set(parts_of(put_back)) == set(parts_of(node))


def parts_of(node: Node) -> tuple[Node, ...]:
    """A filter's conditions, of which a choice of one is an equality."""
    parts = node.parts if isinstance(node, And) else (node,)
    return tuple(
        replace(one, operator=Operator.EQUAL, value=one.value[0])
        if isinstance(one, Comparison) and isinstance(one.value, tuple) and len(one.value) == 1
        else one
        for one in parts
    )
