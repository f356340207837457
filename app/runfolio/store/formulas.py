"""Columns that are computed from others, for a page of runs or for all of them: one query for each field."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, func, select

from runfolio.core.clock import now_ms
from runfolio.core.columns import Column, Kind, Missing, SortKey, Source
from runfolio.core.curves import Floats
from runfolio.core.errors import FilterError
from runfolio.core.filter.fields import LISTS, SIGNS
from runfolio.core.filter.tree import Comparison, Entity, Field, Operator, Presence
from runfolio.core.formulas import Fault, Formula, Given, Result, evaluate, parse_formula
from runfolio.core.rules import param_number
from runfolio.store import dialect
from runfolio.store.batches import raw_numbers, raw_rows
from runfolio.store.connection import Store
from runfolio.store.metric_names import resolve_fields
from runfolio.store.run_fields import children_counts, duration, key_id, statistic, values_at_step
from runfolio.store.schema import params, runs, series, tags

Ids: TypeAlias = NDArray[np.int64]

# The store's times are milliseconds, a formula's are seconds.
SECOND = 1000.0
# The values of so many runs are looked up one by one.
PAGE = 1000
# So many formulas are kept as trees: a table's are read again with every page.
KEPT = 100


def is_computed(column: Column) -> bool:
    """True for a column whose numbers are not in the database as such: a formula's, and those in tags."""
    return column.source is Source.FORMULA or (column.source is Source.TAG and column.kind is Kind.NUMBER)


def column_numbers(connection: Connection, column: Column, ids: Ids) -> Floats:
    """The numbers of a computed column for these runs, in their order; NaN where a run has none."""
    if column.source is Source.TAG:
        return _given(connection, Field(Entity.TAG, column.key), ids).numbers
    found = _result(connection, column.formula, ids)
    return np.full(len(ids), np.nan) if isinstance(found, str) else found.numbers


def passing(node: Comparison | Presence, numbers: Floats) -> NDArray[np.bool_]:
    """Which of a computed column's numbers stand a condition on it; NaN stands for none."""
    there: NDArray[np.bool_] = ~np.isnan(numbers)
    if isinstance(node, Presence):
        return there if node.present else ~there
    if node.operator in LISTS:
        listed = np.isin(numbers, np.array(node.value, np.float64))
        return there & (listed if node.operator is Operator.IN else ~listed)
    found: NDArray[np.bool_] = there & SIGNS[node.operator](numbers, node.value)
    return found


def in_order(connection: Connection, key: SortKey, ids: Ids) -> Ids:
    """The runs by a formula; those that are equal, and those without a value, stay in their order."""
    numbers = column_numbers(connection, key.column, ids)
    order = np.argsort(-numbers if key.descending else numbers, kind="stable")
    missing = int(np.isnan(numbers).sum())
    if key.nulls_first:
        order = np.concatenate([order[len(order) - missing :], order[: len(order) - missing]])
    return ids[order]


def formula_cells(
    connection: Connection, asked: Sequence[int], columns: Sequence[Column]
) -> dict[int, dict[Column, object]]:
    """The cells of the formulas among the columns: a number, or `Missing` with the reason. Run -> column -> cell."""
    ids = np.fromiter(asked, np.int64)
    found: dict[int, dict[Column, object]] = {}
    for column in columns:
        if column.source is Source.FORMULA:
            result = _result(connection, column.formula, ids)
            for place, run in enumerate(asked):
                found.setdefault(run, {})[column] = _cell(result, place)
    return found


def formula_numbers(store: Store, numbers: Sequence[int], formula: Formula) -> Floats:
    """What a formula is for each of these runs; NaN where it has no value."""
    with store.reading() as connection:
        return _evaluated(connection, formula, np.fromiter(numbers, np.int64)).numbers


def preview(connection: Connection, formula: Formula, run: int) -> float | Missing:
    """What a formula is for one run."""
    return _cell(_evaluated(connection, formula, np.array([run], np.int64)), 0)


def _cell(result: Result | str, place: int) -> float | Missing:
    if isinstance(result, str):
        return Missing(result)
    reason = result.reason(place)
    return Missing(reason) if reason else float(result.numbers[place])


@lru_cache(KEPT)
def _formula(text: str) -> Formula | str:
    """A formula, or what is wrong with it: one of a shared view may be of a later version."""
    try:
        return parse_formula(text)
    except FilterError as error:
        return error.message


def _result(connection: Connection, text: str, ids: Ids) -> Result | str:
    formula = _formula(text)
    return formula if isinstance(formula, str) else _evaluated(connection, formula, ids)


def _evaluated(connection: Connection, formula: Formula, ids: Ids) -> Result:
    fields = formula.fields()
    meant = resolve_fields(connection, fields)
    given = {field: _given(connection, meant[field], ids) for field in fields}
    return evaluate(formula, given, len(ids))


def _given(connection: Connection, field: Field, ids: Ids) -> Given:
    """The numbers of a field for these runs, in their order."""
    query = _query(field, ids)
    if field.entity is Entity.TAG:
        rows = [(run, param_number(value)) for run, value in raw_rows(connection, query)]
        owners = np.fromiter((row[0] for row in rows), np.int64, len(rows))
        values = np.array([row[1] for row in rows], np.float64)
    else:
        owners, values = raw_numbers(connection, query)
    if field.entity is Entity.ATTRIBUTE and field.key != "children":
        values /= SECOND
    without = Fault.TEXT if field.entity in (Entity.PARAM, Entity.TAG) else Fault.NOT_FINITE
    if field.entity is Entity.ATTRIBUTE:
        without = Fault.MISSING
    return _placed(ids, owners, values, without)


def _placed(ids: Ids, owners: Ids, values: Floats, without: Fault) -> Given:
    numbers, faults = np.full(len(ids), np.nan), np.full(len(ids), Fault.MISSING, np.int8)
    if len(owners):
        order = np.argsort(owners, kind="stable")
        owners, values = owners[order], values[order]
        at = np.minimum(np.searchsorted(owners, ids), len(owners) - 1)
        here = owners[at] == ids
        numbers[here] = values[at[here]]
        faults[here] = np.where(np.isfinite(numbers[here]), Fault.NONE, without)
    return Given(numbers, faults)


def _query(field: Field, ids: Ids) -> Select[Any]:
    """Run and value of the runs among these that have one."""
    asked = ids.tolist()
    match field.entity:
        case Entity.METRIC if field.step is not None:
            points = values_at_step(field.key, field.step)
            return points.where(dialect.among(points.selected_columns.run_id, asked))
        case Entity.METRIC:
            table, value = series, statistic(series, field)
        case Entity.PARAM:
            table, value = params, params.c.number
        case Entity.TAG:
            table, value = tags, tags.c.value
        case _:
            return _of_attribute(field.key).where(dialect.among(runs.c.id, asked))
    query = select(table.c.run_id, value).where(table.c.key_id == key_id(field.key))
    if table is series and len(asked) <= PAGE:
        query = dialect.by_index(query, series, "series_of_run")
    return query.where(dialect.among(table.c.run_id, asked))


def _of_attribute(key: str) -> Select[Any]:
    if key == "children":
        counts = children_counts().subquery()
        joined = runs.outerjoin(counts, counts.c.parent_uuid == runs.c.run_uuid)
        return select(runs.c.id, func.coalesce(counts.c.children, 0)).select_from(joined)
    return select(runs.c.id, duration(now_ms()) if key == "duration" else runs.c[key])
