"""Computed and hand-typed columns: cells, reasons and orders, compared with plain Python on what was logged."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runfolio.core.columns import CREATED, NAME, Missing, SortKey, formula, metric, param, typed
from runfolio.core.errors import FilterError
from runfolio.core.formulas import parse_formula
from runfolio.core.rules import param_number
from runfolio.core.views import FormulaColumn
from runfolio.store import Store
from runfolio.store.formulas import column_numbers, preview
from runfolio.store.run_order import chosen, first_runs, run_ids
from runfolio.store.run_query import RunQuery
from runfolio.store.table import rows
from tests.store.script import Script, new_store

RATIO = formula("ratio", "metrics.loss.min / params.lr")


@pytest.fixture
def logged(store: Store) -> Iterator[dict[str, int]]:
    """Runs a to d by name: with everything, without the param, with a text for it, and with a zero."""
    with Script(store) as script:
        made = {}
        for name, lr, loss in (
            ("a", "0.5", [3.0, 1.0, 2.0]),
            ("b", "", [1.0]),
            ("c", "auto", [2.0]),
            ("d", "0", [4.0]),
        ):
            run = made[name] = script.start(name=name)
            script.params(run, {"lr": lr} if lr else {})
            script.log(run, "loss", loss)
            script.end(run)
        script.tags(made["a"], {"kaggle": "10"})
        script.tags(made["b"], {"kaggle": "9.5"})
        script.tags(made["c"], {"kaggle": "later"})
        script.take()
        yield {name: script.number(run) for name, run in made.items()}


def test_a_cell_is_a_number_or_says_why_it_is_empty(store: Store, logged: dict[str, int]) -> None:
    found = rows(store, list(logged.values()), [NAME, RATIO])
    assert {row.cells[0]: row.cells[1] for row in found.values()} == {
        "a": 2.0,
        "b": Missing("The run has no params.lr."),
        "c": Missing("params.lr is no number."),
        "d": Missing("No value for metrics.loss.min / params.lr: division by zero."),
    }


def test_a_formula_that_cannot_be_read_leaves_the_cells_empty(store: Store, logged: dict[str, int]) -> None:
    broken = formula("broken", "1 +")
    cell = rows(store, [logged["a"]], [broken])[logged["a"]].cells[0]
    assert isinstance(cell, Missing)
    assert cell.reason.startswith("The formula cannot be read at its end")
    assert len(run_ids(store, RunQuery(sort=(SortKey(broken),)))) == 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("duration", 5.0),
        ("end_time - created", 5.0),
        ("metrics.loss", 2.0),
        ("metrics.loss.best", 1.0),
        ("metrics.loss.mean", 2.0),
        ("metrics.loss.count", 3.0),
        ("metrics.loss.first", 3.0),
        ("children", 0.0),
        ("tags.kaggle / 4", 2.5),
        ("metrics.never", "The run has no metrics.never."),
        ("tags.never", "The run has no tags.never."),
    ],
)
def test_every_kind_of_field_is_read(store: Store, logged: dict[str, int], text: str, expected: float | str) -> None:
    with store.reading() as connection:
        found = preview(connection, parse_formula(text), logged["a"])
    assert found == (Missing(expected) if isinstance(expected, str) else pytest.approx(expected))


def test_a_metric_that_is_named_like_a_statistic_is_meant_where_there_is_one(store: Store) -> None:
    with Script(store) as script:
        run = script.start()
        script.log(run, "loss", [3.0, 1.0])
        script.log(run, "loss.min", [7.0])
        script.take()
        number = script.number(run)
    with store.reading() as connection:
        assert preview(connection, parse_formula("metrics.loss.min"), number) == 7.0
        assert preview(connection, parse_formula("metrics.`loss`.min"), number) == 1.0


def test_a_nan_is_no_value(store: Store) -> None:
    with Script(store) as script:
        run = script.start()
        script.log(run, "loss", [1.0, math.nan])
        script.take()
        number = script.number(run)
    with store.reading() as connection:
        assert preview(connection, parse_formula("metrics.loss"), number) == Missing("metrics.loss is not finite.")
        assert preview(connection, parse_formula("metrics.loss.min"), number) == 1.0


def test_runs_are_sorted_by_what_users_have_typed_numbers_before_texts(store: Store, logged: dict[str, int]) -> None:
    def names(*keys: SortKey) -> str:
        found = rows(store, list(logged.values()), [])
        return "".join(found[run].name for run in run_ids(store, RunQuery(sort=keys)).tolist())

    kaggle = typed("kaggle")
    assert names(SortKey(kaggle)) == "bacd"
    assert names(SortKey(kaggle, descending=True)) == "abcd", "as params are"
    assert names(SortKey(kaggle, nulls_first=True)) == "dbac"
    assert rows(store, [logged["a"]], [kaggle])[logged["a"]].cells == (10.0,)
    assert rows(store, [logged["c"]], [kaggle])[logged["c"]].cells == ("later",)


SMALL = st.sampled_from([None, "0", "1", "2", "text"])
RUNS = st.lists(st.tuples(SMALL, st.sampled_from([None, 0.0, 1.0, 2.0, math.nan])), max_size=7)
SORTS = st.lists(
    st.builds(
        SortKey,
        st.sampled_from([RATIO, formula("sum", "params.lr + metrics.loss"), metric("loss"), param("lr"), CREATED]),
        st.booleans(),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda key: key.column,
)


@given(RUNS, SORTS)
@settings(max_examples=40)
def test_any_mixed_order_is_that_of_plain_python(
    logged: list[tuple[str | None, float | None]], sort: list[SortKey]
) -> None:
    with filled(logged) as (store, numbers):
        values = {run: _values(*one, run) for run, one in zip(numbers, logged, strict=True)}
        expected = sorted(numbers, reverse=True)
        for key in reversed(sort):
            for place in reversed(range(len(values[expected[0]][key.column.id]) if expected else 0)):
                cells = {run: values[run][key.column.id][place] for run in expected}
                known = [run for run in expected if cells[run] is not None]
                known.sort(key=lambda run: cells[run], reverse=key.descending)
                expected = known + [run for run in expected if cells[run] is None]
        assert run_ids(store, RunQuery(sort=tuple(sort))).tolist() == expected


def _values(lr: str | None, loss: float | None, run: int) -> dict[str, list[Any]]:
    number = param_number(lr)
    finite = None if loss is None or math.isnan(loss) else loss
    both = number is not None and finite is not None
    return {
        "formulas.ratio": [finite / number if both and number else None],  # type: ignore[operator]
        "formulas.sum": [number + finite if both else None],  # type: ignore[operator]
        "metrics.loss": [finite],
        "params.lr": [number, lr],
        "attributes.start_time": [run],
    }


@contextmanager
def filled(logged: list[tuple[str | None, float | None]]) -> Iterator[tuple[Store, list[int]]]:
    with new_store() as store, Script(store) as script:
        made = []
        for lr, loss in logged:
            run = script.start()
            made.append(run)
            script.params(run, {} if lr is None else {"lr": lr})
            if loss is not None:
                script.log(run, "loss", [loss])
        script.take()
        yield store, [script.number(run) for run in made]


def test_the_numbers_of_a_column_are_in_the_order_of_the_runs(store: Store, logged: dict[str, int]) -> None:
    ids = np.array([logged["d"], logged["a"], 999, logged["b"]])
    with store.reading() as connection:
        found = column_numbers(connection, formula("double", "metrics.loss * 2"), ids)
    assert found.tolist()[:2] == [8.0, 4.0]
    assert math.isnan(found[2])
    assert found[3] == 2.0


LR, HALF = FormulaColumn("lr", "params.lr"), FormulaColumn("half of it", "metrics.loss.min / 2")
FOUND = [
    ("formulas.lr = 0.5", "a"),
    ("formulas.lr != 0.5", "d"),
    ("not formulas.lr = 0.5", "bcd"),
    ("formulas.lr is null", "bc"),
    ("has(formulas.lr)", "ad"),
    ("formulas.lr < nan", ""),
    ("formulas.lr != nan", "ad"),
    ("formulas.lr in (0, 0.5)", "ad"),
    ("formulas.lr not in (0.5, 7)", "d"),
    ("formulas.`half of it` >= 1", "cd"),
    ("formulas.`half of it` <= 0.5 and formulas.lr >= 0", "a"),
    ("formulas.lr > 0 or params.lr = 'auto'", "ac"),
]


@pytest.mark.parametrize(("filter", "names"), FOUND)
def test_a_formula_filters_as_a_number_does(store: Store, logged: dict[str, int], filter: str, names: str) -> None:
    expected = {logged[name] for name in names}
    query = RunQuery(filter=filter, formulas=(LR, HALF))
    assert set(run_ids(store, query).tolist()) == expected
    first, number = first_runs(store, query, 1)
    assert number == len(expected) and set(first.tolist()) <= expected
    descending = replace(query, sort=(SortKey(formula(HALF.name, HALF.text), True),))
    # Of a and b, which are equal, the newer one comes first.
    assert run_ids(store, descending).tolist() == [logged[name] for name in "dcba" if name in names]
    with store.reading() as connection:
        assert set(connection.execute(chosen(store, connection, query)).scalars()) == expected


def test_a_formula_that_is_not_of_the_query_is_unknown(store: Store, logged: dict[str, int]) -> None:
    with pytest.raises(FilterError, match="no formula column 'lr'"):
        run_ids(store, RunQuery(filter="formulas.lr > 0"))
    broken = RunQuery(filter="formulas.lr is null", formulas=(FormulaColumn("lr", "1 +"),))
    assert len(run_ids(store, broken)) == len(logged), "one that cannot be read has no values"
