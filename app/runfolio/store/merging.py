"""Making experiments, and making one of several: as operations that can be taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, exists, func, insert, select, update

from runfolio.core import rules
from runfolio.core.clock import now_ms
from runfolio.core.errors import InvalidValue, NotFound, RunStateError
from runfolio.core.states import LifecycleStage
from runfolio.store import datasets, dialect
from runfolio.store.connection import Store, Transaction, note_removal
from runfolio.store.experiments import id_for_name, stamp
from runfolio.store.operations import Outcome, check_free, moved_on
from runfolio.store.schema import experiment_tags, experiments, runs


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


def merge_experiments(store: Store, sources: Sequence[int], target: int) -> Outcome:
    """Put all runs of experiments into another, those in the trash too, and the emptied ones into the trash.

    Their tags and their notes stay with them.

    Raises:
        NotFound: there is no such experiment.
        RunStateError: one of them is in the trash.
    """
    return _merge(store, tuple(dict.fromkeys(sources)), target, now_ms())


def _merge(store: Store, sources: Sequence[int], target: int, time: int) -> Outcome:
    """`time` is that of the deletion of the emptied ones."""
    if target in sources or not sources:
        raise InvalidValue("An experiment cannot be merged into itself.", "Choose another one.")
    with store.writing() as transaction:
        names = {number: _name_in_use(transaction, number) for number in (*sources, target)}
        moved: dict[int, list[int]] = {}
        for source in sources:
            inside = select(runs.c.id).where(runs.c.experiment_id == source)
            moved[source] = [*transaction.connection.execute(inside).scalars()]
            _move(transaction, moved[source], source, target)
            _set_deleted(transaction, source, time)
        stamp(transaction, [target])
    everything = frozenset(run for part in moved.values() for run in part)
    count = "1 run" if len(everything) == 1 else f"{len(everything):,} runs"
    what = names[sources[0]] if len(sources) == 1 else f"{len(sources):,} experiments"
    text = f"Merged {what} with {count} into {names[target]}"
    return Outcome(text, lambda s: _part(s, target, time, moved))


def _part(store: Store, target: int, time: int, moved: Mapping[int, Sequence[int]]) -> Outcome:
    """Take a merge back: the runs that it moved, and the experiments they came from, must be where it left them."""
    with store.writing() as transaction:
        names = [_take_apart(transaction, source, target, time, inside) for source, inside in moved.items()]
        stamp(transaction, [target])
    what = f"{names[0]} and its runs" if len(names) == 1 else f"{len(names):,} experiments and their runs"
    return Outcome(f"Took {what} out again", lambda s: _merge(s, tuple(moved), target, time))


def _take_apart(transaction: Transaction, source: int, target: int, time: int, moved: Sequence[int]) -> str:
    """Give one experiment its runs back; returns its name."""
    connection = transaction.connection
    there = select(func.count()).where(runs.c.experiment_id == target, dialect.among(runs.c.id, moved))
    new = select(exists().where(runs.c.experiment_id == source))
    row = _row(transaction, source)
    whole = connection.execute(there).scalar() == len(moved) and not connection.execute(new).scalar()
    if not whole or row.get("deleted_time") != time or _row(transaction, target)["deleted_time"] is not None:
        raise moved_on("The runs or the experiments have changed since.")
    _move(transaction, moved, target, source)
    _set_deleted(transaction, source, None)
    return str(row["name"])


def _move(transaction: Transaction, moved: Sequence[int], source: int, target: int) -> None:
    stamps = {"revision": transaction.revision, "moved": transaction.revision}
    statement = update(runs).where(dialect.among(runs.c.id, moved))
    transaction.connection.execute(statement.values(experiment_id=target, **stamps))
    datasets.follow_all(transaction, source)


def _row(transaction: Transaction, number: int) -> dict[str, object]:
    row = transaction.connection.execute(select(experiments).where(experiments.c.id == number)).first()
    return {} if row is None else dict(row._mapping)


def _name_in_use(transaction: Transaction, number: int) -> str:
    row = _row(transaction, number)
    if not row:
        raise NotFound(f"There is no experiment {number}.")
    if row["lifecycle_stage"] == LifecycleStage.DELETED:
        raise RunStateError(f"The experiment {row['name']} is in the trash.", "Restore it first.")
    return str(row["name"])


def _set_deleted(transaction: Transaction, number: int, time: int | None) -> None:
    stage = LifecycleStage.ACTIVE if time is None else LifecycleStage.DELETED
    values = {"deleted_time": time, "lifecycle_stage": stage, "revision": transaction.revision}
    transaction.connection.execute(update(experiments).where(experiments.c.id == number).values(values))
