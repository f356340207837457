"""The runs of an experiment as a tree: those that are nested in none, and below each run those nested in it.

A run stands below its parent if both are in use and in one experiment; else it stands at the top of its own. So each
run of an experiment is found in one place, however deep.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, Select, and_, exists, false, func, select

from runfolio.core.outline import Ids
from runfolio.core.states import LifecycleStage, RunStatus
from runfolio.store import dialect
from runfolio.store.batches import raw_rows
from runfolio.store.schema import experiments, runs


@dataclass(frozen=True, slots=True)
class Branch:
    """What is asked for: the newest `limit` runs of an experiment that are nested in `parent`, or in none."""

    experiment: int
    parent: int | None
    limit: int


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run as a tree shows it; `children` is how many runs stand directly below it."""

    id: int
    name: str
    status: RunStatus
    children: int


@dataclass(frozen=True, slots=True)
class BranchLines:
    """The newest runs of a branch, and how many it has in all."""

    runs: tuple[RunLine, ...]
    total: int


def read_branches(connection: Connection, asked: Iterable[Branch]) -> dict[Branch, BranchLines]:
    """The runs of several branches."""
    return {branch: _read(connection, branch) for branch in asked}


def read_parents(connection: Connection, experiments: Sequence[int] = (), some: Ids | None = None) -> tuple[Ids, Ids]:
    """All runs of these experiments that stand below another one, and for each the one; without any, of all.

    If it is but `some` runs that are asked for, the others are left out.
    """
    above = runs.alias()
    here = and_(above.c.run_uuid == runs.c.parent_uuid, above.c.id != runs.c.id, _in_use(above, runs.c.experiment_id))
    # Looked up for each run that has one; of a join, the database would begin with all runs that others may be below.
    parent = select(above.c.id).where(here).scalar_subquery()
    query: Select[Any] = select(runs.c.id, parent).where(runs.c.parent_uuid.is_not(None))
    query = query.where(runs.c.lifecycle_stage == LifecycleStage.ACTIVE)
    if experiments:
        query = query.where(dialect.among(runs.c.experiment_id, experiments))
    # The database would go through all runs of the experiments, of which few are nested and fewer asked for.
    if some is None:
        query = dialect.by_index(query, runs, "runs_by_parent")
    else:
        query = dialect.by_row(query.where(dialect.among(runs.c.id, some.tolist())), runs)
    found = np.array([row for row in raw_rows(connection, query) if row[1] is not None], np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def read_nested(connection: Connection, above: Sequence[int]) -> Ids:
    """The runs that stand directly below any of these, the newest first."""
    below = runs.alias()
    nested = and_(below.c.parent_uuid == runs.c.run_uuid, below.c.id != runs.c.id, _in_use(below, runs.c.experiment_id))
    query = select(below.c.id).join_from(runs, below, nested).where(dialect.among(runs.c.id, above))
    # The database would begin with all runs that there are in use.
    query = dialect.by_index(query, below, "runs_by_parent")
    query = query.order_by(below.c.start_time.desc(), below.c.id.desc())
    return np.fromiter(connection.execute(query).scalars(), np.int64)


def _read(connection: Connection, branch: Branch) -> BranchLines:
    here = _on_top(branch) if branch.parent is None else _nested_in(connection, branch)
    query: Select[Any] = select(runs.c.id, runs.c.name, runs.c.status, _children().label("children")).where(here)
    query = query.order_by(runs.c.start_time.desc(), runs.c.id.desc()).limit(branch.limit)
    lines = tuple(RunLine(row.id, row.name, RunStatus(row.status), row.children) for row in connection.execute(query))
    return BranchLines(lines, len(lines) if len(lines) < branch.limit else _total(connection, branch, here))


def _total(connection: Connection, branch: Branch, here: ColumnElement[bool]) -> int:
    count = select(func.count()).select_from(runs)
    if branch.parent is not None:
        return int(connection.execute(count.where(here)).scalar_one())
    # Few are nested, as a rule, and an index knows which: the others need not be looked at one by one.
    of_all = select(experiments.c.runs).where(experiments.c.id == branch.experiment)
    everything = connection.execute(of_all).scalar() or 0
    nested = count.where(runs.c.parent_uuid.is_not(None), _in_use(runs, branch.experiment), _has_parent())
    return int(everything) - int(connection.execute(nested).scalar_one())


def _in_use(table: Any, experiment: ColumnElement[int] | int) -> ColumnElement[bool]:
    return and_(table.c.experiment_id == experiment, table.c.lifecycle_stage == LifecycleStage.ACTIVE)


def _on_top(branch: Branch) -> ColumnElement[bool]:
    return and_(_in_use(runs, branch.experiment), ~_has_parent())


def _nested_in(connection: Connection, branch: Branch) -> ColumnElement[bool]:
    parent = and_(runs.c.id == branch.parent, _in_use(runs, branch.experiment))
    uuid = connection.execute(select(runs.c.run_uuid).where(parent)).scalar()
    if uuid is None:  # it is gone, and what was below it stands at the top
        return false()
    return and_(_in_use(runs, branch.experiment), runs.c.parent_uuid == uuid, runs.c.id != branch.parent)


def _has_parent() -> ColumnElement[bool]:
    above = runs.alias()
    same = above.c.run_uuid == runs.c.parent_uuid, above.c.id != runs.c.id
    return exists().where(*same, _in_use(above, runs.c.experiment_id))


def _children() -> Any:
    below = runs.alias()
    nested = below.c.parent_uuid == runs.c.run_uuid, below.c.id != runs.c.id
    return (
        select(func.count()).select_from(below).where(*nested, _in_use(below, runs.c.experiment_id)).scalar_subquery()
    )
