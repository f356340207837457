"""Moving runs to other experiments, with all they have."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial

from sqlalchemy import Connection, bindparam, select, update

from runfolio.core.errors import NotFound, RunStateError
from runfolio.core.states import LifecycleStage, ViewType
from runfolio.store import datasets, dialect
from runfolio.store.batches import execute_many
from runfolio.store.connection import Store, Transaction
from runfolio.store.exchange import Kind, exchange, some_of
from runfolio.store.experiments import names_of, stamp
from runfolio.store.operations import Outcome, short
from runfolio.store.schema import runs
from runfolio.store.steps import TO_THE_END, Steps

# Run -> its experiment, which it always has.
Places = Mapping[int, int | None]


def move_runs(store: Store, numbers: Sequence[int], experiment: int, steps: Steps = TO_THE_END) -> Outcome:
    """Put runs into another experiment. Those that went until `steps` stops it stay there.

    Raises:
        NotFound: there is no such run or experiment.
        RunStateError: the experiment is in the trash, where runs in use would not be seen.
    """
    with store.reading() as connection:
        old = places_of(connection, numbers)
        if missing := sorted(set(numbers) - old.keys()):
            raise NotFound(f"There is no run {missing[0]}.")
        names = names_of(connection, {experiment, *(place for place in old.values() if place is not None)})
        if experiment not in names:
            raise NotFound(f"There is no experiment {experiment}.")
        _check_seen(connection, dict.fromkeys(numbers, experiment))
    before = {run: old[run] for run in numbers if old[run] != experiment}
    if not before:
        return Outcome("Moved nothing: it was there already")
    return _move(names, store, steps, before, dict.fromkeys(before, experiment))


def _move(names: Mapping[int, str], store: Store, steps: Steps, old: Places, new: Places) -> Outcome:
    return exchange(store, steps, Kind(places_of, put_runs, partial(_told, names), partial(_move, names)), old, new)


def _told(names: Mapping[int, str], done: Places, asked: Collection[int]) -> str:
    where = {names[place] for place in done.values() if place is not None}
    to = short(where.pop()) if len(where) == 1 else "their experiments"
    return f"Moved {some_of(len(done), len(asked))} to {to}"


def places_of(connection: Connection, numbers: Collection[int]) -> dict[int, int | None]:
    """The experiment of each run; those that are gone are left out."""
    query = select(runs.c.id, runs.c.experiment_id).where(dialect.among(runs.c.id, numbers))
    return {run: place for run, place in connection.execute(query)}


def put_runs(transaction: Transaction, new: Places) -> Places:
    """Put runs into experiments. Raises NotFound, RunStateError: see `move_runs`."""
    connection = transaction.connection
    _check_seen(connection, new)
    before = places_of(connection, list(new))
    rows = [{"number": run, "place": place} for run, place in new.items()]
    statement = update(runs).where(runs.c.id == bindparam("number")).values(experiment_id=bindparam("place"))
    execute_many(transaction, statement.values(revision=transaction.revision, moved=transaction.revision), rows)
    datasets.follow(transaction, list(new))
    # Those that they left have other counts too.
    stamp(transaction, {place for place in (*new.values(), *before.values()) if place is not None})
    return new


def _check_seen(connection: Connection, places: Places) -> None:
    """Raise unless the experiments are there, and in use where runs in use go to them."""
    wanted = {place for place in places.values() if place is not None}
    if missing := sorted(wanted - names_of(connection, wanted).keys()):
        raise NotFound(f"There is no experiment {missing[0]}.")
    active = runs.c.lifecycle_stage == LifecycleStage.ACTIVE
    seen = connection.execute(select(runs.c.id).where(dialect.among(runs.c.id, places), active)).scalars()
    theirs = {place for run in seen if (place := places[run]) is not None}
    if hidden := names_of(connection, theirs, ViewType.DELETED_ONLY):
        raise RunStateError(f"The experiment {min(hidden.values())} is in the trash.", "Restore it first.")
