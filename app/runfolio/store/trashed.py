"""What is in the trash: runs that went there by themselves, experiments with theirs, single files, models, versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from runfolio.core.states import LifecycleStage
from runfolio.store.registry.tables import model_versions, registered_models
from runfolio.store.schema import artifacts, experiments, runs, trashed_files

TOGETHER = and_(experiments.c.deleted_time.is_not(None), runs.c.deleted_time == experiments.c.deleted_time)
_VERSION_APART = and_(model_versions.c.deleted_time.is_not(None), registered_models.c.deleted_time.is_(None))
# From the experiments on, for an index finds the runs of each that are in the trash.
RUNS_THERE = and_(runs.c.experiment_id == experiments.c.id, runs.c.lifecycle_stage == LifecycleStage.DELETED)


class Kind(StrEnum):
    """What can be in the trash."""

    RUN = "run"
    EXPERIMENT = "experiment"
    FILES = "files"
    MODEL = "model"
    VERSION = "version"


@dataclass(frozen=True, slots=True)
class Trashed:
    """A run, an experiment, a registered model or a version in the trash, or files of a run that went there together.

    Attributes:
        id: the store's number of the run or of the experiment; of files the first one's, of those in the trash.
        experiment: the name of the experiment, of a run the one that it is from.
        run: the name of the run; empty for an experiment.
        time: when it was put there, in epoch milliseconds.
        runs: how many runs come back with it, itself included.
        bytes: of the files that were logged with those runs, or of the single files.
        files: how many single files it is; 0 for a run or an experiment.
        path: of single files the first one's.
        run_uuid: of single files their run's public id.
        model: of a registered model or a version the model's name.
        version: of a version its number.
    """

    id: int
    experiment: str
    run: str
    time: int
    runs: int
    bytes: int
    files: int = 0
    path: str = ""
    run_uuid: str = ""
    model: str = ""
    version: int = 0

    @property
    def kind(self) -> Kind:
        """What it is."""
        if self.model:
            return Kind.VERSION if self.version else Kind.MODEL
        return Kind.FILES if self.files else Kind.RUN if self.run else Kind.EXPERIMENT


def count_trashed(connection: Connection) -> int:
    """How many things are in the trash; an experiment counts as one."""
    apart = select(func.count()).select_from(experiments.join(runs, RUNS_THERE)).where(_apart())
    places = select(func.count()).select_from(experiments).where(_is_deleted())
    together = select(trashed_files.c.run_uuid, trashed_files.c.deleted_time).distinct().subquery()
    files = select(func.count()).select_from(together)
    gone = select(func.count()).select_from(registered_models).where(registered_models.c.deleted_time.is_not(None))
    versions = select(func.count()).select_from(model_versions.join(registered_models)).where(_VERSION_APART)
    return sum(int(connection.execute(query).scalar_one()) for query in (apart, places, files, gone, versions))


def list_trashed(connection: Connection) -> list[Trashed]:
    """All that is in the trash, the latest first."""
    sizes = select(artifacts.c.run_id, func.sum(artifacts.c.size).label("size")).group_by(artifacts.c.run_id).subquery()
    found = [*_runs(connection, sizes), *_experiments(connection, sizes), *_files(connection), *_models(connection)]
    return sorted(found, key=lambda one: (-one.time, one.experiment, one.run))


def _files(connection: Connection) -> list[Trashed]:
    table = trashed_files
    name = func.coalesce(runs.c.name, table.c.run_uuid), func.coalesce(experiments.c.name, "")
    source = table.outerjoin(runs, runs.c.run_uuid == table.c.run_uuid).outerjoin(
        experiments, experiments.c.id == runs.c.experiment_id
    )
    some = func.min(table.c.id), func.count(), func.sum(table.c.size), func.min(table.c.path)
    query: Select[Any] = select(table.c.run_uuid, table.c.deleted_time, *name, *some).select_from(source)
    rows = connection.execute(query.group_by(table.c.run_uuid, table.c.deleted_time))
    return [
        Trashed(first, place, run, time, 0, size, count, path, uuid)
        for uuid, time, run, place, first, count, size, path in rows
    ]


def _models(connection: Connection) -> list[Trashed]:
    """Models with what all their versions have, and versions that went there by themselves."""
    table = registered_models
    size = func.coalesce(func.sum(model_versions.c.size), 0)
    of_model = select(table.c.id, table.c.name, table.c.deleted_time, size).outerjoin(model_versions)
    rows = connection.execute(of_model.where(table.c.deleted_time.is_not(None)).group_by(table.c.id))
    found = [Trashed(number, "", "", time or 0, 0, bytes, model=name) for number, name, time, bytes in rows]
    columns = model_versions.c.id, model_versions.c.version, model_versions.c.deleted_time, model_versions.c.size
    versions = connection.execute(select(*columns, table.c.name).join(table).where(_VERSION_APART))
    return found + [
        Trashed(row.id, "", "", row.deleted_time or 0, 0, row.size, model=row.name, version=row.version)
        for row in versions
    ]


def ids_of_files(connection: Connection, those: Sequence[Trashed]) -> list[int]:
    """The numbers of all files of some entries, as the table of files in the trash has them."""
    table = trashed_files
    found: list[int] = []
    for one in those:
        query = select(table.c.id).where(table.c.run_uuid == one.run_uuid, table.c.deleted_time == one.time)
        found += connection.execute(query.order_by(table.c.id)).scalars()
    return found


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
