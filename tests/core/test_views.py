"""Views as texts: what is saved comes back, and of what is damaged the rest stands."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.cell_rules import CellRule, Comparison, Tone
from runfolio.core.columns import CREATED, NAME, STATUS, Column, Kind, SortKey, Source, formula, is_known, metric, param
from runfolio.core.compare_options import CompareOptions
from runfolio.core.errors import InvalidValue
from runfolio.core.statistics import Statistic
from runfolio.core.views import FormulaColumn, View, read_view, shown_columns

names = st.text(max_size=8)
columns = st.builds(
    Column, st.sampled_from(Source), names, st.sampled_from(Kind), st.sampled_from(["", "last", "min", "best"]), names
).filter(is_known)
numbers = st.floats(allow_nan=False) | st.integers()
rules = st.builds(CellRule, columns, st.sampled_from(Comparison), names | numbers, st.sampled_from(Tone))
some_columns = st.lists(columns, max_size=3).map(tuple)
comparisons = st.builds(
    CompareOptions,
    axes=st.lists(columns, max_size=3, unique=True).map(tuple),
    flipped=st.lists(columns, max_size=2, unique=True).map(tuple),
    log=st.lists(columns, max_size=2, unique=True).map(tuple),
    color=st.none() | columns,
    x=st.none() | columns,
    y=st.none() | columns,
    size=st.none() | columns,
    metric=st.none() | columns,
)
views = st.builds(
    View,
    filter=names,
    order=st.lists(st.builds(SortKey, columns, st.booleans(), st.booleans()), max_size=3).map(tuple),
    automatic=st.booleans(),
    hidden=some_columns,
    added=some_columns,
    places=some_columns,
    pinned=some_columns,
    group_by=some_columns,
    group_except=some_columns,
    statistic=st.sampled_from(Statistic),
    nested=st.booleans(),
    baseline=names,
    heat=some_columns,
    formulas=st.lists(st.builds(FormulaColumn, names, names), max_size=2).map(tuple),
    lower=st.dictionaries(names, st.booleans(), max_size=3).map(lambda chosen: tuple(chosen.items())),
    rules=st.lists(rules, max_size=3).map(tuple),
    folded=st.lists(names, max_size=3).map(tuple),
    compare=comparisons,
)


@given(views)
def test_a_view_comes_back_as_it_was(view: View) -> None:
    again, problems = read_view(view.to_json())
    assert again == view and not problems
    assert repr(again) == repr(view), "kinds and titles of the columns too"


@given(st.recursive(st.none() | st.booleans() | st.integers() | names, lambda inner: st.lists(inner, max_size=3)))
def test_what_cannot_be_understood_is_named_and_the_rest_stands(wrong: object) -> None:
    given = json.loads(View(filter="status = 'FAILED'").to_json())
    view, problems = read_view(json.dumps({**given, "order": [wrong], "heat": [wrong], "rules": [wrong]}))
    assert view == View(filter="status = 'FAILED'")
    assert [problem.split(":")[0] for problem in problems] == ["order", "heat", "rules"]


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"format": "x"}', '{"format": 3}', "[" * 100_000])
def test_what_is_no_view_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        read_view(text)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("duration > 7200000 and  metrics.duration > 5", "duration > 2h and  metrics.duration > 5"),
        ("attributes.duration in (500, 1e3, 90s) or duration", "attributes.duration in (500ms, 1s, 90s) or duration"),
        ("duration > 5m and formulas.`duration` < 5", "duration > 5m and formulas.`duration` < 5"),
        ("duration > -5 or duration < inf or duration >= 0", "duration > -0.005 or duration < inf or duration >= 0"),
        ("duration > 5 or", "duration > 5 or"),
    ],
)
def test_spans_of_views_that_were_saved_as_milliseconds_keep_their_meaning(before: str, now: str) -> None:
    view = View(filter=before, formulas=(FormulaColumn("duration", "duration > 5"),))
    older = json.dumps({**json.loads(view.to_json()), "format": 1})
    read, problems = read_view(older)
    assert (read.filter, read.formulas, problems) == (now, view.formulas, [])
    assert read_view(read.to_json())[0] == read, "and are not changed again"


LOSS, ACC, LR = metric("loss"), metric("acc"), param("lr")
NATURAL = (NAME, STATUS, LR, ACC, LOSS)


@pytest.mark.parametrize(
    ("view", "shown"),
    [
        (View(), NATURAL),
        (View(hidden=(STATUS, LR)), (NAME, ACC, LOSS)),
        (View(added=(CREATED, LOSS)), (*NATURAL, CREATED)),
        (View(automatic=False, added=(metric("loss", "min"), NAME)), (NAME, metric("loss", "min"))),
        (View(automatic=False), ()),
        (View(places=(LOSS, NAME)), (NAME, LOSS, STATUS, LR, ACC)),
        (View(places=(LOSS, NAME), pinned=()), (LOSS, NAME, STATUS, LR, ACC)),
        (View(places=(NAME, LOSS, STATUS)), (NAME, LOSS, STATUS, LR, ACC)),
        (View(pinned=(ACC, NAME)), (ACC, NAME, STATUS, LR, LOSS)),
        (View(pinned=(LOSS,), hidden=(LOSS, LR)), (LOSS, NAME, STATUS, ACC)),
        (View(added=(CREATED, CREATED), pinned=(CREATED, CREATED)), (CREATED, *NATURAL)),
    ],
)
def test_columns_that_are_shown(view: View, shown: tuple[Column, ...]) -> None:
    assert shown_columns(view, NATURAL) == shown


@given(views, st.lists(columns, unique=True, max_size=6))
def test_no_column_comes_twice_and_none_but_those_asked_for(view: View, natural: list[Column]) -> None:
    shown = shown_columns(view, natural)
    assert len(set(shown)) == len(shown)
    assert set(shown) <= {*natural, *view.added, *(formula(one.name, one.text) for one in view.formulas)}


def test_columns_of_a_later_version_are_told_of_and_left_out() -> None:
    named = ["attributes gpu_hours ", "metrics acc median", "checks leak ", "params lr "]
    parts = ("source", "key", "statistic")
    given = [{"kind": "number", **dict(zip(parts, one.split(" "), strict=True))} for one in named]
    text = json.dumps({**json.loads(View().to_json()), "added": given, "order": given})
    view, problems = read_view(text)
    assert view.added == (param("lr"),) and [key.column for key in view.order] == [param("lr")]
    assert len(problems) == 6 and "gpu_hours" in problems[0] + problems[3]
