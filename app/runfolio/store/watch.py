"""What changed since a revision, and whether it is worth asking."""

from __future__ import annotations

from sqlalchemy import select

from runfolio.core.entities import Changes
from runfolio.store.connection import Store, revision_of
from runfolio.store.dialect import VersionProbe
from runfolio.store.schema import experiments, runs


class Watch:
    """Notices commits of any process, this one's included. Make and use it on one thread."""

    def __init__(self, store: Store) -> None:
        self._probe = VersionProbe(store.database, immutable=store.immutable)

    def poll(self) -> bool:
        """True when something was committed since the last call; costs microseconds."""
        return self._probe.moved()

    def close(self) -> None:
        """Let go of the connection."""
        self._probe.close()


def current_revision(store: Store) -> int:
    """The number of the last transaction."""
    with store.reading() as connection:
        return revision_of(connection)


def changes_since(store: Store, revision: int, last_run: int | None = None) -> Changes:
    """What transactions after `revision` changed. Runs with a number above `last_run` count as created."""
    with store.reading() as connection:
        now = revision_of(connection)
        if now == revision:
            return Changes(revision)
        changed = frozenset(connection.execute(select(runs.c.id).where(runs.c.revision > revision)).scalars())
        moved = select(experiments.c.id).where(experiments.c.revision > revision)
        of_experiments = frozenset(connection.execute(moved).scalars())
    created = frozenset(run for run in changed if last_run is not None and run > last_run)
    return Changes(now, of_experiments, changed, created)
