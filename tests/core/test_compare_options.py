"""The axes of a comparison: chosen, moved, turned; and what a file holds of them, whoever wrote it."""

from __future__ import annotations

import json

import pytest

from runfolio.core.columns import metric, param
from runfolio.core.compare_options import (
    MOST_AXES,
    CompareOptions,
    flip,
    judge_by_best,
    move_axis,
    read_compare_options,
    set_log,
    show_contour,
    toggle_axis,
    toggle_log,
)
from runfolio.core.records import RecordReader
from runfolio.core.views import View, read_view

A, B, C = param("a"), param("b", numeric=True), metric("c")
SHOWN = [A, B, C]


def test_axes_are_moved_removed_and_added_before_the_last_one() -> None:
    usual = CompareOptions()
    assert move_axis(usual, SHOWN, C, 0).axes == (C, A, B)
    assert move_axis(usual, SHOWN, A, 99).axes == (B, C, A)
    assert toggle_axis(usual, SHOWN, B).axes == (A, C)
    assert toggle_axis(usual, [A, C], B).axes == (A, B, C)
    assert toggle_axis(usual, [A], A) == usual, "the last one stays"
    many = [param(str(number)) for number in range(MOST_AXES)]
    assert len(toggle_axis(usual, many, A).axes) == MOST_AXES


def test_an_axis_is_turned_and_turned_back() -> None:
    turned = set_log(flip(CompareOptions(), B), B, True)
    assert (turned.flipped, turned.log) == ((B,), (B,))
    back = set_log(flip(turned, B), B, False)
    assert (back.flipped, back.log, back.linear) == ((), (), (B,)), "what the user has chosen stays chosen"
    assert set_log(back, B, True).linear == ()
    assert flip(turned, A).columns == (B, A)


def test_what_is_chosen_counts_before_what_is_shown() -> None:
    """A page shows a choice only when it has been read; the next one is made of the choice."""
    usual = CompareOptions()
    assert toggle_log(usual, B, shown=True).linear == (B,) and toggle_log(usual, B, shown=False).log == (B,)
    for shown in (True, False):
        assert toggle_log(set_log(usual, B, True), B, shown) == set_log(usual, B, False)
        assert toggle_log(set_log(usual, B, False), B, shown) == set_log(usual, B, True)
    assert judge_by_best(usual, C, best=True).metric == metric("c", "best")
    other = CompareOptions(metric=metric("d"))
    assert judge_by_best(other, C, best=True).metric == metric("d", "best")
    assert judge_by_best(CompareOptions(metric=B), C, best=True).metric == B, "a param has no best value"


def test_a_surface_stands_over_two_params() -> None:
    usual = CompareOptions()
    shown = show_contour(usual, True, [A, C], [A, B])
    assert (shown.contour, shown.x, shown.y) == (True, A, B)
    assert show_contour(usual, True, [B, A], [A, B]) == CompareOptions(contour=True), "these are two"
    assert show_contour(CompareOptions(y=B), True, [A, C], [A, B]).x is None, "these will be two"
    assert show_contour(usual, True, [A, C], [A]) == CompareOptions(contour=True), "there are no two"
    assert show_contour(CompareOptions(color=A), True, [A, C], [A, B]).x is None
    assert show_contour(shown, False, [A, B], [A, B]) == CompareOptions(x=A, y=B)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ([], ["compare: not an object"]),
        ({"axes": 3, "color": "red"}, ["compare: axes: not a list", 'compare: color: "red"']),
        ({"axes": [None, {"source": "params"}]}, ["compare: axes: null", 'compare: axes: {"source": "params"}']),
        ({"violin": 1, "contour": "yes"}, ["compare: violin: 1", 'compare: contour: "yes"']),
        ({"x": {"source": "metrics", "key": "a", "kind": "number", "statistic": "later"}}, None),
    ],
)
def test_what_makes_no_sense_in_a_file_is_named_and_the_rest_stands(wrong: object, told: list[str] | None) -> None:
    record = json.loads(View(filter="a").to_json()) | {"compare": wrong}
    view, problems = read_view(json.dumps(record))
    assert view == View(filter="a") and len(problems) == (
        len(wrong) if told is None and isinstance(wrong, dict) else len(told or ())
    )
    assert told is None or problems == told


def test_a_file_cannot_ask_for_endless_axes_or_one_of_them_twice() -> None:
    told: list[str] = []
    given = [{"source": "params", "key": str(number % 40), "kind": "text"} for number in range(400)]
    read = read_compare_options(RecordReader({"axes": given}, told))
    assert read.axes == tuple(param(str(number)) for number in range(MOST_AXES)) and not told
    assert read_compare_options(RecordReader(CompareOptions(size=C, axes=(A,)).to_record(), told)).size == C


@pytest.mark.parametrize(
    "options",
    [CompareOptions(cropped=True), CompareOptions(violin=True), CompareOptions(contour=True, linear=(B,))],
)
def test_how_cards_show_runs_is_kept(options: CompareOptions) -> None:
    told: list[str] = []
    assert read_compare_options(RecordReader(options.to_record(), told)) == options and not told
    assert read_compare_options(RecordReader({}, told)) == CompareOptions() and not told
