"""Whole columns of runs, read at once: what runs are grouped by, and what is summed up of groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Integer, Select, String, cast, func, select

from runfolio.core.clock import now_ms
from runfolio.core.columns import EXPERIMENT, STATUS, Column, Kind, Source
from runfolio.core.curves import Floats
from runfolio.core.grouping import BREAK, MARK, NO_VALUES, Values
from runfolio.core.outline import Ids, Ints
from runfolio.store import dialect
from runfolio.store.batches import raw_numbers, raw_rows
from runfolio.store.checks import found_in
from runfolio.store.connection import Store
from runfolio.store.experiments import names_of
from runfolio.store.formulas import column_numbers, is_computed
from runfolio.store.gather import gathered, gathered_params
from runfolio.store.run_fields import STATUSES, attribute, key_id, status_place
from runfolio.store.run_query import STATISTICS
from runfolio.store.schema import keys, params, runs, series, tags
from runfolio.store.texts import is_cut
from runfolio.store.words import whole

Query: TypeAlias = Select[Any]
Reader: TypeAlias = Callable[[Query, Connection, Ids], Values]

# For so many runs the rows of a key are looked up; for more, all of them are read.
FEW = 20_000


def read_values(store: Store, asked: Ids, column: Column, *, written: bool = True) -> Values:
    """What these runs, given ascending, have in a column; nothing in a column that the store does not know.

    Numbers in a column of params come with their texts only if it is to be as it was `written`, which takes longer.
    """
    if is_computed(column):
        return _computed(store, asked, column)
    parts = _parts(store, column, written)
    if not len(asked):
        return NO_VALUES
    with store.reading() as connection:
        found = NO_VALUES
        for read, query in parts:
            found = found.joined(read(_few(query, asked), connection, asked))
    return found


def read_settings(store: Store, asked: Ids, without: Sequence[str]) -> Values:
    """All params of each of these runs, given ascending, but those named, as one text.

    `core.grouping.settings_in` reads it.
    """
    left_out = select(keys.c.id).where(keys.c.name.in_(without))
    own = select(params.c.run_id, (cast(params.c.key_id, String) + MARK + whole(params)).label("setting"))
    own = own.where(params.c.key_id.not_in(left_out)).order_by(params.c.run_id, params.c.key_id)
    inner = own.subquery()
    query = select(inner.c.run_id, func.aggregate_strings(inner.c.setting, BREAK)).group_by(inner.c.run_id)
    with store.reading() as connection:
        return _texts(_few(query, asked), connection, asked)


def key_names(store: Store) -> dict[int, str]:
    """The names of all keys by their numbers, for `core.grouping.settings_in`."""
    with store.reading() as connection:
        return {number: name for number, name in connection.execute(select(keys.c.id, keys.c.name))}


def _computed(store: Store, asked: Ids, column: Column) -> Values:
    with store.reading() as connection:
        numbers = column_numbers(connection, column, asked)
    there = ~np.isnan(numbers)
    return Values(asked[there], numbers[there])


def _parts(store: Store, column: Column, written: bool) -> list[tuple[Reader, Query]]:
    """What reads the runs that have something in a column, and what it is to read; nothing of an unknown column."""
    match column.source:
        case Source.METRIC if column.statistic in ("", *STATISTICS):
            return [(_numbers, _of_key(series, column.key, STATISTICS[column.statistic or "last"]))]
        case Source.PARAM:
            is_number, own = params.c.number.is_not(None), _of_key(params, column.key, params.c.value)
            texts = partial(_texts, whole=_of_key(params, column.key, whole(params))), own.where(~is_number)
            if not written:
                return [(_params, own.where(is_number)), texts]
            return [(_texts, own.add_columns(params.c.number).where(is_number)), texts]
        case Source.TAG:
            read = partial(_texts, whole=_of_key(tags, column.key, whole(tags)))
            return [(read, _of_key(tags, column.key, tags.c.value))]
        case Source.CHECK:
            return [(_numbers, found_in(column.key))]
        case Source.ATTRIBUTE if column == STATUS:
            return [(_statuses, select(runs.c.id, status_place().label("place")))]
        case Source.ATTRIBUTE if column == EXPERIMENT:
            return [(_experiments, select(runs.c.id, runs.c.experiment_id))]
        case Source.ATTRIBUTE:
            value = attribute(column.key, now_ms())
            query = select(runs.c.id, value).where(value.is_not(None))
            return [(_numbers if column.kind in (Kind.TIME, Kind.DURATION, Kind.NUMBER) else _texts, query)]
    return []


def _of_key(table: Any, key: str, value: ColumnElement[Any]) -> Query:
    return select(table.c.run_id, value.label("value")).where(table.c.key_id == key_id(key))


def _few(query: Query, asked: Ids) -> Query:
    run = query.selected_columns[0]
    return query.where(dialect.among(run, asked.tolist())) if len(asked) <= FEW else query


def _numbers(query: Query, connection: Connection, asked: Ids) -> Values:
    """The answer as arrays; a NULL in place of a number is the NaN that the database cannot hold."""
    numbers: NDArray[Any]
    whole_ones = isinstance(query.selected_columns[1].type, Integer)
    found, numbers = gathered(connection, query) if whole_ones else raw_numbers(connection, query)
    return _in_order(found, numbers.astype(np.float64), asked)


def _params(query: Query, connection: Connection, asked: Ids) -> Values:
    return _in_order(*gathered_params(connection, query), asked)


def _in_order(found: Ids, numbers: Floats, asked: Ids) -> Values:
    if not len(found):
        return NO_VALUES
    order = _places(found, asked)
    return Values(found[order], numbers[order])


def _statuses(query: Query, connection: Connection, asked: Ids) -> Values:
    found, places = gathered(connection, query)
    order = _places(found, asked)
    return Values(found[order], np.full(len(order), np.nan), places[order], STATUSES)


def _experiments(query: Query, connection: Connection, asked: Ids) -> Values:
    """Their names, each of which is read once, for runs have but numbers of experiments."""
    found, owners = gathered(connection, query)
    order = _places(found, asked)
    different, codes = np.unique(owners[order], return_inverse=True)
    names = names_of(connection, different.tolist())
    return Values(found[order], np.full(len(order), np.nan), codes, [names[number] for number in different.tolist()])


def _texts(query: Query, connection: Connection, asked: Ids, whole: Query | None = None) -> Values:
    """The same of texts, maybe with their numbers; those that are cut off are read again from what has them whole."""
    rows = _different(query, connection)
    cut = [row for row in rows if whole is not None and is_cut(row[2])]
    if whole is not None and cut:
        own = whole.where(dialect.among(whole.selected_columns[0], _runs_of(cut).tolist()))
        rows = [row for row in rows if not is_cut(row[2])] + _different(own, connection)
    if not rows:
        return NO_VALUES
    found, counts = _runs_of(rows), [row[1] for row in rows]
    codes = np.repeat(np.arange(len(rows)), counts)
    numbers = np.repeat(np.array([row[3] if len(row) > 3 else np.nan for row in rows], np.float64), counts)
    order = _places(found, asked)
    return Values(found[order], numbers[order], codes[order], [row[2] for row in rows])


def _different(query: Query, connection: Connection) -> list[tuple[Any, ...]]:
    """Each different text with the runs that have it, how many these are, and its number if that is asked for."""
    run, value, *number = query.subquery().c
    return raw_rows(connection, select(dialect.as_one_text(run), func.count(), value, *number).group_by(*number, value))


def _runs_of(rows: list[tuple[Any, ...]]) -> Ids:
    return np.fromstring(",".join(row[0] for row in rows), np.int64, sep=",")


def _places(found: Ids, asked: Ids) -> Ints:
    """Where those of the runs stand that were asked for, ascending by run."""
    places = np.full(int(max(found.max(initial=0), asked.max(initial=0))) + 1, -1, np.intp)
    places[found] = np.arange(len(found))
    order: Ints = places[asked]
    return order[order >= 0]
