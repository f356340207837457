"""The axes of a comparison: chosen, moved, turned; and what a file holds of them, whoever wrote it."""

from __future__ import annotations

import json

import pytest

from runfolio.core.columns import metric, param
from runfolio.core.compare_options import (
    MOST_AXES,
    CompareOptions,
    flip,
    move_axis,
    read_compare_options,
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
    turned = toggle_log(flip(CompareOptions(), B), B)
    assert (turned.flipped, turned.log) == ((B,), (B,))
    assert toggle_log(flip(turned, B), B) == CompareOptions()
    assert flip(turned, A).columns == (B, A)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ([], ["compare: not an object"]),
        ({"axes": 3, "color": "red"}, ["compare: axes: not a list", 'compare: color: "red"']),
        ({"axes": [None, {"source": "params"}]}, ["compare: axes: null", 'compare: axes: {"source": "params"}']),
        ({"x": {"source": "metrics", "key": "a", "kind": "number", "statistic": "later"}}, None),
    ],
)
def test_what_makes_no_sense_in_a_file_is_named_and_the_rest_stands(wrong: object, told: list[str] | None) -> None:
    record = json.loads(View(filter="a").to_json()) | {"compare": wrong}
    view, problems = read_view(json.dumps(record))
    assert view == View(filter="a") and len(problems) == (1 if told is None else len(told))
    assert told is None or problems == told


def test_a_file_cannot_ask_for_endless_axes_or_one_of_them_twice() -> None:
    told: list[str] = []
    given = [{"source": "params", "key": str(number % 40), "kind": "text"} for number in range(400)]
    read = read_compare_options(RecordReader({"axes": given}, told))
    assert read.axes == tuple(param(str(number)) for number in range(MOST_AXES)) and not told
    assert read_compare_options(RecordReader(CompareOptions(size=C, axes=(A,)).to_record(), told)).size == C
