"""Making experiments, and making one of several: as operations that can be taken back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import Connection, delete, exists, insert, select, update

from runfolio.core import rules
from runfolio.core.clock import now_ms
from runfolio.core.errors import InvalidValue, NotFound, RunStateError
from runfolio.core.states import LifecycleStage
from runfolio.store import dialect
from runfolio.store.connection import Store, Transaction, note_removal
from runfolio.store.exchange import Kind, exchange, some_of
from runfolio.store.experiments import id_for_name
from runfolio.store.moving import places_of, put_runs
from runfolio.store.operations import Outcome, check_free, moved_on
from runfolio.store.schema import experiment_tags, experiments, runs
from runfolio.store.steps import TO_THE_END, Steps

# A run's number -> its experiment; the number of an experiment, below 0 -> its time of deletion, None while in use.
# They go in this order.
Places = dict[int, int | None]


def new_experiment(store: Store, name: str) -> Outcome:
    """Make an experiment. Taking it back removes it, unless something has been put into it since.

    Raises:
        AlreadyExists: there is one of that name, maybe in the trash.
    """
    name = rules.experiment_name(name.strip())
    with store.writing() as transaction:
        check_free(transaction, name)
        number = id_for_name(transaction, name, now_ms())
        row = dict(_row(transaction, number))
    return _made(row)


def _made(row: dict[str, object]) -> Outcome:
    return Outcome(f"Made the experiment {row['name']}", lambda s: _unmake(s, row))


def _unmake(store: Store, row: dict[str, object]) -> Outcome:
    number = int(str(row["id"]))
    with store.writing() as transaction:
        connection = transaction.connection
        used = [exists().where(table.c.experiment_id == number) for table in (runs, experiment_tags)]
        there = _row(transaction, number)
        same = all(there.get(key) == row[key] for key in ("name", "lifecycle_stage", "creation_time"))
        if not same or any(connection.execute(select(one)).scalar() for one in used):
            raise moved_on(f"The experiment {row['name']} has been used or changed since.")
        connection.execute(delete(experiments).where(experiments.c.id == number))
        note_removal(transaction)
    return Outcome(f"Removed the empty experiment {row['name']}", lambda s: _make_again(s, row))


def _make_again(store: Store, row: dict[str, object]) -> Outcome:
    """The very same one: what is done again after it knows it by its number."""
    with store.writing() as transaction:
        check_free(transaction, str(row["name"]))
        again = row | {"revision": transaction.revision}
        transaction.connection.execute(insert(experiments).values(again))
    return _made(again)


def merge_experiments(store: Store, sources: Sequence[int], target: int, steps: Steps = TO_THE_END) -> Outcome:
    """Put all runs of experiments into another, those in the trash too, and the emptied ones into the trash.

    Their tags and their notes stay with them. However many runs there are, they go some at a time, and the experiment
    after the last of its own. What went until `steps` stops it stays there.

    Raises:
        NotFound: there is no such experiment.
        RunStateError: one of them is in the trash.
    """
    sources = tuple(dict.fromkeys(sources))
    if target in sources or not sources:
        raise InvalidValue("An experiment cannot be merged into itself.", "Choose another one.")
    with store.reading() as connection:
        names = {number: _name_in_use(connection, number) for number in (*sources, target)}
        old: Places = {}
        for source in sources:
            inside = connection.execute(select(runs.c.id).where(runs.c.experiment_id == source)).scalars()
            old |= dict.fromkeys(inside, source) | {-source: None}
    time = now_ms()
    new: Places = {number: target if number > 0 else time for number in old}
    return _go(_Merge(names, target), store, steps, old, new)


@dataclass(frozen=True, slots=True)
class _Merge:
    """The names of the experiments, by their numbers, and which of them the others are put into, or taken out of."""

    names: Mapping[int, str]
    target: int
    apart: bool = False


def _go(merge: _Merge, store: Store, steps: Steps, old: Places, new: Places) -> Outcome:
    """Write the new places where the old ones are still there; the inverse does it the same way."""
    with store.reading() as connection:
        expected = {number: time for number, time in old.items() if number < 0} | {-merge.target: None}
        if _there(connection, list(expected)) != expected:
            raise moved_on("The experiments have been deleted, restored or merged since.")
    back = partial(_go, replace(merge, apart=not merge.apart))
    return exchange(store, steps, Kind(_there, _write, partial(_told, merge), back), old, new)


def _told(merge: _Merge, done: Places, asked: Collection[int]) -> str:
    emptied = [-number for number in done if number < 0]
    count = some_of(sum(number > 0 for number in done), sum(number > 0 for number in asked))
    if len(done) < len(asked) or not emptied:
        return f"Took {count} out again" if merge.apart else f"Moved {count} to {merge.names[merge.target]}"
    if merge.apart:
        what = f"{merge.names[emptied[0]]} and its" if len(emptied) == 1 else f"{len(emptied):,} experiments and their"
        return f"Took {what} runs out again"
    what = merge.names[emptied[0]] if len(emptied) == 1 else f"{len(emptied):,} experiments"
    return f"Merged {what} with {count} into {merge.names[merge.target]}"


def _there(connection: Connection, numbers: Sequence[int]) -> Places:
    query = select(-experiments.c.id, experiments.c.deleted_time)
    query = query.where(dialect.among(experiments.c.id, [-number for number in numbers if number < 0]))
    return places_of(connection, [number for number in numbers if number > 0]) | {
        number: time for number, time in connection.execute(query)
    }


def _write(transaction: Transaction, new: Places) -> Places:
    """An experiment is in use before its first run comes back to it, and until its last one has left it."""
    coming = [-number for number, time in new.items() if number < 0 and time is None]
    going = {-number: time for number, time in new.items() if number < 0 and time is not None}
    _set_deleted(transaction, coming, None)
    if moved := {run: place for run, place in new.items() if run > 0}:
        put_runs(transaction, moved)
    for number, time in going.items():
        if transaction.connection.execute(select(exists().where(runs.c.experiment_id == number))).scalar():
            raise moved_on("The experiment has got new runs since.")
        _set_deleted(transaction, [number], time)
    return new


def _row(transaction: Transaction, number: int) -> dict[str, object]:
    row = transaction.connection.execute(select(experiments).where(experiments.c.id == number)).first()
    return {} if row is None else dict(row._mapping)


def _name_in_use(connection: Connection, number: int) -> str:
    query = select(experiments.c.name, experiments.c.lifecycle_stage).where(experiments.c.id == number)
    found = connection.execute(query).one_or_none()
    if found is None:
        raise NotFound(f"There is no experiment {number}.")
    if found.lifecycle_stage == LifecycleStage.DELETED:
        raise RunStateError(f"The experiment {found.name} is in the trash.", "Restore it first.")
    return str(found.name)


def _set_deleted(transaction: Transaction, numbers: Sequence[int], time: int | None) -> None:
    stage = LifecycleStage.ACTIVE if time is None else LifecycleStage.DELETED
    values = {"deleted_time": time, "lifecycle_stage": stage, "revision": transaction.revision}
    transaction.connection.execute(update(experiments).where(experiments.c.id.in_(numbers)).values(values))
