"""The value of a metric at a step: the latest of the points that were logged there, in filters, orders and formulas."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runfolio.core.columns import Missing, SortKey, formula
from runfolio.store import Store
from runfolio.store.run_order import run_ids
from runfolio.store.run_query import RunQuery
from runfolio.store.search import find_runs
from runfolio.store.table import rows
from tests.store.script import Script, new_store

VALUES = st.sampled_from([0.0, 1.0, -2.5, 0.1, math.nan, math.inf])
POINTS = st.lists(st.tuples(st.integers(-3, 5), VALUES), max_size=12)


@settings(max_examples=60, deadline=None)
@given(batches=st.lists(POINTS, min_size=1, max_size=4), step=st.integers(-4, 6))
def test_it_is_the_point_that_was_logged_there_last(batches: list[list[tuple[int, float]]], step: int) -> None:
    with new_store() as store, Script(store) as script:
        run = script.start()
        for points in batches:  # each becomes a chunk of its own
            script.log(run, "a", [value for _, value in points], [at for at, _ in points])
            script.take()
        at_step = [value for points in batches for at, value in points if at == step]
        last = at_step[-1] if at_step else None
        for value in (0.0, 1.0, -2.5, 0.1, math.nan, math.inf):
            same = last is not None and (last == value or (last != last and value != value))
            text = f"metrics.a @ {step} = {value}"
            assert find_runs(store, filter=text) == run_ids(store, RunQuery(filter=text)).tolist()
            assert bool(find_runs(store, filter=text)) is same, text
        assert bool(find_runs(store, filter=f"metrics.a @ {step} is null")) is (last is None)


@pytest.fixture
def logged(store: Store) -> Iterator[dict[str, int]]:
    """`up` and `down` with 20,000 points each, which is several packed chunks, and `short` with two."""
    with Script(store) as script:
        made = {name: script.start(name=name) for name in ("up", "down", "short")}
        for name, sign in (("up", 1), ("down", -1)):
            steps = range(-100, 19_900) if sign > 0 else range(19_899, -101, -1)
            script.log(made[name], "val acc", [sign * math.sin(step) for step in steps], steps)
        script.log(made["short"], "val acc", [5.0, 6.0], [0, 10])
        script.take()
        for run in made.values():
            script.end(run)
        script.take()
        yield {name: script.number(run) for name, run in made.items()}


@pytest.mark.parametrize("step", [-100, -7, 0, 1, 8191, 12_345, 19_899])
def test_it_is_found_in_a_long_series_wherever_it_stands(store: Store, logged: dict[str, int], step: int) -> None:
    value = math.sin(step)
    text = f"metrics.`val acc` @ {step} = {value!r} and not name = 'short'"
    found = {logged["up"]} | ({logged["down"]} if value == -value else set())
    assert set(find_runs(store, filter=text)) == set(run_ids(store, RunQuery(filter=text)).tolist()) == found


def test_runs_are_ordered_by_it_and_formulas_compute_with_it(store: Store, logged: dict[str, int]) -> None:
    up, down, short = (logged[name] for name in ("up", "down", "short"))
    assert find_runs(store, order_by=["metrics.`val acc` @ 2 desc"]) == [up, down, short]
    assert find_runs(store, order_by=["metrics.`val acc` @ 0", "name desc"]) == [up, down, short]
    gain = formula("gain", "metrics.`val acc` @ 10 - metrics.`val acc`@0")
    cells = {run: row.cells[0] for run, row in rows(store, list(logged.values()), [gain]).items()}
    assert cells == {up: pytest.approx(math.sin(10)), down: pytest.approx(-math.sin(10)), short: 1.0}
    assert run_ids(store, RunQuery(sort=(SortKey(gain, True),))).tolist() == [short, down, up]
    far = formula("far", "metrics.`val acc` @ 11 * 2")
    assert rows(store, [short], [far])[short].cells == (Missing("The run has no metrics.`val acc` @ 11."),)
