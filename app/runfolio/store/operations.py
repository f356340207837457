"""Changes a user makes: each is one function that returns what changed and how to take it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import select, update

from runfolio.core import rules
from runfolio.core.clock import now_ms
from runfolio.core.entities import Experiment
from runfolio.core.errors import AlreadyExists, InvalidValue, NotFound, RunStateError
from runfolio.core.states import NOTE, LifecycleStage
from runfolio.core.system_tags import free_key
from runfolio.store import texts
from runfolio.store.connection import Store, Transaction
from runfolio.store.experiments import get_experiment, id_for_name, numbers, touch
from runfolio.store.key_ids import ids_of_keys
from runfolio.store.renaming import write_names
from runfolio.store.schema import experiment_tags, experiments, runs, tags


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an operation did; what views must read again for it, they hear from the store (see `watch`).

    Attributes:
        text: one sentence for the user.
        inverse: takes it back; raises RunStateError when the data has moved on since.
        rest: goes on where trouble has ended it; the inverse of what that comes to takes back all of it.
    """

    text: str
    inverse: Callable[[Store], Outcome] | None = None
    rest: Callable[[Store], Outcome] | None = None


Operation = Callable[[Store], Outcome]


def rename_run(store: Store, run: int, name: str, *, expected: str | None = None) -> Outcome:
    """Give a run another name; `expected` is the name it must still have."""
    if expected is None:  # what is given back was accepted before, blanks and all
        name = rules.text(name.strip())
    if not name:
        raise InvalidValue("A run's name must not be blank.")
    with store.writing() as transaction:
        old = transaction.connection.execute(select(runs.c.name).where(runs.c.id == run)).scalar()
        if old is None:
            raise NotFound(f"There is no run {run}.")
        _still(old, expected, "name")
        write_names(transaction, {run: name})
    return Outcome(f"Renamed {old} to {name}", lambda s: rename_run(s, run, old, expected=name))


def set_tag(
    store: Store, run: int, key: str, value: str | None, *, expected: str | None = None, check: bool = False
) -> Outcome:
    """Set a run's tag, or delete it with None; with `check`, it must still have the value `expected`."""
    free_key(key)
    value = None if value is None else rules.text(value)
    with store.writing() as transaction:
        connection = transaction.connection
        if connection.execute(select(runs.c.id).where(runs.c.id == run)).scalar() is None:
            raise NotFound(f"There is no run {run}.")
        number = ids_of_keys(transaction, [key])[key]
        old = texts.by_place(connection, tags, [(run, number)]).get((run, number))
        if check and old != expected:
            raise _moved_on(old, f"tag {key}")
        texts.write(transaction, tags, [(run, number, value)])
        connection.execute(update(runs).where(runs.c.id == run).values(revision=transaction.revision))
    return Outcome(_told_tags({key: value}, "run"), lambda s: set_tag(s, run, key, old, expected=value, check=True))


def rename_tag(store: Store, run: int, key: str, new: str, value: str, *, expected: str | None = None) -> Outcome:
    """Give a run's tag another key, and a value; `expected` is the value it must still have."""
    free_key(key), free_key(new)
    with store.writing() as transaction:
        connection = transaction.connection
        found = texts.by_name(connection, tags, [run]).get(run, {})
        _still(found.get(key), expected, f"tag {key}")
        if key not in found:
            raise NotFound(f"The run {run} has no tag {key!r}.")
        if new in found:
            raise InvalidValue(f"There is already a tag {new!r}.", "Choose another key.")
        ids = ids_of_keys(transaction, [key, new])
        texts.write(transaction, tags, [(run, ids[key], None), (run, ids[new], value)])
        connection.execute(update(runs).where(runs.c.id == run).values(revision=transaction.revision))
    old = found[key]
    done = f"Renamed the tag {key} to {new}"
    return Outcome(done, lambda s: rename_tag(s, run, new, key, old, expected=value))


def rename_experiment(store: Store, experiment: int, name: str, *, expected: str | None = None) -> Outcome:
    """Give an experiment another name; `/` in it moves it in the tree."""
    name = rules.experiment_name(name.strip() if expected is None else name)
    with store.writing() as transaction:
        connection = transaction.connection
        old = connection.execute(select(experiments.c.name).where(experiments.c.id == experiment)).scalar()
        if old is None:
            raise NotFound(f"There is no experiment {experiment}.")
        _still(old, expected, "name")
        check_free(transaction, name, experiment)
        values = {"name": name, "last_update_time": now_ms(), "revision": transaction.revision}
        connection.execute(update(experiments).where(experiments.c.id == experiment).values(values))
    return Outcome(f"Renamed {old} to {name}", lambda s: rename_experiment(s, experiment, old, expected=name))


def create_experiment(store: Store, name: str, tags: Mapping[str, object] | None = None) -> Experiment:
    """Make an experiment.

    Raises:
        InvalidValue: there is one of that name, maybe in the trash, or the name or a tag breaks a rule.
    """
    name = rules.experiment_name(name)
    values = rules.tags(tags or {})
    with store.writing() as transaction:
        check_free(transaction, name)
        number = id_for_name(transaction, name, now_ms())
        ids = ids_of_keys(transaction, list(values))
        texts.write(transaction, experiment_tags, [(number, ids[key], value) for key, value in values.items()])
    return get_experiment(store, number)


def set_experiment_tag(store: Store, experiment: int, key: str, value: str | None) -> Outcome:
    """Set an experiment's tag, or delete it with None."""
    return set_experiment_tags(store, experiment, {key: value})


def set_experiment_tags(
    store: Store, experiment: int, values: Mapping[str, str | None], *, expected: Mapping[str, str | None] | None = None
) -> Outcome:
    """Set several of an experiment's tags, or delete them with None; `expected` are the values they must still have."""
    new = {rules.key(key, "tag"): None if value is None else rules.text(value) for key, value in values.items()}
    with store.writing() as transaction:
        connection = transaction.connection
        if not numbers(connection, [experiment]):
            raise NotFound(f"There is no experiment {experiment}.")
        found = texts.by_name(connection, experiment_tags, [experiment]).get(experiment, {})
        old = {key: found.get(key) for key in new}
        for key, value in (expected or {}).items():
            if old[key] != value:
                raise _moved_on(old[key], f"tag {key}")
        ids = ids_of_keys(transaction, list(new))
        texts.write(transaction, experiment_tags, [(experiment, ids[key], value) for key, value in new.items()])
        touch(transaction, [experiment])
    return Outcome(_told_tags(new, "experiment"), lambda s: set_experiment_tags(s, experiment, old, expected=new))


def _told_tags(values: Mapping[str, str | None], whose: str) -> str:
    given = {key: value for key, value in values.items() if value is not None}
    removed = [key for key in values if key not in given]
    if NOTE in values and len(values) == 1:
        return f"Described the {whose}" if given else f"Removed the description of the {whose}"
    if removed and given:
        return f"Renamed the tag {removed[0]} to {next(iter(given))}"
    key, value = next(iter(given.items()), ("", ""))
    return f"Set the tag {key} to {short(value)}" if given else f"Removed the tag {', '.join(removed)}"


def check_free(transaction: Transaction, name: str, experiment: int = -1) -> None:
    """Raise unless no experiment, or only this one, has the name."""
    query = select(experiments.c.lifecycle_stage).where(experiments.c.name == name, experiments.c.id != experiment)
    found = transaction.connection.execute(query).scalar()
    if found == LifecycleStage.DELETED:
        raise AlreadyExists(f"There is already an experiment {name!r}, in the trash.", "Restore or rename that one.")
    if found is not None:
        raise AlreadyExists(f"There is already an experiment {name!r}.", "Choose another name.")


def _still(found: str | None, expected: str | None, what: str) -> None:
    if expected is not None and found != expected:
        raise _moved_on(found, what)


def _moved_on(found: str | None, what: str) -> RunStateError:
    return moved_on(f"The {what} has been changed since, to {short(found or 'nothing')}.")


def moved_on(what: str) -> RunStateError:
    """The error of an inverse that does not fit the data any more."""
    return RunStateError(what, "Left as it is.")


def short(text: str) -> str:
    """A text as it stands in a sentence."""
    return text if len(text) <= 40 else text[:37] + "..."
