"""What runs are ordered by in a column, as a number for each run.

The database knows each column's order from an index, and writes it as numbers.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Integer, Select, func, select

from runfolio.core.clock import now_ms
from runfolio.core.columns import NAME, STATUS, Column, SortKey, Source
from runfolio.core.direction import stored_column
from runfolio.core.rules import param_number
from runfolio.core.system_tags import is_system_tag
from runfolio.store import checks, dialect
from runfolio.store.batches import raw_numbers, raw_rows
from runfolio.store.connection import Store, revision_of
from runfolio.store.gather import Numbers, gathered
from runfolio.store.run_fields import attribute, status_place
from runfolio.store.run_query import STATISTICS, key_number
from runfolio.store.schema import params, runs, series, tags, used_keys

# The rows of runs that have a value, and what they are ordered by.
Segment: TypeAlias = tuple[Select[Any], list[ColumnElement[Any]]]

# Runs, the places of their values, and how many places there are.
Part: TypeAlias = tuple[Numbers, Numbers, int]

# The statistic that no index has in order.
FIRST = STATISTICS["first"]
GREATEST_PLACE = 2**31 - 2
# To look a row up takes as long as to read so many.
SCANNED = 25


@dataclass(frozen=True, slots=True, eq=False)
class Ranks:
    """The places of runs' values in the order of a column, the same of equal ones: numbers, and texts after them.

    Attributes:
        of_run: by a run's number its place; -1 of one without a value. The last one is that of all runs beyond.
        counts: how many places there are of numbers, and how many of texts.
    """

    of_run: NDArray[np.int32]
    counts: tuple[int, ...]

    def ordered(self, ids: Numbers, key: SortKey) -> Numbers:
        """The runs by a key, what is missing last or first; those that are equal stay in their order."""
        places = self.of_run[np.minimum(ids, len(self.of_run) - 1)].astype(np.int64)
        ends = list(accumulate(self.counts))
        spans = [*zip([0, *ends[:-1]], ends, strict=True)]
        missing = (-1, 0)
        keys, first = np.empty_like(places), 0
        for start, end in [missing, *spans] if key.nulls_first else [*spans, missing]:
            own = (places >= start) & (places < end)
            keys[own] = first + (end - 1 - places[own] if key.descending else places[own] - start)
            first += end - start
        # Numbers that say both, for they are sorted in a fraction of the time.
        bits = len(ids).bit_length()
        both = keys << bits | np.arange(len(ids))
        both.sort()
        order: Numbers = both & ((1 << bits) - 1)
        return ids[order]


def ranks(connection: Connection, column: Column, among: Numbers | None = None, beside: Store | None = None) -> Ranks:
    """The places of all runs' values; of some runs alone, those among their own values.

    With a store `beside` the connection, part of it is read at the same time on another one.
    """
    if column.source is Source.TAG and not is_system_tag(column.key):
        parts = _by_tag(connection, _among(_of_key(tags, key_number(connection, column.key)), among))
    else:
        parts = [_by_value(connection, segment, among, beside) for segment in _segments(connection, column)]
    of_run = np.full(max(int(found.max(initial=0)) for found, *_ in parts) + 2, -1, np.int32)
    first = 0
    for found, places, count in parts:
        of_run[found] = first + places
        first += count
    return Ranks(of_run, tuple(count for *_, count in parts))


def _by_tag(connection: Connection, rows: Select[Any]) -> list[Part]:
    """The same of tags that are numbers, then of those that are texts: what is which, the database does not know."""
    value = tags.c.value
    texts = raw_rows(connection, rows.with_only_columns(value, func.count()).group_by(value).order_by(value))
    (found,) = gathered(connection, rows.order_by(value))
    numbers = np.array([math.nan if (own := param_number(text)) is None else own for text, _ in texts])
    places = np.empty(len(texts), np.int64)
    places[np.argsort(numbers, kind="stable")] = np.arange(len(texts))  # those that are none come last, in their order
    of_run = np.repeat(places, np.array([size for _, size in texts], np.int64))
    first = int(np.isfinite(numbers).sum())
    a_number = of_run < first
    return [
        (found[a_number], of_run[a_number], first),
        (found[~a_number], of_run[~a_number] - first, len(texts) - first),
    ]


def _among(rows: Select[Any], among: Numbers | None) -> Select[Any]:
    return rows if among is None else rows.where(dialect.among(rows.selected_columns[0], among.tolist()))


def _by_value(connection: Connection, segment: Segment, among: Numbers | None, beside: Store | None) -> Part:
    """Runs, the places of their values, and how many places there are."""
    numbers: NDArray[Any]
    rows, values = segment
    rows = _among(rows, among)
    if len(values) == 1 and isinstance(values[0].type, Integer):
        found, numbers = gathered(connection, rows.add_columns(values[0]))
        least, greatest = (int(end) for end in (numbers.min(initial=0), numbers.max(initial=0)))
        if greatest - least < GREATEST_PLACE:  # then each number is a place by itself
            return found, numbers - least, greatest - least + 1
    elif values[0] is FIRST:
        unsorted = rows.add_columns(FIRST)
        scanned = among is None and _has_few_metrics(connection)
        found, numbers = raw_numbers(connection, dialect.by_row(unsorted, series) if scanned else unsorted)
    else:
        sizes = rows.with_only_columns(func.count().label("size")).group_by(*values)
        (found,), (counts,) = _both(connection, rows.order_by(*values), sizes.order_by(*values), beside)
        return found, np.repeat(np.arange(len(counts)), counts), len(counts)
    different, places = np.unique(numbers, return_inverse=True)
    return found, places, len(different)


def _both(
    connection: Connection, one: Select[Any], other: Select[Any], beside: Store | None
) -> tuple[list[Numbers], list[Numbers]]:
    """What two queries find, at the same time if there is a store beside the connection: the database needs no lock."""
    if beside is None:
        return gathered(connection, one), gathered(connection, other)
    with ThreadPoolExecutor(1, thread_name_prefix="read beside") as pool:
        meanwhile = pool.submit(_as_it_was, beside, revision_of(connection), other)
        return gathered(connection, one), meanwhile.result() or gathered(connection, other)


def _as_it_was(store: Store, revision: int, query: Select[Any]) -> list[Numbers]:
    """What a query finds on a connection of its own; nothing at all where that sees the store at another revision."""
    with store.reading() as connection:
        return gathered(connection, query) if revision_of(connection) == revision else []


def _has_few_metrics(connection: Connection) -> bool:
    """Whether all rows of `series` are sooner read, one after another, than those of one metric looked up."""
    metrics = select(func.count(used_keys.c.key_id.distinct())).where(used_keys.c.table_name == series.name)
    return bool(connection.execute(metrics).scalar_one() <= SCANNED)


def _segments(connection: Connection, column: Column) -> list[Segment]:
    """Where the values of a column are: numbers as numbers, and texts after them in their own order."""
    if column.source is Source.ATTRIBUTE:
        value = attribute(column.key, now_ms())
        if column == STATUS:
            value = status_place()
        values = [func.lower(runs.c.name), runs.c.name] if column == NAME else [value]
        return [(select(runs.c.id).where(value.is_not(None)), values)]
    if column.source is Source.CHECK:
        verdicts, values = checks.verdict_order(column.key)
        return [(select(verdicts.c.run_id).where(values[0].is_not(None)), values)]
    number = key_number(connection, column.key)
    if column.source is Source.METRIC:
        value = STATISTICS[stored_column(column).statistic or "last"]
        return [(_of_key(series, number).where(value.is_not(None)), [value])]
    if column.source is Source.TAG:
        return [(_of_key(tags, number), [tags.c.value])]
    of_key, value = _of_key(params, number), params.c.number
    numbers, texts = of_key.where(value.is_not(None)), of_key.where(value.is_(None))
    return [(numbers, [value, params.c.value]), (texts, [params.c.value])]


def _of_key(table: Any, number: int) -> Select[Any]:
    return select(table.c.run_id).where(table.c.key_id == number)
