"""The trash: runs and experiments that are hidden, until they are taken back or removed for good.

What is in the trash has a time of deletion. An experiment goes there with its runs; the runs that went with it have
its very time, so that those that were there before stay when it is taken back.

However many they are, they go some at a time, and others write between. An experiment goes with the last of its runs
and comes back with the first: stopped half-way it is in use, and those of its runs that are in the trash then are there
by themselves. So no run in use is ever in an experiment that is in the trash, where nobody would see it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial

from sqlalchemy import ColumnElement, Connection, func, select, update

from runfolio.core.clock import now_ms
from runfolio.core.errors import NotFound
from runfolio.core.numbers import counted
from runfolio.core.states import LifecycleStage
from runfolio.store import dialect
from runfolio.store.batches import raw_rows
from runfolio.store.connection import Store, Transaction
from runfolio.store.exchange import Kind, exchange, some_of
from runfolio.store.nested import read_nested
from runfolio.store.operations import Outcome, moved_on
from runfolio.store.schema import experiments, runs
from runfolio.store.steps import TO_THE_END, Steps

# Number -> time of deletion, None is in use; of an experiment the number is below 0. They go in this order.
Times = dict[int, int | None]
#: What is told, in the words of the commands.
TRASHED, RESTORED = "Moved {} to the trash", "Restored {}"
IN_USE = runs.c.lifecycle_stage == LifecycleStage.ACTIVE
HIDDEN = experiments.c.deleted_time.is_not(None)


def delete_runs(store: Store, numbers: Sequence[int], steps: Steps = TO_THE_END) -> Outcome:
    """Put runs into the trash; their files stay until the trash is emptied.

    Those that went until `steps` stops it stay there. Raises NotFound.
    """
    with store.reading() as connection:
        times = _times(connection, numbers)
    old: Times = {run: None for run, time in times.items() if time is None}
    return _go(TRASHED, store, steps, old, dict.fromkeys(old, now_ms()))


def restore_runs(store: Store, numbers: Sequence[int]) -> Outcome:
    """Take runs out of the trash, and with them their experiments, but no other runs of those. Raises NotFound."""
    return restore(store, numbers, ())


def restore(store: Store, numbers: Sequence[int], places: Sequence[int], steps: Steps = TO_THE_END) -> Outcome:
    """Take runs out of the trash as `restore_runs` does, and experiments as `restore_experiments` does, as one step."""
    with store.reading() as connection:
        whole = _deleted(_times(connection, [-place for place in places]))
        alone = _deleted(_times(connection, numbers))
        along = _at(connection, _inside(whole), runs.c.deleted_time == experiments.c.deleted_time)
        at = along | _at(connection, dialect.among(runs.c.id, alone))
        old = _deleted(_there(connection, at.values())) | whole | alone
    old |= {run: whole[place] for run, place in along.items()}
    ordered: Times = {number: old[number] for number in _by_experiment(old, at)}
    return _go(RESTORED, store, steps, ordered, dict.fromkeys(ordered))


def delete_experiment(store: Store, experiment: int) -> Outcome:
    """Put an experiment into the trash, its runs with it. Raises NotFound."""
    return delete_experiments(store, [experiment])


def delete_experiments(store: Store, numbers: Sequence[int], steps: Steps = TO_THE_END) -> Outcome:
    """Put experiments into the trash, their runs with them.

    Of those that had not gone when `steps` stops it, some runs may have. Raises NotFound.
    """
    with store.reading() as connection:
        times = _times(connection, [-number for number in numbers])
        time_of = {place: _time_after(connection, place) for place, time in times.items() if time is None}
        at = _at(connection, _inside(time_of), IN_USE)
    going = [*reversed(_by_experiment([*time_of, *at], at))]
    new: Times = {number: time_of[at.get(number, number)] for number in going}
    return _go(TRASHED, store, steps, dict.fromkeys(new), new)


def restore_experiment(store: Store, experiment: int) -> Outcome:
    """Take an experiment out of the trash, and the runs that went there with it. Raises NotFound."""
    return restore_experiments(store, [experiment])


def restore_experiments(store: Store, numbers: Sequence[int]) -> Outcome:
    """Take experiments out of the trash, and the runs that went there with them. Raises NotFound."""
    return restore(store, (), numbers)


def _go(told: str, store: Store, steps: Steps, old: Times, new: Times) -> Outcome:
    """Write the new times where the old ones are still there; the inverse does it the same way."""
    if not new:
        return Outcome(f"{told.format('nothing')}: it was done already")
    with store.reading() as connection:
        places = {number: time for number, time in old.items() if number < 0}
        if _there(connection, places) != places:
            raise moved_on("The experiment has been deleted, restored or removed for good since.")
        if told == TRASHED and _newcomers(connection, new):
            raise moved_on("The experiment has got new runs since.")
        name = _name(connection, min(new))
        left = _left(connection, new) if told == TRASHED else ""
    other = RESTORED if told == TRASHED else TRASHED
    kind = Kind(_there, partial(_step, told), partial(_told, told, name, left), partial(_go, other))
    return exchange(store, steps, kind, old, new)


def _told(told: str, name: str, left: str, done: Times, asked: Collection[int]) -> str:
    if not done:
        return told.format("nothing")
    return told.format(_named(name, done, asked)) + (left if len(done) >= len(asked) else "")


def _step(told: str, transaction: Transaction, new: Times) -> Times:
    """In one transaction. Runs that have come into an experiment that goes since it was read what it has go too."""
    if told == TRASHED:
        new = _newcomers(transaction.connection, new) | new
    _write(transaction, new)
    if told == RESTORED and _at(transaction.connection, dialect.among(runs.c.id, new), HIDDEN):
        raise moved_on("The experiment has been deleted since.")
    return new


def _by_experiment(numbers: Iterable[int], at: Mapping[int, int]) -> list[int]:
    """Experiments, each followed by its runs; `at` is where these are."""
    return sorted(numbers, key=lambda number: 2 * at.get(number, number) + (number > 0))


def _deleted(times: Times) -> Times:
    """Those that are in the trash."""
    return {number: time for number, time in times.items() if time is not None}


def _time_after(connection: Connection, place: int) -> int:
    """A time of deletion later than that of any run of an experiment that is to stay in the trash."""
    query = select(func.max(runs.c.deleted_time)).where(runs.c.experiment_id == -place)
    return max(now_ms(), (connection.execute(query).scalar() or 0) + 1)


def _at(connection: Connection, *those: ColumnElement[bool]) -> dict[int, int]:
    """Some runs, and the experiments that they are in."""
    query = select(runs.c.id, -runs.c.experiment_id).join(experiments, experiments.c.id == runs.c.experiment_id)
    return dict(raw_rows(connection, query.where(*those)))


def _inside(places: Iterable[int]) -> ColumnElement[bool]:
    return dialect.among(runs.c.experiment_id, [-place for place in places])


def _newcomers(connection: Connection, going: Times) -> Times:
    """The runs in use in experiments that go, but those that go themselves; with the times of the experiments."""
    places = [number for number in going if number < 0]
    found = _at(connection, _inside(places), IN_USE, ~dialect.among(runs.c.id, going)) if places else {}
    return {run: going[place] for run, place in found.items()}


def _name(connection: Connection, number: int) -> str:
    table = runs if number > 0 else experiments
    return str(connection.execute(select(table.c.name).where(table.c.id == abs(number))).scalar())


def _left(connection: Connection, gone: Times) -> str:
    """That runs nested in those that go to the trash do not."""
    number = len(set(read_nested(connection, list(gone)).tolist()) - gone.keys())
    return f"; {counted(number, 'nested run')} {'stays' if number == 1 else 'stay'}" if number else ""


def _named(name: str, done: Collection[int], asked: Collection[int]) -> str:
    """What is told of the runs and experiments: a single one by name."""
    places, all_places = (sum(number < 0 for number in those) for those in (done, asked))
    of_runs, all_runs = len(done) - places, len(asked) - all_places
    in_runs = name if not all_places and all_runs == 1 else some_of(of_runs, all_runs)
    if not places:
        return in_runs
    what = f"the experiment {name}" if all_places == 1 else some_of(places, all_places, "experiment")
    return f"{what} with {in_runs}" if of_runs or all_runs else what


def _times(connection: Connection, numbers: Iterable[int]) -> Times:
    found = _there(connection, numbers)
    missing = sorted(map(abs, set(numbers) - found.keys()))
    if missing:
        raise NotFound(f"There is no {'run' if max(numbers) > 0 else 'experiment'} {missing[0]}.")
    return found


def _there(connection: Connection, numbers: Iterable[int]) -> Times:
    found: Times = {}
    for table, sign in ((experiments, -1), (runs, 1)):
        some = {abs(number) for number in numbers if number * sign > 0}
        query = select(table.c.id * sign, table.c.deleted_time).where(dialect.among(table.c.id, some))
        found.update(raw_rows(connection, query))
    return found


def _write(transaction: Transaction, times: Times) -> None:
    """Write the times, all that are alike at once: there may be very many."""
    alike: dict[tuple[bool, int | None], list[int]] = {}
    for number, time in times.items():
        alike.setdefault((number > 0, time), []).append(abs(number))
    for (is_run, time), some in alike.items():
        table, stamps = (runs, {"moved": transaction.revision}) if is_run else (experiments, {})
        stage = LifecycleStage.ACTIVE if time is None else LifecycleStage.DELETED
        values = {"deleted_time": time, "lifecycle_stage": stage, "revision": transaction.revision, **stamps}
        transaction.connection.execute(update(table).where(dialect.among(table.c.id, some)).values(values))
