"""The trash: runs and experiments that are hidden, until they are taken back or removed for good.

What is in the trash has a time of deletion. An experiment goes there with its runs; the runs that went with it have
its very time, so that those that were there before stay when it is taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, Select, Table, and_, func, select, update

from runfolio.core.clock import now_ms
from runfolio.core.errors import NotFound, UserError
from runfolio.core.numbers import counted
from runfolio.core.states import LifecycleStage
from runfolio.store import dialect
from runfolio.store.batches import in_batches
from runfolio.store.connection import Store, Transaction
from runfolio.store.nested import read_nested
from runfolio.store.operations import Outcome, moved_on
from runfolio.store.schema import experiments, runs
from runfolio.store.steps import TO_THE_END, InSteps, Steps

# Number -> time of deletion; None is in use.
Times = dict[int, int | None]
#: What is told, in the words of the commands.
TRASHED, RESTORED = "Moved {} to the trash", "Restored {}"
# So many runs go in one transaction, which takes about a tenth of a second: all that they have is counted anew.
TOGETHER = 2_000


def delete_runs(store: Store, numbers: Sequence[int], steps: Steps = TO_THE_END) -> Outcome:
    """Put runs into the trash; their files stay until the trash is emptied.

    Very many go some at a time, so that others can write between; those that went until `steps` stops it stay there.
    Raises NotFound.
    """
    if len(numbers) > TOGETHER:
        with store.reading() as connection:
            times = _times(connection, runs, numbers)
        was: Times = {run: None for run in numbers if times[run] is None}
        return _in_steps(store, steps, TRASHED, was, dict.fromkeys(was, now_ms()))
    with store.writing() as transaction:
        old = _times(transaction.connection, runs, numbers)
        now = now_ms()
        new: Times = {run: now for run, time in old.items() if time is None}
        return _done(transaction, TRASHED, {run: old[run] for run in new}, new, {}, {})


def restore_runs(store: Store, numbers: Sequence[int]) -> Outcome:
    """Take runs out of the trash, and with them their experiments, but no other runs of those. Raises NotFound."""
    return restore(store, numbers, ())


def restore(store: Store, numbers: Sequence[int], places: Sequence[int]) -> Outcome:
    """Take runs out of the trash as `restore_runs` does, and experiments as `restore_experiments` does, as one step."""
    with store.writing() as transaction:
        deleted = _deleted(_times(transaction.connection, experiments, places))
        coming = _came_along(transaction, deleted) | _deleted(_times(transaction.connection, runs, numbers))
        homes = _deleted(_there(transaction.connection, experiments, _experiments_of(transaction.connection, coming)))
        old_places: Times = {**homes, **deleted}
        old: Times = {**coming}
        return _done(transaction, RESTORED, old, dict.fromkeys(old), old_places, dict.fromkeys(old_places))


def delete_experiment(store: Store, experiment: int) -> Outcome:
    """Put an experiment into the trash, its runs with it. Raises NotFound."""
    return delete_experiments(store, [experiment])


def delete_experiments(store: Store, numbers: Sequence[int]) -> Outcome:
    """Put experiments into the trash, their runs with them. Raises NotFound."""
    with store.writing() as transaction:
        times = _times(transaction.connection, experiments, numbers)
        old: Times = {place: None for place, time in times.items() if time is None}
        new = {place: _time_after(transaction, place) for place in old}
        active = select(runs.c.id, runs.c.experiment_id).where(runs.c.deleted_time.is_(None))
        going = _rows(transaction, active, old)
        before: Times = dict.fromkeys(going)
        return _done(transaction, TRASHED, before, {run: new[at] for run, at in going.items()}, old, {**new})


def restore_experiment(store: Store, experiment: int) -> Outcome:
    """Take an experiment out of the trash, and the runs that went there with it. Raises NotFound."""
    return restore_experiments(store, [experiment])


def restore_experiments(store: Store, numbers: Sequence[int]) -> Outcome:
    """Take experiments out of the trash, and the runs that went there with them. Raises NotFound."""
    return restore(store, (), numbers)


def _deleted(times: Times) -> dict[int, int]:
    """Those that are in the trash."""
    return {number: time for number, time in times.items() if time is not None}


def _came_along(transaction: Transaction, places: Mapping[int, int]) -> dict[int, int]:
    """The runs that went to the trash with their experiments, and when."""
    together = and_(experiments.c.id == runs.c.experiment_id, experiments.c.deleted_time == runs.c.deleted_time)
    query = select(runs.c.id, runs.c.experiment_id).join(experiments, together)
    return {run: places[at] for run, at in _rows(transaction, query, places).items()}


def _time_after(transaction: Transaction, place: int) -> int:
    """A time of deletion later than that of any run of an experiment that is to stay in the trash."""
    query = select(func.max(runs.c.deleted_time)).where(runs.c.experiment_id == place)
    return max(now_ms(), (transaction.connection.execute(query).scalar() or 0) + 1)


def _rows(transaction: Transaction, query: Select[Any], places: Iterable[int]) -> dict[int, int]:
    """Run and experiment of those of a query that are in these experiments."""
    rows = transaction.connection.execute(query.where(dialect.among(runs.c.experiment_id, places)))
    return {run: place for run, place in rows}


def _done(
    transaction: Transaction, told: str, old_runs: Times, new_runs: Times, old_places: Times, new_places: Times
) -> Outcome:
    """Write the new times; the inverse writes the old ones, if the new ones are still there."""
    _write(transaction, runs, new_runs, moved=transaction.revision)
    _write(transaction, experiments, new_places)
    if not new_runs and not new_places:
        return Outcome(f"{told.format('nothing')}: it was done already")
    text = told.format(_named(transaction, new_runs, new_places)) + _left(transaction, told, new_runs)
    other = RESTORED if told == TRASHED else TRASHED

    def inverse(store: Store) -> Outcome:
        with store.writing() as later:
            _check(_there(later.connection, runs, new_runs), new_runs)
            _check(_there(later.connection, experiments, new_places), new_places)
            outcome = _done(later, other, new_runs, old_runs, new_places, old_places)
            _check_seen(later, {*new_places, *_experiments_of(later.connection, new_runs)})
        return outcome

    return Outcome(text, inverse)


def _in_steps(store: Store, steps: Steps, told: str, old: Times, new: Times) -> Outcome:
    """Write the new times of very many runs, if the old ones are still there; the inverse does it the same way."""
    with store.reading() as connection:
        _check(_there(connection, runs, old), old)
    done: Times = {}
    trouble = ""
    for part in in_batches(list(new), TOGETHER):
        if steps.stop():
            break
        try:
            _some(store, told, {run: old[run] for run in part}, {run: new[run] for run in part})
        except UserError as error:
            if not done:
                raise
            trouble = f", but no more: {error.message}"
            break
        done |= {run: new[run] for run in part}
        steps.progress(len(done), len(new))
    if not done:
        return Outcome(told.format("nothing"))
    number = f"{len(done):,} of {_count(len(new))}" if len(done) < len(new) else _count(len(new))
    other = RESTORED if told == TRASHED else TRASHED
    back = partial(_in_steps, told=other, old=done, new={run: old[run] for run in done})
    return Outcome(told.format(number) + trouble, InSteps(back))


def _some(store: Store, told: str, old: Times, new: Times) -> None:
    with store.writing() as transaction:
        _check(_there(transaction.connection, runs, new), old)
        _write(transaction, runs, new, moved=transaction.revision)
        if told == RESTORED:
            _check_seen(transaction, _experiments_of(transaction.connection, new))


def _left(transaction: Transaction, told: str, gone: Mapping[int, object]) -> str:
    """That runs nested in those that went to the trash did not."""
    number = len(read_nested(transaction.connection, list(gone))) if told == TRASHED else 0
    return f"; {counted(number, 'nested run')} {'stays' if number == 1 else 'stay'}" if number else ""


def _named(transaction: Transaction, changed: Mapping[int, object], places: Mapping[int, object]) -> str:
    """What is told of the runs and experiments: a single one by name."""
    connection = transaction.connection
    if places:
        name = connection.execute(select(experiments.c.name).where(experiments.c.id == next(iter(places)))).scalar()
        what = f"the experiment {name}" if len(places) == 1 else f"{len(places)} experiments"
        return what + (f" with {_count(len(changed))}" if changed else "")
    if len(changed) == 1:
        return str(connection.execute(select(runs.c.name).where(runs.c.id.in_(changed))).scalar())
    return _count(len(changed))


def _count(number: int) -> str:
    return "1 run" if number == 1 else f"{number:,} runs"


def _times(connection: Connection, table: Table, numbers: Iterable[int]) -> Times:
    found = _there(connection, table, numbers)
    missing = sorted(set(numbers) - found.keys())
    if missing:
        raise NotFound(f"There is no {'run' if table is runs else 'experiment'} {missing[0]}.")
    return found


def _there(connection: Connection, table: Table, numbers: Iterable[int]) -> Times:
    found: Times = {}
    for part in in_batches(sorted(set(numbers))):
        query = select(table.c.id, table.c.deleted_time).where(table.c.id.in_(part))
        found.update((number, time) for number, time in connection.execute(query))
    return found


def _experiments_of(connection: Connection, numbers: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for part in in_batches(sorted(numbers)):
        query = select(runs.c.experiment_id).where(runs.c.id.in_(part))
        found.update(connection.execute(query).scalars())
    return found


def _write(transaction: Transaction, table: Table, times: Times, **stamps: int) -> None:
    """Write the times, all that are alike at once: there may be very many."""
    alike: dict[int | None, list[int]] = {}
    for number, time in times.items():
        alike.setdefault(time, []).append(number)
    for time, some in alike.items():
        stage = LifecycleStage.ACTIVE if time is None else LifecycleStage.DELETED
        values = {"deleted_time": time, "lifecycle_stage": stage, "revision": transaction.revision, **stamps}
        transaction.connection.execute(update(table).where(dialect.among(table.c.id, some)).values(values))


def _check(found: Times, expected: Times) -> None:
    if found != expected:
        raise moved_on("Some of it has been deleted, restored or removed for good since.")


def _check_seen(transaction: Transaction, places: Iterable[int]) -> None:
    """No run in use is in an experiment that is in the trash: nobody would see it."""
    hidden = select(runs.c.id).join(experiments, experiments.c.id == runs.c.experiment_id)
    hidden = hidden.where(runs.c.deleted_time.is_(None), experiments.c.deleted_time.is_not(None))
    for part in in_batches(sorted(places)):
        if transaction.connection.execute(hidden.where(experiments.c.id.in_(part)).limit(1)).first():
            raise moved_on("The experiment has been deleted, or has got new runs, since.")
