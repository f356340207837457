"""Which runs are asked for, said in SQL: the conditions on a run, and the values of its columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, func, select, true

from runfolio.core.columns import DURATION, Column, SortKey, Source
from runfolio.core.filter import RUNS, parse_filter
from runfolio.core.filter.tree import Comparison, Entity, Field, Moment, Node, Statistic, conditions, fields
from runfolio.core.states import LifecycleStage
from runfolio.core.views import FormulaColumn
from runfolio.store import dialect
from runfolio.store.run_fields import statistic
from runfolio.store.schema import keys, runs, series

#: What a row of `series` says of each statistic but the best, which is one of them.
STATISTICS = {
    str(one): statistic(series, Field(Entity.METRIC, "", one)) for one in Statistic if one is not Statistic.BEST
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
        return parse_filter(self.filter, RUNS.with_formulas(one.name for one in self.formulas))

    def moves(self) -> bool:
        """Whether time alone may have other runs fit the filter. Raises FilterError."""
        compared = [one for one in conditions(self.node()) if isinstance(one, Comparison)]
        return any(isinstance(one.value, Moment) or one.field.key == DURATION.key for one in compared)

    def stays(self) -> bool:
        """Whether the answer is the same until a run or an experiment changes. Raises FilterError."""
        computed = any(one.entity in (Entity.CHECK, Entity.FORMULA) for one in fields(self.node()))
        return not self.moves() and not computed and all(stays(key.column) for key in self.sort)


def stays(column: Column) -> bool:
    """Whether what is in a column is the same until a run changes: neither time nor a health check changes it."""
    return column.source not in (Source.CHECK, Source.FORMULA) and column != DURATION


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
