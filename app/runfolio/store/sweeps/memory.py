"""What the store remembers of sweeps: each trial as it is begun and as it has ended, in a transaction of its own."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, insert, select, update

from runfolio.core.clock import now_ms
from runfolio.core.errors import NotFound, RunStateError
from runfolio.core.sweeps.records import Trial, TrialState
from runfolio.store import dialect
from runfolio.store.connection import Store, Transaction, note_queue
from runfolio.store.sweeps.tables import sweeps, trials

_COLUMNS = tuple(trials.c[name] for name in Trial.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class StoredSweep:
    """A sweep as it is kept: what is searched and what is run, as JSON has it."""

    run_id: int
    specification: Mapping[str, Any]
    request: Mapping[str, Any]


def create_sweep(store: Store, run_id: int, specification: Mapping[str, Any], request: Mapping[str, Any]) -> None:
    """Have a run, by its number, be the parent of a sweep; what it was to search before is replaced."""
    with store.writing() as transaction:
        row = {"run_id": run_id, "specification": json.dumps(specification), "request": json.dumps(request)}
        row_now = {**row, "revision": transaction.revision}
        transaction.connection.execute(dialect.insert_or_update(sweeps), [row_now])
        note_queue(transaction)


def sweep_of(store: Store, run_id: int) -> StoredSweep | None:
    """The sweep of which a run is the parent."""
    with store.reading() as connection:
        row = connection.execute(select(sweeps).where(sweeps.c.run_id == run_id)).one_or_none()
    return None if row is None else StoredSweep(run_id, json.loads(row.specification), json.loads(row.request))


def trials_of(store: Store, run_id: int) -> list[Trial]:
    """All trials of a sweep, by their numbers."""
    with store.reading() as connection:
        rows = connection.execute(select(*_COLUMNS).where(trials.c.run_id == run_id).order_by(trials.c.number)).all()
    return [_trial(row) for row in rows]


def begin_trial(store: Store, run_id: int, number: int, parameters: Mapping[str, str]) -> Trial:
    """Note that a trial begins; one that was begun before and is not over begins once more.

    Raises:
        RunStateError: it has ended.
    """
    with store.writing() as transaction:
        connection = transaction.connection
        which = (trials.c.run_id == run_id, trials.c.number == number)
        old = connection.execute(select(trials.c.state, trials.c.attempts).where(*which)).one_or_none()
        if old is not None and TrialState(old.state).over:
            raise RunStateError(f"The trial {number} has ended.", "It is not run again.")
        row: dict[str, Any] = {
            "parameters": json.dumps(dict(parameters)),
            "state": TrialState.RUNNING,
            "run_uuid": "",
            "reason": "",
        }
        row |= {"attempts": 1 if old is None else old.attempts + 1, "started": now_ms(), "ended": None}
        row |= {"value": None, "revision": transaction.revision}
        change = insert(trials).values(run_id=run_id, number=number) if old is None else update(trials).where(*which)
        connection.execute(change.values(**row))
        note_queue(transaction)
        return _trial(connection.execute(select(*_COLUMNS).where(*which)).one())


def note_trial_run(store: Store, run_id: int, number: int, run_uuid: str) -> None:
    """Note which run a trial is."""
    with store.writing() as transaction:
        _change(transaction, run_id, number, run_uuid=run_uuid)


def end_trial(store: Store, run_id: int, trial: Trial) -> None:
    """Note how a trial has ended, once: one that has ended stays as it is.

    Raises:
        NotFound: it was not begun.
    """
    value = trial.value if trial.value is not None and math.isfinite(trial.value) else None
    with store.writing() as transaction:
        values = {"state": trial.state, "value": value, "run_uuid": trial.run_uuid, "reason": trial.reason}
        values["ended"] = now_ms() if trial.ended is None else trial.ended
        if not _change(transaction, run_id, trial.number, **values):
            raise NotFound(f"There is no trial {trial.number} that is under way.")


def _change(transaction: Transaction, run_id: int, number: int, **values: Any) -> int:
    which = (trials.c.run_id == run_id, trials.c.number == number, trials.c.state == TrialState.RUNNING)
    change = update(trials).where(*which).values(revision=transaction.revision, **values)
    note_queue(transaction)
    return int(transaction.connection.execute(change).rowcount)


def _trial(row: Row[Any]) -> Trial:
    values = row._asdict()
    return Trial(**{**values, "state": TrialState(values["state"]), "parameters": json.loads(values["parameters"])})
