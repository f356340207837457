"""Runs in groups, against dictionaries."""

from __future__ import annotations

import math
from itertools import groupby

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.columns import param
from runfolio.core.grouping import NOTHING, Values, as_numbers, colors, group, level_of, outline
from runfolio.core.numbers import Written
from runfolio.core.outline import Folds
from runfolio.core.rules import param_number

Cell = float | str | None
NUMBERS = ["0.1", "0.10", "1e-1", "00123", "123", "12345678901234567890", "12345678901234567891", "9", "10"]
settings = st.none() | st.sampled_from([Written(text, float(text)) for text in NUMBERS] + ["adam", "sgd", ""])
measured = st.none() | st.sampled_from([0.1, 1.0, 10.0, math.inf])
tables = st.lists(st.tuples(settings, settings), max_size=25) | st.lists(st.tuples(measured, measured), max_size=25)


def values_of(column: list[Cell]) -> Values:
    given = [(run, cell) for run, cell in enumerate(column, 1) if cell is not None]
    texts = [str(cell) if isinstance(cell, (str, Written)) else None for _, cell in given]
    written = [*{text for text in texts if text is not None}, "nobody's"]
    codes = np.array([NOTHING if text is None else written.index(text) for text in texts], np.intp)
    numbers = np.array([math.nan if isinstance(cell, str) else cell for _, cell in given], np.float64)
    return Values(np.array([run for run, _ in given], np.int64), numbers, codes, written)


def in_order(cell: Cell) -> tuple[int, float, str]:
    if cell is None:
        return 2, 0, ""
    return (1, 0, cell) if isinstance(cell, str) else (0, float(cell), str(cell))


@given(tables)
def test_groups_and_their_runs(table: list[tuple[Cell, Cell]]) -> None:
    runs = np.arange(len(table), 0, -1)
    levels = [level_of(param(name), values_of([row[at] for row in table]), runs) for at, name in enumerate("ab")]
    groups = group(runs, levels)
    rows = outline(groups)
    told = []
    for row in rows.ids.tolist():
        place = groups.place(row)
        told.append(row if place < 0 else (rows.depth_of(row), groups.value(place), int(groups.sizes[place])))

    def expected() -> list[object]:
        found: list[object] = []
        ordered = sorted(runs.tolist(), key=lambda run: tuple(map(in_order, table[run - 1])))
        for first, outer in groupby(ordered, key=lambda run: table[run - 1][0]):
            members = list(outer)
            found.append((0, first, len(members)))
            for second, inner in groupby(members, key=lambda run: table[run - 1][1]):
                within = list(inner)
                found += [(1, second, len(within)), *within]
        return found

    assert told == expected()
    assert rows.shown(Folds()).tolist() == [row for row in rows.ids.tolist() if rows.depth_of(row) == 0]


@given(tables)
def test_a_group_keeps_its_id_while_others_come_and_go(table: list[tuple[Cell, Cell]]) -> None:
    def ids(part: list[tuple[Cell, Cell]]) -> dict[tuple[object, ...], int]:
        runs = np.arange(1, len(part) + 1)
        levels = [level_of(None, values_of([row[at] for row in part]), runs) for at in range(2)]
        groups = group(runs, levels)
        paths: dict[tuple[object, ...], int] = {}
        for number in range(len(groups)):
            above = int(groups.parent[number])
            path = (groups.value(number),) if above < 0 else (groups.value(above), groups.value(number))
            paths[path] = int(groups.ids[number])
        return paths

    before, after = ids(table), ids(table[::2])
    assert all(value < 0 for value in before.values())
    assert len(set(before.values())) == len(before)
    assert after.items() <= before.items()


def test_groups_stand_in_the_order_of_keys() -> None:
    runs = np.array([1, 2, 3, 4])
    groups = group(runs, [level_of(param("lr"), values_of([0.1, 0.2, 0.3, 0.1]), runs)])
    rows = outline(groups, [np.array([math.nan, 5.0, 1.0])])
    assert [groups.value(groups.place(row)) for row in rows.ids.tolist() if row < 0] == [0.3, 0.2, 0.1]
    assert rows.ids[rows.ids > 0].tolist() == [3, 2, 1, 4]


def test_numbers_and_common_values_of_groups() -> None:
    runs = np.array([4, 3, 2, 1])
    groups = group(runs, [level_of(param("lr"), values_of([0.1, 0.1, 0.2, None]), runs)])
    found = groups.summaries(values_of([1.0, 3.0, "text", 7.0]))
    assert [found.at(place).count for place in range(3)] == [1, 2, 0]
    commons = groups.commons(level_of(param("o"), values_of(["adam", "adam", None, "sgd"]), runs))
    assert [commons.value(place) for place in range(3)] == ["sgd", "adam", None]
    assert (commons.counts.tolist(), commons.missing.tolist()) == ([1, 1, 0], [0, 0, 1])


def test_values_are_brought_up_to_date() -> None:
    old = values_of([1.0, "text", 3.0, "other"])
    new = old.without(np.array([2])).joined(Values(np.array([2, 9]), np.array([5.0, 6.0])))
    assert (new.runs.tolist(), new.numbers[:3].tolist()) == ([1, 2, 3, 4, 9], [1.0, 5.0, 3.0])
    assert [*new.written] == ["other"], "what nobody has any more is not kept"
    third = values_of(["more", "other"])
    runs = np.arange(1, 12)
    level = level_of(None, new.joined(Values(third.runs + 9, third.numbers, third.codes, third.written)), runs)
    told = [level.values[code] if code != NOTHING else None for code in level.codes.tolist()]
    assert told == [1.0, 5.0, 3.0, "other", None, None, None, None, 6.0, "more", "other"]


def colored(cells: list[Cell], runs: list[int], before: dict[int, int]) -> dict[int, int]:
    """The numbers of colours by the groups' ids, of runs that have these values."""
    numbers = np.array(runs, np.int64)
    groups = group(numbers, [level_of(None, values_of(cells), numbers)])
    known = np.array(list(before), np.int64), np.array(list(before.values()), np.intp)
    return dict(zip(groups.ids.tolist(), colors(groups, *known).tolist(), strict=True))


def test_groups_have_the_colours_of_their_age_and_keep_them_through_filters() -> None:
    cells: list[Cell] = ["c", "a", "b", "a", "d"]
    all_of_them = colored(cells, [5, 4, 3, 2, 1], {})
    c, a, b, d = (next(iter(colored(cells, [run], {}))) for run in (1, 2, 3, 5))
    assert all_of_them == {c: 0, a: 1, b: 2, d: 3}
    some = colored(cells, [5, 3], all_of_them)
    assert some == {b: 2, d: 3}, "a filter has left out the others"
    assert colored(cells, [5, 4, 3, 2, 1], some) == all_of_them
    assert colored(cells, [3, 5], {}) == {b: 0, d: 1}


@given(tables)
def test_each_innermost_group_has_a_colour_of_its_own(table: list[tuple[Cell, Cell]]) -> None:
    runs = np.arange(1, len(table) + 1)
    levels = [level_of(param(name), values_of([row[at] for row in table]), runs) for at, name in enumerate("ab")]
    groups = group(runs, levels)
    found = colors(groups)
    assert (found[groups.level == 0] == NOTHING).all()
    inner = groups.level == 1
    assert sorted(found[inner].tolist()) == list(range(int(inner.sum())))
    assert (colors(groups, groups.ids, found) == found).all()
    assert groups.places(np.append(groups.ids[::-1], [-1, 5])).tolist() == list(range(len(groups)))[::-1]


def test_texts_that_are_numbers_become_numbers_and_the_others_stay() -> None:
    runs = np.arange(4)
    mixed = Values(runs, np.full(4, np.nan), np.array([0, 1, 2, 0]), ("0.5", "auto", "7"))
    found = as_numbers(mixed, param_number)
    assert found.numbers[[0, 2, 3]].tolist() == [0.5, 7, 0.5] and np.isnan(found.numbers[1])
    assert found.codes is not None and found.codes.tolist() == [NOTHING, 1, NOTHING, NOTHING]
    alone = as_numbers(Values(runs[:2], np.full(2, np.nan), np.array([0, 1]), ("1", "2")), param_number)
    assert alone.codes is None and alone.numbers.tolist() == [1, 2]
    assert as_numbers(alone, param_number) is alone
