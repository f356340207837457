"""Changes a user makes: each is one function that returns what changed and how to take it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from runfolio.core import rules
from runfolio.core.clock import now_ms
from runfolio.core.entities import Changes
from runfolio.core.errors import InvalidValue, NotFound, RunStateError
from runfolio.store.connection import Store, Transaction
from runfolio.store.dialect import insert_or_update
from runfolio.store.key_ids import ids_of_keys
from runfolio.store.schema import experiments, keys, runs, tags


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an operation did.

    Attributes:
        changes: what views must read again.
        text: one sentence for the user.
        inverse: takes it back; raises RunStateError when the data has moved on since.
    """

    changes: Changes
    text: str
    inverse: Callable[[Store], Outcome] | None = None


Operation = Callable[[Store], Outcome]


def rename_run(store: Store, run: int, name: str, *, expected: str | None = None) -> Outcome:
    """Give a run another name; `expected` is the name it must still have."""
    if expected is None:  # what is given back was accepted before, blanks and all
        name = name.strip()
    if not name:
        raise InvalidValue("A run's name must not be blank.")
    with store.writing() as transaction:
        old = transaction.connection.execute(select(runs.c.name).where(runs.c.id == run)).scalar()
        if old is None:
            raise NotFound(f"There is no run {run}.")
        _still(old, expected, "name")
        values = {"name": name, "revision": transaction.revision}
        transaction.connection.execute(update(runs).where(runs.c.id == run).values(values))
    changes = Changes(transaction.revision, runs=frozenset([run]))
    return Outcome(changes, f"Renamed {old} to {name}", lambda s: rename_run(s, run, old, expected=name))


def set_tag(
    store: Store, run: int, key: str, value: str | None, *, expected: str | None = None, check: bool = False
) -> Outcome:
    """Set a run's tag, or delete it with None; with `check`, it must still have the value `expected`."""
    rules.key(key, "tag")
    with store.writing() as transaction:
        connection = transaction.connection
        if connection.execute(select(runs.c.id).where(runs.c.id == run)).scalar() is None:
            raise NotFound(f"There is no run {run}.")
        here = (tags.c.run_id == run) & (tags.c.key_id == keys.c.id) & (keys.c.name == key)
        old = connection.execute(select(tags.c.value).where(here)).scalar()
        if check and old != expected:
            raise _moved_on(old, f"tag {key}")
        _write_tag(transaction, run, key, value)
        connection.execute(update(runs).where(runs.c.id == run).values(revision=transaction.revision))
    done = f"Removed the tag {key}" if value is None else f"Set the tag {key} to {_short(value)}"
    changes = Changes(transaction.revision, runs=frozenset([run]))
    return Outcome(changes, done, lambda s: set_tag(s, run, key, old, expected=value, check=True))


def rename_tag(store: Store, run: int, key: str, new: str, value: str, *, expected: str | None = None) -> Outcome:
    """Give a run's tag another key, and a value; `expected` is the value it must still have."""
    rules.key(new, "tag")
    with store.writing() as transaction:
        connection = transaction.connection
        here = (tags.c.run_id == run) & (tags.c.key_id == keys.c.id) & keys.c.name.in_([key, new])
        found = {name: old for name, old in connection.execute(select(keys.c.name, tags.c.value).where(here))}
        _still(found.get(key), expected, f"tag {key}")
        if key not in found:
            raise NotFound(f"The run {run} has no tag {key!r}.")
        if new in found:
            raise InvalidValue(f"There is already a tag {new!r}.", "Choose another key.")
        _write_tag(transaction, run, key, None)
        _write_tag(transaction, run, new, value)
        connection.execute(update(runs).where(runs.c.id == run).values(revision=transaction.revision))
    old = found[key]
    changes = Changes(transaction.revision, runs=frozenset([run]))
    done = f"Renamed the tag {key} to {new}"
    return Outcome(changes, done, lambda s: rename_tag(s, run, new, key, old, expected=value))


def rename_experiment(store: Store, experiment: int, name: str, *, expected: str | None = None) -> Outcome:
    """Give an experiment another name; `/` in it moves it in the tree."""
    name = rules.experiment_name(name.strip() if expected is None else name)
    with store.writing() as transaction:
        connection = transaction.connection
        old = connection.execute(select(experiments.c.name).where(experiments.c.id == experiment)).scalar()
        if old is None:
            raise NotFound(f"There is no experiment {experiment}.")
        _still(old, expected, "name")
        taken = select(experiments.c.id).where(experiments.c.name == name, experiments.c.id != experiment)
        if connection.execute(taken).scalar() is not None:
            raise InvalidValue(f"There is already an experiment {name!r}.", "Choose another name.")
        values = {"name": name, "last_update_time": now_ms(), "revision": transaction.revision}
        connection.execute(update(experiments).where(experiments.c.id == experiment).values(values))
    changes = Changes(transaction.revision, experiments=frozenset([experiment]))
    return Outcome(changes, f"Renamed {old} to {name}", lambda s: rename_experiment(s, experiment, old, expected=name))


def _write_tag(transaction: Transaction, run: int, key: str, value: str | None) -> None:
    number = ids_of_keys(transaction, [key])[key]
    if value is None:
        statement = delete(tags).where(tags.c.run_id == run, tags.c.key_id == number)
        transaction.connection.execute(statement)
    else:
        row = {"run_id": run, "key_id": number, "value": value}
        transaction.connection.execute(insert_or_update(tags), row)


def _still(found: str | None, expected: str | None, what: str) -> None:
    if expected is not None and found != expected:
        raise _moved_on(found, what)


def _moved_on(found: str | None, what: str) -> RunStateError:
    return RunStateError(f"The {what} has been changed since, to {_short(found or 'nothing')}.", "Left as it is.")


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."
