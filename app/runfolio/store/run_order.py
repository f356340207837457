"""The runs of a query in order, as an array: what the run table consists of.

The database knows each column's order from an index, and writes it as numbers; filters and orders of several columns
are put together here, on arrays. A million runs take a fraction of a second, most of it without the interpreter's lock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Integer, Select, func, select

from runfolio.core.clock import now_ms
from runfolio.core.columns import NEWEST_FIRST, Column, SortKey, Source, formula
from runfolio.core.direction import settled as direct
from runfolio.core.filter.tree import And, Comparison, Entity, Field, Node, Not, Or, Presence, Words
from runfolio.core.folder import ARTIFACTS
from runfolio.store import checks, dialect, formulas
from runfolio.store.batches import raw_numbers
from runfolio.store.compile_filter import compiled, matching
from runfolio.store.connection import Store
from runfolio.store.gather import Numbers, gathered
from runfolio.store.metric_names import settled
from runfolio.store.run_fields import RunFields, attribute
from runfolio.store.run_query import EVERYTHING, STATISTICS, RunQuery, key_number, listed, named
from runfolio.store.schema import experiments, params, runs, series, tags, used_keys

Mask: TypeAlias = NDArray[np.bool_]
# The rows of runs that have a value, and what they are ordered by.
Segment: TypeAlias = tuple[Select[Any], list[ColumnElement[Any]]]

NEWEST = runs.c.start_time.desc(), runs.c.id.desc()
# Statistics that no index knows the order of.
UNSORTED = (STATISTICS["first"], STATISTICS["mean"])
# To look a row up takes as long as to read so many.
SCANNED = 25
# Of one run in so many, the values are looked up; of more, all values of a column are read in the order of their index.
FEW = 10


def run_ids(store: Store, query: RunQuery) -> Numbers:
    """The runs in order; of equal ones the newest first. Raises FilterError."""
    with store.reading() as connection:
        ids = _passing(store, connection, query)
        keys = () if is_natural(query.sort) else query.sort
        for key in reversed(keys):
            by = formulas.in_order if formulas.is_computed(key.column) else _in_order
            ids = by(connection, key, ids)
        return ids


def chosen(store: Store, connection: Connection, query: RunQuery) -> Select[Any]:
    """The ids of a query's runs, as a statement. Raises FilterError."""
    node, now = query.node(), now_ms()
    statement: Select[Any] = select(runs.c.id)
    if query.formulas:  # which the database cannot compute
        return statement.where(dialect.among(runs.c.id, _passing(store, connection, query).tolist()))
    statement = statement.where(listed(query.experiments), named(query.text))
    node, _ = settled(connection, node)
    if node != EVERYTHING:
        statement = statement.where(compiled(node, RunFields(now, store.path / ARTIFACTS), now))
    return statement


def _passing(store: Store, connection: Connection, query: RunQuery) -> Numbers:
    """The runs that the filter lets pass, the newest first."""
    node = query.node()
    ids = _newest(connection, query)
    if node == EVERYTHING:
        return ids
    wanted = {one.name: one.text for one in query.formulas}
    return ids[_Filter(store, connection, Places(ids), wanted).passing(settled(connection, node)[0])]


def first_runs(store: Store, query: RunQuery, limit: int) -> tuple[Numbers, int]:
    """The first runs of a query, and how many there are in all. Raises FilterError.

    Of a query without filter and order, this takes no longer however many there are.
    """
    if query.filter or query.text or not is_natural(query.sort):
        ids = run_ids(store, query)
        return ids[:limit], len(ids)
    here = select(runs.c.id).where(listed(()), runs.c.experiment_id == experiments.c.id)
    of_each = here.order_by(*NEWEST).limit(limit).correlate(experiments)
    asked = experiments.c.id.in_(query.experiments) if query.experiments else experiments.c.runs > 0
    first = select(runs.c.id).join(experiments, runs.c.id.in_(of_each)).where(asked).order_by(*NEWEST).limit(limit)
    with store.reading() as connection:
        number = connection.execute(select(func.sum(experiments.c.runs)).where(asked)).scalar()
        return np.fromiter(connection.execute(first).scalars(), np.int64), int(number or 0)


def are_few(connection: Connection, asked: Sequence[int]) -> bool:
    """Whether the runs of these experiments are but few of the store's."""
    own, everything = _counts(connection, asked)
    return FEW * own < everything


def _counts(connection: Connection, asked: Sequence[int]) -> tuple[int, int]:
    """How many runs in use these experiments have, and how many there are."""
    number = func.sum(experiments.c.runs)
    own = number.filter(experiments.c.id.in_(asked)) if asked else number
    some, everything = connection.execute(select(own, number)).one()
    return some or 0, everything or 0


def is_natural(sort: Sequence[SortKey]) -> bool:
    """Whether an order is the one that runs have by themselves, the newest first."""
    return tuple(sort) in ((), (NEWEST_FIRST,))


class Places:
    """Where each of some runs stands in an array of them."""

    def __init__(self, ids: Numbers) -> None:
        self.ids = ids
        # The last one is the place of all runs beyond.
        self._places = np.full(int(ids.max(initial=0)) + 2, -1, np.int64)
        self._places[ids] = np.arange(len(ids))

    def __len__(self) -> int:
        return len(self.ids)

    def of(self, found: Numbers) -> Numbers:
        """The places of runs; -1 of those that are not here."""
        return self._places[np.minimum(found, len(self._places) - 1)]


class _Filter:
    """Which of some runs pass: what each comparison says comes from the database, the logic is done on arrays."""

    def __init__(self, store: Store, connection: Connection, places: Places, computed: Mapping[str, str]) -> None:
        self._computed = computed
        self._connection = connection
        self._places = places
        self._now = now_ms()
        self._fields = RunFields(self._now, store.path / ARTIFACTS)

    def passing(self, node: Node) -> Mask:
        """Whether each run passes."""
        passed: Mask = np.zeros(len(self._places), np.bool_)
        match node:
            case And(parts):
                passed |= True
                for part in parts:
                    passed &= self.passing(part)
            case Or(parts):
                for part in parts:
                    passed |= self.passing(part)
            case Not(part):
                passed |= ~self.passing(part)
            case Comparison(Field(Entity.FORMULA, name)) | Presence(Field(Entity.FORMULA, name)):
                numbers = formulas.column_numbers(
                    self._connection, formula(name, self._computed[name]), self._places.ids
                )
                passed |= formulas.passing(node, numbers)
            case Comparison() | Presence() | Words():
                (found,) = gathered(self._connection, matching(node, self._fields, self._now))
                places = self._places.of(found)
                passed[places[places >= 0]] = True
        return passed


def _newest(connection: Connection, query: RunQuery) -> Numbers:
    """The runs of a query, the newest first, whatever its filter and its order."""
    own, everything = _counts(connection, query.experiments)
    # Where there are no others, the database need not look at each run's experiment.
    here = listed(query.experiments if own < everything else ())
    asked = select(runs.c.id).where(here, named(query.text))
    if len(query.experiments) != 1 and FEW * own >= everything:
        asked = dialect.by_index(asked, runs, "runs_by_start")
    return gathered(connection, asked.order_by(*NEWEST))[0]


def _in_order(connection: Connection, key: SortKey, ids: Numbers) -> Numbers:
    """The runs by a key, what is missing last or first; those that are equal stay in their order."""
    places = Places(ids)
    segments: list[Segment | None] = [*_segments(connection, key.column)]
    parts = [*segments[1:], None, *segments[:1]] if key.nulls_first else [*segments, None]
    ranks, next_rank, missing = np.full(len(places), -1, np.int64), 0, 0
    for part in parts:
        if part is None:
            missing, next_rank = next_rank, next_rank + 1
            continue
        found, sizes = _by_value(connection, part, places)
        groups = np.arange(len(sizes))
        at = places.of(found)
        listed_here = at >= 0
        own = np.repeat(groups[::-1] if key.descending else groups, sizes)
        ranks[at[listed_here]] = next_rank + own[listed_here]
        next_rank += len(sizes)
    ranks[ranks < 0] = missing
    return ids[np.argsort(ranks, kind="stable")]


def _by_value(connection: Connection, segment: Segment, places: Places) -> tuple[Numbers, Numbers]:
    """Runs by their values ascending, and how many there are of each value."""
    numbers: NDArray[Any]
    rows, values = segment
    (run,) = rows.selected_columns
    newest = connection.execute(select(func.max(runs.c.id))).scalar() or 0
    few = FEW * len(places) < newest
    if few:
        rows = rows.where(dialect.among(run, places.ids.tolist()))
    if len(values) == 1 and isinstance(values[0].type, Integer):
        found, numbers = gathered(connection, rows.add_columns(values[0]))
    elif any(values[0] is one for one in UNSORTED):
        unsorted = rows.add_columns(values[0])
        scanned = not few and _has_few_metrics(connection)
        found, numbers = raw_numbers(connection, dialect.by_row(unsorted, series) if scanned else unsorted)
    else:
        sizes = rows.with_only_columns(func.count().label("size")).group_by(*values)
        (found,), (counts,) = (gathered(connection, one.order_by(*values)) for one in (rows, sizes))
        return found, counts
    order = np.argsort(numbers, kind="stable")
    return found[order], np.unique(numbers, return_counts=True)[1].astype(np.int64)


def _has_few_metrics(connection: Connection) -> bool:
    """Whether all rows of `series` are sooner read, one after another, than those of one metric looked up."""
    metrics = select(func.count(used_keys.c.key_id.distinct())).where(used_keys.c.table_name == series.name)
    return bool(connection.execute(metrics).scalar_one() <= SCANNED)


def _segments(connection: Connection, column: Column) -> list[Segment]:
    """Where the values of a column are: numbers as numbers, and texts after them in their own order."""
    if column.source is Source.ATTRIBUTE:
        value = attribute(column.key, now_ms())
        values = [func.lower(runs.c.name), runs.c.name] if column.key == "run_name" else [value]
        return [(select(runs.c.id).where(value.is_not(None)), values)]
    if column.source is Source.CHECK:
        verdicts, values = checks.verdict_order(column.key)
        return [(select(verdicts.c.run_id).where(values[0].is_not(None)), values)]
    number = key_number(connection, column.key)
    if column.source is Source.METRIC:
        value = STATISTICS[direct(column).statistic or "last"]
        return [(_of_key(series, number).where(value.is_not(None)), [value])]
    if column.source is Source.TAG:
        return [(_of_key(tags, number), [tags.c.value])]
    of_key, value = _of_key(params, number), params.c.number
    numbers, texts = of_key.where(value.is_not(None)), of_key.where(value.is_(None))
    return [(numbers, [value, params.c.value]), (texts, [params.c.value])]


def _of_key(table: Any, number: int) -> Select[Any]:
    return select(table.c.run_id).where(table.c.key_id == number)
