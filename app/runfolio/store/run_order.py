"""The runs of a query in order, as an array: what the run table consists of.

Filters and orders of several columns are put together here, on arrays. A million runs take a fraction of a second, most
of it without the interpreter's lock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, func, select

from runfolio.core.clock import now_ms
from runfolio.core.columns import NEWEST_FIRST, Column, SortKey, Source, formula
from runfolio.core.filter.tree import And, Comparison, Entity, Field, Node, Not, Or, Presence, Words
from runfolio.core.folder import ARTIFACTS
from runfolio.store import dialect, formulas
from runfolio.store.compile_filter import compiled, matching
from runfolio.store.connection import Store, last_removal
from runfolio.store.gather import Numbers, gathered
from runfolio.store.metric_names import resolve_metrics
from runfolio.store.ranks import Ranks, ranks
from runfolio.store.run_fields import RunFields
from runfolio.store.run_query import EVERYTHING, RunQuery, listed, named, stays
from runfolio.store.schema import experiments, runs
from runfolio.store.words import mentioned

Mask: TypeAlias = NDArray[np.bool_]

NEWEST = runs.c.start_time.desc(), runs.c.id.desc()
# Of one run in so many, the values are looked up; of more, all values of a column are read in the order of their index.
FEW = 10
# Of so many runs an order is read on two connections at once.
MANY = 50_000


def run_ids(store: Store, query: RunQuery) -> Numbers:
    """The runs in order; of equal ones the newest first. Others may have the same array. Raises FilterError."""
    with store.reading() as connection, dialect.in_time(connection, query.filter):
        return _ids(store, connection, query)


def _ids(store: Store, connection: Connection, query: RunQuery) -> Numbers:
    """The same; what was found last is found again at once, as long as nothing has changed."""
    find: Callable[[], Numbers]
    if not is_natural(query.sort):
        find = partial(_sorted, store, connection, query)
    elif query.node() != EVERYTHING:
        query = replace(query, sort=())
        find = partial(_passing, store, connection, query)
    else:
        query = replace(query, sort=(), filter="", formulas=())
        find = partial(_newest, connection, query)
    if not query.stays():
        return find()
    # Columns are the same whether there are but numbers in them or texts too, and are sorted otherwise.
    kinds = tuple(key.column.kind for key in query.sort)
    ids = store.kept.answer((_state(connection), query, kinds), find)
    ids.flags.writeable = False
    return ids


def _state(connection: Connection) -> tuple[int, int, int]:
    """Another one after each change to runs, with all that belongs to them, and to experiments."""
    newest = (select(func.max(table.c.revision)).scalar_subquery() for table in (runs, experiments))
    of_runs, of_experiments = connection.execute(select(*newest)).one()
    return of_runs or 0, of_experiments or 0, last_removal(connection)


def _sorted(store: Store, connection: Connection, query: RunQuery) -> Numbers:
    ids = _ids(store, connection, replace(query, sort=()))
    for key in reversed(query.sort):
        if key.column.source is Source.FORMULA:
            ids = formulas.in_order(connection, key, ids)
        else:
            ids = _ranks(store, connection, key.column, ids).ordered(ids, key)
    return ids


def _ranks(store: Store, connection: Connection, column: Column, ids: Numbers) -> Ranks:
    """What these runs are ordered by; of few the values are looked up."""
    newest = connection.execute(select(func.max(runs.c.id))).scalar() or 0
    if FEW * len(ids) < newest:
        return ranks(connection, column, ids)
    find = partial(ranks, connection, column, beside=store if newest >= MANY else None)
    return store.kept.answer((_state(connection), column, column.kind), find) if stays(column) else find()


def chosen(store: Store, connection: Connection, query: RunQuery) -> Select[Any]:
    """The ids of a query's runs, as a statement. Raises FilterError."""
    node, now = query.node(), now_ms()
    statement: Select[Any] = select(runs.c.id)
    if query.formulas:  # which the database cannot compute
        return statement.where(dialect.among(runs.c.id, _ids(store, connection, replace(query, sort=())).tolist()))
    statement = statement.where(listed(query.experiments), named(query.text))
    node, _ = resolve_metrics(connection, node)
    if node != EVERYTHING:
        statement = statement.where(compiled(node, RunFields(now, store.path / ARTIFACTS, connection), now))
    return statement


def _passing(store: Store, connection: Connection, query: RunQuery) -> Numbers:
    """The runs that the filter lets pass, the newest first."""
    ids = _ids(store, connection, replace(query, filter="", formulas=()))
    wanted = {one.name: one.text for one in query.formulas}
    node, _ = resolve_metrics(connection, query.node())
    return ids[_Filter(store, connection, Places(ids), wanted).passing(node)]


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
        self._fields = RunFields(self._now, store.path / ARTIFACTS, connection)

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
            case Words(text):
                passed[self._of(mentioned(self._connection, text))] = True
            case Comparison() | Presence():
                (found,) = gathered(self._connection, matching(node, self._fields, self._now))
                passed[self._of(found)] = True
        return passed

    def _of(self, found: Numbers) -> Numbers:
        places = self._places.of(found)
        return places[places >= 0]


def _newest(connection: Connection, query: RunQuery) -> Numbers:
    """The runs of a query, the newest first, whatever its filter and its order."""
    own, everything = _counts(connection, query.experiments)
    # Where there are no others, the database need not look at each run's experiment.
    here = listed(query.experiments if own < everything else ())
    asked = select(runs.c.id).where(here, named(query.text))
    if len(query.experiments) != 1 and FEW * own >= everything:
        asked = dialect.by_index(asked, runs, "runs_by_start")
    return gathered(connection, asked.order_by(*NEWEST))[0]
