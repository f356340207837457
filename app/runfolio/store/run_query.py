"""Which runs are asked for, said in SQL: the conditions on a run, and the values of its columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, select, true

from runfolio.core.clock import now_ms
from runfolio.core.columns import SortKey
from runfolio.core.filter import RUNS, parse_filter
from runfolio.core.filter.tree import Node
from runfolio.core.states import LifecycleStage, RunStatus
from runfolio.core.views import FormulaColumn
from runfolio.store import dialect
from runfolio.store.schema import experiments, keys, runs, series

STATISTICS = {
    "last": series.c.last_value,
    "first": series.c.first_value,
    "min": series.c.min_value,
    "max": series.c.max_value,
    "mean": series.c.total / func.nullif(series.c.count - series.c.non_finite, 0),
    "count": series.c.count,
}

EVERYTHING = parse_filter("")
# SQLite takes 1000 terms in one expression; nobody types a tenth of that.
MOST_WORDS = 100


@dataclass(frozen=True, slots=True)
class RunQuery:
    """Which runs, in which order.

    Attributes:
        experiments: none means all.
        sort: the keys of the order, the first one leading; by default the newest first.
        text: words that must occur in a run's name.
        filter: what else must hold, in the language of filters.
        formulas: the computed columns that the filter names.
    """

    experiments: tuple[int, ...] = ()
    sort: tuple[SortKey, ...] = ()
    text: str = ""
    filter: str = ""
    formulas: tuple[FormulaColumn, ...] = ()

    def node(self) -> Node:
        """What the filter says. Raises FilterError."""
        return parse_filter(self.filter, replace(RUNS, formulas=tuple(one.name for one in self.formulas)))


def key_number(connection: Connection, name: str) -> int:
    """The id of a key's name; of one that nobody has logged, an id that nothing has."""
    found = connection.execute(select(keys.c.id).where(keys.c.name == name)).scalar()
    return -1 if found is None else int(found)


def listed(experiments: Sequence[int]) -> ColumnElement[bool]:
    """The runs that can be listed: those of these experiments, or of all, and not in the trash."""
    active = runs.c.lifecycle_stage == LifecycleStage.ACTIVE
    return and_(active, runs.c.experiment_id.in_(experiments)) if experiments else active


def named(text: str) -> ColumnElement[bool]:
    """Runs with all these words in their names."""
    words = []
    for word in list(dict.fromkeys(text.split()))[:MOST_WORDS]:
        lower = func.lower if word.isascii() else dialect.lower_of_any_script
        words.append(lower(runs.c.name).contains(word.lower(), autoescape=True))
    return and_(true(), *words)


def attribute(key: str) -> ColumnElement[Any]:
    """The value of an attribute in a row of `runs`."""
    if key == "duration":
        now = now_ms()
        open_end = case((runs.c.status == RunStatus.RUNNING, now), else_=runs.c.last_seen)
        return func.coalesce(runs.c.end_time, open_end) - runs.c.start_time
    if key == "user_id":
        return func.nullif(runs.c.user_name, "")
    if key == "source_name":
        return func.nullif(runs.c.source_name, "")
    if key == "experiment_name":
        return select(experiments.c.name).where(experiments.c.id == runs.c.experiment_id).scalar_subquery()
    names = {"run_name": "name", "run_id": "run_uuid"}
    return runs.c[names.get(key, key)]
