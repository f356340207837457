"""What changed since a revision, and whether it is worth asking."""

from __future__ import annotations

import sqlite3

from sqlalchemy import select

from runfolio.core.entities import Changes
from runfolio.store.connection import Store, last_looks, last_queue, last_registry, last_removal, revision_of
from runfolio.store.dialect import VersionProbe
from runfolio.store.schema import checked, experiments, runs


class Watch:
    """Notices commits of any process, this one's included. Make and use it on one thread."""

    def __init__(self, store: Store) -> None:
        self._probe = VersionProbe(store.database, immutable=store.immutable)

    def poll(self) -> bool:
        """True when something was committed since the last call; costs microseconds.

        Also when that cannot be known now: whoever asks what it was is told why.
        """
        try:
            return self._probe.moved()
        except sqlite3.Error:
            return True

    def close(self) -> None:
        """Let go of the connection."""
        self._probe.close()


def current_revision(store: Store) -> int:
    """The number of the last transaction."""
    with store.reading() as connection:
        return revision_of(connection)


def changes_since(store: Store, revision: int) -> Changes:
    """What transactions after `revision` changed."""
    with store.reading() as connection:
        now = revision_of(connection)
        if now == revision:
            return Changes(revision)
        columns = runs.c.id, runs.c.moved, runs.c.experiment_id
        changed = connection.execute(select(*columns).where(runs.c.revision > revision)).all()
        of_experiments = select(experiments.c.id).where(experiments.c.revision > revision)
        looked_at = select(runs.c.id, runs.c.experiment_id).join(checked, checked.c.run_id == runs.c.id)
        told = connection.execute(looked_at.where(checked.c.revision > revision)).all()
        return Changes(
            now,
            frozenset(connection.execute(of_experiments).scalars()),
            frozenset(row.id for row in changed),
            moved=any(row.moved is not None and row.moved > revision for row in changed),
            removed=last_removal(connection) > revision,
            looks=last_looks(connection) > revision,
            registry=last_registry(connection) > revision,
            queue=last_queue(connection) > revision,
            checked=frozenset(row.id for row in told),
            places=frozenset(row.experiment_id for row in (*changed, *told)),
        )
