"""What explains a metric, read and computed on a worker thread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from runfolio.core.columns import Column, Source, sortable
from runfolio.core.direction import stored_column
from runfolio.core.grouping import Level, aligned, level_of
from runfolio.core.importance import Explanation, explain
from runfolio.core.numbers import counted
from runfolio.core.views import View
from runfolio.gui.aliases import Ids
from runfolio.gui.compare.reading import Compared
from runfolio.store import Store, stopping
from runfolio.store.grouping import read_values

#: Of more runs some are looked at; of more params the first ones, of these the first that differ.
MOST_RUNS, MOST_READ, MOST_PARAMS = 5_000, 400, 60


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What is to be explained.

    Attributes:
        runs: by these runs.
        column: the metric.
        params: what could explain it.
        view: how runs are looked at, which says in which direction a metric is better.
    """

    runs: Ids
    column: Column
    params: tuple[Column, ...]
    view: View


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """What explains a metric.

    Attributes:
        asked: what was to be explained.
        found: what was found.
        scope: which runs and params were left out, in few words; empty if none were.
        marks: what it was computed of, to be computed no second time.
    """

    asked: Asked
    found: Explanation
    scope: str
    marks: int


def asked_of(compared: Compared) -> Asked | None:
    """What the runs that are compared have to explain; None if there is no metric."""
    params = tuple(one for one in compared.columns if one.source is Source.PARAM and one != compared.by)
    return Asked(compared.runs, compared.by, params, compared.question.view) if compared.by is not None else None


def read_explained(store: Store, asked: Asked, before: Explained | None) -> Explained:
    """Explain a metric; `before` is taken where nothing has changed. Raises Stopped when nobody waits any more."""
    chance = np.random.default_rng(0)
    some = np.sort(chance.permutation(np.sort(asked.runs))[:MOST_RUNS])
    column = stored_column(sortable(asked.column), asked.view.directions)
    values, _ = aligned(read_values(store, some, column, written=False).numeric(), some)
    varied = _varied(store, some, asked.params[:MOST_READ])
    levels = list(islice(varied, MOST_PARAMS))
    more = next(varied, None) is not None or len(asked.params) > MOST_READ
    # Hashes of texts are the same as long as the program runs.
    parts = [
        values.tobytes(),
        *(part for one in levels for part in (one.column, one.codes.tobytes(), one.marks.tobytes())),
    ]
    marks = hash(tuple(parts))
    if before is not None and before.marks == marks and before.asked.column == asked.column:
        return Explained(asked, before.found, before.scope, marks)
    return Explained(asked, explain(levels, values, stopped=stopping.asked), _scope(asked, some, levels, more), marks)


def _varied(store: Store, runs: Ids, params: Sequence[Column]) -> Iterator[Level]:
    """The params in which runs differ."""
    for param in params:
        level = level_of(param, read_values(store, runs, param, written=False), runs)
        if len(level.codes) and level.codes.min() < level.codes.max():
            yield level


def _scope(asked: Asked, some: Ids, levels: Sequence[Level], more: bool) -> str:
    parts = [f"{len(some):,} of {counted(len(asked.runs), 'run')}"] if len(some) < len(asked.runs) else []
    parts += [f"the first {len(levels)} params that differ"] if more else []
    return ", ".join(parts)
