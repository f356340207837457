"""A column's own part of a filter: replaced, read back, and kept apart from the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.columns import CREATED, NAME, Column, Kind, Source, metric, param, trend
from runfolio.core.errors import FilterError
from runfolio.core.filter import narrow, parse_filter
from runfolio.core.filter.tree import Entity, Field, Statistic
from runfolio.core.filter.write import filter_text

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
    assert narrow.narrowed(before, ACC, conditions).replace(" < 1.0", " < 1") == wanted.replace(" < 1.0", " < 1")


def test_what_cannot_be_read_is_an_error() -> None:
    with pytest.raises(FilterError):
        narrow.narrowed("", ACC, ["metrics.acc > much"])


def test_fields_with_conditions_of_their_own() -> None:
    node = parse_filter("metrics.acc.min > 1 and (params.kind = 'a' or params.lr > 1) and name = 'x' and 'word'")
    assert narrow.filtered_fields(node) == {
        Field(Entity.METRIC, "acc", Statistic.MIN),
        Field(Entity.ATTRIBUTE, "run_name"),
    }


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
