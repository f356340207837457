"""The runs around a run: the one it is nested in, and those that are nested in it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from runfolio.core.entities import Run
from runfolio.core.states import LifecycleStage, RunStatus
from runfolio.store.connection import Store
from runfolio.store.schema import runs

#: So many of the nested runs are listed.
MOST = 200


@dataclass(frozen=True, slots=True)
class Relative:
    """As much of another run as a link to it shows."""

    id: int
    experiment: int
    name: str
    status: RunStatus


@dataclass(frozen=True, slots=True)
class Family:
    """`children` are the first of `total`, in the order they started; none of them is in the trash."""

    parent: Relative | None = None
    children: tuple[Relative, ...] = ()
    total: int = 0


def family(store: Store, run: Run, most: int = MOST) -> Family:
    """The parent and the children of a run."""
    nested = runs.c.parent_uuid == run.run_id, runs.c.lifecycle_stage == LifecycleStage.ACTIVE
    above = _relatives(store, runs.c.id == run.parent, most=1) if run.parent is not None else []
    children = _relatives(store, *nested, most=most + 1)
    total = len(children)
    if total > most:
        with store.reading() as connection:
            total = connection.execute(select(func.count()).select_from(runs).where(*nested)).scalar_one()
    return Family(above[0] if above else None, tuple(children[:most]), total)


def _relatives(store: Store, *where: ColumnElement[bool], most: int) -> list[Relative]:
    query = select(runs.c.id, runs.c.experiment_id, runs.c.name, runs.c.status).where(*where)
    query = query.order_by(runs.c.start_time, runs.c.id).limit(most)
    with store.reading() as connection:
        return [Relative(run, place, name, RunStatus(status)) for run, place, name, status in connection.execute(query)]
