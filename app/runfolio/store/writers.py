"""Which processes have a run open: a run that several log to is over when the last of them has ended."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from sqlalchemy import Connection, delete, select

from runfolio.core.states import RunStatus
from runfolio.store.batches import execute_many, in_batches
from runfolio.store.connection import Transaction
from runfolio.store.dialect import insert_or_update
from runfolio.store.schema import writers

#: From the best to the worst end: a run of several processes has that of the worst.
ENDS = (RunStatus.FINISHED, RunStatus.KILLED, RunStatus.FAILED)

Entry = dict[str, str | None]


def joined(transaction: Transaction, journal: str, runs: Iterable[int]) -> None:
    """A journal has these runs open."""
    rows = [{"run_id": run, "journal": journal, "status": None} for run in runs]
    execute_many(transaction, insert_or_update(writers), rows)


def left(
    transaction: Transaction, journal: str, ends: Mapping[int, str], opened: Container[int] = ()
) -> dict[int, str]:
    """A journal has ended these runs, of which it has just opened some; returns those that are over now, and how.

    Others may still have a run open: then it goes on, and how this journal ended waits for them. Whoever never had
    the run open says how it ended as one who looks on: that holds at once.
    """
    entries = _entries(transaction, ends)
    over: dict[int, str] = {}
    done: list[int] = []
    waiting = []
    for run, status in ends.items():
        entry = entries.get(run, {})
        others = [end for name, end in entry.items() if name != journal]
        if None not in others:
            over[run] = _worst([status, *(end for end in others if end)])
            done += [run] if entry else []
        elif journal in entry or run in opened:
            waiting.append({"run_id": run, "journal": journal, "status": status})
        else:
            over[run] = status
    execute_many(transaction, insert_or_update(writers), waiting)
    for part in in_batches(done):
        transaction.connection.execute(delete(writers).where(writers.c.run_id.in_(part)))
    return over


def open_in(connection: Connection, journal: str) -> list[int]:
    """The runs that a journal has open."""
    query = select(writers.c.run_id).where(writers.c.journal == journal, writers.c.status.is_(None))
    return list(connection.execute(query).scalars())


def _entries(transaction: Transaction, runs: Iterable[int]) -> dict[int, Entry]:
    found: dict[int, Entry] = {}
    for part in in_batches(sorted(runs)):
        query = select(writers).where(writers.c.run_id.in_(part))
        for row in transaction.connection.execute(query):
            found.setdefault(row.run_id, {})[row.journal] = row.status
    return found


def _worst(ends: list[str]) -> str:
    return max(ends, key=lambda end: ENDS.index(RunStatus(end)) if end in ENDS else -1)
