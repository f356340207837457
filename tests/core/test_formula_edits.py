"""Computed and hand-typed columns of a view come, change wherever the view names them, and go."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from runfolio.core.cell_rules import CellRule, Tone
from runfolio.core.cell_rules import Comparison as Sign
from runfolio.core.columns import NAME, SortKey, formula, typed
from runfolio.core.errors import AlreadyExists, FilterError, InvalidValue
from runfolio.core.filter import filter_text, parse_filter
from runfolio.core.filter.tree import Comparison, Entity, Field, Operator
from runfolio.core.formula_edits import add_typed, default_name, formulas_in_filter, remove_formula, set_formula
from runfolio.core.views import FormulaColumn, View, read_view, shown_columns

OLD, NEW = formula("speed", "1 / duration"), formula("pace", "2 / duration")
USED = View(
    order=(SortKey(NAME), SortKey(OLD, descending=True)),
    pinned=(OLD,),
    places=(NAME, OLD),
    rules=(CellRule(OLD, Sign.LESS, 1.0, Tone.BAD),),
)


def test_a_formula_becomes_a_column_behind_those_of_the_runs() -> None:
    view = set_formula(View(), "", "  speed ", " 1 / duration ")
    assert shown_columns(view, [NAME]) == (NAME, OLD)
    assert shown_columns(view, [NAME])[1].heading == "speed"


def test_a_change_reaches_every_place_of_the_view() -> None:
    view = set_formula(set_formula(USED, "", "speed", "1 / duration"), "speed", "pace", "2 / duration")
    assert view.order == (SortKey(NAME), SortKey(NEW, descending=True))
    assert view.pinned == (NEW,)
    assert view.places == (NAME, NEW)
    assert view.rules[0].column == NEW
    assert shown_columns(view, [NAME]) == (NEW, NAME)


def test_a_removed_formula_is_named_nowhere() -> None:
    view = remove_formula(set_formula(USED, "", "speed", "1 / duration"), "speed")
    assert view == View(order=(SortKey(NAME),), pinned=(), places=(NAME,))
    assert remove_formula(view, "speed") is view


@pytest.mark.parametrize(
    ("filter", "renamed", "removed"),
    [
        ("formulas.speed > 2", "formulas.`the pace` > 2.0", ""),
        ("adam and not formulas.speed is null", "'adam' and not formulas.`the pace` is null", "'adam'"),
        ("status = 'x' or has(formula.speed)", "status = 'x' or formulas.`the pace` is not null", ""),
        ("metrics.speed > 2", "metrics.speed > 2", "metrics.speed > 2"),
        ("formulas.speed > >", "formulas.speed > >", "formulas.speed > >"),
    ],
)
def test_the_filter_names_a_formula_as_it_is_called_now(filter: str, renamed: str, removed: str) -> None:
    view = replace(set_formula(View(), "", "speed", "1 / duration"), filter=filter)
    new = set_formula(view, "speed", "the pace", "2 / duration")
    assert parsed(new, new.filter) == parsed(new, renamed)
    gone = remove_formula(view, "speed")
    assert parsed(gone, gone.filter) == parsed(gone, removed) and not gone.formulas


def parsed(view: View, filter: str) -> object:
    try:
        return parse_filter(filter, view.subject)
    except FilterError as error:
        return error.text


NAMES = st.text(max_size=12) | st.text("a`\"'.\\\\ /-:mina", max_size=12)


@given(before=NAMES, after=NAMES, limit=st.floats(allow_nan=False))
@example(before="speed", after='a`b"c', limit=20.0)
@example(before="a`b", after='a"b', limit=20.0)
@example(before="loss.min", after="and", limit=-0.0)
def test_a_filter_that_names_a_formula_reads_whatever_names_are_accepted(before: str, after: str, limit: float) -> None:
    try:
        view = set_formula(View(), "", before, "1 / duration")
        (one,) = view.formulas
        field = Field(Entity.FORMULA, one.name)
        typed = filter_text(Comparison(field, Operator.GREATER, limit))
        assert parse_filter(typed, view.subject) == Comparison(field, Operator.GREATER, limit)
        view = set_formula(replace(view, filter=typed), one.name, after, "1 / duration")
    except InvalidValue as error:
        assert "name" in error.message and not isinstance(error, FilterError)
        return
    field = Field(Entity.FORMULA, view.formulas[0].name)
    assert parse_filter(view.filter, view.subject) == Comparison(field, Operator.GREATER, limit)


@pytest.mark.parametrize("name", ['a`b"c', "a\x07b", "a\0b", "a\ud800", "\x1b[0m"])
def test_a_name_that_filters_cannot_write_or_that_are_none_is_refused(name: str) -> None:
    view = set_formula(View(), "", "a", "1")
    with pytest.raises(InvalidValue, match="A column's name cannot have"):
        set_formula(view, "", name, "2")
    with pytest.raises(InvalidValue, match="A column's name cannot have"):
        set_formula(view, "a", name, "2")


def test_a_column_with_such_a_name_from_before_can_be_changed_and_is_rid_of_it() -> None:
    view = View(formulas=(FormulaColumn('a`b"c', "1"),))
    assert set_formula(view, 'a`b"c', 'a`b"c', "2").formulas[0].text == "2"
    assert set_formula(view, 'a`b"c', "abc", "2").formulas[0].name == "abc"


def test_a_column_without_a_name_gets_one_that_filters_can_write() -> None:
    name = default_name('metrics."a`b" /  metrics.`c"d`')
    assert name == "metrics.'a`b' / metrics.`c'd`"
    assert set_formula(View(), "", name, "1").formulas[0].name == name


def test_a_number_of_the_filter_stays_as_it_was_typed() -> None:
    view = replace(set_formula(View(), "", "speed", "1 / duration"), filter="formulas.speed > 20")
    assert set_formula(view, "speed", "pace", "1 / duration").filter == "formulas.pace > 20"


def test_the_formulas_of_a_filter_are_known_by_its_names() -> None:
    view = set_formula(set_formula(View(), "", "speed", "1 / duration"), "", "pace", "duration")
    (speed, _) = view.formulas
    assert formulas_in_filter(replace(view, filter="formulas.speed > 2 and adam")) == (speed,)
    assert formulas_in_filter(replace(view, filter="params.formula = 2")) == ()
    assert formulas_in_filter(replace(view, filter="formulas.speed >")) == ()


def test_wrong_names_and_formulas_are_refused() -> None:
    view = set_formula(View(), "", "a", "1")
    with pytest.raises(AlreadyExists, match="'a' already"):
        set_formula(view, "", "a", "2")
    with pytest.raises(InvalidValue, match="1 to 100 characters"):
        set_formula(view, "", " ", "2")
    with pytest.raises(FilterError, match="at its end"):
        set_formula(view, "", "b", "2 +")
    assert set_formula(view, "a", "a", "2").formulas[0].text == "2"


def test_a_column_to_type_into_is_a_tag() -> None:
    view = add_typed(View(hidden=(typed("kaggle"),)), " kaggle ")
    assert view == View(added=(typed("kaggle"),))
    assert add_typed(view, "kaggle") == view
    assert shown_columns(view, [])[0].id == "tags.kaggle"
    with pytest.raises(InvalidValue, match="not allowed"):
        add_typed(view, "a*b")


def test_a_view_with_formulas_is_read_back_as_it_was() -> None:
    view = set_formula(USED, "", "speed", "1 / duration")
    assert read_view(view.to_json()) == (view, [])
