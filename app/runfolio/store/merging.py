"""Making experiments, and making one of two: as operations that can be taken back."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, exists, func, insert, select, update

from runfolio.core import rules
from runfolio.core.clock import now_ms
from runfolio.core.entities import Changes
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
    return _made(transaction, row)


def _made(transaction: Transaction, row: dict[str, object]) -> Outcome:
    changes = Changes(transaction.revision, frozenset([int(str(row["id"]))]))
    return Outcome(changes, f"Made the experiment {row['name']}", lambda s: _unmake(s, row))


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
    changes = Changes(transaction.revision, removed=True)
    return Outcome(changes, f"Removed the empty experiment {row['name']}", lambda s: _make_again(s, row))


def _make_again(store: Store, row: dict[str, object]) -> Outcome:
    """The very same one: what is done again after it knows it by its number."""
    with store.writing() as transaction:
        check_free(transaction, str(row["name"]))
        again = row | {"revision": transaction.revision}
        transaction.connection.execute(insert(experiments).values(again))
    return _made(transaction, again)


def merge_experiments(store: Store, source: int, target: int) -> Outcome:
    """Put all runs of one experiment into another, those in the trash too, and the emptied one into the trash.

    Its tags and its note stay with it.

    Raises:
        NotFound: there is no such experiment.
        RunStateError: one of them is in the trash.
    """
    return _merge(store, source, target, now_ms())


def _merge(store: Store, source: int, target: int, time: int) -> Outcome:
    """`time` is that of the deletion of the emptied one."""
    if source == target:
        raise InvalidValue("An experiment cannot be merged into itself.", "Choose another one.")
    with store.writing() as transaction:
        names = {number: _name_in_use(transaction, number) for number in (source, target)}
        moved = [*transaction.connection.execute(select(runs.c.id).where(runs.c.experiment_id == source)).scalars()]
        _move(transaction, moved, source, target)
        _set_deleted(transaction, source, time)
        stamp(transaction, [target])
    changes = Changes(transaction.revision, frozenset([source, target]), frozenset(moved), moved=bool(moved))
    count = "1 run" if len(moved) == 1 else f"{len(moved):,} runs"
    text = f"Merged {names[source]} with {count} into {names[target]}"
    return Outcome(changes, text, lambda s: _part(s, source, target, time, moved))


def _part(store: Store, source: int, target: int, time: int, moved: Sequence[int]) -> Outcome:
    """Take a merge back: the runs that it moved, and the experiment they came from, must be where it left them."""
    with store.writing() as transaction:
        connection = transaction.connection
        there = select(func.count()).where(runs.c.experiment_id == target, dialect.among(runs.c.id, moved))
        new = select(exists().where(runs.c.experiment_id == source))
        row = _row(transaction, source)
        whole = connection.execute(there).scalar() == len(moved) and not connection.execute(new).scalar()
        if not whole or row.get("deleted_time") != time or _row(transaction, target)["deleted_time"] is not None:
            raise moved_on("The runs or the experiments have changed since.")
        _move(transaction, moved, target, source)
        _set_deleted(transaction, source, None)
        stamp(transaction, [target])
    changes = Changes(transaction.revision, frozenset([source, target]), frozenset(moved), moved=bool(moved))
    text = f"Took {row['name']} and its runs out again"
    return Outcome(changes, text, lambda s: _merge(s, source, target, time))


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
