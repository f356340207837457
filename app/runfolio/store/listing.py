"""All experiments with their counts, and which of them are others since: for a list that follows the store."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection, and_, func, select

from runfolio.core.entities import Experiment
from runfolio.core.states import LifecycleStage
from runfolio.store import dialect
from runfolio.store.connection import revision_of
from runfolio.store.experiments import with_tags
from runfolio.store.schema import experiments, runs


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list of experiments needs to be up to date.

    Attributes:
        revision: the store's revision that it is of.
        present: all experiments that there are, in use or in the trash.
        changed: those that are others than they were, with their counts. Of one in the trash, `runs` are those that
            went there with it.
    """

    revision: int
    present: frozenset[int]
    changed: tuple[Experiment, ...]


def experiments_since(connection: Connection, revision: int) -> Listing:
    """What has changed after a revision; everything, if it is below 0."""
    now = revision_of(connection)
    present = frozenset(connection.execute(select(experiments.c.id)).scalars())
    if revision < 0:
        query = select(experiments)
    else:
        # The database would go through the runs of all experiments for this.
        of_runs = select(runs.c.experiment_id).where(runs.c.revision > revision).distinct()
        of_runs = dialect.by_index(of_runs, runs, "runs_by_revision")
        own = select(experiments.c.id).where(experiments.c.revision > revision)
        asked = {*connection.execute(of_runs).scalars(), *connection.execute(own).scalars()}
        query = select(experiments).where(dialect.among(experiments.c.id, asked))
    rows = connection.execute(query).all()
    return Listing(now, present, tuple(_with_trash(connection, with_tags(connection, rows))))


def _with_trash(connection: Connection, found: list[Experiment]) -> list[Experiment]:
    """Those in the trash with the runs that would come back with them."""
    deleted = [one.id for one in found if one.lifecycle_stage is LifecycleStage.DELETED]
    if not deleted:
        return found
    together = and_(experiments.c.id == runs.c.experiment_id, experiments.c.deleted_time == runs.c.deleted_time)
    query = select(runs.c.experiment_id, func.count()).join(experiments, together).group_by(runs.c.experiment_id)
    rows = connection.execute(query.where(dialect.among(runs.c.experiment_id, deleted)))
    counts = {experiment: count for experiment, count in rows}
    return [replace(one, runs=counts.get(one.id, 0)) if one.id in counts else one for one in found]
