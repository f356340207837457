"""Computed and hand-typed columns of a view come, change wherever the view names them, and go."""

from __future__ import annotations

import pytest

from runfolio.core.cell_rules import CellRule, Comparison, Tone
from runfolio.core.columns import NAME, SortKey, formula, typed
from runfolio.core.errors import AlreadyExists, FilterError, InvalidValue
from runfolio.core.formula_edits import add_typed, remove_formula, set_formula
from runfolio.core.views import View, read_view, shown_columns

OLD, NEW = formula("speed", "1 / duration"), formula("pace", "2 / duration")
USED = View(
    order=(SortKey(NAME), SortKey(OLD, descending=True)),
    pinned=(OLD,),
    places=(NAME, OLD),
    rules=(CellRule(OLD, Comparison.LESS, 1.0, Tone.BAD),),
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
    assert view == View(order=(SortKey(NAME),), places=(NAME,))
    assert remove_formula(view, "speed") is view


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
