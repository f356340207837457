"""What is in the trash: runs that were put there by themselves, and experiments with the runs that went with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from runfolio.core.states import LifecycleStage
from runfolio.store.schema import artifacts, experiments, runs

TOGETHER = and_(experiments.c.deleted_time.is_not(None), runs.c.deleted_time == experiments.c.deleted_time)
# From the experiments on, for an index finds the runs of each that are in the trash.
RUNS_THERE = and_(runs.c.experiment_id == experiments.c.id, runs.c.lifecycle_stage == LifecycleStage.DELETED)


@dataclass(frozen=True, slots=True)
class Trashed:
    """A run or an experiment in the trash.

    Attributes:
        id: the store's number of the run or of the experiment.
        experiment: the name of the experiment, of a run the one that it is from.
        run: the name of the run; empty for an experiment.
        time: when it was put there, in epoch milliseconds.
        runs: how many runs come back with it, itself included.
        bytes: of the files that were logged with those runs.
    """

    id: int
    experiment: str
    run: str
    time: int
    runs: int
    bytes: int


def count_trashed(connection: Connection) -> int:
    """How many things are in the trash; an experiment counts as one."""
    apart = select(func.count()).select_from(experiments.join(runs, RUNS_THERE)).where(_apart())
    places = select(func.count()).select_from(experiments).where(_is_deleted())
    return int(connection.execute(apart).scalar_one()) + int(connection.execute(places).scalar_one())


def list_trashed(connection: Connection) -> list[Trashed]:
    """All that is in the trash, the latest first."""
    sizes = select(artifacts.c.run_id, func.sum(artifacts.c.size).label("size")).group_by(artifacts.c.run_id).subquery()
    found = [*_runs(connection, sizes), *_experiments(connection, sizes)]
    return sorted(found, key=lambda one: (-one.time, one.experiment, one.run))


def _runs(connection: Connection, sizes: Any) -> list[Trashed]:
    source = experiments.join(runs, RUNS_THERE).outerjoin(sizes, sizes.c.run_id == runs.c.id)
    query: Select[Any] = select(runs.c.id, experiments.c.name, runs.c.name, runs.c.deleted_time, sizes.c.size)
    rows = connection.execute(query.select_from(source).where(_apart()))
    return [Trashed(number, place, name, time or 0, 1, size or 0) for number, place, name, time, size in rows]


def _experiments(connection: Connection, sizes: Any) -> list[Trashed]:
    source = experiments.outerjoin(runs, and_(RUNS_THERE, TOGETHER)).outerjoin(sizes, sizes.c.run_id == runs.c.id)
    counted = func.count(runs.c.id), func.coalesce(func.sum(sizes.c.size), 0)
    query: Select[Any] = select(experiments.c.id, experiments.c.name, experiments.c.deleted_time, *counted)
    rows = connection.execute(query.select_from(source).where(_is_deleted()).group_by(experiments.c.id))
    return [Trashed(number, name, "", time or 0, count, size) for number, name, time, count, size in rows]


def _is_deleted() -> ColumnElement[bool]:
    return experiments.c.lifecycle_stage == LifecycleStage.DELETED


def _apart() -> ColumnElement[bool]:
    """Runs that did not go to the trash with their experiment."""
    return or_(experiments.c.deleted_time.is_(None), runs.c.deleted_time != experiments.c.deleted_time)
